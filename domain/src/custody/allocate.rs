//! Exact packages for every line, oldest sellable first.
//!
//! In: the ledger and a day. Out: the allocation as a fact. Must not: promise what is on hold, untested,
//! expired, or promised to somebody else.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::custody::arrive::add_concern;
use crate::custody::escrow::{self, Offer};
use crate::custody::limit::{self, CameTo, Judged};
use crate::id::{ItemId, LeaseId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Allocation, Concern, Line, Order, Status};
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
    /// What purchase limits say of all that was ordered; `None` where the shop has none.
    #[n(2)]
    pub judged: Option<Judged>,
}

/// Plans the packages for the open part of an order. A line nobody can fill gets nothing.
#[must_use]
pub fn plan(ledger: &Ledger, order: &Order, today: Day) -> LinesAllocated {
    let mut promised: Vec<(PackageTag, Quantity)> = Vec::new();
    let mut lines = Vec::new();
    let offer = Offer::to(ledger, order);
    for line in &order.lines {
        // To look for packages is the dear part, and most lines of an order that is looked at again are full.
        let packages = match line.lacking() {
            0 => Vec::new(),
            _ => fill(sellable(ledger, line, today), line, &offer, &mut promised),
        };
        lines.push(LineAllocation {
            line: line.number,
            packages,
        });
    }
    // Orders that wait for goods are looked at again and again; they are judged when there is something to record.
    let is_news = order.status == Status::New || lines.iter().any(|line| !line.packages.is_empty());
    let judged = is_news
        .then(|| limit::ordered(ledger, order, today))
        .flatten()
        .map(|found| found.told(false));
    LinesAllocated {
        order: order.id,
        lines,
        judged,
    }
}

/// What purchase limits say of an order that nobody has in hand, if that is other than what is known of it: what a product
/// holds was told since. An order in hand is judged by what is in its tote.
#[must_use]
pub fn judged_anew(ledger: &Ledger, order: &Order, today: Day) -> Option<LinesAllocated> {
    let waits = matches!(
        order.status,
        Status::Ready | Status::Claimed | Status::Short
    );
    let judged = waits
        .then(|| limit::ordered(ledger, order, today))
        .flatten()?
        .told(false);
    let is_over = judged.came_to == CameTo::Over;
    let is_news = is_over != order.concerns.contains(&Concern::OverLimit);
    is_news.then(|| LinesAllocated {
        order: order.id,
        lines: Vec::new(),
        judged: Some(judged),
    })
}

fn fill(
    sellable: Vec<&Package>,
    line: &Line,
    offer: &Offer,
    promised: &mut Vec<(PackageTag, Quantity)>,
) -> Vec<Allocation> {
    let mut wanted = line.lacking();
    let mut packages = Vec::new();
    for package in sellable {
        let already: Quantity = promised
            .iter()
            .filter(|(tag, _)| *tag == package.tag)
            .map(|(_, units)| *units)
            .sum();
        let free = (offer.of(package) - already).whole_units();
        let units = free.min(wanted);
        if units > 0 {
            packages.push(Allocation::of(package.tag.clone(), units));
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
    let mut packages = sellable_of(ledger, line.item, today);
    packages.retain(|package| !line.was_searched_for(&package.tag));
    packages
}

/// Packages of a product that may be sold by the unit, oldest first.
pub(crate) fn sellable_of(ledger: &Ledger, item: ItemId, today: Day) -> Vec<&Package> {
    let mut packages: Vec<&Package> = ledger
        .packages
        .values()
        .filter(|package| package.item == item && package.unit == UnitOfMeasure::Each)
        .filter(|package| {
            package.unsellable(today).is_none() || mutated("allocate_promises_what_is_on_hold")
        })
        .collect();
    packages.sort_by(|one, other| one.oldest_first(other));
    if mutated("allocate_takes_the_newest_first") {
        packages.reverse();
    }
    packages
}

/// Takes an allocation in. What is promised to a line or from a package nobody knows binds nothing.
pub fn evolve(ledger: &mut Ledger, done: &LinesAllocated) {
    let known = |allocation: &&Allocation| ledger.packages.contains_key(&allocation.tag);
    let given: Vec<(u16, Allocation)> = done
        .lines
        .iter()
        .flat_map(|given| {
            let packages = given.packages.iter().filter(known);
            packages.map(|allocation| (given.line, allocation.clone()))
        })
        .collect();
    lease_too(ledger, done.order, &given);
    change(ledger, done.order, |order| {
        if order.status.is_closed() {
            return;
        }
        for (line, allocation) in given {
            if let Some(line) = order.lines.iter_mut().find(|known| known.number == line) {
                promise(line, allocation);
            }
        }
        for line in &mut order.lines {
            line.found();
        }
        if let Some(judged) = &done.judged {
            order.concerns.retain(|known| *known != Concern::OverLimit);
            if judged.came_to == CameTo::Over {
                add_concern(order, Concern::OverLimit);
            }
        }
        settle(order);
    });
}

/// What is promised to a leased order is a right of its lease from then on.
fn lease_too(ledger: &mut Ledger, order: OrderId, given: &[(u16, Allocation)]) {
    let Some((lease, taken)) = rights(ledger, order, given) else {
        return;
    };
    for (tag, units) in taken {
        escrow::turn(ledger, lease, &tag, units);
    }
}

fn rights(
    ledger: &Ledger,
    order: OrderId,
    given: &[(u16, Allocation)],
) -> Option<(LeaseId, Vec<(PackageTag, u32)>)> {
    let order = ledger.orders.get(&order)?;
    let lease = escrow::lease_with(ledger, order)?.id;
    if order.status.is_closed() {
        return None;
    }
    let of_lines = given.iter().filter(|(line, _)| order.line(*line).is_some());
    let taken = of_lines.map(|(_, one)| (one.tag.clone(), one.units));
    Some((lease, taken.collect()))
}

pub(crate) fn promise(line: &mut Line, allocation: Allocation) {
    let known = line
        .allocations
        .iter_mut()
        .find(|known| known.tag == allocation.tag);
    match known {
        Some(known) => known.units = known.units.saturating_add(allocation.units),
        None => line.allocations.push(allocation),
    }
}

/// Changes an order's lines or picks. Each package's promised units follow from what the order still has to
/// fetch of it, so that a promise can neither outlive its order nor be given back twice.
pub(crate) fn change(ledger: &mut Ledger, order: OrderId, act: impl FnOnce(&mut Order)) {
    let Some(order) = ledger.order_mut(&order) else {
        return;
    };
    let mut difference = promised(order);
    difference.values_mut().for_each(|units| *units = -*units);
    act(order);
    for (tag, units) in promised(order) {
        *difference.entry(tag).or_default() += units;
    }
    for (tag, units) in difference {
        if units != Quantity::ZERO
            && let Some(package) = ledger.package_mut(&tag)
        {
            let is_back = units < Quantity::ZERO;
            if is_back && mutated("allocate_gives_no_promise_back") {
                continue;
            }
            package.reserved += units;
        }
    }
}

fn promised(order: &Order) -> BTreeMap<PackageTag, Quantity> {
    let mut promised = BTreeMap::new();
    for (_, tag, units) in order.to_pick() {
        *promised.entry(tag.clone()).or_default() += Quantity::units(units);
    }
    promised
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
