//! What is free and what is older, told a second time: by looking, never by the ledger's own sums.

use std::collections::BTreeSet;

use domain::custody::allocate::LinesAllocated;
use domain::custody::claim::Lease;
use domain::id::{LeaseId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::{Line, Order};
use domain::quantity::UnitOfMeasure;
use domain::stock::{LabStatus, Package, Place};
use domain::time::Day;

/// What is sold first has the smaller age: the last day, a year after it came when there is none; then the day it came;
/// then the tag.
fn age(package: &Package) -> (i32, i32, String) {
    let came = package.received.or(package.packaged).map_or(0, |day| day.0);
    let last = package.expires.map_or(came + 365, |day| day.0);
    (last, came, package.tag.to_string())
}

fn is_sellable(package: &Package, today: Day) -> bool {
    let is_in_date = package.expires.is_none_or(|last| today <= last);
    package.lab == LabStatus::Passed
        && !package.hold
        && is_in_date
        && package.unit == UnitOfMeasure::Each
}

fn on_shelves(package: &Package) -> i64 {
    let shelves = package.places.iter();
    let shelves = shelves.filter(|(place, _)| matches!(place, Place::Shelf(_)));
    shelves.map(|(_, quantity)| quantity.0 / 10_000).sum()
}

/// Units of a package that orders still wait for.
fn waited_for(ledger: &Ledger, tag: &PackageTag) -> i64 {
    let mut sum = 0;
    for order in ledger.orders.values() {
        if order.status.is_closed() {
            continue;
        }
        for line in &order.lines {
            for one in line.allocations.iter().filter(|one| one.tag == *tag) {
                let picks = order.picks.iter();
                let picks = picks.filter(|pick| pick.line == line.number && pick.tag == *tag);
                let picked = i64::try_from(picks.count()).unwrap();
                sum += (i64::from(one.units) - picked).max(0);
            }
        }
    }
    sum
}

/// Units of a package that devices hold as spares, but for one lease.
fn spare(ledger: &Ledger, tag: &PackageTag, but: Option<LeaseId>) -> i64 {
    let leases = ledger.leases.values();
    let leases = leases.filter(|lease| !lease.orders.is_empty() && Some(lease.id) != but);
    let spares = leases.flat_map(|lease| &lease.spares);
    let spares = spares.filter(|spare| spare.tag == *tag);
    spares.map(|spare| i64::from(spare.units)).sum()
}

fn was_searched(line: &Line, tag: &PackageTag) -> bool {
    let mut own = line.allocations.iter();
    own.any(|one| one.tag == *tag && one.missing.is_some())
}

fn units_of(line: &Line) -> i64 {
    let promised: i64 = line
        .allocations
        .iter()
        .map(|one| i64::from(one.units))
        .sum();
    i64::from(line.units) - promised
}

/// Judges a promise: no younger package while an older one that may be sold has units nobody else has a right to, and
/// no line left short while any has. How many promises there were.
pub fn judge_promise(ledger: &Ledger, order: &Order, given: &LinesAllocated, today: Day) -> usize {
    let own = order.claim.as_ref().and_then(|claim| claim.lease);
    let mut given_before: Vec<(PackageTag, i64)> = Vec::new();
    let mut promises = 0;
    for line in &order.lines {
        let packages = given.lines.iter().filter(|one| one.line == line.number);
        let packages: Vec<_> = packages.flat_map(|one| &one.packages).collect();
        for one in &packages {
            let package = &ledger.packages[&one.tag];
            assert!(one.units > 0 && package.item == line.item);
            assert!(is_sellable(package, today), "{package:?} is not to be sold");
            assert!(!was_searched(line, &one.tag), "searched in vain before");
            given_before.push((one.tag.clone(), i64::from(one.units)));
            promises += 1;
        }
        let left = |package: &Package| {
            let own_given = given_before.iter().filter(|(tag, _)| *tag == package.tag);
            let own_given: i64 = own_given.map(|(_, units)| *units).sum();
            let taken = waited_for(ledger, &package.tag) + spare(ledger, &package.tag, own);
            on_shelves(package) - taken - own_given
        };
        let mut youngest = None;
        for one in &packages {
            let package = &ledger.packages[&one.tag];
            assert!(left(package) >= 0, "promised twice: {package:?}");
            youngest = youngest.max(Some(age(package)));
        }
        let given_now: i64 = packages.iter().map(|one| i64::from(one.units)).sum();
        assert!(given_now <= units_of(line).max(0), "more than was ordered");
        let is_short = given_now < units_of(line);
        for package in ledger.packages.values() {
            let is_of_line = package.item == line.item && !was_searched(line, &package.tag);
            if is_of_line && is_sellable(package, today) && left(package) > 0 {
                assert!(!is_short, "{package:?} would fill line {}", line.number);
                let is_older = Some(age(package)) < youngest;
                assert!(!is_older, "{package:?} is older than {youngest:?}");
            }
        }
    }
    promises
}

/// Judges a lease: no younger spare while an older package of the product has units that are free, save those its lines
/// wait for or had searched. How many spares it has.
pub fn judge_spares(ledger: &Ledger, lease: &Lease, today: Day) -> usize {
    let orders: BTreeSet<OrderId> = lease.orders.iter().map(|one| one.order).collect();
    let lines = || orders.iter().flat_map(|order| &ledger.orders[order].lines);
    for given in &lease.spares {
        let younger = &ledger.packages[&given.tag];
        assert!(is_sellable(younger, today));
        let is_used = |package: &Package| {
            let mut own = lines().flat_map(|line| &line.allocations);
            own.any(|one| one.tag == package.tag)
        };
        for package in ledger.packages.values() {
            let is_older = package.item == younger.item && age(package) < age(younger);
            if !is_older || !is_sellable(package, today) || is_used(package) {
                continue;
            }
            let own = lease.spares.iter().filter(|spare| spare.tag == package.tag);
            let own: i64 = own.map(|spare| i64::from(spare.units)).sum();
            let taken = waited_for(ledger, &package.tag) + spare(ledger, &package.tag, None);
            let free = on_shelves(package) - taken - own;
            assert!(free <= 0, "{package:?} is older than {younger:?}");
        }
    }
    lease.spares.len()
}

/// Judges what a picker is sent to in place of what he could not find: the oldest his lease has for the line.
pub fn judge_substitute(ledger: &Ledger, order: &Order, line: &Line, tag: &PackageTag) {
    let lease = order.claim.as_ref().and_then(|claim| claim.lease).unwrap();
    let sent = &ledger.packages[tag];
    for spare in ledger.leases[&lease]
        .spares
        .iter()
        .filter(|spare| spare.units > 0)
    {
        let package = &ledger.packages[&spare.tag];
        let is_fit = package.lab == LabStatus::Passed && !package.hold;
        if package.item == line.item && is_fit && !was_searched(line, &spare.tag) {
            assert!(
                age(sent) <= age(package),
                "{package:?} is older than {sent:?}"
            );
        }
    }
}
