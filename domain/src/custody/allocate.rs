//! Exact packages for every line, oldest sellable first.
//!
//! In: the ledger and a day. Out: the allocation as a fact. Must not: promise what is on hold, untested,
//! expired, or promised to somebody else.

use minicbor::{Decode, Encode};

use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Allocation, Line, Order, Status};
use crate::quantity::{Quantity, UnitOfMeasure};
use crate::stock::Package;
use crate::time::Day;

/// Packages promised to one line.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LineAllocation {
    /// The line.
    #[n(0)]
    pub line: u16,
    /// Packages and units, in addition to what the line has.
    #[n(1)]
    pub packages: Vec<Allocation>,
}

/// Exact packages were promised to an order's lines.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LinesAllocated {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// What each line gets.
    #[n(1)]
    pub lines: Vec<LineAllocation>,
}

/// Plans the packages for the open part of an order. A line nobody can fill gets nothing.
#[must_use]
pub fn plan(ledger: &Ledger, order: &Order, today: Day) -> LinesAllocated {
    let mut promised: Vec<(PackageTag, Quantity)> = Vec::new();
    let mut lines = Vec::new();
    for line in &order.lines {
        let packages = fill(ledger, line, today, &mut promised);
        lines.push(LineAllocation {
            line: line.number,
            packages,
        });
    }
    LinesAllocated {
        order: order.id,
        lines,
    }
}

fn fill(
    ledger: &Ledger,
    line: &Line,
    today: Day,
    promised: &mut Vec<(PackageTag, Quantity)>,
) -> Vec<Allocation> {
    let mut wanted = line.unallocated();
    let mut packages = Vec::new();
    for package in sellable(ledger, line, today) {
        let already: Quantity = promised
            .iter()
            .filter(|(tag, _)| *tag == package.tag)
            .map(|(_, units)| *units)
            .sum();
        let free = (package.available() - already).whole_units();
        let units = free.min(wanted);
        if units > 0 {
            packages.push(Allocation {
                tag: package.tag.clone(),
                units,
            });
            promised.push((package.tag.clone(), Quantity::units(units)));
            wanted -= units;
        }
        if wanted == 0 {
            break;
        }
    }
    packages
}

/// Packages of a line's product that may be sold by the unit, oldest first. What the picker of this line
/// could not find is not offered to the same line again.
fn sellable<'a>(ledger: &'a Ledger, line: &Line, today: Day) -> Vec<&'a Package> {
    let searched = |tag: &PackageTag| {
        line.short > 0
            && line
                .allocations
                .iter()
                .any(|allocation| allocation.tag == *tag)
    };
    let mut packages: Vec<&Package> = ledger
        .packages
        .values()
        .filter(|package| package.item == line.item && package.unit == UnitOfMeasure::Each)
        .filter(|package| package.unsellable(today).is_none() && !searched(&package.tag))
        .collect();
    packages.sort_by(|one, other| one.oldest_first(other));
    packages
}

/// Takes an allocation in.
pub fn evolve(ledger: &mut Ledger, done: &LinesAllocated) {
    for given in &done.lines {
        for allocation in &given.packages {
            if let Some(package) = ledger.package_mut(&allocation.tag) {
                package.reserved += Quantity::units(allocation.units);
            }
        }
    }
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    for given in &done.lines {
        let Some(line) = order
            .lines
            .iter_mut()
            .find(|line| line.number == given.line)
        else {
            continue;
        };
        for allocation in &given.packages {
            let known = line
                .allocations
                .iter_mut()
                .find(|known| known.tag == allocation.tag);
            match known {
                Some(known) => known.units += allocation.units,
                None => line.allocations.push(allocation.clone()),
            }
        }
        line.short = line.short.min(line.unallocated());
    }
    settle(order);
}

/// Gives back what is promised to an order and still on the shelf.
pub(crate) fn release(ledger: &mut Ledger, order: OrderId) {
    let Some(order) = ledger.orders.get(&order) else {
        return;
    };
    let open: Vec<(PackageTag, u32)> = order
        .to_pick()
        .map(|(_, tag, units)| (tag.clone(), units))
        .collect();
    let order = order.id;
    for (tag, units) in open {
        if let Some(package) = ledger.package_mut(&tag) {
            package.reserved -= Quantity::units(units);
        }
    }
    let Some(order) = ledger.order_mut(&order) else {
        return;
    };
    let picks = order.picks.clone();
    for line in &mut order.lines {
        for allocation in &mut line.allocations {
            let picked = picks
                .iter()
                .filter(|pick| pick.line == line.number && pick.tag == allocation.tag)
                .count();
            allocation.units = u32::try_from(picked).unwrap_or(u32::MAX);
        }
        line.allocations.retain(|allocation| allocation.units > 0);
    }
}

/// Sets the status that an order's lines and picks amount to, up to and including `Picked`.
pub(crate) fn settle(order: &mut Order) {
    if order.status > Status::Picked && order.status != Status::Short {
        return;
    }
    let missing = order
        .lines
        .iter()
        .any(|line| line.unallocated() > line.short);
    let picked = order.units_picked();
    order.status = if picked > 0 && picked >= order.units_due() {
        Status::Picked
    } else if picked > 0 {
        Status::Picking
    } else if missing || order.units_due() == 0 {
        Status::Short
    } else if order.claim.is_some() {
        Status::Claimed
    } else {
        Status::Ready
    };
}
