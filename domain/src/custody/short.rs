//! Fewer units on the shelf than promised.
//!
//! In: a picker's word. Out: the line goes on without them, and the server looks for others.
//! Must not: change the package's quantity; that is a count's business.

use minicbor::{Decode, Encode};

use crate::custody::arrive::add_concern;
use crate::custody::claim::held_by;
use crate::custody::{Fact, Situation, allocate, escrow};
use crate::event::words_that_grow;
use crate::facility::Right;
use crate::id::{ActorId, EventId, OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Allocation, Concern};
use crate::verdict::{Reason, Verdict};

/// What the picker saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortReason {
    /// The slot is empty, or holds too few.
    NotThere,
    /// Damaged, not fit to sell.
    Damaged,
    /// The tag cannot be read.
    TagUnreadable,
    /// Another package is in the slot.
    OtherPackage,
    /// Something this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    ShortReason:
    NotThere = 0
    Damaged = 1
    TagUnreadable = 2
    OtherPackage = 3
}

/// Who reported a package missing, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Missed {
    /// What was seen.
    #[n(0)]
    pub reason: ShortReason,
    /// The picker.
    #[n(1)]
    pub actor: ActorId,
    /// The report. Its name says when, by the device's clock.
    #[n(2)]
    pub event: EventId,
    /// Units of it that nobody has found since; `None`: it was said before this was kept, and cannot be undone.
    #[n(3)]
    pub units: Option<u32>,
    /// They were promised to nobody: a spare of the lease was looked for.
    #[n(4)]
    pub spare: Option<bool>,
}

/// Fewer units were found than promised.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShortPicked {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// Its line.
    #[n(1)]
    pub line: u16,
    /// The package that should be there.
    #[n(2)]
    pub tag: PackageTag,
    /// Units missing.
    #[n(3)]
    pub units: u32,
    /// What was seen.
    #[n(4)]
    pub reason: ShortReason,
}

/// May the picker go on without the rest of this allocation?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    tag: &PackageTag,
    reason: ShortReason,
) -> Verdict {
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    if let Err(refusal) = situation
        .require(ledger, Right::Fulfil)
        .and_then(|()| held_by(ledger, order, situation))
    {
        return Verdict::Refused(refusal);
    }
    let mut wanted = order.to_pick().chain(escrow::substitutes(ledger, order));
    let Some((line, tag, units)) = wanted.find(|(_, open, _)| *open == tag) else {
        return Reason::LineComplete.into();
    };
    let done = ShortPicked {
        order: order.id,
        line: line.number,
        tag: tag.clone(),
        units,
        reason,
    };
    Verdict::Accepted(done.into())
}

/// Takes the missing units off the line. A spare that was searched in vain is not offered to it again.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &ShortPicked) {
    let missed = |units, is_spare: bool| Missed {
        reason: done.reason,
        actor: fact.envelope.actor.actor,
        event: fact.envelope.id,
        units: Some(units),
        spare: is_spare.then_some(true),
    };
    let order = ledger.orders.get(&done.order);
    let is_spare = order.is_some_and(|order| {
        let mut spares = escrow::substitutes(ledger, order);
        spares.any(|(line, tag, _)| line.number == done.line && *tag == done.tag)
    });
    allocate::change(ledger, done.order, |order| {
        let picked = order.picked_of(done.line, &done.tag);
        let Some(line) = order.lines.iter_mut().find(|line| line.number == done.line) else {
            return;
        };
        let mut allocations = line.allocations.iter_mut();
        let Some(allocation) = allocations.find(|allocation| allocation.tag == done.tag) else {
            if is_spare {
                line.allocations.push(Allocation {
                    missing: Some(done.units),
                    missed: Some(missed(done.units, true)),
                    ..Allocation::of(done.tag.clone(), 0)
                });
            }
            return;
        };
        let missing = allocation.units.saturating_sub(picked).min(done.units);
        if missing > 0 {
            allocation.units -= missing;
            allocation.missing = Some(allocation.missing.unwrap_or(0).saturating_add(missing));
            say(allocation, missed(missing, false));
            line.short = line.short.saturating_add(missing);
            add_concern(order, Concern::Missing);
        } else if is_spare {
            allocation.missing = Some(done.units);
            say(allocation, missed(done.units, true));
        }
        allocate::settle(order);
    });
}

/// What is said last stands first; what was said before is kept.
fn say(allocation: &mut Allocation, missed: Missed) {
    if let Some(before) = allocation.missed.replace(missed) {
        allocation.earlier.get_or_insert_default().push(before);
    }
}
