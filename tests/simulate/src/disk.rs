//! A device's storage: what lasts, what only seems to, and what comes back.
//!
//! In: events and rows. Out: the same, unless the disk lied. Must not: forget an event that was flushed.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::checkpoint::{Rewritten, Witness};
use domain::event::SignedEvent;
use domain::id::{Epoch, Hash};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::device::OutboxEntry;
use domain::sync::device::store::{NotedChain, StoreFailed, WriterId};
use domain::sync::message::{Cursor, Incarnation};
use domain::sync::own::{Receipts, StoredChain};
use domain::sync::replica::{Entry, Taking};

/// The storage as the app's own trait has it.
pub mod connection;

use connection::NextWrite;

/// Names one of the device's own events.
pub type Name = (Epoch, u64);

/// The pulled state, as it is kept.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// How far it goes.
    pub cursor: Cursor,
    rows: BTreeMap<EntityKey, Vec<u8>>,
}

impl View {
    /// How many rows of a kind it has.
    #[must_use]
    pub fn count(&self, kind: EntityKind) -> usize {
        self.rows.keys().filter(|key| key.kind == kind).count()
    }
}

/// What the rows were before a write.
#[derive(Clone, Debug, Default)]
struct Unflushed {
    cursor: Cursor,
    all: Option<BTreeMap<EntityKey, Vec<u8>>>,
    rows: Vec<(EntityKey, Option<Vec<u8>>)>,
}

/// The storage.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// The device's own events.
    pub events: BTreeMap<Name, SignedEvent>,
    receipts: BTreeMap<Epoch, Receipts>,
    /// The epoch that was opened last.
    pub noted: Option<NotedChain>,
    /// The view, under relaxed durability.
    pub view: View,
    /// What the last write changed of it, and may take along when the power goes.
    unflushed: Option<Unflushed>,
    /// Chunks of a view on its way in, by hash.
    pub arriving: BTreeMap<Hash, Vec<u8>>,
    /// Events the disk said were safe, and are not.
    lied: Vec<Name>,
    /// Who may write.
    writer: Option<WriterId>,
    values: BTreeMap<String, Vec<u8>>,
    /// What the next write comes to.
    pub next_write: NextWrite,
    /// Whoever reads next does not get in.
    is_shut: bool,
    /// A later program has it.
    is_newer: bool,
    /// Events that come back as nothing.
    hollow: BTreeSet<Name>,
    /// What was seen of each life of the log, under relaxed durability.
    pub witnessed: BTreeMap<Incarnation, Witness>,
    flushed_witnessed: BTreeMap<Incarnation, Witness>,
    /// Proofs against the server, and whether it was told.
    pub proofs: Vec<(Rewritten, bool)>,
}

impl Disk {
    /// Keeps an event where there is none. A disk that lies loses it when the power goes.
    fn keep(&mut self, entry: &OutboxEntry, lies: bool) -> Result<(), StoreFailed> {
        let name = (entry.epoch, entry.seq);
        if self.events.contains_key(&name) {
            return Err(StoreFailed::Aborted("the place is taken".to_owned()));
        }
        self.events.insert(name, entry.event.clone());
        if lies {
            self.lied.push(name);
        } else {
            // Whatever is flushed flushes what came before.
            self.lied.clear();
            self.flushed_witnessed = self.witnessed.clone();
        }
        Ok(())
    }

    fn check_version(&self) -> Result<(), StoreFailed> {
        match self.is_newer {
            true => Err(StoreFailed::Newer),
            false => Ok(()),
        }
    }

    /// A later program takes it. Returns how many events it finds.
    pub fn open_as_newer(&mut self) -> usize {
        self.is_newer = true;
        self.events.len()
    }

    /// From now on an event comes back as nothing.
    pub fn hollow(&mut self, name: Name) {
        self.hollow.insert(name);
    }

    /// The power goes. Returns the events that are gone.
    pub fn lose_power(&mut self, loses_view: bool) -> Vec<Name> {
        if loses_view {
            self.lose_the_last_rows();
            self.witnessed = self.flushed_witnessed.clone();
        }
        let lost = std::mem::take(&mut self.lied);
        for name in &lost {
            self.events.remove(name);
        }
        lost
    }

    /// Keeps what was seen of a life of the log.
    pub fn keep_witness(&mut self, witness: Witness, strictly: bool) {
        let life = witness
            .seen()
            .map(|note| note.checkpoint().origin.incarnation);
        self.witnessed.extend(life.map(|life| (life, witness)));
        if strictly {
            self.flushed_witnessed = self.witnessed.clone();
        }
    }

    fn forget_chain(&mut self, epoch: Epoch) {
        self.events.retain(|name, _| name.0 != epoch);
        self.receipts.remove(&epoch);
    }

    /// Keeps receipts.
    fn keep_receipts(&mut self, all: Vec<(Epoch, Receipts)>) {
        self.receipts.extend(all);
        self.lied.clear();
    }

