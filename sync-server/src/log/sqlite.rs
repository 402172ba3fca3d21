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
/// Whether the file is still there.
mod watch;

use watch::Watch;

/// Oldest SQLite that may open a shop's file: earlier ones can lose a commit when the WAL starts anew.
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// How long to wait for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
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
        conn.pragma_update(None, "synchronous", "FULL")?;
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
        // 2 is FULL.
        assert_eq!(pragma("synchronous"), rusqlite::types::Value::Integer(2));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
