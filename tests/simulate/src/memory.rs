//! A store's log in memory, with everything a real one can do to its writer.
//!
//! In: what the writer decided. Out: the same again, or a failure. Must not: show what was not committed after a
//! failure, or lose what was.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::audit::merkle::Node;
use domain::custody::exception::{Exception, Rule};
use domain::event::SignedEvent;
use domain::id::{DeviceId, Epoch, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::message::{Outcome, QuarantineReason, Receipt, Recorded, Row};
use domain::sync::server::log::{
    Aside, ChainHead, ChainKey, LastChain, Log, Logged, NewEvent, Page,
};

/// Rows in a page: few, so that most pulls take several.
const ROWS_MAX: usize = 9;

/// Why the log could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The commit failed.
    Commit,
    /// The disk is full.
    Full,
    /// Something already stands there.
    Taken,
    /// What stands there was never written.
    Damaged,
}

/// What the next commit does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextCommit {
    /// It lasts.
    #[default]
    Lasts,
    /// It fails, and nothing lasted.
    Fails,
    /// It fails, and all of it lasted.
    Uncertain,
}

/// One entry of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
    /// The server's clock.
    pub recorded_at: i64,
    /// The event.
    pub event: Rc<SignedEvent>,
    /// Its hash.
    pub hash: Hash,
    /// What became of it.
    pub outcome: Outcome,
}

type EntityRow = (Position, Option<Rc<Vec<u8>>>);
type Subjects = (Vec<OrderId>, Vec<PackageTag>);

/// All that lasts.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The log; the first entry has position 1.
    pub events: Vec<Entry>,
    chains: BTreeMap<ChainKey, ChainHead>,
    places: BTreeMap<(ChainKey, u64), usize>,
    /// What has no place, and why.
    pub aside: BTreeMap<(ChainKey, u64, Hash), QuarantineReason>,
    nodes: BTreeMap<(u32, u64), Hash>,
    /// Orders and packages by which each entry is found.
    pub subjects: BTreeMap<Position, Rc<Subjects>>,
    entities: BTreeMap<EntityKey, EntityRow>,
    changes: BTreeSet<(Position, EntityKey)>,
}

impl Content {
    /// The rule of each exception there ever was.
    #[must_use]
    pub fn exceptions(&self) -> BTreeMap<u64, Rule> {
        let mut rules = BTreeMap::new();
        for (key, (_, bytes)) in &self.entities {
            let exception = bytes.as_ref().filter(|_| key.kind == EntityKind::Exception);
            if let Some(bytes) = exception
                && let Ok(exception) = minicbor::decode::<Exception>(bytes)
            {
                rules.insert(exception.number, exception.rule);
            }
        }
        rules
    }

    /// What stands at a number of a chain, and its place in the log.
    #[must_use]
    pub fn placed(&self, chain: ChainKey, seq: u64) -> Option<(Position, &Entry)> {
        let index = *self.places.get(&(chain, seq))?;
        let position = Position(u64::try_from(index).unwrap_or(u64::MAX)).next();
        Some((position, self.events.get(index)?))
    }

    /// Where a chain stands.
    #[must_use]
    pub fn end_of(&self, chain: ChainKey) -> ChainHead {
        self.chains.get(&chain).copied().unwrap_or_default()
    }

    /// The orders whose customers devices may see.
    #[must_use]
    pub fn customers(&self) -> BTreeSet<OrderId> {
        let rows = self.entities.iter();
        let shown =
            rows.filter(|(key, (_, bytes))| key.kind == EntityKind::Customer && bytes.is_some());
        shown
            .filter_map(|(key, _)| minicbor::decode(&key.id).ok())
            .collect()
    }

    fn put(&mut self, key: &EntityKey, row: EntityRow) -> Option<EntityRow> {
        self.changes.insert((row.0, key.clone()));
        let before = self.entities.insert(key.clone(), row.clone());
        if let Some(before) = &before
            && before.0 != row.0
        {
            self.changes.remove(&(before.0, key.clone()));
        }
        before
    }
}

#[derive(Debug)]
enum Undo {
    Event,
    Chain(ChainKey, Option<ChainHead>),
    Aside((ChainKey, u64, Hash)),
    Node((u32, u64)),
    Entity(EntityKey, Option<EntityRow>),
}

#[derive(Debug, Default)]
struct State {
    content: Content,
    undo: Vec<Undo>,
    next_commit: NextCommit,
    /// Events for which there is room; none: for any number.
    room: Option<u64>,
}

