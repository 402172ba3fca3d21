//! Dates and times as METRC's exports and the spreadsheets between write them.
//!
//! In: the text of a cell and the form its column uses. Out: calendar dates, and local times without a
//! zone. Must not: mix forms within a column, accept two-digit years, use floating point.
//!
//! Three forms are known: `5/6/2026` with the month first, `2026-05-06`, and the day number of a
//! spreadsheet that begins on 30 December 1899. Each may carry a time: `03:51 PM`, `15:51`, `15:51:07`, or
//! the fraction of the day.

use core::fmt;

use domain::time::Day;

/// The first day number that both spreadsheet conventions agree on: 1 March 1900.
const SERIAL_MIN: u32 = 61;
/// 31 December 9999.
const SERIAL_MAX: u32 = 2_958_465;
/// The day number of 1 January 1970.
const SERIAL_OF_1970: i32 = 25_569;
/// Digits of a day's fraction that matter: one second is 0.0000116 of a day.
const FRACTION_DIGITS_MAX: usize = 9;
const SECONDS_PER_DAY: u64 = 86_400;
/// A year before this is a typing error, not a package.
const YEAR_MIN: u32 = 1900;

/// A day and a time as the shop's clock showed them, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    /// The calendar day.
    pub day: Day,
    /// Seconds since midnight by the clock on the wall.
    pub second: u32,
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        write!(f, "{}T{hour:02}:{minute:02}", self.day)?;
        if second == 0 {
            Ok(())
        } else {
            write!(f, ":{second:02}")
        }
    }
}

/// How one column writes its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `5/6/2026` is 6 May.
    MonthFirst,
    /// `2026-05-06`.
    Iso,
    /// `46148`, a spreadsheet's day number.
    Serial,
}

impl DateForm {
    /// The form in words, for the report of an import.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::MonthFirst => "month/day/year",
            Self::Iso => "year-month-day",
            Self::Serial => "spreadsheet day number",
        }
    }

    /// Reads a date; a time behind it must be a time, and is dropped.
    #[must_use]
    pub fn day(self, text: &str) -> Option<Day> {
        self.time(text).map(|time| time.day)
    }

    /// Reads a date and time as the shop's clock showed it; midnight when there is no time.
    #[must_use]
    pub fn time(self, text: &str) -> Option<LocalTime> {
        match self {
            Self::Serial => serial(text),
            Self::Iso => {
                let (date, time) = text
                    .split_once(['T', 't'])
                    .or_else(|| text.split_once(char::is_whitespace))
                    .unwrap_or((text, ""));
                Some(LocalTime {
                    day: iso_day(date)?,
                    second: second_of_day(time)?,
                })
            }
            Self::MonthFirst => {
                let (date, time) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
                Some(LocalTime {
                    day: month_first_day(date)?,
                    second: second_of_day(time)?,
                })
            }
        }
    }
}

/// Which forms the cells of one column fit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Votes {
    month_first: u32,
    iso: u32,
    serial: u32,
}

impl Votes {
    /// Counts one cell; a cell that is no date in any form counts for none.
    pub fn count(&mut self, text: &str) {
        if DateForm::MonthFirst.time(text).is_some() {
            self.month_first += 1;
        } else if DateForm::Iso.time(text).is_some() {
            self.iso += 1;
        } else if DateForm::Serial.time(text).is_some() {
            self.serial += 1;
        }
    }

    /// The form of the column: what most of its cells fit. Equal counts, and an empty column, stay with
    /// the form METRC writes.
    #[must_use]
    pub fn form(self) -> DateForm {
        if self.serial > self.month_first && self.serial > self.iso {
            DateForm::Serial
        } else if self.iso > self.month_first {
            DateForm::Iso
        } else {
            DateForm::MonthFirst
        }
    }
}

fn digits(text: &str, lengths: core::ops::RangeInclusive<usize>) -> Option<u32> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits && lengths.contains(&text.len()))
        .then(|| text.parse().ok())
        .flatten()
}

fn civil(year: u32, month: u32, day: u32) -> Option<Day> {
    let part = |number: u32| i32::try_from(number).ok();
    (year >= YEAR_MIN).then_some(())?;
    Day::from_civil(part(year)?, part(month)?, part(day)?)
}

fn month_first_day(text: &str) -> Option<Day> {
    let mut parts = text.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    civil(
        digits(year, 4..=4)?,
        digits(month, 1..=2)?,
        digits(day, 1..=2)?,
    )
}

/// Reads `2026-05-06`, the only form Custody's own files use.
#[must_use]
pub fn iso_day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    civil(
        digits(year, 4..=4)?,
        digits(month, 2..=2)?,
        digits(day, 2..=2)?,
    )
}

