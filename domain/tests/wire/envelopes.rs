//! Envelopes with everything in them, and with as little as there can be.

use domain::event::{ActorRef, Body, ENVELOPE_VERSION, Envelope, LeaseRef, Sealed, SignedEvent};
use domain::id::Position;

use super::events::{ACTOR, DEVICE, EPOCH, EVENT, HASH, LEASE, STORE, picking};

/// An envelope with everything in it.
pub fn full() -> Envelope {
    let body: Body = picking().swap_remove(0);
    Envelope {
        version: ENVELOPE_VERSION,
        store: STORE,
        device: DEVICE,
        epoch: EPOCH,
        seq: 1_000_000,
        prev: HASH,
        id: EVENT,
        hlc: (1_795_608_000_000 << 16) + 7,
        mono: 3_600_000,
        wall: -62_135_596_800_000,
        actor: ActorRef {
            actor: ACTOR,
            session: 1,
        },
        basis: Position(24),
        kind: body.kind_version(),
        lease: Some(LeaseRef {
            lease: LEASE,
            fence: 3,
        }),
        body: body.to_bytes(),
        pii: Some(Sealed {
            commitment: HASH,
            ciphertext: vec![0xc1; 28],
        }),
    }
}

/// An envelope without what may be left out.
pub fn bare() -> Envelope {
    Envelope {
        lease: None,
        pii: None,
        ..full()
    }
}

pub fn signed() -> SignedEvent {
    SignedEvent {
        bytes: full().to_bytes(),
        signature: vec![0x5e; 64],
    }
}
