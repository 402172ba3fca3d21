//! The bag is closed.
//!
//! In: an order whose label was read back. Out: its units are in the bag. Must not: be undone by one
//! person alone.

use minicbor::{Decode, Encode};

use crate::custody::Situation;
use crate::facility::Right;
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::Status;
use crate::quantity::Quantity;
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
        Some(label) if order.status == Status::Labelled => Verdict::Accepted(
            BagSealed {
                order: order.id,
                bag: label.code.clone(),
            }
            .into(),
        ),
        Some(_) | None => Reason::NotYet.into(),
    }
}

/// Moves every unit from the tote into the bag.
pub fn evolve(ledger: &mut Ledger, done: &BagSealed) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.status >= Status::Sealed {
        return;
    }
    order.status = Status::Sealed;
    move_all(
        ledger,
        done.order,
        &Place::Tote(done.order),
        &Place::Bag(done.order),
    );
}

/// Moves the units of an order from one place to another, package by package.
pub(crate) fn move_all(ledger: &mut Ledger, order: OrderId, from: &Place, to: &Place) {
    let Some(order) = ledger.orders.get(&order) else {
        return;
    };
    for pick in order.picks.clone() {
        if let Some(package) = ledger.package_mut(&pick.tag) {
            package.transfer(from, to, Quantity::ONE);
        }
    }
}
