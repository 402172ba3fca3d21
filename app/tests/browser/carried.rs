//! `custody-carried` in a real browser: acts of others outlast the page and go only with their receipts.

use std::collections::BTreeMap;

use app::store::carried::{CarriedActs, Told};
use app::store::core::Core;
use app::store::idb::Idb;
use domain::event::SignedEvent;
use domain::id::{DeviceId, Epoch};
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::Store as _;
use domain::sync::lifeboat::Carried;
use domain::sync::relay::{Delivered, Fate};
use wasm_bindgen_test::wasm_bindgen_test;

const CHAIN: (DeviceId, Epoch) = (DeviceId([7; 16]), Epoch([8; 16]));

fn act(seq: u64) -> Carried {
    Carried {
        device: CHAIN.0,
        entry: OutboxEntry {
            epoch: CHAIN.1,
            seq,
            event: SignedEvent {
                bytes: vec![1, u8::try_from(seq % 200).unwrap()],
                signature: vec![2; 64],
            },
        },
    }
}

fn told(arrived: u32) -> BTreeMap<(DeviceId, Epoch), Told> {
    let name = "Tablet 2".to_owned();
    let told = Told {
        name,
        arrived,
        ..Told::default()
    };
    BTreeMap::from([(CHAIN, told)])
}

#[wasm_bindgen_test]
async fn acts_of_another_device_are_there_after_a_new_start_in_their_order_and_never_among_our_own()
{
    Idb::new("custody-carried", &["acts", "told"])
        .delete()
        .await
        .unwrap();
    let acts: Vec<Carried> = [9, 10, 2].map(act).to_vec();
    CarriedActs::new().take(&acts, &told(0)).await.unwrap();
    let loaded = CarriedActs::new().load().await.unwrap();
    let numbers: Vec<u64> = loaded.acts.iter().map(|act| act.entry.seq).collect();
    assert_eq!(numbers, [2, 9, 10]);
    assert_eq!(loaded.acts[0], act(2));
    let own = Core::new().chains().await.unwrap();
    assert!(own.iter().all(|chain| chain.epoch != CHAIN.1));
}

#[wasm_bindgen_test]
async fn an_act_goes_together_with_the_word_of_what_became_of_it() {
    Idb::new("custody-carried", &["acts", "told"])
        .delete()
        .await
        .unwrap();
    let store = CarriedActs::new();
    store.take(&[act(0), act(1)], &told(0)).await.unwrap();
    let delivered = Delivered {
        chain: CHAIN,
        seq: 0,
        fate: Fate::Arrived,
    };
    store.note(&[delivered], &told(1)).await.unwrap();
    let loaded = CarriedActs::new().load().await.unwrap();
    assert_eq!(loaded.acts, [act(1)]);
    assert_eq!(loaded.told, told(1));
    store.forget(&[CHAIN]).await.unwrap();
    assert!(CarriedActs::new().load().await.unwrap().told.is_empty());
}
