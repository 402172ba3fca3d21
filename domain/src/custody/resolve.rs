//! A recorded breach is settled by somebody with the right to it.
//!
//! In: an exception, a decision, a reason. Out: units where the decision says they are, and the exception
//! closed. Must not: make or lose a unit, settle anything twice, delete an exception, or let somebody settle what is
//! about an own act while another can.

use minicbor::{Decode, Encode};

use crate::custody::exception::{Exception, Resolver, Rule, numbers_at, resolver};
use crate::custody::raise::NOTE_CHARS_MAX;
use crate::custody::take_out::{To, take_back, take_out};
use crate::custody::{Fact, Situation, count, has_authority};
use crate::event::words_that_grow;
use crate::facility::{Actor, LocationCode};
use crate::id::{ActorId, EventId, OrderId, PackageTag, Position};
use crate::ledger::{Insert as _, Ledger};
use crate::mutated;
use crate::order::Pick;
use crate::quantity::Quantity;
use crate::stock::Place;
use crate::verdict::{Reason, Verdict};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// The one who had the unit first keeps it; the later pick is undone.
    KeepFirst,
    /// The later pick stands; whatever else claims the unit is undone.
    KeepThis,
    /// A count showed that both have a unit of their own: its number was read twice. The later pick stays,
    /// without the number.
    Recounted,
    /// The unit goes back to stock.
    ReturnToStock,
    /// The unit is set apart, not to be sold.
    Quarantine,
    /// It was looked into; nothing has to move.
    Accept,
    /// The server has applied what it could not read before.
    Replayed,
    /// A decision this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    Decision:
    KeepFirst = 0
    KeepThis = 1
    Recounted = 2
    ReturnToStock = 3
    Quarantine = 4
    Accept = 5
    Replayed = 6
}

/// Why it came to it, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveReason {
    /// Something was scanned that was not meant.
    Misscan,
    /// Two people worked on the same without knowing.
    TwoAtOnce,
    /// The device had been out of contact.
    OutOfContact,
    /// The goods were counted.
    Counted,
    /// The order or the stock was changed elsewhere.
    Upstream,
    /// The device or its storage failed.
    Device,
    /// Something else; the note says what.
    Other,
    /// The server was updated.
    Update,
    /// A reason this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    ResolveReason:
    Misscan = 0
    TwoAtOnce = 1
    OutOfContact = 2
    Counted = 3
    Upstream = 4
    Device = 5
    Other = 6
    Update = 7
}

/// Somebody with the right to it settled an exception.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExceptionResolved {
    /// The exception's number.
    #[n(0)]
    pub exception: u64,
    /// The order it is about, so that its chain of custody tells of it.
    #[n(1)]
    pub order: Option<OrderId>,
    /// The package it is about.
    #[n(2)]
    pub tag: Option<PackageTag>,
    /// What was decided.
    #[n(3)]
    pub decision: Decision,
    /// Why it had come to it.
    #[n(4)]
    pub reason: ResolveReason,
    /// In the person's words. Never about a customer.
    #[n(5)]
    pub note: Option<String>,
    /// The shelf the unit went back to, or that was counted; without it the one it was picked from.
    #[n(6)]
    pub shelf: Option<LocationCode>,
    /// What was counted on that shelf, after everything had been put where it belongs.
    #[n(7)]
    pub counted: Option<Quantity>,
}

/// How an exception was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Resolution {
    /// The event that says so.
    #[n(0)]
    pub event: EventId,
    /// Where it stands.
    #[n(1)]
    pub position: Position,
    /// Who decided.
    #[n(2)]
    pub actor: ActorId,
    /// What.
    #[n(3)]
    pub decision: Decision,
    /// Why it had come to it.
    #[n(4)]
    pub reason: ResolveReason,
    /// It was an own act, and nobody else here had the right to settle it; `None`: it was not, or nobody asked then.
    #[n(5)]
    pub alone: Option<bool>,
}

