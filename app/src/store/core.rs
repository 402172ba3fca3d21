//! `custody-core`: the device's own events, its keys and its receipts. Version 1 for ever.
//!
//! In: signed events. Out: the same bytes, after whatever happened to the page. Must not: change its
//! shape; new needs are new keys in `meta`.

use std::cell::Cell;

use domain::event::{SignedEvent, encode};
use domain::id::Epoch;
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::{NotedChain, Store, StoreFailed, WriterId};
use domain::sync::own::{Receipts, StoredChain};
use js_sys::{Array, Uint8Array};
use minicbor::{Decode, Encode};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::store::beside::core_name;
use crate::store::idb::{Durability, Idb, Writing, bytes_in, failed};

const LOG: &str = "log";
const META: &str = "meta";

/// Names of the writer that may write, and of the chain that was written to last.
const WRITER: &str = "writer";
const LAST_CHAIN: &str = "last-epoch";

/// The database, over one connection.
pub struct Core {
    idb: Idb,
    writer: Cell<Option<WriterId>>,
}

fn log_key(epoch: Epoch, seq: u64) -> JsValue {
    Array::of2(&Uint8Array::from(epoch.0.as_slice()), &number(seq)).into()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a chain ends long before 2^53 events"
)]
fn number(seq: u64) -> JsValue {
    JsValue::from_f64(seq as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "only numbers written by `number` are read"
)]
fn sequence(value: &JsValue) -> Option<u64> {
    value.as_f64().map(|number| number as u64)
}

fn receipts_key(epoch: Epoch) -> JsValue {
    JsValue::from(format!("receipts/{epoch}"))
}

fn range(first: &JsValue, last: &JsValue) -> Result<JsValue, StoreFailed> {
    let range = web_sys::IdbKeyRange::bound(first, last).map_err(|cause| failed(&cause))?;
    Ok(range.into())
}

fn decoded<T: for<'b> Decode<'b, ()>>(value: &JsValue) -> Option<T> {
    bytes_in(value).and_then(|bytes| minicbor::decode(&bytes).ok())
}

impl Store for Core {
    async fn take_over(&self, writer: WriterId) -> Result<(), StoreFailed> {
        self.writer.set(None);
        self.keep_value(WRITER, &encode(&writer)).await?;
        self.writer.set(Some(writer));
        Ok(())
    }

    async fn note_chain(&self, noted: NotedChain) -> Result<(), StoreFailed> {
        let bytes = noted.to_bytes();
        self.write_as_writer(|writing| writing.put_bytes(META, &LAST_CHAIN.into(), &bytes))
            .await
    }

    async fn noted_chain(&self) -> Result<Option<NotedChain>, StoreFailed> {
        let bytes = self.value(LAST_CHAIN).await?;
        Ok(bytes.and_then(|bytes| NotedChain::parse(&bytes)))
    }

    async fn add(&self, entry: &OutboxEntry) -> Result<(), StoreFailed> {
        let (key, bytes) = (log_key(entry.epoch, entry.seq), encode(&entry.event));
        self.write_as_writer(|writing| writing.add_bytes(LOG, &key, &bytes))
            .await
    }

    async fn chains(&self) -> Result<Vec<StoredChain>, StoreFailed> {
        let mut chains: Vec<StoredChain> = Vec::new();
        for key in self.idb.keys(LOG).await? {
            let key: Array = key.unchecked_into();
            let epoch = key
                .get(0)
                .dyn_into::<js_sys::ArrayBuffer>()
                .ok()
                .and_then(|buffer| {
                    <[u8; 16]>::try_from(Uint8Array::new(&buffer).to_vec())
                        .ok()
                        .map(Epoch)
                });
            let (Some(epoch), Some(seq)) = (epoch, sequence(&key.get(1))) else {
                continue;
            };
            match chains.last_mut().filter(|chain| chain.epoch == epoch) {
                Some(chain) => chain.last = seq,
                None => chains.push(StoredChain {
                    epoch,
                    last: seq,
                    receipts: None,
                }),
            }
        }
        for chain in &mut chains {
            chain.receipts = self.read(receipts_key(chain.epoch)).await?;
        }
        Ok(chains)
    }

    async fn events(&self, epoch: Epoch, from: u64) -> Result<Vec<OutboxEntry>, StoreFailed> {
        let range = range(
            &log_key(epoch, from),
            &Array::of2(&Uint8Array::from(epoch.0.as_slice()), &f64::INFINITY.into()),
        )?;
        // The number is the key's: a chain whose beginning is gone does not begin at `from`.
        let entry = |(key, value): &(JsValue, JsValue)| {
            let seq = sequence(&key.dyn_ref::<Array>()?.get(1))?;
            let event: SignedEvent = decoded(value)?;
            Some(OutboxEntry { epoch, seq, event })
        };
        Ok(self
            .idb
            .entries(LOG, &range)
            .await?
            .iter()
            .filter_map(entry)
            .collect())
    }

