//! The tree over a store's log: RFC 6962, with SHA-256.
//!
//! In: one leaf per event, in the order of the log. Out: a root that stands for all of them, and the complete
//! subtrees a log keeps to prove things later. Must not: need more than the tree's right edge to go on.
//!
//! A leaf is `SHA-256(0x00 ‖ data)` and an inner node `SHA-256(0x01 ‖ left ‖ right)`, as the RFC says. What it
//! leaves open is the data of a leaf. Here it is, one behind the other and without gaps:
//!
//! | bytes | what |
//! |---|---|
//! | 15 | the text `custody-leaf-1` and a line feed |
//! | 32 | hash of the event, [`crate::event::event_hash`] |
//! | 32 | hash of the decision, [`decision_hash`] |
//! | 8 | position in the log, big-endian |
//! | 8 | the server's clock in milliseconds since 1970, big-endian, two's complement |
//!
//! The event at position 1 is leaf 0.

use minicbor::{Decode, Encode};

use crate::event::{Unreadable, decode, encode};
use crate::id::{Hash, Position};
use crate::sync::message::{Outcome, Recorded};

/// What is proved with a tree, and how it is checked.
mod proof;

pub use proof::{consistency_proof, inclusion_proof, is_consistent, is_included, range_root};

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];
const LEAF_DOMAIN: &[u8] = b"custody-leaf-1\n";
const DECISION_DOMAIN: &[u8] = b"custody-decision-1\n";

/// What the log says of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Hash of what was signed.
    pub event: Hash,
    /// Hash of what became of it.
    pub decision: Hash,
    /// Its place.
    pub position: Position,
    /// The server's clock when it was recorded.
    pub recorded_at: i64,
}

impl Leaf {
    /// The leaf of a recorded event.
    #[must_use]
    pub fn of(recorded: &Recorded) -> Self {
        Self {
            event: recorded.event.hash(),
            decision: decision_hash(&recorded.outcome),
            position: recorded.position,
            recorded_at: recorded.recorded_at,
        }
    }

    /// Its hash in the tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[
            LEAF,
            LEAF_DOMAIN,
            &self.event.0,
            &self.decision.0,
            &self.position.0.to_be_bytes(),
            &self.recorded_at.to_be_bytes(),
        ])
    }
}

/// The hash of what became of an event, over the outcome as the log keeps it.
#[must_use]
pub fn decision_hash(outcome: &Outcome) -> Hash {
    Hash::of(&[DECISION_DOMAIN, &encode(outcome)])
}

/// The hash of an inner node.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(&[NODE, &left.0, &right.0])
}

/// The root of a tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// A complete subtree. It never changes again, so a log can keep it for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// 0 for a leaf; a node of level 8 stands for 256 leaves.
    pub level: u32,
    /// Which one of its level, from the left.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// Where complete subtrees are kept.
pub trait Nodes {
    /// The hash of a complete subtree; `None` when it is not complete or not kept.
    fn node(&self, level: u32, index: u64) -> Option<Hash>;
}

/// The right edge of a tree: all that is needed to add leaves and know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Frontier {
    #[n(0)]
    size: u64,
    /// Complete subtrees from left to right, one per bit that is set in the size.
    #[n(1)]
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The right edge of a tree whose nodes are kept; `None` when some are missing.
    #[must_use]
    pub fn of(nodes: &impl Nodes, size: u64) -> Option<Self> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            peaks.push(nodes.node(level, start >> level)?);
            start += 1 << level;
        }
        Some(Self { size, peaks })
    }

    /// Its bytes, as a log keeps them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads one.
    ///
    /// # Errors
    /// When the bytes are no right edge of any tree.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let read: Self = decode(bytes)?;
        if usize::try_from(read.size.count_ones()) == Ok(read.peaks.len()) {
            Ok(read)
        } else {
            Err(Unreadable::Malformed)
        }
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether a log still has the last subtree before this edge. One look tells a log that was set back, whatever
    /// was added to it since.
    pub(crate) fn still_ends(&self, nodes: &impl Nodes) -> bool {
        let level = self.size.trailing_zeros();
        let has = |peak: &Hash| nodes.node(level, (self.size >> level) - 1) == Some(*peak);
        self.peaks.last().is_none_or(has)
    }

    /// Adds a leaf. Returns the subtrees it completes, itself first: two on average.
    pub fn append(&mut self, leaf: Hash) -> Vec<Node> {
        self.append_subtree(0, leaf)
    }

    /// Adds a complete subtree, where the tree's size lets one of that level begin.
    pub(crate) fn append_subtree(&mut self, level: u32, hash: Hash) -> Vec<Node> {
        let index = self.size >> level;
        assert_eq!(index << level, self.size, "BUG: a subtree begins askew");
        let mut node = Node { level, index, hash };
        let mut completed = vec![node];
        while node.index & 1 == 1 {
            let left = self.peaks.pop().expect("BUG: a right child has a left one");
            node = Node {
                level: node.level + 1,
                index: node.index >> 1,
                hash: node_hash(&left, &node.hash),
            };
            completed.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1 << level;
        completed
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.peaks.iter().rev().copied();
        joined
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }
}

/// A whole tree in memory, for logs that fit there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Adds a leaf.
    pub fn append(&mut self, leaf: Hash) {
        for (level, node) in self.frontier.append(leaf).into_iter().enumerate() {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(node.hash);
        }
    }

    /// Its right edge.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }
}

impl Nodes for Tree {
    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        let level = self.levels.get(usize::try_from(level).ok()?)?;
        level.get(usize::try_from(index).ok()?).copied()
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }
}
