//! Six hundred invented products and their prices.
//!
//! In: a seed. Out: products as the ledger knows them, what each costs, and about how strong it is.
//! Must not: give two products one name.

/// Brands, strains and forms.
mod names;

use domain::code::gtin::{self, Gtin};
use domain::id::{Hash, ItemId};
use domain::stock::{Content, Item, PotencyUnit};

use super::PRODUCTS;
use super::dice::Dice;
use names::{FIRST_WORDS, FORMS, Form, SECOND_WORDS};

/// A product and its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The product as the ledger knows it.
    pub item: Item,
    /// What one unit costs, in cents.
    pub unit_price_cents: i64,
    /// About how strong it is; each batch differs a little.
    pub(super) strength: Strength,
    /// What one unit counts for against the state's daily limits.
    pub(super) counts: Counts,
}

/// What counts against California's daily limits: flower by its weight, everything else by the concentrate
/// in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) flower_mg: u32,
    pub(super) concentrate_mg: u32,
}

impl Counts {
    const fn flower(flower_mg: u32) -> Self {
        Self {
            flower_mg,
            concentrate_mg: 0,
        }
    }

    const fn concentrate(concentrate_mg: u32) -> Self {
        Self {
            flower_mg: 0,
            concentrate_mg,
        }
    }

    /// So many units more.
    pub(super) fn and(self, units: u32, of: Self) -> Self {
        Self {
            flower_mg: self.flower_mg + units * of.flower_mg,
            concentrate_mg: self.concentrate_mg + units * of.concentrate_mg,
        }
    }

    /// The same, as the label of a product of this category would state it.
    fn content(self, category: &str) -> Content {
        let of = |figure_mg: u32| (figure_mg > 0).then_some(u64::from(figure_mg));
        let net_mg = match category.split(" (").next() {
            // There is nothing else in it.
            Some("Vape Cartridge" | "Concentrate") => self.concentrate_mg,
            _ => self.flower_mg,
        };
        Content {
            net_mg: of(net_mg),
            concentrate_mg: of(self.concentrate_mg),
            ..Content::default()
        }
    }

    /// Whether one adult may buy as much in one day (4 CCR 15409).
    pub(super) fn is_allowed(self) -> bool {
        self.flower_mg <= 28_500 && self.concentrate_mg <= 8_000
    }
}

/// Potency in tenths of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strength {
    pub(super) unit: PotencyUnit,
    pub(super) thc_tenths: u32,
    pub(super) cbd_tenths: u32,
}

/// Products whose units carry a maker's number: four in ten.
pub(super) const WITH_GTIN: usize = PRODUCTS * 4 / 10;

/// GS1 keeps this prefix for demonstrations; no maker has it.
const GTIN_PREFIX: &str = "952";

/// The shop's first article number.
const SKU_FIRST: usize = 1_001;

/// All products; the first three are those of the training pictures.
pub(super) fn products(seed: u64) -> Vec<Product> {
    let mut dice = Dice::new(seed, "catalogue");
    let mut products = always_there();
    for form in &FORMS {
        let mut strains = strains(&mut dice);
        strains.truncate(form.products);
        for strain in strains {
            products.push(product(&mut dice, form, &strain));
        }
    }
    number(&mut dice, &mut products);
    for product in &mut products {
        let content = product.counts.content(&product.item.category);
        product.item.content = Some(content);
    }
    products
}

/// Every strain there can be, shuffled.
fn strains(dice: &mut Dice) -> Vec<String> {
    let mut strains: Vec<String> = FIRST_WORDS
        .iter()
        .flat_map(|first| {
            SECOND_WORDS
                .iter()
                .map(move |second| format!("{first} {second}"))
        })
        .collect();
    dice.shuffle(&mut strains);
    strains
}

