//! What lies in the tote against what was ordered, line by line.
//!
//! In: an order and the packages it was picked from. Out: each package of each line with the units that are due of it, and
//! the first line that is not right. Must not: let one unit too many on a line stand for one that is missing on another.

use crate::id::{ItemId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Line, Order, Pick};
use crate::verdict::{Reason, Refusal};

/// One package of one line, or what no package in the tote stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line's number.
    pub line: u16,
    /// The package; `None`: nobody has promised one.
    pub tag: Option<PackageTag>,
    /// The product; `None`: nobody knows the package.
    pub item: Option<ItemId>,
    /// Units of it that belong in the tote.
    pub due: u32,
    /// Units of it that lie in the tote.
    pub picked: u32,
    /// Those of them that were scanned again at the pack station.
    pub verified: u32,
}

/// What lies in the tote and what is missing there, in the order of the lines.
#[must_use]
pub fn rows(ledger: &Ledger, order: &Order) -> Vec<Row> {
    let mut rows: Vec<Row> = order
        .lines
        .iter()
        .flat_map(|line| of_line(ledger, order, line))
        .collect();
    let is_ordered = |pick: &&Pick| order.line(pick.line).is_none();
    for pick in order.picks.iter().filter(is_ordered) {
        add(&mut rows, ledger, pick);
    }
    rows
}

fn of_line(ledger: &Ledger, order: &Order, line: &Line) -> Vec<Row> {
    let mut rows = Vec::new();
    for pick in order.picks.iter().filter(|pick| pick.line == line.number) {
        add(&mut rows, ledger, pick);
    }
    let promised = |tag: &PackageTag| {
        let mut promises = line.allocations.iter();
        promises
            .find(|one| one.tag == *tag)
            .map_or(0, |one| one.units)
    };
    // What was promised counts first: what is too much is found on what was not.
    rows.sort_by_key(|row| row.tag.as_ref().map_or(0, &promised) == 0);
    let fills = |row: &Row| row.item == Some(line.item);
    let filled: u32 = rows
        .iter()
        .filter(|row| fills(row))
        .map(|row| row.picked)
        .sum();
    // What was reported missing, and then found all the same, was ordered.
    let mut due = filled.clamp(line.units.saturating_sub(line.short), line.units);
    for row in rows.iter_mut().filter(|row| fills(row)) {
        row.due = row.picked.min(due);
        due -= row.due;
    }
    if due > 0 {
        let is_open = |tag: &PackageTag| order.picked_of(line.number, tag) < promised(tag);
        let mut tags = line.allocations.iter().map(|one| &one.tag);
        let tag = tags.find(|tag| is_open(tag)).cloned();
        match rows.iter_mut().find(|row| tag.is_some() && row.tag == tag) {
            Some(row) => row.due += due,
            None => rows.push(Row {
                line: line.number,
                tag,
                item: Some(line.item),
                due,
                picked: 0,
                verified: 0,
            }),
        }
    }
    rows.sort_by(|one, other| one.tag.cmp(&other.tag));
    rows
}

fn add(rows: &mut Vec<Row>, ledger: &Ledger, pick: &Pick) {
    let is_same = |row: &Row| row.line == pick.line && row.tag.as_ref() == Some(&pick.tag);
    let at = rows.iter().position(is_same).unwrap_or_else(|| {
        rows.push(Row {
            line: pick.line,
            tag: Some(pick.tag.clone()),
            item: ledger.packages.get(&pick.tag).map(|package| package.item),
            due: 0,
            picked: 0,
            verified: 0,
        });
        rows.len() - 1
    });
    rows[at].picked += 1;
    rows[at].verified += u32::from(pick.verified);
}

/// Refuses an order whose tote does not hold what its lines say, and names the product: what is too much first, for the
/// place of what is missing is only known once that is out.
///
/// # Errors
/// When a line has more units than were ordered, or fewer than are due.
pub fn require(ledger: &Ledger, order: &Order) -> Result<(), Refusal> {
    let rows = rows(ledger, order);
    let named = |row: &Row, reason| Refusal {
        expected: row.tag.clone().or_else(|| any_of(ledger, row.item?)),
        ..Refusal::because(reason)
    };
    if let Some(row) = rows.iter().find(|row| row.picked > row.due) {
        return Err(named(row, Reason::LineTooMany));
    }
    match rows.iter().find(|row| row.picked < row.due) {
        Some(row) => Err(named(row, Reason::LineMissing)),
        None => Ok(()),
    }
}

/// Some package of a product, by which a screen finds its name.
fn any_of(ledger: &Ledger, item: ItemId) -> Option<PackageTag> {
    let mut packages = ledger.packages.values();
    packages
        .find(|package| package.item == item)
        .map(|package| package.tag.clone())
}
