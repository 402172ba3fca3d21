//! Of age? Expired?
//!
//! In: a card and the day of the hand-over in the shop's zone. Out: a verdict. Must not: take a card without an
//! expiry date for one that is good for ever.

use super::Card;
use crate::time::Day;

/// When somebody born on 29 February is a year older in a year that has none. States differ, so it is data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeapBirthday {
    /// On 28 February.
    DayBefore,
    /// On 1 March: the later day, and the safe one.
    #[default]
    DayAfter,
}

/// What the law asks of a customer's age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRule {
    /// Full years.
    pub age_min: u32,
    /// For those born on 29 February.
    pub leap: LeapBirthday,
}

/// Whether the card is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It is, through its last day.
    Good,
    /// It is not.
    Expired,
    /// It does not say.
    Unknown,
}

/// The verdict. It is all that is kept of a card, with its commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Full years lived on that day; none when the birth lies behind it.
    pub age: Option<u32>,
    /// Old enough.
    pub is_of_age: bool,
    /// Still good.
    pub expiry: Expiry,
    /// The card is of the upright form that those under 21 get.
    pub is_under_21_format: bool,
}

impl Card {
    /// The verdict on a day.
    #[must_use]
    pub fn judge(&self, on: Day, rule: AgeRule) -> Judged {
        let is_under_21_format = self.under_21_until.is_some();
        judge(self.birth, self.expiry, is_under_21_format, on, rule)
    }
}

/// The verdict on the days of a document.
pub(super) fn judge(
    birth: Day,
    expiry: Option<Day>,
    is_under_21_format: bool,
    on: Day,
    rule: AgeRule,
) -> Judged {
    let age = age(birth, on, rule.leap);
    Judged {
        age,
        is_of_age: age.is_some_and(|age| age >= rule.age_min),
        expiry: match expiry {
            None => Expiry::Unknown,
            Some(last) if on <= last => Expiry::Good,
            Some(_) => Expiry::Expired,
        },
        is_under_21_format,
    }
}

/// Full years between two days.
pub(super) fn age(birth: Day, on: Day, leap: LeapBirthday) -> Option<u32> {
    let (born, ..) = birth.civil();
    let (year, ..) = on.civil();
    let this_year = birthday(birth, year, leap)?;
    let years = year - born - i32::from(on < this_year);
    u32::try_from(years).ok()
}

/// The birthday in a year.
pub(super) fn birthday(birth: Day, year: i32, leap: LeapBirthday) -> Option<Day> {
    let (_, month, day) = birth.civil();
    let instead = match leap {
        LeapBirthday::DayBefore => (2, 28),
        LeapBirthday::DayAfter => (3, 1),
    };
    Day::from_civil(year, month, day).or_else(|| Day::from_civil(year, instead.0, instead.1))
}
