//! A whole view on its way in, chunk by chunk.
//!
//! In: the word that there is a snapshot, its manifest, its chunks. Out: what to fetch and keep next. Must not: let go
//! of the view there is before the new one is whole, take bytes that are not the chunk's, or ask for the same
//! in vain for ever.

use std::collections::{BTreeSet, VecDeque};

use super::{Busy, DeviceSync, Effect};
use crate::id::Hash;
use crate::ledger::EntityKind;
use crate::mutated;
use crate::sync::page::PageName;
use crate::sync::snapshot::{Chunk, Gone, Manifest};

/// Snapshots begun in vain before the view is fetched page by page.
const ROUNDS_MAX: u32 = 8;

/// What there is of a snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct Arriving {
    stage: Stage,
    missing: VecDeque<Chunk>,
    /// Snapshots begun since a view was last whole.
    rounds: u32,
    /// Customers are in no snapshot; they come with the pull that makes the view whole.
    pub(super) customers_due: bool,
}

#[derive(Clone, Debug, Default)]
enum Stage {
    /// None is wanted.
    #[default]
    Idle,
    /// The manifest is to be asked for.
    Wanted,
    /// What is here of it is to be looked at.
    Named(Manifest),
    /// Chunks are to be fetched.
    Fetching(Manifest),
    /// All are here; what changed since is being pulled.
    Opened,
}

impl Arriving {
    /// Whether the view shown is about to be replaced.
    pub(super) fn is_under_way(&self) -> bool {
        !matches!(self.stage, Stage::Idle)
    }

    /// Whether a snapshot is of any use.
    pub(super) fn takes_snapshots(&self) -> bool {
        self.rounds < ROUNDS_MAX
    }

    /// Begins again with the manifest, or gives snapshots up.
    fn again(&mut self) {
        self.rounds += 1;
        self.missing.clear();
        self.customers_due = false;
        self.stage = match self.takes_snapshots() {
            true => Stage::Wanted,
            false => Stage::Idle,
        };
    }

    /// Nobody said which snapshot there is. The next pull tells whether there still is one.
    pub(super) fn not_named(&mut self) {
        self.again();
        self.stage = Stage::Idle;
    }

    /// The view is whole.
    pub(super) fn is_whole(&mut self) {
        *self = Self::default();
    }

    /// Pages that must come whole beside what changed since the snapshot.
    pub(super) fn due(&self) -> impl Iterator<Item = PageName> {
        let is_due = self.customers_due && !mutated("device_forgets_customers");
        let kind = is_due.then_some(EntityKind::Customer);
        kind.into_iter().flat_map(PageName::all_of)
    }
}

impl DeviceSync {
    /// Takes the next step towards a snapshot. Whether there was one.
    pub(super) fn fetch_snapshot(&mut self, effects: &mut Vec<Effect>) -> bool {
        let (busy, effect) = match (&self.arriving.stage, self.arriving.missing.front()) {
            (Stage::Idle | Stage::Opened, _) => return false,
            (Stage::Wanted, _) => (Busy::AskingSnapshot, Effect::AskSnapshot),
            (Stage::Named(manifest), _) => {
                let chunks = manifest.chunks.clone();
                (Busy::LookingAtChunks, Effect::LookAtChunks(chunks))
            }
            (Stage::Fetching(_), Some(chunk)) => (Busy::FetchingChunk, Effect::FetchChunk(*chunk)),
            (Stage::Fetching(manifest), None) => {
                let chunks = manifest.chunks.clone();
                (Busy::OpeningSnapshot, Effect::OpenSnapshot(chunks))
            }
        };
        self.busy = busy;
        effects.push(effect);
        true
    }

    /// There is a snapshot instead of a page.
    pub(super) fn told_gone(&mut self, gone: Gone) {
        if self.busy != Busy::Pulling {
            return;
        }
        self.came(Busy::Pulling);
        if self.compares_ends_first(gone.incarnation) {
            return;
        }
        self.pull_wanted = true;
        if self.arriving.is_under_way() {
            // What was fetched is itself too old by now, and a pull from its moment would bring changes without customers.
            self.fetch_all();
            self.arriving.again();
        } else {
            self.arriving.stage = Stage::Wanted;
        }
    }

    /// An answer came to what was asked.
    fn came(&mut self, asked: Busy) -> bool {
        if self.busy != asked {
            return false;
        }
        self.busy = Busy::No;
        self.pull_wanted = true;
        self.answered = true;
        self.failures = 0;
        true
    }

    pub(super) fn snapshot_named(&mut self, manifest: Manifest) {
        if !self.came(Busy::AskingSnapshot) {
            return;
        }
        // It may be of another life than the one that named it: then what that one lacks is looked for first, and the
        // manifest asked for once more.
        if !self.compares_ends_first(manifest.at.incarnation) {
            self.arriving.stage = Stage::Named(manifest);
        }
    }

    pub(super) fn chunks_here(&mut self, here: &BTreeSet<Hash>) {
        if !self.came(Busy::LookingAtChunks) {
            return;
        }
        let stage = std::mem::take(&mut self.arriving.stage);
        if let Stage::Named(manifest) = stage {
            let chunks = manifest.chunks.iter().copied();
            let is_missing = |chunk: &Chunk| {
                !here.contains(&chunk.hash) || mutated("device_fetches_chunks_twice")
            };
            let is_last = |chunk: &Chunk| Some(chunk) == manifest.chunks.last();
            let skips_last = mutated("device_opens_before_the_last_chunk");
            self.arriving.missing = chunks
                .filter(is_missing)
                .filter(|chunk| !(skips_last && is_last(chunk)))
                .collect();
            self.arriving.stage = Stage::Fetching(manifest);
        }
    }

    /// Whether these are the bytes that were asked for. Others count as no answer, and the manifest is asked for again:
    /// the server's file may be damaged.
    pub(super) fn is_chunk(&mut self, bytes: &[u8]) -> bool {
        // None is missing where the view was thrown away meanwhile: nobody keeps what comes.
        let chunk = self.arriving.missing.front();
        let is_right = chunk.is_none_or(|chunk| chunk.is(bytes));
        if !is_right && self.busy == Busy::FetchingChunk {
            self.arriving.again();
        }
        is_right
    }

    pub(super) fn chunk_came(&mut self, bytes: Vec<u8>, effects: &mut Vec<Effect>) {
        if !self.came(Busy::FetchingChunk) {
            return;
        }
        if let Some(chunk) = self.arriving.missing.front() {
            self.busy = Busy::KeepingChunk;
            effects.push(Effect::KeepChunk(*chunk, bytes));
        }
    }

    /// The server does not have that chunk: it made another snapshot meanwhile, or another node answered.
    pub(super) fn chunk_unknown(&mut self) {
        if self.came(Busy::FetchingChunk) {
            self.arriving.again();
        }
    }

    pub(super) fn chunk_kept(&mut self) {
        if self.came(Busy::KeepingChunk) {
            self.arriving.missing.pop_front();
        }
    }

    pub(super) fn snapshot_opened(&mut self, is_whole: bool) {
        if !self.came(Busy::OpeningSnapshot) {
            return;
        }
        let Stage::Fetching(manifest) = &self.arriving.stage else {
            return;
        };
        if is_whole {
            self.cursor = manifest.at;
            self.arriving.customers_due = true;
            self.arriving.stage = Stage::Opened;
        } else {
            self.arriving.again();
        }
    }
}
