//! An older package was passed over: a picker said why it could not be taken, and a younger one went into the tote.
//!
//! In: an order and what it was promised. Out: each package passed over, with the one that was taken. Must not: judge; the
//! reason is in the log, and a count of the place says whether it holds.

use std::cmp::{Ordering, Reverse};

use crate::custody::short::Missed;
use crate::ledger::Ledger;
use crate::order::{Line, Order};
use crate::stock::Package;

/// A package that was passed over for an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassedOver<'a> {
    /// The order.
    pub order: &'a Order,
    /// What should have been taken.
    pub older: &'a Package,
    /// What was taken instead.
    pub younger: &'a Package,
    /// Units of the younger one in this order's tote or bag, as many as were reported missing at most.
    pub units: u32,
    /// Who reported the older one missing, and why; `None`: it was reported before that was kept.
    pub missed: Option<Missed>,
}

impl PassedOver<'_> {
    /// Whether the record has units of the older one on a shelf still. Once they are sold, or counted as gone, there is nothing
    /// to take.
    #[must_use]
    pub fn is_still_there(&self) -> bool {
        self.older.on_shelves().whole_units() > 0
    }
}

/// The packages passed over for an order.
#[must_use]
pub fn of_order<'a>(ledger: &'a Ledger, order: &'a Order) -> Vec<PassedOver<'a>> {
    let lines = order.lines.iter();
    lines
        .flat_map(|line| of_line(ledger, order, line))
        .collect()
}

fn of_line<'a>(ledger: &'a Ledger, order: &'a Order, line: &'a Line) -> Vec<PassedOver<'a>> {
    let mut found = Vec::new();
    for allocation in &line.allocations {
        let older = ledger.packages.get(&allocation.tag);
        let (Some(mut left), Some(older)) = (allocation.missing, older) else {
            continue;
        };
        // What was promised beside it from the first is the older part: the youngest stands in.
        for (younger, picked) in taken_after(ledger, order, line, older) {
            let units = picked.min(left);
            left -= units;
            if units > 0 {
                found.push(PassedOver {
                    order,
                    older,
                    younger,
                    units,
                    missed: allocation.missed,
                });
            }
        }
    }
    found
}

/// Packages younger than another that a line was filled from, the youngest first, with the units of each.
fn taken_after<'a>(
    ledger: &'a Ledger,
    order: &Order,
    line: &Line,
    older: &Package,
) -> Vec<(&'a Package, u32)> {
    let is_younger =
        |one: &&Package| one.item == older.item && older.oldest_first(one) == Ordering::Less;
    let tags = line.allocations.iter().map(|one| &one.tag);
    let known = tags.filter_map(|tag| ledger.packages.get(tag));
    let mut younger: Vec<&Package> = known.filter(is_younger).collect();
    younger.sort_by(|one, other| other.oldest_first(one));
    let with_units = younger
        .into_iter()
        .map(|one| (one, order.picked_of(line.number, &one.tag)));
    with_units.collect()
}

/// All that were passed over and stand there still by the record, what was reported last first.
#[must_use]
pub fn still_there(ledger: &Ledger) -> Vec<PassedOver<'_>> {
    let orders = ledger.orders.values();
    let all = orders.flat_map(|order| of_order(ledger, order));
    let mut all: Vec<PassedOver<'_>> = all.filter(PassedOver::is_still_there).collect();
    all.sort_by_key(|one| Reverse(one.missed.map(|missed| missed.event)));
    all
}