/// How breaches of a rule can be settled.
#[must_use]
pub fn decisions(rule: Rule) -> &'static [Decision] {
    match rule {
        Rule::DoublePick => &[Decision::KeepFirst, Decision::KeepThis, Decision::Recounted],
        Rule::Overdraw => &[Decision::KeepThis, Decision::ReturnToStock],
        Rule::LineFilledTwice | Rule::CancelledOrderPick => &[Decision::ReturnToStock],
        Rule::HeldOrRecalled => &[Decision::Quarantine, Decision::Accept],
        Rule::LeaseBrokenPick
        | Rule::LimitExceeded
        | Rule::ActorInvalid
        | Rule::UnknownReference
        | Rule::LateFromClosedDevice => &[Decision::Accept, Decision::ReturnToStock],
        Rule::CountDiffers => &[Decision::Recounted, Decision::Accept],
        Rule::ChainGap
        | Rule::DeviceRollback
        | Rule::ServerRollback
        | Rule::Fork
        | Rule::BadSignature
        | Rule::PermitOver
        | Rule::NeverThere => &[Decision::Accept],
        Rule::SchemaUnknown => &[Decision::Replayed],
        Rule::UnleasedPick | Rule::ClockSuspect | Rule::Newer(_) => &[],
    }
}

/// Whether an exception can be settled in this way: as its rule has it, or, when it is about no pick that is
/// still there, by having been looked into.
fn is_open_to(ledger: &Ledger, exception: &Exception, decision: Decision) -> bool {
    let looked_into = decision == Decision::Accept && is_moot(ledger, exception);
    decisions(exception.rule).contains(&decision) || looked_into
}

/// Whether nothing is left to move: the pick an exception is about is not there any more. One about a count is about no
/// pick, and of a rule this program does not know it cannot say.
#[must_use]
pub fn is_moot(ledger: &Ledger, exception: &Exception) -> bool {
    let is_person = matches!(resolver(exception.rule), Resolver::Person(_));
    let is_of_pick = !matches!(exception.rule, Rule::CountDiffers | Rule::Newer(_));
    is_person && is_of_pick && pick_of(ledger, exception).is_none() && exception.orphan.is_none()
}

/// The pick an exception is about, while its order has it.
#[must_use]
pub fn pick_of<'a>(ledger: &'a Ledger, exception: &Exception) -> Option<&'a Pick> {
    let order = ledger.orders.get(&exception.order?)?;
    let event = exception.pick.unwrap_or(exception.event);
    order.picks.iter().find(|pick| pick.event == event)
}

/// Whether an exception is about this person's own act.
fn is_own(exception: &Exception, person: ActorId) -> bool {
    exception.author == Some(person)
}

/// Whether this person leaves an exception to others: it is about an own act, and somebody else who works here has
/// the right to settle it. Where nobody else has, it is settled all the same, and marked.
#[must_use]
pub fn is_for_another(ledger: &Ledger, exception: &Exception, person: ActorId) -> bool {
    let Resolver::Person(right) = resolver(exception.rule) else {
        return false;
    };
    let mut others = ledger.actors.values();
    let may = |one: &Actor| one.id != person && one.active && one.role.may(right);
    is_own(exception, person) && others.any(may) && !mutated("resolve_own_act")
}

/// Whether a decision is about this exception; in another life of the log its number may have named another one.
fn is_about(done: &ExceptionResolved, exception: &Exception) -> bool {
    (exception.order, &exception.tag) == (done.order, &done.tag)
}

/// Whether a person decided what was for another to decide.
pub(crate) fn decides_own_act(ledger: &Ledger, done: &ExceptionResolved, person: ActorId) -> bool {
    let exception = ledger.exceptions.get(&done.exception);
    exception.is_some_and(|one| is_about(done, one) && is_for_another(ledger, one, person))
}

/// What a person enters to settle an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What is decided.
    pub decision: Decision,
    /// Why it had come to it.
    pub reason: ResolveReason,
    /// In the person's words.
    pub note: String,
    /// The shelf the unit goes back to, or that was counted.
    pub shelf: Option<LocationCode>,
    /// What was counted on that shelf.
    pub counted: Option<Quantity>,
}

