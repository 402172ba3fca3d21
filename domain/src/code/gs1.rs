//! GS1's strings of numbered elements: product number, lot, serial, dates, weight.
//!
//! In: a scanned string, its human-readable form, or a link's parts. Out: checked elements. Must
//! not: treat any of it as more than evidence of a product; no state knows these lots and serials.

use core::fmt;

use super::Reason;
use super::gtin::{Gtin, has_check_digit};

/// Between elements of variable length (FNC1 in the symbol).
pub(super) const SEPARATOR: char = '\u{1d}';

/// How scanners and keyboards spell the separator. None of these is a GS1 character, except `<GS>`.
const SPELLINGS: [&str; 5] = ["<GS>", "{GS}", "^]", "|", "]"];

/// One numbered element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The application identifier: `01` product, `10` lot, `17` use by.
    pub ai: String,
    /// Its value as printed; a product number always has 14 digits.
    pub value: String,
}

/// A GS1 string whose elements are all known and keep GS1's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gs1 {
    /// In the order read.
    pub elements: Vec<Element>,
    /// A separator was lost or an element is not known: only the product number was kept.
    pub is_partial: bool,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CalendarDay {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl fmt::Display for CalendarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What an element's value looks like.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Digits(usize),
    /// Digits, the last one a check digit.
    Checked(usize),
    Date,
    NumberUpTo(usize),
    TextUpTo(usize),
}

impl Form {
    fn of(ai: &str) -> Option<Self> {
        Some(match ai.as_bytes() {
            b"00" => Self::Checked(18),
            b"01" | b"02" => Self::Checked(14),
            b"10" | b"21" | b"22" => Self::TextUpTo(20),
            [b'1', b'1' | b'2' | b'3' | b'5' | b'6' | b'7'] => Self::Date,
            b"20" => Self::Digits(2),
            b"30" | b"37" => Self::NumberUpTo(8),
            b"240" | b"241" | b"250" | b"251" => Self::TextUpTo(30),
            [b'3', b'1' | b'2', b'0', b'0'..=b'5'] => Self::Digits(6),
            [b'3', b'9', b'2', b'0'..=b'9'] => Self::NumberUpTo(15),
            // Three digits name the currency.
            [b'3', b'9', b'3', b'0'..=b'9'] => Self::NumberUpTo(18),
            [b'9', b'1'..=b'9'] => Self::TextUpTo(90),
            _ => return None,
        })
    }

    /// How many characters it always takes; none when a separator ends it.
    fn length(self) -> Option<usize> {
        match self {
            Self::Digits(length) | Self::Checked(length) => Some(length),
            Self::Date => Some(6),
            Self::NumberUpTo(_) | Self::TextUpTo(_) => None,
        }
    }

    fn check(self, value: &str) -> Result<(), Reason> {
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_right = match self {
            Self::Digits(length) => is_number && value.len() == length,
            Self::Checked(length) => {
                if is_number && value.len() == length && !has_check_digit(value) {
                    return Err(Reason::CheckDigit);
                }
                is_number && value.len() == length
            }
            Self::Date => date(value).is_some(),
            Self::NumberUpTo(max) => is_number && (1..=max).contains(&value.len()),
            Self::TextUpTo(max) => {
                (1..=max).contains(&value.len()) && value.bytes().all(is_gs1_character)
            }
        };
        if is_right {
            Ok(())
        } else {
            Err(Reason::Malformed)
        }
    }
}

/// The 82 characters GS1 allows: no blanks, no accents.
fn is_gs1_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&byte)
}

/// Whether this is the number of an element we can read.
pub(super) fn is_known(ai: &str) -> bool {
    Form::of(ai).is_some()
}

impl Gs1 {
    /// The product.
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        self.value("01").and_then(Gtin::parse)
    }

    /// The maker's batch.
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        self.value("10")
    }

    /// The maker's number of this one piece.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.value("21")
    }

    /// The last day of use.
    #[must_use]
    pub fn expiry(&self) -> Option<CalendarDay> {
        self.value("17").and_then(date)
    }

    /// Net weight in milligrams, when it is given in kilograms.
    #[must_use]
    pub fn net_mg(&self) -> Option<u64> {
        let weight = self
            .elements
            .iter()
            .find(|element| element.ai.starts_with("310"))?;
        let decimals = weight.ai.get(3..)?.parse::<u32>().ok()?;
        Some(weight.value.parse::<u64>().ok()? * 10_u64.pow(6_u32.checked_sub(decimals)?))
    }

    fn value(&self, ai: &str) -> Option<&str> {
        let element = self.elements.iter().find(|element| element.ai == ai)?;
        Some(&element.value)
    }

    /// Adds an element. The same again is allowed, with another value it is an error.
    pub(super) fn add(&mut self, ai: &str, value: &str) -> Result<(), Reason> {
        Form::of(ai).ok_or(Reason::Malformed)?.check(value)?;
        match self.value(ai) {
            Some(known) if known != value => return Err(Reason::Malformed),
            Some(_) => {}
            None => self.elements.push(Element {
                ai: ai.to_owned(),
                value: value.to_owned(),
            }),
        }
        Ok(())
    }

    /// The whole, when its elements may stand together.
    pub(super) fn checked(self) -> Result<Self, Reason> {
        let has = |ai| self.value(ai).is_some();
        let serial_of_nothing = has("21") && !has("01");
        let count_of_nothing = has("37") && !(has("00") && has("02"));
        let no_such_product = has("01") && self.gtin().is_none();
        if self.elements.is_empty() || serial_of_nothing || count_of_nothing || no_such_product {
            return Err(Reason::Malformed);
        }
        Ok(self)
    }

    /// Where elements run together only the product number, whose length is fixed, can be trusted.
    fn product_only(mut self) -> Result<Self, Reason> {
        self.elements.retain(|element| element.ai == "01");
        self.is_partial = true;
        self.checked()
    }
}

