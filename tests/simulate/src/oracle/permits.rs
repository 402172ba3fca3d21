//! What was done after permits were over, found again by hand.
//!
//! In: every permit that was given, the log. Out: a mark that is missing, or that nothing calls for. Must not: ask how the
//! server remembers permits; that there is a permit, and until when, is all it takes from the domain.

use std::collections::BTreeSet;

use domain::custody::exception::Rule;
use domain::event::{Body, Envelope};
use domain::id::{ActorId, DeviceId};
use domain::permit::Permit;

use super::applied;
use crate::faults::Fault;
use crate::memory::Entry;
use crate::shop::SERVER;
use crate::world::World;

/// So much earlier than a permit an act may seem to be, by the protocol's table of clocks.
const DIFFERENCE_MS_MAX: i64 = 300_000;

impl World {
    /// What somebody did on a device after the last word about him there had run out is marked, and nothing else is.
    pub(super) fn check_permits(&self) -> Result<(), String> {
        let Some(office) = &self.server.office else {
            return Ok(());
        };
        let is_plain = self.server.is_in_its_first_life()
            && !self.is_of_several_ages()
            && self.struck.of(Fault::ServerClockJumped) == 0;
        if !is_plain {
            return Ok(());
        }
        let called: BTreeSet<DeviceId> = self.server.log.look(|content| {
            let late = content
                .events
                .iter()
                .filter(|entry| is_over(&office.given, entry));
            late.map(|entry| entry.chain.device).collect()
        });
        let ledger = self.server.ledger();
        let marks = ledger.exceptions.values();
        let marks = marks.filter(|one| one.rule == Rule::PermitOver);
        let marked: BTreeSet<DeviceId> = marks.map(|one| one.device).collect();
        match called == marked {
            true => Ok(()),
            false if called.is_subset(&marked) => {
                Err("an act is marked whose permit was not over".to_owned())
            }
            false => Err("an act after its permit was over is not marked".to_owned()),
        }
    }
}

/// Whether the permit that an act stood under, if any, was over.
fn is_over(given: &[Permit], entry: &Entry) -> bool {
    let Some((envelope, body)) = applied(entry) else {
        return false;
    };
    let actor = envelope.actor.actor;
    if entry.chain.device == SERVER || actor == ActorId::SERVER || !is_act(&body) {
        return false;
    }
    // A clock may say anything; nothing was done after it was recorded.
    let at = said_at(&envelope).min(entry.recorded_at);
    let theirs = given
        .iter()
        .filter(|permit| (permit.device, permit.actor) == (envelope.device, actor));
    let begun = theirs.filter(|permit| {
        permit.issued.0 <= entry.recorded_at && permit.issued.0 <= at + DIFFERENCE_MS_MAX
    });
    let Some(last) = begun.max_by_key(|permit| permit.issued) else {
        return false;
    };
    let is_decision = matches!(body, Body::ExceptionResolved(_) | Body::LeaseBroken(_));
    at >= last.capture_until.0 || (is_decision && at >= last.decisions_until.0)
}

fn said_at(envelope: &Envelope) -> i64 {
    let shown = i64::try_from(envelope.hlc >> 16).unwrap_or(i64::MAX);
    envelope.wall.max(shown)
}

/// Whether a fact is something a person does with goods or decides, rather than coming, going or a word of the device.
fn is_act(body: &Body) -> bool {
    !matches!(
        body,
        Body::EpochOpened(_)
            | Body::ActorSignedIn(_)
            | Body::ActorSignedOut(_)
            | Body::ClockObserved(_)
            | Body::StorageAlarm(_)
            | Body::Rewritten(_)
            | Body::LeaseReturned(_)
            | Body::ScanRefused(_)
    )
}
