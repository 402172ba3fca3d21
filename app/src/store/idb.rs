//! A thin layer over IndexedDB: open, write under a chosen durability, read.
//!
//! In: keys and bytes. Out: answers only after `complete`, and the raw reason of an abort. Must not: await
//! anything but its own requests inside a transaction; the browser would commit it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

pub use domain::sync::device::store::StoreFailed;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use crate::store::beside;

#[wasm_bindgen]
extern "C" {
    /// `transaction` with the options that the binding keeps behind an unstable flag.
    #[wasm_bindgen(extends = Object)]
    type DurableDatabase;
    #[wasm_bindgen(method, catch, js_name = transaction)]
    fn durable_transaction(
        this: &DurableDatabase,
        stores: &JsValue,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// What a browser's exception means for what was asked.
pub(super) fn failed(cause: &JsValue) -> StoreFailed {
    let field = |name: &str| {
        Reflect::get(cause, &name.into())
            .ok()
            .and_then(|text| text.as_string())
    };
    let name = field("name").unwrap_or_default();
    let text = format!("{name}: {}", field("message").unwrap_or_default());
    match name.as_str() {
        "QuotaExceededError" => StoreFailed::Full,
        "InvalidStateError" | "UnknownError" => StoreFailed::ConnectionLost(text),
        "AbortError" | "TransactionInactiveError" | "ConstraintError" => StoreFailed::Aborted(text),
        "VersionError" => StoreFailed::Newer,
        _ => StoreFailed::Unavailable(text),
    }
}

/// How certain a write must be before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The operating system was asked to put it on the disk.
    Strict,
    /// The operating system has it.
    Relaxed,
}

/// One database. Opens itself again when the browser has closed it.
pub struct Idb {
    name: String,
    stores: &'static [&'static str],
    handle: RefCell<Option<IdbDatabase>>,
}

/// Times a lost connection is opened again before giving up.
const OPEN_TRIES: u32 = 3;

