//! One cap, and what it is made of.
//!
//! In: checked figures of a rule pack. Out: what a judgement asks of them. Must not: know a state.
//!
//! The five shapes: caps by themselves; a sum of fractions; a total with caps inside it; allotments over a time with
//! caps by route and one over all; goods and people that are barred (in [`super::book`]).

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::basket::{Customer, Figure, Program};
use crate::time::Day;

/// What a cap is stated in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Measure {
    /// Net mass, in milligrams.
    #[n(0)]
    NetMg,
    /// Net mass, in micrograms.
    #[n(1)]
    NetUg,
    /// Concentrate contained in the goods, in milligrams.
    #[n(2)]
    ConcentrateMg,
    /// THC, in milligrams.
    #[n(3)]
    ThcMg,
    /// THC, in micrograms.
    #[n(4)]
    ThcUg,
    /// Volume, in microlitres.
    #[n(5)]
    VolumeUl,
    /// Things.
    #[n(6)]
    Units,
    /// What the goods count for in flower, in milligrams.
    #[n(7)]
    FlowerEqMg,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 8] = [
        Self::NetMg,
        Self::NetUg,
        Self::ConcentrateMg,
        Self::ThcMg,
        Self::ThcUg,
        Self::VolumeUl,
        Self::Units,
        Self::FlowerEqMg,
    ];

    /// The word in packs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NetMg => "net_mg",
            Self::NetUg => "net_ug",
            Self::ConcentrateMg => "concentrate_mg",
            Self::ThcMg => "thc_mg",
            Self::ThcUg => "thc_ug",
            Self::VolumeUl => "volume_ul",
            Self::Units => "units",
            Self::FlowerEqMg => "flower_eq_mg",
        }
    }

    /// The measure of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.word() == word)
    }

    /// How goods count that need no equivalence; `None` for flower equivalents, which are the state's to say.
    #[must_use]
    pub fn term(self) -> Option<Term> {
        let (figure, is) = match self {
            Self::NetMg => (Figure::NetMg, 1),
            Self::NetUg => (Figure::NetMg, 1000),
            Self::ConcentrateMg => (Figure::ConcentrateMg, 1),
            Self::ThcMg => (Figure::ThcMg, 1),
            Self::ThcUg => (Figure::ThcMg, 1000),
            Self::VolumeUl => (Figure::VolumeUl, 1),
            Self::Units => (Figure::Units, 1),
            Self::FlowerEqMg => return None,
        };
        Some(Term { figure, is, of: 1 })
    }

    /// A mass in milligrams, in this measure; `None` when it measures no mass of goods.
    fn of_letter(self, letter_mg: u64) -> Option<u64> {
        match self {
            Self::NetMg | Self::FlowerEqMg => Some(letter_mg),
            Self::NetUg => Some(letter_mg.saturating_mul(1000)),
            Self::ConcentrateMg | Self::ThcMg | Self::ThcUg | Self::VolumeUl | Self::Units => None,
        }
    }
}

/// How a class counts: `of` of the figure count as `is`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Term {
    /// Which figure of the goods.
    #[n(0)]
    pub figure: Figure,
    /// Counts as this many.
    #[n(1)]
    pub is: u64,
    /// For this many of the figure; never 0.
    #[n(2)]
    pub of: u64,
}

/// How the caps of one limit belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Combine {
    /// Each by itself; also a total and the caps inside it.
    #[n(0)]
    Independent,
    /// The shares that each cap is used up to are added, and must not exceed one.
    #[n(1)]
    FractionSum,
}

/// Over which time purchases add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Window {
    /// Each sale by itself.
    #[n(0)]
    Transaction,
    /// All of one day of the shop's calendar.
    #[n(1)]
    CalendarDay,
    /// All of one month of the shop's calendar.
    #[n(2)]
    CalendarMonth,
    /// This day and so many less one before it.
    #[n(3)]
    RollingDays(#[n(0)] u16),
}

impl Window {
    /// Whether what was taken home on `day` counts for a purchase on `today`.
    #[must_use]
    pub fn reaches(self, day: Day, today: Day) -> bool {
        match self {
            Self::Transaction => false,
            Self::CalendarDay => day == today,
            Self::CalendarMonth => {
                let (year, month, _) = day.civil();
                let (this_year, this_month, _) = today.civil();
                (year, month) == (this_year, this_month)
            }
            Self::RollingDays(days) => {
                let ago = i64::from(today.0) - i64::from(day.0);
                (0..i64::from(days)).contains(&ago)
            }
        }
    }
}

/// Whose record of earlier purchases counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Authority {
    /// The shop's own.
    #[n(0)]
    Local,
    /// The state's register.
    #[n(1)]
    Registry,
}

