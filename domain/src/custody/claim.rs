//! The right to work an order: leases from the server, claims on the device.
//!
//! In: who wants which orders. Out: a lease that makes offline picks conflict-free. Must not: free a lease
//! because time has passed; an offline clock proves nothing.

use minicbor::{Decode, Encode};

use crate::custody::{Fact, Situation, allocate, escrow, tote};
use crate::event::LeaseRef;
use crate::facility::{Device, Right};
use crate::id::{ActorId, DeviceId, LeaseId, OrderId, PackageTag};
use crate::ledger::{Insert as _, Ledger};
use crate::mutated;
use crate::order::{Claim, Order, Status};
use crate::verdict::{Reason, Refusal, Verdict};

/// A right to take units of one package.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeasedPackage {
    /// The package.
    #[n(0)]
    pub tag: PackageTag,
    /// Units of it.
    #[n(1)]
    pub units: u32,
    /// Of these, units that were taken. Of spares none: a spare that is taken becomes a promise kept.
    #[n(2)]
    pub spent: Option<u32>,
}

impl LeasedPackage {
    /// A right nobody has used yet.
    #[must_use]
    pub fn new(tag: PackageTag, units: u32) -> Self {
        Self {
            tag,
            units,
            spent: None,
        }
    }

    /// Units that were taken.
    #[must_use]
    pub fn spent(&self) -> u32 {
        self.spent.unwrap_or(0)
    }
}

/// The right of one device to work some orders, also without a network.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Lease {
    /// Its identifier.
    #[n(0)]
    pub id: LeaseId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The device's enrolment; a lease does not survive a new one.
    #[n(2)]
    pub generation: u32,
    /// The person who asked.
    #[n(3)]
    pub actor: ActorId,
    /// The orders, each with the fence of this grant.
    #[n(4)]
    pub orders: Vec<LeasedOrder>,
    /// Packages and units allocated to those orders.
    #[n(5)]
    pub packages: Vec<LeasedPackage>,
    /// Packages to take from when one of them cannot be found.
    #[n(6)]
    pub spares: Vec<LeasedPackage>,
    /// What has still to be counted, because the device may have taken it and can no longer say so. Empty once
    /// all of it was counted.
    #[n(7)]
    pub recount: Option<Vec<LeasedPackage>>,
    /// Orders the device may hand over without asking the server first.
    #[n(8)]
    pub hand_off: Option<Vec<OrderId>>,
    /// A manager took an order of it away: what the device had taken for it may never be told.
    #[n(9)]
    pub broken: Option<bool>,
}

impl Lease {
    /// Whether it still has an order to work.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        !self.orders.is_empty()
    }

    /// Whether its device may hand an order over without asking the server first.
    #[must_use]
    pub fn may_hand_off(&self, order: OrderId) -> bool {
        let granted = self.hand_off.as_ref();
        granted.is_some_and(|granted| granted.contains(&order))
    }
}

/// One order under a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LeasedOrder {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Fence of this grant.
    #[n(1)]
    pub fence: u64,
}

/// The server gave a lease.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeaseGranted {
    /// The lease.
    #[n(0)]
    pub lease: Lease,
}

/// A device gave the rest of a lease back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LeaseReturned {
    /// The lease.
    #[n(0)]
    pub lease: LeaseId,
    /// The order given back.
    #[n(1)]
    pub order: OrderId,
}

/// A person took an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderClaimed {
    /// The order.
    #[n(0)]
    pub order: OrderId,
}

