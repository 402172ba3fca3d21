//! Picks of packages and for orders nobody knew: they take effect once what they name becomes known.
//!
//! In: a package or an order that has just come in. Out: its units where the picks say they are. Must not:
//! draw more from a shelf than it has; what cannot be found waits for the manager who was told of the pick.

use crate::custody::exception::Exception;
use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Order, Pick, Status};
use crate::quantity::Quantity;
use crate::stock::{Package, Place};

/// A package is known from now on: units of it that were picked before leave its shelf.
pub(crate) fn package_known(ledger: &mut Ledger, tag: &PackageTag) {
    let mut taken: Vec<(Place, Option<u64>)> = Vec::new();
    for order in ledger.orders.values() {
        let picks = order.picks.iter().filter(|pick| pick.tag == *tag);
        taken.extend(picks.map(|pick| (place_of(order), pick.unit)));
    }
    for exception in ledger.exceptions.values() {
        let is_of_package = exception.tag.as_ref() == Some(tag) && exception.orphan.is_some();
        if let Some(order) = exception.order.filter(|_| is_of_package) {
            taken.push((Place::Tote(order), exception.unit));
        }
    }
    if taken.is_empty() {
        return;
    }
    let Some(package) = ledger.package_mut(tag) else {
        return;
    };
    for (to, unit) in taken {
        take(package, &to, unit);
    }
}

fn take(package: &mut Package, to: &Place, unit: Option<u64>) {
    let Some(shelf) = package.shelf().cloned() else {
        return;
    };
    let shelf = Place::Shelf(shelf);
    if package.at(&shelf) < Quantity::ONE {
        return;
    }
    package.transfer(&shelf, to, Quantity::ONE);
    if let Some(unit) = unit {
        package.take_unit(unit);
    }
}

/// Where the units of an order are.
fn place_of(order: &Order) -> Place {
    match (&order.slot, order.status) {
        (_, Status::HandedOver) => Place::Customer,
        (Some(slot), _) => Place::Slot(slot.clone(), order.id),
        (None, Status::Sealed | Status::Staged) => Place::Bag(order.id),
        (None, Status::Out) => Place::Vehicle(order.id),
        (
            None,
            Status::New
            | Status::Ready
            | Status::Claimed
            | Status::Picking
            | Status::Picked
            | Status::Verifying
            | Status::Verified
            | Status::Labelled
            | Status::Returned
            | Status::Short
            | Status::Problem
            | Status::Cancelled,
        ) => Place::Tote(order.id),
    }
}

/// An order is known from now on: units that were picked for it before are its own.
pub(crate) fn order_known(ledger: &mut Ledger, order: OrderId) {
    let waits =
        |one: &&Exception| one.order == Some(order) && one.orphan.is_some() && !one.resolved;
    let waiting: Vec<Exception> = ledger.exceptions.values().filter(waits).cloned().collect();
    for exception in waiting {
        let (Some(orphan), Some(tag)) = (exception.orphan, exception.tag) else {
            continue;
        };
        if let Some(order) = ledger.order_mut(&order) {
            order.picks.push(Pick {
                event: exception.event,
                line: orphan.line,
                tag,
                unit: exception.unit,
                grade: orphan.grade,
                from: orphan.from,
                verified: false,
            });
        }
        if let Some(exception) = ledger.exception_mut(&exception.number) {
            exception.orphan = None;
        }
    }
}
