//! Goods are held or recalled, and let go again.
//!
//! In: what is held, and why. Out: packages nobody picks or hands over, and the orders that have some of it. Must not: move
//! a unit; what was taken already stays where it is until a person has it put back or set apart.

use minicbor::{Decode, Encode};

use crate::custody::raise::NOTE_CHARS_MAX;
use crate::custody::{Fact, Situation, allocate, has_authority};
use crate::event::words_that_grow;
use crate::facility::Right;
use crate::id::{ActorId, EventId, ItemId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::mutated;
use crate::order::{Order, Status};
use crate::stock::Package;
use crate::time::Millis;
use crate::verdict::{Reason, Verdict};

/// Holds a shop can have at once; more would be a mistake of a program.
pub const HOLDS_MAX: usize = 500;

/// What is held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Held {
    /// One package.
    #[n(0)]
    Package(#[n(0)] PackageTag),
    /// Every package of a maker's batch, whatever the product: a batch that is bad is bad in every size.
    #[n(1)]
    Batch(#[n(0)] String),
    /// Every package of a product.
    #[n(2)]
    Product(#[n(0)] ItemId),
}

impl Held {
    /// Whether a package belongs to it.
    #[must_use]
    pub fn covers(&self, package: &Package) -> bool {
        match self {
            Self::Package(tag) => package.tag == *tag,
            Self::Batch(batch) => package.batch.as_ref() == Some(batch),
            Self::Product(item) => package.item == *item,
        }
    }

    /// The package, when it is one.
    #[must_use]
    pub fn tag(&self) -> Option<&PackageTag> {
        match self {
            Self::Package(tag) => Some(tag),
            Self::Batch(_) | Self::Product(_) => None,
        }
    }
}

/// Why something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoldReason {
    /// The maker or the state calls it back.
    Recall,
    /// A laboratory's result is in doubt.
    Laboratory,
    /// Damaged, spoiled or contaminated, as far as is known.
    Quality,
    /// A label, a warning or a symbol is missing or wrong.
    Labelling,
    /// Something is being looked into.
    Investigation,
    /// Something else; the note says what.
    Other,
    /// A reason this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    HoldReason:
    Recall = 0
    Laboratory = 1
    Quality = 2
    Labelling = 3
    Investigation = 4
    Other = 5
}

/// Goods were held.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StockHeld {
    /// What.
    #[n(0)]
    pub what: Held,
    /// Why.
    #[n(1)]
    pub reason: HoldReason,
    /// In the person's words. Never about a customer.
    #[n(2)]
    pub note: Option<String>,
}

/// Held goods were let go.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StockReleased {
    /// The event that held them.
    #[n(0)]
    pub hold: EventId,
    /// What it held, so that its chain of custody tells of it.
    #[n(1)]
    pub what: Held,
    /// Why they may go, in the person's words. Never about a customer.
    #[n(2)]
    pub note: Option<String>,
}

/// A hold in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hold {
    /// The event that began it.
    #[n(0)]
    pub event: EventId,
    /// What is held.
    #[n(1)]
    pub what: Held,
    /// Why.
    #[n(2)]
    pub reason: HoldReason,
    /// In the words of whoever held it.
    #[n(3)]
    pub note: Option<String>,
    /// Who held it.
    #[n(4)]
    pub actor: ActorId,
    /// When, by the clock of the device.
    #[n(5)]
    pub at: Millis,
}

/// The holds in force, the oldest first.
#[must_use]
pub fn holds(ledger: &Ledger) -> &[Hold] {
    let holds = ledger.store().and_then(|store| store.holds.as_deref());
    holds.unwrap_or_default()
}

/// Whether a hold of the shop's own lies on a package.
pub(crate) fn is_held(ledger: &Ledger, package: &Package) -> bool {
    holds(ledger).iter().any(|hold| hold.what.covers(package))
}

