//! A device that starts again after the log has begun another life.

use super::*;
use crate::custody::sign_in::ActorSignedOut;
use crate::event::{ActorRef, Body, ENVELOPE_VERSION, Envelope, SignedEvent};
use crate::id::{ActorId, DeviceId, EventId, Hash, StoreId};
use crate::sync::message::Receipt;

const EPOCH: Epoch = Epoch([3; 16]);
const FIRST: Incarnation = Incarnation([1; 16]);
const SECOND: Incarnation = Incarnation([2; 16]);

fn entry(seq: u64) -> OutboxEntry {
    let actor = ActorId(1);
    let body: Body = ActorSignedOut { actor }.into();
    let envelope = Envelope {
        version: ENVELOPE_VERSION,
        store: StoreId([1; 16]),
        device: DeviceId([2; 16]),
        epoch: EPOCH,
        seq,
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
    };
    OutboxEntry {
        epoch: EPOCH,
        seq,
        event: SignedEvent {
            bytes: envelope.to_bytes(),
            signature: Vec::new(),
        },
    }
}

fn cursor(life: Incarnation, position: u64) -> Cursor {
    Cursor {
        incarnation: life,
        position: Position(position),
        ..Cursor::default()
    }
}

/// A chain of two events, both at the server at places 103 and 104 when their receipts were kept.
fn stored(life: Option<Incarnation>) -> StoredChain {
    StoredChain {
        epoch: EPOCH,
        last: 1,
        receipts: Some(Receipts {
            through: 1,
            places: vec![(0, Position(103)), (1, Position(104))],
            set_aside: 0,
            life,
        }),
    }
}

fn started(chain: StoredChain, view: Cursor) -> (Receiving, Replica, Found) {
    let mut replica = Replica::default();
    replica.load(view, &[]);
    let mut receiving = Receiving::default();
    let from = chain.needed_from(view);
    let events = (from..2).map(entry).collect();
    let found = receiving.start(&mut replica, view, vec![(chain, events)]);
    (receiving, replica, found)
}

fn answer(next: u64, receipts: &[(u64, u64)], head: u64) -> PushAnswer {
    let receipt = |(seq, position): &(u64, u64)| Receipt {
        seq: *seq,
        position: Position(*position),
        outcome: Outcome::Applied,
        hash: Hash::default(),
    };
    let chain = ChainAnswer {
        device: DeviceId([2; 16]),
        epoch: EPOCH,
        next,
        head: Hash::default(),
        receipts: receipts.iter().map(receipt).collect(),
        lacks: None,
    };
    PushAnswer {
        store: StoreId([1; 16]),
        incarnation: SECOND,
        chains: vec![chain],
        head: Position(head),
        server_wall: 0,
    }
}

fn done(seq: u64, position: u64) -> Acknowledged {
    Acknowledged {
        epoch: EPOCH,
        seq,
        position: Position(position),
        life: SECOND,
    }
}

#[test]
fn places_of_an_earlier_life_are_asked_for_again_and_then_forgotten() {
    let view = cursor(SECOND, 77);
    let (mut receiving, mut replica, found) = started(stored(Some(FIRST)), view);
    // Nobody knows yet whether the restored log has them: they are shown, and sent.
    let sent: Vec<_> = found.outbox.iter().map(|entry| entry.seq).collect();
    assert_eq!((sent, replica.own_count()), (vec![0, 1], 2));
    receiving.answered(&answer(2, &[(0, 74), (1, 75)], 126));
    let kept = receiving.to_keep(&[done(1, 75)], view);
    receiving.kept(&mut replica);
    assert_eq!(replica.own_count(), 0, "the rows had them all along");
    let (_, receipts) = &kept[0];
    assert_eq!((receipts.through, receipts.life), (1, Some(SECOND)));
    let again = StoredChain {
        receipts: Some(receipts.clone()),
        ..stored(None)
    };
    let (_, replica, found) = started(again, view);
    assert_eq!((found.outbox.len(), replica.own_count()), (0, 0));
}

#[test]
fn a_place_of_this_life_is_believed_whoever_kept_it() {
    for life in [Some(SECOND), None] {
        let (_, replica, found) = started(stored(life), cursor(SECOND, 103));
        assert_eq!((found.outbox.len(), replica.own_count()), (0, 1));
    }
}

#[test]
fn rows_of_another_life_take_nothing_off_the_top() {
    let (_, mut replica, _) = started(stored(Some(FIRST)), cursor(FIRST, 90));
    assert_eq!(replica.own_count(), 2);
    replica.take_rows(cursor(SECOND, 110), &[], true, true);
    assert_eq!(
        replica.own_count(),
        2,
        "110 in another log is no place here"
    );
    let mut replica = started(stored(Some(FIRST)), cursor(FIRST, 90)).1;
    replica.take_rows(cursor(FIRST, 110), &[], false, true);
    assert_eq!(replica.own_count(), 0);
}

#[test]
fn what_another_brought_to_a_restored_log_leaves_the_top_with_the_rows() {
    let (mut receiving, mut replica, _) = started(stored(Some(FIRST)), cursor(FIRST, 90));
    receiving.answered(&answer(0, &[], 60));
    replica.take_rows(cursor(SECOND, 60), &[], true, true);
    assert_eq!(replica.own_count(), 2, "the log has lost them");
    receiving.answered(&answer(2, &[], 80));
    receiving.to_keep(&[done(1, 80)], cursor(SECOND, 60));
    receiving.kept(&mut replica);
    replica.take_rows(cursor(SECOND, 80), &[], false, true);
    assert_eq!(replica.own_count(), 0);
}

#[test]
fn what_a_build_of_before_kept_is_read() {
    let old = Receipts {
        life: None,
        ..stored(None).receipts.unwrap()
    };
    let bytes = minicbor::to_vec(&old).unwrap();
    assert_eq!(bytes[0], 0xa3, "a map of the three fields there were");
    assert_eq!(minicbor::decode::<Receipts>(&bytes).unwrap(), old);
}
