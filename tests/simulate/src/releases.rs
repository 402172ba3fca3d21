//! Apps and servers of three releases: what each says, and what each can read.
//!
//! In: a release. Out: kinds of events, versions of envelopes. Must not: let an app say what its release did not have.

use domain::event::{Body, ENVELOPE_VERSION, Envelope, Kind, Readable};

/// A release: each knows all that the one before knew.
pub type Release = usize;

/// The newest release.
pub const NEWEST: Release = 2;
/// The release of apps in worlds where all is of one age.
pub const ONE_AGE: Release = 1;

/// Kinds the second release added. The last is a server's: a device that says such things is not believed, whenever
/// it can be read.
const ADDED_BY_THE_SECOND: [Kind; 4] = [
    Kind::PickVoided,
    Kind::UnitVerified,
    Kind::ClockObserved,
    Kind::ActorAdded,
];

/// What a server of a release can read. The third knows a new envelope.
#[must_use]
pub fn readable(release: Release) -> Readable {
    match release {
        0 => Readable::of_release(ENVELOPE_VERSION, &ADDED_BY_THE_SECOND),
        1 => Readable::of_release(ENVELOPE_VERSION, &[]),
        _ => Readable::of_release(ENVELOPE_VERSION + 1, &[]),
    }
}

/// Whether an app of a release has such facts to say.
#[must_use]
pub fn says(release: Release, body: &Body) -> bool {
    release > 0 || !ADDED_BY_THE_SECOND.contains(&body.kind())
}

/// The envelope as an app of a release makes it.
#[must_use]
pub fn envelope_of(release: Release, envelope: &Envelope) -> Envelope {
    Envelope {
        version: match release < NEWEST {
            true => ENVELOPE_VERSION,
            false => ENVELOPE_VERSION + 1,
        },
        ..envelope.clone()
    }
}

/// The first release whose server can read an event; none when no release can.
#[must_use]
pub fn needed(envelope: &Envelope) -> Option<Release> {
    let is_newest = envelope.version > ENVELOPE_VERSION;
    let kind = Kind::from_number(envelope.kind.kind)?;
    let is_second = ADDED_BY_THE_SECOND.contains(&kind);
    match (is_newest, is_second, envelope.kind.version) {
        (true, _, 1) => Some(NEWEST),
        (false, true, 1) => Some(1),
        (false, false, 1) => Some(0),
        _ => None,
    }
}
