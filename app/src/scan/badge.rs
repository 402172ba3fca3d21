//! The next person's badge: whoever works here now makes way.
//!
//! In: a badge's code. Out: the sign-in screen with that person chosen. Must not: open anything; a badge says who wants
//! to work, and only a PIN opens a key.

use domain::code::own::OwnKind;
use domain::code::{Channel, Reading};
use domain::custody::scan::{Evidence, Scan};
use domain::id::ActorId;
use leptos::prelude::Set as _;

use super::{First, STEP, Step, clear, counter, first, heard, signals};
use crate::device::device;
use crate::platform::sound::Sound;

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
    works_here(&id).then_some(id)
}

/// Chooses the person whose badge was asked for. Nothing else is of any use at the sign-in, and that is said.
pub(super) fn asked_for(scan: &Scan) {
    match scan.evidence() {
        Evidence::Own(OwnKind::Badge, id) if works_here(&id) => {
            heard(Sound::Accept);
            clear();
            signals().badge.set(Some(id));
        }
        Evidence::Package { .. } | Evidence::Product(_) | Evidence::Own(..) | Evidence::Nothing => {
            first(First::Badge);
        }
    }
}

fn works_here(badge: &str) -> bool {
    device().ledger_now(|ledger| {
        let mut people = ledger.actors.values();
        people.any(|actor| actor.active && badge_id(actor.id) == badge)
    })
}

/// Signs out whoever works, and asks for the other's PIN. The place stays.
pub(super) async fn make_way(badge: String) {
    heard(Sound::Accept);
    counter::forget();
    signals().badge.set(Some(badge));
    device().sign_out().await;
}
