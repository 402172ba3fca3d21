//! `custody-core` under the suite of all stores, and what only a browser can be asked.
//!
//! Deleting the database and opening it as a newer program are done for real, over connections of their own.

use app::store::core::Core;
use app::store::idb::{Durability, Idb};
use domain::id::Epoch;
use domain::sync::own::Receipts;
use js_sys::{Array, Uint8Array};
use minicbor::bytes::ByteVec;
use suite::device::{Bench, Mishap};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::faults;

const NAME: &str = "custody-core";
const STORES: &[&str] = &["log", "meta"];

/// An empty `custody-core`.
pub(crate) async fn fresh() -> Core {
    Idb::new(NAME, &[]).delete().await.unwrap();
    Core::new()
}

struct Browser;

impl Bench for Browser {
    type Store = Core;

    fn connect(&self) -> Core {
        Core::new()
    }

    fn next_write(&self, mishap: Mishap) {
        match mishap {
            Mishap::Full => faults::disk_is_full_at_commit(),
            Mishap::Aborted => faults::next_write_is_aborted(),
            Mishap::LostBefore => faults::connection_is_lost_before_commit(),
            Mishap::LostAfter => faults::connection_is_lost_after_commit(),
            Mishap::LostBeforeAndShut => {
                faults::connection_is_lost_before_commit();
                faults::next_opening_fails();
            }
        }
    }

    async fn delete(&self) {
        Idb::new(NAME, &[]).delete().await.unwrap();
    }

    async fn open_as_newer(&self) -> usize {
        let found = faults::open_as_newer(NAME, "log").await.unwrap();
        format!("{}", found.as_f64().unwrap()).parse().unwrap()
    }

    async fn hollow(&self, epoch: Epoch, seq: u64) {
        let seq: f64 = seq.to_string().parse().unwrap();
        let key = Array::of2(&Uint8Array::from(epoch.0.as_slice()), &seq.into());
        Idb::new(NAME, STORES)
            .write(Durability::Strict, |writing| {
                writing.put("log", &key, &JsValue::UNDEFINED)
            })
            .await
            .unwrap();
    }
}

macro_rules! in_the_browser {
    ($($room:ident::$claim:ident,)*) => {
        $(#[wasm_bindgen_test]
        async fn $claim() {
            fresh().await;
            suite::device::$room::$claim(&Browser).await;
        })*
    };
}

suite::every_device_behaviour!(in_the_browser);

#[wasm_bindgen_test]
async fn saved_means_that_the_disk_was_asked() {
    assert_eq!(fresh().await.durability().await.unwrap(), "strict");
}

#[wasm_bindgen_test]
async fn what_this_build_cannot_read_is_as_good_as_absent_and_no_reason_to_stop() {
    let core = fresh().await;
    let value = ByteVec::from(vec![1, 2, 3]);
    core.keep("certificate", &value).await.unwrap();
    assert_eq!(core.read("certificate").await.unwrap(), Some(value));
    let other: Option<Receipts> = core.read("certificate").await.unwrap();
    assert_eq!(other, None);
}
