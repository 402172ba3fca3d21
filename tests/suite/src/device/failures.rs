//! Writes that fail, and writes nobody knows about.

use domain::sync::device::store::{Store as _, StoreFailed};

use super::{Bench, Mishap, append_all, entry, epoch, is_aborted, numbers, writing};

pub async fn a_full_storage_loses_nothing_that_was_saved_before(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 1).await;
    let third = entry(epoch(1), 2, "event 2");
    for _ in 0..2 {
        bench.next_write(Mishap::Full);
        assert_eq!(store.append(&third).await, Err(StoreFailed::Full));
        assert_eq!(numbers(bench, epoch(1)).await, [0, 1]);
    }
    // Once there is room again, the same event fits.
    store.append(&third).await.unwrap();
    assert_eq!(numbers(bench, epoch(1)).await, [0, 1, 2]);
}

pub async fn an_aborted_write_leaves_nothing_and_says_so(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 0).await;
    bench.next_write(Mishap::Aborted);
    let undone = store.append(&entry(epoch(1), 1, "event 1")).await;
    assert!(is_aborted(&undone), "{undone:?}");
    assert_eq!(numbers(bench, epoch(1)).await, [0]);
    // The chain goes back by one and goes on with another event.
    let next = entry(epoch(1), 1, "something else");
    store.append(&next).await.unwrap();
    assert_eq!(store.events(epoch(1), 1).await.unwrap(), [next]);
}

pub async fn an_event_whose_yes_got_lost_is_looked_up_and_counts_as_saved(bench: &impl Bench) {
    let store = writing(bench).await;
    bench.next_write(Mishap::LostAfter);
    let first = entry(epoch(1), 0, "the jar was picked");
    store.append(&first).await.unwrap();
    assert_eq!(numbers(bench, epoch(1)).await, [0]);
    bench.next_write(Mishap::LostAfter);
    let second = store.add(&entry(epoch(1), 1, "and another")).await;
    assert!(
        matches!(&second, Err(cause @ StoreFailed::ConnectionLost(_)) if cause.is_transient()),
        "{second:?}"
    );
    assert_eq!(numbers(bench, epoch(1)).await, [0, 1]);
}

pub async fn an_event_that_never_arrived_is_looked_up_and_does_not_count_as_saved(
    bench: &impl Bench,
) {
    let store = writing(bench).await;
    bench.next_write(Mishap::LostBefore);
    let lost = store
        .append(&entry(epoch(1), 0, "the jar was picked"))
        .await;
    assert!(is_aborted(&lost), "{lost:?}");
    assert!(numbers(bench, epoch(1)).await.is_empty());
    let again = entry(epoch(1), 0, "the jar was picked again");
    store.append(&again).await.unwrap();
}

pub async fn a_lost_yes_is_not_taken_from_another_event_at_the_same_place(bench: &impl Bench) {
    let store = writing(bench).await;
    let first = entry(epoch(1), 0, "the first jar");
    store.append(&first).await.unwrap();
    bench.next_write(Mishap::LostBefore);
    let second = store.append(&entry(epoch(1), 0, "the second jar")).await;
    assert!(is_aborted(&second), "{second:?}");
    assert_eq!(store.events(epoch(1), 0).await.unwrap(), [first]);
}

pub async fn an_event_that_cannot_be_looked_up_is_neither_saved_nor_refused(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 0).await;
    bench.next_write(Mishap::LostBeforeAndShut);
    let doubtful = store.append(&entry(epoch(1), 1, "event 1")).await;
    assert!(
        matches!(doubtful, Err(StoreFailed::ConnectionLost(_))),
        "{doubtful:?}"
    );
    // The storage opens again, and the writer goes on in another chain.
    assert_eq!(numbers(bench, epoch(1)).await, [0]);
    append_all(&store, epoch(2), 0).await;
}
