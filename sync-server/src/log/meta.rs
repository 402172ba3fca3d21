//! What the store is: identifiers that never change, and counters.
//!
//! In: names and values. Out: the same. Must not: hold anything that an event says.

use domain::id::{DeviceId, StoreId};
use domain::sync::message::Incarnation;
use rusqlite::OptionalExtension as _;

use super::{Failed, Log, array};

/// Who this log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The shop.
    pub store: StoreId,
    /// The log's life.
    pub incarnation: Incarnation,
    /// The server as a device that signs.
    pub server: DeviceId,
}

impl Log {
    /// Who this log is; `None` for a file nobody has set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn identity(&self) -> Result<Option<Identity>, Failed> {
        let (Some(store), Some(incarnation), Some(server)) = (
            self.meta("store")?,
            self.meta("incarnation")?,
            self.meta("server")?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Identity {
            store: StoreId(array(&store)?),
            incarnation: Incarnation(array(&incarnation)?),
            server: DeviceId(array(&server)?),
        }))
    }

    /// Says who this log is, once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), Failed> {
        self.set_meta("store", &identity.store.0)?;
        self.set_meta("incarnation", &identity.incarnation.0)?;
        self.set_meta("server", &identity.server.0)
    }

    /// Takes the next number of a counter that begins at `first`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn next_number(&self, counter: &str, first: u64) -> Result<u64, Failed> {
        let number = match self.meta(counter)? {
            Some(bytes) => u64::from_be_bytes(array(&bytes)?),
            None => first,
        };
        self.set_meta(counter, &(number + 1).to_be_bytes())?;
        Ok(number)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?;
        statement.execute((name, value))?;
        Ok(())
    }
}
