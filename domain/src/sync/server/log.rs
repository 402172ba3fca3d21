//! What a store's log must be able to do, whichever database keeps it.
//!
//! In: what the writer decided. Out: the same again, whatever happened meanwhile. Must not: change or remove
//! an event, show part of a transaction, or say that a commit lasted before it has.

use std::collections::BTreeMap;

use crate::audit::merkle::{Node, Nodes};
use crate::event::SignedEvent;
use crate::id::{ActorId, DeviceId, Epoch, EventId, Hash, OrderId, PackageTag, Position};
use crate::ledger::{EntityKey, EntityKind, Ledger};
use crate::mutated;
use crate::sync::message::{Outcome, QuarantineReason, Receipt, Recorded, Row};
use crate::sync::page::Sums;

/// A chain's epoch, its last number and that event's hash, when there is such a chain.
pub type LastChain = Option<(Epoch, u64, Hash)>;

/// Says which keys are wanted.
pub type Wanted<'a> = &'a dyn Fn(&EntityKey) -> bool;

/// What is gone, and the change that took it.
pub type Gone = (EntityKey, Position);

/// Names one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainKey {
    /// The device that signs.
    pub device: DeviceId,
    /// One start of its writer.
    pub epoch: Epoch,
}

/// A person on a device.
pub type Whom = (DeviceId, ActorId);

/// Where a chain stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// The number expected next.
    pub next: u64,
    /// Hash of the last event; zeros when there is none.
    pub hash: Hash,
}

/// An event to be given a place.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Its place.
    pub position: Position,
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
    /// Identifier, kind and version, when it is an envelope.
    pub label: Option<(EventId, u16, u16)>,
    /// The server's clock.
    pub recorded_at: i64,
    /// What was signed, and the signature.
    pub event: &'a SignedEvent,
    /// Hash of what was signed.
    pub hash: Hash,
    /// What became of it.
    pub outcome: &'a Outcome,
}

/// An event that has no place in its chain, and why.
#[derive(Clone, Copy, Debug)]
pub struct Aside<'a> {
    /// The chain it came under.
    pub chain: ChainKey,
    /// The number it came under.
    pub seq: u64,
    /// As it came.
    pub event: &'a SignedEvent,
    /// Hash of what was signed.
    pub hash: Hash,
    /// Why it has no place.
    pub reason: QuarantineReason,
    /// The server's clock.
    pub recorded_at: i64,
}

/// An event as the log has it, and the chain it was recorded under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its chain.
    pub chain: ChainKey,
    /// Its number there.
    pub seq: u64,
    /// The event with its place, time and outcome.
    pub recorded: Recorded,
}

/// The complete subtrees a log keeps of its tree. One that cannot be read counts as missing.
#[derive(Debug)]
pub struct Kept<'a, L: ?Sized>(pub &'a L);

impl<L: Log + ?Sized> Nodes for Kept<'_, L> {
    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        self.0.node(level, index).ok().flatten()
    }
}

/// Some rows of the view, and whether there are more behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows, oldest change first.
    pub rows: Vec<Row>,
    /// There are more.
    pub more: bool,
}

impl Page {
    /// Leaves the last change to the next page when it would make this one longer than `limit`. A page never
    /// ends between rows of one change: a reader's cursor would skip the rest.
    #[must_use]
    pub fn shortened(mut self, limit: usize) -> Self {
        if self.rows.len() <= limit {
            return self;
        }
        if mutated("page_splits_a_change") {
            self.rows.truncate(limit);
            self.more = true;
            return self;
        }
        let last = self.rows.last().map(|row| row.changed);
        if self.rows.first().map(|row| row.changed) != last {
            self.rows.retain(|row| Some(row.changed) != last);
            self.more = true;
        }
        self
    }
}

/// One store's log. All that is written between [`Log::begin`] and [`Log::commit`] lasts together or not at all.
pub trait Log {
    /// Why it could not be asked.
    type Failed;

    /// Begins to write; nobody else can until the end. Returns the newest place.
    ///
    /// # Errors
    /// When another writer does not end.
    fn begin(&self) -> Result<Position, Self::Failed>;

    /// Makes all that was written since [`Log::begin`] last.
    ///
    /// # Errors
    /// When it is not certain that it lasts. It may have lasted all the same.
    fn commit(&self) -> Result<(), Self::Failed>;

