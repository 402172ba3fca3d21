//! A copy of a shop's file that no server has open: made from a living one, checked, given a new life.
//!
//! In: paths. Out: one file that is the log of one moment, and whether it still is. Must not: change the file it
//! copies, or hold back whoever writes to it.
//!
//! The copy is made by `VACUUM INTO`. It reads everything in one read transaction, so the copy is of one moment,
//! and in WAL mode a reader holds no writer back; the write-ahead log only grows until it is done. SQLite's page
//! by page backup would do as much, but starts again whenever another process has written, and copies free pages
//! too: with them what was deleted, such as the key of an erased customer. A vacuumed copy has none.

use std::path::Path;
use std::time::Duration;

use domain::event::event_hash;
use domain::id::{Hash, Position, StoreId};
use domain::sync::message::Incarnation;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row};

use super::{Failed, array, number};

/// How long to wait for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Numbers a counter leaves out when a log begins a new life: what was given out after the backup is on labels
/// and in people's heads, and must not be given to something else.
const NUMBERS_SKIPPED: u64 = 1_000;
/// Rows between two words about how far a check is.
const ROWS_PER_WORD: u64 = 4_096;
/// Where what a backup says of itself stands among the store's values.
const NOTE: &str = "backup";

/// How far a log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The shop.
    pub store: StoreId,
    /// The log's life.
    pub incarnation: Incarnation,
    /// The newest place.
    pub head: Position,
    /// When the newest event was recorded; zero when there is none.
    pub recorded_at: i64,
}

/// A shop's file outside a running server.
#[derive(Debug)]
pub struct Copied {
    conn: Connection,
}

impl Copied {
    /// Copies a shop's file, also one that a server writes to, into a file that is empty or not there yet. The
    /// copy is not yet certain to outlast a power cut.
    ///
    /// # Errors
    /// When one cannot be read or the other not be written.
    pub fn make(from: &Path, to: &Path) -> Result<(), Failed> {
        let to = to
            .to_str()
            .ok_or(Failed::Damaged("the name of the copy: it is no UTF-8"))?;
        let source = Self::open_to_read(from)?;
        source.conn.execute("VACUUM INTO ?1", [to])?;
        Ok(())
    }

