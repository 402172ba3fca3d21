//! Somebody looked at what was changed or cancelled upstream after picking had begun.
//!
//! In: an order that is marked. Out: the mark is gone, and the bag may go on as it is. Must not: clear what changed again
//! since, or a cancellation whose goods are still in the tote.

use minicbor::{Decode, Encode};

use crate::custody::{Fact, Situation, has_authority};
use crate::facility::Right;
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Concern, Order};
use crate::verdict::{Reason, Verdict};

/// Somebody looked at what was changed or cancelled upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChangeAcknowledged {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The order's version that was looked at.
    #[n(1)]
    pub version: u32,
    /// What it was marked with.
    #[n(2)]
    pub concern: Concern,
}

/// What an order is marked with that somebody may acknowledge now.
#[must_use]
pub fn due(order: &Order) -> Option<Concern> {
    let mut concerns = order.concerns.iter().copied();
    concerns.find(|concern| is_due(order, *concern))
}

/// What was cancelled is over once its goods are back; what a picker is missing is no change, and what this program does
/// not know it cannot show to anybody.
fn is_due(order: &Order, concern: Concern) -> bool {
    order.concerns.contains(&concern)
        && match concern {
            Concern::ChangedUpstream => true,
            Concern::CancelledAfterPick => order.picks.is_empty(),
            Concern::Missing | Concern::OverLimit | Concern::Newer(_) => false,
        }
}

/// May this person say that a change was looked at?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Acknowledge) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let Some(concern) = due(order) else {
        return Reason::NotYet.into();
    };
    let done = ChangeAcknowledged {
        order: order.id,
        version: order.version,
        concern,
    };
    Verdict::Accepted(done.into())
}

/// Takes the mark off, unless the order has changed since, or whoever said so may not.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &ChangeAcknowledged) {
    let may = has_authority(ledger, fact, Right::Acknowledge);
    if !may && !mutated("acknowledge_by_anybody") {
        return;
    }
    let is_due = |order: &&mut Order| {
        let is_it = order.version == done.version || mutated("acknowledge_what_nobody_saw");
        is_it && is_due(order, done.concern)
    };
    if let Some(order) = ledger.order_mut(&done.order).filter(is_due) {
        order.concerns.retain(|concern| *concern != done.concern);
    }
}
