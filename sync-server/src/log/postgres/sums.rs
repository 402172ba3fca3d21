//! Sums over the pages of the view in PostgreSQL.
//!
//! In: rows as they change. Out: sums of what stands in the tables. Must not: be changed outside the transaction that
//! changes the row, or take a trip to the server for each row.

use std::collections::BTreeMap;

use domain::id::Position;
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::Row;
use domain::sync::page::{PageName, PageSum, Sum, Sums};

use super::Postgres;
use super::facts::{kind, row_of};
use super::wire::Wire;
use crate::log::{Failed, Wanted, array};

/// Rows that change together: each entity's new version.
pub(super) type Versions = BTreeMap<EntityKey, (Position, Option<Vec<u8>>)>;

/// Takes new versions into the sums of their pages. Comes before the rows are changed.
pub(super) fn sum_up(versions: &Versions, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
    let mut before = old_versions(versions, wire, store)?;
    let mut changes = Sums::default();
    for (key, (_, after)) in versions {
        let old = before.remove(key);
        changes.change(key, old.as_deref(), after.as_deref());
    }
    if changes == Sums::default() {
        return Ok(());
    }
    // Nobody else writes to this store until the turn is over.
    let pages: Vec<PageName> = changes.list().map(|change| change.page).collect();
    let mut sums = sums_of_pages(&pages, wire, store)?;
    sums.join(&changes);
    let changed = pages.into_iter().map(|page| PageSum {
        page,
        sum: sums.of_page(page),
    });
    write_sums(changed.collect(), wire, store)
}

fn old_versions(
    versions: &Versions,
    wire: &mut Wire,
    store: &[u8],
) -> Result<BTreeMap<EntityKey, Vec<u8>>, Failed> {
    let summed = versions
        .keys()
        .filter(|key| key.kind != EntityKind::Customer);
    let (kinds, ids): (Vec<i32>, Vec<Vec<u8>>) = summed
        .map(|key| (i32::from(key.kind.number()), key.id.clone()))
        .unzip();
    let found = wire.rows(
        "SELECT entity.kind, entity.id, entity.bytes FROM entity
         JOIN unnest($2::INTEGER[], $3::BYTEA[]) AS changing (kind, id)
            ON entity.kind = changing.kind AND entity.id = changing.id
         WHERE entity.store = $1 AND entity.bytes IS NOT NULL",
        &[&store, &kinds, &ids],
    )?;
    let version = |row: &postgres::Row| {
        let key = EntityKey {
            kind: kind(row.try_get(0)?)?,
            id: row.try_get(1)?,
        };
        Ok((key, row.try_get(2)?))
    };
    found.iter().map(version).collect()
}

fn read_sums(wire: &mut Wire, store: &[u8]) -> Result<Sums, Failed> {
    let found = wire.rows(
        "SELECT kind, number, sum FROM view_sum WHERE store = $1",
        &[&store],
    )?;
    sums_in(&found)
}

fn sums_of_pages(pages: &[PageName], wire: &mut Wire, store: &[u8]) -> Result<Sums, Failed> {
    let kinds = pages.iter().map(|page| i32::from(page.kind.number()));
    let kinds: Vec<i32> = kinds.collect();
    let numbers = pages.iter().map(|page| i32::try_from(page.number));
    let numbers: Result<Vec<i32>, _> = numbers.collect();
    let numbers = numbers.map_err(|_| Failed::Damaged("a page"))?;
    let found = wire.rows(
        "SELECT view_sum.kind, view_sum.number, view_sum.sum FROM view_sum
         JOIN unnest($2::INTEGER[], $3::INTEGER[]) AS changing (kind, number)
            ON view_sum.kind = changing.kind AND view_sum.number = changing.number
         WHERE view_sum.store = $1",
        &[&store, &kinds, &numbers],
    )?;
    sums_in(&found)
}

fn sums_in(found: &[postgres::Row]) -> Result<Sums, Failed> {
    let sum = |row: &postgres::Row| {
        let number: i32 = row.try_get(1)?;
        Ok(PageSum {
            page: PageName {
                kind: kind(row.try_get(0)?)?,
                number: number.try_into().map_err(|_| Failed::Damaged("a page"))?,
            },
            sum: Sum::of_bytes(array(row.try_get(2)?)?),
        })
    };
    let sums: Result<Vec<_>, Failed> = found.iter().map(sum).collect();
    Ok(Sums::of(sums?))
}

/// Keeps sums beside those of other pages.
pub(super) fn put_sums(sums: &Sums, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
    write_sums(sums.list().collect(), wire, store)
}

fn write_sums(sums: Vec<PageSum>, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
    let kinds = sums.iter().map(|sum| i32::from(sum.page.kind.number()));
    let numbers = sums.iter().map(|sum| i32::try_from(sum.page.number));
    let kinds: Vec<i32> = kinds.collect();
    let numbers: Result<Vec<i32>, _> = numbers.collect();
    let numbers = numbers.map_err(|_| Failed::Damaged("a page"))?;
    let sums: Vec<Vec<u8>> = sums.iter().map(|sum| sum.sum.bytes().to_vec()).collect();
    wire.execute(
        "INSERT INTO view_sum (store, kind, number, sum)
         SELECT $1, * FROM unnest($2::INTEGER[], $3::INTEGER[], $4::BYTEA[])
         ON CONFLICT (store, kind, number) DO UPDATE SET sum = excluded.sum",
        &[&store, &kinds, &numbers, &sums],
    )?;
    Ok(())
}

impl Postgres {
    pub(super) fn all_sums(&self) -> Result<Sums, Failed> {
        self.send_pending()?;
        self.ask(|wire| read_sums(wire, self.store()))
    }

    pub(super) fn rows_of_kind(
        &self,
        kind: EntityKind,
        is_wanted: Wanted<'_>,
    ) -> Result<Vec<Row>, Failed> {
        self.send_pending()?;
        let found = self.rows(
            "SELECT kind, id, changed, bytes FROM entity
             WHERE store = $1 AND kind = $2 AND bytes IS NOT NULL ORDER BY id",
            &[&self.store(), &i32::from(kind.number())],
        )?;
        let rows: Result<Vec<Row>, Failed> = found.iter().map(row_of).collect();
        Ok(rows?
            .into_iter()
            .filter(|row| is_wanted(&row.key))
            .collect())
    }
}
