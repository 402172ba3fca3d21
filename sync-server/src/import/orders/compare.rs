//! What an order means that was sent before: the same again, a change, or a withdrawal.
//!
//! In: the order as it was last taken and as it came now. Out: which of the three, and what changed. Must
//! not: compare orders of two keys, or count fields Custody does not read.

use super::{LineInput, OrderContent, OrderInput, Request};

/// What a later message about one order asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing: the same order sent twice is one order.
    Same,
    /// Something else than before.
    Change {
        /// The fields that differ, by their names in the document; `status` when a withdrawn order is back.
        fields: Vec<&'static str>,
    },
    /// Withdraw it.
    Cancel,
}

/// Compares two messages about one order. Lines in another sequence are the same lines, and fields set aside
/// do not count.
///
/// # Panics
/// When the two are not about the same order.
#[must_use]
pub fn compare(old: &OrderInput, new: &OrderInput) -> Comparison {
    assert_eq!(old.key, new.key, "BUG: two different orders are compared");
    let fields = match (&old.request, &new.request) {
        (Request::Cancel, Request::Cancel) => return Comparison::Same,
        (Request::Fill(_), Request::Cancel) => return Comparison::Cancel,
        (Request::Cancel, Request::Fill(_)) => vec!["status"],
        (Request::Fill(old), Request::Fill(new)) => differences(old, new),
    };
    if fields.is_empty() {
        Comparison::Same
    } else {
        Comparison::Change { fields }
    }
}

fn differences(old: &OrderContent, new: &OrderContent) -> Vec<&'static str> {
    let fields = [
        ("channel", old.channel == new.channel),
        ("placed_at", old.placed_at == new.placed_at),
        ("promise", old.promise == new.promise),
        ("customer", old.customer == new.customer),
        ("lines", sorted(&old.lines) == sorted(&new.lines)),
        ("notes", old.notes == new.notes),
        ("program", old.program == new.program),
    ];
    fields
        .into_iter()
        .filter(|(_, is_same)| !is_same)
        .map(|(field, _)| field)
        .collect()
}

fn sorted(lines: &[LineInput]) -> Vec<&LineInput> {
    let mut lines: Vec<_> = lines.iter().collect();
    lines.sort_unstable();
    lines
}
