//! The tote of an order on a walk: bound by a scan before the first unit, scanned again after every package.
//!
//! In: an order and a scan. Out: where its units went, or the right tote. Must not: let two customers' goods share a
//! tote, or hold up what is picked without one.

use minicbor::{Decode, Encode};

use crate::code::own::OwnKind;
use crate::custody::claim::held_by;
use crate::custody::scan::{Evidence, Scan};
use crate::custody::{Fact, Situation};
use crate::facility::Right;
use crate::id::{DeviceId, EventId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Order, Status};
use crate::plan::pace::ORDERS_MAX;
use crate::plan::way::is_on_cart;
use crate::verdict::{Reason, Refusal, Verdict};

/// An order's tote was read: the first reading binds it, each later one says that what was picked lies in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ToteRead {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The identifier in the tote's code.
    #[n(1)]
    pub code: String,
    /// Its number on the cart, from 1; shape and colour go with it.
    #[n(2)]
    pub number: u8,
}

/// The tote an order's units lie in while they are picked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Tote {
    /// The identifier in its code.
    #[n(0)]
    pub code: String,
    /// Its number on the cart, from 1.
    #[n(1)]
    pub number: u8,
    /// Picks since it was last read.
    #[n(2)]
    pub unread: Vec<EventId>,
}

/// Whether an order still has its tote: until its bag is closed, or nothing of it is left to carry.
#[must_use]
pub fn is_in_use(order: &Order) -> bool {
    match order.status {
        Status::Sealed | Status::Staged | Status::Out | Status::HandedOver | Status::Returned => {
            false
        }
        Status::Cancelled => !order.picks.is_empty(),
        Status::New
        | Status::Ready
        | Status::Claimed
        | Status::Picking
        | Status::Picked
        | Status::Verifying
        | Status::Verified
        | Status::Labelled
        | Status::Short
        | Status::Problem => order.claim.is_some() || !order.picks.is_empty(),
    }
}

/// The order whose units lie in a tote.
#[must_use]
pub fn order_in<'a>(ledger: &'a Ledger, code: &str) -> Option<&'a Order> {
    let is_in_it = |order: &&Order| {
        let tote = order.tote.as_ref();
        tote.is_some_and(|tote| tote.code == code) && is_in_use(order)
    };
    ledger.orders.values().find(is_in_it)
}

/// Whether something was picked for an order that nobody has said is in its tote.
#[must_use]
pub fn is_unread(order: &Order) -> bool {
    order
        .tote
        .as_ref()
        .is_some_and(|tote| !tote.unread.is_empty())
}

/// Whether the tote comes next: its order's last unit is of a package that is not taken from any more.
#[must_use]
pub fn is_due(order: &Order, next: Option<&PackageTag>) -> bool {
    let last = order.picks.last().map(|pick| &pick.tag);
    is_unread(order) && (next.is_none() || next != last)
}

/// The orders on a device's cart that have a tote, with its number.
fn on_cart(ledger: &Ledger, device: DeviceId) -> impl Iterator<Item = (&Order, u8)> {
    let is_ours = move |order: &&Order| {
        let claim = order.claim.as_ref();
        claim.is_some_and(|claim| claim.device == device) && is_on_cart(order)
    };
    let orders = ledger.orders.values().filter(is_ours);
    orders.filter_map(|order| Some((order, order.tote.as_ref()?.number)))
}

/// The number a tote would have for an order: the one at the end of its code, which stands on the tote itself, or the
/// first that is free on this cart.
fn number_for(ledger: &Ledger, device: DeviceId, order: OrderId, code: &str) -> u8 {
    let taken = |number: u8| {
        let mut others = on_cart(ledger, device).filter(|(other, _)| other.id != order);
        others.any(|(_, theirs)| theirs == number)
    };
    let places = 1..=u8::try_from(ORDERS_MAX).unwrap_or(u8::MAX);
    let digits = code.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let printed = digits.parse().ok().filter(|number| places.contains(number));
    let free = printed.filter(|number| !taken(*number));
    let first = || places.into_iter().find(|number| !taken(*number));
    free.or_else(first).unwrap_or(1)
}

