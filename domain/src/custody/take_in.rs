//! A fact that could not take effect when it came does so: it was newer than the server, or its order was not known.
//!
//! In: the fact's own bytes, which have had their place in the log since then. Out: its effects here, judged by the
//! rules of now, and the exception that held its orders settled. Must not: apply it twice, or take other bytes for it.

use minicbor::{Decode, Encode};

use crate::custody::exception::{Exception, Rule, find, numbers_at, open};
use crate::custody::resolve::{Decision, Resolution, ResolveReason, close};
use crate::custody::{Fact, evolve as evolve_any, is_for_devices};
use crate::event::{Body, ENVELOPE_BYTES_MAX, Envelope, event_hash};
use crate::id::{Hash, Position};
use crate::ledger::Ledger;
use crate::mutated;

/// Largest event that can be taken in, in bytes: it travels inside another. No real one has a third of it.
pub const TAKEN_BYTES_MAX: usize = ENVELOPE_BYTES_MAX - 4_096;

/// An event takes effect now that could not when it came.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EventTakenIn {
    /// The event's own place in the log.
    #[n(0)]
    pub position: Position,
    /// Hash of what its device signed.
    #[n(1)]
    pub hash: Hash,
    /// The exception that was opened when it came.
    #[n(2)]
    pub exception: u64,
    /// What its device signed.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl EventTakenIn {
    /// The event, if it is the one that is named and a device may say such things. Its version is not asked: whoever
    /// recorded this could read it.
    #[must_use]
    pub fn read(&self) -> Option<(Envelope, Body)> {
        if event_hash(&self.bytes) != self.hash {
            return None;
        }
        let envelope = Envelope::parse(&self.bytes).ok()?;
        let body = Body::parse(envelope.kind, &envelope.body).ok()?;
        let is_allowed = is_for_devices(&body) || mutated("take_in_of_the_servers_kinds");
        is_allowed.then_some((envelope, body))
    }
}

/// Applies the event here, and settles its exception. One that was settled before is not applied again.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &EventTakenIn) {
    let waits = ledger.exceptions.get(&done.exception);
    let Some(rule) = waits
        .filter(|one| is_due(ledger, one, done))
        .map(|one| one.rule)
    else {
        return;
    };
    if !mutated("take_in_leaves_the_exception_open") {
        let resolution = Resolution {
            event: fact.envelope.id,
            position: fact.position,
            actor: fact.envelope.actor.actor,
            decision: Decision::Replayed,
            reason: match rule == Rule::SchemaUnknown {
                true => ResolveReason::Update,
                false => ResolveReason::Upstream,
            },
            alone: None,
        };
        close(ledger, done.exception, resolution);
    }
    let Some((envelope, body)) = done.read().filter(|_| !mutated("take_in_without_effect")) else {
        return;
    };
    let inner = Fact {
        envelope: &envelope,
        body: &body,
        position: fact.position,
    };
    let mut found = find(ledger, &inner);
    if mutated("take_in_judges_nothing") {
        found.rules.clear();
    }
    // What it was found to break when it came is not found again.
    let is_known = |rule: &Rule| {
        let mut all = ledger.exceptions.values();
        all.any(|one| one.event == envelope.id && one.rule == *rule)
    };
    found.rules.retain(|rule| !is_known(rule));
    evolve_any(ledger, &inner);
    open(ledger, &inner, found);
}

/// Whether an exception is about an event that waits, and need not wait any more.
fn is_due(ledger: &Ledger, one: &Exception, done: &EventTakenIn) -> bool {
    let is_orphan = || {
        let is_there = one
            .order
            .is_some_and(|order| ledger.orders.contains_key(&order));
        let is_it =
            |(envelope, body): (Envelope, Body)| envelope.id == one.event && comes_late(&body);
        is_there && done.read().is_some_and(is_it)
    };
    !one.resolved
        && match one.rule {
            Rule::SchemaUnknown => true,
            Rule::UnknownReference => is_orphan(),
            Rule::DoublePick
            | Rule::Overdraw
            | Rule::LineFilledTwice
            | Rule::CancelledOrderPick
            | Rule::HeldOrRecalled
            | Rule::LeaseBrokenPick
            | Rule::UnleasedPick
            | Rule::LimitExceeded
            | Rule::ActorInvalid
            | Rule::ChainGap
            | Rule::DeviceRollback
            | Rule::ServerRollback
            | Rule::Fork
            | Rule::BadSignature
            | Rule::LateFromClosedDevice
            | Rule::ClockSuspect
            | Rule::PermitOver
            | Rule::CountDiffers
            | Rule::NeverThere
            | Rule::Newer(_) => false,
        }
}

/// Whether an act on an order nobody knew did nothing at all, and can be done once the order is there. Picks wait in
/// a way of their own; a decision on an exception is not about the exception that has its number now.
#[must_use]
pub fn comes_late(body: &Body) -> bool {
    matches!(
        body,
        Body::OrderClaimed(_)
            | Body::ShortPicked(_)
            | Body::ShortWithdrawn(_)
            | Body::ShortAgreed(_)
            | Body::Substituted(_)
            | Body::ToteRead(_)
            | Body::StepSigned(_)
            | Body::TaskSigned(_)
            | Body::TicketRead(_)
            | Body::UnitVerified(_)
            | Body::LabelPrinted(_)
            | Body::LabelReadBack(_)
            | Body::SecondChecked(_)
            | Body::BagReturned(_)
            | Body::BagChosen(_)
            | Body::MessageSent(_)
            | Body::BagSealed(_)
            | Body::BagStaged(_)
            | Body::OrderHandedOff(_)
    )
}

/// The exceptions an event opened when it was taken in at a place.
#[must_use]
pub fn opened(ledger: &Ledger, position: Position) -> Vec<u64> {
    let numbers = ledger.exceptions.range(numbers_at(position));
    numbers.map(|(number, _)| *number).collect()
}
