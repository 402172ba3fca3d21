//! History, changed by whoever runs the server: the events, and the tree over them, as if it had always been so.
//!
//! In: a log, a place. Out: another log that is whole in itself. Must not: leave anything by which the log alone would
//! tell; only those who have seen it before can.

use std::collections::BTreeMap;

use domain::audit::merkle::{Frontier, Leaf, decision_hash};
use domain::id::Position;

use super::{Content, Entry};

/// How history is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Falsified {
    /// An event is dated otherwise.
    Altered,
    /// Two events change places.
    Swapped,
    /// An event was never there.
    Dropped,
    /// An event is there once more.
    Inserted,
}

impl Content {
    /// Changes history at an event and grows the tree anew. Heads that would tell are gone.
    pub fn falsify(&mut self, how: Falsified, at: usize) {
        let last = self.events.len().saturating_sub(1);
        let Some(entry) = self.events.get(at).cloned() else {
            return;
        };
        match how {
            Falsified::Swapped if at < last => self.events.swap(at, at + 1),
            Falsified::Dropped if at < last => {
                self.events.remove(at);
                self.places.remove(&(entry.chain, entry.seq));
            }
            Falsified::Inserted => self.events.insert(at, entry),
            Falsified::Altered | Falsified::Swapped | Falsified::Dropped => {
                self.events[at].recorded_at += 1;
            }
        }
        for (index, entry) in self.events.iter().enumerate() {
            self.places.insert((entry.chain, entry.seq), index);
        }
        let first = u64::try_from(at).unwrap_or(u64::MAX);
        self.heads.retain(|size, _| *size <= first);
        self.witnessed.clear();
        self.grow_tree();
    }

    fn grow_tree(&mut self) {
        self.nodes.clear();
        let mut edge = Frontier::default();
        for (position, entry) in (1..).map(Position).zip(&self.events) {
            for node in edge.append(leaf(position, entry).hash()) {
                self.nodes.insert((node.level, node.index), node.hash);
            }
        }
    }
}

/// Puts a value back, or takes away what was not there.
pub(super) fn set<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}

fn leaf(position: Position, entry: &Entry) -> Leaf {
    Leaf {
        event: entry.hash,
        decision: decision_hash(&entry.outcome),
        position,
        recorded_at: entry.recorded_at,
    }
}
