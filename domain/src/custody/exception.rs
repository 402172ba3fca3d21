//! Recorded acts that broke a rule: kept, applied as far as they can be, and shown to a manager.
//!
//! In: a fact and the rules it broke. Out: exceptions, what they hold up, and who may settle them. Must not:
//! refuse anything, for the act has happened; delete an exception, ever.

use minicbor::{Decode, Encode};

use crate::code::Grade;
use crate::custody::Fact;
use crate::custody::count::{self, Difference};
use crate::custody::exception::subjects::order_of;
use crate::custody::resolve::Resolution;
use crate::event::{Body, words_that_grow};
use crate::facility::{LocationCode, Right};
use crate::id::{ActorId, DeviceId, EventId, OrderId, PackageTag, Position};
use crate::ledger::{Insert as _, Ledger};
use crate::order::Order;

/// Which rules a fact breaks.
mod breaches;
/// What a fact is about.
mod subjects;

pub use breaches::breaches;
pub(crate) use breaches::{promised, right_for};
pub use subjects::subjects;

/// Which rule an act broke. The number is that of the protocol's list, 1 for E01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The unit is already held by another pick. The first stays holder; both orders wait.
    DoublePick,
    /// More was taken than the shelf has, or than others have left free. What is missing is in dispute.
    Overdraw,
    /// The line has more units than it needs. The extra unit goes back to stock.
    LineFilledTwice,
    /// Picked for an order that was cancelled. The unit goes back to stock.
    CancelledOrderPick,
    /// The package is on hold or recalled. The unit goes into quarantine.
    HeldOrRecalled,
    /// The lease had been broken or given back. Holds the order only when the pick also collided.
    LeaseBrokenPick,
    /// No lease. Nothing to settle: a figure, unless another rule was broken with it.
    UnleasedPick,
    /// The customer's purchase limit is exceeded: a bag was handed over under an older rule pack, or beside another one on
    /// another device; or a person reports it.
    LimitExceeded,
    /// The person may not do this, or no longer acts here.
    ActorInvalid,
    /// The package, order or exception is not known here. A pick is kept and takes effect when the package or
    /// order becomes known.
    UnknownReference,
    /// A device began a new chain while the end of the one before is lost. What it had leased is counted.
    ChainGap,
    /// A device's storage was set back: it has forgotten what the server has.
    DeviceRollback,
    /// The server was set back: a device holds receipts the server does not remember.
    ServerRollback,
    /// Two different events under one number of one chain. The chain is frozen, both are kept.
    Fork,
    /// The signature is not the device's. The chain is frozen, the bytes are kept.
    BadSignature,
    /// The device's enrolment is closed. Holds the order only when the pick also collided.
    LateFromClosedDevice,
    /// The event is of a kind or version newer than the server. Kept whole and applied after an update.
    SchemaUnknown,
    /// The device's clock cannot be placed exactly enough. For the record only.
    ClockSuspect,
    /// A device went on recording after what the server had last said of the person had run out. The acts count; holds
    /// nothing.
    PermitOver,
    /// A shelf was counted, and the count is not what the record had. It is entered, and somebody else looks at it;
    /// holds nothing.
    CountDiffers,
    /// Something was done on a device in the name of a person who never signed in there with the server's knowledge. Acts
    /// on goods count, the person's word on what others did does not; holds nothing.
    NeverThere,
    /// A rule this program does not know yet. Holds the order, and waits for somebody with a newer one.
    Newer(u32),
}

words_that_grow! {
    Rule:
    DoublePick = 1
    Overdraw = 2
    LineFilledTwice = 3
    CancelledOrderPick = 4
    HeldOrRecalled = 5
    LeaseBrokenPick = 6
    UnleasedPick = 7
    LimitExceeded = 8
    ActorInvalid = 9
    UnknownReference = 10
    ChainGap = 11
    DeviceRollback = 12
    ServerRollback = 13
    Fork = 14
    BadSignature = 15
    LateFromClosedDevice = 16
    SchemaUnknown = 17
    ClockSuspect = 18
    PermitOver = 19
    CountDiffers = 20
    NeverThere = 21
}

impl Rule {
    /// Its name on the protocol's list: `E01` and so on.
    #[must_use]
    pub fn code(self) -> String {
        format!("E{:02}", self.number())
    }
}

/// Who settles an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolver {
    /// Somebody with this right.
    Person(Right),
    /// The server, once it can.
    Server,
    /// Nobody has to.
    Nobody,
}

