//! A whole view on its way in, chunk by chunk.
//!
//! In: the word that there is a snapshot, its manifest, its chunks. Out: what to fetch and keep next. Must not: let go
//! of the view there is before the new one is whole, take bytes that are not the chunk's, ask for the same in vain
//! for ever, or keep own events waiting for a chunk.

use std::collections::BTreeSet;

use super::{Busy, DeviceSync, Effect, Input};
use crate::id::Hash;
use crate::ledger::EntityKind;
use crate::mutated;
use crate::sync::page::PageName;
use crate::sync::snapshot::{Chunk, Gone, Manifest};

/// Snapshots begun in vain before the view is fetched page by page.
const ROUNDS_MAX: u32 = 8;
/// Chunks under way at once: enough that a far server does not leave the line empty, few enough that a tablet
/// holds only so many in memory.
const CHUNKS_AT_ONCE_MAX: usize = 4;
/// Chunks of one snapshot that may come with other bytes before its manifest is asked for again: the server's own file
/// may be damaged.
const SPOILT_MAX: u32 = 4;

/// What there is of a snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct Arriving {
    stage: Stage,
    /// Chunks that are not on the device yet, in order.
    missing: Vec<Chunk>,
    /// Chunks that are being fetched or kept, also of a snapshot that was given up meanwhile: each reports back.
    under_way: BTreeSet<Hash>,
    /// Chunks that came with other bytes.
    spoilt: u32,
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
    /// Chunks are to be fetched, several at once.
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
        self.spoilt = 0;
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
        *self = Self {
            under_way: std::mem::take(&mut self.under_way),
            ..Self::default()
        };
    }

    /// Whether any chunk is being fetched or kept.
    fn has_chunks_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// The chunk of that hash, where it is still missing.
    fn wanted(&self, hash: Hash) -> Option<Chunk> {
        let mut missing = self.missing.iter();
        missing.find(|chunk| chunk.hash == hash).copied()
    }

    /// Asks for as many missing chunks as may be under way.
    fn fetch(&mut self, effects: &mut Vec<Effect>) {
        let free = match mutated("device_fetches_all_chunks_at_once") {
            true => usize::MAX,
            false => CHUNKS_AT_ONCE_MAX.saturating_sub(self.under_way.len()),
        };
        let is_under_way = |chunk: &&Chunk| {
            self.under_way.contains(&chunk.hash) && !mutated("device_fetches_what_is_on_its_way")
        };
        let idle = self.missing.iter().filter(|chunk| !is_under_way(chunk));
        let asked: Vec<Chunk> = idle.take(free).copied().collect();
        self.under_way.extend(asked.iter().map(|chunk| chunk.hash));
        effects.extend(asked.into_iter().map(Effect::FetchChunk));
    }

    /// Pages that must come whole beside what changed since the snapshot.
    pub(super) fn due(&self) -> impl Iterator<Item = PageName> {
        let is_due = self.customers_due && !mutated("device_forgets_customers");
        let kind = is_due.then_some(EntityKind::Customer);
        kind.into_iter().flat_map(PageName::all_of)
    }
}

impl DeviceSync {
    /// Takes the next step towards a snapshot. Whether one is under way.
    pub(super) fn fetch_snapshot(&mut self, effects: &mut Vec<Effect>) -> bool {
        let (busy, effect) = match &self.arriving.stage {
            Stage::Idle | Stage::Opened => return false,
            Stage::Fetching(_) if !self.arriving.missing.is_empty() => {
                self.arriving.fetch(effects);
                return true;
            }
            // What is under way reports back first: nothing that comes late is taken for a part of the next snapshot.
            _ if self.arriving.has_chunks_under_way() => return true,
            Stage::Wanted => (Busy::AskingSnapshot, Effect::AskSnapshot),
            Stage::Named(manifest) => {
                let chunks = manifest.chunks.clone();
                (Busy::LookingAtChunks, Effect::LookAtChunks(chunks))
            }
            Stage::Fetching(manifest) => {
                let chunks = manifest.chunks.clone();
                let effect = Effect::OpenSnapshot(chunks, manifest.sum);
                (Busy::OpeningSnapshot, effect)
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
        self.heard();
        true
    }

    fn heard(&mut self) {
        self.pull_wanted = true;
        self.answered = true;
        self.failures = 0;
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

    /// A chunk that came with other bytes counts as one that did not come.
    pub(super) fn checked(&mut self, input: Input) -> Input {
        let Input::Chunk(hash, bytes) = &input else {
            return input;
        };
        let chunk = self.arriving.wanted(*hash);
        if chunk.is_none_or(|chunk| chunk.is(bytes)) {
            return input;
        }
        self.arriving.spoilt += 1;
        if self.arriving.spoilt >= SPOILT_MAX {
            self.arriving.again();
        }
        Input::ChunkFailed(*hash)
    }

    pub(super) fn chunk_came(&mut self, hash: Hash, bytes: Vec<u8>, effects: &mut Vec<Effect>) {
        if !self.arriving.under_way.contains(&hash) {
            return;
        }
        match self.arriving.wanted(hash) {
            Some(chunk) => effects.push(Effect::KeepChunk(chunk, bytes)),
            // It is of a snapshot that was given up meanwhile.
            None => {
                self.arriving.under_way.remove(&hash);
            }
        }
        self.heard();
    }

    /// The server does not have that chunk: it made another snapshot meanwhile, or another node answered.
    pub(super) fn chunk_unknown(&mut self, hash: Hash) {
        if !self.arriving.under_way.remove(&hash) {
            return;
        }
        self.heard();
        if self.arriving.wanted(hash).is_some() {
            self.arriving.again();
        }
    }

    pub(super) fn chunk_kept(&mut self, hash: Hash) {
        if !self.arriving.under_way.remove(&hash) {
            return;
        }
        self.heard();
        let missing = &mut self.arriving.missing;
        match mutated("device_counts_chunks_without_names") {
            true => missing.truncate(missing.len().saturating_sub(1)),
            false => missing.retain(|chunk| chunk.hash != hash),
        }
    }

    /// A chunk did not come, or could not be kept. It alone is asked for again: with the next one that comes, or after
    /// a while when it was the last.
    pub(super) fn chunk_failed(&mut self, hash: Hash, random: u32, effects: &mut Vec<Effect>) {
        if !self.arriving.under_way.remove(&hash) {
            return;
        }
        if mutated("device_drops_the_others_when_a_chunk_fails") {
            self.arriving.under_way.clear();
        }
        if mutated("device_counts_a_chunk_that_failed") {
            self.arriving.missing.retain(|chunk| chunk.hash != hash);
        }
        self.pull_wanted = true;
        if self.busy == Busy::No && !self.arriving.has_chunks_under_way() {
            self.failed(random, effects);
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
