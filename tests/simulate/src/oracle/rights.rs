//! Leases, promises and spares, judged by hand: nothing is given twice, and what is used is used up.
//!
//! In: the state before a grant, a promise or a pick. Out: what is wrong, and what must hold afterwards. Must
//! not: ask how the server came to it.

use std::cmp::Ordering;

use domain::custody::Fact;
use domain::custody::allocate::LinesAllocated;
use domain::custody::claim::{Lease, LeasedPackage};
use domain::custody::escrow::LeaseRefilled;
use domain::custody::found::ShortWithdrawn;
use domain::custody::pick::PackagePicked;
use domain::event::LeaseRef;
use domain::id::{DeviceId, ItemId, LeaseId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::quantity::Quantity;
use domain::stock::Package;

use super::judge::{After, wrong};

/// On the shelves, not promised, and a spare of no lease in force save one.
fn left(ledger: &Ledger, package: &Package, save: Option<LeaseId>) -> Quantity {
    let leases = ledger.leases.values();
    let held: u32 = leases
        .filter(|lease| !lease.orders.is_empty() && Some(lease.id) != save)
        .map(|lease| units_of(&lease.spares, &package.tag))
        .sum();
    package.on_shelves() - package.reserved - Quantity::units(held)
}

fn units_of(rights: &[LeasedPackage], tag: &PackageTag) -> u32 {
    let of_tag = rights.iter().filter(|right| right.tag == *tag);
    of_tag.map(|right| right.units).sum()
}

fn spent_of(lease: &Lease, tag: &PackageTag) -> (u32, u32) {
    let of_tag = lease.packages.iter().find(|right| right.tag == *tag);
    of_tag.map_or((0, 0), |right| (right.spent.unwrap_or(0), right.units))
}

/// Whether an act under a lease is covered by it.
pub(super) fn is_covered(
    ledger: &Ledger,
    order: &Order,
    lease: LeaseRef,
    device: DeviceId,
) -> bool {
    let known = ledger.leases.get(&lease.lease);
    let claim = order.claim.as_ref();
    known.is_some_and(|known| known.device == device)
        && claim.is_some_and(|claim| claim.lease == Some(lease.lease) && claim.fence == lease.fence)
}

/// A lease: of orders nobody else has, under a higher fence, for the enrolment the device has now.
pub(super) fn granted(before: &Ledger, lease: &Lease) -> Result<After, String> {
    let device = before.devices.get(&lease.device);
    if device.is_some_and(|device| device.generation != lease.generation) {
        return Err("a lease names another enrolment".to_owned());
    }
    for leased in &lease.orders {
        let Some(order) = before.orders.get(&leased.order) else {
            continue;
        };
        if leased.fence <= order.fence {
            return Err("a lease did not raise its fence".to_owned());
        }
        if is_held_by_another(before, order, lease.device) {
            return Err("an order was given to two devices".to_owned());
        }
    }
    let lines = lines_of(before, lease.orders.iter().map(|leased| leased.order));
    Ok(not_too_many(lease.spares.clone(), lines))
}

fn is_held_by_another(before: &Ledger, order: &Order, device: DeviceId) -> bool {
    let Some(claim) = order.claim.as_ref().filter(|claim| claim.device != device) else {
        return false;
    };
    let generation = claim.lease.and_then(|lease| before.leases.get(&lease));
    let generation = generation.map(|lease| lease.generation);
    before.devices.get(&claim.device).is_none_or(|holder| {
        holder.active && generation.is_none_or(|of_lease| of_lease == holder.generation)
    })
}

fn lines_of(ledger: &Ledger, orders: impl Iterator<Item = OrderId>) -> usize {
    let known = orders.filter_map(|order| ledger.orders.get(&order));
    known.map(|order| order.lines.len()).sum()
}

/// More spares for a lease.
pub(super) fn refilled(before: &Ledger, done: &LeaseRefilled) -> After {
    let lease = before.leases.get(&done.lease);
    let orders = lease.map(|lease| lease.orders.clone()).unwrap_or_default();
    let lines = lines_of(before, orders.iter().map(|leased| leased.order));
    not_too_many(done.spares.clone(), lines)
}

/// Lines here want three units at most, so that one spare each is a tenth and no less than one. What stands on
/// the shelves is never less than what was given away, and a tenth of each product is kept back.
fn not_too_many(spares: Vec<LeasedPackage>, lines: usize) -> After {
    Box::new(move |after| {
        let given: u32 = spares.iter().map(|spare| spare.units).sum();
        if usize::try_from(given).unwrap_or(usize::MAX) > lines {
            return wrong("a lease got more spares than a tenth");
        }
        for spare in &spares {
            let Some(package) = after.packages.get(&spare.tag) else {
                continue;
            };
            if left(after, package, None) < Quantity::ZERO {
                return wrong("a spare was leased that another has");
            }
            if reserve_of(after, package.item) < Quantity::ONE {
                return wrong("the last unit of a product was leased as a spare");
            }
        }
        Ok(())
    })
}

fn reserve_of(ledger: &Ledger, item: ItemId) -> Quantity {
    let of_item = ledger.packages.values().filter(|one| one.item == item);
    let sellable = of_item.filter(|one| one.is_fit_for_sale());
    let units = sellable.map(|one| left(ledger, one, None));
    units.filter(|units| *units > Quantity::ZERO).sum()
}

/// A promise: of what is free and may be sold, the oldest first.
pub(super) fn allocated(before: &Ledger, done: &LinesAllocated) -> Result<After, String> {
    let order = before.orders.get(&done.order);
    let own = order.and_then(|order| order.claim.as_ref()?.lease);
    let mut given: Vec<(PackageTag, Vec<PackageTag>)> = Vec::new();
    for line in &done.lines {
        let of_order = order.and_then(|order| order.line(line.line));
        for allocation in &line.packages {
            let Some(package) = before.packages.get(&allocation.tag) else {
                continue;
            };
            if package.hold {
                return Err("a package on hold was promised".to_owned());
            }
            let is_older = |one: &&Package| {
                let is_wanted = of_order.is_some_and(|line| !line.was_searched_for(&one.tag));
                let is_first = one.oldest_first(package) == Ordering::Less;
                is_wanted && is_first && one.item == package.item && one.is_fit_for_sale()
            };
            let all = done.lines.iter().flat_map(|line| &line.packages);
            let given_too: Vec<&PackageTag> = all.map(|one| &one.tag).collect();
            let older = before.packages.values().filter(is_older);
            let older = older.filter(|one| !given_too.contains(&&one.tag));
            let older = older.map(|one| one.tag.clone()).collect();
            given.push((allocation.tag.clone(), older));
        }
    }
    Ok(Box::new(move |after| {
        let free = |tag: &PackageTag| after.packages.get(tag).map(|one| left(after, one, own));
        for (tag, older) in &given {
            if free(tag).is_some_and(|units| units < Quantity::ZERO) {
                return wrong("a unit was promised that another has");
            }
            let has_unit = |tag: &PackageTag| free(tag).is_some_and(|units| units >= Quantity::ONE);
            if older.iter().any(has_unit) {
                return wrong("an older package was left for later");
            }
        }
        Ok(())
    }))
}

/// Units of a package an order's line has still to fetch.
fn to_fetch(ledger: &Ledger, order: OrderId, line: u16, tag: &PackageTag) -> u32 {
    let order = ledger.orders.get(&order);
    let open = order.into_iter().flat_map(Order::to_pick);
    let of_tag = open.filter(|(of, promised, _)| of.number == line && *promised == tag);
    of_tag.map(|(_, _, units)| units).sum()
}

/// What was reported missing is there: its line gets no more than it wants and nobody else has, and no younger package is
/// fetched while units of the report are free.
pub(super) fn found(before: &Ledger, done: &ShortWithdrawn) -> After {
    let done = done.clone();
    let was = to_fetch(before, done.order, done.line, &done.tag);
    let is_regular = has_only_what_was_promised(before, done.order, done.line);
    Box::new(move |after| {
        let order = after.orders.get(&done.order);
        let line = order.and_then(|order| order.line(done.line));
        let package = after.packages.get(&done.tag);
        let (Some(order), Some(line), Some(package)) = (order, line, package) else {
            return Ok(());
        };
        let free = left(after, package, None);
        let has_come = to_fetch(after, done.order, done.line, &done.tag) > was;
        if has_come && free < Quantity::ZERO {
            return wrong("what was found was promised twice");
        }
        let promised: u32 = line.allocations.iter().map(|one| one.units).sum();
        if has_come && promised + line.done_without.unwrap_or(0) > line.units {
            return wrong("more was promised than is wanted, for some was found");
        }
        let mut younger = order.to_pick().filter(|(of, tag, _)| {
            let other = after.packages.get(*tag);
            of.number == done.line
                && other.is_some_and(|one| package.oldest_first(one) == Ordering::Less)
        });
        let mut reported = line.allocations.iter().filter_map(|one| one.missed);
        let is_left = reported.any(|missed| missed.event == done.report);
        let is_open = order.status < Status::Sealed;
        let is_free = free >= Quantity::ONE && package.is_fit_for_sale();
        match is_regular && is_open && is_left && is_free && younger.next().is_some() {
            true => wrong("a younger package is fetched although the older was found"),
            false => Ok(()),
        }
    })
}

/// Whether all that was taken for a line was promised to it. Of what somebody took for it without, a part stands in the
/// place of what was reported, and nobody can say which.
fn has_only_what_was_promised(ledger: &Ledger, order: OrderId, line: u16) -> bool {
    let order = ledger.orders.get(&order);
    let Some((order, line)) = order.and_then(|order| Some((order, order.line(line)?))) else {
        return true;
    };
    let promised_of = |tag: &PackageTag| {
        let of_tag = line.allocations.iter().filter(|one| one.tag == *tag);
        of_tag.map(|one| one.units).sum::<u32>()
    };
    order.picks.iter().all(|pick| {
        let same = order.picks.iter();
        let same = same.filter(|one| one.line == pick.line && one.tag == pick.tag);
        pick.line != line.number
            || u32::try_from(same.count()).is_ok_and(|taken| taken <= promised_of(&pick.tag))
    })
}

/// A pick under a lease uses up what it takes.
pub(super) fn spent(before: &Ledger, fact: &Fact<'_>, done: &PackagePicked) -> After {
    let nothing: After = Box::new(|_| Ok(()));
    let (Some(named), Some(order)) = (fact.envelope.lease, before.orders.get(&done.order)) else {
        return nothing;
    };
    let covered = is_covered(before, order, named, fact.envelope.device);
    let Some(lease) = before.leases.get(&named.lease).filter(|_| covered) else {
        return nothing;
    };
    let mut open = order.to_pick();
    let is_promised = open.any(|(line, tag, _)| line.number == done.line && *tag == done.tag);
    let (id, tag) = (lease.id, done.tag.clone());
    let (spent, units) = spent_of(lease, &tag);
    let spares = units_of(&lease.spares, &tag);
    let is_in_force = !lease.orders.is_empty();
    Box::new(move |after| {
        let Some(lease) = after.leases.get(&id) else {
            return Ok(());
        };
        if is_promised && spent < units && spent_of(lease, &tag).0 != spent + 1 {
            return wrong("a pick used nothing up");
        }
        let is_spare = !is_promised && is_in_force && spares > 0;
        if is_spare && units_of(&lease.spares, &tag) != spares - 1 {
            return wrong("a spare was taken and is still there");
        }
        Ok(())
    })
}