impl Idb {
    /// Names a database of version 1 with some stores; it is opened when first used.
    #[must_use]
    pub fn new(name: impl Into<String>, stores: &'static [&'static str]) -> Self {
        Self {
            name: name.into(),
            stores,
            handle: RefCell::new(None),
        }
    }

    async fn database(&self) -> Result<IdbDatabase, StoreFailed> {
        if let Some(open) = self.handle.borrow().clone() {
            return Ok(open);
        }
        let request = factory()?
            .open_with_u32(&self.name, 1)
            .map_err(|cause| failed(&cause))?;
        let stores = self.stores;
        let upgrade = {
            let request = request.clone();
            Closure::once(move |event: Event| {
                let lost = Reflect::get(&event, &"dataLoss".into()).unwrap_or_default();
                if lost.as_string().as_deref() == Some("total") {
                    beside::note_emptied();
                }
                let Ok(result) = request.result() else { return };
                let database: IdbDatabase = result.unchecked_into();
                for store in stores {
                    let _made = database.create_object_store(store);
                }
            })
        };
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let opened = settled(request.unchecked_ref()).await?;
        let database: IdbDatabase = opened.unchecked_into();
        give_way(&database);
        *self.handle.borrow_mut() = Some(database.clone());
        Ok(database)
    }

    /// Forgets the connection, so that the next use opens a new one.
    pub fn drop_handle(&self) {
        if let Some(database) = self.handle.borrow_mut().take() {
            database.close();
        }
    }

    async fn begin(
        &self,
        mode: IdbTransactionMode,
        durability: Durability,
    ) -> Result<IdbTransaction, StoreFailed> {
        let mut last = StoreFailed::Unavailable("not tried".into());
        for _ in 0..OPEN_TRIES {
            let database = self.database().await?;
            match transaction(&database, self.stores, mode, durability) {
                Ok(transaction) => return Ok(transaction),
                Err(cause) => {
                    last = failed(&cause);
                    self.drop_handle();
                }
            }
        }
        Err(last)
    }

    /// Writes: `work` queues requests on the transaction, and nothing else. Returns after `complete`.
    ///
    /// # Errors
    /// [`StoreFailed::ConnectionLost`] means that nobody knows whether it was kept: read back. All others mean that
    /// it was not.
    pub async fn write(
        &self,
        durability: Durability,
        work: impl FnOnce(&Writing) -> Result<(), JsValue>,
    ) -> Result<(), StoreFailed> {
        let transaction = self
            .begin(IdbTransactionMode::Readwrite, durability)
            .await?;
        let ended = ended(&transaction);
        let writing = Writing {
            transaction: transaction.clone(),
            looks: Rc::default(),
            refused: Rc::default(),
        };
        if let Err(cause) = work(&writing) {
            let _aborting = transaction.abort();
            let _ended = ended.await;
            return Err(failed(&cause));
        }
        writing.commit_unless_looking();
        if ended.await.is_ok() {
            return Ok(());
        }
        if let Some(refused) = writing.refused.take() {
            return Err(refused);
        }
        self.drop_handle();
        let cause = transaction.error();
        Err(cause.map_or_else(
            || StoreFailed::Aborted("no reason given".into()),
            |cause| failed(&cause),
        ))
    }

    /// Asks a store for something, in one transaction; once more where the browser closed the connection meanwhile.
    async fn asked(
        &self,
        store: &str,
        ask: impl Fn(&IdbObjectStore) -> Result<Vec<IdbRequest>, JsValue>,
    ) -> Result<Vec<JsValue>, StoreFailed> {
        let mut tries = OPEN_TRIES;
        loop {
            tries -= 1;
            let transaction = self
                .begin(IdbTransactionMode::Readonly, Durability::Relaxed)
                .await?;
            let asked = transaction
                .object_store(store)
                .and_then(|store| ask(&store));
            let asked = asked.map_err(|cause| failed(&cause))?;
            match answers(&asked).await {
                Err(StoreFailed::ConnectionLost(_) | StoreFailed::Aborted(_)) if tries > 0 => {
                    self.drop_handle();
                }
                answered => return answered,
            }
        }
    }

    /// One value.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn value(&self, store: &str, key: &JsValue) -> Result<JsValue, StoreFailed> {
        let ask = |store: &IdbObjectStore| Ok(vec![store.get(key)?]);
        let mut answers = self.asked(store, ask).await?;
        Ok(answers.pop().unwrap_or_default())
    }

    /// Keys and values whose keys lie in a range, in the order of their keys and of one moment; the whole
    /// store without one.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn entries(
        &self,
        store: &str,
        range: &JsValue,
    ) -> Result<Vec<(JsValue, JsValue)>, StoreFailed> {
        let both = |store: &IdbObjectStore| {
            let keys = store.get_all_keys_with_key(range)?;
            Ok(vec![keys, store.get_all_with_key(range)?])
        };
        let answers = self.asked(store, both).await?;
        let [keys, values] = answers.as_slice() else {
            return Ok(Vec::new());
        };
        let (keys, values): (&Array, &Array) = (keys.unchecked_ref(), values.unchecked_ref());
        Ok(keys.iter().zip(values.iter()).collect())
    }

    /// All keys of a store, in order.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn keys(&self, store: &str) -> Result<Vec<JsValue>, StoreFailed> {
        let ask = |store: &IdbObjectStore| Ok(vec![store.get_all_keys()?]);
        let mut answers = self.asked(store, ask).await?;
        Ok(answers
            .pop()
            .map_or_else(Vec::new, |all| all.unchecked_into::<Array>().to_vec()))
    }

    /// Deletes the whole database.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn delete(&self) -> Result<(), StoreFailed> {
        self.drop_handle();
        let request: IdbOpenDbRequest = factory()?
            .delete_database(&self.name)
            .map_err(|cause| failed(&cause))?;
        settled(request.unchecked_ref()).await.map(|_| ())
    }

    /// What the browser promises of a strict transaction: `strict`, `relaxed` or `default`.
    ///
    /// # Errors
    /// When the storage does not open.
    pub async fn durability(&self) -> Result<String, StoreFailed> {
        let transaction = self
            .begin(IdbTransactionMode::Readwrite, Durability::Strict)
            .await?;
        let told = Reflect::get(&transaction, &"durability".into()).ok();
        let _aborting = transaction.abort();
        Ok(told
            .and_then(|text| text.as_string())
            .unwrap_or_else(|| "unknown".into()))
    }
}

/// A transaction to queue writes on.
#[derive(Clone)]
pub struct Writing {
    transaction: IdbTransaction,
    /// Looks whose answers are still to come.
    looks: Rc<Cell<u32>>,
    refused: Rc<RefCell<Option<StoreFailed>>>,
}

impl Writing {
    fn store(&self, store: &str) -> Result<IdbObjectStore, JsValue> {
        self.transaction.object_store(store)
    }

    /// An early commit spares one turn of the event loop; browsers without it commit by themselves. Not before every
    /// look has been taken: what is committed early cannot be refused any more.
    fn commit_unless_looking(&self) {
        if self.looks.get() == 0 {
            #[expect(deprecated, reason = "web-sys marks it so although browsers do not")]
            let _committing = self.transaction.commit();
        }
    }

