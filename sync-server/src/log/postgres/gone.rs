//! What is gone, and who was told, in PostgreSQL.
//!
//! In: how far devices read. Out: what all were told of. Must not: forget a row that is there.

use std::collections::BTreeMap;

use domain::id::{DeviceId, Position};
use domain::ledger::EntityKey;

use super::Postgres;
use super::facts::kind;
use super::kept::at_most;
use crate::log::{Failed, Gone, array, number, stored};

impl Postgres {
    pub(super) fn gone_through(
        &self,
        through: Position,
        limit: usize,
    ) -> Result<Vec<Gone>, Failed> {
        self.send_pending()?;
        let found = self.rows(
            "SELECT kind, id, changed FROM entity
             WHERE store = $1 AND bytes IS NULL AND changed <= $2 ORDER BY changed LIMIT $3",
            &[&self.store(), &stored(through.0), &at_most(limit)],
        )?;
        let gone = |row: &postgres::Row| {
            let key = EntityKey {
                kind: kind(row.try_get(0)?)?,
                id: row.try_get(1)?,
            };
            Ok((key, Position(number(row.try_get(2)?)?)))
        };
        found.iter().map(gone).collect()
    }

    pub(super) fn forget_one(&self, key: &EntityKey) -> Result<(), Failed> {
        self.write(
            "DELETE FROM entity WHERE store = $1 AND kind = $2 AND id = $3 AND bytes IS NULL",
            &[&self.store(), &i32::from(key.kind.number()), &key.id],
        )?;
        Ok(())
    }

    pub(super) fn note_reader(&self, device: DeviceId, read: Position) -> Result<(), Failed> {
        self.write(
            "INSERT INTO reader (store, device, read) VALUES ($1, $2, $3)
             ON CONFLICT (store, device) DO UPDATE SET read = excluded.read",
            &[&self.store(), &&device.0[..], &stored(read.0)],
        )?;
        Ok(())
    }

    pub(super) fn all_readers(&self) -> Result<BTreeMap<DeviceId, Position>, Failed> {
        let found = self.rows(
            "SELECT device, read FROM reader WHERE store = $1",
            &[&self.store()],
        )?;
        let reader = |row: &postgres::Row| {
            let device = DeviceId(array(row.try_get(0)?)?);
            Ok((device, Position(number(row.try_get(1)?)?)))
        };
        found.iter().map(reader).collect()
    }
}
