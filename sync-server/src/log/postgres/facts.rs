//! The facts and the state in PostgreSQL.
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

use super::kept::{at_most, outcome_of, recorded};
use super::sums::put_sums;
use super::wire::Wire;
use super::{Postgres, Turn};
use crate::log::{
    Aside, ChainHead, ChainKey, FLOOR, Facts, Failed, Gone, LastChain, Log as _, Logged, NewEvent,
    Page, Wanted, Whom, array, number, permit_name, stored, witness_name,
};

/// Kinds of subject. The numbers stand in the tables.
pub(super) const SUBJECT_ORDER: i32 = 1;
const SUBJECT_PACKAGE: i32 = 2;
/// Signed heads of the tree that are kept, the newest.
const TREE_HEADS_MAX: i64 = 1_000;

/// The newest place, kept from other writers until the end of the transaction.
const LOCK: &str = "SELECT position FROM store_head WHERE store = $1 FOR UPDATE";

impl Facts for Postgres {
    type Failed = Failed;

    fn begin(&self) -> Result<Position, Failed> {
        assert_eq!(self.turn.get(), Turn::Idle, "BUG: begun twice");
        let newest = self.ask(|wire| {
            let newest = lock(wire, self.store());
            if newest.is_err() && !wire.is_lost() {
                wire.batch("ROLLBACK")?;
            }
            newest
        })?;
        self.turn.set(Turn::Writing(newest));
        Ok(newest)
    }

    fn commit(&self) -> Result<(), Failed> {
        self.send_pending()?;
        let newest = self.head()?;
        // A transaction in which something failed would end as if it had lasted; this fails then, too.
        let updated = self.write(
            "UPDATE store_head SET position = $2 WHERE store = $1",
            &[&self.store(), &stored(newest.0)],
        )?;
        if updated != 1 {
            return Err(Failed::Damaged("the store's newest place is gone"));
        }
        self.ask(|wire| wire.batch("COMMIT"))?;
        self.turn.set(Turn::Idle);
        Ok(())
    }

    fn rollback(&self) {
        if self.turn.replace(Turn::Idle) == Turn::Idle {
            return;
        }
        self.pending.take();
        let mut slot = self.wire.borrow_mut();
        if let Some(wire) = slot.as_mut()
            && let Err(failed) = wire.batch("ROLLBACK")
        {
            // The server forgets what a lost connection had begun.
            tracing::warn!(%failed, "a rollback was not heard; the connection is given up");
            *slot = None;
        }
    }

    fn head(&self) -> Result<Position, Failed> {
        if let Turn::Writing(newest) = self.turn.get() {
            return Ok(newest);
        }
        let found = self.row(
            "SELECT position FROM store_head WHERE store = $1",
            &[&self.store()],
        )?;
        match found {
            None => Ok(Position(0)),
            Some(row) => Ok(Position(number(row.try_get(0)?)?)),
        }
    }

    fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Failed> {
        if let Some(head) = self.pending.borrow().chain_head(chain) {
            return Ok(head);
        }
        let found = self.row(
            "SELECT next, head FROM chain WHERE store = $1 AND device = $2 AND epoch = $3",
            &[&self.store(), &&chain.device.0[..], &&chain.epoch.0[..]],
        )?;
        match found {
            None => Ok(ChainHead::default()),
            Some(row) => Ok(ChainHead {
                next: number(row.try_get(0)?)?,
                hash: Hash(array(row.try_get(1)?)?),
            }),
        }
    }

    fn last_chain(&self, device: DeviceId, save: Option<Epoch>) -> Result<LastChain, Failed> {
        self.send_pending()?;
        let found = self.row(
            "SELECT chain.epoch, chain.next - 1, chain.head FROM chain
             JOIN event ON event.store = chain.store AND event.device = chain.device
                       AND event.epoch = chain.epoch AND event.seq = chain.next - 1
             WHERE chain.store = $1 AND chain.device = $2 AND chain.next > 0
                AND ($3::BYTEA IS NULL OR chain.epoch <> $3)
             ORDER BY event.position DESC LIMIT 1",
            &[
                &self.store(),
                &&device.0[..],
                &save.as_ref().map(|epoch| &epoch.0[..]),
            ],
        )?;
        found
            .map(|row| {
                let epoch = Epoch(array(row.try_get(0)?)?);
                Ok((
                    epoch,
                    number(row.try_get(1)?)?,
                    Hash(array(row.try_get(2)?)?),
                ))
            })
            .transpose()
    }

    fn append(&self, new: &NewEvent<'_>) -> Result<(), Failed> {
        self.write_later(|pending| pending.add_event(new))?;
        self.turn.set(Turn::Writing(new.position));
        Ok(())
    }

    fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Failed> {
        if self.pending.borrow().chain_head(chain).is_some() {
            self.send_pending()?;
        }
        let found = self.row(
            "SELECT position, outcome, hash FROM event
             WHERE store = $1 AND device = $2 AND epoch = $3 AND seq = $4",
            &[
                &self.store(),
                &&chain.device.0[..],
                &&chain.epoch.0[..],
                &stored(seq),
            ],
        )?;
        found
            .map(|row| {
                Ok(Receipt {
                    seq,
                    position: Position(number(row.try_get(0)?)?),
                    outcome: outcome_of(row.try_get(1)?)?,
                    hash: Hash(array(row.try_get(2)?)?),
                })
            })
            .transpose()
    }

    fn put_node(&self, node: &Node) -> Result<(), Failed> {
        self.write_later(|pending| pending.add_node(node))
    }

    fn node(&self, level: u32, index: u64) -> Result<Option<Hash>, Failed> {
        self.send_pending()?;
        let found = self.row(
            "SELECT hash FROM tree_node WHERE store = $1 AND level = $2 AND idx = $3",
            &[&self.store(), &i64::from(level), &stored(index)],
        )?;
        found
            .map(|row| Ok(Hash(array(row.try_get(0)?)?)))
            .transpose()
    }

    fn put_tree_head(&self, size: u64, note: &str) -> Result<(), Failed> {
        self.write(
            "INSERT INTO tree_head (store, size, note) VALUES ($1, $2, $3)
             ON CONFLICT (store, size) DO UPDATE SET note = excluded.note",
            &[&self.store(), &stored(size), &note],
        )?;
        self.write(
            "DELETE FROM tree_head WHERE store = $1 AND size <
                (SELECT size FROM tree_head WHERE store = $1
                 ORDER BY size DESC LIMIT 1 OFFSET $2)",
            &[&self.store(), &TREE_HEADS_MAX],
        )?;
        Ok(())
    }

    fn tree_heads(&self, below: u64, limit: usize) -> Result<Vec<(u64, String)>, Failed> {
        let rows = self.rows(
            "SELECT size, note FROM tree_head WHERE store = $1 AND size < $2
             ORDER BY size DESC LIMIT $3",
            &[&self.store(), &stored(below), &at_most(limit)],
        )?;
        rows.iter()
            .map(|row| Ok((number(row.try_get(0)?)?, row.try_get(1)?)))
            .collect()
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
        self.send_pending()?;
        let rows = self.rows(
            "SELECT position, recorded_at, bytes, signature, outcome, device, epoch, seq
             FROM event WHERE store = $1 AND position > $2 ORDER BY position LIMIT $3",
            &[&self.store(), &stored(after.0), &at_most(limit)],
        )?;
        rows.iter()
            .map(|row| {
                Ok(Logged {
                    recorded: recorded(row)?,
                    chain: ChainKey {
                        device: DeviceId(array(row.try_get(5)?)?),
                        epoch: Epoch(array(row.try_get(6)?)?),
                    },
                    seq: number(row.try_get(7)?)?,
                })
            })
            .collect()
    }

    fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Failed> {
        self.write_later(|pending| {
            for order in orders {
                pending.add_subject(SUBJECT_ORDER, &order.0, position);
            }
            for tag in tags {
                pending.add_subject(SUBJECT_PACKAGE, tag.as_str().as_bytes(), position);
            }
        })
    }

    fn keep_aside(&self, aside: &Aside<'_>) -> Result<bool, Failed> {
        let added = self.write(
            "INSERT INTO quarantine
                (store, device, epoch, seq, hash, reason, recorded_at, bytes, signature)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &[
                &self.store(),
                &&aside.chain.device.0[..],
                &&aside.chain.epoch.0[..],
                &stored(aside.seq),
                &&aside.hash.0[..],
                &encode(&aside.reason),
                &aside.recorded_at,
                &aside.event.bytes,
                &aside.event.signature,
            ],
        )?;
        Ok(added > 0)
    }

    fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failed> {
        self.write_later(|pending| pending.put_entity(key, changed, bytes))
    }

    fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Failed> {
        if self.pending.borrow_mut().bury_entity(key, changed) {
            return Ok(());
        }
        let is_there = self.row(
            "SELECT 1 FROM entity
             WHERE store = $1 AND kind = $2 AND id = $3 AND bytes IS NOT NULL",
            &[&self.store(), &i32::from(key.kind.number()), &key.id],
        )?;
        match is_there {
            Some(_) => self.put_entity(key, changed, None),
            None => self.check_turn(),
        }
    }

