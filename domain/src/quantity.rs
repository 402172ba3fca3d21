//! How much of a package: ten-thousandths of a unit of measure, without floating point.
//!
//! In: decimal text of the outside systems. Out: exact sums. Must not: round.

use core::fmt;
use core::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use minicbor::{Decode, Encode};

/// An amount in ten-thousandths of the package's unit of measure.
///
/// METRC's quantities carry at most four decimals, so every one of them is exact here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Quantity(#[n(0)] pub i64);

/// Ten-thousandths in one.
const SCALE: i64 = 10_000;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(SCALE);

    /// Whole units.
    #[must_use]
    pub fn units(count: u32) -> Self {
        Self(i64::from(count) * SCALE)
    }

    /// The whole units in it; a remainder is dropped, a negative amount is none.
    #[must_use]
    pub fn whole_units(self) -> u32 {
        u32::try_from((self.0 / SCALE).max(0)).unwrap_or(u32::MAX)
    }

    /// Whether it is a whole number of units.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0 % SCALE == 0
    }

    /// Reads `12`, `0.5` or `-3.0001`: an optional sign, digits, at most four decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(decimals) {
            return None;
        }
        if digits.contains('.') && decimals.is_empty() {
            return None;
        }
        let significant = decimals.trim_end_matches('0');
        if significant.len() > 4 {
            return None;
        }
        let padded = format!("{significant:0<4}");
        let amount = whole.parse::<i64>().ok()?.checked_mul(SCALE)?;
        amount
            .checked_add(padded.parse::<i64>().ok()?)?
            .checked_mul(sign)
            .map(Self)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        let (whole, rest) = (amount / SCALE.unsigned_abs(), amount % SCALE.unsigned_abs());
        if rest == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let decimals = format!("{rest:04}");
            write!(f, "{sign}{whole}.{}", decimals.trim_end_matches('0'))
        }
    }
}

impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl core::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// What a package is counted or weighed in, by METRC's abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum UnitOfMeasure {
    /// Counted, whole numbers only.
    #[n(0)]
    Each,
    /// Grams.
    #[n(1)]
    Gram,
    /// Kilograms.
    #[n(2)]
    Kilogram,
    /// Milligrams.
    #[n(3)]
    Milligram,
    /// Ounces.
    #[n(4)]
    Ounce,
    /// Pounds.
    #[n(5)]
    Pound,
    /// Fluid ounces.
    #[n(6)]
    FluidOunce,
    /// Gallons.
    #[n(7)]
    Gallon,
    /// Litres.
    #[n(8)]
    Litre,
    /// Millilitres.
    #[n(9)]
    Millilitre,
    /// Pints.
    #[n(10)]
    Pint,
    /// Quarts.
    #[n(11)]
    Quart,
}

impl UnitOfMeasure {
    /// Reads METRC's abbreviation or its name, in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "ea" | "each" => Self::Each,
            "g" | "grams" | "gram" => Self::Gram,
            "kg" | "kilograms" | "kilogram" => Self::Kilogram,
            "mg" | "milligrams" | "milligram" => Self::Milligram,
            "oz" | "ounces" | "ounce" => Self::Ounce,
            "lb" | "pounds" | "pound" => Self::Pound,
            "fl oz" | "fluid ounces" | "fluid ounce" => Self::FluidOunce,
            "gal" | "gallons" | "gallon" => Self::Gallon,
            "l" | "liters" | "liter" | "litres" | "litre" => Self::Litre,
            "ml" | "milliliters" | "milliliter" | "millilitres" | "millilitre" => Self::Millilitre,
            "pt" | "pints" | "pint" => Self::Pint,
            "qt" | "quarts" | "quart" => Self::Quart,
            _ => return None,
        })
    }

    /// METRC's abbreviation.
    #[must_use]
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::Each => "ea",
            Self::Gram => "g",
            Self::Kilogram => "kg",
            Self::Milligram => "mg",
            Self::Ounce => "oz",
            Self::Pound => "lb",
            Self::FluidOunce => "fl oz",
            Self::Gallon => "gal",
            Self::Litre => "l",
            Self::Millilitre => "ml",
            Self::Pint => "pt",
            Self::Quart => "qt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text_is_kept_to_the_last_digit() {
        for (text, amount) in [
            ("188", 1_880_000),
            ("0.0001", 1),
            ("-3.5", -35_000),
            ("0", 0),
        ] {
            assert_eq!(Quantity::parse(text), Some(Quantity(amount)), "{text}");
            assert_eq!(Quantity(amount).to_string(), text);
        }
        assert_eq!(Quantity::parse("2.50000"), Some(Quantity(25_000)));
    }

    #[test]
    fn what_would_be_rounded_or_overflow_is_refused() {
        for text in [
            "",
            ".5",
            "5.",
            "1,5",
            "1e3",
            "0.00001",
            "９",
            "99999999999999999999",
            "--1",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
