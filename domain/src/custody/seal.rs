//! The bag is closed.
//!
//! In: an order whose label was read back. Out: its units are in the bag. Must not: be undone by one
//! person alone.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use crate::custody::label::{closed_under, is_true};
use crate::custody::{Fact, Situation, escrow, gate, second, sop, wrap};
use crate::facility::Right;
use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::Status;
use crate::stock::Place;
use crate::verdict::{Reason, Verdict};

/// The bag was closed under its label.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagSealed {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The label's code, by which the bag is known from now on.
    #[n(1)]
    pub bag: String,
}

/// May the bag be closed?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    match order.label.as_ref().filter(|label| label.read_back) {
        Some(label) if order.status == Status::Labelled && !is_true(ledger, order, label) => {
            Reason::WrongLabel.into()
        }
        Some(label) if order.status == Status::Labelled => {
            let sealed = BagSealed {
                order: order.id,
                bag: label.code.clone(),
            };
            // What came to be on hold, past its day or untested since it was scanned again stays out of a bag.
            let may = gate::require_fit(ledger, order, situation.today)
                .and_then(|()| sop::require_signed(ledger, order))
                .and_then(|()| wrap::require(ledger, order))
                .and_then(|()| second::require(ledger, situation, order));
            match may {
                Ok(()) => Verdict::Accepted(sealed.into()),
                Err(refusal) => Verdict::Refused(refusal),
            }
        }
        Some(_) | None => Reason::NotYet.into(),
    }
}

/// Moves every unit from the tote into the bag. A cancelled order stays cancelled, wherever its units are.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &BagSealed) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.status < Status::Sealed {
        order.status = Status::Sealed;
        closed_under(order, &done.bag);
        second::count_bag(ledger, fact, done.order);
    } else if order.status != Status::Cancelled {
        return;
    }
    if !mutated("seal_keeps_the_lease") {
        escrow::release(ledger, done.order);
    }
    let in_tote = |place: &Place| *place == Place::Tote(done.order);
    move_all(ledger, done.order, in_tote, &Place::Bag(done.order));
}

/// Moves all of an order's units that are at some places to another, package by package. What is not there
/// is not moved: a pick recorded too late for the bag stays in the tote.
pub(crate) fn move_all(
    ledger: &mut Ledger,
    order: OrderId,
    is_from: impl Fn(&Place) -> bool,
    to: &Place,
) {
    let Some(order) = ledger.orders.get(&order) else {
        return;
    };
    let tags: BTreeSet<PackageTag> = order.picks.iter().map(|pick| pick.tag.clone()).collect();
    for tag in tags {
        let Some(package) = ledger.package_mut(&tag) else {
            continue;
        };
        let here = package
            .places
            .iter()
            .filter(|(place, _)| is_from(place) && place != to);
        for (place, quantity) in here.cloned().collect::<Vec<_>>() {
            package.transfer(&place, to, quantity);
        }
    }
}

/// Whether units at a place are in an order's sealed bag, wherever it stands in the shop.
pub(crate) fn is_in_bag(place: &Place, order: OrderId) -> bool {
    match place {
        Place::Bag(of) | Place::Slot(_, of) => *of == order,
        Place::Shelf(_)
        | Place::Tote(_)
        | Place::Vehicle(_)
        | Place::Customer
        | Place::Quarantine
        | Place::Destroyed
        | Place::Disputed => false,
    }
}
