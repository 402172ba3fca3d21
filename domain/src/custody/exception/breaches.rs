//! Which rules a fact breaks, judged on the ledger as it stood before it.
//!
//! In: the ledger and a fact. Out: the rules, in the order of their numbers. Must not: refuse anything, or
//! find a breach where nothing collided.

use crate::custody::claim::{covers, is_of_old_generation};
use crate::custody::exception::subjects::order_of;
use crate::custody::exception::{Resolver, Rule, resolver, subjects};
use crate::custody::pick::{PackagePicked, filled};
use crate::custody::verify::confirmed;
use crate::custody::{Fact, count, escrow, limit, raise, resolve, second, sign_for};
use crate::event::{Body, LeaseRef};
use crate::facility::{Device, Right};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Line, Order, Status};
use crate::quantity::Quantity;
use crate::stock::{Package, Place};

/// The rules a fact breaks.
#[must_use]
pub fn breaches(ledger: &Ledger, fact: &Fact<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let device = ledger.devices.get(&fact.envelope.device);
    if device.is_some_and(|device| device.is_server) {
        return rules;
    }
    if is_late(ledger, device, fact) {
        rules.push(Rule::LateFromClosedDevice);
    }
    if !may(ledger, fact) && !mutated("breach_of_role_dropped") {
        rules.push(Rule::ActorInvalid);
    }
    if names_unknown(ledger, fact.body) && !mutated("breach_unknown_dropped") {
        rules.push(Rule::UnknownReference);
    }
    let known = order_of(fact.body).and_then(|order| ledger.orders.get(&order));
    in_task(ledger, fact, known, &mut rules);
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Whether a fact comes from an enrolment that is over: its device was revoked or is not known, its chain was
/// opened under an earlier enrolment, or it acted under a lease given to one.
fn is_late(ledger: &Ledger, device: Option<&Device>, fact: &Fact<'_>) -> bool {
    let counts = |device: &&Device| device.active || mutated("breach_late_dropped");
    let Some(device) = device.filter(counts) else {
        return true;
    };
    if let Body::EpochOpened(opened) = fact.body {
        return opened.generation < device.generation;
    }
    let is_pick = matches!(fact.body, Body::PackagePicked(_));
    let is_old = |lease: LeaseRef| is_of_old_generation(ledger, lease, device);
    is_pick && (fact.envelope.lease.is_some_and(is_old) || mutated("breach_late_invented"))
}

/// The rules of the task an act belongs to.
fn in_task(ledger: &Ledger, fact: &Fact<'_>, order: Option<&Order>, rules: &mut Vec<Rule>) {
    if let Body::PackagePicked(done) = fact.body {
        if let Some(package) = ledger.packages.get(&done.tag) {
            taken(ledger, fact, package, done, rules);
        }
        if let Some(order) = order {
            picked(ledger, fact, order, done, rules);
        }
        if fact.envelope.lease.is_none() && !mutated("breach_unleased_dropped") {
            rules.push(Rule::UnleasedPick);
        }
    } else if let Body::UnitVerified(done) = fact.body {
        let pick = order.and_then(|order| confirmed(order, done));
        let learns = pick.is_some_and(|pick| pick.unit.is_none());
        let package = ledger.packages.get(&done.tag);
        if learns && package.is_some_and(|package| is_taken(package, done.unit)) {
            rules.push(Rule::DoublePick);
        }
    } else if let Body::OrderHandedOff(done) = fact.body {
        let day = limit::day_of(fact, done.judged.as_ref());
        let is_over = order.is_some_and(|order| limit::is_over(ledger, order, day));
        if is_over && !mutated("breach_limit_dropped") {
            rules.push(Rule::LimitExceeded);
        }
        let is_unsigned = |order| sign_for::require(ledger, order, done.signed.as_ref()).is_err();
        if order.is_some_and(is_unsigned) {
            rules.push(Rule::ActorInvalid);
        }
    } else if let Body::BagSealed(done) = fact.body {
        if order.is_some_and(|order| second::is_closed_alone(ledger, fact, order, &done.bag)) {
            rules.push(Rule::ActorInvalid);
        }
    } else if let Body::ExceptionRaised(done) = fact.body {
        rules.extend(raise::reported(done));
    } else if let Body::LabelCompared(done) = fact.body
        && !done.agrees
    {
        rules.push(Rule::HeldOrRecalled);
    }
    if count::difference(ledger, fact).is_some() && !mutated("breach_count_dropped") {
        rules.push(Rule::CountDiffers);
    }
}

/// Whether a fact names a package, an order or an exception nobody knows. Settling an exception says again what
/// that one is about, which may well be unknown.
fn names_unknown(ledger: &Ledger, body: &Body) -> bool {
    if let Body::ExceptionResolved(done) = body {
        return !ledger.exceptions.contains_key(&done.exception);
    }
    let (_, tags) = subjects(body);
    let is_unknown_tag = tags.iter().any(|tag| !ledger.packages.contains_key(tag));
    let order = order_of(body);
    is_unknown_tag
        || order.is_some_and(|order| !ledger.orders.contains_key(&order))
        || mutated("breach_unknown_invented")
}

/// What a pick breaks on the shelf, whichever order it was for.
fn taken(
    ledger: &Ledger,
    fact: &Fact<'_>,
    package: &Package,
    done: &PackagePicked,
    rules: &mut Vec<Rule>,
) {
    if is_taken(package, done.unit) && !mutated("breach_double_pick_dropped") {
        rules.push(Rule::DoublePick);
    }
    if overdraws(ledger, fact, package, done) && !mutated("breach_overdraw_dropped") {
        rules.push(Rule::Overdraw);
    }
    if package.hold && !mutated("breach_held_dropped") {
        rules.push(Rule::HeldOrRecalled);
    }
}

/// What a pick breaks on its order.
fn picked(
    ledger: &Ledger,
    fact: &Fact<'_>,
    order: &Order,
    done: &PackagePicked,
    rules: &mut Vec<Rule>,
) {
    if order.status == Status::Cancelled && !mutated("breach_cancelled_dropped") {
        rules.push(Rule::CancelledOrderPick);
    }
    if is_too_much(ledger, order, done) && !mutated("breach_filled_twice_dropped") {
        rules.push(Rule::LineFilledTwice);
    }
    let device = fact.envelope.device;
    let is_covered = |lease| covers(ledger, order, lease, device);
    let is_under = fact.envelope.lease.is_none_or(is_covered);
    if !is_under && !mutated("breach_broken_lease_dropped") {
        rules.push(Rule::LeaseBrokenPick);
    }
}

/// Whether another record has this very unit.
fn is_taken(package: &Package, unit: Option<u64>) -> bool {
    unit.is_some_and(|unit| package.has_taken(unit))
}

/// Whether the shelf has no such unit, or only such as others have a right to: by a promise to their order, or
/// as spares of their lease.
fn overdraws(ledger: &Ledger, fact: &Fact<'_>, package: &Package, done: &PackagePicked) -> bool {
    let order = ledger.orders.get(&done.order);
    let is_promised = order.is_some_and(|order| promised(order, done));
    let is_on_shelf = package.at(&Place::Shelf(done.from.clone())) >= Quantity::ONE;
    let has_right = || {
        let lease = escrow::lease_of(ledger, order, fact);
        let spares = lease.map_or(0, |lease| escrow::spare_left(lease, &done.tag));
        spares > 0 || escrow::free(ledger, package) >= Quantity::ONE
    };
    !(is_on_shelf && (is_promised || has_right()))
}

/// Whether a pick takes what its line was promised.
pub(crate) fn promised(order: &Order, done: &PackagePicked) -> bool {
    order
        .to_pick()
        .any(|(line, tag, _)| line.number == done.line && *tag == done.tag)
}

/// Whether the unit fills no line of the order: the line has all its units, wants another product, or its bag
/// is closed.
fn is_too_much(ledger: &Ledger, order: &Order, done: &PackagePicked) -> bool {
    let package = ledger.packages.get(&done.tag);
    let fills = |line: &Line| {
        let is_product = package.is_none_or(|package| package.item == line.item);
        is_product && filled(ledger, order, line) < line.units
    };
    let is_closed = order.status >= Status::Sealed && order.status <= Status::Returned;
    is_closed || !order.line(done.line).is_some_and(fills)
}

/// Whether the person may do what was done.
fn may(ledger: &Ledger, fact: &Fact<'_>) -> bool {
    let right = if let Body::ExceptionResolved(done) = fact.body {
        if resolve::decides_own_act(ledger, done, fact.envelope.actor.actor) {
            return false;
        }
        let settled = ledger.exceptions.get(&done.exception);
        match settled.map(|settled| resolver(settled.rule)) {
            Some(Resolver::Person(right)) => Some(right),
            Some(Resolver::Server | Resolver::Nobody) => return false,
            None => Some(Right::Resolve),
        }
    } else {
        right_for(fact.body)
    };
    let actor = ledger.actors.get(&fact.envelope.actor.actor);
    right.is_none_or(|right| actor.is_some_and(|actor| actor.active && actor.role.may(right)))
}

/// The right an act needs, when it needs one.
pub(crate) fn right_for(body: &Body) -> Option<Right> {
    match body {
        Body::OrderClaimed(_)
        | Body::PackagePicked(_)
        | Body::PickVoided(_)
        | Body::ShortPicked(_)
        | Body::ShortWithdrawn(_)
        | Body::ToteRead(_)
        | Body::StepSigned(_)
        | Body::TicketRead(_)
        | Body::UnitVerified(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::SecondChecked(_)
        | Body::BagReturned(_)
        | Body::BagChosen(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_) => Some(Right::Fulfil),
        Body::ShortAgreed(_)
        | Body::Substituted(_)
        | Body::MessageSent(_)
        | Body::MessageSeen(_) => Some(Right::AskCustomer),
        Body::TaskSigned(done) => Some(done.task.right()),
        Body::OrderHandedOff(_) => Some(Right::HandOver),
        Body::CountObserved(_) => Some(Right::Count),
        Body::MapDrawn(_) => Some(Right::DrawMap),
        Body::StockHeld(_) => Some(Right::Hold),
        Body::StockReleased(_) => Some(Right::ReleaseHold),
        Body::ProcedureKept(_) => Some(Right::ChangeProcedures),
        Body::ShiftStarted(_) => Some(Right::StartShift),
        Body::ChangeAcknowledged(_) => Some(Right::Acknowledge),
        Body::LeaseBroken(_) => Some(Right::BreakLease),
        Body::ExceptionRaised(_) | Body::LabelCompared(_) => Some(Right::Report),
        Body::ExceptionResolved(_) => Some(Right::Resolve),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::RecountOpened(_)
        | Body::OrderArrived(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::LinesAllocated(_)
        | Body::LeaseGranted(_)
        | Body::LeaseReturned(_)
        | Body::LeaseRefilled(_)
        | Body::ScanRefused(_)
        | Body::AlarmRaised(_)
        | Body::EventTakenIn(_) => None,
    }
}
