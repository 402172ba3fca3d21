//! Recorded acts that broke a rule: kept, applied as far as they can be, and shown to a manager.
//!
//! In: the ledger before a fact, and the fact. Out: the exceptions it opens. Must not: refuse anything;
//! the act has happened.

use minicbor::{Decode, Encode};

use crate::custody::Fact;
use crate::custody::claim::covers;
use crate::custody::pick::{PackagePicked, filled};
use crate::custody::verify::confirmed;
use crate::event::Body;
use crate::id::{ActorId, DeviceId, EventId, OrderId, PackageTag, Position};
use crate::ledger::{Insert as _, Ledger};
use crate::order::{Line, Order, Status};
use crate::quantity::Quantity;
use crate::stock::{Package, Place};

/// Which rule an act broke. The number is that of the protocol's list, 1 for E01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Rule {
    /// The unit is already held by another pick.
    #[n(1)]
    DoublePick,
    /// More was taken than the ledger has.
    #[n(2)]
    Overdraw,
    /// The line has more units than it needs.
    #[n(3)]
    LineFilledTwice,
    /// Picked for an order that was cancelled.
    #[n(4)]
    CancelledOrderPick,
    /// The package is on hold or recalled.
    #[n(5)]
    HeldOrRecalled,
    /// The lease had been broken.
    #[n(6)]
    LeaseBrokenPick,
    /// No lease, and no collision.
    #[n(7)]
    UnleasedPick,
    /// The person may not do this, or no longer acts here.
    #[n(9)]
    ActorInvalid,
    /// The package or order is not known here.
    #[n(10)]
    UnknownReference,
    /// The device's enrolment is closed.
    #[n(16)]
    LateFromClosedDevice,
}

/// Something that waits for a manager, or once did.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Exception {
    /// Its number in the store.
    #[n(0)]
    pub number: u64,
    /// The rule.
    #[n(1)]
    pub rule: Rule,
    /// The event that broke it.
    #[n(2)]
    pub event: EventId,
    /// Where that event stands.
    #[n(3)]
    pub position: Position,
    /// The order concerned.
    #[n(4)]
    pub order: Option<OrderId>,
    /// The package concerned.
    #[n(5)]
    pub tag: Option<PackageTag>,
    /// Who acted.
    #[n(6)]
    pub actor: ActorId,
    /// On which device.
    #[n(7)]
    pub device: DeviceId,
    /// A manager has dealt with it.
    #[n(8)]
    pub resolved: bool,
}

impl Exception {
    /// Whether the order may not leave before a manager has dealt with it.
    #[must_use]
    pub fn blocks_hand_off(&self) -> bool {
        !self.resolved
            && match self.rule {
                Rule::DoublePick
                | Rule::Overdraw
                | Rule::LineFilledTwice
                | Rule::HeldOrRecalled
                | Rule::ActorInvalid
                | Rule::UnknownReference => true,
                Rule::CancelledOrderPick
                | Rule::LeaseBrokenPick
                | Rule::UnleasedPick
                | Rule::LateFromClosedDevice => false,
            }
    }
}

/// Most exceptions one event can open; their numbers are spaced by it.
const PER_EVENT_MAX: u64 = 16;