/// May this person settle this exception in this way?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    exception: u64,
    settlement: &Settlement,
) -> Verdict {
    let Some(exception) = ledger.exceptions.get(&exception) else {
        return Reason::Unknown.into();
    };
    let Resolver::Person(right) = resolver(exception.rule) else {
        return Reason::NotYourRole.into();
    };
    if let Err(refusal) = situation.require_decision(ledger, right) {
        return Verdict::Refused(refusal);
    }
    if is_for_another(ledger, exception, situation.actor) {
        return Reason::OwnAct.into();
    }
    let decision = settlement.decision;
    if exception.resolved || !is_open_to(ledger, exception, decision) {
        return Reason::NotYet.into();
    }
    // That more was taken than is on record, or another number counted, is settled with the shelf in view.
    let is_blind = matches!(
        (exception.rule, decision),
        (Rule::Overdraw, Decision::KeepThis) | (Rule::CountDiffers, Decision::Recounted)
    );
    if is_blind && settlement.counted.is_none() {
        return Reason::NotYet.into();
    }
    let held = exception
        .tag
        .as_ref()
        .and_then(|tag| ledger.packages.get(tag));
    let is_released = exception.rule == Rule::HeldOrRecalled && decision == Decision::Accept;
    if is_released && held.is_some_and(|package| package.hold) {
        return Reason::OnHold.into();
    }
    let note: String = settlement
        .note
        .trim()
        .chars()
        .take(NOTE_CHARS_MAX)
        .collect();
    let done = ExceptionResolved {
        exception: exception.number,
        order: exception.order,
        tag: exception.tag.clone(),
        decision,
        reason: settlement.reason,
        note: Some(note).filter(|note| !note.is_empty()),
        shelf: settlement.shelf.clone(),
        counted: settlement.counted,
    };
    Verdict::Accepted(done.into())
}

/// Settles the exception, once: what two people decide at once is decided by the first. Without the right to
/// it, or about an own act that another can settle, nothing is settled, whatever was recorded.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &ExceptionResolved) {
    let Some(exception) = settled_by(ledger, fact, done).cloned() else {
        return;
    };
    compensate(ledger, &exception, done);
    let person = fact.envelope.actor.actor;
    let resolution = Resolution {
        event: fact.envelope.id,
        position: fact.position,
        actor: person,
        decision: done.decision,
        reason: done.reason,
        alone: is_own(&exception, person).then_some(true),
    };
    close(ledger, exception.number, resolution);
    close_dependent(ledger, &exception, resolution);
}

/// The exception that a decision settles, if it settles any.
fn settled_by<'a>(
    ledger: &'a Ledger,
    fact: &Fact<'_>,
    done: &ExceptionResolved,
) -> Option<&'a Exception> {
    let known = ledger.exceptions.get(&done.exception);
    let exception = known.filter(|known| is_about(done, known))?;
    let person = fact.envelope.actor.actor;
    let may = match resolver(exception.rule) {
        Resolver::Person(right) => {
            has_authority(ledger, fact, right) && !is_for_another(ledger, exception, person)
        }
        Resolver::Server => {
            let device = ledger.devices.get(&fact.envelope.device);
            device.is_some_and(|device| device.is_server)
        }
        Resolver::Nobody => false,
    };
    let may = may || mutated("resolve_by_anybody");
    let is_settled = exception.resolved && !mutated("resolve_twice");
    let settles = may && !is_settled && is_open_to(ledger, exception, done.decision);
    settles.then_some(exception)
}

/// The shelf that is counted with a decision, and what the record has there once the decision has moved what it moves.
/// `None`: nothing is counted, or it is the second look at a count.
pub(crate) fn shelf_before_count(
    ledger: &Ledger,
    fact: &Fact<'_>,
    done: &ExceptionResolved,
) -> Option<(LocationCode, Quantity)> {
    done.counted?;
    let exception = settled_by(ledger, fact, done)?;
    if exception.rule == Rule::CountDiffers {
        return None;
    }
    let tag = exception.tag.as_ref()?;
    let shelf = shelf_of(ledger, exception, done)?;
    // What a decision moves is of one package, between its orders and its shelf.
    let mut scratch = Ledger::default();
    scratch.insert(tag.clone(), ledger.packages.get(tag)?.clone());
    for (id, order) in &ledger.orders {
        if Some(*id) == exception.order || order.picks.iter().any(|pick| pick.tag == *tag) {
            scratch.insert(*id, order.clone());
        }
    }
    move_units(&mut scratch, exception, done, Some(&shelf));
    let package = scratch.packages.get(tag)?;
    let recorded = package.at(&Place::Shelf(shelf.clone()));
    Some((shelf, recorded))
}

pub(crate) fn close(ledger: &mut Ledger, number: u64, resolution: Resolution) {
    if let Some(exception) = ledger.exception_mut(&number) {
        exception.resolved = true;
        exception.resolution = Some(resolution);
        exception.orphan = None;
    }
}