/// Turns every spelling of the separator into the real one.
pub(super) fn with_plain_separators(text: &str) -> String {
    let plain = SEPARATOR.to_string();
    SPELLINGS.iter().fold(text.to_owned(), |text, spelling| {
        text.replace(spelling, &plain)
    })
}

/// Reads a string whose symbol calls itself GS1, or the form people read, `(01)…(10)…`.
pub(super) fn parse(text: &str) -> Result<Gs1, Reason> {
    if text.starts_with('(') {
        parse_typed(text)
    } else {
        parse_scanned(text)
    }
}

/// Reads a string that nobody declared as GS1: only a product number in front and no doubt at all.
pub(super) fn parse_undeclared(text: &str) -> Option<Gs1> {
    let digits = text.strip_prefix("01")?.get(..14)?;
    has_check_digit(digits)
        .then(|| parse_scanned(text).ok())
        .flatten()
}

fn parse_scanned(text: &str) -> Result<Gs1, Reason> {
    let mut found = Gs1::default();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((ai, form, data)) = split_identifier(rest) else {
            return found.product_only();
        };
        let end = match form.length() {
            Some(length) => length,
            None => data.find(SEPARATOR).unwrap_or(data.len()),
        };
        let (value, after) = data.split_at_checked(end).ok_or(Reason::Malformed)?;
        let is_last_of_unseparated = form.length().is_none() && !text.contains(SEPARATOR);
        if is_last_of_unseparated && is_swallowing(form, value) {
            return found.product_only();
        }
        found.add(ai, value)?;
        rest = after.trim_start_matches(SEPARATOR);
    }
    found.checked()
}

fn split_identifier(text: &str) -> Option<(&str, Form, &str)> {
    (2..=4).find_map(|length| {
        let (ai, data) = text.split_at_checked(length)?;
        Some((ai, Form::of(ai)?, data))
    })
}

/// Whether a lot or serial looks as if the separator behind it was lost: it is too long, or it ends
/// with what reads as a lot, a serial, a date or a weight of its own.
fn is_swallowing(form: Form, value: &str) -> bool {
    let Form::TextUpTo(max) = form else {
        return false;
    };
    let is_element = |(ai, form, data): (&str, Form, &str)| match form.length() {
        Some(length) => length == 6 && data.len() == length && form.check(data).is_ok(),
        None => matches!(ai, "10" | "21") && !data.is_empty(),
    };
    let tails = (1..value.len()).filter_map(|start| value.get(start..));
    value.len() > max || tails.filter_map(split_identifier).any(is_element)
}

fn parse_typed(text: &str) -> Result<Gs1, Reason> {
    let mut found = Gs1::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (ai, data) = split_typed_identifier(rest).ok_or(Reason::Malformed)?;
        let mut openings = data.match_indices('(').map(|(place, _)| place);
        let next = openings.find(|place| split_typed_identifier(&data[*place..]).is_some());
        let (value, after) = data.split_at(next.unwrap_or(data.len()));
        found.add(ai, value.trim_matches(' '))?;
        rest = after;
    }
    found.checked()
}

fn split_typed_identifier(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('(')?
        .split_once(')')
        .filter(|(ai, _)| is_known(ai))
}

/// Six digits, YYMMDD; day 00 is the last of the month.
fn date(value: &str) -> Option<CalendarDay> {
    if value.len() != 6 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = value.parse::<u32>().ok()?;
    let short_year = u16::try_from(number / 10_000).ok()?;
    let month = u8::try_from(number / 100 % 100).ok()?;
    let day = u8::try_from(number % 100).ok()?;
    // GS1's sliding window as it stands in 2026. Later it only moves the years from 77 on, which no
    // package of ours carries.
    let year = if short_year >= 77 {
        1900 + short_year
    } else {
        2000 + short_year
    };
    let last = match month {
        2 if year.is_multiple_of(4) && year != 1900 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    let day = if day == 0 { last } else { day };
    (day <= last).then_some(CalendarDay { year, month, day })
}