    /// Opens a file to look at it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_to_read(path: &Path) -> Result<Self, Failed> {
        Self::open_as(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// Opens a file that nobody else has open, to change what it says of itself.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Failed> {
        Self::open_as(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn open_as(path: &Path, access: OpenFlags) -> Result<Self, Failed> {
        let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        Ok(Self { conn })
    }

    /// How far the log goes.
    ///
    /// # Errors
    /// When the file is not a shop's, or cannot be read.
    pub fn standing(&self) -> Result<Standing, Failed> {
        let (head, recorded_at): (i64, i64) = self.conn.query_row(
            "SELECT coalesce(max(position), 0),
                    coalesce((SELECT recorded_at FROM event ORDER BY position DESC LIMIT 1), 0)
             FROM event",
            (),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let named = |name| {
            self.value(name)?
                .ok_or(Failed::Damaged("it names no store"))
        };
        Ok(Standing {
            store: StoreId(array(&named("store")?)?),
            incarnation: Incarnation(array(&named("incarnation")?)?),
            head: Position(number(head)?),
            recorded_at,
        })
    }

    /// Pages times their size: about how long a copy becomes at most.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bytes(&self) -> Result<u64, Failed> {
        let pragma = |name| -> Result<u64, Failed> {
            number(self.conn.pragma_query_value(None, name, |row| row.get(0))?)
        };
        Ok(pragma("page_count")?.saturating_mul(pragma("page_size")?))
    }

    /// Looks for damage: SQLite's own check, a place in the log without an event, an event whose bytes have
    /// another hash than it was recorded under, a chain that does not end where it says.
    ///
    /// # Errors
    /// When there is any.
    pub fn check(&self, mut word: impl FnMut(u64)) -> Result<(), Failed> {
        let verdict: String = self
            .conn
            .query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
        if verdict != "ok" {
            tracing::error!(verdict, "SQLite finds the file damaged");
            return Err(Failed::Damaged("SQLite's own check fails"));
        }
        let mut statement = self
            .conn
            .prepare("SELECT position, bytes, hash FROM event ORDER BY position")?;
        let mut rows = statement.query(())?;
        let mut last = 0;
        while let Some(row) = rows.next()? {
            let position = number(row.get(0)?)?;
            if position != last + 1 {
                return Err(Failed::Damaged("a place in the log is missing"));
            }
            if event_hash(blob(row, 1)?).0.as_slice() != blob(row, 2)? {
                return Err(Failed::Damaged("an event is not the one that was recorded"));
            }
            last = position;
            if last % ROWS_PER_WORD == 0 {
                word(last);
            }
        }
        let torn: i64 = self.conn.query_row(
            "SELECT count(*) FROM chain WHERE next > 0 AND NOT EXISTS
                (SELECT 1 FROM event WHERE event.device = chain.device AND event.epoch = chain.epoch
                   AND event.seq = chain.next - 1 AND event.hash = chain.head)",
            (),
            |row| row.get(0),
        )?;
        if torn > 0 {
            return Err(Failed::Damaged("a chain does not end where it says"));
        }
        Ok(())
    }

    /// One hash over every value in the file, save for what the file says of itself as a backup. SQLite's check
    /// does not see a value that was changed; this does.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn digest(&self, mut word: impl FnMut(u64)) -> Result<Hash, Failed> {
        let mut digest = Digest::default();
        let shape = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
        digest.take_all(&self.conn, shape, &mut word)?;
        let tables: Vec<String> = self
            .conn
            .prepare(
                "SELECT name FROM sqlite_schema
                 WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
            )?
            .query_map((), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for table in &tables {
            digest.take_all(&self.conn, &self.in_order(table)?, &mut word)?;
        }
        Ok(digest.so_far)
    }

    /// All rows of a table in the order of its key.
    fn in_order(&self, table: &str) -> Result<String, Failed> {
        let key: Vec<String> = self
            .conn
            .prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?
            .query_map([table], |row| row.get(0).map(|name: String| quoted(&name)))?
            .collect::<Result<_, _>>()?;
        let without_note = match table {
            "meta" => format!(" WHERE name <> '{NOTE}'"),
            _ => String::new(),
        };
        let order = match key.is_empty() {
            true => "rowid".to_owned(),
            false => key.join(", "),
        };
        let table = quoted(table);
        Ok(format!(
            "SELECT * FROM {table}{without_note} ORDER BY {order}"
        ))
    }

    /// What the file says of itself as a backup; `None` when it is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn note(&self) -> Result<Option<Vec<u8>>, Failed> {
        self.value(NOTE)
    }

    /// Makes the file say of itself that it is a backup.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_note(&self, note: &[u8]) -> Result<(), Failed> {
        self.set_value(NOTE, note)
    }

    /// Makes of a backup the log's next life, in one transaction: another incarnation, no number that may have
    /// been given out since, no code for enrolment that may have been used since. `note` says where it came from.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn begin_new_life(&self, incarnation: Incarnation, note: &[u8]) -> Result<(), Failed> {
        let transaction = self.conn.unchecked_transaction()?;
        self.set_value("incarnation", &incarnation.0)?;
        if let Some(next) = self.value("order")? {
            let next = u64::from_be_bytes(array(&next)?).saturating_add(NUMBERS_SKIPPED);
            self.set_value("order", &next.to_be_bytes())?;
        }
        self.set_value("restored", note)?;
        self.conn
            .execute("DELETE FROM meta WHERE name = ?1", [NOTE])?;
        self.conn.execute("DELETE FROM enrol_code", ())?;
        Ok(transaction.commit()?)
    }

    /// Ends with everything in the one file and nothing beside it.
    ///
    /// # Errors
    /// When not all of it is in the file.
    pub fn close(self) -> Result<(), Failed> {
        let mode: String = self
            .conn
            .query_row("PRAGMA journal_mode = DELETE", (), |row| row.get(0))?;
        if mode != "delete" {
            return Err(Failed::Damaged("the write-ahead log cannot be emptied"));
        }
        Ok(self.conn.close().map_err(|(_, error)| error)?)
    }

    fn value(&self, name: &str) -> Result<Option<Vec<u8>>, Failed> {
        let mut statement = self
            .conn
            .prepare("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    fn set_value(&self, name: &str, value: &[u8]) -> Result<(), Failed> {
        self.conn.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )?;
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], Failed> {
    let value = row.get_ref(column)?;
    value
        .as_blob()
        .map_err(|_| Failed::Damaged("a value of another type"))
}

