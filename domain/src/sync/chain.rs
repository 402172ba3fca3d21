//! The chain a device writes: numbers, links, clocks.
//!
//! In: bodies and the time. Out: envelopes in order. Must not: use a sequence number twice; a chain that
//! is in doubt ends, and a new epoch begins.

use crate::event::{ActorRef, Body, ENVELOPE_VERSION, Envelope, LeaseRef, Sealed, event_hash};
use crate::id::{DeviceId, Epoch, EventId, Hash, Position, StoreId};

/// The writer's end of one chain, held in memory only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    store: StoreId,
    device: DeviceId,
    epoch: Epoch,
    next: u64,
    head: Hash,
    hlc: u64,
}

/// What an envelope says besides its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Identifier made for this event.
    pub id: EventId,
    /// The device's wall clock.
    pub wall: i64,
    /// Milliseconds since the epoch opened.
    pub mono: u64,
    /// Who.
    pub actor: ActorRef,
    /// The view the person looked at.
    pub basis: Position,
    /// By what right.
    pub lease: Option<LeaseRef>,
    /// Customer data, sealed.
    pub pii: Option<Sealed>,
}

/// Bits of the hybrid clock's counter.
const HLC_COUNTER_BITS: u32 = 16;

impl Chain {
    /// A new chain.
    #[must_use]
    pub fn new(store: StoreId, device: DeviceId, epoch: Epoch) -> Self {
        Self {
            store,
            device,
            epoch,
            next: 0,
            head: Hash::default(),
            hlc: 0,
        }
    }

    /// A chain that goes on where it stopped: only for a writer whose storage cannot roll back.
    #[must_use]
    pub fn resumed(store: StoreId, device: DeviceId, epoch: Epoch, next: u64, head: Hash) -> Self {
        Self {
            store,
            device,
            epoch,
            next,
            head,
            hlc: 0,
        }
    }

    /// Its epoch.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The number the next event will have.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The hash of the last event.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head
    }

    /// Builds the next event's envelope. The chain moves on; give it up with [`Chain::undo_last`] when the
    /// event was not kept.
    pub fn append(&mut self, body: &Body, around: Circumstances) -> Envelope {
        let wall = u64::try_from(around.wall).unwrap_or(0) << HLC_COUNTER_BITS;
        self.hlc = wall.max(self.hlc + 1);
        let envelope = Envelope {
            version: ENVELOPE_VERSION,
            store: self.store,
            device: self.device,
            epoch: self.epoch,
            seq: self.next,
            prev: self.head,
            id: around.id,
            hlc: self.hlc,
            mono: around.mono,
            wall: around.wall,
            actor: around.actor,
            basis: around.basis,
            kind: body.kind_version(),
            lease: around.lease,
            body: body.to_bytes(),
            pii: around.pii,
        };
        self.head = event_hash(&envelope.to_bytes());
        self.next += 1;
        envelope
    }

    /// Goes back to before an event that was certainly not kept and never left the device.
    pub fn undo_last(&mut self, envelope: &Envelope) {
        assert_eq!(
            envelope.seq + 1,
            self.next,
            "BUG: only the last event can be undone"
        );
        self.next = envelope.seq;
        self.head = envelope.prev;
    }
}