/// A late pick held its order only because it collided: that is over once every collision is settled.
fn close_dependent(ledger: &mut Ledger, settled: &Exception, resolution: Resolution) {
    let of_event = ledger.exceptions.range(numbers_at(settled.position));
    let is_collision = |rule| matches!(rule, Rule::DoublePick | Rule::Overdraw);
    let collides = |one: &Exception| is_collision(one.rule) && !one.resolved;
    if !is_collision(settled.rule) || of_event.clone().any(|(_, one)| collides(one)) {
        return;
    }
    let dependent: Vec<u64> = of_event
        .filter(|(_, one)| one.collides == Some(true) && !one.resolved)
        .map(|(number, _)| *number)
        .collect();
    for number in dependent {
        close(ledger, number, resolution);
    }
}

/// Moves units to where the decision says they are, then takes the count in.
fn compensate(ledger: &mut Ledger, exception: &Exception, done: &ExceptionResolved) {
    let shelf = shelf_of(ledger, exception, done);
    move_units(ledger, exception, done, shelf.as_ref());
    if let (Some(tag), Some(shelf), Some(counted)) = (&exception.tag, &shelf, done.counted) {
        count::observe(ledger, tag, shelf, counted);
    }
}

/// The shelf a decision is about: the one that was counted, the one that it names, or the one the unit was picked from.
fn shelf_of(
    ledger: &Ledger,
    exception: &Exception,
    done: &ExceptionResolved,
) -> Option<LocationCode> {
    if let Some(count) = &exception.count {
        return Some(count.shelf.clone());
    }
    let picked = || pick_of(ledger, exception).map(|pick| pick.from.clone());
    let orphan = || exception.orphan.as_ref().map(|orphan| orphan.from.clone());
    done.shelf.clone().or_else(picked).or_else(orphan)
}

fn move_units(
    ledger: &mut Ledger,
    exception: &Exception,
    done: &ExceptionResolved,
    shelf: Option<&LocationCode>,
) {
    let pick = pick_of(ledger, exception).cloned();
    match done.decision {
        Decision::KeepFirst | Decision::ReturnToStock => {
            if let Some(shelf) = shelf.cloned() {
                undo(ledger, exception, pick.as_ref(), &To::Shelf(shelf));
            }
        }
        Decision::Quarantine => undo(ledger, exception, pick.as_ref(), &To::Quarantine),
        Decision::KeepThis => {
            if let (Some(pick), Some(shelf)) = (&pick, shelf.cloned()) {
                undo_others(ledger, pick, &To::Shelf(shelf));
            }
        }
        Decision::Recounted => {
            if let Some(pick) = &pick {
                forget_number(ledger, exception, pick);
            }
        }
        Decision::Accept | Decision::Replayed | Decision::Newer(_) => {}
    }
}

fn undo(ledger: &mut Ledger, exception: &Exception, pick: Option<&Pick>, to: &To) {
    match (exception.order, pick, &exception.tag) {
        (Some(order), Some(pick), _) => take_out(ledger, order, pick.event, to),
        (Some(order), None, Some(tag)) if exception.orphan.is_some() => {
            take_back(ledger, order, tag, exception.unit, to);
        }
        (Some(_) | None, _, _) => {}
    }
}

/// Undoes every other pick of the very same unit.
fn undo_others(ledger: &mut Ledger, kept: &Pick, to: &To) {
    let Some(unit) = kept.unit else {
        return;
    };
    let is_other =
        |pick: &&Pick| pick.tag == kept.tag && pick.unit == Some(unit) && pick.event != kept.event;
    let mut others: Vec<(OrderId, EventId)> = Vec::new();
    for order in ledger.orders.values() {
        let picks = order.picks.iter().filter(is_other);
        others.extend(picks.map(|pick| (order.id, pick.event)));
    }
    for (order, event) in others {
        take_out(ledger, order, event, to);
    }
}

/// The pick stays, its unit's number was not its own.
fn forget_number(ledger: &mut Ledger, exception: &Exception, pick: &Pick) {
    let Some(unit) = pick.unit else {
        return;
    };
    let order = exception.order.and_then(|order| ledger.order_mut(&order));
    let known = order.and_then(|order| order.picks.iter_mut().find(|known| **known == *pick));
    let Some(known) = known else {
        return;
    };
    known.unit = None;
    if let Some(package) = ledger.package_mut(&pick.tag) {
        package.put_back_unit(unit);
    }
}