fn product(dice: &mut Dice, form: &Form, strain: &str) -> Product {
    let (low, high) = form.dollars;
    let name = format!("{strain}{}", form.suffix);
    let strength = Strength {
        unit: form.unit,
        thc_tenths: round(
            form.unit,
            dice.between(form.thc_tenths.0, form.thc_tenths.1),
        ),
        cbd_tenths: round(
            form.unit,
            dice.between(form.cbd_tenths.0, form.cbd_tenths.1),
        ),
    };
    Product {
        item: Item {
            id: item_id(&name),
            name,
            category: form.category.to_owned(),
            brand: Some((*dice.one(form.makers)).to_owned()),
            strain: form.is_plant.then(|| strain.to_owned()),
            sku: None,
            gtin: None,
            content: None,
        },
        unit_price_cents: i64::from(dice.between(low * 2, high * 2)) * 50,
        strength,
        counts: form.counts,
    }
}

/// Makers aim at round figures in milligrams: steps of fifty, below that of five.
fn round(unit: PotencyUnit, tenths: u32) -> u32 {
    match unit {
        PotencyUnit::Percent | PotencyUnit::MilligramsPerGram => tenths,
        PotencyUnit::MilligramsPerUnit if tenths < 500 => tenths - tenths % 50,
        PotencyUnit::MilligramsPerUnit => tenths - tenths % 500,
    }
}

/// The products of the training pictures.
fn always_there() -> Vec<Product> {
    let pictured = |name: &str, category: &str, brand: &str, cents| Product {
        item: Item {
            id: item_id(name),
            name: name.to_owned(),
            category: category.to_owned(),
            brand: Some(brand.to_owned()),
            strain: None,
            sku: None,
            gtin: None,
            content: None,
        },
        unit_price_cents: cents,
        strength: Strength {
            unit: PotencyUnit::Percent,
            thc_tenths: 241,
            cbd_tenths: 1,
        },
        counts: Counts::flower(3_500),
    };
    let flower = "Flower (packaged - each)";
    let mut tidewater = pictured("Tidewater OG, 3.5 g", flower, "Blue Harbor", 4_200);
    tidewater.item.strain = Some("Tidewater OG".to_owned());
    let edible = "Edible (weight - each)";
    let name = "Night Ferry gummies 10-pack";
    let mut gummies = pictured(name, edible, "Lantern Kitchen", 1_800);
    gummies.counts = Counts::concentrate(150);
    gummies.strength = Strength {
        unit: PotencyUnit::MilligramsPerUnit,
        thc_tenths: 1_000,
        cbd_tenths: 0,
    };
    let name = "Salt Marsh pre-roll, 1 g";
    let mut pre_roll = pictured(name, "Pre-Roll Flower", "Blue Harbor", 900);
    pre_roll.item.strain = Some("Salt Marsh".to_owned());
    pre_roll.counts = Counts::flower(1_000);
    pre_roll.strength.thc_tenths = 217;
    pre_roll.strength.cbd_tenths = 2;
    vec![tidewater, gummies, pre_roll]
}

fn item_id(name: &str) -> ItemId {
    let Hash(hash) = Hash::of(&[b"custody-demo-item-1\n", name.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    ItemId(id)
}

/// Gives every product the shop's article number, and some the maker's.
fn number(dice: &mut Dice, products: &mut [Product]) {
    let rest = PRODUCTS - WITH_GTIN;
    let has_gtin = dice.deck(&[(true, WITH_GTIN), (false, rest)]);
    for ((place, product), has_gtin) in products.iter_mut().enumerate().zip(has_gtin) {
        let article = SKU_FIRST + place;
        product.item.sku = Some(format!("HL-{article}"));
        product.item.gtin = has_gtin.then(|| gtin_of(article));
    }
}

fn gtin_of(article: usize) -> Gtin {
    let body = format!("{GTIN_PREFIX}{article:09}");
    gtin::check_digit(&body)
        .and_then(|check| Gtin::parse(&format!("{body}{check}")))
        .expect("BUG: twelve digits and their check digit are a product number")
}
