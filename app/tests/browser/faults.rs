//! What browsers and disks do on bad days, done on purpose and once.
//!
//! No page can fill a real disk in the time of a test, nor pull a database's file away: the browser's own
//! functions are replaced for one call, and answer as they do then.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(inline_js = r#"
function onceInsteadOfCommit(act) {
  const commit = IDBTransaction.prototype.commit;
  IDBTransaction.prototype.commit = function () {
    IDBTransaction.prototype.commit = commit;
    act(this, () => commit.call(this));
  };
}

function endsWith(transaction, name) {
  Object.defineProperty(transaction, "error", { value: new DOMException("on purpose", name) });
}

export function diskIsFullAtCommit() {
  onceInsteadOfCommit((transaction) => {
    endsWith(transaction, "QuotaExceededError");
    transaction.abort();
  });
}

export function connectionIsLostBeforeCommit() {
  onceInsteadOfCommit((transaction) => {
    endsWith(transaction, "UnknownError");
    transaction.abort();
  });
}

export function connectionIsLostAfterCommit() {
  onceInsteadOfCommit((transaction, commit) => {
    endsWith(transaction, "UnknownError");
    transaction.oncomplete = transaction.onabort;
    commit();
  });
}

export function nextWriteIsAborted() {
  onceInsteadOfCommit((transaction) => transaction.abort());
}

export function nextOpeningFails() {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function () {
    IDBFactory.prototype.open = open;
    throw new DOMException("on purpose", "UnknownError");
  };
}

export function openAsNewer(name, store) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 2);
    opening.onblocked = () => reject(new Error("an older connection does not give way"));
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const counting = database.transaction(store).objectStore(store).count();
      counting.onsuccess = () => resolve(counting.result);
      counting.onerror = () => reject(counting.error);
      database.close();
    };
  });
}

export function connectionIsClosedBeforeNextUse() {
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...how) {
    IDBDatabase.prototype.transaction = begin;
    this.close();
    return begin.apply(this, how);
  };
}

let put;

export function keysAreNotKept() {
  put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (value instanceof CryptoKey) {
      throw new DOMException("on purpose", "DataCloneError");
    }
    return put.call(this, value, key);
  };
}

export function keysAreKeptAsNothing() {
  put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    return put.call(this, value instanceof CryptoKey ? {} : value, key);
  };
}

export function keysAreKeptAgain() {
  IDBObjectStore.prototype.put = put;
}
"#)]
extern "C" {
    /// The next commit finds the disk full.
    #[wasm_bindgen(js_name = diskIsFullAtCommit)]
    pub(crate) fn disk_is_full_at_commit();
    /// The next commit loses the database, and nothing was written.
    #[wasm_bindgen(js_name = connectionIsLostBeforeCommit)]
    pub(crate) fn connection_is_lost_before_commit();
    /// The next commit writes everything, and then loses the database before it can say so.
    #[wasm_bindgen(js_name = connectionIsLostAfterCommit)]
    pub(crate) fn connection_is_lost_after_commit();
    /// The next commit does not happen, and the browser gives no reason.
    #[wasm_bindgen(js_name = nextWriteIsAborted)]
    pub(crate) fn next_write_is_aborted();
    /// The next database that is to be opened does not open.
    #[wasm_bindgen(js_name = nextOpeningFails)]
    pub(crate) fn next_opening_fails();
    /// A program of a later version opens a database and counts what is in one of its stores. For real.
    #[wasm_bindgen(js_name = openAsNewer, catch)]
    pub(crate) async fn open_as_newer(name: &str, store: &str) -> Result<JsValue, JsValue>;
    /// The connection is closed under whoever uses it next, as when the browser clears up.
    #[wasm_bindgen(js_name = connectionIsClosedBeforeNextUse)]
    pub(crate) fn connection_is_closed_before_next_use();
    /// From now on the storage refuses keys, as some browsers do.
    #[wasm_bindgen(js_name = keysAreNotKept)]
    pub(crate) fn keys_are_not_kept();
    /// From now on the storage keeps an empty object for each key and says nothing, as WebKitGTK does.
    #[wasm_bindgen(js_name = keysAreKeptAsNothing)]
    pub(crate) fn keys_are_kept_as_nothing();
    /// The end of both.
    #[wasm_bindgen(js_name = keysAreKeptAgain)]
    pub(crate) fn keys_are_kept_again();
}