    /// Forgets all that was written since [`Log::begin`].
    fn rollback(&self);

    /// The newest place.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn head(&self) -> Result<Position, Self::Failed>;

    /// Where a chain stands.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Self::Failed>;

    /// The chain of a device that was written to last, save for one, with its last number and hash.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn last_chain(&self, device: DeviceId, save: Option<Epoch>) -> Result<LastChain, Self::Failed>;

    /// Gives an event its place and moves its chain on.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn append(&self, new: &NewEvent<'_>) -> Result<(), Self::Failed>;

    /// The receipt of the event at a place in a chain, with the hash of what stands there.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Self::Failed>;

    /// Keeps a complete subtree of the tree over the log.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_node(&self, node: &Node) -> Result<(), Self::Failed>;

    /// The hash of a complete subtree.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn node(&self, level: u32, index: u64) -> Result<Option<Hash>, Self::Failed>;

    /// Keeps a signed head of the tree, with whoever co-signed it, in place of an earlier one of that size.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_tree_head(&self, size: u64, note: &str) -> Result<(), Self::Failed>;

    /// Signed heads of trees smaller than a size, largest first.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn tree_heads(&self, below: u64, limit: usize) -> Result<Vec<(u64, String)>, Self::Failed>;

    /// Keeps the newest head a device has co-signed. Heads are many and the oldest go; this one stays.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_witnessed(&self, device: DeviceId, note: &str) -> Result<(), Self::Failed>;

    /// The newest head a device has co-signed.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn witnessed(&self, device: DeviceId) -> Result<Option<String>, Self::Failed>;

    /// Keeps what was permitted to a person on a device, in place of what was known.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_permitted(&self, whom: Whom, permitted: &[u8]) -> Result<(), Self::Failed>;

    /// What was permitted to a person on a device.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn permitted(&self, whom: Whom) -> Result<Option<Vec<u8>>, Self::Failed>;

    /// Events behind a place, in order, at most so many.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn logged_after(&self, after: Position, limit: usize) -> Result<Vec<Logged>, Self::Failed>;

    /// Notes which orders and packages an event is about.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Self::Failed>;

    /// Keeps an event that has no place. Returns whether it is new: the same one again is kept once.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn keep_aside(&self, aside: &Aside<'_>) -> Result<bool, Self::Failed>;

    /// Keeps an entity's latest version; no bytes: it is gone. The sum of its page follows.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Self::Failed>;

    /// Marks an entity as gone, if it is there. The sum of its page follows.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Self::Failed>;

    /// Everything there is, as the domain sees it.
    ///
    /// # Errors
    /// When the log cannot be read, or holds what was never written.
    fn load_ledger(&self) -> Result<Ledger, Self::Failed>;

    /// Rows changed after a place, oldest change first. A page never ends between rows of one change, so it
    /// may be a little shorter than `limit`, or longer when one change alone is. A reader at the very
    /// beginning gets no word of what is already gone.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Self::Failed>;

    /// The rows of one kind that are there and whose key is wanted, by key.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn rows_of(&self, kind: EntityKind, is_wanted: Wanted<'_>) -> Result<Vec<Row>, Self::Failed>;

    /// The sums of the view's pages.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn sums(&self) -> Result<Sums, Self::Failed>;

    /// The place before which what is gone can no longer be told.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn floor(&self) -> Result<Position, Self::Failed>;

    /// What went up to a place, first gone first, at most so many.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn gone(&self, through: Position, limit: usize) -> Result<Vec<Gone>, Self::Failed>;

    /// Forgets that these were ever there, and raises the floor to the last of them.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn forget(&self, gone: &[Gone]) -> Result<(), Self::Failed>;

    /// Keeps how far a device has read, in place of what was known.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_reader(&self, device: DeviceId, read: Position) -> Result<(), Self::Failed>;

    /// How far each device has read.
    ///
    /// # Errors
    /// When the log cannot be read.
    fn readers(&self) -> Result<BTreeMap<DeviceId, Position>, Self::Failed>;

    /// Puts sums in the place of all there are.
    ///
    /// # Errors
    /// When the log cannot be written.
    fn put_sums(&self, sums: &Sums) -> Result<(), Self::Failed>;
}

/// A log whose database is chosen at run time.
impl<L: Log + ?Sized> Log for Box<L> {
    type Failed = L::Failed;

