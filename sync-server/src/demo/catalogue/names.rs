//! Invented brands, strains and forms of goods.
//!
//! In: nothing. Out: lists. Must not: hold the name of anything that is sold anywhere.

use domain::stock::PotencyUnit;

use super::Counts;

/// Makers of what is smoked, of what is eaten or drunk, and of what is neither.
pub(super) const GROWERS: [&str; 9] = [
    "Blue Harbor",
    "Low Tide",
    "Salt Lantern",
    "Juniper Works",
    "Old Quarry",
    "Ninth Wave",
    "North Fork",
    "Fern & Fable",
    "Pewter Sky",
];
pub(super) const KITCHENS: [&str; 4] = [
    "Lantern Kitchen",
    "Tin Heron",
    "Copper Kettle",
    "Third Plum",
];
pub(super) const APOTHECARIES: [&str; 3] = ["Paper Moth", "Quiet Fathom", "Tin Heron"];

/// A strain or flavour is one of these and one of those.
pub(super) const FIRST_WORDS: [&str; 20] = [
    "Foghorn",
    "Gravel",
    "Static",
    "Velvet",
    "Quartz",
    "Pewter",
    "Driftwood",
    "Lantern",
    "Cinder",
    "Thimble",
    "Barnacle",
    "Sextant",
    "Paper",
    "Tin Roof",
    "Salted",
    "Kettle",
    "Breakwater",
    "Lamplight",
    "Undertow",
    "Windlass",
];
pub(super) const SECOND_WORDS: [&str; 16] = [
    "Marmalade",
    "Melon",
    "Biscuit",
    "Anvil",
    "Plum",
    "Moth",
    "Orchard",
    "Compass",
    "Fig",
    "Thistle",
    "Quince",
    "Parade",
    "Heron",
    "Almanac",
    "Custard",
    "Meadow",
];

/// What is bought: a strain in a form.
pub(super) struct Form {
    /// What follows the strain in the product's name.
    pub(super) suffix: &'static str,
    /// The state's word for it.
    pub(super) category: &'static str,
    /// How many products come in this form.
    pub(super) products: usize,
    /// Lowest and highest price.
    pub(super) dollars: (u32, u32),
    /// Who makes it.
    pub(super) makers: &'static [&'static str],
    /// Whether the strain is a plant rather than a flavour.
    pub(super) is_plant: bool,
    /// What potencies are shares of.
    pub(super) unit: PotencyUnit,
    /// What one unit counts for against the state's daily limits.
    pub(super) counts: Counts,
    /// Lowest and highest THC in tenths of the unit.
    pub(super) thc_tenths: (u32, u32),
    /// Lowest and highest CBD in tenths of the unit.
    pub(super) cbd_tenths: (u32, u32),
}

const PLANT: Form = Form {
    suffix: "",
    category: "Flower (packaged - each)",
    products: 0,
    dollars: (0, 0),
    makers: &GROWERS,
    is_plant: true,
    unit: PotencyUnit::Percent,
    counts: Counts::flower(1_000),
    thc_tenths: (172, 318),
    cbd_tenths: (0, 4),
};
const VAPE: Form = Form {
    category: "Vape Cartridge (weight - each)",
    counts: Counts::concentrate(1_000),
    thc_tenths: (720, 912),
    cbd_tenths: (1, 12),
    ..PLANT
};
const CONCENTRATE: Form = Form {
    category: "Concentrate (Each)",
    counts: Counts::concentrate(1_000),
    thc_tenths: (618, 884),
    cbd_tenths: (1, 9),
    ..PLANT
};
const EDIBLE: Form = Form {
    category: "Edible (weight - each)",
    makers: &KITCHENS,
    is_plant: false,
    unit: PotencyUnit::MilligramsPerUnit,
    counts: Counts::concentrate(150),
    thc_tenths: (1_000, 1_000),
    cbd_tenths: (0, 0),
    ..PLANT
};

/// Every form. With the three products that are always there they make 600.
pub(super) const FORMS: [Form; 17] = [
    Form {
        suffix: ", 1 g",
        products: 30,
        dollars: (8, 16),
        ..PLANT
    },
    Form {
        suffix: ", 3.5 g",
        products: 89,
        dollars: (24, 58),
        counts: Counts::flower(3_500),
        ..PLANT
    },
    Form {
        suffix: ", 7 g",
        products: 30,
        dollars: (44, 98),
        counts: Counts::flower(7_000),
        ..PLANT
    },
    Form {
        suffix: ", 14 g",
        products: 20,
        dollars: (78, 152),
        counts: Counts::flower(14_000),
        ..PLANT
    },
    Form {
        suffix: " pre-roll, 1 g",
        category: "Pre-Roll Flower",
        products: 59,
        dollars: (6, 15),
        ..PLANT
    },
    Form {
        suffix: " pre-rolls 5-pack, 2.5 g",
        category: "Pre-Roll Flower",
        products: 35,
        dollars: (20, 38),
        counts: Counts::flower(2_500),
        ..PLANT
    },
    Form {
        suffix: " infused pre-roll, 1 g",
        category: "Pre-Roll Infused",
        products: 30,
        dollars: (13, 24),
        thc_tenths: (322, 448),
        counts: Counts {
            flower_mg: 1_000,
            concentrate_mg: 300,
        },
        ..PLANT
    },
    Form {
        suffix: " cartridge, 1 g",
        products: 55,
        dollars: (28, 56),
        ..VAPE
    },
    Form {
        suffix: " cartridge, 0.5 g",
        products: 30,
        dollars: (18, 36),
        counts: Counts::concentrate(500),
        ..VAPE
    },
    Form {
        suffix: " all-in-one, 1 g",
        products: 25,
        dollars: (34, 62),
        ..VAPE
    },
    Form {
        suffix: " gummies 10-pack",
        products: 54,
        dollars: (13, 26),
        ..EDIBLE
    },
    Form {
        suffix: " chocolate bar",
        products: 20,
        dollars: (15, 26),
        ..EDIBLE
    },
    Form {
        suffix: " sparkling, 12 fl oz",
        products: 15,
        dollars: (6, 12),
        thc_tenths: (50, 100),
        cbd_tenths: (0, 50),
        ..EDIBLE
    },
    Form {
        suffix: " live rosin, 1 g",
        products: 25,
        dollars: (44, 82),
        ..CONCENTRATE
    },
    Form {
        suffix: " badder, 1 g",
        products: 30,
        dollars: (24, 52),
        ..CONCENTRATE
    },
    Form {
        suffix: " tincture, 30 ml",
        category: "Tincture (volume - each)",
        products: 25,
        dollars: (28, 72),
        makers: &APOTHECARIES,
        thc_tenths: (2_500, 9_000),
        cbd_tenths: (0, 9_000),
        counts: Counts::concentrate(1_000),
        ..EDIBLE
    },
    Form {
        suffix: " balm, 50 ml",
        category: "Topical (weight - each)",
        products: 25,
        dollars: (19, 52),
        makers: &APOTHECARIES,
        thc_tenths: (1_000, 4_000),
        cbd_tenths: (1_000, 6_000),
        counts: Counts::concentrate(500),
        ..EDIBLE
    },
];
