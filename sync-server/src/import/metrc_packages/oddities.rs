//! Records that are no packages: headings again, totals, nothing at all.
//!
//! In: one record. Out: yes or no. Must not: take a package with a fault for one of these; its fault would
//! never be reported.

use csv::StringRecord;

use super::columns::{Column, ColumnMap, is_heading_of};

/// A package has a tag, an item, a quantity, a unit and a date at least, so it fills more cells than this.
const TOTAL_CELLS_MAX: usize = 4;
const TOTAL_WORDS: [&str; 5] = ["total", "totals", "grand", "subtotal", "sum"];

pub(super) fn is_empty(cells: &StringRecord) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// The three headings a file cannot do without, in any order: joined exports may differ in theirs.
pub(super) fn are_headings(cells: &StringRecord, map: &ColumnMap) -> bool {
    // Where the quantity stands no heading begins with a digit, which settles nearly every record.
    let quantity = map.cell(cells, Column::Quantity).unwrap_or("");
    let names = |column| cells.iter().any(|cell| is_heading_of(column, cell));
    !quantity.starts_with(|c: char| c.is_ascii_digit())
        && names(Column::Quantity)
        && names(Column::Tag)
        && names(Column::Item)
}

/// `Total`, `Grand Total:`, `Total Records: 200`, or a quantity alone.
pub(super) fn is_total(cells: &StringRecord, map: &ColumnMap) -> bool {
    let mut filled = cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else {
        return false;
    };
    if filled.nth(TOTAL_CELLS_MAX - 1).is_some() {
        return false;
    }
    let word = first
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or("")
        .to_lowercase();
    let filled_at = |column| {
        map.cell(cells, column)
            .is_some_and(|cell| !cell.trim().is_empty())
    };
    let is_sum_alone = filled_at(Column::Quantity)
        && !filled_at(Column::Tag)
        && !filled_at(Column::Item)
        && !filled_at(Column::Location)
        && !filled_at(Column::Packaged);
    TOTAL_WORDS.contains(&word.as_str()) || is_sum_alone
}
