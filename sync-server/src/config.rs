//! Where a shop lives on disk.
//!
//! In: a directory, and a PostgreSQL server when the log is there. Out: the files by name. Must not: open any of
//! them.

use std::path::{Path, PathBuf};

use crate::log::postgres::Address;

/// The directory of one shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
    server: Option<Address>,
}

impl DataDir {
    /// The shop in this directory.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            server: None,
        }
    }

    /// The same, with the log on a PostgreSQL server.
    #[must_use]
    pub fn on(mut self, server: Address) -> Self {
        self.server = Some(server);
        self
    }

    /// The PostgreSQL server that was named.
    #[must_use]
    pub fn server(&self) -> Option<&Address> {
        self.server.as_ref()
    }

    /// The directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Log and state, unless they are on a PostgreSQL server.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("custody.sqlite")
    }

    /// The server's secret. A copy of the database without it shows no customer and opens no device.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.path.join("server.key")
    }

    /// Says which store of a PostgreSQL server this is. Every node has a copy of it and of the key file.
    #[must_use]
    pub fn store_file(&self) -> PathBuf {
        self.path.join("store.id")
    }

    /// The shop's own authority, and the server's certificate. Not in a backup: its keys are this machine's.
    #[must_use]
    pub fn tls(&self) -> PathBuf {
        self.path.join("tls")
    }

    /// Held by the one process that has the shop open.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("lock")
    }

    /// Where the running server takes commands, and the token for it.
    #[must_use]
    pub fn admin_file(&self) -> PathBuf {
        self.path.join("admin.json")
    }

    /// When the shop was last copied, and where to.
    #[must_use]
    pub fn last_backup(&self) -> PathBuf {
        self.path.join("last-backup.json")
    }

    /// Snapshots of the view, to be given out again. Deleting it is always safe.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.path.join("snapshots")
    }

    /// The demo's people and their PINs.
    #[must_use]
    pub fn demo_people(&self) -> PathBuf {
        self.path.join("demo-people.txt")
    }
}
