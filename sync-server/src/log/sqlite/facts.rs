//! The facts and the state in SQLite.
//!
//! In: events with a place, entities. Out: receipts, chains, pages. Must not: change or remove an event, or
//! hold a customer's data in clear; rows of that kind are sealed.

use std::collections::BTreeMap;

use domain::audit::merkle::Node;
use domain::event::encode;
use domain::id::{DeviceId, Epoch, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::message::{Receipt, Row};
use domain::sync::page::Sums;
use rusqlite::OptionalExtension as _;

use super::kept::{outcome_of, recorded};
use super::{Failed, Sqlite};
use crate::log::{
    Aside, ChainHead, ChainKey, FLOOR, Facts, Gone, LastChain, Log as _, Logged, NewEvent, Page,
    Wanted, Whom, array, number, permit_name, stored, witness_name,
};

/// Kinds of subject. The numbers stand in the file.
pub(super) const SUBJECT_ORDER: i64 = 1;
const SUBJECT_PACKAGE: i64 = 2;
/// Signed heads of the tree that are kept, the newest.
const TREE_HEADS_MAX: i64 = 1_000;

impl Facts for Sqlite {
    type Failed = Failed;

    fn begin(&self) -> Result<Position, Failed> {
        self.watch.check()?;
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.head()
    }

    fn commit(&self) -> Result<(), Failed> {
        self.conn.execute_batch("COMMIT")?;
        self.watch.check_commit()
    }

    fn rollback(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
    }

    fn head(&self) -> Result<Position, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT coalesce(max(position), 0) FROM event")?;
        let newest: i64 = statement.query_row((), |row| row.get(0))?;
        Ok(Position(number(newest)?))
    }

    fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT next, head FROM chain WHERE device = ?1 AND epoch = ?2")?;
        let found: Option<(i64, [u8; 32])> = statement
            .query_row((chain.device.0, chain.epoch.0), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match found {
            None => Ok(ChainHead::default()),
            Some((next, head)) => Ok(ChainHead {
                next: number(next)?,
                hash: Hash(head),
            }),
        }
    }

    fn last_chain(&self, device: DeviceId, save: Option<Epoch>) -> Result<LastChain, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT epoch, next - 1, head FROM chain WHERE device = ?1 AND next > 0 AND epoch IS NOT ?2
             ORDER BY (SELECT position FROM event
                       WHERE event.device = chain.device AND event.epoch = chain.epoch
                         AND event.seq = chain.next - 1) DESC
             LIMIT 1",
        )?;
        let found: Option<([u8; 16], i64, [u8; 32])> = statement
            .query_row((device.0, save.map(|epoch| epoch.0)), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(epoch, seq, head)| Ok((Epoch(epoch), number(seq)?, Hash(head))))
            .transpose()
    }

    fn append(&self, new: &NewEvent<'_>) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO event (position, device, epoch, seq, event_id, kind, version,
                                recorded_at, bytes, signature, hash, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute((
            stored(new.position.0),
            new.chain.device.0,
            new.chain.epoch.0,
            stored(new.seq),
            new.label.map(|(id, _, _)| id.0),
            new.label.map(|(_, kind, _)| kind),
            new.label.map(|(_, _, version)| version),
            new.recorded_at,
            &new.event.bytes,
            &new.event.signature,
            new.hash.0,
            encode(new.outcome),
        ))?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO chain (device, epoch, next, head) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, epoch) DO UPDATE SET next = excluded.next, head = excluded.head",
        )?;
        statement.execute((
            new.chain.device.0,
            new.chain.epoch.0,
            stored(new.seq + 1),
            new.hash.0,
        ))?;
        Ok(())
    }

    fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, outcome, hash FROM event
             WHERE device = ?1 AND epoch = ?2 AND seq = ?3",
        )?;
        let found: Option<(i64, Vec<u8>, [u8; 32])> = statement
            .query_row((chain.device.0, chain.epoch.0, stored(seq)), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(position, outcome, hash)| {
                Ok(Receipt {
                    seq,
                    position: Position(number(position)?),
                    outcome: outcome_of(&outcome)?,
                    hash: Hash(hash),
                })
            })
            .transpose()
    }

    fn put_node(&self, node: &Node) -> Result<(), Failed> {
        let mut statement = self
            .conn
            .prepare_cached("INSERT INTO tree_node (level, idx, hash) VALUES (?1, ?2, ?3)")?;
        statement.execute((node.level, stored(node.index), node.hash.0))?;
        Ok(())
    }

    fn node(&self, level: u32, index: u64) -> Result<Option<Hash>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT hash FROM tree_node WHERE level = ?1 AND idx = ?2")?;
        Ok(statement
            .query_row((level, stored(index)), |row| row.get(0).map(Hash))
            .optional()?)
    }

    fn put_tree_head(&self, size: u64, note: &str) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO tree_head (size, note) VALUES (?1, ?2)
             ON CONFLICT (size) DO UPDATE SET note = excluded.note",
        )?;
        statement.execute((stored(size), note))?;
        let mut statement = self.conn.prepare_cached(
            "DELETE FROM tree_head WHERE size <
                (SELECT size FROM tree_head ORDER BY size DESC LIMIT 1 OFFSET ?1)",
        )?;
        statement.execute([TREE_HEADS_MAX])?;
        Ok(())
    }

    fn tree_heads(&self, below: u64, limit: usize) -> Result<Vec<(u64, String)>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT size, note FROM tree_head WHERE size < ?1 ORDER BY size DESC LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((stored(below), limit))?;
        let mut heads = Vec::new();
        while let Some(row) = rows.next()? {
            heads.push((number(row.get(0)?)?, row.get(1)?));
        }
        Ok(heads)
    }

    fn put_witnessed(&self, device: DeviceId, note: &str) -> Result<(), Failed> {
        self.set_meta(&witness_name(device), note.as_bytes())
    }

    fn witnessed(&self, device: DeviceId) -> Result<Option<String>, Failed> {
        let note = self.meta(&witness_name(device))?.map(String::from_utf8);
        note.transpose()
            .map_err(|_| Failed::Damaged("a sheet that is no text"))
    }

    fn put_permitted(&self, whom: Whom, permitted: &[u8]) -> Result<(), Failed> {
        self.set_meta(&permit_name(whom), permitted)
    }

    fn permitted(&self, whom: Whom) -> Result<Option<Vec<u8>>, Failed> {
        self.meta(&permit_name(whom))
    }

    fn logged_after(&self, after: Position, limit: usize) -> Result<Vec<Logged>, Failed> {
        let mut statement = self.conn.prepare_cached(
            "SELECT position, recorded_at, bytes, signature, outcome, device, epoch, seq
             FROM event WHERE position > ?1 ORDER BY position LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query((stored(after.0), limit))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(Logged {
                recorded: recorded(row)?,
                chain: ChainKey {
                    device: DeviceId(row.get(5)?),
                    epoch: Epoch(row.get(6)?),
                },
                seq: number(row.get(7)?)?,
            });
        }
        Ok(events)
    }

    fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO subject (kind, id, position) VALUES (?1, ?2, ?3)",
        )?;
        for order in orders {
            statement.execute((SUBJECT_ORDER, order.0, stored(position.0)))?;
        }
        for tag in tags {
            let tag = tag.as_str().as_bytes();
            statement.execute((SUBJECT_PACKAGE, tag, stored(position.0)))?;
        }
        Ok(())
    }

    fn keep_aside(&self, aside: &Aside<'_>) -> Result<bool, Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO quarantine
                (device, epoch, seq, hash, reason, recorded_at, bytes, signature)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let added = statement.execute((
            aside.chain.device.0,
            aside.chain.epoch.0,
            stored(aside.seq),
            aside.hash.0,
            encode(&aside.reason),
            aside.recorded_at,
            &aside.event.bytes,
            &aside.event.signature,
        ))?;
        Ok(added > 0)
    }

    fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failed> {
        self.sum_up(key, bytes)?;
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO entity (kind, id, changed, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, bytes = excluded.bytes",
        )?;
        statement.execute((key.kind.number(), &key.id, stored(changed.0), bytes))?;
        Ok(())
    }

    fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Failed> {
        self.sum_up(key, None)?;
        let mut statement = self.conn.prepare_cached(
            "UPDATE entity SET changed = ?3, bytes = NULL
             WHERE kind = ?1 AND id = ?2 AND bytes IS NOT NULL",
        )?;
        statement.execute((key.kind.number(), &key.id, stored(changed.0)))?;
        Ok(())
    }

    fn load_ledger(&self) -> Result<Ledger, Failed> {
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

    fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Failed> {
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
        Ok(page.shortened(limit))
    }

    fn rows_of(&self, kind: EntityKind, is_wanted: Wanted<'_>) -> Result<Vec<Row>, Failed> {
        self.rows_of_kind(kind, is_wanted)
    }

    fn sums(&self) -> Result<Sums, Failed> {
        self.all_sums()
    }

    fn put_sums(&self, sums: &Sums) -> Result<(), Failed> {
        self.conn.execute("DELETE FROM view_sum", ())?;
        sums.list().try_for_each(|sum| self.put_sum(sum))
    }

    fn floor(&self) -> Result<Position, Failed> {
        match self.meta(FLOOR)? {
            Some(bytes) => Ok(Position(u64::from_be_bytes(array(&bytes)?))),
            None => Ok(Position(0)),
        }
    }

    fn gone(&self, through: Position, limit: usize) -> Result<Vec<Gone>, Failed> {
        self.gone_through(through, limit)
    }

    fn forget(&self, gone: &[Gone]) -> Result<(), Failed> {
        let last = gone.iter().map(|(_, changed)| *changed).max();
        let floor = last.unwrap_or_default().max(self.floor()?);
        gone.iter().try_for_each(|(key, _)| self.forget_one(key))?;
        self.set_meta(FLOOR, &floor.0.to_be_bytes())
    }

    fn put_reader(&self, device: DeviceId, read: Position) -> Result<(), Failed> {
        self.note_reader(device, read)
    }

    fn readers(&self) -> Result<BTreeMap<DeviceId, Position>, Failed> {
        self.all_readers()
    }
}

pub(super) fn kind(number: u8) -> Result<EntityKind, Failed> {
    EntityKind::from_number(number).ok_or(Failed::Damaged("a kind of entity"))
}
