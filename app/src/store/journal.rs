//! The browser's own journal, begun anew at every start.
//!
//! In: a start of the app. Out: a journal with no torn end in it. Must not: touch what is kept.
//!
//! Chromium keeps all databases of a site in one LevelDB. Killed in the midst of a record, it goes on behind the torn
//! one when it starts again, and all is there; the start after that cannot read past it, takes the whole for damaged
//! and empties it (google/leveldb#1287). LevelDB begins a new journal after some megabytes and drops the old one, torn
//! end and all; so that much is written, and thrown away, before anything is called saved.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::platform::storage;
use crate::store::idb::{Durability, Idb, StoreFailed};

const NAME: &str = "custody-journal";
const STORE: &str = "filling";

/// More than the four megabytes after which LevelDB begins a new journal at the latest.
const BYTES: usize = 5_000_000;
/// Of one value. A larger one Chromium would keep as a file of its own.
const PART: usize = 50_000;
/// Values written at once.
const AT_ONCE: usize = 20;
/// On a disk with less room than this nothing is filled up: a write that fails there does harm, too.
const ROOM_MIN: u64 = 50_000_000;

/// Whether this browser keeps its databases in LevelDB: only Chromium tells of databases it emptied.
fn is_leveldb() -> bool {
    let event = Reflect::get(&js_sys::global(), &"IDBVersionChangeEvent".into());
    let prototype = event.and_then(|event| Reflect::get(&event, &"prototype".into()));
    prototype.is_ok_and(|prototype| Reflect::has(&prototype, &"dataLoss".into()) == Ok(true))
}

/// Makes the browser begin a new journal. What fails leaves all as it was.
pub async fn begin_anew() {
    if !is_leveldb() || storage::room().await < ROOM_MIN {
        return;
    }
    let filling = Idb::new(NAME, &[STORE]);
    // What was not written is not there to be thrown away.
    let _filled = fill(&filling).await;
    let _gone = filling.delete().await;
}

async fn fill(filling: &Idb) -> Result<(), StoreFailed> {
    let part = vec![0; PART];
    let values: Vec<usize> = (0..BYTES.div_ceil(PART)).collect();
    for at_once in values.chunks(AT_ONCE) {
        let put = |value: &usize| u32::try_from(*value).map(JsValue::from).unwrap_or_default();
        filling
            .write(Durability::Relaxed, |writing| {
                let mut keys = at_once.iter().map(put);
                keys.try_for_each(|key| writing.put_bytes(STORE, &key, &part))
            })
            .await?;
    }
    Ok(())
}
