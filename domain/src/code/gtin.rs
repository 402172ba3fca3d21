//! Product numbers under the bars of retail goods: UPC, EAN, GTIN.
//!
//! In: 8, 12, 13 or 14 digits. Out: one number to compare them all by. Must not: accept a wrong
//! check digit.

use core::fmt;

use minicbor::{Decode, Encode};

use super::Symbology;

/// A product number, all lengths made equal by zeros in front. Never 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Gtin(#[n(0)] u64);

/// How a product number was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Eight digits, small goods.
    Ean8,
    /// Eight digits that stand for twelve.
    UpcE,
    /// Twelve digits, North America.
    UpcA,
    /// Thirteen digits.
    Ean13,
    /// Fourteen digits, cases.
    Gtin14,
}

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits with a fitting check digit. Eight digits are taken as EAN-8.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Self> {
        let is_length = matches!(digits.len(), 8 | 12 | 13 | 14);
        let number = digits.parse().ok().filter(|number| *number != 0)?;
        (is_length && has_check_digit(digits)).then_some(Self(number))
    }

    /// Reads UPC-E's eight digits: number system, six digits, check digit of the long form.
    #[must_use]
    pub fn parse_upc_e(digits: &str) -> Option<Self> {
        let (system, rest) = digits.split_at_checked(1)?;
        let (body, check) = rest.split_at_checked(6)?;
        if !matches!(system, "0" | "1") || check.len() != 1 {
            return None;
        }
        let last = body.get(5..)?;
        let (maker, item) = match last {
            "0" | "1" | "2" => (format!("{}{last}00", body.get(..2)?), body.get(2..5)?),
            "3" => (format!("{}00", body.get(..3)?), body.get(3..5)?),
            "4" => (format!("{}0", body.get(..4)?), body.get(4..5)?),
            _ => (body.get(..5)?.to_owned(), last),
        };
        Self::parse(&format!("{system}{maker}{item:0>5}{check}"))
    }

    /// Whether the number means something inside one company only (prefixes 02, 04, 20 to 29; EAN-8
    /// from 0 and 2), so that two shops may use it for different goods.
    #[must_use]
    pub fn is_restricted(self) -> bool {
        if self.0 < 100_000_000 {
            return matches!(self.0 / 10_000_000, 0 | 2);
        }
        matches!(self.0 / 100_000_000_000 % 100, 2 | 4 | 20..=29)
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The check digit to put behind these digits (UPC, EAN, GTIN and SSCC alike).
#[must_use]
pub fn check_digit(digits: &str) -> Option<char> {
    let mut sum = 0;
    for (place, digit) in digits.chars().rev().enumerate() {
        sum += digit.to_digit(10)? * if place % 2 == 0 { 3 } else { 1 };
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// Whether the last digit is the check digit of those before it.
pub(super) fn has_check_digit(digits: &str) -> bool {
    let Some(body) = digits
        .len()
        .checked_sub(1)
        .and_then(|end| digits.get(..end))
    else {
        return false;
    };
    check_digit(body).is_some_and(|check| digits.ends_with(check))
}

/// What digits under a retail symbol, or an unknown one, can be.
pub(super) fn candidates(
    digits: &str,
    symbology: Option<Symbology>,
) -> Option<Vec<(Gtin, Scheme)>> {
    use Symbology::{Ean8, Ean13, UpcA, UpcE};
    let scheme = match digits.len() {
        8 => Scheme::Ean8,
        12 => Scheme::UpcA,
        13 => Scheme::Ean13,
        _ => Scheme::Gtin14,
    };
    let mut found = Vec::new();
    // Eight digits in any other known symbol are somebody's own number, and one in five would fit.
    if scheme != Scheme::Ean8 || matches!(symbology, None | Some(Ean8)) {
        found.extend(Gtin::parse(digits).map(|gtin| (gtin, scheme)));
    }
    if scheme == Scheme::Ean8 && matches!(symbology, None | Some(UpcE | UpcA | Ean13)) {
        found.extend(Gtin::parse_upc_e(digits).map(|gtin| (gtin, Scheme::UpcE)));
    }
    (!found.is_empty()).then_some(found)
}
