//! A quantity as text, and the unit that old exports write behind it in the same cell.
//!
//! In: a cell. Out: an exact amount or the one reason against it. Must not: round, take a decimal comma for
//! a thousands comma.

use domain::quantity::Quantity;

use super::finding::{FindingKind, quoted};

/// The largest quantity of one package, in whole units.
const QUANTITY_MAX: i64 = 1_000_000_000;
/// Decimals the state's system keeps.
const DECIMALS_MAX: usize = 4;

/// A number and the unit's text behind it, which is usually empty.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Amount<'c> {
    pub(super) quantity: Quantity,
    pub(super) unit: &'c str,
}

/// Reads `1,234.5`, `0.0001`, `1,234.5 g`. The cell is trimmed and not empty. `is_comma_suspect` says that
/// the file writes decimals with a comma, so that `1,250` may be one and a quarter.
pub(super) fn parse(cell: &str, is_comma_suspect: bool) -> Result<Amount<'_>, FindingKind> {
    let (is_negative, rest) = match cell.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(rest.len());
    let (number, unit) = rest.split_at(end);
    let unit = unit.trim();
    let is_unit = unit
        .chars()
        .all(|c| c.is_ascii_alphabetic() || c == ' ' || c == '.');
    if number.is_empty() || !is_unit {
        return Err(FindingKind::QuantityNotNumber);
    }
    let could_be_decimal = number.matches(',').count() == 1 && !number.contains('.');
    let plain = match grouping(number) {
        Grouping::None => number.to_owned(),
        Grouping::Thousands if is_comma_suspect && could_be_decimal => {
            return Err(FindingKind::QuantityDecimalComma);
        }
        Grouping::Thousands => number.replace(',', ""),
        Grouping::DecimalComma => return Err(FindingKind::QuantityDecimalComma),
        Grouping::Nonsense => return Err(FindingKind::QuantityNotNumber),
    };
    let quantity = exact(&plain)?;
    if is_negative && quantity != Quantity::ZERO {
        return Err(FindingKind::QuantityNegative);
    }
    if quantity > Quantity(QUANTITY_MAX * Quantity::ONE.0) {
        return Err(FindingKind::QuantityTooLarge);
    }
    Ok(Amount { quantity, unit })
}

/// What to say of a cell that is wrong.
pub(super) fn reason(kind: FindingKind, cell: &str) -> String {
    let cell = quoted(cell);
    match kind {
        FindingKind::QuantityNegative => format!("The quantity {cell} is negative."),
        FindingKind::QuantityTooLarge => {
            format!("The quantity {cell} is above {QUANTITY_MAX}.")
        }
        FindingKind::QuantityDecimalComma => format!(
            "The quantity {cell} seems to have a decimal comma. Import the file as it was exported, with a \
             decimal point."
        ),
        FindingKind::QuantityFractionOfEach => {
            format!("The quantity {cell} is counted in ea and must be whole.")
        }
        _ => format!("The quantity {cell} is not a number with at most four decimals."),
    }
}

/// The digits with at most one point as an amount.
fn exact(plain: &str) -> Result<Quantity, FindingKind> {
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, "0"));
    if decimals.is_empty() {
        return Err(FindingKind::QuantityNotNumber);
    }
    if whole.trim_start_matches('0').len() > 12 {
        return Err(FindingKind::QuantityTooLarge);
    }
    if decimals.trim_end_matches('0').len() > DECIMALS_MAX {
        return Err(FindingKind::QuantityNotNumber);
    }
    // Some systems leave out the zero before the point.
    let zero = if whole.is_empty() { "0" } else { "" };
    Quantity::parse(&format!("{zero}{plain}")).ok_or(FindingKind::QuantityNotNumber)
}

enum Grouping {
    None,
    Thousands,
    DecimalComma,
    Nonsense,
}

