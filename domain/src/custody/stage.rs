//! Into the staging slot.
//!
//! In: a sealed bag and a slot's code. Out: where anybody finds the bag. Must not: put two bags into one
//! slot, or a delivery among the pickups.

use minicbor::{Decode, Encode};

use crate::code::own::OwnKind;
use crate::custody::scan::{Evidence, Scan};
use crate::custody::seal::{is_in_bag, move_all};
use crate::custody::sop::Task;
use crate::custody::{Fact, Situation, sop};
use crate::facility::{Right, Slot, SlotCode};
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::{Channel, Status};
use crate::stock::Place;
use crate::time::Millis;
use crate::verdict::{Reason, Refusal, Verdict};

/// The bag was put into a slot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BagStaged {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The slot.
    #[n(1)]
    pub slot: SlotCode,
}

/// The first free slot of a channel, in the order of the slots' names.
#[must_use]
pub fn free_slot(ledger: &Ledger, channel: Channel) -> Option<&Slot> {
    let mut free: Vec<&Slot> = ledger
        .slots
        .values()
        .filter(|slot| slot.channel == slot_channel(channel) && slot.holds.is_none())
        .collect();
    free.sort_by_key(|slot| (slot.code.as_str().len(), slot.code.clone()));
    free.first().copied()
}

/// In-store orders wait among the pickups.
fn slot_channel(channel: Channel) -> Channel {
    match channel {
        Channel::InStore | Channel::Pickup => Channel::Pickup,
        Channel::Curbside | Channel::Delivery => channel,
    }
}

/// Does the bag go into this slot?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if !matches!(order.status, Status::Sealed | Status::Staged) {
        return Reason::NotYet.into();
    }
    let better = free_slot(ledger, order.channel).map(|slot| slot.code.clone());
    let refuse = |reason| {
        Verdict::Refused(Refusal {
            slot: better.map(Box::new),
            ..Refusal::because(reason)
        })
    };
    let Evidence::Own(OwnKind::Slot, id) = scan.evidence() else {
        return refuse(scan.unfit());
    };
    let Some(slot) = ledger.slots.values().find(|slot| slot.code.scan_id() == id) else {
        return refuse(Reason::WrongSlot);
    };
    if slot.channel != slot_channel(order.channel) {
        return refuse(Reason::WrongSlot);
    }
    if slot.holds.is_some_and(|held| held != order.id) {
        return refuse(Reason::SlotFull);
    }
    if let Err(refusal) = sop::require_done(ledger, order, Task::Stage) {
        return Verdict::Refused(refusal);
    }
    Verdict::Accepted(
        BagStaged {
            order: order.id,
            slot: slot.code.clone(),
        }
        .into(),
    )
}

/// Moves the bag into the slot, out of another one if it stood there. A bag that is gone stays gone.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &BagStaged) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.status == Status::HandedOver {
        return;
    }
    if order.status == Status::Sealed {
        order.status = Status::Staged;
    }
    if let Some(bench) = order.bench.as_mut() {
        bench.vaulted = None;
    }
    if let Some(before) = order.slot.replace(done.slot.clone()) {
        empty(ledger, &before, done.order);
    }
    if let Some(slot) = ledger.slot_mut(&done.slot) {
        slot.holds = Some(done.order);
        slot.since = Some(Millis(fact.envelope.wall));
    }
    let to = Place::Slot(done.slot.clone(), done.order);
    move_all(
        ledger,
        done.order,
        |place| is_in_bag(place, done.order),
        &to,
    );
}

/// Takes an order's bag out of a slot. When two bags had been put into it, the other one is left there.
pub(crate) fn empty(ledger: &mut Ledger, code: &SlotCode, order: OrderId) {
    let other = standing_in(ledger, code).find(|other| *other != order);
    if let Some(slot) = ledger
        .slot_mut(code)
        .filter(|slot| slot.holds == Some(order))
    {
        slot.holds = other;
        if other.is_none() {
            slot.since = None;
        }
    }
}

/// The orders whose bags were last put into a slot.
pub(crate) fn standing_in(ledger: &Ledger, code: &SlotCode) -> impl Iterator<Item = OrderId> {
    ledger
        .orders
        .values()
        .filter(move |order| order.slot.as_ref() == Some(code))
        .map(|order| order.id)
}
