//! Which database keeps a store's log.
//!
//! In: what the data directory and the command line say. Out: logs. Must not: guess; a store that was made in one
//! database is never looked for in another.

use std::path::PathBuf;

use domain::id::StoreId;

use super::postgres::{Address, News, Postgres};
use super::{Failed, Log, Sqlite};

/// Where a store's log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file of this machine. One process has it open.
    Sqlite(PathBuf),
    /// A server, which any number of nodes may use at once.
    Postgres {
        /// Where it is.
        address: Address,
        /// Which of its stores.
        store: StoreId,
    },
}

impl Database {
    /// Opens the log for writing, making it when there is none, in its newest shape. Blocks.
    ///
    /// # Errors
    /// When it cannot be opened, or is of a later version.
    pub fn open(&self) -> Result<Box<dyn Log>, Failed> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(Sqlite::open(path)?),
            Self::Postgres { address, store } => Box::new(Postgres::open(address, *store)?),
        })
    }

    /// Opens one more connection, which only reads. Blocks.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_reader(&self) -> Result<Box<dyn Log>, Failed> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(Sqlite::open_reader(path)?),
            Self::Postgres { address, store } => Box::new(Postgres::open_reader(address, *store)?),
        })
    }

    /// Word of what other nodes write; `None` where there can be none. Blocks.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn news(&self) -> Result<Option<News>, Failed> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres { address, store } => Ok(Some(News::open(address, *store)?)),
        }
    }

    /// Whether others may write to the same log.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres { .. } => true,
        }
    }
}
