//! Which events a program can read: what this one knows, or what one of another release does.
//!
//! In: an envelope. Out: its fact, or that it is of a newer kind. Must not: take an event for broken because it is new.

use std::collections::BTreeSet;

use crate::event::{Body, ENVELOPE_VERSION, Envelope, Kind, Unreadable};

/// What a program can read. Everything that changes with a release is in here, so that a program of another one can
/// be tried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    envelope: u8,
    unknown: BTreeSet<u16>,
}

impl Readable {
    /// What this program can read.
    #[must_use]
    pub fn today() -> Self {
        Self::of_release(ENVELOPE_VERSION, &[])
    }

    /// What a program can read that knows envelopes up to a version, and not yet some kinds.
    #[must_use]
    pub fn of_release(envelope: u8, unknown: &[Kind]) -> Self {
        Self {
            envelope,
            unknown: unknown.iter().map(|kind| kind.number()).collect(),
        }
    }

    /// Reads an envelope's fact.
    ///
    /// # Errors
    /// When envelope, kind or version are newer than the program, or the bytes are not of their kind.
    pub fn read(&self, envelope: &Envelope) -> Result<Body, Unreadable> {
        let is_known = (1..=self.envelope).contains(&envelope.version)
            && !self.unknown.contains(&envelope.kind.kind);
        match is_known {
            true => Body::parse(envelope.kind, &envelope.body),
            false => Err(Unreadable::UnknownKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::sign_in::ActorSignedOut;
    use crate::event::ActorRef;
    use crate::id::{ActorId, DeviceId, Epoch, EventId, Hash, Position, StoreId};

    fn signed_out(version: u8) -> Envelope {
        let actor = ActorId(1);
        let body: Body = ActorSignedOut { actor }.into();
        Envelope {
            version,
            store: StoreId([1; 16]),
            device: DeviceId([2; 16]),
            epoch: Epoch([3; 16]),
            seq: 0,
            prev: Hash::default(),
            id: EventId([4; 16]),
            hlc: 0,
            mono: 0,
            wall: 0,
            actor: ActorRef { actor, session: 0 },
            basis: Position(0),
            kind: body.kind_version(),
            lease: None,
            body: body.to_bytes(),
            pii: None,
        }
    }

    #[test]
    fn a_program_reads_what_was_released_up_to_it() {
        let now = signed_out(ENVELOPE_VERSION);
        let later = signed_out(ENVELOPE_VERSION + 1);
        let today = Readable::today();
        assert!(today.read(&now).is_ok());
        assert_eq!(today.read(&later), Err(Unreadable::UnknownKind));
        assert_eq!(today.read(&signed_out(0)), Err(Unreadable::UnknownKind));
        let of_tomorrow = Readable::of_release(ENVELOPE_VERSION + 1, &[]);
        assert!(of_tomorrow.read(&now).is_ok() && of_tomorrow.read(&later).is_ok());
        let of_yesterday = Readable::of_release(ENVELOPE_VERSION, &[Kind::ActorSignedOut]);
        assert_eq!(of_yesterday.read(&now), Err(Unreadable::UnknownKind));
    }
}
