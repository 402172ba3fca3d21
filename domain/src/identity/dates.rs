//! Dates in whichever order a card has them.
//!
//! In: the text of a field. Out: a day. Must not: make a date of digits that are none.

use crate::time::Day;

/// Years a card's date can be of.
const YEARS: core::ops::RangeInclusive<i32> = 1900..=2100;
const DIGITS: usize = 8;

/// Which order a card should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    YearFirst,
    MonthFirst,
}

impl Order {
    fn other(self) -> Self {
        match self {
            Self::YearFirst => Self::MonthFirst,
            Self::MonthFirst => Self::YearFirst,
        }
    }
}

/// What stands in a date's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Nothing, or zeros.
    Nothing,
    /// A day.
    In(Order, Day),
    /// Something else.
    Impossible,
}

/// Reads a field. No eight digits are a date in both orders, for a year is never a month.
pub(super) fn read(field: Option<&str>, expected: Order) -> Written {
    let Some(field) = field else {
        return Written::Nothing;
    };
    let digits: String = field
        .chars()
        .take_while(char::is_ascii_digit)
        .take(DIGITS + 1)
        .collect();
    if digits.len() == DIGITS && digits.bytes().all(|digit| digit == b'0') {
        return Written::Nothing;
    }
    // Letters behind the date are some issuers' habit; digits behind it are not.
    if digits.len() != DIGITS {
        return Written::Impossible;
    }
    let found = [expected, expected.other()]
        .into_iter()
        .find_map(|order| Some((order, day(&digits, order)?)));
    found.map_or(Written::Impossible, |(order, day)| Written::In(order, day))
}

/// The day that somebody typed off a card, in the order of this country: month, day, four digits of the year.
#[must_use]
pub fn typed(digits: &str) -> Option<Day> {
    (digits.len() == DIGITS).then(|| day(digits, Order::MonthFirst))?
}

fn day(digits: &str, order: Order) -> Option<Day> {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i32>().ok();
    let (year, month, day) = match order {
        Order::YearFirst => (number(0, 4)?, number(4, 6)?, number(6, 8)?),
        Order::MonthFirst => (number(4, 8)?, number(0, 2)?, number(2, 4)?),
    };
    let is_near = YEARS.contains(&year);
    is_near.then(|| Day::from_civil(year, month, day))?
}
