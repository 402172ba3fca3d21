//! What a state wants on labels, as dated data.
//!
//! In: what was read from a rule pack. Out: templates, sentences and symbols. Must not: hold a sentence or a symbol of its
//! own; the house's template names fields and nothing else.

use minicbor::{Decode, Encode};

use super::Bitmap;
use crate::event::{decode, encode};

/// Where a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Place {
    /// On each unit.
    #[n(0)]
    Item,
    /// On the bag.
    #[n(1)]
    Bag,
    /// With the receipt.
    #[n(2)]
    Receipt,
    /// Into the bag.
    #[n(3)]
    Insert,
}

/// A language labels are printed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Language {
    /// English.
    #[default]
    #[n(0)]
    English,
    /// Spanish, where a pack allows it.
    #[n(1)]
    Spanish,
}

/// The frame of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Shape {
    /// A square on its corner.
    #[n(0)]
    Diamond,
    /// A triangle on its side.
    #[n(1)]
    Triangle,
    /// A square on its side.
    #[n(2)]
    Square,
}

/// One label a state wants.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Template {
    /// Its name, such as `us-fl.item`.
    #[n(0)]
    pub id: String,
    /// Where it goes.
    #[n(1)]
    pub place: Place,
    /// What stands on it, such as `item.uid`. A word this program does not know becomes a line to write on.
    #[n(2)]
    pub tokens: Vec<String>,
    /// How high letters must be, in thousandths of a millimetre.
    #[n(3)]
    pub height_um_min: u32,
    /// Languages its captions may be in beside English.
    #[n(4)]
    pub languages: Vec<Language>,
    /// Classes of goods it is for; none: all.
    #[n(5)]
    pub classes: Vec<String>,
}

/// A sentence a state wants, word for word.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Sentence {
    /// Its name, as `warning.` and this stand among a template's tokens.
    #[n(0)]
    pub id: String,
    /// In English.
    #[n(1)]
    pub english: String,
    /// The state's own translation, where there is one. Custody translates no law.
    #[n(2)]
    pub spanish: Option<String>,
    /// Classes of goods it is for; none: all.
    #[n(3)]
    pub classes: Vec<String>,
    /// Nobody has compared it with the law yet; `None`: somebody has, or the pack was put in force before that travelled.
    #[n(4)]
    pub unsure: Option<bool>,
}

/// A symbol a state wants.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Symbol {
    /// Its name, as `symbol.` and this stand among a template's tokens.
    #[n(0)]
    pub id: String,
    /// Its frame.
    #[n(1)]
    pub shape: Shape,
    /// The letters in it, a line each.
    #[n(2)]
    pub letters: Vec<String>,
    /// Classes of goods it is for; none: all.
    #[n(3)]
    pub classes: Vec<String>,
    /// Nobody has compared it with the law yet; `None`: somebody has, or the pack was put in force before that travelled.
    #[n(4)]
    pub unsure: Option<bool>,
}

/// All a pack says of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabelRules {
    /// The labels.
    #[n(0)]
    pub templates: Vec<Template>,
    /// Sentences.
    #[n(1)]
    pub sentences: Vec<Sentence>,
    /// Symbols.
    #[n(2)]
    pub symbols: Vec<Symbol>,
    /// Where a shop must not stick anything, whatever else is said.
    #[n(3)]
    pub never_on: Vec<Place>,
}

/// What stands on the bag in a shop whose state says nothing about it.
const HOUSE: [&str; 11] = [
    "store.name",
    "store.license",
    "customer.name",
    "sale.date",
    "sale.time",
    "order.no",
    "item.name",
    "item.uid",
    "item.thc_mg",
    "item.cbd_mg",
    "qr.order",
];

impl LabelRules {
    /// Whether a sentence or a symbol is in it that nobody has compared with the law yet.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        let mut sentences = self.sentences.iter().map(|sentence| sentence.unsure);
        let mut symbols = self.symbols.iter().map(|symbol| symbol.unsure);
        sentences.any(|unsure| unsure == Some(true)) || symbols.any(|unsure| unsure == Some(true))
    }

    /// Packs them up.
    #[must_use]
    pub fn travelling(&self) -> Vec<u8> {
        encode(self)
    }

    /// Unpacks them; `None` when they hold something this program does not know.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        decode(bytes).ok()
    }

    /// The labels of an order in the order in which they are printed: the bag's first, which is the house's own where the
    /// state says nothing. None is for a place where the shop must not stick anything.
    #[must_use]
    pub fn labels(&self) -> Vec<Template> {
        let mut all: Vec<Template> = self.templates.clone();
        if !all.iter().any(|template| template.place == Place::Bag) {
            all.push(Template {
                id: "house.bag".to_owned(),
                place: Place::Bag,
                tokens: HOUSE.map(str::to_owned).to_vec(),
                height_um_min: 0,
                languages: vec![Language::Spanish],
                classes: Vec::new(),
            });
        }
        all.retain(|template| {
            template.place == Place::Bag || !self.never_on.contains(&template.place)
        });
        all.sort_by_key(|template| (template.place != Place::Bag, template.place));
        all
    }

    /// Languages the bag's label may be in.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        let mut languages = vec![Language::English];
        let labels = self.labels();
        languages.extend(
            labels
                .first()
                .into_iter()
                .flat_map(|label| label.languages.clone()),
        );
        languages.dedup();
        languages
    }
}

impl Shape {
    /// Draws the frame, a twelfth of its side thick.
    pub(super) fn draw(self, onto: &mut Bitmap, (x, y): (u32, u32), side: u32) {
        let thick = (side / 12).max(2);
        for row in 0..side {
            // From the middle to the edge: how far the shape and the hole in it reach in this row.
            let (outer, inner) = match self {
                Self::Square => {
                    let edge = row < thick || row >= side - thick;
                    (side / 2, (!edge).then(|| side / 2 - thick))
                }
                Self::Diamond => {
                    let reach = (row + 1).min(side - row);
                    (reach, reach.checked_sub(thick + 1))
                }
                Self::Triangle => {
                    let reach = (row + 1).div_ceil(2);
                    let hole = reach.checked_sub(thick + 1);
                    (reach, hole.filter(|_| row < side - thick))
                }
            };
            let (outer, middle) = (outer.min(side / 2), x + side / 2);
            let inner = inner.unwrap_or(0).min(outer);
            onto.block(middle - outer, y + row, outer - inner, 1);
            onto.block(middle + inner, y + row, outer - inner, 1);
        }
    }
}
