//! An order goes out with less than was ordered, because its customer said so.
//!
//! In: what the customer said to whom. Out: lines that wait for nothing any more. Must not: take off what packages are
//! promised for, or leave an order of nothing; whoever wants none of it cancels where it was ordered.

use minicbor::{Decode, Encode};

use crate::custody::claim::held_by;
use crate::custody::{Situation, allocate, swap};
use crate::facility::Right;
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::{Line, Order, Status};
use crate::quantity::UnitOfMeasure;
use crate::stock::{Package, Unsellable};
use crate::time::Day;
use crate::verdict::{Reason, Verdict};

/// How the customer was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Asked {
    /// By telephone.
    #[n(0)]
    ByPhone,
    /// By a message that was answered.
    #[n(1)]
    ByMessage,
    /// In the shop, or at the car.
    #[n(2)]
    InPerson,
}

/// Units of a line that the customer does without.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WithoutUnits {
    /// The line.
    #[n(0)]
    pub line: u16,
    /// How many.
    #[n(1)]
    pub units: u32,
    /// How many of those that a picker missed; `None` from an app that did not ask about them.
    #[n(2)]
    pub missed: Option<u32>,
}

/// The customer takes the order without what cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShortAgreed {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// What it goes without.
    #[n(1)]
    pub without: Vec<WithoutUnits>,
    /// How the customer was asked.
    #[n(2)]
    pub asked: Asked,
}

impl ShortAgreed {
    /// Units the customer does without.
    #[must_use]
    pub fn units(&self) -> u32 {
        let of_line = |line: &WithoutUnits| line.units.saturating_add(line.missed.unwrap_or(0));
        let units = self.without.iter().map(of_line);
        units.fold(0, u32::saturating_add)
    }
}

/// Units of a line that nobody can promise, and that no picker has reported missing either.
#[must_use]
pub fn not_to_be_had(line: &Line) -> u32 {
    line.unallocated().saturating_sub(line.short)
}

/// Why nothing more of its product can be promised to a line: what people would ask first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyNot {
    /// On hold or recalled; somebody may let it go.
    OnHold,
    /// No passed laboratory test yet.
    NotTested,
    /// Past its last day.
    Expired,
    /// A picker looked for it in vain.
    Missed,
    /// What may be sold is promised to other orders.
    Promised,
    /// None stands on a shelf.
    NoneLeft,
}

/// Why a line lacks what it lacks, as its product's packages stand on a day.
#[must_use]
pub fn why_not(ledger: &Ledger, line: &Line, today: Day) -> WhyNot {
    let stands = |package: &&Package| {
        let is_of_line = package.item == line.item && package.unit == UnitOfMeasure::Each;
        is_of_line && package.on_shelves().whole_units() > 0
    };
    let why = |package: &Package| match package.unsellable(today) {
        Some(Unsellable::OnHold) => WhyNot::OnHold,
        Some(Unsellable::NotTested) => WhyNot::NotTested,
        Some(Unsellable::Expired) => WhyNot::Expired,
        None if line.was_searched_for(&package.tag) => WhyNot::Missed,
        None => WhyNot::Promised,
    };
    let standing = ledger.packages.values().filter(stands);
    standing.map(why).min().unwrap_or(WhyNot::NoneLeft)
}

/// Units left of an order once its customer does without the rest.
#[must_use]
pub fn left_of(order: &Order) -> u32 {
    let missing = order.lines.iter().map(not_to_be_had);
    let missing = missing.fold(0, u32::saturating_add);
    order.units_due().saturating_sub(missing)
}

/// What the customer is asked to do without: what nobody can promise, and what a picker missed and no other package has.
#[must_use]
pub fn without(ledger: &Ledger, order: &Order, today: Day) -> Vec<WithoutUnits> {
    let asked: Vec<u16> = swap::to_ask(ledger, order, today)
        .map(|line| line.number)
        .collect();
    let of_line = |line: &Line| {
        let missed = match asked.contains(&line.number) {
            true => line.missed(),
            false => 0,
        };
        WithoutUnits {
            line: line.number,
            units: not_to_be_had(line),
            missed: Some(missed),
        }
    };
    let lines = order.lines.iter().map(of_line);
    lines
        .filter(|line| line.units > 0 || line.missed > Some(0))
        .collect()
}

/// May this order go on without what cannot be had? Of what was missed at a shelf the customer is asked while the picker
/// still has the order.
#[must_use]
pub fn decide(ledger: &Ledger, situation: &Situation, order: OrderId, asked: Asked) -> Verdict {
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let without = without(ledger, order, situation.today);
    let is_missed = without.iter().any(|line| line.missed > Some(0));
    let may = situation.require(ledger, Right::AskCustomer);
    if let Err(refusal) = may.and_then(|()| match is_missed {
        true => Ok(()),
        false => held_by(ledger, order, situation),
    }) {
        return Verdict::Refused(refusal);
    }
    if order.status == Status::Cancelled {
        return Reason::OrderCancelled.into();
    }
    if without.is_empty() || left_of(order) == 0 || order.status.is_closed() {
        return Reason::NotYet.into();
    }
    let order = order.id;
    Verdict::Accepted(
        ShortAgreed {
            order,
            without,
            asked,
        }
        .into(),
    )
}

/// Takes off what is still missing. What has come in meanwhile stays promised.
pub fn evolve(ledger: &mut Ledger, done: &ShortAgreed) {
    allocate::change(ledger, done.order, |order| {
        if order.status.is_closed() {
            return;
        }
        for without in &done.without {
            let line = order.lines.iter_mut();
            for line in line.filter(|line| line.number == without.line) {
                let units = without.units.min(not_to_be_had(line));
                line.short = line.short.saturating_add(units);
                if let Some(missed) = without.missed {
                    let more = units.saturating_add(missed.min(line.missed()));
                    let known = line.done_without.unwrap_or(0);
                    let all = known.saturating_add(more).min(line.short);
                    line.done_without = Some(all).filter(|units| *units > 0);
                }
            }
        }
        allocate::settle(order);
    });
}
