//! What was too new for the server when it came: taken in once it could be, once, in order, as it was signed.
//!
//! In: the log, the state at its end. Out: what was left lying, or taken for another. Must not: ask the server which
//! events it thinks it has taken in.

use std::collections::BTreeMap;

use domain::custody::exception::Rule;
use domain::custody::take_in::EventTakenIn;
use domain::event::{Body, Envelope};
use domain::id::{ActorId, DeviceId, Position};
use domain::ledger::Ledger;
use domain::sync::message::{Outcome, QuarantineReason};
use domain::sync::server::log::ChainKey;

use super::{applied, name_of};
use crate::memory::{Content, Entry};
use crate::releases;
use crate::shop::SERVER;

/// Somebody whom only a device ever named.
const MALLORY: ActorId = ActorId(66);

/// What an entry takes in, if it does.
pub(super) fn taken_in(entry: &Entry) -> Option<EventTakenIn> {
    match applied(entry) {
        Some((_, Body::EventTakenIn(done))) if entry.chain.device == SERVER => Some(done),
        _ => None,
    }
}

/// The fact that takes effect with an entry: its own, or the one it takes in. None when it has none.
pub(super) fn effective(entry: &Entry) -> Option<(Envelope, Body)> {
    let Some(done) = taken_in(entry) else {
        return applied(entry);
    };
    let envelope = Envelope::parse(&done.bytes).ok()?;
    let body = Body::parse(envelope.kind, &envelope.body).ok()?;
    let is_servers = matches!(body, Body::ActorAdded(_));
    (!is_servers).then_some((envelope, body))
}

fn is_orphans(ledger: &Ledger, done: &EventTakenIn) -> bool {
    let exception = ledger.exceptions.get(&done.exception);
    exception.is_some_and(|one| one.rule == Rule::UnknownReference)
}

/// An act on an order that was not known when it came: the very same, and no longer waiting.
fn check_orphan(
    content: &Content,
    ledger: &Ledger,
    position: Position,
    done: &EventTakenIn,
) -> Result<(), String> {
    let index = usize::try_from(done.position.0 - 1).unwrap_or(usize::MAX);
    let entry = content.events.get(index);
    let is_it =
        entry.is_some_and(|entry| entry.hash == done.hash && entry.event.bytes == done.bytes);
    let exception = ledger.exceptions.get(&done.exception);
    let settled = exception.and_then(|one| one.resolution);
    match is_it && settled.map(|one| one.position) == Some(position) {
        true => Ok(()),
        false => Err(format!("{:?} is no act on an unknown order", done.position)),
    }
}

/// Every act on an order that is there by now has taken effect.
fn check_no_orphans(content: &Content, ledger: &Ledger) -> Result<(), String> {
    for one in ledger.exceptions.values() {
        let is_there = one
            .order
            .is_some_and(|order| ledger.orders.contains_key(&order));
        let is_waiting = one.rule == Rule::UnknownReference && !one.resolved;
        let index = usize::try_from(one.position.0 - 1).unwrap_or(usize::MAX);
        let fact = content.events.get(index).and_then(effective);
        let is_act = fact.is_some_and(|(_, body)| {
            matches!(
                body,
                Body::TicketRead(_)
                    | Body::BagSealed(_)
                    | Body::BagStaged(_)
                    | Body::OrderHandedOff(_)
            )
        });
        if is_there && is_waiting && is_act {
            return Err(format!(
                "an act still waits for its order: {:?}",
                one.position
            ));
        }
    }
    Ok(())
}

/// Checks a log from its beginning to its end.
pub(super) fn check(content: &Content, ledger: &Ledger) -> Result<(), String> {
    let mut waiting: BTreeMap<u64, &Entry> = BTreeMap::new();
    for (position, entry) in (1..).zip(&content.events) {
        if entry.outcome == Outcome::Quarantined(QuarantineReason::UnknownKind) {
            waiting.insert(position, entry);
        }
        let Some(done) = taken_in(entry) else {
            continue;
        };
        if is_orphans(ledger, &done) {
            check_orphan(content, ledger, Position(position), &done)?;
            continue;
        }
        let Some(waited) = waiting.remove(&done.position.0) else {
            return Err(format!("{:?} is taken in again", done.position));
        };
        if waited.hash != done.hash || waited.event.bytes != done.bytes {
            return Err(format!("another is taken in for {:?}", name_of(waited)));
        }
        let needs = |entry: &Entry| releases::needed(&Envelope::parse(&entry.event.bytes).ok()?);
        let mut earlier = waiting.range(..done.position.0);
        if earlier.any(|(_, other)| needs(other) == needs(waited)) {
            return Err(format!("{:?} is taken in too early", name_of(waited)));
        }
        let exception = ledger.exceptions.get(&done.exception);
        let is_settled = exception.and_then(|one| one.resolution);
        if is_settled.map(|settled| settled.position) != Some(Position(position)) {
            return Err(format!("{:?} still waits", name_of(waited)));
        }
    }
    for entry in waiting.values() {
        let envelope = Envelope::parse(&entry.event.bytes).ok();
        if envelope.is_some_and(|envelope| releases::needed(&envelope).is_some()) {
            return Err(format!("{:?} was never taken in", name_of(entry)));
        }
    }
    check_no_orphans(content, ledger)?;
    match ledger.actors.contains_key(&MALLORY) {
        true => Err("a device made somebody a manager".to_owned()),
        false => Ok(()),
    }
}

/// A chain has no place before the one it followed, also when its opening was too new to be read. A device that lost a part
/// may say so, and then it has.
pub(super) fn check_order(
    content: &Content,
    has_lost: impl Fn(DeviceId) -> bool,
) -> Result<(), String> {
    let mut expected = BTreeMap::new();
    for entry in &content.events {
        let ChainKey { device, epoch } = entry.chain;
        let last = expected.get(&(device, epoch)).copied();
        if last.is_some_and(|last| entry.seq <= last) {
            return Err(format!(
                "a chain came before one it followed: {:?}",
                name_of(entry)
            ));
        }
        let is_newer = entry.outcome == Outcome::Quarantined(QuarantineReason::UnknownKind);
        if !is_newer || entry.seq > 0 || has_lost(device) {
            continue;
        }
        let Ok(envelope) = Envelope::parse(&entry.event.bytes) else {
            continue;
        };
        if let Ok(Body::EpochOpened(opened)) = Body::parse(envelope.kind, &envelope.body)
            && let Some(before) = opened.before
        {
            expected.insert((device, before.epoch), before.seq);
        }
    }
    Ok(())
}
