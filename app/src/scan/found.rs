//! A package is scanned that was reported missing for the order in front: one tap says that it is there, and takes it.
//!
//! In: a scan that was not taken for this reason. Out: a question, and two acts when it is answered. Must not: take it
//! unasked; whoever said that it is damaged, or too few, may have scanned it for that very reason.

use domain::custody::scan::{Evidence, Scan};
use domain::custody::{found, pick};
use domain::id::{EventId, OrderId, PackageTag};
use domain::verdict::Reason;
use leptos::prelude::Set as _;

use super::{Feedback, heard, shown, signals};
use crate::device::{Outcome, device};
use crate::platform::sound::Sound;

/// A package in the hand that was reported missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The order it was reported for.
    pub order: OrderId,
    /// The package.
    pub tag: PackageTag,
    /// The report.
    pub report: EventId,
    scan: Scan,
}

/// Asks whether it is there after all, when that is why a scan was not taken. Whether it asked.
pub(super) fn asks(order: OrderId, scan: &Scan, outcome: &Outcome) -> bool {
    let is_it =
        matches!(outcome, Outcome::Refused(refusal) if refusal.reason == Reason::FoundAfterAll);
    let Some(found) = is_it.then(|| of(order, scan)).flatten() else {
        return false;
    };
    super::CLEAR.take();
    heard(Sound::Attend);
    signals().feedback.set(Feedback::Found(Box::new(found)));
    true
}

fn of(order: OrderId, scan: &Scan) -> Option<Found> {
    let Evidence::Package { tag, .. } = scan.evidence() else {
        return None;
    };
    let situation = device().situation()?;
    let report = device().ledger_now(|ledger| {
        let order = ledger.orders.get(&order)?;
        found::of_scan(ledger, &situation, order, &tag)
    })?;
    let scan = scan.clone();
    Some(Found {
        order,
        tag,
        report,
        scan,
    })
}

/// It is there: the report is undone, and the unit taken.
pub async fn take(found: Found) {
    let Found {
        order,
        report,
        scan,
        ..
    } = found;
    let undone = device()
        .act(None, |ledger, situation| {
            found::decide(ledger, situation, order, report)
        })
        .await;
    if !matches!(undone, Outcome::Saved(_)) {
        shown(order, undone);
        return;
    }
    let taken = device()
        .act(None, |ledger, situation| {
            pick::decide(ledger, situation, order, &scan)
        })
        .await;
    shown(order, taken);
}
