//! An amount and its unit as the whole milligrams or microlitres that limits count.
//!
//! In: an exact quantity and a unit's name. Out: whole numbers. Must not: take a unit for another, use fractions of the
//! machine.
//!
//! What is left over below one counts as one: never in the customer's favour. Only ounces are cut off, because limits have
//! them as whole numbers too: eight eighths of an ounce are 28,344 mg and not 28,352, more than the 28,350 of the rules.

use domain::quantity::{Quantity, UnitOfMeasure};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// In milligrams: `mg`, `g`, `kg`, `oz`.
    Mass,
    /// In microlitres: `ul`, `ml`, `l`, `fl oz`.
    Volume,
    /// In milligrams, and never in anything else.
    Milligrams,
    /// Things.
    Count,
}

/// Why an amount is no measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Unit,
    TooLarge,
    Fraction,
}

/// Ten kilograms: more than any unit for sale weighs.
const MASS_MG_MAX: u64 = 10_000_000;
/// Ten litres.
const VOLUME_UL_MAX: u64 = 10_000_000;
/// A kilogram.
const MILLIGRAMS_MAX: u64 = 1_000_000;
/// More things than anybody packs into one unit.
const COUNT_MAX: u64 = 10_000;

/// Ten-millionths of a milligram or a microlitre, so that ounces are whole numbers.
const PARTS: u128 = 10_000_000;

/// A unit in those parts, and whether its remainder counts.
struct Size {
    parts: u128,
    rounds_up: bool,
}

const fn metric(whole: u128) -> Size {
    Size {
        parts: whole * PARTS,
        rounds_up: true,
    }
}

const fn ounce(parts: u128) -> Size {
    Size {
        parts,
        rounds_up: false,
    }
}

impl Measure {
    /// The largest figure.
    pub(super) fn max(self) -> u64 {
        match self {
            Self::Mass => MASS_MG_MAX,
            Self::Volume => VOLUME_UL_MAX,
            Self::Milligrams => MILLIGRAMS_MAX,
            Self::Count => COUNT_MAX,
        }
    }

    /// What the figure is counted in.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::Mass | Self::Milligrams => "mg",
            Self::Volume => "ul",
            Self::Count => "units",
        }
    }

    /// The units it may be written in.
    pub(super) fn units(self) -> &'static str {
        match self {
            Self::Mass => "mg, g, kg, oz",
            Self::Volume => "ul, ml, l, fl oz",
            Self::Milligrams => "mg",
            Self::Count => "ea",
        }
    }

    /// The unit that is meant when none is written; none for what may be written in several.
    pub(super) fn usual_unit(self) -> Option<&'static str> {
        match self {
            Self::Mass | Self::Volume => None,
            Self::Milligrams => Some("mg"),
            Self::Count => Some("ea"),
        }
    }

    fn size(self, unit: &str) -> Option<Size> {
        use UnitOfMeasure::{
            Each, FluidOunce, Gram, Kilogram, Litre, Milligram, Millilitre, Ounce,
        };
        let is_microlitres = ["ul", "microliters", "microlitres"]
            .iter()
            .any(|name| unit.eq_ignore_ascii_case(name));
        if self == Self::Volume && is_microlitres {
            return Some(metric(1));
        }
        match (self, UnitOfMeasure::parse(unit)?) {
            (Self::Mass | Self::Milligrams, Milligram) | (Self::Count, Each) => Some(metric(1)),
            (Self::Mass, Gram) | (Self::Volume, Millilitre) => Some(metric(1_000)),
            (Self::Mass, Kilogram) | (Self::Volume, Litre) => Some(metric(1_000_000)),
            (Self::Mass, Ounce) => Some(ounce(283_495_231_250)),
            (Self::Volume, FluidOunce) => Some(ounce(295_735_295_625)),
            _ => None,
        }
    }

    /// The amount as a whole number.
    pub(super) fn whole(self, amount: Quantity, unit: &str) -> Result<u64, Wrong> {
        let size = self.size(unit).ok_or(Wrong::Unit)?;
        if self == Self::Count && !amount.is_whole() {
            return Err(Wrong::Fraction);
        }
        let amount = u128::try_from(amount.0).map_err(|_| Wrong::TooLarge)?;
        let one = u128::from(Quantity::ONE.0.unsigned_abs()) * PARTS;
        let parts = amount * size.parts;
        let whole = match size.rounds_up {
            true => parts.div_ceil(one),
            false => parts / one,
        };
        let whole = u64::try_from(whole).map_err(|_| Wrong::TooLarge)?;
        match whole > self.max() {
            true => Err(Wrong::TooLarge),
            false => Ok(whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_the_same_in_every_unit() {
        for (measure, amount, unit, expected) in [
            (Measure::Mass, "3.5", "g", Ok(3_500)),
            (Measure::Mass, "3500", "Milligrams", Ok(3_500)),
            (Measure::Mass, "0.0035", "kg", Ok(3_500)),
            (Measure::Mass, "0.0001", "g", Ok(1)),
            (Measure::Mass, "1", "oz", Ok(28_349)),
            (Measure::Mass, "0.125", "OZ", Ok(3_543)),
            (Measure::Mass, "10", "kg", Ok(10_000_000)),
            (Measure::Mass, "10000.0001", "g", Err(Wrong::TooLarge)),
            (Measure::Mass, "1", "ml", Err(Wrong::Unit)),
            (Measure::Mass, "1", "fl oz", Err(Wrong::Unit)),
            (Measure::Mass, "1", "ea", Err(Wrong::Unit)),
            (Measure::Volume, "355", "Milliliters", Ok(355_000)),
            (Measure::Volume, "12", "fl oz", Ok(354_882)),
            (Measure::Volume, "5", "ul", Ok(5)),
            (Measure::Volume, "1", "oz", Err(Wrong::Unit)),
            (Measure::Milligrams, "2.5", "mg", Ok(3)),
            (Measure::Milligrams, "0.1", "g", Err(Wrong::Unit)),
            (Measure::Milligrams, "1000001", "mg", Err(Wrong::TooLarge)),
            (Measure::Count, "6", "ea", Ok(6)),
            (Measure::Count, "6.5", "ea", Err(Wrong::Fraction)),
            (Measure::Count, "1000000000", "ea", Err(Wrong::TooLarge)),
        ] {
            let amount = Quantity::parse(amount).unwrap();
            assert_eq!(measure.whole(amount, unit), expected, "{amount} {unit}");
        }
    }

    #[test]
    fn eight_eighths_are_no_more_than_an_ounce_of_the_rules() {
        let eighth = Measure::Mass.whole(Quantity(1_250), "oz").unwrap();
        assert!(eighth * 8 <= 28_350, "{eighth}");
        let third = Measure::Volume.whole(Quantity::units(12), "fl oz").unwrap();
        assert!(third * 3 <= 1_064_647, "{third}");
    }
}