/// What the commas in a number mean.
fn grouping(number: &str) -> Grouping {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if decimals.contains('.') {
        // `1.234.567` groups with points, which countries do that write decimals with a comma.
        return if number.contains(',') {
            Grouping::DecimalComma
        } else {
            Grouping::Nonsense
        };
    }
    if !number.contains(',') {
        return Grouping::None;
    }
    if decimals.contains(',') {
        return if whole.contains(',') {
            Grouping::Nonsense
        } else {
            Grouping::DecimalComma
        };
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let is_first = (1..=3).contains(&first.len()) && !first.starts_with('0');
    if is_first && groups.all(|group| group.len() == 3) {
        Grouping::Thousands
    } else if whole.matches(',').count() == 1 && !number.contains('.') && !whole.ends_with(',') {
        Grouping::DecimalComma
    } else {
        Grouping::Nonsense
    }
}

/// Which decimal mark the quantities of a file use.
#[derive(Debug, Default)]
pub(super) struct DecimalMarks {
    is_comma_seen: bool,
    is_point_seen: bool,
}

impl DecimalMarks {
    /// Counts one quantity.
    pub(super) fn count(&mut self, cell: &str) {
        match parse(cell, false) {
            Err(FindingKind::QuantityDecimalComma) => self.is_comma_seen = true,
            Ok(_) if cell.contains('.') => self.is_point_seen = true,
            _ => {}
        }
    }

    /// Whether decimals are written with a comma and never with a point.
    pub(super) fn only_commas(&self) -> bool {
        self.is_comma_seen && !self.is_point_seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_to_the_last_digit() {
        for (text, quantity, unit) in [
            ("188", "188", ""),
            ("1,250.5", "1250.5", ""),
            ("1,234,567", "1234567", ""),
            ("0.0001", "0.0001", ""),
            ("100.000000", "100", ""),
            ("0", "0", ""),
            (".5", "0.5", ""),
            ("-0.0", "0", ""),
            ("1,234.5 g", "1234.5", "g"),
            ("12ea", "12", "ea"),
            ("2 fl oz", "2", "fl oz"),
            ("1000000000", "1000000000", ""),
        ] {
            let amount = parse(text, false).unwrap();
            assert_eq!(
                (amount.quantity.to_string().as_str(), amount.unit),
                (quantity, unit),
                "{text}"
            );
        }
    }

    #[test]
    fn a_wrong_quantity_is_refused_for_the_right_reason() {
        use FindingKind::{
            QuantityDecimalComma as Comma, QuantityNegative as Negative,
            QuantityNotNumber as NotNumber, QuantityTooLarge as TooLarge,
        };
        for (text, kind) in [
            ("12,5", Comma),
            ("0,125", Comma),
            ("1.234,5", Comma),
            ("1,2345", Comma),
            (",5", Comma),
            ("1.234.567,8", Comma),
            ("-5", Negative),
            ("\u{2212}5", Negative),
            ("-1,000.5", Negative),
            ("1000000000.0001", TooLarge),
            ("99999999999999999999", TooLarge),
            ("1,000,000,001", TooLarge),
            ("twelve", NotNumber),
            ("N/A", NotNumber),
            ("1e3", NotNumber),
            ("1.4E+23", NotNumber),
            ("1.2.3", NotNumber),
            ("1,,2", NotNumber),
            ("5.", NotNumber),
            (".", NotNumber),
            ("+5", NotNumber),
            ("--5", NotNumber),
            ("1,2,3", NotNumber),
            ("0.00001", NotNumber),
            ("$5", NotNumber),
            ("\u{ff15}", NotNumber),
            ("5%", NotNumber),
            ("1 000", NotNumber),
            ("-", NotNumber),
        ] {
            assert_eq!(parse(text, false), Err(kind), "{text}");
        }
    }

    #[test]
    fn one_and_a_quarter_is_never_taken_for_a_thousand_two_hundred_and_fifty() {
        assert_eq!(parse("1,250", true), Err(FindingKind::QuantityDecimalComma));
        assert!(parse("1,250.5", true).is_ok());
        assert!(parse("1,250", false).is_ok());
    }
}