/// Who may settle a breach of a rule.
#[must_use]
pub fn resolver(rule: Rule) -> Resolver {
    match rule {
        Rule::DoublePick
        | Rule::Overdraw
        | Rule::LineFilledTwice
        | Rule::LeaseBrokenPick
        | Rule::ActorInvalid
        | Rule::UnknownReference
        | Rule::ChainGap
        | Rule::LateFromClosedDevice
        | Rule::PermitOver
        | Rule::CountDiffers
        | Rule::NeverThere
        | Rule::Newer(_) => Resolver::Person(Right::Resolve),
        Rule::CancelledOrderPick => Resolver::Person(Right::Fulfil),
        Rule::HeldOrRecalled => Resolver::Person(Right::ReleaseHold),
        Rule::LimitExceeded => Resolver::Person(Right::OverrideLimit),
        Rule::DeviceRollback | Rule::ServerRollback | Rule::Fork | Rule::BadSignature => {
            Resolver::Person(Right::Administer)
        }
        Rule::SchemaUnknown => Resolver::Server,
        Rule::UnleasedPick | Rule::ClockSuspect => Resolver::Nobody,
    }
}

/// A pick for an order nobody knew: what is needed to enter it once the order has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Orphan {
    /// The line it was meant for.
    #[n(0)]
    pub line: u16,
    /// What the reading proved.
    #[n(1)]
    pub grade: Grade,
    /// The shelf it left.
    #[n(2)]
    pub from: LocationCode,
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
    /// The event that broke it, or that reported it.
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
    /// Somebody with the right to it has settled it.
    #[n(8)]
    pub resolved: bool,
    /// The same act took what somebody else has, or had no right to.
    #[n(9)]
    pub collides: Option<bool>,
    /// The pick concerned.
    #[n(10)]
    pub pick: Option<EventId>,
    /// The unit's own number, when it is about one.
    #[n(11)]
    pub unit: Option<u64>,
    /// All orders concerned, when there can be several.
    #[n(12)]
    pub orders: Option<Vec<OrderId>>,
    /// How it was settled.
    #[n(13)]
    pub resolution: Option<Resolution>,
    /// A pick that waits for its order to become known.
    #[n(14)]
    pub orphan: Option<Orphan>,
    /// The person whose own act it is about, who does not settle it. `None`: it was reported by hand or found by the
    /// server, or recorded before this was asked.
    #[n(15)]
    pub author: Option<ActorId>,
    /// What was counted, when it is about a count.
    #[n(16)]
    pub count: Option<Difference>,
}

impl Exception {
    /// Whether the orders concerned may not leave before it is settled.
    #[must_use]
    pub fn blocks_hand_off(&self) -> bool {
        !self.resolved
            && match self.rule {
                Rule::DoublePick
                | Rule::Overdraw
                | Rule::LineFilledTwice
                | Rule::HeldOrRecalled
                | Rule::LimitExceeded
                | Rule::ActorInvalid
                | Rule::UnknownReference
                | Rule::ChainGap
                | Rule::SchemaUnknown
                | Rule::Newer(_) => true,
                Rule::LeaseBrokenPick | Rule::LateFromClosedDevice => self.collides == Some(true),
                Rule::CancelledOrderPick
                | Rule::UnleasedPick
                | Rule::DeviceRollback
                | Rule::ServerRollback
                | Rule::Fork
                | Rule::BadSignature
                | Rule::ClockSuspect
                | Rule::PermitOver
                | Rule::CountDiffers
                | Rule::NeverThere => false,
            }
    }

    /// Whether it is about an order: by name, by a package on hold that is in its bag, or by a unit that
    /// another order claims to have too.
    #[must_use]
    pub fn concerns(&self, ledger: &Ledger, order: &Order) -> bool {
        let is_named = self.order == Some(order.id)
            || self
                .orders
                .as_ref()
                .is_some_and(|all| all.contains(&order.id));
        is_named
            || match self.rule {
                Rule::HeldOrRecalled => {
                    self.order.is_none()
                        && order
                            .picks
                            .iter()
                            .any(|pick| self.tag.as_ref() == Some(&pick.tag))
                }
                Rule::DoublePick => self.shares_a_unit(ledger, order),
                Rule::Overdraw
                | Rule::LineFilledTwice
                | Rule::CancelledOrderPick
                | Rule::LeaseBrokenPick
                | Rule::UnleasedPick
                | Rule::LimitExceeded
                | Rule::ActorInvalid
                | Rule::UnknownReference
                | Rule::ChainGap
                | Rule::DeviceRollback
                | Rule::ServerRollback
                | Rule::Fork
                | Rule::BadSignature
                | Rule::LateFromClosedDevice
                | Rule::SchemaUnknown
                | Rule::ClockSuspect
                | Rule::PermitOver
                | Rule::CountDiffers
                | Rule::NeverThere
                | Rule::Newer(_) => false,
            }
    }

