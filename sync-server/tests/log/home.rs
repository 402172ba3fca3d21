//! Where a log lives, and events to put into it.

use std::path::PathBuf;

use domain::event::{SignedEvent, event_hash};
use domain::id::{DeviceId, Epoch, EventId, Position, StoreId};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::Outcome;
use sync_server::keys::random;
use sync_server::log::{ChainKey, Database, Log, NewEvent};

use crate::throwaway;

pub(crate) const STORE: StoreId = StoreId(*b"one of two shops");
pub(crate) const CHAIN: ChainKey = chain(1, 1);

pub(crate) const fn chain(device: u8, epoch: u8) -> ChainKey {
    ChainKey {
        device: DeviceId([device; 16]),
        epoch: Epoch([epoch; 16]),
    }
}

/// One log, to be opened as often as a test likes.
pub(crate) struct Home {
    pub(crate) database: Database,
    folder: Option<PathBuf>,
}

impl Home {
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("custody-log-{}", random::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            database: Database::Sqlite(folder.join("custody.sqlite")),
            folder: Some(folder),
        }
    }

    pub(crate) fn postgres() -> Self {
        Self::on(&throwaway::Database::new(), STORE)
    }

    pub(crate) fn on(server: &throwaway::Database, store: StoreId) -> Self {
        Self {
            database: Database::Postgres {
                address: server.address(),
                store,
            },
            folder: None,
        }
    }

    pub(crate) fn open(&self) -> Box<dyn Log> {
        self.database.open().unwrap()
    }

    pub(crate) fn open_reader(&self) -> Box<dyn Log> {
        self.database.open_reader().unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

pub(crate) fn event(text: &str) -> SignedEvent {
    SignedEvent {
        bytes: text.as_bytes().to_vec(),
        signature: vec![7; 64],
    }
}

/// Gives an event the next place, inside a transaction.
pub(crate) fn append(log: &dyn Log, chain: ChainKey, seq: u64, text: &str) -> Position {
    let event = event(text);
    let position = log.head().unwrap().next();
    log.append(&NewEvent {
        position,
        chain,
        seq,
        label: Some((EventId(random::bytes()), 50, 1)),
        recorded_at: 1_800_000_000_000,
        event: &event,
        hash: event_hash(&event.bytes),
        outcome: &Outcome::AppliedWithExceptions(vec![7]),
    })
    .unwrap();
    position
}

/// The same as a transaction of its own.
pub(crate) fn record(log: &dyn Log, chain: ChainKey, seq: u64, text: &str) -> Position {
    log.begin().unwrap();
    let position = append(log, chain, seq, text);
    log.commit().unwrap();
    position
}

pub(crate) fn key(kind: EntityKind, id: &[u8]) -> EntityKey {
    EntityKey {
        kind,
        id: id.to_vec(),
    }
}
