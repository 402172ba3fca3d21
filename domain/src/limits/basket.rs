//! Who buys, what, and what they bought before.
//!
//! In: figures of one unit of each product, null where nobody knows them. Out: the same, as types. Must not: take an
//! absent figure for zero.

use minicbor::{Decode, Encode};

use crate::time::{Day, Millis};

/// By which right somebody buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Program {
    /// Any adult.
    #[n(0)]
    Adult,
    /// A patient, or somebody who buys for one.
    #[n(1)]
    Medical,
}

impl Program {
    /// Every program.
    pub const ALL: [Self; 2] = [Self::Adult, Self::Medical];

    /// The word in packs and baskets.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Medical => "medical",
        }
    }

    /// The program of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.word() == word)
    }
}

/// What a package states about one of its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Figure {
    /// Net mass, in milligrams.
    #[n(0)]
    NetMg,
    /// THC, in milligrams.
    #[n(1)]
    ThcMg,
    /// Concentrate contained in it, in milligrams.
    #[n(2)]
    ConcentrateMg,
    /// Volume, in microlitres.
    #[n(3)]
    VolumeUl,
    /// Things in it, such as seeds.
    #[n(4)]
    Units,
    /// THC of one serving, in milligrams.
    #[n(5)]
    ServingThcMg,
}

impl Figure {
    /// The field of a basket's line.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::NetMg => "net_mg",
            Self::ThcMg => "thc_mg",
            Self::ConcentrateMg => "concentrate_mg",
            Self::VolumeUl => "volume_ul",
            Self::Units => "units",
            Self::ServingThcMg => "serving_thc_mg",
        }
    }
}

/// Some units of one product. Every figure is that of one unit; one that is absent is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The class the state's limits sort it into, such as `flower`.
    pub class: String,
    /// Units of the product.
    pub quantity: u32,
    /// Net mass, in milligrams.
    pub net_mg: Option<u64>,
    /// THC, in milligrams.
    pub thc_mg: Option<u64>,
    /// Concentrate contained in it, in milligrams.
    pub concentrate_mg: Option<u64>,
    /// Volume, in microlitres.
    pub volume_ul: Option<u64>,
    /// Things in it: six for a tray of six plants.
    pub units: Option<u64>,
    /// THC of one serving, in milligrams.
    pub serving_thc_mg: Option<u64>,
}

impl Line {
    /// A figure of one unit.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> Option<u64> {
        match figure {
            Figure::NetMg => self.net_mg,
            Figure::ThcMg => self.thc_mg,
            Figure::ConcentrateMg => self.concentrate_mg,
            Figure::VolumeUl => self.volume_ul,
            Figure::Units => self.units,
            Figure::ServingThcMg => self.serving_thc_mg,
        }
    }

    /// A figure of all its units.
    #[must_use]
    pub fn total(&self, figure: Figure) -> Option<u128> {
        self.figure(figure)
            .map(|one| u128::from(one).saturating_mul(u128::from(self.quantity)))
    }
}

/// Who buys, as far as limits ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// Full years.
    pub age: Option<u32>,
    /// The state that issued the identity card, such as `CA`.
    pub id_state: Option<String>,
    /// The amount a physician or the state's department allows instead of the usual, in milligrams.
    pub letter_mg: Option<u64>,
    /// Whether they hold a patient's card of this state.
    pub card_holder: Option<bool>,
    /// Whether a physician's certification was seen, on which a state may let a shop rely while its registry is away.
    pub certificate: Option<bool>,
}

/// What was taken home before. Lines that were cancelled or came back are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When the goods changed hands.
    pub when: Moment,
    /// The goods.
    pub lines: Vec<Line>,
}

/// An instant, and the calendar day it is in the shop's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant.
    pub at: Millis,
    /// The shop's day.
    pub day: Day,
}

/// What somebody wants to take home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basket {
    /// By which right.
    pub program: Program,
    /// Who.
    pub customer: Customer,
    /// The goods.
    pub lines: Vec<Line>,
    /// What they took home before; `None` when nobody knows.
    pub history: Option<Vec<Visit>>,
    /// Up to when the history is complete; `None` when it is complete up to now.
    pub known_to: Option<Millis>,
}