/// Does this scan bind the order's tote, or say that its units lie in it?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    match check(ledger, situation, order, scan) {
        Ok(read) => Verdict::Accepted(read.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    scan: &Scan,
) -> Result<ToteRead, Refusal> {
    let order = situation.require_for(ledger, Right::Fulfil, order)?;
    held_by(ledger, order, situation)?;
    if order.status == Status::Cancelled && order.picks.is_empty() {
        return Err(Refusal::because(Reason::OrderCancelled));
    }
    if !is_on_cart(order) && order.status != Status::Cancelled {
        return Err(Refusal::because(Reason::NotYet));
    }
    let Evidence::Own(OwnKind::Tote, code) = scan.evidence() else {
        return Err(wanted(order));
    };
    // An empty tote may still be changed for another one.
    let bound = order.tote.as_ref().filter(|_| !order.picks.is_empty());
    if let Some(bound) = bound.filter(|bound| bound.code != code) {
        return Err(Refusal {
            tote: Some(bound.number),
            ..Refusal::because(Reason::WrongTote)
        });
    }
    if order_in(ledger, &code).is_some_and(|other| other.id != order.id) {
        return Err(Refusal::because(Reason::ToteTaken));
    }
    let same = order.tote.as_ref().filter(|tote| tote.code == code);
    let number = same.map_or_else(
        || number_for(ledger, situation.device, order.id, &code),
        |tote| tote.number,
    );
    Ok(ToteRead {
        order: order.id,
        code,
        number,
    })
}

/// What has to be scanned before anything else: the order's tote.
fn wanted(order: &Order) -> Refusal {
    match &order.tote {
        Some(tote) => Refusal {
            tote: Some(tote.number),
            ..Refusal::because(Reason::ToteFirst)
        },
        None => Refusal::because(Reason::NoToteYet),
    }
}

/// Refuses a unit while another package's unit is in the hand: its tote has to be scanned first. Orders without a tote
/// are picked as ever.
///
/// # Errors
/// When the tote of this order, or of another one of the same cart, comes first.
pub(crate) fn require_read(
    ledger: &Ledger,
    order: &Order,
    tag: Option<&PackageTag>,
) -> Result<(), Refusal> {
    let Some(claim) = order.claim.as_ref().filter(|_| order.tote.is_some()) else {
        return Ok(());
    };
    if is_due(order, tag) {
        return Err(wanted(order));
    }
    let mut others = on_cart(ledger, claim.device).filter(|(other, _)| other.id != order.id);
    match others.find(|(other, _)| is_unread(other)) {
        Some((other, _)) => Err(wanted(other)),
        None => Ok(()),
    }
}

/// Binds the tote, or notes that all that was picked lies in it.
pub fn evolve(ledger: &mut Ledger, done: &ToteRead) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.status >= Status::Sealed && order.status <= Status::Returned {
        return;
    }
    order.tote = Some(Tote {
        code: done.code.clone(),
        number: done.number,
        unread: Vec::new(),
    });
}

/// A unit was picked: its tote has to be read after it.
pub(crate) fn picked(order: &mut Order, fact: &Fact<'_>) {
    if let Some(tote) = &mut order.tote {
        tote.unread.push(fact.envelope.id);
    }
}

/// A unit went back to its shelf: nobody asks which tote it is in.
pub(crate) fn put_back(order: &mut Order, pick: EventId) {
    if let Some(tote) = &mut order.tote {
        tote.unread.retain(|unread| *unread != pick);
    }
}

/// Another device has the order now: a tote with nothing in it stays where it is.
pub(crate) fn changed_hands(order: &mut Order) {
    if order.picks.is_empty() {
        order.tote = None;
    }
}
