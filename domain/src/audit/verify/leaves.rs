//! Is it in the tree?
//!
//! In: the root, and the hashes that lead to it. Out: whether an entry is the leaf it claims to be. Must not:
//! believe a hash that does not lead to the root.

use crate::audit::bundle::{Entry, Spine, TILE_LEAVES, TILE_LEVEL};
use crate::audit::merkle::{Frontier, Leaf, is_included};
use crate::id::Hash;

/// The tree as far as it is known.
#[derive(Debug)]
pub(super) struct Leaves {
    size: u64,
    root: Hash,
    /// Known in a whole log.
    spine: Option<Spine>,
    /// The first leaf of the tile at hand.
    first: u64,
    tile: Vec<Hash>,
}

impl Leaves {
    pub(super) fn new(size: u64, root: Hash) -> Self {
        Self {
            size,
            root,
            spine: None,
            first: 0,
            tile: Vec::new(),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Takes the spine in; says whether it leads to the root.
    pub(super) fn spine(&mut self, spine: Spine) -> bool {
        let mut edge = Frontier::default();
        for tile in &spine.tiles {
            edge.append_subtree(TILE_LEVEL, *tile);
        }
        for leaf in &spine.rest {
            edge.append(*leaf);
        }
        let leads = edge.size() == self.size && edge.root() == self.root;
        // As many loose leaves as make a tile would have to be one.
        let is_shortest = u64::try_from(spine.rest.len()).is_ok_and(|rest| rest < TILE_LEAVES);
        self.spine = Some(spine);
        leads && is_shortest
    }

    /// Takes the tile in that begins with a leaf; says whether it leads to the root.
    pub(super) fn tile(&mut self, first: u64, tile: Vec<Hash>) -> bool {
        let is_new = self.tile.is_empty() || self.first != first;
        let is_next = first.is_multiple_of(TILE_LEAVES) && is_new;
        let Some(spine) = self.spine.as_ref().filter(|_| is_next) else {
            return false;
        };
        let index = usize::try_from(first >> TILE_LEVEL).unwrap_or(usize::MAX);
        let leads = match spine.tiles.get(index) {
            Some(known) => {
                let mut edge = Frontier::default();
                for leaf in &tile {
                    edge.append(*leaf);
                }
                edge.size() == TILE_LEAVES && edge.root() == *known
            }
            None => index == spine.tiles.len() && !tile.is_empty() && tile == spine.rest,
        };
        self.first = first;
        self.tile = tile;
        leads
    }

    /// Whether the tree has exactly this at this position. `leaf` is the entry's own.
    pub(super) fn holds(&self, entry: &Entry, leaf: &Leaf) -> bool {
        let Some(index) = entry.position.0.checked_sub(1) else {
            return false;
        };
        let leaf = leaf.hash();
        if self.spine.is_none() {
            return is_included(&leaf, index, self.size, &entry.proof, &self.root);
        }
        let in_tile = index.checked_sub(self.first);
        let in_tile = in_tile.and_then(|at| usize::try_from(at).ok());
        let known = in_tile.and_then(|at| self.tile.get(at));
        entry.proof.is_empty() && known == Some(&leaf)
    }
}
