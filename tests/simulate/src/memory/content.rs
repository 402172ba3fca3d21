//! What a log in memory holds.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::custody::exception::{Exception, Rule};
use domain::event::{SignedEvent, encode};
use domain::id::{DeviceId, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::message::{Outcome, QuarantineReason};
use domain::sync::page::Sums;
use domain::sync::server::log::{ChainHead, ChainKey, Whom};

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

pub(super) type EntityRow = (Position, Option<Rc<Vec<u8>>>);
type Subjects = (Vec<OrderId>, Vec<PackageTag>);

/// All that lasts.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The log; the first entry has position 1.
    pub events: Vec<Entry>,
    pub(super) chains: BTreeMap<ChainKey, ChainHead>,
    pub(super) places: BTreeMap<(ChainKey, u64), usize>,
    /// What has no place, and why.
    pub aside: BTreeMap<(ChainKey, u64, Hash), QuarantineReason>,
    pub(super) nodes: BTreeMap<(u32, u64), Hash>,
    /// Signed heads by size.
    pub heads: BTreeMap<u64, String>,
    /// The newest head each device has co-signed.
    pub witnessed: BTreeMap<DeviceId, String>,
    /// Orders and packages by which each entry is found.
    pub subjects: BTreeMap<Position, Rc<Subjects>>,
    pub(super) entities: BTreeMap<EntityKey, EntityRow>,
    pub(super) changes: BTreeSet<(Position, EntityKey)>,
    pub(super) sums: Sums,
    pub(super) floor: Position,
    pub(super) readers: BTreeMap<DeviceId, Position>,
    pub(super) permits: BTreeMap<Whom, Vec<u8>>,
}

impl Content {
    /// The rule of each exception there ever was.
    #[must_use]
    pub fn exceptions(&self) -> BTreeMap<u64, Rule> {
        let mut rules = BTreeMap::new();
        for (_, (_, bytes)) in self.of_kind(EntityKind::Exception) {
            if let Some(bytes) = bytes
                && let Ok(exception) = minicbor::decode::<Exception>(bytes)
            {
                rules.insert(exception.number, exception.rule);
            }
        }
        rules
    }

    /// The rows of a kind, by key, also of what is gone.
    pub(super) fn of_kind(
        &self,
        kind: EntityKind,
    ) -> impl Iterator<Item = (&EntityKey, &EntityRow)> {
        let first = EntityKey {
            kind,
            id: Vec::new(),
        };
        let from = self.entities.range(first..);
        from.take_while(move |(key, _)| key.kind == kind)
    }

    /// What stands in the row about a thing.
    pub(crate) fn row<T: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        kind: EntityKind,
        id: &impl minicbor::Encode<()>,
    ) -> Option<T> {
        let id = encode(id);
        let (_, bytes) = self.entities.get(&EntityKey { kind, id })?;
        minicbor::decode(bytes.as_deref()?).ok()
    }

    /// Whether there is a row about a thing.
    #[must_use]
    pub fn has(&self, kind: EntityKind, id: &impl minicbor::Encode<()>) -> bool {
        let id = encode(id);
        let row = self.entities.get(&EntityKey { kind, id });
        row.is_some_and(|(_, bytes)| bytes.is_some())
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
        let rows = self.of_kind(EntityKind::Customer);
        let shown = rows.filter(|(_, (_, bytes))| bytes.is_some());
        shown
            .filter_map(|(key, _)| minicbor::decode(&key.id).ok())
            .collect()
    }

    /// Takes a row away as if it had never been there.
    pub(super) fn take_away(&mut self, key: &EntityKey) {
        if let Some((changed, bytes)) = self.entities.remove(key) {
            let bytes = bytes.as_deref().map(Vec::as_slice);
            self.sums.change(key, bytes, None);
            self.changes.remove(&(changed, key.clone()));
        }
    }

    pub(super) fn put(&mut self, key: &EntityKey, row: EntityRow) -> Option<EntityRow> {
        self.changes.insert((row.0, key.clone()));
        let before = self.entities.insert(key.clone(), row.clone());
        let old = before.as_ref().and_then(|(_, bytes)| bytes.as_deref());
        let (old, new) = (old.map(Vec::as_slice), row.1.as_deref());
        self.sums.change(key, old, new.map(Vec::as_slice));
        if let Some(before) = &before
            && before.0 != row.0
        {
            self.changes.remove(&(before.0, key.clone()));
        }
        before
    }
}
