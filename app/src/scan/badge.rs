//! The next person's badge: whoever works here now makes way.
//!
//! In: a badge's code. Out: the sign-in screen with that person chosen. Must not: open anything; a badge says who wants
//! to work, and only a PIN opens a key.

use domain::code::own::OwnKind;
use domain::code::{Channel, Reading};
use domain::custody::scan::{Evidence, Scan};
use domain::id::ActorId;
use leptos::prelude::Set as _;

use super::{STEP, Step, counter, signals};
use crate::device::device;

/// The text of a badge that stands for a person.
#[must_use]
pub fn badge_id(actor: ActorId) -> String {
    format!("{:03}", actor.0)
}

/// The badge of somebody who works here, when a hand held it to the scanner. A camera sees badges in passing.
pub(super) fn of_somebody(scan: &Scan, reading: &Reading) -> Option<String> {
    let is_held_out = matches!(reading.channel, Channel::Wedge | Channel::Keypad);
    if !is_held_out || matches!(STEP.get(), Step::SignIn | Step::Try) {
        return None;
    }
    let Evidence::Own(OwnKind::Badge, id) = scan.evidence() else {
        return None;
    };
    let works_here = device().ledger_now(|ledger| {
        let mut people = ledger.actors.values();
        people.any(|actor| actor.active && badge_id(actor.id) == id)
    });
    works_here.then_some(id)
}

/// Signs out whoever works, and asks for the other's PIN. The place stays.
pub(super) async fn make_way(badge: String) {
    counter::forget();
    signals().badge.set(Some(badge));
    device().sign_out().await;
}
