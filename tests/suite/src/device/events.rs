//! Keeping events and reading them.

use domain::event::SignedEvent;
use domain::id::Position;
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::Store as _;
use domain::sync::message::Incarnation;
use domain::sync::own::{Receipts, StoredChain};

use super::{Bench, append_all, entry, epoch, is_aborted, numbers, writing};

pub async fn an_event_that_was_saved_comes_back_byte_for_byte(bench: &impl Bench) {
    let store = writing(bench).await;
    let event = SignedEvent {
        bytes: (0..=255).collect(),
        signature: (0..64).rev().collect(),
    };
    let saved = OutboxEntry {
        epoch: epoch(1),
        seq: 0,
        event,
    };
    store.append(&saved).await.unwrap();
    let expected = [saved];
    assert_eq!(store.events(epoch(1), 0).await.unwrap(), expected);
    drop(store);
    let next_start = bench.connect();
    assert_eq!(next_start.events(epoch(1), 0).await.unwrap(), expected);
}

pub async fn a_place_in_the_chain_that_is_taken_keeps_its_first_event(bench: &impl Bench) {
    let store = writing(bench).await;
    let first = entry(epoch(1), 0, "the jar was picked");
    store.append(&first).await.unwrap();
    let second = store
        .append(&entry(epoch(1), 0, "it was another jar"))
        .await;
    assert!(is_aborted(&second), "{second:?}");
    assert_eq!(store.events(epoch(1), 0).await.unwrap(), [first]);
    let next = entry(epoch(1), 1, "the next one");
    store.append(&next).await.unwrap();
}

pub async fn events_are_read_from_a_number_on_and_of_one_chain_only(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 12).await;
    append_all(&store, epoch(2), 3).await;
    // Ten and more stand behind nine: numbers are kept as numbers.
    let events = store.events(epoch(1), 8).await.unwrap();
    let seqs: Vec<u64> = events.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [8, 9, 10, 11, 12]);
    assert_eq!(numbers(bench, epoch(2)).await, [0, 1, 2, 3]);
    assert!(store.events(epoch(1), 13).await.unwrap().is_empty());
    assert!(store.events(epoch(3), 0).await.unwrap().is_empty());
}

pub async fn chains_are_found_oldest_first_with_their_receipts(bench: &impl Bench) {
    let store = writing(bench).await;
    assert!(store.chains().await.unwrap().is_empty());
    append_all(&store, epoch(2), 4).await;
    append_all(&store, epoch(1), 11).await;
    let receipts = Receipts {
        through: 11,
        places: vec![(10, Position(70)), (11, Position(71))],
        set_aside: 1,
        life: Some(Incarnation([9; 16])),
    };
    let kept = [(epoch(1), receipts.clone())];
    store.keep_receipts(&kept).await.unwrap();
    let chain = |number, last, receipts| StoredChain {
        epoch: epoch(number),
        last,
        receipts,
    };
    let expected = [chain(1, 11, Some(receipts)), chain(2, 4, None)];
    assert_eq!(bench.connect().chains().await.unwrap(), expected);
}

pub async fn what_comes_back_as_nothing_is_no_event_and_moves_no_other(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 3).await;
    bench.hollow(epoch(1), 1).await;
    assert_eq!(numbers(bench, epoch(1)).await, [0, 2, 3]);
    assert_eq!(store.chains().await.unwrap()[0].last, 3);
    // Its place is still taken: what was there once is not written over.
    let again = store.append(&entry(epoch(1), 1, "event 1")).await;
    assert!(is_aborted(&again), "{again:?}");
    store.append(&entry(epoch(1), 4, "event 4")).await.unwrap();
    assert_eq!(numbers(bench, epoch(1)).await, [0, 2, 3, 4]);
}
