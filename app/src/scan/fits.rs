//! Whether the step in front would accept a code.
//!
//! In: a scan. Out: yes or no, by the very decisions that its act is decided by. Must not: act, or have rules of its own.

use domain::code::Reading;
use domain::code::own::OwnKind;
use domain::custody::scan::{Evidence, Scan};
use domain::custody::{Situation, hand_off, label, pick, return_to_vault, stage, tote, verify};
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::Status;
use domain::verdict::Verdict;
use leptos::prelude::WithUntracked as _;

use super::command::here;
use super::open::opens;
use super::{STEP, Step, counter, signals};
use crate::device::device;

/// Whether this scan is what the screen in front waits for. When a camera sees several codes at once, this is how one
/// of them is chosen, or none.
#[must_use]
pub fn fits(scan: &Scan, reading: &Reading) -> bool {
    let by = |decide: &dyn Fn(&Ledger, &Situation) -> bool| {
        device()
            .situation()
            .is_some_and(|situation| device().ledger_now(|ledger| decide(ledger, &situation)))
    };
    if here(scan).is_some() {
        return true;
    }
    match STEP.get() {
        Step::SignIn => matches!(scan.evidence(), Evidence::Own(OwnKind::Badge, _)),
        Step::Anything => opens(scan).is_some(),
        Step::Pick(order) => {
            by(&|ledger, situation| is_accepted(&pick::decide(ledger, situation, order, scan)))
        }
        Step::Tote(order) => {
            by(&|ledger, situation| is_accepted(&tote::decide(ledger, situation, order, scan)))
        }
        Step::Pack(order) => by(&|ledger, situation| packs(ledger, situation, order, scan)),
        Step::Stage(Some(order)) if !is_label(scan) => {
            by(&|ledger, situation| is_accepted(&stage::decide(ledger, situation, order, scan)))
        }
        Step::Stage(_) => opens(scan).is_some(),
        Step::Evening => {
            by(&|ledger, situation| is_accepted(&return_to_vault::decide(ledger, situation, scan)))
        }
        Step::Try => true,
        Step::Counter if counter::is_card(scan, reading) => {
            signals().bag.with_untracked(Option::is_some)
        }
        Step::Counter => by(&|ledger, situation| hand_off::bag(ledger, situation, scan).is_ok()),
    }
}

fn packs(ledger: &Ledger, situation: &Situation, order: OrderId, scan: &Scan) -> bool {
    let status = ledger.orders.get(&order).map(|order| order.status);
    match status {
        Some(Status::Labelled) => {
            is_accepted(&label::decide_read_back(ledger, situation, order, scan))
        }
        Some(Status::Sealed | Status::Staged) if is_label(scan) => opens(scan).is_some(),
        Some(Status::Sealed | Status::Staged) => {
            is_accepted(&stage::decide(ledger, situation, order, scan))
        }
        _ => is_accepted(&verify::decide(ledger, situation, order, scan)),
    }
}

fn is_label(scan: &Scan) -> bool {
    matches!(scan.evidence(), Evidence::Own(OwnKind::Label, _))
}

fn is_accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted(_))
}