    async fn keep_receipts(&self, all: &[(Epoch, Receipts)]) -> Result<(), StoreFailed> {
        self.write_as_writer(|writing| {
            for (epoch, receipts) in all {
                writing.put_bytes(META, &receipts_key(*epoch), &encode(receipts))?;
            }
            Ok(())
        })
        .await
    }

    async fn forget_chain(&self, chain: &StoredChain) -> Result<(), StoreFailed> {
        let range = range(&log_key(chain.epoch, 0), &log_key(chain.epoch, chain.last))?;
        self.write_as_writer(|writing| {
            writing.delete(LOG, &range)?;
            writing.delete(META, &receipts_key(chain.epoch))
        })
        .await
    }

    async fn value(&self, name: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(bytes_in(&self.idb.value(META, &name.into()).await?))
    }

    async fn keep_value(&self, name: &str, bytes: &[u8]) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                writing.put_bytes(META, &name.into(), bytes)
            })
            .await
    }

    async fn forget(&self, name: &str) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                writing.delete(META, &name.into())
            })
            .await
    }
}

impl Core {
    /// The device's database.
    #[must_use]
    pub fn new() -> Self {
        Self {
            idb: Idb::new(core_name(), &[LOG, META]),
            writer: Cell::new(None),
        }
    }

    /// Writes, strictly, unless another writer has taken over; that is looked at in the same transaction.
    async fn write_as_writer(
        &self,
        work: impl FnOnce(&Writing) -> Result<(), JsValue>,
    ) -> Result<(), StoreFailed> {
        let writer = self.writer.get().ok_or(StoreFailed::TakenOver)?;
        self.idb
            .write(Durability::Strict, |writing| {
                writing.only_if(META, &WRITER.into(), move |named| {
                    writer.check(decoded(named))
                })?;
                work(writing)
            })
            .await
    }

    /// Whether this connection has taken over.
    #[must_use]
    pub fn has_taken_over(&self) -> bool {
        self.writer.get().is_some()
    }

    /// Reads something kept under a name.
    ///
    /// # Errors
    /// When the storage cannot be read. What cannot be decoded is not there.
    pub async fn read<T: for<'b> Decode<'b, ()>>(
        &self,
        name: impl Into<JsValue>,
    ) -> Result<Option<T>, StoreFailed> {
        Ok(decoded(&self.idb.value(META, &name.into()).await?))
    }

    /// Keeps something under a name, strictly.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep<T: Encode<()>>(&self, name: &str, value: &T) -> Result<(), StoreFailed> {
        self.keep_value(name, &encode(value)).await
    }

    /// Keeps something under a name that can be had again, so that no disk has to be waited for.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep_relaxed<T: Encode<()>>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<(), StoreFailed> {
        let bytes = encode(value);
        self.idb
            .write(Durability::Relaxed, |writing| {
                writing.put_bytes(META, &name.into(), &bytes)
            })
            .await
    }

    /// Everything kept under names that begin alike, with the rest of the name. What cannot be decoded is left where
    /// it is.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn read_all<T: for<'b> Decode<'b, ()>>(
        &self,
        beginning: &str,
    ) -> Result<Vec<(String, T)>, StoreFailed> {
        let last = format!("{beginning}\u{ffff}");
        let range = range(&beginning.into(), &last.into())?;
        let read = |(key, value): &(JsValue, JsValue)| {
            let name = key.as_string()?.strip_prefix(beginning)?.to_owned();
            Some((name, decoded(value)?))
        };
        let entries = self.idb.entries(META, &range).await?;
        Ok(entries.iter().filter_map(read).collect())
    }

    /// Keeps a browser object, such as a key, under a name, strictly.
    ///
    /// # Errors
    /// As [`Idb::write`]; some browsers cannot copy a key.
    pub async fn keep_object(&self, name: &str, value: &JsValue) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                writing.put(META, &name.into(), value)
            })
            .await
    }

    /// Reads a browser object back, over a new connection, so that it really comes from the storage.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn object_afresh(&self, name: &str) -> Result<JsValue, StoreFailed> {
        self.idb.drop_handle();
        self.idb.value(META, &name.into()).await
    }

    /// What the browser promises of a strict transaction.
    ///
    /// # Errors
    /// When the storage does not open.
    pub async fn durability(&self) -> Result<String, StoreFailed> {
        self.idb.durability().await
    }
}

impl Default for Core {
    fn default() -> Self {
        Self::new()
    }
}