    /// Looks at a value in the same transaction. When `allows` says no, nothing of the transaction is kept, whatever
    /// was queued before or after.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub fn only_if(
        &self,
        store: &str,
        key: &JsValue,
        allows: impl FnOnce(&JsValue) -> Result<(), StoreFailed> + 'static,
    ) -> Result<(), JsValue> {
        let request = self.store(store)?.get(key)?;
        self.looks.set(self.looks.get() + 1);
        let (writing, asked) = (self.clone(), request.clone());
        let looked = Closure::once_into_js(move || {
            writing.looks.set(writing.looks.get() - 1);
            let found = asked.result().map_err(|cause| failed(&cause));
            match found.and_then(|found| allows(&found)) {
                Ok(()) => writing.commit_unless_looking(),
                Err(refused) => {
                    *writing.refused.borrow_mut() = Some(refused);
                    let _aborting = writing.transaction.abort();
                }
            }
        });
        request.set_onsuccess(Some(looked.unchecked_ref()));
        Ok(())
    }

    /// Puts a value under a key.
    ///
    /// # Errors
    /// When the browser cannot copy the value.
    pub fn put(&self, store: &str, key: &JsValue, value: &JsValue) -> Result<(), JsValue> {
        self.store(store)?.put_with_key(value, key).map(|_| ())
    }

    /// Puts bytes under a key.
    ///
    /// # Errors
    /// As [`Writing::put`].
    pub fn put_bytes(&self, store: &str, key: &JsValue, bytes: &[u8]) -> Result<(), JsValue> {
        self.put(store, key, &Uint8Array::from(bytes))
    }

    /// Adds bytes under a key that must be free.
    ///
    /// # Errors
    /// As [`Writing::put`]; a key that is taken aborts the transaction.
    pub fn add_bytes(&self, store: &str, key: &JsValue, bytes: &[u8]) -> Result<(), JsValue> {
        self.store(store)?
            .add_with_key(&Uint8Array::from(bytes), key)
            .map(|_| ())
    }

    /// Deletes a key or a range.
    ///
    /// # Errors
    /// When the key is none.
    pub fn delete(&self, store: &str, key: &JsValue) -> Result<(), JsValue> {
        self.store(store)?.delete(key).map(|_| ())
    }

    /// Deletes everything in a store.
    ///
    /// # Errors
    /// When there is no such store.
    pub fn clear(&self, store: &str) -> Result<(), JsValue> {
        self.store(store)?.clear().map(|_| ())
    }
}

/// The bytes in a value that was put as bytes.
#[must_use]
pub fn bytes_in(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

fn factory() -> Result<IdbFactory, StoreFailed> {
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten());
    factory.ok_or(StoreFailed::Unavailable(
        "this browser has no IndexedDB".into(),
    ))
}

/// Closes the connection when somebody deletes or changes the database, who would otherwise wait for us for ever.
/// The next use opens it anew, or finds that a newer version has it.
fn give_way(database: &IdbDatabase) {
    let close = Closure::<dyn Fn(Event)>::new(|event: Event| {
        if let Some(target) = event.target() {
            target.unchecked_into::<IdbDatabase>().close();
        }
    });
    database.set_onversionchange(Some(close.into_js_value().unchecked_ref()));
}

fn transaction(
    database: &IdbDatabase,
    stores: &[&str],
    mode: IdbTransactionMode,
    durability: Durability,
) -> Result<IdbTransaction, JsValue> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let (mode, durability) = match (mode, durability) {
        (IdbTransactionMode::Readwrite, Durability::Strict) => ("readwrite", "strict"),
        (IdbTransactionMode::Readwrite, Durability::Relaxed) => ("readwrite", "relaxed"),
        _ => ("readonly", "default"),
    };
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let database: &DurableDatabase = database.unchecked_ref();
    database.durable_transaction(&names, mode, &options)
}

/// Waits for a request; its result.
async fn settled(request: &IdbRequest) -> Result<JsValue, StoreFailed> {
    let waiting = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let answered = JsFuture::from(waiting).await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    match answered {
        Ok(_) => request.result().map_err(|cause| failed(&cause)),
        Err(_) => {
            let cause = request.error().map_err(|cause| failed(&cause))?;
            Err(cause.map_or_else(
                || StoreFailed::Unavailable("no reason given".into()),
                |cause| failed(&cause),
            ))
        }
    }
}

/// The answers to requests of one transaction. They end in the order in which they were made, so that waiting for the
/// last is enough.
async fn answers(asked: &[IdbRequest]) -> Result<Vec<JsValue>, StoreFailed> {
    if let Some(last) = asked.last() {
        settled(last).await?;
    }
    let answers = asked.iter().map(IdbRequest::result);
    answers
        .collect::<Result<_, _>>()
        .map_err(|cause| failed(&cause))
}

/// Begins to wait for the end of a transaction. The handlers are set at once, before any request ends.
fn ended(transaction: &IdbTransaction) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    }))
}
