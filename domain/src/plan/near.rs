//! What stands where: neighbours that are easily taken for one another, packages that stand away from their own, and where a
//! new one goes best.
//!
//! In: the ledger. Out: packages and shelves, with the reason. Must not: move anything, or be sure; whoever stands before the
//! shelf knows better.

use std::collections::BTreeMap;

use crate::code::near_miss::near_miss;
use crate::facility::LocationCode;
use crate::id::{ItemId, PackageTag};
use crate::ledger::Ledger;
use crate::quantity::Quantity;
use crate::stock::Package;

/// Packages named at most beside the one to take.
const ALIKE_MAX: usize = 3;

/// Why two neighbours are easily taken for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The same product of another batch.
    OtherBatch,
    /// Another product whose name is nearly the same.
    Name,
}

/// A neighbour that is easily taken instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour<'a> {
    /// The package.
    pub package: &'a Package,
    /// Why.
    pub why: Alike,
}

/// The bay of a shelf, by its code: `B-04` of `B-04-2`. A code of fewer parts is a bay of its own.
fn bay(shelf: &LocationCode) -> &str {
    match shelf.as_str().rsplit_once('-') {
        Some((bay, _)) if bay.contains('-') => bay,
        _ => shelf.as_str(),
    }
}

/// Whether a hand that reaches for one shelf can reach the other: the same, the same bay, or the next on the walk.
fn is_within_reach(ledger: &Ledger, one: &LocationCode, other: &LocationCode) -> bool {
    let walk = |shelf| ledger.locations.get(shelf).map(|location| location.walk);
    let is_next = matches!((walk(one), walk(other)), (Some(a), Some(b)) if a.abs_diff(b) <= 1);
    bay(one) == bay(other) || is_next
}

/// Packages within reach of the one to take that are easily taken instead: the same product of another batch first, then what
/// has nearly the same name.
#[must_use]
pub fn alike<'a>(ledger: &'a Ledger, wanted: &Package) -> Vec<Neighbour<'a>> {
    let Some(shelf) = wanted.stands_at() else {
        return Vec::new();
    };
    let name = |item: &ItemId| ledger.items.get(item).map(|item| item.name.as_str());
    let wanted_name = name(&wanted.item);
    let why = |package: &Package| {
        if package.item == wanted.item {
            return Some(Alike::OtherBatch);
        }
        let (one, other) = (wanted_name?, name(&package.item)?);
        (one == other || near_miss(one, other).is_some()).then_some(Alike::Name)
    };
    let others = ledger.packages.values().filter(|package| {
        let is_near = |there| is_within_reach(ledger, shelf, there);
        package.tag != wanted.tag && package.shelf().is_some_and(is_near)
    });
    let mut found: Vec<Neighbour<'a>> = others
        .filter_map(|package| {
            let why = why(package)?;
            Some(Neighbour { package, why })
        })
        .collect();
    found.sort_by_key(|one| {
        (
            one.why,
            one.package.shelf() != Some(shelf),
            &one.package.tag,
        )
    });
    found.truncate(ALIKE_MAX);
    found
}

/// Why a package stands wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Astray {
    /// On a shelf the shop does not have.
    NoPlace,
    /// Alone, while all others of its product stand together elsewhere: there.
    FromItsOwn(LocationCode),
}

/// A package that stands wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The package.
    pub tag: PackageTag,
    /// Where it is on record.
    pub shelf: LocationCode,
    /// Why.
    pub why: Astray,
}

/// Packages of each product that stand on shelves, by product.
fn standing(ledger: &Ledger) -> BTreeMap<ItemId, Vec<(&Package, &LocationCode)>> {
    let mut standing: BTreeMap<ItemId, Vec<(&Package, &LocationCode)>> = BTreeMap::new();
    for package in ledger.packages.values() {
        if let Some(shelf) = package.shelf() {
            standing
                .entry(package.item)
                .or_default()
                .push((package, shelf));
        }
    }
    standing
}

/// Packages that stand wrong: those without a place first, then those away from their own. Of two that stand apart nobody can
/// say which is wrong.
#[must_use]
pub fn strays(ledger: &Ledger) -> Vec<Stray> {
    let mut found = Vec::new();
    for all in standing(ledger).values() {
        let (placed, lost): (Vec<_>, Vec<_>) = all
            .iter()
            .partition(|(_, shelf)| ledger.locations.contains_key(*shelf));
        let stray = |(package, shelf): &(&Package, &LocationCode), why| Stray {
            tag: package.tag.clone(),
            shelf: (*shelf).clone(),
            why,
        };
        found.extend(lost.iter().map(|one| stray(one, Astray::NoPlace)));
        for one in &placed {
            let others = placed.iter().filter(|other| other.0.tag != one.0.tag);
            let others: Vec<&LocationCode> = others.map(|(_, shelf)| *shelf).collect();
            let Some(home) = others.first().filter(|_| others.len() > 1) else {
                continue;
            };
            let is_together = others.iter().all(|shelf| bay(shelf) == bay(home));
            if is_together
                && !others
                    .iter()
                    .any(|shelf| is_within_reach(ledger, one.1, shelf))
            {
                found.push(stray(one, Astray::FromItsOwn((*home).clone())));
            }
        }
    }
    found.sort_by(|one, other| (&one.why, &one.tag).cmp(&(&other.why, &other.tag)));
    found
}

/// Why a shelf is a good place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Others of its product stand in this bay.
    ItsOwn,
    /// Nothing stands there, and no empty shelf is nearer on the walk.
    Empty,
    /// It holds least.
    LeastFull,
}

/// Where a new package of a product goes best: to its own, on the shelf of their bay that holds least; else on the first empty
/// shelf of the walk; else where least is. `None` in a shop without shelves.
#[must_use]
pub fn best_place(ledger: &Ledger, item: ItemId) -> Option<(LocationCode, Because)> {
    let mut held: BTreeMap<&LocationCode, Quantity> = ledger
        .locations
        .keys()
        .map(|shelf| (shelf, Quantity::ZERO))
        .collect();
    let mut own: Vec<&str> = Vec::new();
    for package in ledger.packages.values() {
        let Some(shelf) = package.shelf() else {
            continue;
        };
        if let Some(units) = held.get_mut(shelf) {
            *units += package.on_shelves();
            if package.item == item {
                own.push(bay(shelf));
            }
        }
    }
    let walk = |shelf: &LocationCode| ledger.walk_of(Some(shelf));
    let least = |shelves: &mut dyn Iterator<Item = (&LocationCode, Quantity)>| {
        let best = shelves.min_by_key(|(shelf, units)| (*units, walk(shelf)));
        best.map(|(shelf, units)| (shelf.clone(), units))
    };
    let all = || held.iter().map(|(shelf, units)| (*shelf, *units));
    if let Some((shelf, _)) = least(&mut all().filter(|(shelf, _)| own.contains(&bay(shelf)))) {
        return Some((shelf, Because::ItsOwn));
    }
    let (shelf, units) = least(&mut all())?;
    let because = match units == Quantity::ZERO {
        true => Because::Empty,
        false => Because::LeastFull,
    };
    Some((shelf, because))
}
