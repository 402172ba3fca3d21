//! What is true of every ledger, whatever happened.

use std::collections::BTreeMap;

use domain::custody::exception::Rule;
use domain::facility::SlotCode;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::quantity::Quantity;
use domain::stock::Place;

/// Panics when something is not as it must be after any event.
#[track_caller]
pub fn assert_whole(ledger: &Ledger) {
    assert!(ledger.is_conserved(), "a unit was made or lost");
    assert_eq!(reserved(ledger), promised(ledger), "promises");
    assert_units_are_recorded(ledger);
    assert_slots_agree(ledger);
    for package in ledger.packages.values() {
        assert!(package.reserved >= Quantity::ZERO);
        let places = &package.places;
        assert!(places.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (place, quantity) in places {
            let is_dispute = *place == Place::Disputed;
            assert_ne!(*quantity, Quantity::ZERO, "{place:?}");
            assert!(*quantity > Quantity::ZERO || is_dispute, "{place:?}");
        }
    }
}

fn reserved(ledger: &Ledger) -> BTreeMap<PackageTag, Quantity> {
    ledger
        .packages
        .values()
        .filter(|package| package.reserved != Quantity::ZERO)
        .map(|package| (package.tag.clone(), package.reserved))
        .collect()
}

/// What orders have still to fetch, package by package.
fn promised(ledger: &Ledger) -> BTreeMap<PackageTag, Quantity> {
    let mut promised: BTreeMap<PackageTag, Quantity> = BTreeMap::new();
    for order in ledger.orders.values() {
        for (_, tag, units) in order.to_pick() {
            assert!(!order.status.is_closed(), "a promise outlived its order");
            *promised.entry(tag.clone()).or_default() += Quantity::units(units);
        }
    }
    promised
}

/// A unit number is off the shelf as often as picks say so. Of a package or order nobody knew when it was picked
/// a manager has been told.
fn assert_units_are_recorded(ledger: &Ledger) {
    for package in ledger.packages.values() {
        let was_unknown = ledger.exceptions.values().any(|exception| {
            exception.rule == Rule::UnknownReference && exception.tag.as_ref() == Some(&package.tag)
        });
        let picks = ledger.orders.values().flat_map(|order| &order.picks);
        let mut picked: Vec<u64> = picks
            .filter(|pick| pick.tag == package.tag)
            .filter_map(|pick| pick.unit)
            .collect();
        picked.sort_unstable();
        assert!(package.units_taken.is_sorted());
        assert!(was_unknown || picked == package.units_taken, "{package:?}");
    }
}

/// A slot holds a bag exactly when an order says that its bag is there.
fn assert_slots_agree(ledger: &Ledger) {
    let mut there: BTreeMap<&SlotCode, Vec<OrderId>> = BTreeMap::new();
    for order in ledger.orders.values() {
        if let Some(slot) = &order.slot {
            there.entry(slot).or_default().push(order.id);
        }
    }
    for slot in ledger.slots.values() {
        match (slot.holds, there.get(&slot.code)) {
            (None, None) => {}
            (Some(held), Some(bags)) => assert!(bags.contains(&held)),
            (held, bags) => panic!("{:?} holds {held:?}, orders say {bags:?}", slot.code),
        }
    }
}
