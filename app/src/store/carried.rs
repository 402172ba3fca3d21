//! `custody-carried`: acts of other devices on their way to the server, and what became of those that arrived.
//!
//! In: acts out of a lifeboat. Out: the same acts at every start until the server's receipts came. Must not: touch
//! `custody-core`; nothing of another device ever stands beside this one's own.

use std::collections::BTreeMap;

use domain::event::{SignedEvent, encode};
use domain::id::{DeviceId, Epoch};
use domain::sync::device::OutboxEntry;
use domain::sync::lifeboat::Carried;
use domain::sync::relay::{CarriedChain, Delivered};
use minicbor::{Decode, Encode};
use wasm_bindgen::JsValue;

use crate::store::idb::{Durability, Idb, StoreFailed, bytes_in};

const ACTS: &str = "acts";
const TOLD: &str = "told";

/// What became of the acts of one chain so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Told {
    /// What people call the device.
    #[n(0)]
    pub name: String,
    /// Acts this device brought to the server.
    #[n(1)]
    pub arrived: u32,
    /// Acts the server had already.
    #[n(2)]
    pub known: u32,
    /// Acts the server keeps aside.
    #[n(3)]
    pub aside: u32,
}

/// Everything the database held.
#[derive(Default)]
pub struct Loaded {
    /// Acts without a receipt.
    pub acts: Vec<Carried>,
    /// What became of the others.
    pub told: BTreeMap<CarriedChain, Told>,
}

#[derive(Encode, Decode)]
struct Act {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    epoch: Epoch,
    #[n(2)]
    seq: u64,
    #[n(3)]
    event: SignedEvent,
}

#[derive(Encode, Decode)]
struct Row {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    epoch: Epoch,
    #[n(2)]
    told: Told,
}

/// The database.
pub struct CarriedActs {
    idb: Idb,
}

fn chain_key((device, epoch): CarriedChain) -> JsValue {
    JsValue::from(format!("{device}/{epoch}"))
}

fn act_key((device, epoch): CarriedChain, seq: u64) -> JsValue {
    JsValue::from(format!("{device}/{epoch}/{seq:020}"))
}

impl CarriedActs {
    /// The database.
    #[must_use]
    pub fn new() -> Self {
        Self {
            idb: Idb::new("custody-carried", &[ACTS, TOLD]),
        }
    }

    /// Reads everything.
    ///
    /// # Errors
    /// When the storage cannot be read.
    pub async fn load(&self) -> Result<Loaded, StoreFailed> {
        let mut loaded = Loaded::default();
        for (_, value) in self.idb.entries(ACTS, &JsValue::UNDEFINED).await? {
            let act = bytes_in(&value).and_then(|bytes| minicbor::decode::<Act>(&bytes).ok());
            loaded.acts.extend(act.map(|act| Carried {
                device: act.device,
                entry: OutboxEntry {
                    epoch: act.epoch,
                    seq: act.seq,
                    event: act.event,
                },
            }));
        }
        for (_, value) in self.idb.entries(TOLD, &JsValue::UNDEFINED).await? {
            let row = bytes_in(&value).and_then(|bytes| minicbor::decode::<Row>(&bytes).ok());
            let row = row.map(|row| ((row.device, row.epoch), row.told));
            loaded.told.extend(row);
        }
        Ok(loaded)
    }

    /// Keeps acts and what is told of their chains, strictly and together.
    ///
    /// # Errors
    /// As [`Idb::write`]; nothing is carried then.
    pub async fn take(
        &self,
        acts: &[Carried],
        told: &BTreeMap<CarriedChain, Told>,
    ) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                for Carried { device, entry } in acts {
                    let act = Act {
                        device: *device,
                        epoch: entry.epoch,
                        seq: entry.seq,
                        event: entry.event.clone(),
                    };
                    let key = act_key((*device, entry.epoch), entry.seq);
                    writing.put_bytes(ACTS, &key, &encode(&act))?;
                }
                put_told(writing, told)
            })
            .await
    }

    /// Lets delivered acts go and keeps what is told of their chains, strictly and together.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn note(
        &self,
        delivered: &[Delivered],
        told: &BTreeMap<CarriedChain, Told>,
    ) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                for done in delivered {
                    writing.delete(ACTS, &act_key(done.chain, done.seq))?;
                }
                put_told(writing, told)
            })
            .await
    }

    /// Forgets what was told of these chains.
    ///
    /// # Errors
    /// As [`Idb::write`].
    pub async fn forget(&self, chains: &[CarriedChain]) -> Result<(), StoreFailed> {
        self.idb
            .write(Durability::Strict, |writing| {
                for chain in chains {
                    writing.delete(TOLD, &chain_key(*chain))?;
                }
                Ok(())
            })
            .await
    }
}

fn put_told(
    writing: &crate::store::idb::Writing,
    told: &BTreeMap<CarriedChain, Told>,
) -> Result<(), JsValue> {
    for (chain, told) in told {
        let row = Row {
            device: chain.0,
            epoch: chain.1,
            told: told.clone(),
        };
        writing.put_bytes(TOLD, &chain_key(*chain), &encode(&row))?;
    }
    Ok(())
}

impl Default for CarriedActs {
    fn default() -> Self {
        Self::new()
    }
}
