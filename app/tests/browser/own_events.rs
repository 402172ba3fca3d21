//! `custody-core`: the device's own events, its receipts and what it keeps under a name.

use app::store::core::Core;
use app::store::idb::{Idb, StoreFailed};
use domain::event::SignedEvent;
use domain::id::{Epoch, Position};
use domain::sync::device::OutboxEntry;
use domain::sync::own::{Receipts, StoredChain};
use minicbor::bytes::ByteVec;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::faults;

/// An empty `custody-core`.
pub(crate) async fn fresh() -> Core {
    Idb::new("custody-core", &[]).delete().await.unwrap();
    Core::new()
}

fn epoch(number: u8) -> Epoch {
    Epoch([number; 16])
}

fn entry(epoch: Epoch, seq: u64, text: &str) -> OutboxEntry {
    let event = SignedEvent {
        bytes: text.as_bytes().to_vec(),
        signature: vec![7; 64],
    };
    OutboxEntry { epoch, seq, event }
}

async fn append_all(core: &Core, epoch: Epoch, last: u64) {
    for seq in 0..=last {
        core.append(&entry(epoch, seq, &format!("event {seq}")))
            .await
            .unwrap();
    }
}

fn numbers(entries: &[OutboxEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

#[wasm_bindgen_test]
async fn an_event_that_was_saved_comes_back_byte_for_byte() {
    let core = fresh().await;
    let bytes: Vec<u8> = (0..=255).collect();
    let event = SignedEvent {
        bytes,
        signature: (0..64).rev().collect(),
    };
    let saved = OutboxEntry {
        epoch: epoch(1),
        seq: 0,
        event,
    };
    core.append(&saved).await.unwrap();
    assert_eq!(core.events(epoch(1), 0).await.unwrap(), [saved.clone()]);
    assert_eq!(Core::new().events(epoch(1), 0).await.unwrap(), [saved]);
}

#[wasm_bindgen_test]
async fn saved_means_that_the_disk_was_asked() {
    assert_eq!(fresh().await.durability().await.unwrap(), "strict");
}

#[wasm_bindgen_test]
async fn a_place_in_the_chain_that_is_taken_keeps_its_first_event() {
    let core = fresh().await;
    let first = entry(epoch(1), 0, "the jar was picked");
    core.append(&first).await.unwrap();
    let second = core.append(&entry(epoch(1), 0, "it was another jar")).await;
    assert!(matches!(second, Err(StoreFailed::Aborted(_))), "{second:?}");
    assert_eq!(core.events(epoch(1), 0).await.unwrap(), [first]);
    core.append(&entry(epoch(1), 1, "the next one"))
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn a_full_disk_loses_nothing_that_was_saved_before() {
    let core = fresh().await;
    append_all(&core, epoch(1), 1).await;
    faults::disk_is_full_at_commit();
    let third = entry(epoch(1), 2, "event 2");
    assert_eq!(core.append(&third).await, Err(StoreFailed::Full));
    assert_eq!(numbers(&core.events(epoch(1), 0).await.unwrap()), [0, 1]);
    core.append(&third).await.unwrap();
    assert_eq!(numbers(&core.events(epoch(1), 0).await.unwrap()), [0, 1, 2]);
}

#[wasm_bindgen_test]
async fn an_event_whose_yes_got_lost_is_looked_up_and_counts_as_saved() {
    let core = fresh().await;
    faults::connection_is_lost_after_commit();
    core.append(&entry(epoch(1), 0, "the jar was picked"))
        .await
        .unwrap();
    assert_eq!(numbers(&core.events(epoch(1), 0).await.unwrap()), [0]);
}

#[wasm_bindgen_test]
async fn an_event_that_never_arrived_is_looked_up_and_does_not_count_as_saved() {
    let core = fresh().await;
    faults::connection_is_lost_before_commit();
    let lost = core.append(&entry(epoch(1), 0, "the jar was picked")).await;
    assert!(matches!(lost, Err(StoreFailed::Aborted(_))), "{lost:?}");
    assert!(core.events(epoch(1), 0).await.unwrap().is_empty());
    core.append(&entry(epoch(1), 0, "the jar was picked again"))
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn a_lost_yes_is_not_taken_from_another_event_at_the_same_place() {
    let core = fresh().await;
    core.append(&entry(epoch(1), 0, "the first tab's jar"))
        .await
        .unwrap();
    faults::connection_is_lost_before_commit();
    let second = core
        .append(&entry(epoch(1), 0, "the second tab's jar"))
        .await;
    assert!(matches!(second, Err(StoreFailed::Aborted(_))), "{second:?}");
}

#[wasm_bindgen_test]
async fn events_are_read_from_a_number_on_and_of_one_chain_only() {
    let core = fresh().await;
    append_all(&core, epoch(1), 12).await;
    append_all(&core, epoch(2), 3).await;
    // Ten and more stand behind nine: numbers are kept as numbers.
    assert_eq!(
        numbers(&core.events(epoch(1), 8).await.unwrap()),
        [8, 9, 10, 11, 12]
    );
    assert_eq!(
        numbers(&core.events(epoch(2), 0).await.unwrap()),
        [0, 1, 2, 3]
    );
    assert!(core.events(epoch(1), 13).await.unwrap().is_empty());
    assert!(core.events(epoch(3), 0).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn chains_are_found_oldest_first_with_their_receipts() {
    let core = fresh().await;
    append_all(&core, epoch(2), 4).await;
    append_all(&core, epoch(1), 11).await;
    let receipts = Receipts {
        through: 11,
        places: vec![(10, Position(70)), (11, Position(71))],
        set_aside: 1,
    };
    core.keep_receipts(&[(epoch(1), receipts.clone())])
        .await
        .unwrap();
    let chain = |number, last, receipts| StoredChain {
        epoch: epoch(number),
        last,
        receipts,
    };
    let expected = [chain(1, 11, Some(receipts)), chain(2, 4, None)];
    assert_eq!(Core::new().chains().await.unwrap(), expected);
}

#[wasm_bindgen_test]
async fn receipts_move_on_for_all_chains_or_for_none() {
    let core = fresh().await;
    append_all(&core, epoch(1), 1).await;
    append_all(&core, epoch(2), 1).await;
    let through = |through| Receipts {
        through,
        ..Receipts::default()
    };
    core.keep_receipts(&[(epoch(1), through(0))]).await.unwrap();
    faults::disk_is_full_at_commit();
    let both = [(epoch(1), through(1)), (epoch(2), through(1))];
    assert_eq!(core.keep_receipts(&both).await, Err(StoreFailed::Full));
    let chains = core.chains().await.unwrap();
    assert_eq!(chains[0].receipts, Some(through(0)));
    assert_eq!(chains[1].receipts, None);
    core.keep_receipts(&both).await.unwrap();
    assert_eq!(core.chains().await.unwrap()[1].receipts, Some(through(1)));
}

#[wasm_bindgen_test]
async fn only_old_chains_that_the_server_has_whole_are_forgotten() {
    let core = fresh().await;
    for number in 1..=3 {
        append_all(&core, epoch(number), 2).await;
    }
    let whole = Receipts {
        through: 2,
        ..Receipts::default()
    };
    let half = Receipts {
        through: 1,
        ..Receipts::default()
    };
    core.keep_receipts(&[(epoch(1), whole), (epoch(2), half)])
        .await
        .unwrap();
    let mut chains = core.chains().await.unwrap();
    core.prune(&chains).await.unwrap();
    assert_eq!(
        core.chains().await.unwrap(),
        chains,
        "there is room for all of them"
    );
    // As if the newest chain had filled the ring.
    chains[2].last = 60_000;
    core.prune(&chains).await.unwrap();
    let left = core.chains().await.unwrap();
    assert_eq!(
        left.iter().map(|chain| chain.epoch).collect::<Vec<_>>(),
        [epoch(2), epoch(3)]
    );
    assert_eq!(numbers(&core.events(epoch(2), 0).await.unwrap()), [0, 1, 2]);
    assert!(core.events(epoch(1), 0).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn what_is_kept_under_a_name_is_there_until_it_is_forgotten() {
    let core = fresh().await;
    let value = ByteVec::from(vec![1, 2, 3]);
    core.keep("certificate", &value).await.unwrap();
    let kept: Option<ByteVec> = Core::new().read("certificate").await.unwrap();
    assert_eq!(kept, Some(value));
    // Of a shape this build does not know: as good as absent, and no reason to stop.
    let other: Option<Receipts> = core.read("certificate").await.unwrap();
    assert_eq!(other, None);
    core.forget("certificate").await.unwrap();
    let gone: Option<ByteVec> = core.read("certificate").await.unwrap();
    assert_eq!(gone, None);
}

#[wasm_bindgen_test]
async fn a_device_whose_data_was_cleared_while_it_ran_goes_on_saving() {
    let core = fresh().await;
    append_all(&core, epoch(1), 2).await;
    Idb::new("custody-core", &[]).delete().await.unwrap();
    core.append(&entry(epoch(1), 3, "event 3")).await.unwrap();
    // The beginning of the chain is gone; what is left keeps its number.
    assert_eq!(numbers(&core.events(epoch(1), 0).await.unwrap()), [3]);
}
