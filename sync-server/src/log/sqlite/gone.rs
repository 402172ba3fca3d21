//! What is gone, and who was told, in SQLite.
//!
//! In: how far devices read. Out: what all were told of. Must not: forget a row that is there.

use std::collections::BTreeMap;

use domain::id::{DeviceId, Position};
use domain::ledger::EntityKey;

use super::facts::kind;
use super::{Failed, Sqlite};
use crate::log::{Gone, number, stored};

impl Sqlite {
    pub(super) fn gone_through(
        &self,
        through: Position,
        limit: usize,
    ) -> Result<Vec<Gone>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, id, changed FROM entity
             WHERE bytes IS NULL AND changed <= ?1 ORDER BY changed LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((stored(through.0), limit))?;
        let mut gone = Vec::new();
        while let Some(row) = rows.next()? {
            let key = EntityKey {
                kind: kind(row.get(0)?)?,
                id: row.get(1)?,
            };
            gone.push((key, Position(number(row.get(2)?)?)));
        }
        Ok(gone)
    }

    pub(super) fn forget_one(&self, key: &EntityKey) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM entity WHERE kind = ?1 AND id = ?2 AND bytes IS NULL")?;
        statement.execute((key.kind.number(), &key.id))?;
        Ok(())
    }

    pub(super) fn note_reader(&self, device: DeviceId, read: Position) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO reader (device, read) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET read = excluded.read",
        )?;
        statement.execute((device.0, stored(read.0)))?;
        Ok(())
    }

    pub(super) fn all_readers(&self) -> Result<BTreeMap<DeviceId, Position>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT device, read FROM reader")?;
        let mut rows = statement.query(())?;
        let mut readers = BTreeMap::new();
        while let Some(row) = rows.next()? {
            readers.insert(DeviceId(row.get(0)?), Position(number(row.get(1)?)?));
        }
        Ok(readers)
    }
}
