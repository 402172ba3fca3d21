//! `custody-core`: the device's own events, its keys and its receipts. Version 1 for ever.
//!
//! In: signed events. Out: the same bytes, after whatever happened to the page. Must not: change its
//! shape; new needs are new keys in `meta`.

use domain::event::{SignedEvent, encode};
use domain::id::Epoch;
use domain::sync::device::OutboxEntry;
use domain::sync::own::{Receipts, StoredChain};
use js_sys::{Array, Uint8Array};
use minicbor::{Decode, Encode};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::store::idb::{Durability, Idb, StoreFailed, bytes_in};

const LOG: &str = "log";
const META: &str = "meta";

/// Events kept after their receipt, per device.
const RING_MAX: usize = 50_000;

/// The database.
pub struct Core {
    idb: Idb,
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

impl Core {
    /// The device's database.
    #[must_use]
    pub fn new() -> Self {
        Self {
            idb: Idb::new("custody-core", &[LOG, META]),
        }
    }

    /// Keeps an event, strictly. Its place must be free: nothing is ever written twice.
    ///
    /// # Errors
    /// As [`Idb::write`]. A lost connection is read back here: what is there is kept, what is not is
    /// [`StoreFailed::Aborted`].
    pub async fn append(&self, entry: &OutboxEntry) -> Result<(), StoreFailed> {
        let key = log_key(entry.epoch, entry.seq);
        let bytes = encode(&entry.event);
        let written = self
            .idb
            .write(Durability::Strict, |writing| {
                writing.add_bytes(LOG, &key, &bytes)
            })
            .await;
        match written {
            Err(StoreFailed::ConnectionLost(cause)) => {
                let there = self.idb.value(LOG, &key).await?;
                if bytes_in(&there).is_some_and(|kept| kept == bytes) {
                    Ok(())
                } else {
                    Err(StoreFailed::Aborted(cause))
                }
            }
            other => other,
        }
    }

    /// The chains in the storage, oldest first.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn chains(&self) -> Result<Vec<StoredChain>, StoreFailed> {
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

    /// Events of a chain from a number on.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn events(&self, epoch: Epoch, from: u64) -> Result<Vec<OutboxEntry>, StoreFailed> {
        let range = web_sys::IdbKeyRange::bound(
            &log_key(epoch, from),
            &Array::of2(&Uint8Array::from(epoch.0.as_slice()), &f64::INFINITY.into()),
        )?;
        // The number is the key's: a chain whose beginning is gone does not begin at `from`.
        let entry = |(key, value): &(JsValue, JsValue)| {
            let seq = sequence(&key.dyn_ref::<Array>()?.get(1))?;
            let event: SignedEvent = minicbor::decode(&bytes_in(value)?).ok()?;
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

    /// Keeps, strictly, how far some chains are at the server.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep_receipts(&self, all: &[(Epoch, Receipts)]) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                for (epoch, receipts) in all {
                    writing.put_bytes(META, &receipts_key(*epoch), &encode(receipts))?;
                }
                Ok(())
            })
            .await
    }

    /// Forgets the oldest acknowledged events beyond the ring.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn prune(&self, chains: &[StoredChain]) -> Result<(), StoreFailed> {
        let mut kept = 0;
        for chain in chains.iter().rev() {
            kept += usize::try_from(chain.last)
                .unwrap_or(usize::MAX)
                .saturating_add(1);
            let done = chain
                .receipts
                .as_ref()
                .is_some_and(|have| have.through >= chain.last);
            if kept > RING_MAX && done {
                let range = web_sys::IdbKeyRange::bound(
                    &log_key(chain.epoch, 0),
                    &log_key(chain.epoch, chain.last),
                )?;
                self.idb
                    .write(Durability::Strict, |writing| {
                        writing.delete(LOG, &range)?;
                        writing.delete(META, &receipts_key(chain.epoch))
                    })
                    .await?;
            }
        }
        Ok(())
    }

    /// Reads something kept under a name.
    ///
    /// # Errors
    /// When the storage cannot be read. What cannot be decoded is not there.
    pub async fn read<T: for<'b> Decode<'b, ()>>(
        &self,
        name: impl Into<JsValue>,
    ) -> Result<Option<T>, StoreFailed> {
        let value = self.idb.value(META, &name.into()).await?;
        Ok(bytes_in(&value).and_then(|bytes| minicbor::decode(&bytes).ok()))
    }

    /// Keeps something under a name, strictly.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn keep<T: Encode<()>>(&self, name: &str, value: &T) -> Result<(), StoreFailed> {
        let bytes = encode(value);
        self.idb
            .write(Durability::Strict, |writing| {
                writing.put_bytes(META, &name.into(), &bytes)
            })
            .await
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
        let range = web_sys::IdbKeyRange::bound(&beginning.into(), &last.into())?;
        let read = |(key, value): &(JsValue, JsValue)| {
            let name = key.as_string()?.strip_prefix(beginning)?.to_owned();
            Some((name, minicbor::decode(&bytes_in(value)?).ok()?))
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

    /// Forgets what is kept under a name.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn forget(&self, name: &str) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                writing.delete(META, &name.into())
            })
            .await
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
