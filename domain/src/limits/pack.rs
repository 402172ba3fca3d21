//! A state's limits as they travel to devices.
//!
//! In: what was read from a rule pack. Out: one value in the shop's own row, named by the hash of the pack's text. Must
//! not: make the shop's row unreadable for a program that does not know a word in the limits; it judges nothing then, and
//! says so.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::book::Book;
use crate::event::{decode, encode};
use crate::id::Hash;
use crate::label::LabelRules;
use crate::order::Channel;

/// The limits of one rule pack, all its dated figures together: what will hold from a coming day on is in it already.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LimitPack {
    /// Its name, such as `us-ca`.
    #[n(0)]
    pub id: String,
    /// Its version, such as `2026.11.0`.
    #[n(1)]
    pub version: String,
    /// Names its text, byte for byte. It stands in every event the pack decided.
    #[n(2)]
    pub hash: Hash,
    /// [`Figures`], as bytes, so that one unknown word spoils nothing but them.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub figures: Vec<u8>,
    /// [`LabelRules`](crate::label::LabelRules), as bytes for the same reason. `None`: the pack was put in force before
    /// labels travelled, and labels are the house's.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub labels: Option<Vec<u8>>,
    /// What the bag must be in which goods leave. `None`: the pack was put in force before that travelled, or asks for none.
    #[n(5)]
    pub bag: Option<BagNeeds>,
    /// The ways to a customer on which the customer signs for the bag. `None`: the pack was put in force before that travelled, or
    /// wants none.
    #[n(7)]
    pub signature: Option<Vec<Channel>>,
}

/// What a state asks of the bag in which goods leave the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagNeeds {
    /// Nobody sees what is in it.
    #[n(0)]
    pub opaque: bool,
    /// A child cannot open it.
    #[n(1)]
    pub child_resistant: bool,
    /// It can be closed again.
    #[n(2)]
    pub resealable: bool,
}

/// What a judgement needs of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Figures {
    /// The caps.
    #[n(0)]
    pub book: Book,
    /// The tracking system's categories and the classes they are.
    #[n(1)]
    pub classes: BTreeMap<String, String>,
}

impl LimitPack {
    /// Packs figures up.
    #[must_use]
    pub fn of(id: &str, version: &str, hash: Hash, figures: &Figures) -> Self {
        Self {
            id: id.to_owned(),
            version: version.to_owned(),
            hash,
            figures: encode(figures),
            labels: None,
            bag: None,
            signature: None,
        }
    }

    /// The same with what stands on labels.
    #[must_use]
    pub fn with_labels(mut self, labels: &LabelRules) -> Self {
        self.labels = Some(labels.travelling());
        self
    }

    /// The same with what the bag must be.
    #[must_use]
    pub fn with_bag(mut self, bag: Option<BagNeeds>) -> Self {
        self.bag = bag;
        self
    }

    /// The same with the ways to a customer on which the customer signs.
    #[must_use]
    pub fn with_signature(mut self, signature: Option<Vec<Channel>>) -> Self {
        self.signature = signature;
        self
    }

    /// The figures; `None` when they hold something this program does not know.
    #[must_use]
    pub fn read(&self) -> Option<Figures> {
        decode(&self.figures).ok()
    }
}

impl Figures {
    /// The class of goods of a category of the tracking system, `Flower (packaged - each)` as well as `Flower`; `None`
    /// when the pack does not know it, which is for a person to mend and never a class of its own.
    #[must_use]
    pub fn class_of(&self, category: &str) -> Option<&str> {
        let plain = category.split(" (").next().unwrap_or(category).trim();
        let class = self.classes.get(category);
        class
            .or_else(|| self.classes.get(plain))
            .map(String::as_str)
    }
}
