//! Whole numbers in JSON: quantities and prices.
//!
//! In: a number as the document writes it. Out: an exact whole number within bounds. Must not: round.

use super::fault::Fault;
use super::{QUANTITY_MAX, UNIT_PRICE_CENTS_MAX};

/// A whole number within bounds, and what to say of the others.
pub(super) struct NumberRule {
    pub(super) min: i64,
    pub(super) max: i64,
    below_zero: Fault,
    zero: Fault,
    fraction: Fault,
    too_large: Fault,
}

pub(super) const QUANTITY: NumberRule = NumberRule {
    min: 1,
    max: QUANTITY_MAX as i64,
    below_zero: Fault::QuantityNegative,
    zero: Fault::QuantityZero,
    fraction: Fault::QuantityFraction,
    too_large: Fault::QuantityTooLarge,
};

pub(super) const UNIT_PRICE: NumberRule = NumberRule {
    min: 0,
    max: UNIT_PRICE_CENTS_MAX,
    below_zero: Fault::PriceNegative,
    zero: Fault::PriceNegative,
    fraction: Fault::PriceFraction,
    too_large: Fault::PriceTooLarge,
};

impl NumberRule {
    /// `2.0` is 2: some systems write every number with a decimal.
    pub(super) fn check(&self, number: &serde_json::Number) -> Result<i64, Fault> {
        let text = number.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, "0"));
        let is_whole = decimals.bytes().all(|byte| byte == b'0');
        if text.starts_with('-') && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
            return Err(self.below_zero);
        }
        if text.contains(['e', 'E']) {
            let is_tiny = text.contains("e-") || text.contains("E-");
            return Err(if is_tiny {
                self.fraction
            } else {
                self.too_large
            });
        }
        if !is_whole {
            return Err(self.fraction);
        }
        let number = whole.parse::<i64>().map_err(|_| self.too_large)?;
        if number < self.min {
            return Err(self.zero);
        }
        if number > self.max {
            Err(self.too_large)
        } else {
            Ok(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &NumberRule, json: &str) -> Result<i64, Fault> {
        rule.check(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_quantity_is_a_whole_number_of_units() {
        for (json, expected) in [
            ("1", Ok(1)),
            ("2.0", Ok(2)),
            ("10000", Ok(10_000)),
            ("0", Err(Fault::QuantityZero)),
            ("-0", Err(Fault::QuantityZero)),
            ("-1", Err(Fault::QuantityNegative)),
            ("-0.5", Err(Fault::QuantityNegative)),
            ("1.5", Err(Fault::QuantityFraction)),
            ("1e-9", Err(Fault::QuantityFraction)),
            ("10001", Err(Fault::QuantityTooLarge)),
            ("1e30", Err(Fault::QuantityTooLarge)),
            ("99999999999999999999", Err(Fault::QuantityTooLarge)),
        ] {
            assert_eq!(check(&QUANTITY, json), expected, "{json}");
        }
    }

    #[test]
    fn a_price_may_be_nothing_but_not_less() {
        assert_eq!(check(&UNIT_PRICE, "0"), Ok(0));
        assert_eq!(check(&UNIT_PRICE, "-1"), Err(Fault::PriceNegative));
        assert_eq!(check(&UNIT_PRICE, "12.5"), Err(Fault::PriceFraction));
        assert_eq!(check(&UNIT_PRICE, "1000001"), Err(Fault::PriceTooLarge));
    }
}