    fn load_ledger(&self) -> Result<Ledger, Failed> {
        self.send_pending()?;
        self.ask(|wire| {
            let mut ledger = Ledger::default();
            let sql = "SELECT kind, id, bytes FROM entity WHERE store = $1 AND bytes IS NOT NULL";
            wire.each(sql, &[&self.store()], |row| {
                let key = EntityKey {
                    kind: kind(row.try_get(0)?)?,
                    id: row.try_get(1)?,
                };
                if key.kind == EntityKind::Customer {
                    return Ok(());
                }
                ledger
                    .put(&key, row.try_get(2)?)
                    .map_err(|_| Failed::Damaged("an entity"))
            })?;
            ledger.take_touched();
            Ok(ledger)
        })
    }

    fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Failed> {
        self.send_pending()?;
        // A reader at the very beginning needs no word of what is already gone.
        let gone_too = after > Position(0);
        let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let found = self.rows(
            "SELECT kind, id, changed, bytes FROM entity
             WHERE store = $1 AND changed > $2 AND ($3 OR bytes IS NOT NULL)
             ORDER BY changed, kind, id LIMIT $4",
            &[&self.store(), &stored(after.0), &gone_too, &one_more],
        )?;
        let mut page = Page {
            rows: found.iter().map(row_of).collect::<Result<_, _>>()?,
            more: false,
        };
        if page.rows.len() <= limit {
            return Ok(page);
        }
        let changed = |row: Option<&Row>| row.map(|row| row.changed);
        let beyond = changed(page.rows.last());
        if changed(page.rows.get(limit.saturating_sub(1))) != beyond || limit == 0 {
            page.rows.truncate(limit.max(1));
            page.more = true;
        }
        let (Some(only), true) = (beyond, changed(page.rows.first()) == beyond) else {
            return Ok(page.shortened(limit));
        };
        self.whole_change(only, gone_too)
    }

    fn rows_of(&self, kind: EntityKind, is_wanted: Wanted<'_>) -> Result<Vec<Row>, Failed> {
        self.rows_of_kind(kind, is_wanted)
    }

    fn sums(&self) -> Result<Sums, Failed> {
        self.all_sums()
    }

    fn put_sums(&self, sums: &Sums) -> Result<(), Failed> {
        self.send_pending()?;
        self.write("DELETE FROM view_sum WHERE store = $1", &[&self.store()])?;
        self.ask(|wire| put_sums(sums, wire, self.store()))
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

impl Postgres {
    /// All rows of one change that is longer than a page, and whether there are later ones.
    fn whole_change(&self, changed: Position, gone_too: bool) -> Result<Page, Failed> {
        let found = self.rows(
            "SELECT kind, id, changed, bytes FROM entity
             WHERE store = $1 AND changed = $2 AND ($3 OR bytes IS NOT NULL)
             ORDER BY changed, kind, id",
            &[&self.store(), &stored(changed.0), &gone_too],
        )?;
        let later = self.row(
            "SELECT 1 FROM entity
             WHERE store = $1 AND changed > $2 AND ($3 OR bytes IS NOT NULL) LIMIT 1",
            &[&self.store(), &stored(changed.0), &gone_too],
        )?;
        Ok(Page {
            rows: found.iter().map(row_of).collect::<Result<_, _>>()?,
            more: later.is_some(),
        })
    }
}

/// Begins a transaction and takes the store's turn.
fn lock(wire: &mut Wire, store: &[u8]) -> Result<Position, Failed> {
    // Each statement sees what was committed before it; more would only fail where two nodes take turns.
    wire.batch("BEGIN ISOLATION LEVEL READ COMMITTED")?;
    if let Some(row) = wire.rows(LOCK, &[&store])?.pop() {
        return Ok(Position(number(row.try_get(0)?)?));
    }
    wire.execute(
        "INSERT INTO store_head (store, position) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        &[&store],
    )?;
    let row = wire.rows(LOCK, &[&store])?.pop();
    let row = row.ok_or(Failed::Damaged("the store's newest place cannot be kept"))?;
    Ok(Position(number(row.try_get(0)?)?))
}

pub(super) fn row_of(row: &postgres::Row) -> Result<Row, Failed> {
    Ok(Row {
        key: EntityKey {
            kind: kind(row.try_get(0)?)?,
            id: row.try_get(1)?,
        },
        changed: Position(number(row.try_get(2)?)?),
        bytes: row.try_get(3)?,
    })
}

pub(super) fn kind(number: i32) -> Result<EntityKind, Failed> {
    u8::try_from(number)
        .ok()
        .and_then(EntityKind::from_number)
        .ok_or(Failed::Damaged("a kind of entity"))
}