    /// Lets go of the older half of every chain that is over and at the server. Returns all events of these chains:
    /// should the server lose them, the younger half cannot follow what is gone.
    pub fn prune(&mut self, current: Option<Epoch>) -> Vec<Name> {
        let mut names = Vec::new();
        for (epoch, receipts) in &self.receipts {
            let of_chain = self.events.range((*epoch, 0)..=(*epoch, u64::MAX));
            let of_chain: Vec<Name> = of_chain.map(|(name, _)| *name).collect();
            let is_whole = of_chain.last() == Some(&(*epoch, receipts.through));
            let is_noted = self.noted.is_some_and(|noted| noted.names(*epoch));
            if Some(*epoch) == current || is_noted || !is_whole {
                continue;
            }
            let half = receipts.through / 2;
            self.events
                .retain(|name, _| name.0 != *epoch || name.1 >= half);
            names.extend(of_chain);
        }
        names
    }

    /// Sets what is known of a chain's receipts back to its first events.
    pub fn set_back_receipts(&mut self, epoch: Epoch, events: usize) {
        let kept = u64::try_from(events).unwrap_or(0);
        let Some(receipts) = self.receipts.get_mut(&epoch) else {
            return;
        };
        match kept.checked_sub(1) {
            Some(last) => receipts.through = receipts.through.min(last),
            None => {
                self.receipts.remove(&epoch);
            }
        }
    }

    /// Keeps rows and the cursor, in one transaction.
    pub fn keep_view(&mut self, cursor: Cursor, taking: &Taking) {
        let view = &mut self.view;
        let mut before = Unflushed {
            cursor: view.cursor,
            ..Unflushed::default()
        };
        if taking.reset {
            self.arriving.clear();
            before.all = Some(std::mem::take(&mut view.rows));
        }
        for row in &taking.rows {
            let was = match &row.bytes {
                Some(bytes) => view.rows.insert(row.key.clone(), bytes.clone()),
                None => view.rows.remove(&row.key),
            };
            before.rows.push((row.key.clone(), was));
        }
        view.cursor = cursor;
        self.unflushed = Some(before);
    }

    fn lose_the_last_rows(&mut self) {
        let Some(before) = self.unflushed.take() else {
            return;
        };
        for (key, was) in before.rows.into_iter().rev() {
            match was {
                Some(bytes) => self.view.rows.insert(key, bytes),
                None => self.view.rows.remove(&key),
            };
        }
        if let Some(all) = before.all {
            self.view.rows = all;
        }
        self.view.cursor = before.cursor;
    }

    /// Loses one row of the view without a word.
    pub fn drop_row(&mut self, key: &EntityKey) {
        self.view.rows.remove(key);
    }

    /// Forgets the view.
    pub fn evict_view(&mut self) {
        self.view = View::default();
        self.unflushed = None;
        self.arriving.clear();
    }

    /// The view's entries.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |(key, bytes): (&EntityKey, &Vec<u8>)| Entry {
            key: key.clone(),
            bytes: bytes.clone(),
        };
        self.view.rows.iter().map(entry).collect()
    }

    /// The chains, oldest first, each with its events from the first that a start needs.
    #[must_use]
    pub fn chains(&self, cursor: Cursor) -> Vec<(StoredChain, Vec<OutboxEntry>)> {
        let with_events = |chain: StoredChain| {
            let events = self.events_from(chain.epoch, chain.needed_from(cursor));
            (chain, events)
        };
        self.stored_chains().into_iter().map(with_events).collect()
    }

    fn stored_chains(&self) -> Vec<StoredChain> {
        let mut ends: BTreeMap<Epoch, u64> = BTreeMap::new();
        for (epoch, seq) in self.events.keys() {
            let end = ends.entry(*epoch).or_default();
            *end = (*end).max(*seq);
        }
        let chain = |(epoch, last): (Epoch, u64)| StoredChain {
            epoch,
            last,
            receipts: self.receipts.get(&epoch).cloned(),
        };
        ends.into_iter().map(chain).collect()
    }

    /// A chain's events from a number on.
    #[must_use]
    pub fn events_from(&self, epoch: Epoch, from: u64) -> Vec<OutboxEntry> {
        let range = self.events.range((epoch, from)..=(epoch, u64::MAX));
        let there = range.filter(|(name, _)| !self.hollow.contains(name));
        there.map(entry).collect()
    }

    /// The last event of the chain that was opened last, or of the last chain there is.
    #[must_use]
    pub fn last(&self) -> Option<OutboxEntry> {
        let chains = self.stored_chains();
        let last = NotedChain::last_of(self.noted, &chains)?;
        self.events_from(last.epoch, 0).pop()
    }

    /// Every event there is, chain by chain.
    #[must_use]
    pub fn chains_whole(&self) -> Vec<OutboxEntry> {
        self.events.iter().map(entry).collect()
    }

    /// Events no receipt was kept for.
    #[must_use]
    pub fn unsent(&self) -> Vec<OutboxEntry> {
        let is_unsent = |(epoch, seq): &Name| {
            let receipts = self.receipts.get(epoch);
            receipts.is_none_or(|receipts| *seq > receipts.through)
        };
        self.events
            .iter()
            .filter(|(name, _)| is_unsent(name))
            .map(entry)
            .collect()
    }
}

fn entry(((epoch, seq), event): (&Name, &SignedEvent)) -> OutboxEntry {
    OutboxEntry {
        epoch: *epoch,
        seq: *seq,
        event: event.clone(),
    }
}