    fn begin(&self) -> Result<Position, Self::Failed> {
        (**self).begin()
    }

    fn commit(&self) -> Result<(), Self::Failed> {
        (**self).commit()
    }

    fn rollback(&self) {
        (**self).rollback();
    }

    fn head(&self) -> Result<Position, Self::Failed> {
        (**self).head()
    }

    fn chain_head(&self, chain: ChainKey) -> Result<ChainHead, Self::Failed> {
        (**self).chain_head(chain)
    }

    fn last_chain(&self, device: DeviceId, save: Option<Epoch>) -> Result<LastChain, Self::Failed> {
        (**self).last_chain(device, save)
    }

    fn append(&self, new: &NewEvent<'_>) -> Result<(), Self::Failed> {
        (**self).append(new)
    }

    fn receipt(&self, chain: ChainKey, seq: u64) -> Result<Option<Receipt>, Self::Failed> {
        (**self).receipt(chain, seq)
    }

    fn put_node(&self, node: &Node) -> Result<(), Self::Failed> {
        (**self).put_node(node)
    }

    fn node(&self, level: u32, index: u64) -> Result<Option<Hash>, Self::Failed> {
        (**self).node(level, index)
    }

    fn put_tree_head(&self, size: u64, note: &str) -> Result<(), Self::Failed> {
        (**self).put_tree_head(size, note)
    }

    fn tree_heads(&self, below: u64, limit: usize) -> Result<Vec<(u64, String)>, Self::Failed> {
        (**self).tree_heads(below, limit)
    }

    fn put_witnessed(&self, device: DeviceId, note: &str) -> Result<(), Self::Failed> {
        (**self).put_witnessed(device, note)
    }

    fn witnessed(&self, device: DeviceId) -> Result<Option<String>, Self::Failed> {
        (**self).witnessed(device)
    }

    fn put_permitted(&self, whom: Whom, permitted: &[u8]) -> Result<(), Self::Failed> {
        (**self).put_permitted(whom, permitted)
    }

    fn permitted(&self, whom: Whom) -> Result<Option<Vec<u8>>, Self::Failed> {
        (**self).permitted(whom)
    }

    fn logged_after(&self, after: Position, limit: usize) -> Result<Vec<Logged>, Self::Failed> {
        (**self).logged_after(after, limit)
    }

    fn note_subjects(
        &self,
        position: Position,
        orders: &[OrderId],
        tags: &[PackageTag],
    ) -> Result<(), Self::Failed> {
        (**self).note_subjects(position, orders, tags)
    }

    fn keep_aside(&self, aside: &Aside<'_>) -> Result<bool, Self::Failed> {
        (**self).keep_aside(aside)
    }

    fn put_entity(
        &self,
        key: &EntityKey,
        changed: Position,
        bytes: Option<&[u8]>,
    ) -> Result<(), Self::Failed> {
        (**self).put_entity(key, changed, bytes)
    }

    fn bury_entity(&self, key: &EntityKey, changed: Position) -> Result<(), Self::Failed> {
        (**self).bury_entity(key, changed)
    }

    fn load_ledger(&self) -> Result<Ledger, Self::Failed> {
        (**self).load_ledger()
    }

    fn rows_after(&self, after: Position, limit: usize) -> Result<Page, Self::Failed> {
        (**self).rows_after(after, limit)
    }

    fn rows_of(&self, kind: EntityKind, is_wanted: Wanted<'_>) -> Result<Vec<Row>, Self::Failed> {
        (**self).rows_of(kind, is_wanted)
    }

    fn sums(&self) -> Result<Sums, Self::Failed> {
        (**self).sums()
    }

    fn put_sums(&self, sums: &Sums) -> Result<(), Self::Failed> {
        (**self).put_sums(sums)
    }

    fn floor(&self) -> Result<Position, Self::Failed> {
        (**self).floor()
    }

    fn gone(&self, through: Position, limit: usize) -> Result<Vec<Gone>, Self::Failed> {
        (**self).gone(through, limit)
    }

    fn forget(&self, gone: &[Gone]) -> Result<(), Self::Failed> {
        (**self).forget(gone)
    }

    fn put_reader(&self, device: DeviceId, read: Position) -> Result<(), Self::Failed> {
        (**self).put_reader(device, read)
    }

    fn readers(&self) -> Result<BTreeMap<DeviceId, Position>, Self::Failed> {
        (**self).readers()
    }
}
