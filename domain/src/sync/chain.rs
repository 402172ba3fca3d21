//! The chain a device writes: numbers, links, clocks.
//!
//! In: bodies and the time. Out: envelopes in order. Must not: use a sequence number twice; a chain that
//! is in doubt ends, and a new epoch begins.

use crate::event::{ActorRef, Body, ENVELOPE_VERSION, Envelope, LeaseRef, Sealed, event_hash};
use crate::id::{DeviceId, Epoch, EventId, Hash, Position, StoreId};
use crate::mutated;

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

/// When its device says an event was made, in milliseconds since 1970: the wall clock, or the later one that its chain
/// had shown before.
pub(crate) fn said_at(envelope: &Envelope) -> i64 {
    let shown = i64::try_from(envelope.hlc >> HLC_COUNTER_BITS).unwrap_or(i64::MAX);
    envelope.wall.max(shown)
}

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
        let least = match mutated("chain_clock_goes_back") {
            true => 0,
            false => self.hlc + 1,
        };
        self.hlc = wall.max(least);
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
        if !mutated("chain_points_to_two_before") {
            self.head = event_hash(&envelope.to_bytes());
        }
        self.next += u64::from(!mutated("chain_uses_a_number_twice"));
        envelope
    }

    /// Goes back to before an event that was certainly not kept and never left the device.
    pub fn undo_last(&mut self, envelope: &Envelope) {
        assert_eq!(
            envelope.seq + 1,
            self.next,
            "BUG: only the last event can be undone"
        );
        if !mutated("chain_leaves_a_gap_after_an_undo") {
            self.next = envelope.seq;
        }
        if !mutated("chain_points_to_what_was_undone") {
            self.head = envelope.prev;
        }
    }

    /// Goes back to an end that its storage certainly has. The clock does not go back with it.
    pub fn go_back_to(&mut self, next: u64, head: Hash) {
        self.next = next;
        self.head = head;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::sign_in::ActorSignedOut;
    use crate::id::ActorId;

    fn body() -> Body {
        let actor = ActorId(1);
        ActorSignedOut { actor }.into()
    }

    fn at(wall: i64) -> Circumstances {
        Circumstances {
            id: EventId([1; 16]),
            wall,
            mono: 0,
            actor: ActorRef {
                actor: ActorId(1),
                session: 0,
            },
            basis: Position(0),
            lease: None,
            pii: None,
        }
    }

    fn new_chain() -> Chain {
        Chain::new(StoreId([1; 16]), DeviceId([2; 16]), Epoch([3; 16]))
    }

    #[test]
    fn each_event_has_the_next_number_and_points_to_the_one_before() {
        let mut chain = new_chain();
        let first = chain.append(&body(), at(1_000));
        let second = chain.append(&body(), at(1_000));
        assert_eq!((first.seq, first.prev), (0, Hash::default()));
        assert_eq!(
            (second.seq, second.prev),
            (1, event_hash(&first.to_bytes()))
        );
        assert_eq!(
            (chain.next(), chain.head()),
            (2, event_hash(&second.to_bytes()))
        );
    }

    #[test]
    fn the_hybrid_clock_never_stands_or_goes_back_whatever_the_wall_clock_does() {
        let mut chain = new_chain();
        let walls = [1_000, 1_000, 5, -9, i64::MIN, 1_001, 900];
        let times: Vec<u64> = walls
            .into_iter()
            .map(|wall| chain.append(&body(), at(wall)).hlc)
            .collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
        assert_eq!(times[0], 1_000 << 16);
        assert_eq!(times[5], 1_001 << 16);
    }

    #[test]
    fn an_event_that_was_not_kept_leaves_no_gap() {
        let mut chain = new_chain();
        chain.append(&body(), at(1));
        let before = (chain.next(), chain.head());
        let lost = chain.append(&body(), at(2));
        chain.undo_last(&lost);
        assert_eq!((chain.next(), chain.head()), before);
        let again = chain.append(&body(), at(3));
        assert_eq!((again.seq, again.prev), (lost.seq, lost.prev));
    }

    #[test]
    #[should_panic(expected = "only the last event can be undone")]
    fn an_event_behind_which_others_stand_cannot_be_undone() {
        let mut chain = new_chain();
        let first = chain.append(&body(), at(1));
        chain.append(&body(), at(2));
        chain.undo_last(&first);
    }

    #[test]
    fn a_chain_that_goes_back_to_its_kept_end_does_not_turn_its_clock_back() {
        let mut chain = new_chain();
        let kept = chain.append(&body(), at(5_000));
        let (next, head) = (chain.next(), chain.head());
        chain.append(&body(), at(5_000));
        chain.go_back_to(next, head);
        let again = chain.append(&body(), at(1_000));
        assert_eq!((again.seq, again.prev), (next, head));
        assert!(again.hlc > kept.hlc);
    }

    #[test]
    fn a_chain_goes_on_where_it_stopped() {
        let mut chain = new_chain();
        chain.append(&body(), at(1));
        let (store, device) = (StoreId([1; 16]), DeviceId([2; 16]));
        let (next, head) = (chain.next(), chain.head());
        let mut resumed = Chain::resumed(store, device, chain.epoch(), next, head);
        let event = resumed.append(&body(), at(2));
        assert_eq!(
            (event.seq, event.prev, event.epoch),
            (1, head, Epoch([3; 16]))
        );
    }
}
