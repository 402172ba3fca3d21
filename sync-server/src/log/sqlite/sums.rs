//! Sums over the pages of the view in SQLite.
//!
//! In: rows as they change. Out: sums of what stands in the file. Must not: be changed outside the transaction that
//! changes the row.

use domain::id::Position;
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::Row;
use domain::sync::page::{PageName, PageSum, Sum, Sums};
use rusqlite::OptionalExtension as _;

use super::facts::kind;
use super::{Failed, Sqlite};
use crate::log::{Wanted, number, stored};

impl Sqlite {
    /// Takes a row's next version into the sum of its page. Comes before the row is changed.
    pub(super) fn sum_up(&self, key: &EntityKey, bytes: Option<&[u8]>) -> Result<(), Failed> {
        if key.kind == EntityKind::Customer {
            return Ok(());
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT bytes FROM entity WHERE kind = ?1 AND id = ?2")?;
        let before: Option<Option<Vec<u8>>> = statement
            .query_row((key.kind.number(), &key.id), |row| row.get(0))
            .optional()?;
        let mut changes = Sums::default();
        changes.change(key, before.flatten().as_deref(), bytes);
        for PageSum { page, sum } in changes.list() {
            let sum = self.sum_of(page)?.plus(sum);
            self.put_sum(PageSum { page, sum })?;
        }
        Ok(())
    }

    fn sum_of(&self, page: PageName) -> Result<Sum, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT sum FROM view_sum WHERE kind = ?1 AND number = ?2")?;
        let found: Option<[u8; 16]> = statement
            .query_row((page.kind.number(), page.number), |row| row.get(0))
            .optional()?;
        Ok(found.map(Sum::of_bytes).unwrap_or_default())
    }

    pub(super) fn put_sum(&self, PageSum { page, sum }: PageSum) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO view_sum (kind, number, sum) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, number) DO UPDATE SET sum = excluded.sum",
        )?;
        statement.execute((page.kind.number(), page.number, sum.bytes()))?;
        Ok(())
    }

    pub(super) fn all_sums(&self) -> Result<Sums, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT kind, number, sum FROM view_sum")?;
        let mut rows = statement.query(())?;
        let mut sums = Vec::new();
        while let Some(row) = rows.next()? {
            let page = PageName {
                kind: kind(row.get(0)?)?,
                number: row.get(1)?,
            };
            let sum = Sum::of_bytes(row.get(2)?);
            sums.push(PageSum { page, sum });
        }
        Ok(Sums::of(sums))
    }

    pub(super) fn rows_of_kind(
        &self,
        kind: EntityKind,
        is_wanted: Wanted<'_>,
    ) -> Result<Vec<Row>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, changed, bytes FROM entity
             WHERE kind = ?1 AND bytes IS NOT NULL ORDER BY id",
        )?;
        let mut found = statement.query([stored(kind.number().into())])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let id = row.get(0)?;
            let key = EntityKey { kind, id };
            if is_wanted(&key) {
                rows.push(Row {
                    key,
                    changed: Position(number(row.get(1)?)?),
                    bytes: row.get(2)?,
                });
            }
        }
        Ok(rows)
    }
}
