//! SQLite, one file per shop.
//!
//! In: what the writer decided. Out: rows. Must not: decide anything.
//!
//! In WAL mode with `synchronous = FULL`: when a commit returns, the bytes are on the disk. One
//! connection writes; readers have their own and see whole commits only.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::Failed;

/// Shapes of the file, oldest first.
mod schema;
/// The facts and the state.
mod facts;
/// Sums over the pages of the view.
mod sums;
/// What is gone, and who was told.
mod gone;
/// What never travels.
mod kept;
/// What managers prove with more than a PIN.
mod proofs;
/// Whether the file is still there.
mod watch;

use watch::Watch;

/// Oldest SQLite that may open a shop's file: earlier ones can lose a commit when the WAL starts anew.
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// How long to wait for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// `synchronous` as a number when it is FULL.
const FULL: i64 = 2;
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 64;

/// One connection to the shop's file.
#[derive(Debug)]
pub struct Sqlite {
    conn: Connection,
    watch: Watch,
}

impl Sqlite {
    /// Opens the file for writing, making it when there is none, and brings it to the newest shape.
    ///
    /// # Errors
    /// When it cannot be opened, or is of a later version.
    pub fn open(path: &Path) -> Result<Self, Failed> {
        check_version()?;
        let conn = Connection::open(path)?;
        prepare(&conn)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        wait_for_the_disk(&conn)?;
        // What is deleted, such as the key of an erased customer, is overwritten and not only forgotten.
        conn.pragma_update(None, "secure_delete", "ON")?;
        schema::migrate(&conn)?;
        let watch = Watch::begin(path)?;
        Ok(Self { conn, watch })
    }

    /// Opens a second connection that only reads.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_reader(path: &Path) -> Result<Self, Failed> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        prepare(&conn)?;
        let watch = Watch::begin(path)?;
        Ok(Self { conn, watch })
    }
}

/// What a commit to a file is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durability {
    /// SQLite's version, as [`SQLITE_VERSION_MIN`] counts.
    pub version: i32,
    /// The same for people.
    pub version_text: String,
    /// The file is written as [`Sqlite::open`] wants it.
    pub is_wal: bool,
    /// A commit returns once its bytes are on the disk.
    pub is_full: bool,
}

/// What a commit to a file is worth. Changes nothing.
///
/// # Errors
/// When the file cannot be read, or a later program wrote it.
pub fn durability(path: &Path) -> Result<Durability, Failed> {
    let conn = Sqlite::open_reader(path)?.conn;
    schema::done(&conn)?;
    let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    wait_for_the_disk(&conn)?;
    let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    Ok(Durability {
        version: rusqlite::version_number(),
        version_text: rusqlite::version().to_owned(),
        is_wal: journal == "wal",
        is_full: synchronous == FULL,
    })
}

/// From now on commits of this connection return once their bytes are on the disk.
fn wait_for_the_disk(conn: &Connection) -> Result<(), Failed> {
    Ok(conn.pragma_update(None, "synchronous", "FULL")?)
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
        let log = Sqlite::open(&folder.join("custody.sqlite")).unwrap();
        let pragma = |name: &str| {
            log.conn
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                .unwrap()
        };
        assert_eq!(
            pragma("journal_mode"),
            rusqlite::types::Value::Text("wal".into())
        );
        assert_eq!(pragma("synchronous"), rusqlite::types::Value::Integer(FULL));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