/// What to do when the record of earlier purchases is not of this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Offline {
    /// Go by what is known.
    #[n(0)]
    Allow,
    /// What is not of this moment decides nothing.
    #[n(1)]
    Block,
    /// Go by what is not older than so many minutes.
    #[n(2)]
    Cached(#[n(0)] u32),
    /// Go by what is known if a physician's certification was seen.
    #[n(3)]
    AllowWithCertificate,
}

/// What a letter of a physician or a department does to a cap on the mass of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Letter {
    /// Nothing.
    #[n(0)]
    Ignored,
    /// It states the cap.
    #[n(1)]
    Replaces,
    /// It raises the cap, up to so many milligrams.
    #[n(2)]
    RaisesTo(#[n(0)] u64),
}

/// What comes of exceeding a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Over {
    /// The sale is barred.
    #[n(0)]
    Barred,
    /// It is allowed, and taxed.
    #[n(1)]
    Taxed,
}

/// For whom a cap holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Condition {
    /// Full years, at least.
    #[n(0)]
    pub age_min: Option<u32>,
    /// Full years, at most.
    #[n(1)]
    pub age_max: Option<u32>,
    /// Whether the identity card is of the state of the pack.
    #[n(2)]
    pub resident: Option<bool>,
}

impl Condition {
    /// Whether the cap holds for a customer; `None` when too little is known of them.
    #[must_use]
    pub fn holds(self, customer: &Customer, state: &str) -> Option<bool> {
        let asks_age = self.age_min.is_some() || self.age_max.is_some();
        let age = match customer.age {
            Some(age) => Some(
                self.age_min.is_none_or(|min| age >= min)
                    && self.age_max.is_none_or(|max| age <= max),
            ),
            None => (!asks_age).then_some(true),
        };
        let home = match (self.resident, &customer.id_state) {
            (None, _) => Some(true),
            (Some(wanted), Some(of)) => Some((of == state) == wanted),
            (Some(_), None) => None,
        };
        match (age, home) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            (None, _) | (_, None) => None,
        }
    }
}

/// One cap.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bucket {
    /// Its name within the limit.
    #[n(0)]
    pub id: String,
    /// What it is stated in.
    #[n(1)]
    pub measure: Measure,
    /// How each class counts; `None` when the state does not say how.
    #[n(2)]
    pub terms: BTreeMap<String, Option<Term>>,
    /// The most there may be, in `measure`.
    #[n(3)]
    pub max: u64,
    /// The figure that nobody has confirmed, when `max` is a stricter one used in its place.
    #[n(4)]
    pub unconfirmed: Option<u64>,
    /// Whether it is a cap inside a total, and so no share of a sum.
    #[n(5)]
    pub is_inside: bool,
    /// For whom.
    #[n(6)]
    pub condition: Condition,
    /// Where the figure stands.
    #[n(7)]
    pub source: String,
}

impl Bucket {
    /// The cap for a customer, with their letter.
    #[must_use]
    pub fn max_for(&self, customer: &Customer, letter: Letter) -> u64 {
        let stated = customer
            .letter_mg
            .and_then(|letter_mg| self.measure.of_letter(letter_mg));
        match (letter, stated) {
            (Letter::Ignored, _) | (_, None) => self.max,
            (Letter::Replaces, Some(stated)) => stated,
            (Letter::RaisesTo(most_mg), Some(stated)) => {
                let most = self.measure.of_letter(most_mg).unwrap_or(self.max);
                stated.min(most).max(self.max)
            }
        }
    }
}

/// Caps that stand together in one rule.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Limit {
    /// Its name, such as `ca.adult`. The same name may stand twice, for different times.
    #[n(0)]
    pub id: String,
    /// For which program.
    #[n(1)]
    pub program: Program,
    /// First day it holds; `None` when nobody wrote down since when.
    #[n(2)]
    pub from: Option<Day>,
    /// First day it holds no more.
    #[n(3)]
    pub to: Option<Day>,
    /// How its caps belong together.
    #[n(4)]
    pub combine: Combine,
    /// Over which time.
    #[n(5)]
    pub window: Window,
    /// Whether purchases can be told to belong to one person at all.
    #[n(6)]
    pub knows_customer: bool,
    /// Whose record whoever asks for a judgement has to put into it.
    #[n(7)]
    pub authority: Authority,
    /// What to do when that record is not of this moment.
    #[n(8)]
    pub offline: Offline,
    /// What a letter does.
    #[n(9)]
    pub letter: Letter,
    /// What comes of exceeding it.
    #[n(10)]
    pub over: Over,
    /// Not confirmed, with no stricter figure at hand: exceeding it is for a person to judge.
    #[n(11)]
    pub is_advisory: bool,
    /// For whom.
    #[n(12)]
    pub condition: Condition,
    /// The caps.
    #[n(13)]
    pub buckets: Vec<Bucket>,
    /// Classes for which the state states no cap here.
    #[n(14)]
    pub uncapped: BTreeSet<String>,
}

impl Limit {
    /// Whether it holds on a day.
    #[must_use]
    pub fn is_in_force(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }
}