/// The log. Copies are the same log: several nodes write to it, one after the other.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog(Rc<RefCell<State>>);

impl MemoryLog {
    /// Reads all that is there.
    pub fn look<T>(&self, look: impl FnOnce(&Content) -> T) -> T {
        look(&self.0.borrow().content)
    }

    /// A copy of all that is there.
    #[must_use]
    pub fn backup(&self) -> Content {
        self.0.borrow().content.clone()
    }

    /// Puts a copy in the place of all that is there.
    pub fn restore(&self, content: Content) {
        let mut state = self.0.borrow_mut();
        state.content = content;
        state.undo.clear();
    }

    /// A log that has what a copy had.
    #[must_use]
    pub fn of(content: Content) -> Self {
        let log = Self::default();
        log.restore(content);
        log
    }

    /// Says what the next commit does.
    pub fn set_next_commit(&self, next: NextCommit) {
        self.0.borrow_mut().next_commit = next;
    }

    /// Says whether the disk is full.
    pub fn set_full(&self, is_full: bool) {
        self.set_room(is_full.then_some(0));
    }

    /// Says for how many more events there is room; `None`: for any number.
    pub fn set_room(&self, room: Option<u64>) {
        self.0.borrow_mut().room = room;
    }
}

impl Log for MemoryLog {
    type Failed = Failed;

    fn begin(&self) -> Result<Position, Failed> {
        let state = self.0.borrow();
        assert!(state.undo.is_empty(), "two writers at once");
        drop(state);
        self.head()
    }

    fn commit(&self) -> Result<(), Failed> {
        let next = std::mem::take(&mut self.0.borrow_mut().next_commit);
        match next {
            NextCommit::Lasts => {
                self.0.borrow_mut().undo.clear();
                Ok(())
            }
            NextCommit::Uncertain => {
                self.0.borrow_mut().undo.clear();
                Err(Failed::Commit)
            }
            NextCommit::Fails => {
                self.rollback();
                Err(Failed::Commit)
            }
        }
    }

    fn rollback(&self) {
        let mut state = self.0.borrow_mut();
        let undo = std::mem::take(&mut state.undo);
        let content = &mut state.content;
        for step in undo.into_iter().rev() {
            match step {
                Undo::Event => {
                    if let Some(entry) = content.events.pop() {
                        content.places.remove(&(entry.chain, entry.seq));
                    }
                }
                Undo::Chain(chain, before) => {
                    match before {
                        Some(head) => content.chains.insert(chain, head),
                        None => content.chains.remove(&chain),
                    };
                }
                Undo::Aside(key) => {
                    content.aside.remove(&key);
                }
                Undo::Node(key) => {
                    content.nodes.remove(&key);
                }
                Undo::Entity(key, before) => match before {
                    Some(row) => {
                        content.put(&key, row);
                    }
                    None => {
                        if let Some(row) = content.entities.remove(&key) {
                            content.changes.remove(&(row.0, key));
                        }
                    }
                },
            }
        }
    }

    fn head(&self) -> Result<Position, Failed> {
        let entries = self.0.borrow().content.events.len();
        Ok(Position(u64::try_from(entries).unwrap_or(u64::MAX)))
    }

    fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Failed> {
        let state = self.0.borrow();
        Ok(state.content.end_of(chain))
    }

    fn last_chain(&self, device: DeviceId, save: Option<Epoch>) -> Result<LastChain, Failed> {
        let state = self.0.borrow();
        let mut entries = state.content.events.iter().rev();
        let last =
            entries.find(|entry| entry.chain.device == device && Some(entry.chain.epoch) != save);
        Ok(last.map(|entry| (entry.chain.epoch, entry.seq, entry.hash)))
    }

    fn append(&self, new: &NewEvent<'_>) -> Result<(), Failed> {
        let head = self.head()?;
        let mut state = self.0.borrow_mut();
        if state.room == Some(0) {
            return Err(Failed::Full);
        }
        if new.position != head.next() || state.content.places.contains_key(&(new.chain, new.seq)) {
            return Err(Failed::Taken);
        }
        state.room = state.room.map(|room| room - 1);
        let index = state.content.events.len();
        state.content.places.insert((new.chain, new.seq), index);
        state.content.events.push(Entry {
            chain: new.chain,
            seq: new.seq,
            recorded_at: new.recorded_at,
            event: Rc::new(new.event.clone()),
            hash: new.hash,
            outcome: new.outcome.clone(),
        });
        state.undo.push(Undo::Event);
        let head = ChainHead {
            next: new.seq + 1,
            hash: new.hash,
        };
        let before = state.content.chains.insert(new.chain, head);
        state.undo.push(Undo::Chain(new.chain, before));
        Ok(())
    }

    fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Failed> {
        let state = self.0.borrow();
        let Some(index) = state.content.places.get(&(chain, seq)) else {
            return Ok(None);
        };
        let entry = state.content.events.get(*index).ok_or(Failed::Damaged)?;
        Ok(Some(Receipt {
            seq,
            position: Position(u64::try_from(*index).unwrap_or(u64::MAX)).next(),
            outcome: entry.outcome.clone(),
            hash: entry.hash,
        }))
    }

    fn put_node(&self, node: &Node) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        let key = (node.level, node.index);
        if state.content.nodes.insert(key, node.hash).is_some() {
            return Err(Failed::Taken);
        }
        state.undo.push(Undo::Node(key));
        Ok(())
    }

    fn node(&self, level: u32, index: u64) -> Result<Option<Hash>, Failed> {
        Ok(self.0.borrow().content.nodes.get(&(level, index)).copied())
    }

    fn logged_after(&self, after: Position, limit: usize) -> Result<Vec<Logged>, Failed> {
        let state = self.0.borrow();
        let skipped = usize::try_from(after.0).unwrap_or(usize::MAX);
        let logged = |(position, entry): (u64, &Entry)| Logged {
            chain: entry.chain,
            seq: entry.seq,
            recorded: Recorded {
                position: Position(position),
                recorded_at: entry.recorded_at,
                event: (*entry.event).clone(),
                outcome: entry.outcome.clone(),
                subject: false,
            },
        };
        let events = (1..).zip(&state.content.events).skip(skipped).take(limit);
        Ok(events.map(logged).collect())
    }

    fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Failed> {
        let subjects = Rc::new((orders.to_vec(), tags.to_vec()));
        // What a rollback takes away is written over before anybody looks at it.
        self.0
            .borrow_mut()
            .content
            .subjects
            .insert(position, subjects);
        Ok(())
    }

    fn keep_aside(&self, aside: &Aside<'_>) -> Result<bool, Failed> {
        let mut state = self.0.borrow_mut();
        if state.room == Some(0) {
            return Err(Failed::Full);
        }
        let key = (aside.chain, aside.seq, aside.hash);
        if state.content.aside.contains_key(&key) {
            return Ok(false);
        }
        state.content.aside.insert(key, aside.reason);
        state.undo.push(Undo::Aside(key));
        Ok(true)
    }

    fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        let bytes = bytes.map(|bytes| Rc::new(bytes.to_vec()));
        let before = state.content.put(key, (changed, bytes));
        state.undo.push(Undo::Entity(key.clone(), before));
        Ok(())
    }

    fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Failed> {
        let is_there = {
            let state = self.0.borrow();
            let row = state.content.entities.get(key);
            row.is_some_and(|(_, bytes)| bytes.is_some())
        };
        if is_there {
            self.put_entity(key, changed, None)?;
        }
        Ok(())
    }

    fn load_ledger(&self) -> Result<Ledger, Failed> {
        let state = self.0.borrow();
        let mut ledger = Ledger::default();
        for (key, (_, bytes)) in &state.content.entities {
            if key.kind != EntityKind::Customer
                && let Some(bytes) = bytes
            {
                ledger.put(key, bytes).map_err(|_| Failed::Damaged)?;
            }
        }
        ledger.take_touched();
        Ok(ledger)
    }

    fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Failed> {
        let state = self.0.borrow();
        let limit = limit.min(ROWS_MAX);
        let mut page = Page::default();
        let first = EntityKey {
            kind: EntityKind::Store,
            id: Vec::new(),
        };
        for (changed, key) in state.content.changes.range((after.next(), first)..) {
            let Some((_, bytes)) = state.content.entities.get(key) else {
                return Err(Failed::Damaged);
            };
            if after == Position(0) && bytes.is_none() {
                continue;
            }
            let is_whole = page.rows.last().map(|last: &Row| last.changed) != Some(*changed);
            if page.rows.len() >= limit && is_whole {
                page.more = true;
                break;
            }
            page.rows.push(Row {
                key: key.clone(),
                changed: *changed,
                bytes: bytes.as_ref().map(|bytes| bytes.to_vec()),
            });
        }
        Ok(page.shortened(limit))
    }
}