/// A hash over rows, each with the one before.
#[derive(Default)]
struct Digest {
    so_far: Hash,
    rows: u64,
}

impl Digest {
    fn take_all(
        &mut self,
        conn: &Connection,
        query: &str,
        word: &mut impl FnMut(u64),
    ) -> Result<(), Failed> {
        self.so_far = Hash::of(&[&self.so_far.0, query.as_bytes()]);
        let mut statement = conn.prepare(query)?;
        let columns = statement.column_count();
        let mut rows = statement.query(())?;
        let mut bytes = Vec::new();
        while let Some(row) = rows.next()? {
            bytes.clear();
            for column in 0..columns {
                put(row.get_ref(column)?, &mut bytes);
            }
            self.so_far = Hash::of(&[&self.so_far.0, &bytes]);
            self.rows += 1;
            if self.rows.is_multiple_of(ROWS_PER_WORD) {
                word(self.rows);
            }
        }
        Ok(())
    }
}

/// A value so that no two values, and no two rows of them, look the same.
fn put(value: ValueRef<'_>, bytes: &mut Vec<u8>) {
    let (kind, content) = match value {
        ValueRef::Null => (0, Vec::new()),
        ValueRef::Integer(number) => (1, number.to_be_bytes().to_vec()),
        ValueRef::Real(number) => (2, number.to_bits().to_be_bytes().to_vec()),
        ValueRef::Text(text) => (3, text.to_vec()),
        ValueRef::Blob(blob) => (4, blob.to_vec()),
    };
    bytes.push(kind);
    bytes.extend_from_slice(
        &u64::try_from(content.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    bytes.extend_from_slice(&content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(values: &[(&str, &str)]) -> Copied {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("../../migrations/0001_first.sql"))
            .unwrap();
        let copied = Copied { conn };
        for (name, value) in values {
            copied.set_value(name, value.as_bytes()).unwrap();
        }
        copied
    }

    fn digest(copied: &Copied) -> Hash {
        copied.digest(|_| {}).unwrap()
    }

    #[test]
    fn the_digest_sees_every_value_but_not_what_the_backup_says_of_itself() {
        let one = file(&[("a", "xy"), ("b", "z")]);
        assert_eq!(digest(&one), digest(&file(&[("b", "z"), ("a", "xy")])));
        assert_ne!(digest(&one), digest(&file(&[("a", "x"), ("b", "yz")])));
        let before = digest(&one);
        one.set_note(b"made today").unwrap();
        assert_eq!(digest(&one), before);
        one.conn
            .execute("INSERT INTO api_token VALUES (x'00', 'pos', 5)", ())
            .unwrap();
        assert_ne!(digest(&one), before);
    }

    #[test]
    fn a_new_life_gives_no_number_out_that_may_have_been_given_out_before() {
        let copied = file(&[("store", "0123456789abcdef")]);
        copied
            .set_value("order", &97_401_u64.to_be_bytes())
            .unwrap();
        copied.set_note(b"made today").unwrap();
        copied
            .begin_new_life(Incarnation([7; 16]), b"restored")
            .unwrap();
        assert_eq!(
            copied.value("order").unwrap(),
            Some(98_401_u64.to_be_bytes().to_vec())
        );
        assert_eq!(copied.note().unwrap(), None);
        assert_eq!(copied.standing().unwrap().incarnation, Incarnation([7; 16]));
    }

    #[test]
    fn a_missing_place_and_a_changed_event_are_found() {
        let copied = file(&[]);
        let insert = |position: i64, hash: Hash| {
            copied
                .conn
                .execute(
                    "INSERT INTO event (position, device, epoch, seq, recorded_at, bytes, signature,
                                        hash, outcome)
                     VALUES (?1, x'01', x'02', ?1, 0, x'aa', x'', ?2, x'')",
                    (position, hash.0),
                )
                .unwrap();
        };
        let right = event_hash(&[0xaa]);
        insert(1, right);
        copied.check(|_| {}).unwrap();
        insert(3, right);
        assert!(matches!(copied.check(|_| {}), Err(Failed::Damaged(_))));
        insert(2, Hash([1; 32]));
        assert!(matches!(copied.check(|_| {}), Err(Failed::Damaged(_))));
    }
}
