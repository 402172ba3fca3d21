//! Tags in the invented range `1A4FF0`, some of them easy to confuse.
//!
//! In: dice. Out: tags, none twice. Must not: make a tag outside the range; every other may be real.

use std::collections::BTreeSet;

use domain::id::PackageTag;

use super::dice::Dice;

/// What stands before the nine digits of the number: one for each invented licence that tagged goods.
const STARTS: [&str; 4] = [
    "1A4FF03000C0DE5",
    "1A4FF0300000C57",
    "1A4FF01000BEA70",
    "1A4FF0200DECAF3",
];
/// Numbers have this many digits; the last five are what people read.
const NUMBERS: u32 = 100_000;
/// Tries before a tag that is unlike the one it was to resemble is good enough.
const TRIES_MAX: usize = 50;

/// Makes tags, none twice.
pub(super) struct Tags {
    given: BTreeSet<PackageTag>,
}

impl Tags {
    /// Those given are never made again.
    pub(super) fn new(given: impl IntoIterator<Item = PackageTag>) -> Self {
        Self {
            given: given.into_iter().collect(),
        }
    }

    /// A tag like no other in particular.
    pub(super) fn any(&mut self, dice: &mut Dice) -> PackageTag {
        loop {
            let text = format!("{}{:09}", dice.one(&STARTS), dice.below(NUMBERS));
            if let Some(tag) = self.take(&text) {
                return tag;
            }
        }
    }

    /// A tag that differs from another in the last five digits by one digit, or by two changed places.
    pub(super) fn like(&mut self, dice: &mut Dice, other: &PackageTag) -> PackageTag {
        for _ in 0..TRIES_MAX {
            let mut letters: Vec<char> = other.as_str().chars().collect();
            let place = letters.len() - 2 - dice.index(4);
            if dice.per_mille(600) {
                letters.swap(place, place + 1);
            } else {
                letters[place] = char::from_digit(dice.below(10), 10).unwrap_or('0');
            }
            if let Some(tag) = self.take(&letters.iter().collect::<String>()) {
                return tag;
            }
        }
        self.any(dice)
    }

    fn take(&mut self, text: &str) -> Option<PackageTag> {
        let tag = PackageTag::parse(text).ok()?;
        self.given.insert(tag.clone()).then_some(tag)
    }
}
