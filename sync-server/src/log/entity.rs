//! The latest version of everything, with the place of the event that made it so.
//!
//! In: entities the ledger says were touched. Out: pages of rows by change, and the whole ledger.
//! Must not: hold a customer's data in clear; rows of that kind are sealed.

use domain::id::Position;
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::message::Row;

use super::{Failed, Log, number, stored};

impl Log {
    /// Keeps an entity's latest version; no bytes: it is gone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO entity (kind, id, changed, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, bytes = excluded.bytes",
        )?;
        statement.execute((key.kind.number(), &key.id, stored(changed.0), bytes))?;
        Ok(())
    }

    /// Marks an entity as gone, if it is there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE entity SET changed = ?3, bytes = NULL
             WHERE kind = ?1 AND id = ?2 AND bytes IS NOT NULL",
        )?;
        statement.execute((key.kind.number(), &key.id, stored(changed.0)))?;
        Ok(())
    }

    /// Everything there is, as the domain sees it.
    ///
    /// # Errors
    /// When the file cannot be read, or holds what was never written.
    pub fn load_ledger(&self) -> Result<Ledger, Failed> {
        let mut ledger = Ledger::default();
        let mut statement = self
            .conn
            .prepare_cached("SELECT kind, id, bytes FROM entity WHERE bytes IS NOT NULL")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let key = EntityKey {
                kind: kind(row.get(0)?)?,
                id: row.get(1)?,
            };
            if key.kind == EntityKind::Customer {
                continue;
            }
            ledger
                .put(
                    &key,
                    row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?,
                )
                .map_err(|_| Failed::Damaged("an entity"))?;
        }
        ledger.take_touched();
        Ok(ledger)
    }

    /// Rows changed after a place, oldest change first. A page never ends between rows of one change, so it
    /// may be a little shorter than `limit`, or longer when one change alone is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Failed> {
        // A reader at the very beginning needs no word of what is already gone.
        let gone_too = i64::from(after > Position(0));
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, id, changed, bytes FROM entity
             WHERE changed > ?1 AND (?2 OR bytes IS NOT NULL)
             ORDER BY changed, kind, id",
        )?;
        let mut rows = statement.query((stored(after.0), gone_too))?;
        let mut page = Page::default();
        while let Some(row) = rows.next()? {
            let row = Row {
                key: EntityKey {
                    kind: kind(row.get(0)?)?,
                    id: row.get(1)?,
                },
                changed: Position(number(row.get(2)?)?),
                bytes: row.get(3)?,
            };
            if page.rows.len() >= limit
                && page.rows.last().map(|last| last.changed) != Some(row.changed)
            {
                page.more = true;
                break;
            }
            page.rows.push(row);
        }
        page.shorten(limit);
        Ok(page)
    }
}

/// Some rows, and whether there are more behind them.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// There are more.
    pub more: bool,
}

impl Page {
    /// Leaves the last change to the next page when it would make this one too long.
    fn shorten(&mut self, limit: usize) {
        if self.rows.len() <= limit {
            return;
        }
        let Some(last) = self.rows.last().map(|row| row.changed) else {
            return;
        };
        if self.rows.first().map(|row| row.changed) != Some(last) {
            self.rows.retain(|row| row.changed != last);
            self.more = true;
        }
    }
}

fn kind(number: u8) -> Result<EntityKind, Failed> {
    EntityKind::from_number(number).ok_or(Failed::Damaged("a kind of entity"))
}
