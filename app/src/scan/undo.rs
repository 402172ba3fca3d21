//! What was done is taken back: a unit goes to its shelf again, or what was reported missing is there after all.
//!
//! In: an act, by its name. Out: an act of its own that takes it back. Must not: delete anything.

use domain::custody::{found, pick};
use domain::event::Body;
use domain::id::{EventId, OrderId};
use leptos::prelude::{GetUntracked as _, Set as _};

use super::{STEP, Step, shown, signals};
use crate::device::device;
use crate::platform::clock;

/// An act that can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undoable {
    /// A unit was taken.
    Pick(EventId),
    /// A package was reported missing.
    Report(EventId),
}

/// The act that has just been kept, when it can be taken back at one tap.
pub(super) fn of(order: OrderId, body: &Body) -> Option<Undoable> {
    device().ledger_now(|ledger| match body {
        Body::PackagePicked(_) => last_pick(order),
        Body::ShortPicked(done) => {
            let all = found::reports(ledger.orders.get(&order)?);
            let mut all = all.into_iter();
            let it = all.find(|one| one.line.number == done.line && one.of.tag == done.tag)?;
            Some(Undoable::Report(it.report))
        }
        _ => None,
    })
}

fn last_pick(order: OrderId) -> Option<Undoable> {
    device().ledger_now(|ledger| {
        let picks = &ledger.orders.get(&order)?.picks;
        Some(Undoable::Pick(picks.last()?.event))
    })
}

/// Takes back what was done a moment ago, also when a walk has gone on to another order since; later the last pick of the
/// order in front.
pub async fn last() {
    let Step::Pick(front) = STEP.get() else {
        return;
    };
    let fresh = signals().undo.get_untracked();
    let fresh = fresh.filter(|(_, _, until)| clock::monotonic() < *until);
    let of_front = || last_pick(front).map(|what| (front, what));
    let what = fresh
        .map(|(order, what, _)| (order, what))
        .or_else(of_front);
    if let Some((order, what)) = what {
        take_back(order, what).await;
    }
}

/// Takes one act on an order back, however long ago it was, and shows what that came to.
pub async fn take_back(order: OrderId, what: Undoable) {
    let outcome = device()
        .act(None, |ledger, situation| match what {
            Undoable::Pick(event) => pick::decide_void(ledger, situation, order, event),
            Undoable::Report(event) => found::decide(ledger, situation, order, event),
        })
        .await;
    signals().undo.set(None);
    shown(order, outcome);
}
