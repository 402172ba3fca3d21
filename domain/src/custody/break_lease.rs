//! A manager takes an order away from a device, also from one that is gone.
//!
//! In: an order somebody has. Out: the order is free under a higher fence; what the device still tells of it is
//! recorded as under a broken lease. Must not: depend on the device, on its clock, or on time.

use minicbor::{Decode, Encode};

use crate::custody::claim::Lease;
use crate::custody::{Fact, Situation, allocate, escrow, has_authority};
use crate::facility::Right;
use crate::id::{LeaseId, OrderId};
use crate::ledger::Ledger;
use crate::mutated;
use crate::verdict::{Reason, Verdict};

/// A manager took an order away from a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeaseBroken {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The lease it was under, if any.
    #[n(1)]
    pub lease: Option<LeaseId>,
    /// The fence that is broken; the order's next one is higher.
    #[n(2)]
    pub fence: u64,
}

/// May this person take this order away from whoever has it?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    if let Err(refusal) = situation.require_decision(ledger, Right::BreakLease) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if order.status.is_closed() {
        return Reason::NotYet.into();
    }
    let grant = ledger
        .leases
        .values()
        .find(|lease| lease.may_hand_off(order.id));
    let claim = order.claim.as_ref();
    let broken = match (grant, claim) {
        (Some(lease), _) => LeaseBroken {
            order: order.id,
            lease: Some(lease.id),
            fence: order.fence,
        },
        (None, Some(claim)) => LeaseBroken {
            order: order.id,
            lease: claim.lease,
            fence: claim.fence,
        },
        (None, None) => return Reason::NotYet.into(),
    };
    Verdict::Accepted(broken.into())
}

/// Frees the order. Breaking what is not in force any more, or without the right to it, changes nothing.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &LeaseBroken) {
    let may = has_authority(ledger, fact, Right::BreakLease);
    if !may && !mutated("break_lease_by_anybody") {
        return;
    }
    take_grant_back(ledger, done);
    let claim = ledger
        .orders
        .get(&done.order)
        .and_then(|order| order.claim.as_ref());
    let is_it = claim.is_some_and(|claim| claim.fence == done.fence && claim.lease == done.lease);
    if !is_it {
        return;
    }
    escrow::release(ledger, done.order);
    if let Some(lease) = done.lease.and_then(|lease| ledger.lease_mut(&lease)) {
        lease.broken = Some(true);
    }
    if let Some(order) = ledger.order_mut(&done.order) {
        let above = u64::from(!mutated("break_lease_raises_no_fence"));
        order.fence = order.fence.max(done.fence).saturating_add(above);
        order.claim = None;
        allocate::settle(order);
    }
}

/// The order is not handed over under that lease any more.
fn take_grant_back(ledger: &mut Ledger, done: &LeaseBroken) {
    let Some(id) = done.lease else {
        return;
    };
    let is_granted = |lease: &Lease| lease.may_hand_off(done.order);
    if ledger.leases.get(&id).is_some_and(is_granted)
        && let Some(lease) = ledger.lease_mut(&id)
    {
        lease
            .hand_off
            .iter_mut()
            .for_each(|granted| granted.retain(|order| *order != done.order));
    }
}
