//! A state's caps together, and who and what is barred.
//!
//! In: checked figures of a rule pack. Out: what is in force on a day. Must not: know a state.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::basket::{Figure, Line, Program};
use super::limit::Limit;
use super::ratio;
use crate::time::Day;

/// What is barred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Barred {
    /// A unit with more of this figure than `max`.
    #[n(0)]
    Unit {
        /// The figure.
        #[n(0)]
        figure: Figure,
        /// The most one unit may have.
        #[n(1)]
        max: u64,
    },
    /// A holder of a patient's card.
    #[n(1)]
    CardHolder,
}

/// Goods or people that are barred, whatever the amount.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bar {
    /// Its name.
    #[n(0)]
    pub id: String,
    /// From which program.
    #[n(1)]
    pub program: Program,
    /// Which classes of goods; of no account where people are barred.
    #[n(2)]
    pub classes: BTreeSet<String>,
    /// What.
    #[n(3)]
    pub barred: Barred,
    /// First day; `None` when nobody wrote down since when.
    #[n(4)]
    pub from: Option<Day>,
    /// First day no more.
    #[n(5)]
    pub to: Option<Day>,
    /// Not confirmed: for a person to judge.
    #[n(6)]
    pub is_advisory: bool,
    /// Where it stands.
    #[n(7)]
    pub source: String,
}

impl Bar {
    /// Whether it holds on a day.
    #[must_use]
    pub fn is_in_force(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }
}

/// Two classes that one figure of a unit tells apart, such as drinks by their THC.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Split {
    /// The class of units above the figure.
    #[n(0)]
    pub above: String,
    /// The class of units up to it.
    #[n(1)]
    pub up_to: String,
    /// Which figure.
    #[n(2)]
    pub figure: Figure,
    /// The most a unit of `up_to` has.
    #[n(3)]
    pub max: u64,
}

/// The least age of a program's customers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AgeMin {
    /// Full years.
    #[n(0)]
    pub years: u32,
    /// Not confirmed: for a person to judge.
    #[n(1)]
    pub is_advisory: bool,
    /// Where it stands.
    #[n(2)]
    pub source: String,
}

/// All that limits purchases in one state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Book {
    /// The pack it is from, such as `us-ca`.
    #[n(0)]
    pub id: String,
    /// The state, such as `CA`.
    #[n(1)]
    pub state: String,
    /// The caps.
    #[n(2)]
    pub limits: Vec<Limit>,
    /// Who and what is barred.
    #[n(3)]
    pub bars: Vec<Bar>,
    /// Classes that a figure tells apart.
    #[n(4)]
    pub splits: Vec<Split>,
    /// Classes that no limit counts.
    #[n(5)]
    pub exempt: BTreeSet<String>,
    /// The least age, by program.
    #[n(6)]
    pub age_min: BTreeMap<Program, AgeMin>,
}

impl Book {
    /// The two classes of which one is meant, when a figure tells.
    pub(super) fn split_of(&self, line: &Line) -> Option<&Split> {
        let is_side = |split: &&Split| line.class == split.above || line.class == split.up_to;
        self.splits.iter().find(is_side)
    }

    /// The class a line counts in; `None` when the figure that would tell is not known.
    #[must_use]
    pub fn class_of<'a>(&'a self, line: &'a Line) -> Option<&'a str> {
        let Some(split) = self.split_of(line) else {
            return Some(&line.class);
        };
        let figure = line.figure(split.figure)?;
        Some(if figure <= split.max {
            &split.up_to
        } else {
            &split.above
        })
    }

    /// The same caps and bars as they are in force on a day, for any day: to ask what other days would have come to.
    #[must_use]
    pub fn as_of(&self, day: Day) -> Self {
        let mut book = self.clone();
        book.limits.retain(|limit| limit.is_in_force(day));
        book.bars.retain(|bar| bar.is_in_force(day));
        for limit in &mut book.limits {
            (limit.from, limit.to) = (None, None);
        }
        for bar in &mut book.bars {
            (bar.from, bar.to) = (None, None);
        }
        book
    }

    /// Whether the sums of a limit can be made exactly with whole numbers of this machine.
    #[must_use]
    pub fn is_exact(limit: &Limit) -> bool {
        let shares = limit.buckets.iter().filter(|bucket| !bucket.is_inside);
        let whole = shares
            .map(|bucket| ratio::Scale::of(bucket)?.whole(bucket.max))
            .try_fold(1, |all, one| ratio::common(all, one?));
        let each = limit
            .buckets
            .iter()
            .all(|bucket| ratio::Scale::of(bucket).is_some());
        each && (limit.combine == super::Combine::Independent || whole.is_some())
    }
}
