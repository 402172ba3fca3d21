//! What every bag must be before it leaves: one list, the same at the pack station and at the counter.
//!
//! In: the ledger, an order, what purchase limits say of it, the document that was shown. Out: for each item pass, fail or
//! not known, and why. Must not: let an item that nobody can answer yet pass.
//!
//! The list is Michigan's (R 420.505(1)), which has in it what other states ask too.

use crate::custody::hand_off::{age_rule, objection};
use crate::custody::limit::{self, Judgement};
use crate::id::PackageTag;
use crate::identity::Shown;
use crate::ledger::Ledger;
use crate::limits::Outcome;
use crate::order::Order;
use crate::stock::{Package, Unsellable};
use crate::time::Day;
use crate::verdict::{Reason, Refusal};

/// An item of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Nothing in it is on hold, recalled or ordered destroyed.
    NotHeld,
    /// Nothing in it is past its last day.
    NotExpired,
    /// All of it has passed its test.
    Tested,
    /// The bag has its label, and it was read back.
    Labelled,
    /// It is no more than one person may buy.
    WithinLimits,
    /// Whoever takes it has shown who they are, and are old enough.
    Identity,
    /// A patient has shown the card of a patient.
    Card,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The item.
    pub item: Item,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it did not pass.
    pub why: Option<Reason>,
    /// The package it is about.
    pub tag: Option<PackageTag>,
}

impl Check {
    fn of(item: Item, outcome: Outcome, why: Reason) -> Self {
        Self {
            item,
            outcome,
            why: (outcome != Outcome::Pass).then_some(why),
            tag: None,
        }
    }
}

/// Answers the whole list.
#[must_use]
pub fn check(
    ledger: &Ledger,
    order: &Order,
    today: Day,
    limits: Option<&Judgement>,
    shown: Option<&Shown>,
) -> Vec<Check> {
    let mut checks = Vec::from(goods(ledger, order, today));
    checks.push(labelled(order));
    let within = limits.map_or(Outcome::Unknown, Judgement::outcome);
    let why = match within {
        Outcome::Fail => Reason::OverLimit,
        Outcome::Pass | Outcome::Unknown => Reason::LimitUnclear,
    };
    checks.push(Check::of(Item::WithinLimits, within, why));
    checks.push(identity(ledger, today, shown));
    // Nobody here can ask a register of patients: a person looks at the card. An adult who is none needs none.
    let has_card = shown.is_some_and(|shown| shown.patient_card);
    let card = match limit::is_patients(ledger, order) && !has_card {
        true => Outcome::Unknown,
        false => Outcome::Pass,
    };
    checks.push(Check::of(Item::Card, card, Reason::NotYet));
    checks
}

/// What is in the bag: not held, not expired, tested.
fn goods(ledger: &Ledger, order: &Order, today: Day) -> [Check; 3] {
    let mut checks = [
        (Item::NotHeld, Reason::OnHold),
        (Item::NotExpired, Reason::Expired),
        (Item::Tested, Reason::NotTested),
    ]
    .map(|(item, why)| Check::of(item, Outcome::Pass, why));
    for pick in &order.picks {
        let Some(package) = ledger.packages.get(&pick.tag) else {
            for check in &mut checks {
                if check.outcome == Outcome::Pass {
                    *check = Check {
                        tag: Some(pick.tag.clone()),
                        ..Check::of(check.item, Outcome::Unknown, Reason::TagNotKnown)
                    };
                }
            }
            continue;
        };
        for check in &mut checks {
            let flaw = package
                .flaws(today)
                .find(|flaw| item_of(*flaw) == check.item);
            if let Some(flaw) = flaw.filter(|_| check.outcome != Outcome::Fail) {
                *check = Check {
                    tag: Some(pick.tag.clone()),
                    ..Check::of(check.item, Outcome::Fail, reason_of(flaw))
                };
            }
        }
    }
    checks
}

fn item_of(flaw: Unsellable) -> Item {
    match flaw {
        Unsellable::OnHold => Item::NotHeld,
        Unsellable::Expired => Item::NotExpired,
        Unsellable::NotTested => Item::Tested,
    }
}

pub(super) fn reason_of(flaw: Unsellable) -> Reason {
    match flaw {
        Unsellable::OnHold => Reason::OnHold,
        Unsellable::Expired => Reason::Expired,
        Unsellable::NotTested => Reason::NotTested,
    }
}

/// Says what is wrong with goods of the right product rather than that others were meant: told of a swap alone, a
/// picker would put them back and believe that nothing is wrong with them.
pub(super) fn unfit_first(package: &Package, today: Day, refusal: Refusal) -> Refusal {
    match package.unsellable(today) {
        Some(flaw) if refusal.reason != Reason::NotOnThisOrder => Refusal {
            reason: reason_of(flaw),
            ..refusal
        },
        _ => refusal,
    }
}

fn labelled(order: &Order) -> Check {
    let is_read_back = order.label.as_ref().is_some_and(|label| label.read_back);
    let outcome = if is_read_back {
        Outcome::Pass
    } else {
        Outcome::Unknown
    };
    Check::of(Item::Labelled, outcome, Reason::NotYet)
}

fn identity(ledger: &Ledger, today: Day, shown: Option<&Shown>) -> Check {
    let Some((shown, rule)) = shown.zip(age_rule(ledger)) else {
        return Check::of(Item::Identity, Outcome::Unknown, Reason::NotYet);
    };
    match objection(shown, today, rule) {
        None => Check::of(Item::Identity, Outcome::Pass, Reason::NotYet),
        Some(Reason::IdUnclear) => Check::of(Item::Identity, Outcome::Unknown, Reason::IdUnclear),
        Some(reason) => Check::of(Item::Identity, Outcome::Fail, reason),
    }
}

/// What lies in a tote or bag and may not be sold, each package once with the reason for which it is refused: what came to
/// be so after it was picked is to be seen before anybody scans it again.
#[must_use]
pub fn unfit<'a>(ledger: &Ledger, order: &'a Order, today: Day) -> Vec<(&'a PackageTag, Reason)> {
    let mut found: Vec<(&PackageTag, Reason)> = Vec::new();
    for pick in &order.picks {
        let is_new = found.iter().all(|(tag, _)| **tag != pick.tag);
        let refusal = require_sellable(ledger, &pick.tag, today).err();
        if let Some(refusal) = refusal.filter(|_| is_new) {
            found.push((&pick.tag, refusal.reason));
        }
    }
    found
}

/// Refuses a bag with anything in it that may not be sold.
///
/// # Errors
/// With the first package that may not, and why.
pub fn require_fit(ledger: &Ledger, order: &Order, today: Day) -> Result<(), Refusal> {
    let tags = order.picks.iter().map(|pick| &pick.tag);
    tags.into_iter()
        .try_for_each(|tag| require_sellable(ledger, tag, today))
}

/// Refuses a unit of a package that may not be sold. Of one nobody knows others have to say what it is.
///
/// # Errors
/// When it is on hold, past its last day, or not tested.
pub fn require_sellable(ledger: &Ledger, tag: &PackageTag, today: Day) -> Result<(), Refusal> {
    let package = ledger.packages.get(tag);
    match package.and_then(|package| package.unsellable(today)) {
        None => Ok(()),
        Some(flaw) => Err(Refusal {
            scanned: Some(tag.clone()),
            ..Refusal::because(reason_of(flaw))
        }),
    }
}