/// What an order has of held goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The order.
    pub order: OrderId,
    /// Units in its tote or bag, or with its customer.
    pub units: u32,
    /// Its bag has left.
    pub is_gone: bool,
}

/// The orders that have some of what is held, those still in the shop first, each by its promise.
#[must_use]
pub fn taken(ledger: &Ledger, what: &Held) -> Vec<Taken> {
    let covers = |tag: &PackageTag| match ledger.packages.get(tag) {
        Some(package) => what.covers(package),
        None => what.tag() == Some(tag),
    };
    let mut orders: Vec<(&Order, Taken)> = Vec::new();
    for order in ledger.orders.values() {
        let picks = order.picks.iter().filter(|pick| covers(&pick.tag));
        let units = u32::try_from(picks.count()).unwrap_or(u32::MAX);
        if units > 0 {
            let is_gone = matches!(order.status, Status::Out | Status::HandedOver);
            let order_id = order.id;
            orders.push((
                order,
                Taken {
                    order: order_id,
                    units,
                    is_gone,
                },
            ));
        }
    }
    orders.sort_by_key(|(order, taken)| (taken.is_gone, order.promise_end, order.id));
    orders.into_iter().map(|(_, taken)| taken).collect()
}

fn noted(note: &str) -> Option<String> {
    let note: String = note.trim().chars().take(NOTE_CHARS_MAX).collect();
    Some(note).filter(|note| !note.is_empty())
}

fn fits(note: Option<&String>) -> bool {
    note.is_none_or(|note| note.chars().count() <= NOTE_CHARS_MAX)
}

/// Whether the shop knows it.
fn is_known(ledger: &Ledger, what: &Held) -> bool {
    match what {
        Held::Package(tag) => ledger.packages.contains_key(tag),
        Held::Product(item) => ledger.items.contains_key(item),
        Held::Batch(_) => {
            let mut packages = ledger.packages.values();
            packages.any(|package| what.covers(package))
        }
    }
}

/// May this person hold it?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    what: Held,
    reason: HoldReason,
    note: &str,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Hold) {
        return Verdict::Refused(refusal);
    }
    let note = noted(note);
    let says_nothing = reason == HoldReason::Other && note.is_none();
    if !is_known(ledger, &what) || says_nothing || holds(ledger).len() >= HOLDS_MAX {
        return Reason::Unknown.into();
    }
    if holds(ledger).iter().any(|hold| hold.what == what) {
        return Reason::OnHold.into();
    }
    Verdict::Accepted(StockHeld { what, reason, note }.into())
}

/// May this person let it go?
#[must_use]
pub fn decide_release(
    ledger: &Ledger,
    situation: &Situation,
    hold: EventId,
    note: &str,
) -> Verdict {
    if let Err(refusal) = situation.require_decision(ledger, Right::ReleaseHold) {
        return Verdict::Refused(refusal);
    }
    let Some(hold) = holds(ledger).iter().find(|known| known.event == hold) else {
        return Reason::Unknown.into();
    };
    let released = StockReleased {
        hold: hold.event,
        what: hold.what.clone(),
        note: noted(note),
    };
    Verdict::Accepted(released.into())
}

/// Nobody may pick it any more, and what was promised of it and not fetched yet is promised no longer.
pub fn held(ledger: &mut Ledger, fact: &Fact<'_>, done: &StockHeld) {
    if has_authority(ledger, fact, Right::Hold) && fits(done.note.as_ref()) {
        lay(ledger, fact, &done.what, done.reason, done.note.clone());
    }
}

