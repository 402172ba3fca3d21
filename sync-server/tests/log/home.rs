//! Where a log lives, and events to put into it.

use std::path::PathBuf;

use domain::id::StoreId;
use sync_server::keys::random;
use sync_server::log::{Database, Log};

use crate::throwaway;

pub(crate) use suite::log::{CHAIN, append, chain, event, key, record};

pub(crate) const STORE: StoreId = StoreId(*b"one of two shops");

/// One log, to be opened as often as a test likes.
pub(crate) struct Home {
    pub(crate) database: Database,
    pub(crate) server: Option<throwaway::Database>,
    folder: Option<PathBuf>,
}

impl Home {
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("custody-log-{}", random::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            database: Database::Sqlite(folder.join("custody.sqlite")),
            server: None,
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
            server: Some(server.clone()),
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
