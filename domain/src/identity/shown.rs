//! What a hand-over asks of the document a customer shows.
//!
//! In: a card that was read, or what a person saw on one. Out: the two days and how the name fits, for a decision. Must
//! not: hold a name or a number, or be kept; what is kept is in the fact of the hand-over.

use core::fmt;

use super::judge::{AgeRule, Judged, judge};
use super::likeness::{Likeness, compare};
use super::{Card, Hash};
use crate::event::words_that_grow;
use crate::time::Day;

/// Who read the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedBy {
    /// A reader, from the code on its back.
    Code,
    /// A person, who typed its two days and compared the name.
    Eye,
    /// A way this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    CheckedBy:
    Code = 0
    Eye = 1
}

/// A document, for as long as its holder stands at the counter.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Who read it.
    pub by: CheckedBy,
    /// Day of birth.
    pub birth: Day,
    /// The last day it is good.
    pub expiry: Option<Day>,
    /// How alike the names on it and on the order are, where a program compared them.
    pub likeness: Option<Likeness>,
    /// The person at the counter compared them and found that they fit.
    pub name_fits: bool,
    /// It is of the upright form that those under 21 get.
    pub is_under_21_format: bool,
    /// Which card it was, in a form from which nobody reads it.
    pub card: Option<Hash>,
    /// The state that issued it, such as `CA`, when a reader read it.
    pub state: Option<&'static str>,
    /// The person at the counter saw a patient's card too, of the same name and in date.
    pub patient_card: bool,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

impl Shown {
    /// A card that was read, against the name on the order, if that is known.
    #[must_use]
    pub fn of_card(card: &Card, name: Option<&str>, key: Option<&[u8; 32]>) -> Self {
        Self {
            by: CheckedBy::Code,
            birth: card.birth,
            expiry: card.expiry,
            likeness: name.and_then(|name| compare(card, name)),
            name_fits: false,
            is_under_21_format: card.under_21_until.is_some(),
            card: key.and_then(|key| card.commitment(key)),
            state: card.issuer.map(|issuer| issuer.code),
            patient_card: false,
        }
    }

    /// What a person saw on a document that no reader reads.
    #[must_use]
    pub fn by_eye(birth: Day, expiry: Day, name_fits: bool) -> Self {
        Self {
            by: CheckedBy::Eye,
            birth,
            expiry: Some(expiry),
            likeness: None,
            name_fits,
            is_under_21_format: false,
            card: None,
            state: None,
            patient_card: false,
        }
    }

    /// The verdict on a day.
    #[must_use]
    pub fn judge(&self, on: Day, rule: AgeRule) -> Judged {
        judge(self.birth, self.expiry, self.is_under_21_format, on, rule)
    }

    /// Somebody or something has made sure that it is of whoever ordered.
    #[must_use]
    pub fn is_name_clear(&self) -> bool {
        self.name_fits || matches!(self.likeness, Some(Likeness::Same(_)))
    }
}
