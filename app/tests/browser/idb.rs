//! The thin layer over IndexedDB, on databases of its own.

use app::store::idb::{Durability, Idb, StoreFailed, bytes_in};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::faults;

const ROWS: &str = "rows";

async fn fresh(name: &str) -> Idb {
    let idb = Idb::new(name, &[ROWS]);
    idb.delete().await.unwrap();
    idb
}

async fn put(idb: &Idb, key: &str, bytes: &[u8]) -> Result<(), StoreFailed> {
    idb.write(Durability::Strict, |writing| {
        writing.put_bytes(ROWS, &key.into(), bytes)
    })
    .await
}

async fn read(idb: &Idb, key: &str) -> Option<Vec<u8>> {
    bytes_in(&idb.value(ROWS, &key.into()).await.unwrap())
}

#[wasm_bindgen_test]
async fn the_browser_promises_that_a_strict_write_is_on_the_disk() {
    let idb = fresh("idb-durability").await;
    assert_eq!(idb.durability().await.unwrap(), "strict");
    // Asking changes nothing.
    assert!(idb.keys(ROWS).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn a_write_whose_second_half_fails_leaves_nothing_of_its_first_half() {
    let idb = fresh("idb-halves").await;
    put(&idb, "taken", b"old").await.unwrap();
    let written = idb
        .write(Durability::Strict, |writing| {
            writing.put_bytes(ROWS, &"first half".into(), b"new")?;
            writing.add_bytes(ROWS, &"taken".into(), b"new")
        })
        .await;
    assert!(
        matches!(written, Err(StoreFailed::Aborted(_))),
        "{written:?}"
    );
    assert_eq!(read(&idb, "first half").await, None);
    assert_eq!(read(&idb, "taken").await, Some(b"old".to_vec()));
    put(&idb, "first half", b"afterwards").await.unwrap();
    assert_eq!(read(&idb, "first half").await, Some(b"afterwards".to_vec()));
}

#[wasm_bindgen_test]
async fn a_write_that_cannot_even_be_asked_for_leaves_nothing_behind() {
    let idb = fresh("idb-refused").await;
    let written = idb
        .write(Durability::Strict, |writing| {
            writing.put_bytes(ROWS, &"first half".into(), b"new")?;
            writing.put_bytes("no such store", &"second half".into(), b"new")
        })
        .await;
    assert!(written.is_err());
    assert_eq!(read(&idb, "first half").await, None);
}

#[wasm_bindgen_test]
async fn a_full_disk_is_called_full_and_nothing_is_kept() {
    let idb = fresh("idb-full").await;
    faults::disk_is_full_at_commit();
    assert_eq!(put(&idb, "jar", b"kept").await, Err(StoreFailed::Full));
    assert_eq!(read(&idb, "jar").await, None);
    // Once there is room again, so is the storage.
    put(&idb, "jar", b"kept").await.unwrap();
    assert_eq!(read(&idb, "jar").await, Some(b"kept".to_vec()));
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_not_called_a_failed_write() {
    let idb = fresh("idb-lost").await;
    faults::connection_is_lost_after_commit();
    let written = put(&idb, "jar", b"kept").await;
    assert!(
        matches!(written, Err(StoreFailed::ConnectionLost(_))),
        "{written:?}"
    );
    assert!(written.is_err_and(|cause| cause.is_transient()));
    assert_eq!(read(&idb, "jar").await, Some(b"kept".to_vec()));
}

#[wasm_bindgen_test]
async fn a_connection_that_was_closed_underneath_is_opened_again() {
    let idb = fresh("idb-closed").await;
    put(&idb, "before", b"1").await.unwrap();
    faults::connection_is_closed_before_next_use();
    put(&idb, "after", b"2").await.unwrap();
    faults::connection_is_closed_before_next_use();
    assert_eq!(read(&idb, "before").await, Some(b"1".to_vec()));
    assert_eq!(read(&idb, "after").await, Some(b"2".to_vec()));
}

#[wasm_bindgen_test]
async fn a_database_that_somebody_deletes_makes_way_and_is_made_anew() {
    let idb = fresh("idb-deleted").await;
    put(&idb, "before", b"1").await.unwrap();
    // This would never end while the first connection holds on.
    Idb::new("idb-deleted", &[ROWS]).delete().await.unwrap();
    put(&idb, "after", b"2").await.unwrap();
    assert_eq!(read(&idb, "before").await, None);
    assert_eq!(read(&idb, "after").await, Some(b"2".to_vec()));
}

#[wasm_bindgen_test]
async fn what_was_kept_is_there_for_the_next_start() {
    let idb = fresh("idb-restart").await;
    put(&idb, "jar", &[0, 255, 0]).await.unwrap();
    drop(idb);
    let again = Idb::new("idb-restart", &[ROWS]);
    assert_eq!(read(&again, "jar").await, Some(vec![0, 255, 0]));
}

#[wasm_bindgen_test]
async fn two_connections_may_write_in_turn_and_see_each_other() {
    let one = fresh("idb-two").await;
    let other = Idb::new("idb-two", &[ROWS]);
    put(&one, "a", b"1").await.unwrap();
    put(&other, "b", b"2").await.unwrap();
    put(&one, "c", b"3").await.unwrap();
    let keys = other.keys(ROWS).await.unwrap();
    let keys: Vec<_> = keys.iter().filter_map(JsValue::as_string).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert_eq!(
        other
            .entries(ROWS, &JsValue::UNDEFINED)
            .await
            .unwrap()
            .len(),
        3
    );
}

#[wasm_bindgen_test]
async fn values_that_are_no_bytes_are_no_bytes() {
    let idb = fresh("idb-values").await;
    idb.write(Durability::Relaxed, |writing| {
        writing.put(ROWS, &"text".into(), &"abc".into())
    })
    .await
    .unwrap();
    assert_eq!(read(&idb, "text").await, None);
    assert_eq!(read(&idb, "nothing").await, None);
}
