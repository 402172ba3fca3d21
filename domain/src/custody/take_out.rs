//! A unit is taken out of an order by a manager's word, also out of a sealed bag.
//!
//! In: a pick and where its unit goes. Out: the order without it, open again when its bag had to be opened.
//! Must not: take anything from a customer, or open a bag silently.

use crate::custody::arrive::add_concern;
use crate::custody::seal::{is_in_bag, move_all};
use crate::custody::{allocate, stage};
use crate::facility::{LocationCode, SlotCode};
use crate::id::{EventId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Concern, Order, Pick, Status};
use crate::quantity::Quantity;
use crate::stock::{Package, Place};

/// Where a unit goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// Back to stock, on a shelf; the line wants its unit again.
    Shelf(LocationCode),
    /// Set apart; the line goes on without it.
    Quarantine,
}

/// Takes the unit of a pick out of its order. One that has left the shop stays where it is.
pub(crate) fn take_out(ledger: &mut Ledger, order: OrderId, event: EventId, to: &To) {
    let Some(standing) = ledger.orders.get(&order) else {
        return;
    };
    let Some(pick) = standing
        .picks
        .iter()
        .find(|pick| pick.event == event)
        .cloned()
    else {
        return;
    };
    let package = ledger.packages.get(&pick.tag);
    let from = package.and_then(|package| place_in(package, order));
    if package.is_some() && from.is_none() {
        return;
    }
    let was_in_bag = from.as_ref().is_some_and(|place| is_in_bag(place, order));
    if let Some(from) = &from {
        move_unit(ledger, &pick.tag, from, pick.unit, to);
    }
    if was_in_bag {
        open_bag(ledger, order);
    }
    allocate::change(ledger, order, |order| {
        order.picks.retain(|known| *known != pick);
        if *to == To::Quarantine {
            go_without(order, &pick);
        }
        check_again(order, was_in_bag);
        allocate::settle(order);
    });
}

/// Takes the unit of a pick back whose order nobody knows.
pub(crate) fn take_back(
    ledger: &mut Ledger,
    order: OrderId,
    tag: &PackageTag,
    unit: Option<u64>,
    to: &To,
) {
    let tote = Place::Tote(order);
    let package = ledger.packages.get(tag);
    if package.is_some_and(|package| package.at(&tote) >= Quantity::ONE) {
        move_unit(ledger, tag, &tote, unit, to);
    }
}

fn move_unit(ledger: &mut Ledger, tag: &PackageTag, from: &Place, unit: Option<u64>, to: &To) {
    let Some(package) = ledger.package_mut(tag) else {
        return;
    };
    match to {
        To::Shelf(shelf) => package.shelve(from, shelf.clone()),
        To::Quarantine => package.transfer(from, &Place::Quarantine, Quantity::ONE),
    }
    if let Some(unit) = unit {
        package.put_back_unit(unit);
    }
}

/// Where a unit of an order is in the shop: a late one in the tote before one in the bag.
fn place_in(package: &Package, order: OrderId) -> Option<Place> {
    let is_here = |place: &Place| *place == Place::Tote(order) || is_in_bag(place, order);
    let mut places = package.places.iter();
    let found = places.find(|(place, units)| is_here(place) && *units >= Quantity::ONE);
    found.map(|(place, _)| place.clone())
}

/// Everything in the bag is in the tote again, and the slot is free.
fn open_bag(ledger: &mut Ledger, order: OrderId) {
    let slot: Option<SlotCode> = ledger.order_mut(&order).and_then(|order| order.slot.take());
    if let Some(slot) = slot {
        stage::empty(ledger, &slot, order);
    }
    let in_bag = |place: &Place| is_in_bag(place, order);
    move_all(ledger, order, in_bag, &Place::Tote(order));
}

/// The line is short of the unit, and its package is not offered to it again.
fn go_without(order: &mut Order, pick: &Pick) {
    let Some(line) = order.lines.iter_mut().find(|line| line.number == pick.line) else {
        return;
    };
    let mut allocations = line.allocations.iter_mut();
    let Some(allocation) = allocations.find(|allocation| allocation.tag == pick.tag) else {
        return;
    };
    if allocation.units > 0 {
        allocation.units -= 1;
        allocation.missing = Some(allocation.missing.unwrap_or(0).saturating_add(1));
        line.short = line.short.saturating_add(1);
        add_concern(order, Concern::Missing);
    }
}

/// What was checked and labelled has to be checked and labelled again.
fn check_again(order: &mut Order, was_in_bag: bool) {
    let is_open = order.status < Status::Sealed || order.status == Status::Short;
    let is_reopened = was_in_bag && matches!(order.status, Status::Sealed | Status::Staged);
    if !is_open && !is_reopened {
        return;
    }
    if order.status >= Status::Picking {
        order.status = Status::Picking;
    }
    // How often it was printed stays known: the next print says so, and its code is another than that of the paper in the shop.
    if let Some(label) = order.label.as_mut() {
        label.read_back = false;
    }
    if let Some(bench) = order.bench.as_mut().filter(|_| was_in_bag) {
        bench.bag = None;
    }
    order.ticket_read = false;
    order
        .picks
        .iter_mut()
        .for_each(|pick| pick.verified = false);
}
