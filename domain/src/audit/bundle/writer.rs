//! Record after record into a file.
//!
//! In: facts, heads, events and exceptions in their order, and the tree's nodes. Out: bytes to write behind those
//! before. Must not: hold more than one tile's events.

use sha2::{Digest as _, Sha256};

use super::{
    Entry, Facts, Head, MAGIC, Record, Scope, Seal, Spine, TILE_LEAVES, TILE_LEVEL, Tile, seal_hash,
};
use crate::audit::checkpoint::Note;
use crate::audit::merkle::{Nodes, inclusion_proof};
use crate::custody::exception::Exception;
use crate::id::Hash;

/// A node of the tree is not where it should be kept, or the first head is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingNode;

/// Writes one bundle. What it has made is fetched with [`Writer::take`].
#[derive(Debug)]
pub struct Writer<'a, N> {
    nodes: &'a N,
    scope: Scope,
    size: u64,
    waiting: Vec<Entry>,
    digest: Sha256,
    out: Vec<u8>,
    events: u64,
    exceptions: u64,
}

impl<'a, N: Nodes> Writer<'a, N> {
    /// Begins a bundle. The first head is the one everything is measured by.
    ///
    /// # Errors
    /// When there is no such head, or the nodes of its tree are not there.
    pub fn begin(facts: Facts, heads: Vec<Head>, nodes: &'a N) -> Result<Self, MissingNode> {
        let first = heads.first().ok_or(MissingNode)?;
        let note = Note::parse(&first.note).map_err(|_| MissingNode)?;
        let mut writer = Self {
            nodes,
            scope: facts.scope,
            size: note.checkpoint().size,
            waiting: Vec::new(),
            digest: Sha256::new(),
            out: Vec::new(),
            events: 0,
            exceptions: 0,
        };
        writer.add(MAGIC);
        writer.record(&Record::Facts(Box::new(facts)));
        for head in heads {
            writer.record(&Record::Head(head));
        }
        if writer.scope == Scope::Whole {
            let spine = writer.spine().ok_or(MissingNode)?;
            writer.record(&Record::Spine(spine));
        }
        Ok(writer)
    }

    /// Adds the next event.
    ///
    /// # Errors
    /// When nodes that prove it are not there.
    pub fn entry(&mut self, mut entry: Entry) -> Result<(), MissingNode> {
        self.events += 1;
        if self.scope == Scope::Whole {
            self.waiting.push(entry);
            if u64::try_from(self.waiting.len()) == Ok(TILE_LEAVES) {
                self.tile();
            }
            return Ok(());
        }
        let index = entry.position.0.checked_sub(1).ok_or(MissingNode)?;
        entry.proof = inclusion_proof(self.nodes, index, self.size).ok_or(MissingNode)?;
        self.record(&Record::Entry(Box::new(entry)));
        Ok(())
    }

    /// Adds the next exception; after the first there can be no more events.
    pub fn exception(&mut self, exception: Exception) {
        self.tile();
        self.exceptions += 1;
        self.record(&Record::Exception(Box::new(exception)));
    }

    /// Ends the bundle with the log's signature.
    #[must_use]
    pub fn finish(mut self, sign: impl FnOnce(&Hash) -> Vec<u8>) -> Vec<u8> {
        self.tile();
        let digest = Hash(self.digest.clone().finalize().into());
        let (events, exceptions) = (self.events, self.exceptions);
        let signature = sign(&seal_hash(&digest, events, exceptions));
        self.record(&Record::Seal(Seal {
            events,
            exceptions,
            signature,
        }));
        self.out
    }

    /// What was made since the last time.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    fn spine(&self) -> Option<Spine> {
        let full = self.size >> TILE_LEVEL;
        let tiles = (0..full).map(|index| self.nodes.node(TILE_LEVEL, index));
        let rest = (full << TILE_LEVEL..self.size).map(|index| self.nodes.node(0, index));
        Some(Spine {
            tiles: tiles.collect::<Option<_>>()?,
            rest: rest.collect::<Option<_>>()?,
        })
    }

    fn tile(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let entries = std::mem::take(&mut self.waiting);
        let leaves = entries.iter().map(|entry| entry.leaf().hash()).collect();
        self.record(&Record::Tile(Tile(leaves)));
        for entry in entries {
            self.record(&Record::Entry(Box::new(entry)));
        }
    }

    fn record(&mut self, record: &Record) {
        self.add(&record.to_bytes());
    }

    fn add(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.out.extend_from_slice(bytes);
    }
}
