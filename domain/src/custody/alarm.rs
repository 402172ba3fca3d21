//! The server found a reason not to trust a chain, a clock or itself.
//!
//! In: what the protocol's server end saw. Out: the server's own fact, which opens the exception wherever the
//! log is read. Must not: carry words; a screen has them in every language.

use minicbor::{Decode, Encode};

use crate::custody::Fact;
use crate::custody::exception::{Exception, Rule, numbers_at};
use crate::custody::health::ClockObserved;
use crate::event::{Envelope, KindVersion, LeaseRef};
use crate::id::{ActorId, DeviceId, Epoch, Hash, OrderId};
use crate::ledger::{Insert as _, Ledger};

/// The server found a reason not to trust a chain, a clock or itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlarmRaised {
    /// E11 to E15, E17 to E19, E21.
    #[n(0)]
    pub rule: Rule,
    /// The device whose chain or clock it is about.
    #[n(1)]
    pub device: DeviceId,
    /// The chain.
    #[n(2)]
    pub epoch: Option<Epoch>,
    /// The number in the chain: of the event, or the first that is missing.
    #[n(3)]
    pub seq: Option<u64>,
    /// Hash of what arrived.
    #[n(4)]
    pub hash: Option<Hash>,
    /// Hash of what the server has in its place.
    #[n(5)]
    pub other: Option<Hash>,
    /// Kind of the event, when that is what is not known.
    #[n(6)]
    pub kind: Option<KindVersion>,
    /// Server's clock minus the device's, in milliseconds.
    #[n(7)]
    pub offset: Option<i64>,
    /// By how much that may be wrong either way, in milliseconds.
    #[n(8)]
    pub error: Option<u64>,
    /// The orders it puts in doubt.
    #[n(9)]
    pub orders: Vec<OrderId>,
    /// The number with which a chain goes on behind a hole; `hash` is what that event points back to.
    #[n(10)]
    pub until: Option<u64>,
    /// The person in whose name something was done, where it is about one.
    #[n(11)]
    pub actor: Option<ActorId>,
}

/// Numbers of a chain that are lost for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredHole {
    /// The chain.
    pub epoch: Epoch,
    /// The first number that is missing.
    pub first: u64,
    /// The number with which the chain goes on.
    pub until: u64,
    /// What that event points back to.
    pub link: Hash,
}

impl AlarmRaised {
    /// The hole within a chain it declares, if it does.
    #[must_use]
    pub fn hole(&self) -> Option<DeclaredHole> {
        let (Rule::ChainGap, Some(epoch)) = (self.rule, self.epoch) else {
            return None;
        };
        let (first, until) = (self.seq?, self.until?);
        (first < until).then_some(DeclaredHole {
            epoch,
            first,
            until,
            link: self.hash?,
        })
    }

    /// An alarm about a device with nothing more to say.
    #[must_use]
    pub fn about(rule: Rule, device: DeviceId) -> Self {
        Self {
            rule,
            device,
            epoch: None,
            seq: None,
            hash: None,
            other: None,
            kind: None,
            offset: None,
            error: None,
            orders: Vec::new(),
            until: None,
            actor: None,
        }
    }

    /// The end of a chain is lost: everything the device has leased is in doubt.
    #[must_use]
    pub fn chain_gap(ledger: &Ledger, device: DeviceId, epoch: Epoch, first_missing: u64) -> Self {
        Self {
            epoch: Some(epoch),
            seq: Some(first_missing),
            orders: orders_leased_to(ledger, device),
            ..Self::about(Rule::ChainGap, device)
        }
    }

    /// An event is newer than the server: what it did to the orders under its lease is not known yet.
    #[must_use]
    pub fn schema_unknown(ledger: &Ledger, envelope: &Envelope, hash: Hash) -> Self {
        Self {
            epoch: Some(envelope.epoch),
            seq: Some(envelope.seq),
            hash: Some(hash),
            kind: Some(envelope.kind),
            orders: orders_under(ledger, envelope.lease),
            ..Self::about(Rule::SchemaUnknown, envelope.device)
        }
    }

    /// The alarm a comparison of clocks calls for; `None` when the clock is certain enough.
    #[must_use]
    pub fn clock_suspect(envelope: &Envelope, observed: &ClockObserved) -> Option<Self> {
        observed.is_suspect().then(|| Self {
            epoch: Some(envelope.epoch),
            seq: Some(envelope.seq),
            offset: Some(observed.offset),
            error: Some(observed.error),
            ..Self::about(Rule::ClockSuspect, envelope.device)
        })
    }
}

/// The open orders a device has leased.
#[must_use]
pub fn orders_leased_to(ledger: &Ledger, device: DeviceId) -> Vec<OrderId> {
    let leases = ledger.leases.values();
    let mut orders: Vec<OrderId> = leases
        .filter(|lease| lease.device == device)
        .flat_map(|lease| lease.orders.iter().map(|leased| leased.order))
        .collect();
    orders.sort_unstable();
    orders.dedup();
    orders
}

fn orders_under(ledger: &Ledger, lease: Option<LeaseRef>) -> Vec<OrderId> {
    let lease = lease.and_then(|named| ledger.leases.get(&named.lease));
    lease.map_or_else(Vec::new, |lease| {
        lease.orders.iter().map(|leased| leased.order).collect()
    })
}

/// Whether a rule is one only the protocol's server end can see broken.
#[must_use]
pub fn is_alarm(rule: Rule) -> bool {
    match rule {
        Rule::ChainGap
        | Rule::DeviceRollback
        | Rule::ServerRollback
        | Rule::Fork
        | Rule::BadSignature
        | Rule::SchemaUnknown
        | Rule::ClockSuspect
        | Rule::PermitOver
        | Rule::NeverThere => true,
        Rule::DoublePick
        | Rule::Overdraw
        | Rule::LineFilledTwice
        | Rule::CancelledOrderPick
        | Rule::HeldOrRecalled
        | Rule::LeaseBrokenPick
        | Rule::UnleasedPick
        | Rule::LimitExceeded
        | Rule::ActorInvalid
        | Rule::UnknownReference
        | Rule::LateFromClosedDevice
        | Rule::CountDiffers
        | Rule::Newer(_) => false,
    }
}

/// Opens the exception. It is the fact's own doing, so that whoever reads the log again finds it again.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &AlarmRaised) {
    if !is_alarm(done.rule) {
        return;
    }
    let number = numbers_at(fact.position).start;
    let exception = Exception {
        number,
        rule: done.rule,
        event: fact.envelope.id,
        position: fact.position,
        order: done
            .orders
            .first()
            .copied()
            .filter(|_| done.orders.len() == 1),
        tag: None,
        actor: done.actor.unwrap_or(fact.envelope.actor.actor),
        device: done.device,
        resolved: false,
        collides: None,
        pick: None,
        unit: None,
        orders: Some(done.orders.clone()).filter(|orders| orders.len() > 1),
        resolution: None,
        orphan: None,
        author: None,
        count: None,
    };
    ledger.insert(number, exception);
}