/// The rules a fact breaks, judged on the ledger as it stood before it.
#[must_use]
pub fn breaches(ledger: &Ledger, fact: &Fact<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    let device = ledger.devices.get(&fact.envelope.device);
    if device.is_some_and(|device| device.is_server) {
        return rules;
    }
    if device.is_none_or(|device| !device.active) {
        rules.push(Rule::LateFromClosedDevice);
    }
    if let Some(right) = right_for(fact.body) {
        let actor = ledger.actors.get(&fact.envelope.actor.actor);
        if !actor.is_some_and(|actor| actor.active && actor.role.may(right)) {
            rules.push(Rule::ActorInvalid);
        }
    }
    let (_, tags) = subjects(fact.body);
    if tags.iter().any(|tag| !ledger.packages.contains_key(tag)) {
        rules.push(Rule::UnknownReference);
    }
    let order = order_of(fact.body);
    let known = order.and_then(|order| ledger.orders.get(&order));
    if order.is_some() && known.is_none() {
        rules.push(Rule::UnknownReference);
    }
    in_task(ledger, fact, known, &mut rules);
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The rules of the task an act belongs to.
fn in_task(ledger: &Ledger, fact: &Fact<'_>, order: Option<&Order>, rules: &mut Vec<Rule>) {
    if let Body::PackagePicked(done) = fact.body {
        if let Some(package) = ledger.packages.get(&done.tag) {
            taken(order, package, done, rules);
        }
        if let Some(order) = order {
            picked(ledger, fact, order, done, rules);
        }
        if fact.envelope.lease.is_none() {
            rules.push(Rule::UnleasedPick);
        }
    } else if let Body::UnitVerified(done) = fact.body {
        let pick = order.and_then(|order| confirmed(order, done));
        let learns = pick.is_some_and(|pick| pick.unit.is_none());
        let package = ledger.packages.get(&done.tag);
        if learns && package.is_some_and(|package| is_taken(package, done.unit)) {
            rules.push(Rule::DoublePick);
        }
    }
}

/// What a pick breaks on the shelf, whichever order it was for.
fn taken(order: Option<&Order>, package: &Package, done: &PackagePicked, rules: &mut Vec<Rule>) {
    if is_taken(package, done.unit) {
        rules.push(Rule::DoublePick);
    }
    if overdraws(order, package, done) {
        rules.push(Rule::Overdraw);
    }
    if package.hold {
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
    if order.status == Status::Cancelled {
        rules.push(Rule::CancelledOrderPick);
    }
    if is_too_much(ledger, order, done) {
        rules.push(Rule::LineFilledTwice);
    }
    let device = fact.envelope.device;
    let is_covered = |lease| covers(ledger, order, lease, device);
    if !fact.envelope.lease.is_none_or(is_covered) {
        rules.push(Rule::LeaseBrokenPick);
    }
}

/// Whether another record has this very unit.
fn is_taken(package: &Package, unit: Option<u64>) -> bool {
    unit.is_some_and(|unit| package.has_taken(unit))
}

/// Whether the shelf has no such unit, or only such as are promised to others.
fn overdraws(order: Option<&Order>, package: &Package, done: &PackagePicked) -> bool {
    let promised = |order: &Order| {
        order
            .to_pick()
            .any(|(line, tag, _)| line.number == done.line && *tag == done.tag)
    };
    let is_on_shelf = package.at(&Place::Shelf(done.from.clone())) >= Quantity::ONE;
    let is_free = package.available() >= Quantity::ONE || order.is_some_and(promised);
    !(is_on_shelf && is_free)
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

/// The right an act needs, when it needs one.
fn right_for(body: &Body) -> Option<crate::facility::Right> {
    use crate::facility::Right;
    match body {
        Body::OrderClaimed(_)
        | Body::PackagePicked(_)
        | Body::PickVoided(_)
        | Body::ShortPicked(_)
        | Body::TicketRead(_)
        | Body::UnitVerified(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_) => Some(Right::Fulfil),
        Body::OrderHandedOff(_) => Some(Right::HandOver),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::OrderArrived(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::LinesAllocated(_)
        | Body::LeaseGranted(_)
        | Body::LeaseReturned(_)
        | Body::ScanRefused(_) => None,
    }
}

/// The orders and packages a fact is about: what its chain of custody is found by.
#[must_use]
pub fn subjects(body: &Body) -> (Vec<OrderId>, Vec<PackageTag>) {
    let mut tags = Vec::new();
    let mut orders: Vec<OrderId> = order_of(body).into_iter().collect();
    match body {
        Body::OrderArrived(done) => orders.push(done.order),
        Body::LeaseGranted(done) => {
            orders.extend(done.lease.orders.iter().map(|leased| leased.order));
        }
        Body::StockImported(done) => {
            tags.extend(done.packages.iter().map(|listed| listed.tag.clone()));
        }
        Body::LabResultsRecorded(done) => {
            tags.extend(done.results.iter().map(|result| result.tag.clone()));
        }
        Body::LinesAllocated(done) => {
            for line in &done.lines {
                tags.extend(
                    line.packages
                        .iter()
                        .map(|allocation| allocation.tag.clone()),
                );
            }
        }
        Body::PackagePicked(done) => tags.push(done.tag.clone()),
        Body::ShortPicked(done) => tags.push(done.tag.clone()),
        Body::UnitVerified(done) => tags.push(done.tag.clone()),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::LeaseReturned(_)
        | Body::OrderClaimed(_)
        | Body::PickVoided(_)
        | Body::ScanRefused(_)
        | Body::TicketRead(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_)
        | Body::OrderHandedOff(_) => {}
    }
    orders.sort_unstable();
    orders.dedup();
    (orders, tags)
}

/// The existing order an act refers to.
fn order_of(body: &Body) -> Option<OrderId> {
    Some(match body {
        Body::OrderChanged(done) => done.order,
        Body::OrderCancelled(done) => done.order,
        Body::LinesAllocated(done) => done.order,
        Body::LeaseReturned(done) => done.order,
        Body::OrderClaimed(done) => done.order,
        Body::PackagePicked(done) => done.order,
        Body::PickVoided(done) => done.order,
        Body::ScanRefused(done) => return done.order,
        Body::ShortPicked(done) => done.order,
        Body::TicketRead(done) => done.order,
        Body::UnitVerified(done) => done.order,
        Body::LabelPrinted(done) => done.order,
        Body::LabelReadBack(done) => done.order,
        Body::BagSealed(done) => done.order,
        Body::BagStaged(done) => done.order,
        Body::OrderHandedOff(done) => done.order,
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::OrderArrived(_)
        | Body::LeaseGranted(_) => return None,
    })
}

/// Opens an exception per broken rule; returns their numbers.
pub(crate) fn open(ledger: &mut Ledger, fact: &Fact<'_>, rules: Vec<Rule>) -> Vec<u64> {
    let (_, mut tags) = subjects(fact.body);
    // An act of a person is about one package at most.
    let tag = tags.pop();
    let mut numbers = Vec::new();
    for (index, rule) in (0..PER_EVENT_MAX).zip(rules) {
        let number = fact.position.0 * PER_EVENT_MAX + index;
        let exception = Exception {
            number,
            rule,
            event: fact.envelope.id,
            position: fact.position,
            order: order_of(fact.body),
            tag: tag.clone(),
            actor: fact.envelope.actor.actor,
            device: fact.envelope.device,
            resolved: false,
        };
        ledger.insert(number, exception);
        numbers.push(number);
    }
    numbers
}
