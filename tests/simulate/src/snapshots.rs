//! Snapshots a node has at hand, and what the shop lets go of.
//!
//! In: asks for a snapshot, for a chunk. Out: what the node has. Must not: share one between nodes; each makes its own.

use domain::id::{DeviceId, Hash, Position};
use domain::sync::message::Incarnation;
use domain::sync::server::log::Log as _;
use domain::sync::server::snapshot::{self, Limits, Made, Now};
use domain::sync::snapshot::Manifest;

use crate::dice::Dice;
use crate::server::{Mishap, Server};
use crate::shop::STORE;

/// Milliseconds what is gone is told of: minutes instead of months.
const TOLD: i64 = 60_000;
/// Gone rows that are forgotten at once at most.
const SWEPT_MAX: usize = 3;

/// What one node has.
pub(crate) type Shelf = Option<Made>;

/// Limits of one world: in half of all nobody gets a snapshot.
pub(crate) fn limits(seed: u64) -> Limits {
    let mut dice = Dice::new(seed ^ 0x0005_a905);
    Limits {
        rows: if dice.per_mille(500) { 4 } else { usize::MAX },
        chunk_bytes: 300 + dice.index(2_000),
        changes: 1 + dice.below(30),
        age: 1_000 + i64::try_from(dice.below(90_000)).unwrap_or(0),
    }
}

impl Server {
    /// The snapshot a node gives out, made anew where the last one no longer serves.
    pub fn snapshot(&mut self, node: usize) -> Option<Manifest> {
        let (life, limits) = (self.incarnation(), self.limits);
        let now = Now {
            head: self.head(),
            floor: self.log.floor().ok()?,
            time: self.time(),
        };
        let shelf = self.shelf(node);
        let serves = |made: &&Made| limits.is_fresh(&made.manifest, life, now);
        if let Some(made) = shelf.as_ref().filter(serves) {
            return Some(made.manifest.clone());
        }
        let made = snapshot::make(&self.log, STORE, life, limits, now.time).ok()?;
        let manifest = made.manifest.clone();
        *self.shelf(node) = Some(made);
        Some(manifest)
    }

    /// A chunk, where the node has it.
    pub fn chunk(&mut self, node: usize, hash: Hash) -> Option<Vec<u8>> {
        let made = self.shelf(node).as_ref()?;
        let mut chunks = made.manifest.chunks.iter().zip(&made.chunks);
        let found = chunks.find(|(chunk, _)| chunk.hash == hash)?;
        Some(found.1.clone())
    }

    /// Somebody empties every node's folder of snapshots.
    pub fn clear_shelves(&mut self) {
        for node in 0..2 {
            *self.shelf(node) = None;
        }
    }

    /// Forgets what is gone and known to all. Returns how far devices had read, and what was forgotten up to.
    pub fn sweep(&mut self, node: usize, mishap: Mishap) -> Option<Position> {
        self.change(node, mishap, |writer| writer.sweep(TOLD, SWEPT_MAX))?;
        self.log.floor().ok()
    }

    /// When what was forgotten last had gone, if that is known.
    #[must_use]
    pub fn forgotten_at(&self) -> Option<i64> {
        let floor = self.log.floor().ok()?.0;
        let index = usize::try_from(floor).ok()?.checked_sub(1)?;
        self.log
            .look(|content| content.events.get(index).map(|entry| entry.recorded_at))
    }

    /// Whether what is gone was told long enough.
    #[must_use]
    pub fn told_long_enough(&self, at: i64) -> bool {
        self.time() - at >= TOLD
    }

    /// How far a device said it had read.
    #[must_use]
    pub fn read_by(&self, device: DeviceId) -> Position {
        let readers = self.log.readers().unwrap_or_default();
        readers.get(&device).copied().unwrap_or_default()
    }

    /// Whether a life is this one.
    #[must_use]
    pub fn is_this_life(&self, life: Incarnation) -> bool {
        life == self.incarnation()
    }
}
