//! Whether a tag was seen before, and with the same values.
//!
//! In: rows as they are read. Out: first, the same again, or other values. Must not: let a row that was
//! refused count as seen.

use std::collections::HashMap;

use super::PackageRow;

/// What a row is to those before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    First,
    Same { line: u64 },
    Conflict { line: u64 },
}

/// The rows that were taken, by tag.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    taken: HashMap<String, (usize, u64)>,
}

impl Repeats {
    /// Looks a row up among those kept so far. The caller keeps it if it is the first.
    pub(super) fn check(&mut self, row: &PackageRow, line: u64, kept: &[PackageRow]) -> Repeat {
        match self.taken.get(row.tag.as_str()) {
            None => {
                self.taken
                    .insert(row.tag.as_str().to_owned(), (kept.len(), line));
                Repeat::First
            }
            Some((index, line)) if kept[*index] == *row => Repeat::Same { line: *line },
            Some((_, line)) => Repeat::Conflict { line: *line },
        }
    }
}
