//! The shop's file: the log of facts, the state they amount to, and the secrets that stay here.
//!
//! In: what the writer decided. Out: rows. Must not: decide anything, or commit part of a batch.
//!
//! SQLite in WAL mode with `synchronous = FULL`: when a commit returns, the bytes are on the disk. One
//! connection writes; readers have their own and see whole commits only.

use core::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Shapes of the file, oldest first.
mod schema;
/// What the store is.
pub mod meta;
/// The facts, and where each chain stands.
pub mod event;
/// The latest version of everything.
pub mod entity;
/// Kept whole, without a place.
pub mod quarantine;
/// Customers' data, sealed.
pub mod customer;
/// People's sealed secrets.
pub mod person;
/// Devices' boot tokens, enrolment codes, tokens of other programs.
pub mod token;
/// Copies of the file outside a running server.
pub mod backup;

/// Oldest SQLite that may open a shop's file: earlier ones can lose a commit when the WAL starts anew.
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// How long to wait for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 64;

/// Why the file could not be asked.
#[derive(Debug)]
pub enum Failed {
    /// SQLite said no.
    Database(rusqlite::Error),
    /// The bundled SQLite is older than the file may be trusted to.
    OldSqlite(String),
    /// The file is of a later version of this program.
    NewerFile(i64),
    /// What stands in the file is not what was written there.
    Damaged(&'static str),
    /// Something that cannot happen did.
    Bug,
}

impl Failed {
    /// Whether trying again may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::DatabaseBusy
                        | rusqlite::ErrorCode::DatabaseLocked
                        | rusqlite::ErrorCode::DiskFull
                )
            ),
            Self::OldSqlite(_) | Self::NewerFile(_) | Self::Damaged(_) | Self::Bug => false,
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the database: {error}"),
            Self::OldSqlite(version) => write!(f, "SQLite {version} is too old"),
            Self::NewerFile(version) => {
                write!(
                    f,
                    "the file has shape {version}, which this program does not know"
                )
            }
            Self::Damaged(what) => write!(f, "the file is damaged: {what}"),
            Self::Bug => f.write_str("a bug; see the message before this one"),
        }
    }
}

impl core::error::Error for Failed {}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// One connection to the shop's file.
#[derive(Debug)]
pub struct Log {
    conn: Connection,
}

impl Log {
    /// Opens the file for writing, making it when there is none, and brings it to the newest shape.
    ///
    /// # Errors
    /// When it cannot be opened, or is of a later version.
    pub fn open(path: &Path) -> Result<Self, Failed> {
        check_version()?;
        let conn = Connection::open(path)?;
        prepare(&conn)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        schema::migrate(&conn)?;
        Ok(Self { conn })
    }

    /// Opens a second connection that only reads.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_reader(path: &Path) -> Result<Self, Failed> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        prepare(&conn)?;
        Ok(Self { conn })
    }

    /// Begins to write.
    ///
    /// # Errors
    /// When another process writes.
    pub fn begin(&self) -> Result<(), Failed> {
        Ok(self.conn.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Begins to read: everything until [`Log::rollback`] is of one moment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn begin_reading(&self) -> Result<(), Failed> {
        Ok(self.conn.execute_batch("BEGIN DEFERRED")?)
    }

    /// Makes all that was written since [`Log::begin`] last.
    ///
    /// # Errors
    /// When it is not certain that it lasts.
    pub fn commit(&self) -> Result<(), Failed> {
        Ok(self.conn.execute_batch("COMMIT")?)
    }

    /// Forgets all that was written since [`Log::begin`].
    pub fn rollback(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    /// Moves the write-ahead log into the file and empties it.
    ///
    /// # Errors
    /// When a reader is in the way.
    pub fn checkpoint(&self) -> Result<(), Failed> {
        Ok(self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?)
    }
}

fn check_version() -> Result<(), Failed> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(Failed::OldSqlite(rusqlite::version().to_owned()));
    }
    Ok(())
}

fn prepare(conn: &Connection) -> Result<(), Failed> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(())
}

/// A number as the file keeps it. Numbers beyond the file's range come from nobody but a liar; they all
/// become the largest.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from the file.
fn number(stored: i64) -> Result<u64, Failed> {
    u64::try_from(stored).map_err(|_| Failed::Damaged("a negative number"))
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Failed> {
    bytes
        .try_into()
        .map_err(|_| Failed::Damaged("an identifier of another length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_sqlite_does_not_lose_commits_when_the_wal_starts_anew() {
        assert!(
            rusqlite::version_number() >= SQLITE_VERSION_MIN,
            "{}",
            rusqlite::version()
        );
        check_version().unwrap();
    }

    #[test]
    fn a_commit_is_on_the_disk_before_it_returns() {
        let folder =
            std::env::temp_dir().join(format!("custody-log-{}", crate::keys::random::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let log = Log::open(&folder.join("custody.sqlite")).unwrap();
        let pragma = |name: &str| {
            log.conn
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                .unwrap()
        };
        assert_eq!(
            pragma("journal_mode"),
            rusqlite::types::Value::Text("wal".into())
        );
        // 2 is FULL.
        assert_eq!(pragma("synchronous"), rusqlite::types::Value::Integer(2));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
