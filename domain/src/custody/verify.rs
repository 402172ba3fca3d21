//! Three ways must agree: the order, its ticket and the goods in hand.
//!
//! In: scans at the pack station. Out: each unit checked once, and the ticket. Must not: take a ticket of
//! an earlier version, or count a unit twice.

use minicbor::{Decode, Encode};

use crate::code::Grade;
use crate::code::own::OwnKind;
use crate::custody::label::not_of;
use crate::custody::limit::{self, Judged};
use crate::custody::scan::{Evidence, Scan};
use crate::custody::{Fact, Situation, gate, lines, second};
use crate::facility::Right;
use crate::id::{EventId, Hash, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::limits::Customer;
use crate::mutated;
use crate::order::{Order, Pick, Status};
use crate::verdict::{Reason, Refusal, Verdict};

/// The order's ticket was read, and is of the version in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TicketRead {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Its version.
    #[n(1)]
    pub version: u32,
    /// Hash of what the ticket says.
    #[n(2)]
    pub content: Hash,
    /// What purchase limits say of what is in the tote; `None` where the shop has none.
    #[n(3)]
    pub judged: Option<Judged>,
}

/// A unit was scanned again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct UnitVerified {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The pick it confirms.
    #[n(1)]
    pub pick: EventId,
    /// The package.
    #[n(2)]
    pub tag: PackageTag,
    /// The unit's own number, when its own code was read.
    #[n(3)]
    pub unit: Option<u64>,
    /// What the reading proves.
    #[n(4)]
    pub grade: Grade,
    /// What purchase limits say of what is in the tote; `None` where the shop has none.
    #[n(5)]
    pub judged: Option<Judged>,
}

/// Does this scan confirm a unit or the ticket?
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> Verdict {
    match check(ledger, situation, order, scan) {
        Ok(verdict) => verdict,
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    scan: &Scan,
) -> Result<Verdict, Refusal> {
    let order = situation.require_for(ledger, Right::Fulfil, order)?;
    match order.status {
        Status::Picked | Status::Verifying | Status::Verified => {}
        Status::Cancelled => return Err(Refusal::because(Reason::OrderCancelled)),
        Status::New
        | Status::Ready
        | Status::Claimed
        | Status::Picking
        | Status::Labelled
        | Status::Sealed
        | Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Short
        | Status::Problem => return Err(Refusal::because(Reason::NotYet)),
    }
    match scan.evidence() {
        Evidence::Package { tag, unit } => {
            let pick = pick_for(ledger, order, &tag, unit)?;
            gate::require_sellable(ledger, &tag, situation.today)?;
            lines::require(ledger, order)?;
            let judged = within(ledger, situation, order)?;
            let done = UnitVerified {
                order: order.id,
                pick: pick.event,
                tag,
                unit,
                grade: scan.grade(),
                judged,
            };
            Ok(Verdict::Accepted(done.into()))
        }
        Evidence::Own(OwnKind::Ticket, id) => {
            let done = ticket(ledger, order, &id)?;
            lines::require(ledger, order)?;
            let judged = within(ledger, situation, order)?;
            Ok(Verdict::Accepted(TicketRead { judged, ..done }.into()))
        }
        Evidence::Product(_) => Err(Refusal::because(Reason::ProductCodeOnly)),
        Evidence::Own(..) | Evidence::Nothing => Err(Refusal::because(scan.unfit())),
    }
}

/// What is in the tote, within every limit as far as anybody knows. What is not known is no reason to stop here: the
/// screen says it, and the counter has to answer it.
fn within(
    ledger: &Ledger,
    situation: &Situation,
    order: &Order,
) -> Result<Option<Judged>, Refusal> {
    let Some(found) = limit::picked(ledger, situation, order, Customer::default()) else {
        return Ok(None);
    };
    if !mutated("verify_of_what_is_over_a_limit") {
        found.require_within()?;
    }
    Ok(Some(found.told(false)))
}

fn ticket(ledger: &Ledger, order: &Order, id: &str) -> Result<TicketRead, Refusal> {
    if id == order.ticket_id() {
        Ok(TicketRead {
            order: order.id,
            version: order.version,
            content: order.ticket_hash(),
            judged: None,
        })
    } else if id.starts_with(&order.code_id()) {
        Err(Refusal::because(Reason::OldTicket))
    } else {
        Err(not_of(ledger, order, id))
    }
}

/// The pick a scanned unit confirms. A unit that was picked by its own code is confirmed only by that
/// code or by its package's tag.
fn pick_for<'a>(
    ledger: &Ledger,
    order: &'a Order,
    tag: &PackageTag,
    unit: Option<u64>,
) -> Result<&'a Pick, Refusal> {
    let refuse = |reason| Refusal {
        scanned: Some(tag.clone()),
        ..Refusal::because(reason)
    };
    let package = ledger
        .packages
        .get(tag)
        .ok_or_else(|| refuse(Reason::TagNotKnown))?;
    let of_package = || order.picks.iter().filter(|pick| pick.tag == *tag);
    if let Some(unit) = unit {
        let exact = of_package().find(|pick| pick.unit == Some(unit));
        if let Some(pick) = exact {
            return if pick.verified {
                Err(refuse(Reason::AlreadyScanned))
            } else {
                Ok(pick)
            };
        }
    }
    // A tag alone is taken for a unit without a number first: those with one may still show their own code.
    let open = of_package()
        .filter(|pick| !pick.verified && (unit.is_none() || pick.unit.is_none()))
        .min_by_key(|pick| pick.unit.is_some());
    if let Some(pick) = open {
        let is_taken = |unit| package.has_taken(unit);
        // This very unit is on record in another order's hands.
        return if unit.is_some_and(is_taken) {
            Err(refuse(Reason::AlreadyScanned))
        } else {
            Ok(pick)
        };
    }
    if of_package().next().is_some() {
        let reason = if unit.is_some() {
            Reason::NotOnThisOrder
        } else {
            Reason::LineComplete
        };
        return Err(refuse(reason));
    }
    let is_same_product = |pick: &&Pick| {
        let picked = ledger.packages.get(&pick.tag);
        !pick.verified && picked.is_some_and(|picked| picked.item == package.item)
    };
    Err(match order.picks.iter().find(is_same_product) {
        Some(pick) => Refusal {
            expected: Some(pick.tag.clone()),
            ..refuse(Reason::WrongBatch)
        },
        None => refuse(Reason::NotOnThisOrder),
    })
}

