//! What was written in this turn and not sent yet.
//!
//! In: events, chains, subjects, entities. Out: the same rows in a few statements, however many there are. Must
//! not: outlive the turn, or hold more than so many rows.
//!
//! A statement is a trip to the server and back, and a push has hundreds of rows: one by one they would wait
//! for the network longer than for the disk.

use std::collections::BTreeMap;

use domain::audit::merkle::Node;
use domain::event::encode;
use domain::id::{Hash, Position};
use domain::ledger::EntityKey;

use super::sums::{Versions, sum_up};
use super::wire::Wire;
use crate::log::{ChainHead, ChainKey, Failed, NewEvent, stored};

/// Rows that are held back at most.
const ROWS_MAX: usize = 2_000;

/// Rows by table; events column by column, as they are sent.
#[derive(Default)]
pub(super) struct Pending {
    events: Events,
    chains: BTreeMap<ChainKey, ChainHead>,
    subjects: Subjects,
    entities: Versions,
    tree: Tree,
}

#[derive(Default)]
struct Tree {
    level: Vec<i64>,
    index: Vec<i64>,
    hash: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Events {
    position: Vec<i64>,
    device: Vec<Vec<u8>>,
    epoch: Vec<Vec<u8>>,
    seq: Vec<i64>,
    event_id: Vec<Option<Vec<u8>>>,
    kind: Vec<Option<i32>>,
    version: Vec<Option<i32>>,
    recorded_at: Vec<i64>,
    bytes: Vec<Vec<u8>>,
    signature: Vec<Vec<u8>>,
    hash: Vec<Vec<u8>>,
    outcome: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Subjects {
    kind: Vec<i32>,
    id: Vec<Vec<u8>>,
    position: Vec<i64>,
}

impl Pending {
    pub(super) fn is_full(&self) -> bool {
        let rows = [
            self.events.position.len(),
            self.subjects.kind.len(),
            self.entities.len(),
            self.tree.level.len(),
        ];
        rows.iter().sum::<usize>() >= ROWS_MAX
    }

    pub(super) fn add_event(&mut self, new: &NewEvent<'_>) {
        let events = &mut self.events;
        events.position.push(stored(new.position.0));
        events.device.push(new.chain.device.0.to_vec());
        events.epoch.push(new.chain.epoch.0.to_vec());
        events.seq.push(stored(new.seq));
        let id = new.label.map(|(id, _, _)| id.0.to_vec());
        events.event_id.push(id);
        events.kind.push(new.label.map(|(_, kind, _)| kind.into()));
        let version = new.label.map(|(_, _, version)| version.into());
        events.version.push(version);
        events.recorded_at.push(new.recorded_at);
        events.bytes.push(new.event.bytes.clone());
        events.signature.push(new.event.signature.clone());
        events.hash.push(new.hash.0.to_vec());
        events.outcome.push(encode(new.outcome));
        let head = ChainHead {
            next: new.seq.saturating_add(1),
            hash: new.hash,
        };
        self.chains.insert(new.chain, head);
    }

    pub(super) fn add_node(&mut self, node: &Node) {
        self.tree.level.push(i64::from(node.level));
        self.tree.index.push(stored(node.index));
        self.tree.hash.push(node.hash.0.to_vec());
    }

    pub(super) fn add_subject(&mut self, kind: i32, id: &[u8], position: Position) {
        self.subjects.kind.push(kind);
        self.subjects.id.push(id.to_vec());
        self.subjects.position.push(stored(position.0));
    }

    pub(super) fn put_entity(&mut self, key: &EntityKey, changed: Position, bytes: Option<&[u8]>) {
        let version = (changed, bytes.map(<[u8]>::to_vec));
        self.entities.insert(key.clone(), version);
    }

    /// Marks an entity as gone. Returns whether it is one of those held back.
    pub(super) fn bury_entity(&mut self, key: &EntityKey, changed: Position) -> bool {
        let Some(version) = self.entities.get_mut(key) else {
            return false;
        };
        if version.1.is_some() {
            *version = (changed, None);
        }
        true
    }

    /// Where a chain stands, when something of it is held back.
    pub(super) fn chain_head(&self, chain: ChainKey) -> Option<ChainHead> {
        self.chains.get(&chain).copied()
    }

    /// Sends everything; nothing is held back any more, also when it fails.
    pub(super) fn send(self, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
        self.events.send(wire, store)?;
        send_chains(self.chains, wire, store)?;
        self.subjects.send(wire, store)?;
        self.tree.send(wire, store)?;
        sum_up(&self.entities, wire, store)?;
        send_entities(self.entities, wire, store)
    }
}

impl Events {
    fn send(&self, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
        if self.position.is_empty() {
            return Ok(());
        }
        wire.execute(
            "INSERT INTO event (store, position, device, epoch, seq, event_id, kind, version,
                                recorded_at, bytes, signature, hash, outcome)
             SELECT $1, * FROM unnest($2::BIGINT[], $3::BYTEA[], $4::BYTEA[], $5::BIGINT[],
                $6::BYTEA[], $7::INTEGER[], $8::INTEGER[], $9::BIGINT[], $10::BYTEA[],
                $11::BYTEA[], $12::BYTEA[], $13::BYTEA[])",
            &[
                &store,
                &self.position,
                &self.device,
                &self.epoch,
                &self.seq,
                &self.event_id,
                &self.kind,
                &self.version,
                &self.recorded_at,
                &self.bytes,
                &self.signature,
                &self.hash,
                &self.outcome,
            ],
        )?;
        Ok(())
    }
}

impl Tree {
    fn send(&self, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
        if self.level.is_empty() {
            return Ok(());
        }
        wire.execute(
            "INSERT INTO tree_node (store, level, idx, hash)
             SELECT $1, * FROM unnest($2::BIGINT[], $3::BIGINT[], $4::BYTEA[])",
            &[&store, &self.level, &self.index, &self.hash],
        )?;
        Ok(())
    }
}

impl Subjects {
    fn send(&self, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
        if self.kind.is_empty() {
            return Ok(());
        }
        wire.execute(
            "INSERT INTO subject (store, kind, id, position)
             SELECT $1, * FROM unnest($2::INTEGER[], $3::BYTEA[], $4::BIGINT[])
             ON CONFLICT DO NOTHING",
            &[&store, &self.kind, &self.id, &self.position],
        )?;
        Ok(())
    }
}

fn send_chains(
    chains: BTreeMap<ChainKey, ChainHead>,
    wire: &mut Wire,
    store: &[u8],
) -> Result<(), Failed> {
    if chains.is_empty() {
        return Ok(());
    }
    let hash = |Hash(hash)| hash.to_vec();
    let (device, epoch): (Vec<_>, Vec<_>) = chains
        .keys()
        .map(|chain| (chain.device.0.to_vec(), chain.epoch.0.to_vec()))
        .unzip();
    let (next, head): (Vec<_>, Vec<_>) = chains
        .into_values()
        .map(|head| (stored(head.next), hash(head.hash)))
        .unzip();
    wire.execute(
        "INSERT INTO chain (store, device, epoch, next, head)
         SELECT $1, * FROM unnest($2::BYTEA[], $3::BYTEA[], $4::BIGINT[], $5::BYTEA[])
         ON CONFLICT (store, device, epoch)
            DO UPDATE SET next = excluded.next, head = excluded.head",
        &[&store, &device, &epoch, &next, &head],
    )?;
    Ok(())
}

fn send_entities(entities: Versions, wire: &mut Wire, store: &[u8]) -> Result<(), Failed> {
    if entities.is_empty() {
        return Ok(());
    }
    let (keys, versions): (Vec<_>, Vec<_>) = entities.into_iter().unzip();
    let (kind, id): (Vec<_>, Vec<_>) = keys
        .into_iter()
        .map(|key| (i32::from(key.kind.number()), key.id))
        .unzip();
    let (changed, bytes): (Vec<_>, Vec<_>) = versions
        .into_iter()
        .map(|(changed, bytes)| (stored(changed.0), bytes))
        .unzip();
    wire.execute(
        "INSERT INTO entity (store, kind, id, changed, bytes)
         SELECT $1, * FROM unnest($2::INTEGER[], $3::BYTEA[], $4::BIGINT[], $5::BYTEA[])
         ON CONFLICT (store, kind, id)
            DO UPDATE SET changed = excluded.changed, bytes = excluded.bytes",
        &[&store, &kind, &id, &changed, &bytes],
    )?;
    Ok(())
}
