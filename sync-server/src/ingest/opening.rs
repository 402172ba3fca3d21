//! Where a shop's log is, and what can be wrong with that.
//!
//! In: a data directory. Out: the database. Must not: open one when the directory and the command line speak of
//! different ones.

use std::fs;
use std::io::{self, Write as _};

use domain::id::StoreId;

use super::Work;
use crate::config::DataDir;
use crate::log::{Database, Failed};

/// Why a shop could not be opened.
#[derive(Debug)]
pub enum OpenFailed {
    /// The key file cannot be read.
    Key(io::Error),
    /// The key is another store's.
    WrongKey,
    /// Nobody has set a shop up here.
    NoStore,
    /// The log is on a PostgreSQL server, and none was named.
    NeedsServer,
    /// The log is in a file, and a PostgreSQL server was named.
    NeedsNoServer,
    /// The file that names the store cannot be read.
    StoreFile(io::Error),
    /// The database could not be asked.
    Log(Failed),
}

impl core::fmt::Display for OpenFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Key(error) => write!(f, "the key file: {error}"),
            Self::WrongKey => {
                f.write_str("server.key is another store's; copy the one this store was made with")
            }
            Self::NoStore => {
                f.write_str("there is no store here; make one with `custody store create`")
            }
            Self::NeedsServer => f.write_str(
                "this store's log is on a PostgreSQL server; name it with --database or in \
                 CUSTODY_DATABASE",
            ),
            Self::NeedsNoServer => f.write_str(
                "this store's log is in a file here; leave out --database and CUSTODY_DATABASE",
            ),
            Self::StoreFile(error) => write!(f, "the file store.id: {error}"),
            Self::Log(failed) => write!(f, "{failed}"),
        }
    }
}

impl core::error::Error for OpenFailed {}

impl From<Failed> for OpenFailed {
    fn from(failed: Failed) -> Self {
        Self::Log(failed)
    }
}

/// Whether a data directory holds a shop, or the key to one on a server.
#[must_use]
pub fn is_set_up(dir: &DataDir) -> bool {
    dir.key_file().exists() && (dir.database().exists() || dir.store_file().exists())
}

/// Where the log of the shop in a directory is.
///
/// # Errors
/// When there is none, or the directory and the command line do not agree.
pub fn database_of(dir: &DataDir) -> Result<Database, OpenFailed> {
    let store = match fs::read_to_string(dir.store_file()) {
        Ok(text) => StoreId::parse(text.trim()).map_err(|_| {
            OpenFailed::StoreFile(io::Error::new(io::ErrorKind::InvalidData, "no identifier"))
        })?,
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(OpenFailed::StoreFile(error));
        }
        Err(_) if !dir.database().exists() => return Err(OpenFailed::NoStore),
        Err(_) if dir.server().is_some() => return Err(OpenFailed::NeedsNoServer),
        Err(_) => return Ok(Database::Sqlite(dir.database())),
    };
    let address = dir.server().cloned().ok_or(OpenFailed::NeedsServer)?;
    Ok(Database::Postgres { address, store })
}

/// Where the log of a new shop is to be.
pub(super) fn database_for(dir: &DataDir, store: StoreId) -> Database {
    match dir.server().cloned() {
        None => Database::Sqlite(dir.database()),
        Some(address) => Database::Postgres { address, store },
    }
}

/// Notes which store of a server a directory is about.
pub(super) fn note_store(dir: &DataDir, store: StoreId) -> io::Result<()> {
    if dir.server().is_none() {
        return Ok(());
    }
    let mut file = fs::File::create_new(dir.store_file())?;
    writeln!(file, "{store}")?;
    file.sync_all()
}

/// Refuses a key that is not the one the store knows its server by: what it signed, no device would believe.
pub(super) fn check_key(work: &Work) -> Result<(), OpenFailed> {
    let server = work.ledger().devices.get(&work.identity().server);
    match server {
        Some(server) if server.public_key != work.keys().public() => Err(OpenFailed::WrongKey),
        Some(_) | None => Ok(()),
    }
}
