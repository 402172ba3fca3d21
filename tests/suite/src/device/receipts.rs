//! Receipts, values, and what may be forgotten.

use domain::sync::device::store::{RING_MAX, Store as _, StoreFailed};

use super::{Bench, Mishap, append_all, epoch, noted, numbers, through, writing};

pub async fn receipts_move_on_for_all_chains_or_for_none(bench: &impl Bench) {
    let store = writing(bench).await;
    append_all(&store, epoch(1), 1).await;
    append_all(&store, epoch(2), 1).await;
    let first = [(epoch(1), through(0))];
    store.keep_receipts(&first).await.unwrap();
    let both = [(epoch(1), through(1)), (epoch(2), through(1))];
    bench.next_write(Mishap::Full);
    assert_eq!(store.keep_receipts(&both).await, Err(StoreFailed::Full));
    let receipts = async || {
        let chains = bench.connect().chains().await.unwrap();
        [chains[0].receipts.clone(), chains[1].receipts.clone()]
    };
    assert_eq!(receipts().await, [Some(through(0)), None]);
    store.keep_receipts(&both).await.unwrap();
    assert_eq!(receipts().await, [Some(through(1)), Some(through(1))]);
}

pub async fn only_old_chains_that_the_server_has_whole_are_forgotten(bench: &impl Bench) {
    let store = writing(bench).await;
    for number in 1..=4 {
        append_all(&store, epoch(number), 2).await;
    }
    let kept = [(epoch(1), through(2)), (epoch(2), through(1))];
    store.keep_receipts(&kept).await.unwrap();
    let mut chains = store.chains().await.unwrap();
    store.prune(&chains).await.unwrap();
    let untouched = store.chains().await.unwrap();
    assert_eq!(untouched, chains, "there is room for all of them");
    // As if the newest chain alone had filled the ring: of it, too, nothing goes that the server lacks.
    chains[3].last = RING_MAX + 1;
    store.prune(&chains).await.unwrap();
    let left = bench.connect().chains().await.unwrap();
    let left: Vec<_> = left.iter().map(|chain| chain.epoch).collect();
    assert_eq!(left, [epoch(2), epoch(3), epoch(4)]);
    assert!(numbers(bench, epoch(1)).await.is_empty());
    assert_eq!(numbers(bench, epoch(2)).await, [0, 1, 2]);
}

pub async fn the_chain_that_was_written_to_last_is_never_forgotten(bench: &impl Bench) {
    let store = writing(bench).await;
    // The clock was set back in between: the chain that was written to last sorts before the other.
    append_all(&store, epoch(5), 2).await;
    store.note_chain(noted(2, Some(1))).await.unwrap();
    append_all(&store, epoch(2), 2).await;
    let kept = [(epoch(2), through(2)), (epoch(5), through(2))];
    store.keep_receipts(&kept).await.unwrap();
    let mut chains = store.chains().await.unwrap();
    for chain in &mut chains {
        chain.last += RING_MAX;
        chain.receipts = Some(through(chain.last));
    }
    store.prune(&chains).await.unwrap();
    assert_eq!(numbers(bench, epoch(2)).await, [0, 1, 2]);
    assert!(numbers(bench, epoch(5)).await.is_empty());
    let kept = bench.connect().noted_chain().await.unwrap();
    assert_eq!(kept, Some(noted(2, Some(1))));
}

pub async fn what_is_kept_under_a_name_is_there_until_it_is_forgotten(bench: &impl Bench) {
    let store = bench.connect();
    assert_eq!(store.value("certificate").await.unwrap(), None);
    store.keep_value("certificate", &[1, 2, 3]).await.unwrap();
    store.keep_value("pin", &[4]).await.unwrap();
    store.keep_value("certificate", &[0, 255]).await.unwrap();
    let next_start = bench.connect();
    let kept = next_start.value("certificate").await.unwrap();
    assert_eq!(kept, Some(vec![0, 255]));
    store.forget("certificate").await.unwrap();
    assert_eq!(store.value("certificate").await.unwrap(), None);
    assert_eq!(store.value("pin").await.unwrap(), Some(vec![4]));
}