/// May this person take this order now? Taking it again is allowed to the one who has it.
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId) -> Verdict {
    match check(ledger, situation, order) {
        Ok(()) => Verdict::Accepted(OrderClaimed { order }.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(ledger: &Ledger, situation: &Situation, order: OrderId) -> Result<(), Refusal> {
    let order = situation.require_for(ledger, Right::Fulfil, order)?;
    if order.status == Status::Cancelled {
        return Err(Refusal::because(Reason::OrderCancelled));
    }
    if !mutated("claim_gives_an_order_to_two") {
        held_by(ledger, order, situation)?;
    }
    match order.status {
        Status::Ready | Status::Claimed | Status::Picking => Ok(()),
        Status::New
        | Status::Picked
        | Status::Verifying
        | Status::Verified
        | Status::Labelled
        | Status::Sealed
        | Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Short
        | Status::Problem
        | Status::Cancelled => Err(Refusal::because(Reason::NotYet)),
    }
}

/// Refuses an order that another device has.
///
/// # Errors
/// When it has a claim by another device, and that claim still counts.
pub(crate) fn held_by(
    ledger: &Ledger,
    order: &Order,
    situation: &Situation,
) -> Result<(), Refusal> {
    let is_overdue = || order.promise_end.0 / 86_400_000 < i64::from(situation.today.0);
    match &order.claim {
        Some(_) if mutated("claim_freed_by_time") && is_overdue() => Ok(()),
        Some(claim) if claim.device != situation.device && counts(ledger, claim) => Err(Refusal {
            holder: Some(claim.actor),
            ..Refusal::because(Reason::SomebodyElses)
        }),
        Some(_) | None => Ok(()),
    }
}

/// Whether a claim still keeps others away: not once its device was revoked or enrolled anew, for then
/// nobody is left who could give it back.
fn counts(ledger: &Ledger, claim: &Claim) -> bool {
    let Some(device) = ledger.devices.get(&claim.device) else {
        return true;
    };
    let lease = claim.lease.and_then(|lease| ledger.leases.get(&lease));
    device.active && lease.is_none_or(|lease| lease.generation == device.generation)
}

/// Whether an act under a lease on an order is covered: the lease is the order's latest, and was given to
/// the device that acted.
pub(crate) fn covers(ledger: &Ledger, order: &Order, lease: LeaseRef, device: DeviceId) -> bool {
    let is_current = order.claim.as_ref().is_some_and(|claim| {
        mutated("claim_covers_any_lease")
            || claim.lease == Some(lease.lease)
                && claim.fence == lease.fence
                && lease.fence >= order.fence
    });
    let known = ledger.leases.get(&lease.lease);
    is_current && known.is_some_and(|known| known.device == device)
}

/// Whether a lease was given to an enrolment of its device that is over.
pub(crate) fn is_of_old_generation(ledger: &Ledger, lease: LeaseRef, device: &Device) -> bool {
    let known = ledger.leases.get(&lease.lease);
    known.is_some_and(|known| known.device == device.id && known.generation < device.generation)
        && !mutated("claim_outlives_its_enrolment")
}

/// What a lease on some orders contains: their open allocations, and spares from other packages. `None` when
/// none of the orders can be leased.
#[must_use]
pub fn lease_for(
    ledger: &Ledger,
    situation: &Situation,
    id: LeaseId,
    orders: &[OrderId],
) -> (Option<Lease>, Vec<(OrderId, Refusal)>) {
    let mut refused = Vec::new();
    let mut leased = Vec::new();
    let mut standing: Vec<&Order> = Vec::new();
    let mut packages: Vec<LeasedPackage> = Vec::new();
    for order in orders {
        if let Err(refusal) = check(ledger, situation, *order) {
            refused.push((*order, refusal));
            continue;
        }
        let Some(order) = ledger.orders.get(order) else {
            continue;
        };
        leased.push(LeasedOrder {
            order: order.id,
            fence: order
                .fence
                .saturating_add(u64::from(!mutated("claim_raises_no_fence"))),
        });
        // What is taken and put back is counted on the one right there is, whichever of the orders it is for.
        for (_, tag, units) in order.to_pick() {
            escrow::add(&mut packages, tag, units);
        }
        standing.push(order);
    }
    let generation = ledger
        .devices
        .get(&situation.device)
        .filter(|_| !mutated("claim_of_no_enrolment"))
        .map_or(0, |device| device.generation);
    let lease = (!leased.is_empty()).then_some(Lease {
        id,
        device: situation.device,
        generation,
        actor: situation.actor,
        orders: leased,
        packages,
        spares: escrow::spares_for(ledger, &standing, &[], situation.today),
        recount: None,
        hand_off: None,
        broken: None,
    });
    (lease, refused)
}

/// Takes a lease in.
pub fn granted(ledger: &mut Ledger, done: &LeaseGranted) {
    for leased in &done.lease.orders {
        escrow::release(ledger, leased.order);
        let Some(order) = ledger.order_mut(&leased.order) else {
            continue;
        };
        order.fence = order.fence.max(leased.fence);
        let before = order.claim.as_ref().map(|claim| claim.device);
        if before != Some(done.lease.device) {
            tote::changed_hands(order);
        }
        order.claim = Some(Claim {
            actor: done.lease.actor,
            device: done.lease.device,
            lease: Some(done.lease.id),
            fence: leased.fence,
        });
        allocate::settle(order);
    }
    ledger.insert(done.lease.id, done.lease.clone());
}

/// Gives an order back. What was picked stays in the tote. Only the device that has the lease can give it
/// back, or the server.
pub fn returned(ledger: &mut Ledger, fact: &Fact<'_>, done: &LeaseReturned) {
    let by = fact.envelope.device;
    let by_server = ledger
        .devices
        .get(&by)
        .is_some_and(|device| device.is_server);
    let its_own = |lease: &Lease| lease.device == by || mutated("claim_given_back_by_anybody");
    if !by_server && !ledger.leases.get(&done.lease).is_some_and(its_own) {
        return;
    }
    if let Some(lease) = ledger.lease_mut(&done.lease) {
        lease.orders.retain(|leased| leased.order != done.order);
    }
    if let Some(order) = ledger.order_mut(&done.order) {
        if order
            .claim
            .as_ref()
            .is_some_and(|claim| claim.lease == Some(done.lease))
        {
            order.claim = None;
        }
        allocate::settle(order);
    }
}

/// Takes a claim in. A claim under a lease says nothing new; one without fills an empty place only.
pub fn claimed(ledger: &mut Ledger, fact: &Fact<'_>, done: &OrderClaimed) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.claim.is_none() {
        order.claim = Some(Claim {
            actor: fact.envelope.actor.actor,
            device: fact.envelope.device,
            lease: None,
            fence: order.fence,
        });
        allocate::settle(order);
    }
}
