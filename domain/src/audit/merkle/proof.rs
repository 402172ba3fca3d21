//! What a tree proves: that a leaf is in it, and that an older tree is its beginning.
//!
//! In: complete subtrees, to make a proof; a proof and two roots, to check one. Out: few hashes, or yes or no.
//! Must not: believe a proof that has a hash too many.

use super::{Nodes, empty_root, node_hash};
use crate::id::Hash;

/// The root of the leaves from `start` to before `end`; `start` must be where a subtree of that size begins.
#[must_use]
pub fn range_root(nodes: &impl Nodes, start: u64, end: u64) -> Option<Hash> {
    let size = end.checked_sub(start)?;
    if size == 0 {
        return (start == 0).then(empty_root);
    }
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return nodes.node(level, start >> level);
    }
    let middle = start + split(size);
    let left = range_root(nodes, start, middle)?;
    let right = range_root(nodes, middle, end)?;
    Some(node_hash(&left, &right))
}

/// The hashes that lead from leaf `index` to the root of the first `size` leaves; `None` when the tree has no
/// such leaf, or nodes are missing.
#[must_use]
pub fn inclusion_proof(nodes: &impl Nodes, index: u64, size: u64) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Some(proof)
}

/// The hashes that show the first `older` leaves to be the beginning of the first `newer`; `None` when they
/// are more, or nodes are missing.
#[must_use]
pub fn consistency_proof(nodes: &impl Nodes, older: u64, newer: u64) -> Option<Vec<Hash>> {
    if older > newer {
        return None;
    }
    let mut proof = Vec::new();
    if older == 0 || older == newer {
        return Some(proof);
    }
    let (mut start, mut end) = (0, newer);
    while older != end {
        let middle = start + split(end - start);
        if older <= middle {
            proof.push(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    // The whole older tree is known to whoever asks; a part of it has to be said.
    if start > 0 {
        proof.push(range_root(nodes, start, end)?);
    }
    proof.reverse();
    Some(proof)
}

/// Whether a leaf's hash is leaf `index` of the tree with this size and root.
#[must_use]
pub fn is_included(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut way = Way {
        at: index,
        last: size - 1,
    };
    let mut hash = *leaf;
    for beside in proof {
        if way.last == 0 {
            return false;
        }
        hash = if way.goes_left() {
            node_hash(beside, &hash)
        } else {
            node_hash(&hash, beside)
        };
        way.up();
    }
    way.last == 0 && hash == *root
}

/// Whether the tree with `older` leaves is the beginning of the one with `newer`.
#[must_use]
pub fn is_consistent(
    older: u64,
    older_root: &Hash,
    newer: u64,
    newer_root: &Hash,
    proof: &[Hash],
) -> bool {
    if older == newer {
        return proof.is_empty() && older_root == newer_root;
    }
    if older == 0 {
        return proof.is_empty() && *older_root == empty_root();
    }
    if older > newer {
        return false;
    }
    let mut way = Way {
        at: older - 1,
        last: newer - 1,
    };
    while way.at & 1 == 1 {
        way.up();
    }
    // A complete subtree is its own proof, and left out.
    let (first, rest) = match proof {
        _ if older.is_power_of_two() => (older_root, proof),
        [first, rest @ ..] => (first, rest),
        [] => return false,
    };
    let (mut old, mut new) = (*first, *first);
    for beside in rest {
        if way.last == 0 {
            return false;
        }
        if way.goes_left() {
            old = node_hash(beside, &old);
            new = node_hash(beside, &new);
        } else {
            new = node_hash(&new, beside);
        }
        way.up();
    }
    way.last == 0 && old == *older_root && new == *newer_root
}

/// The way from a leaf to the root: where it is on its level, and where the level ends.
struct Way {
    at: u64,
    last: u64,
}

impl Way {
    /// Whether the next hash stands to the left. A node at the end of its level without one to its right goes up
    /// as it is until it is a right child.
    fn goes_left(&mut self) -> bool {
        if self.at & 1 == 1 {
            return true;
        }
        if self.at != self.last {
            return false;
        }
        while self.at & 1 == 0 && self.at != 0 {
            self.up();
        }
        true
    }

    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }
}

/// The largest power of two below a size of at least two.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