fn second_of_day(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let upper = text.to_ascii_uppercase();
    let half = ["AM", "PM"].into_iter().find(|half| upper.ends_with(half));
    let clock = &upper[..upper.len() - half.map_or(0, str::len)];
    let mut parts = clock.trim_end().split(':');
    let (hour, minute) = (digits(parts.next()?, 1..=2)?, digits(parts.next()?, 2..=2)?);
    let second = match parts.next() {
        None => 0,
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            digits(fraction, 1..=9)?;
            digits(whole, 2..=2)?
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let hour = match half {
        None => hour,
        Some(_) if hour == 0 || hour > 12 => return None,
        Some("AM") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 60 + minute) * 60 + second)
}

fn serial(text: &str) -> Option<LocalTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let number = digits(whole, 1..=7)?;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !(SERIAL_MIN..=SERIAL_MAX).contains(&number) || !is_fraction {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(FRACTION_DIGITS_MAX)];
    let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    let seconds = (fraction.parse::<u64>().ok()? * SECONDS_PER_DAY + scale / 2) / scale;
    // Rounding can reach midnight.
    let next_day = i32::from(seconds == SECONDS_PER_DAY);
    let day = Day(i32::try_from(number).ok()? - SERIAL_OF_1970 + next_day);
    Some(LocalTime {
        day,
        second: u32::try_from(seconds % SECONDS_PER_DAY).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: DateForm, text: &str) -> Option<String> {
        form.time(text).map(|time| time.to_string())
    }

    #[test]
    fn the_three_forms_mean_the_same_moment() {
        for (form, text) in [
            (DateForm::MonthFirst, "04/17/2026 07:16 AM"),
            (DateForm::MonthFirst, "4/17/2026 7:16:00AM"),
            (DateForm::MonthFirst, "4/17/2026 07:16"),
            (DateForm::Iso, "2026-04-17 07:16:00"),
            (DateForm::Iso, "2026-04-17T07:16:00.000"),
            (DateForm::Serial, "46129.302778"),
            (DateForm::Serial, "46129.30277777778"),
        ] {
            assert_eq!(
                read(form, text).as_deref(),
                Some("2026-04-17T07:16"),
                "{text}"
            );
        }
    }

    #[test]
    fn noon_and_midnight_are_twelve_and_zero() {
        let at = |text| read(DateForm::MonthFirst, text);
        assert_eq!(
            at("03/05/2024 12:00 PM").as_deref(),
            Some("2024-03-05T12:00")
        );
        assert_eq!(
            at("03/05/2024 12:00 AM").as_deref(),
            Some("2024-03-05T00:00")
        );
        assert_eq!(at("2/29/2024").as_deref(), Some("2024-02-29T00:00"));
        assert_eq!(
            read(DateForm::Serial, "46129.999999").as_deref(),
            Some("2026-04-18T00:00")
        );
    }

    #[test]
    fn a_date_that_does_not_exist_is_not_moved_to_one_that_does() {
        for text in [
            "02/30/2026",
            "02/29/2026",
            "13/01/2026",
            "0/1/2026",
            "05/06/26",
            "05/06/0026",
            "5-6-2026",
            "05/06/2026 13:00 PM",
            "05/06/2026 00:10 AM",
            "05/06/2026 24:00",
            "05/06/2026 soon",
            "05/06/2026/1",
            "05//2026",
            "yesterday",
            "\u{661}/1/2026",
            "",
        ] {
            assert_eq!(DateForm::MonthFirst.time(text), None, "{text}");
        }
        for text in [
            "2026-02-30",
            "26-05-06",
            "2026-5-6",
            "2026-05-06T10:00:00Z",
            "2026-05-06-1",
            "",
        ] {
            assert_eq!(DateForm::Iso.time(text), None, "{text}");
        }
        for text in [
            "60",
            "2958466",
            "46128.",
            "46128.5e3",
            "-46128",
            "4.6E4",
            ".5",
            "",
            "99999999999",
        ] {
            assert_eq!(DateForm::Serial.time(text), None, "{text}");
        }
    }

    #[test]
    fn the_column_decides_the_form_and_a_tie_stays_with_metrc() {
        let form = |cells: &[&str]| {
            let mut votes = Votes::default();
            cells.iter().for_each(|cell| votes.count(cell));
            votes.form()
        };
        assert_eq!(form(&[]), DateForm::MonthFirst);
        assert_eq!(form(&["46128", "46129.5", "5/6/2026"]), DateForm::Serial);
        assert_eq!(form(&["2026-05-06", "?"]), DateForm::Iso);
        assert_eq!(form(&["2026-05-06", "5/6/2026"]), DateForm::MonthFirst);
    }
}
