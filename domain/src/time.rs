//! Calendar days and instants as numbers that arrive from outside.
//!
//! In: days and milliseconds. Out: comparisons and calendar dates. Must not: ask what time it is.

use core::fmt;

use minicbor::{Decode, Encode};

/// Milliseconds since 1970-01-01 00:00 UTC, by whichever clock the field's name says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Millis(#[n(0)] pub i64);

impl Millis {
    /// Milliseconds from `earlier` to this instant; negative when it lies before.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This instant and some milliseconds more.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// A calendar day in the shop's own zone, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] pub i32);

/// Days in the 400 years after which the Gregorian calendar repeats.
const ERA_DAYS: i32 = 146_097;

impl Day {
    /// The day of a civil date; `None` when the calendar has no such day.
    #[must_use]
    pub fn from_civil(year: i32, month: i32, day: i32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        // Years are counted from March so that the leap day is the last day of its year.
        let shifted_year = if month > 2 { year } else { year - 1 };
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let found = Self(era * ERA_DAYS + day_of_era - 719_468);
        (found.civil() == (year, month, day)).then_some(found)
    }

    /// Year, month, day.
    #[must_use]
    pub fn civil(self) -> (i32, i32, i32) {
        // A clock may say anything, also the last day there is a number for.
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(i64::from(ERA_DAYS));
        let day_of_era = shifted.rem_euclid(i64::from(ERA_DAYS));
        let whole = |number: i64| i32::try_from(number).unwrap_or_default();
        let (era, day_of_era) = (whole(era), whole(day_of_era));
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day)
    }

    /// Reads `2026-11-25`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| {
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse::<i32>().ok())?
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        (text.len() == 10).then(|| Self::from_civil(year, month, day))?
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_nine_centuries_goes_there_and_back() {
        for number in -141_000..190_000 {
            let day = Day(number);
            assert_eq!(Day::parse(&day.to_string()), Some(day));
        }
        assert_eq!(Day::from_civil(1970, 1, 1), Some(Day(0)));
        assert_eq!(Day::from_civil(2026, 11, 25), Some(Day(20_782)));
    }

    #[test]
    fn the_first_and_the_last_day_there_is_a_number_for_are_days() {
        assert_eq!(Day(i32::MAX).civil(), (5_881_580, 7, 11));
        assert_eq!(Day(i32::MIN).civil(), (-5_877_641, 6, 23));
    }

    #[test]
    fn days_the_calendar_does_not_have_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "x026-01-01",
            "",
            "2100-02-29",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert!(Day::parse("2028-02-29").is_some());
    }
}
