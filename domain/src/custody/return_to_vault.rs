//! A bag that nobody came for goes back to the vault, closed as it is.
//!
//! In: a staged bag and the scan of its label. Out: its slot is free, and the bag waits to be put into one again. Must not: open
//! a bag, or end its order; what becomes of the goods is another decision.

use minicbor::{Decode, Encode};

use crate::code::own::{OwnCode, OwnKind};
use crate::custody::scan::{Evidence, Scan};
use crate::custody::seal::move_all;
use crate::custody::sop::Task;
use crate::custody::{Fact, Situation, label, sop, stage};
use crate::facility::{Right, SlotCode};
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::{Order, Status};
use crate::stock::Place;
use crate::time::Millis;
use crate::verdict::{Reason, Verdict};

/// A closed bag was taken out of its slot and back to the vault.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagReturned {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The slot it stood in.
    #[n(1)]
    pub slot: SlotCode,
}

/// Whether a bag may go back: it stands in a slot, and nobody has said that its customer is here.
#[must_use]
pub fn may_go(order: &Order) -> bool {
    order.status == Status::Staged && order.slot.is_some()
}

/// The staged bags whose promise is over, the one that has stood longest first.
#[must_use]
pub fn overdue(ledger: &Ledger, now: Millis) -> Vec<&Order> {
    let is_over = |order: &&Order| may_go(order) && order.promise_end < now;
    let mut bags: Vec<&Order> = ledger.orders.values().filter(is_over).collect();
    let since = |order: &Order| {
        let slot = order.slot.as_ref().and_then(|slot| ledger.slots.get(slot));
        slot.and_then(|slot| slot.since)
    };
    bags.sort_by_key(|order| (since(order), order.promise_end, order.id));
    bags
}

/// Is this the label of a bag that goes back to the vault?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, scan: &Scan) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Evidence::Own(OwnKind::Label, id) = scan.evidence() else {
        return scan.unfit().into();
    };
    let code = OwnCode::make(OwnKind::Label, &id).unwrap_or_default();
    let has_label = |order: &&Order| order.label.as_ref().is_some_and(|label| label.code == code);
    let bags = ledger.orders.values().filter(has_label);
    let Some(order) = bags.max_by_key(|order| (may_go(order), order.placed_at)) else {
        return Verdict::Refused(label::dead(ledger, &id));
    };
    if may_go(order)
        && let Err(refusal) = sop::require_done(ledger, order, Task::Return)
    {
        return Verdict::Refused(refusal);
    }
    match order.slot.clone().filter(|_| may_go(order)) {
        Some(slot) => Verdict::Accepted(
            BagReturned {
                order: order.id,
                slot,
            }
            .into(),
        ),
        None if order.status == Status::HandedOver => Reason::AlreadyScanned.into(),
        None => Reason::NotYet.into(),
    }
}

/// Empties the slot. A bag that has been put elsewhere since, or is gone, stays where it is.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &BagReturned) {
    let stands = |order: &&mut Order| may_go(order) && order.slot.as_ref() == Some(&done.slot);
    let Some(order) = ledger.order_mut(&done.order).filter(stands) else {
        return;
    };
    order.status = Status::Sealed;
    order.slot = None;
    order.bench.get_or_insert_default().vaulted = Some(Millis(fact.envelope.wall));
    stage::empty(ledger, &done.slot, done.order);
    let from = Place::Slot(done.slot.clone(), done.order);
    let stood = |place: &Place| *place == from;
    move_all(ledger, done.order, stood, &Place::Bag(done.order));
}
