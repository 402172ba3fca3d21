//! What is held, and what is let go: looked up by hand before and after.
//!
//! In: the state before a fact. Out: what must hold afterwards. Must not: ask the rule it judges.

use domain::custody::hold::{Held, StockHeld, StockReleased};
use domain::custody::receive::StockImported;
use domain::id::PackageTag;
use domain::ledger::Ledger;
use domain::stock::Package;

use super::{After, wrong};

fn covers(what: &Held, package: &Package) -> bool {
    match what {
        Held::Package(tag) => package.tag == *tag,
        Held::Product(item) => package.item == *item,
        Held::Batch(batch) => package.batch.as_ref() == Some(batch),
    }
}

fn own_holds<'a>(ledger: &'a Ledger, package: &'a Package) -> impl Iterator<Item = &'a Held> {
    let store = ledger.stores.get(&0);
    let holds = store.and_then(|store| store.holds.as_ref());
    let all = holds.into_iter().flatten().map(|hold| &hold.what);
    all.filter(|what| covers(what, package))
}

fn is_promised(ledger: &Ledger, tag: &PackageTag) -> bool {
    let open = ledger
        .orders
        .values()
        .filter(|order| !order.status.is_closed());
    let mut lines = open.flat_map(|order| order.lines.iter().map(move |line| (order, line)));
    lines.any(|(order, line)| {
        let promised = line.allocations.iter().find(|one| one.tag == *tag);
        let picked = order.picks.iter();
        let picked = picked.filter(|pick| pick.line == line.number && pick.tag == *tag);
        let picked = u32::try_from(picked.count()).unwrap_or(u32::MAX);
        promised.is_some_and(|promised| promised.units > picked)
    })
}

/// Nothing of it can be sold, and nobody is promised what was not fetched yet.
pub(super) fn held(done: &StockHeld) -> After {
    let what = done.what.clone();
    Box::new(move |after| {
        for package in after.packages.values() {
            if covers(&what, package) && !package.hold {
                return wrong("a package was held, and may be sold");
            }
            if covers(&what, package) && is_promised(after, &package.tag) {
                return wrong("a package was held, and an order is still promised some of it");
            }
        }
        Ok(())
    })
}

/// A file of the state ends no hold of the shop's own.
pub(super) fn listed(before: &Ledger, done: &StockImported) -> After {
    let listed = done.packages.iter();
    let known = listed.filter_map(|listed| before.packages.get(&listed.tag));
    let held = known.filter(|package| own_holds(before, package).next().is_some());
    let tags: Vec<PackageTag> = held.map(|package| package.tag.clone()).collect();
    Box::new(move |after| {
        let is_held = |tag| after.packages.get(tag).is_none_or(|package| package.hold);
        match tags.iter().all(is_held) {
            true => Ok(()),
            false => wrong("a file of the state ended a hold of the shop's own"),
        }
    })
}

/// What nobody else holds may be sold again; what the state holds may not.
pub(super) fn released(before: &Ledger, done: &StockReleased) -> After {
    let store = before.stores.get(&0);
    let holds = store.and_then(|store| store.holds.as_ref());
    let mut holds = holds.into_iter().flatten();
    let Some(hold) = holds.find(|hold| hold.event == done.hold).cloned() else {
        return Box::new(|_| Ok(()));
    };
    let packages = before.packages.values();
    let packages = packages.filter(|package| covers(&hold.what, package));
    let of_state: Vec<(PackageTag, bool)> = packages
        .map(|package| (package.tag.clone(), package.state_hold == Some(true)))
        .collect();
    Box::new(move |after| {
        for (tag, is_state) in of_state {
            let Some(package) = after.packages.get(&tag) else {
                continue;
            };
            let is_ours = own_holds(after, package).next().is_some();
            match (is_ours || is_state, package.hold) {
                (true, false) => return wrong("a package on hold was let go with another one"),
                (false, true) => return wrong("a package was let go and cannot be sold"),
                (true, true) | (false, false) => {}
            }
        }
        Ok(())
    })
}