/// The ticket that was read speaks of another version than the one in force: a bag that is still open waits for the new one.
pub(crate) fn want_new_ticket(order: &mut Order) {
    if order.status >= Status::Sealed && order.status != Status::Short {
        return;
    }
    order.ticket_read = false;
    if matches!(order.status, Status::Verified | Status::Labelled) {
        order.status = Status::Verifying;
    }
}

/// Takes the ticket in.
pub fn ticket_read(ledger: &mut Ledger, fact: &Fact<'_>, done: &TicketRead) {
    second::note_checker(ledger, fact, done.order);
    if let Some(order) = ledger.order_mut(&done.order) {
        order.ticket_read = done.content == order.ticket_hash();
        settle(order);
    }
}

/// The pick a checked unit belongs to, if it can be that unit.
pub(crate) fn confirmed<'a>(order: &'a Order, done: &UnitVerified) -> Option<&'a Pick> {
    let fits = |pick: &&Pick| {
        let same_unit = pick.unit.is_none() || done.unit.is_none() || pick.unit == done.unit;
        pick.event == done.pick && pick.tag == done.tag && same_unit
    };
    order.picks.iter().find(fits)
}

/// Takes a checked unit in. One that had been picked by its package's tag now has its own number.
pub fn unit_verified(ledger: &mut Ledger, fact: &Fact<'_>, done: &UnitVerified) {
    second::note_checker(ledger, fact, done.order);
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    let Some(confirmed) = confirmed(order, done).cloned() else {
        return;
    };
    let learnt = done.unit.filter(|_| confirmed.unit.is_none());
    if let Some(pick) = order.picks.iter_mut().find(|pick| **pick == confirmed) {
        pick.verified = true;
        pick.unit = pick.unit.or(done.unit);
    }
    settle(order);
    if let (Some(unit), Some(package)) = (learnt, ledger.package_mut(&done.tag)) {
        package.take_unit(unit);
    }
}

fn settle(order: &mut Order) {
    if matches!(
        order.status,
        Status::Picked | Status::Verifying | Status::Verified
    ) {
        let all = order.units_verified() == order.units_picked();
        order.status = if all && order.ticket_read {
            Status::Verified
        } else {
            Status::Verifying
        };
    }
}