/// Lays a hold on goods, once for each fact.
pub(crate) fn lay(
    ledger: &mut Ledger,
    fact: &Fact<'_>,
    what: &Held,
    reason: HoldReason,
    note: Option<String>,
) {
    let is_there = |hold: &Hold| hold.event == fact.envelope.id;
    if holds(ledger).iter().any(is_there) {
        return;
    }
    let hold = Hold {
        event: fact.envelope.id,
        what: what.clone(),
        reason,
        note,
        actor: fact.envelope.actor.actor,
        at: Millis(fact.envelope.wall),
    };
    let Some(store) = ledger.store_mut(&0) else {
        return;
    };
    store.holds.get_or_insert_default().push(hold);
    for tag in covered(ledger, what) {
        if let Some(package) = ledger.package_mut(&tag)
            && !mutated("hold_lays_nothing")
        {
            lay_on(package);
        }
        if !mutated("hold_keeps_promises") {
            withdraw(ledger, &tag);
        }
    }
}

/// A hold of the shop's own lies on it from now on; the state's word is kept beside.
fn lay_on(package: &mut Package) {
    package.state_hold = package.state_hold.or(Some(package.hold));
    package.hold = true;
}

/// What the state says of a package that is listed anew; a hold of the shop's own stays on it.
pub(crate) fn state_says(ledger: &mut Ledger, tag: &PackageTag, is_held_there: bool) {
    let own = ledger
        .packages
        .get(tag)
        .is_some_and(|package| is_held(ledger, package))
        && !mutated("hold_forgotten_with_the_states_file");
    if let Some(package) = ledger.package_mut(tag) {
        package.state_hold = own.then_some(is_held_there);
        package.hold = is_held_there || own;
    }
}

/// It may be sold again, unless another hold lies on it or the state holds it.
pub fn released(ledger: &mut Ledger, fact: &Fact<'_>, done: &StockReleased) {
    if !has_authority(ledger, fact, Right::ReleaseHold) {
        return;
    }
    let known = holds(ledger).iter().find(|hold| hold.event == done.hold);
    let Some(what) = known.map(|hold| hold.what.clone()) else {
        return;
    };
    if let Some(store) = ledger.store_mut(&0) {
        let holds = store.holds.get_or_insert_default();
        holds.retain(|hold| hold.event != done.hold);
        store.holds = store.holds.take().filter(|holds| !holds.is_empty());
    }
    for tag in covered(ledger, &what) {
        let is_still = ledger
            .packages
            .get(&tag)
            .is_some_and(|package| is_held(ledger, package));
        if !is_still
            && !mutated("hold_is_never_lifted")
            && let Some(package) = ledger.package_mut(&tag)
        {
            let of_state = package.state_hold.take().unwrap_or(package.hold);
            package.hold = of_state && !mutated("hold_lifts_the_states_too");
        }
    }
}

fn covered(ledger: &Ledger, what: &Held) -> Vec<PackageTag> {
    let packages = ledger.packages.values();
    let covered = packages.filter(|package| what.covers(package));
    covered.map(|package| package.tag.clone()).collect()
}

/// Takes back what orders were promised of a package and have not fetched. Their tickets, which name it, are old.
pub(crate) fn withdraw(ledger: &mut Ledger, tag: &PackageTag) {
    let waits = |order: &&Order| order.to_pick().any(|(_, promised, _)| promised == tag);
    let waiting: Vec<OrderId> = ledger
        .orders
        .values()
        .filter(waits)
        .map(|order| order.id)
        .collect();
    for order in waiting {
        allocate::change(ledger, order, |order| {
            let open: Vec<(u16, u32)> = order
                .to_pick()
                .filter(|(_, promised, _)| *promised == tag)
                .map(|(line, _, left)| (line.number, left))
                .collect();
            for line in &mut order.lines {
                let left = open.iter().find(|(number, _)| *number == line.number);
                let promise = line.allocations.iter_mut().find(|one| one.tag == *tag);
                if let (Some((_, left)), Some(promise)) = (left, promise) {
                    promise.units -= left;
                }
                line.allocations
                    .retain(|one| one.tag != *tag || one.units > 0 || one.missing.is_some());
            }
            if order.status < Status::Sealed || order.status == Status::Short {
                order.ticket_read = false;
            }
            allocate::settle(order);
        });
    }
}
