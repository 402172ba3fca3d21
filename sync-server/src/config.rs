//! Where a shop lives on disk.
//!
//! In: a directory. Out: the files in it by name. Must not: open any of them.

use std::path::{Path, PathBuf};

/// The directory of one shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The shop in this directory.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Log and state.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("custody.sqlite")
    }

    /// The server's secret. A copy of the database without it shows no customer and opens no device.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.0.join("server.key")
    }

    /// Held by the one process that has the shop open.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// Where the running server takes commands, and the token for it.
    #[must_use]
    pub fn admin_file(&self) -> PathBuf {
        self.0.join("admin.json")
    }

    /// The demo's people and their PINs.
    #[must_use]
    pub fn demo_people(&self) -> PathBuf {
        self.0.join("demo-people.txt")
    }
}