    /// Whether an order has a unit of the package that two records claim.
    fn shares_a_unit(&self, ledger: &Ledger, order: &Order) -> bool {
        let Some(tag) = &self.tag else {
            return false;
        };
        let package = ledger.packages.get(tag);
        let is_twice = |unit: u64| package.is_some_and(|package| package.has_taken_twice(unit));
        order
            .picks
            .iter()
            .any(|pick| pick.tag == *tag && pick.unit.is_some_and(is_twice))
    }
}

/// Whether an order has to wait for somebody to settle an exception.
#[must_use]
pub fn holds(ledger: &Ledger, order: &Order) -> bool {
    ledger
        .exceptions
        .values()
        .any(|exception| exception.blocks_hand_off() && exception.concerns(ledger, order))
}

/// Most exceptions one event can open; their numbers are spaced by it.
const PER_EVENT_MAX: u64 = 16;

/// The numbers of all exceptions one event can have opened.
pub(crate) fn numbers_at(position: Position) -> core::ops::Range<u64> {
    let first = position.0.saturating_mul(PER_EVENT_MAX);
    first..first.saturating_add(PER_EVENT_MAX)
}

/// What is wrong with a fact, as far as it has to be known before the fact takes effect.
pub(crate) struct Found {
    /// The rules it breaks.
    pub(crate) rules: Vec<Rule>,
    count: Option<Difference>,
}

/// Looks at a fact before it takes effect.
pub(crate) fn find(ledger: &Ledger, fact: &Fact<'_>) -> Found {
    let rules = breaches(ledger, fact);
    let is_count = rules.contains(&Rule::CountDiffers);
    let count = is_count.then(|| count::difference(ledger, fact)).flatten();
    Found { rules, count }
}

/// Opens an exception per broken rule; returns their numbers.
pub(crate) fn open(ledger: &mut Ledger, fact: &Fact<'_>, found: Found) -> Vec<u64> {
    let (_, mut tags) = subjects(fact.body);
    // An act of a person is about one package at most.
    let tag = tags.pop();
    let order = order_of(fact.body);
    let collides = found
        .rules
        .iter()
        .any(|rule| matches!(rule, Rule::DoublePick | Rule::Overdraw));
    let (pick, unit) = pick_of(fact);
    let is_known = order.is_none_or(|order| ledger.orders.contains_key(&order));
    let mut numbers = Vec::new();
    for (number, rule) in numbers_at(fact.position).zip(found.rules) {
        let depends = matches!(rule, Rule::LeaseBrokenPick | Rule::LateFromClosedDevice);
        let waits = rule == Rule::UnknownReference && !is_known;
        let exception = Exception {
            number,
            rule,
            event: fact.envelope.id,
            position: fact.position,
            order,
            tag: tag.clone(),
            actor: fact.envelope.actor.actor,
            device: fact.envelope.device,
            resolved: false,
            collides: (depends && collides).then_some(true),
            pick,
            unit,
            orders: None,
            resolution: None,
            orphan: orphan(fact.body).filter(|_| waits),
            author: author(fact),
            count: found.count.clone().filter(|_| rule == Rule::CountDiffers),
        };
        ledger.insert(number, exception);
        numbers.push(number);
    }
    numbers
}

/// Whose own act a fact is. Who reports what others did is not the one concerned.
fn author(fact: &Fact<'_>) -> Option<ActorId> {
    let actor = fact.envelope.actor.actor;
    let is_report = matches!(fact.body, Body::ExceptionRaised(_) | Body::LabelCompared(_));
    (!is_report && actor != ActorId::SERVER).then_some(actor)
}

fn orphan(body: &Body) -> Option<Orphan> {
    let Body::PackagePicked(done) = body else {
        return None;
    };
    Some(Orphan {
        line: done.line,
        grade: done.grade,
        from: done.from.clone(),
    })
}

/// The pick a fact makes or confirms, and its unit's number.
fn pick_of(fact: &Fact<'_>) -> (Option<EventId>, Option<u64>) {
    if let Body::PackagePicked(done) = fact.body {
        (Some(fact.envelope.id), done.unit)
    } else if let Body::UnitVerified(done) = fact.body {
        (Some(done.pick), done.unit)
    } else {
        (None, None)
    }
}
