//! A unit comes off an order that is over a purchase limit, before its bag is closed.
//!
//! In: an order that is over, a pick. Out: the pick undone, and its line one unit less. Must not: take off what the customer
//! may have.

use crate::custody::pick::{self, PickVoided};
use crate::custody::{Situation, limit};
use crate::event::Body;
use crate::id::{EventId, OrderId};
use crate::ledger::Ledger;
use crate::limits::Customer;
use crate::order::{Concern, Order, Pick};
use crate::verdict::{Reason, Verdict};

/// May this unit come off an order that is over a purchase limit? Its line then goes on without it.
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, pick: EventId) -> Verdict {
    let of_void = match pick::decide_void(ledger, situation, order, pick) {
        Verdict::Accepted(Body::PickVoided(done)) => done,
        refused @ (Verdict::Accepted(_) | Verdict::Refused(_)) => return refused,
    };
    let judgement = ledger
        .orders
        .get(&order)
        .and_then(|order| limit::picked(ledger, situation, order, Customer::default()));
    match judgement.filter(|found| found.over().is_some()) {
        None => Reason::NotYet.into(),
        Some(found) => Verdict::Accepted(
            PickVoided {
                judged: Some(found.told(false)),
                ..of_void
            }
            .into(),
        ),
    }
}

/// Takes a unit off what was ordered: the customer may not have it.
pub(crate) fn go_without(order: &mut Order, pick: &Pick) {
    order.concerns.retain(|known| *known != Concern::OverLimit);
    let line = order.lines.iter_mut().find(|line| line.number == pick.line);
    let Some(line) = line else {
        return;
    };
    line.units = line.units.saturating_sub(1);
    let mut allocations = line.allocations.iter_mut();
    if let Some(allocation) = allocations.find(|allocation| allocation.tag == pick.tag) {
        allocation.units = allocation.units.saturating_sub(1);
    }
    line.found();
}
