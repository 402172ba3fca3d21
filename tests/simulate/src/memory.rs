//! A store's log in memory, with everything a real one can do to its writer.
//!
//! In: what the writer decided. Out: the same again, or a failure. Must not: show what was not committed after a
//! failure, or lose what was.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::audit::merkle::Node;
use domain::id::{DeviceId, Epoch, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::message::{Receipt, Recorded, Row};
use domain::sync::page::Sums;
use domain::sync::server::log::{
    Aside, ChainHead, ChainKey, Gone, LastChain, Log, Logged, NewEvent, Page, Wanted, Whom,
};

/// What the log holds.
mod content;

pub use content::{Content, Entry};
/// The state as the rows have it.
mod loaded;
/// History, changed by whoever runs the server.
mod rewrite;

pub use rewrite::Falsified;
use rewrite::set;

use content::EntityRow;
use loaded::Loaded;

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

#[derive(Debug)]
enum Undo {
    Event,
    Chain(ChainKey, Option<ChainHead>),
    Aside((ChainKey, u64, Hash)),
    Node((u32, u64)),
    Head(u64, Option<String>),
    Witnessed(DeviceId, Option<String>),
    Permit(Whom, Option<Vec<u8>>),
    Entity(EntityKey, Option<EntityRow>),
    Reader(DeviceId, Option<Position>),
    Floor(Position),
}

#[derive(Debug, Default)]
struct State {
    content: Content,
    loaded: RefCell<Loaded>,
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

    /// Looks at the state, as the rows have it.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn look_at_state<T>(&self, look: impl FnOnce(&Ledger) -> T) -> Result<T, Failed> {
        let state = self.0.borrow();
        let mut loaded = state.loaded.borrow_mut();
        loaded.state(&state.content.entities).map(look)
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
        state.loaded.take();
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
        let state = &mut *state;
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
                Undo::Head(size, before) => set(&mut content.heads, size, before),
                Undo::Witnessed(by, before) => set(&mut content.witnessed, by, before),
                Undo::Permit(whom, before) => set(&mut content.permits, whom, before),
                Undo::Floor(before) => content.floor = before,
                Undo::Reader(device, before) => set(&mut content.readers, device, before),
                Undo::Entity(key, before) => {
                    state.loaded.get_mut().changed(&key);
                    match before {
                        Some(row) => drop(content.put(&key, row)),
                        None => content.take_away(&key),
                    }
                }
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

    fn put_tree_head(&self, size: u64, note: &str) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        if state.room == Some(0) {
            return Err(Failed::Full);
        }
        let before = state.content.heads.insert(size, note.to_owned());
        state.undo.push(Undo::Head(size, before));
        Ok(())
    }

    fn tree_heads(&self, below: u64, limit: usize) -> Result<Vec<(u64, String)>, Failed> {
        let state = self.0.borrow();
        let heads = state.content.heads.range(..below).rev().take(limit);
        Ok(heads.map(|(size, note)| (*size, note.clone())).collect())
    }

    fn put_witnessed(&self, device: DeviceId, note: &str) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        let before = state.content.witnessed.insert(device, note.to_owned());
        state.undo.push(Undo::Witnessed(device, before));
        Ok(())
    }

    fn witnessed(&self, device: DeviceId) -> Result<Option<String>, Failed> {
        Ok(self.0.borrow().content.witnessed.get(&device).cloned())
    }

    fn put_permitted(&self, whom: Whom, permitted: &[u8]) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        let before = state.content.permits.insert(whom, permitted.to_vec());
        state.undo.push(Undo::Permit(whom, before));
        Ok(())
    }

    fn permitted(&self, whom: Whom) -> Result<Option<Vec<u8>>, Failed> {
        Ok(self.0.borrow().content.permits.get(&whom).cloned())
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
        state.loaded.get_mut().changed(key);
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
        self.look_at_state(Ledger::clone)
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

    fn rows_of(&self, kind: EntityKind, is_wanted: Wanted<'_>) -> Result<Vec<Row>, Failed> {
        let state = self.0.borrow();
        let wanted = state.content.of_kind(kind);
        let wanted = wanted.filter(|(key, _)| is_wanted(key));
        let row = |(key, (changed, bytes)): (&EntityKey, &EntityRow)| {
            Some(Row {
                key: key.clone(),
                changed: *changed,
                bytes: Some(bytes.as_ref()?.to_vec()),
            })
        };
        Ok(wanted.filter_map(row).collect())
    }

    fn sums(&self) -> Result<Sums, Failed> {
        Ok(self.0.borrow().content.sums.clone())
    }

    fn floor(&self) -> Result<Position, Failed> {
        Ok(self.0.borrow().content.floor)
    }

    fn gone(&self, through: Position, limit: usize) -> Result<Vec<Gone>, Failed> {
        let state = self.0.borrow();
        let content = &state.content;
        let is_gone = |key: &EntityKey| {
            let row = content.entities.get(key);
            row.is_some_and(|(_, bytes)| bytes.is_none())
        };
        let changes = content.changes.iter();
        let up_to = changes.take_while(|(changed, _)| *changed <= through);
        let gone = up_to.filter(|(_, key)| is_gone(key));
        let gone = gone.map(|(changed, key)| (key.clone(), *changed));
        Ok(gone.take(limit).collect())
    }

    fn forget(&self, gone: &[Gone]) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        for (key, changed) in gone {
            let row = state.content.entities.remove(key);
            state.content.changes.remove(&(*changed, key.clone()));
            state.undo.push(Undo::Entity(key.clone(), row));
            let before = state.content.floor;
            state.undo.push(Undo::Floor(before));
            state.content.floor = before.max(*changed);
        }
        Ok(())
    }

    fn put_reader(&self, device: DeviceId, read: Position) -> Result<(), Failed> {
        let mut state = self.0.borrow_mut();
        let before = state.content.readers.insert(device, read);
        state.undo.push(Undo::Reader(device, before));
        Ok(())
    }

    fn readers(&self) -> Result<BTreeMap<DeviceId, Position>, Failed> {
        Ok(self.0.borrow().content.readers.clone())
    }

    fn put_sums(&self, sums: &Sums) -> Result<(), Failed> {
        self.0.borrow_mut().content.sums = sums.clone();
        Ok(())
    }
}
