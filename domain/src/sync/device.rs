//! The device's end of the protocol: when to push, when to pull, what to keep.
//!
//! A state machine: inputs in, effects out. The browser and the simulator perform the same effects.
//! Must not: send an event before it is kept, drop one before its receipt is kept, or stop trying.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{DeviceId, Epoch};
use crate::mutated;
use crate::sync::message::{Cursor, Incarnation};

/// A whole view on its way in.
mod arrive;
/// What the server has into the view, and whether the view is that.
mod pull;
/// What was saved to the server, and what its answers mean.
mod push;
/// What happens to the machine, and what it wants done.
mod steps;
/// What the device's storage must be able to do.
pub mod store;

use arrive::Arriving;
use pull::Reading;
pub use steps::{Acknowledged, Effect, Input, OutboxEntry, Report};

/// Wait before the first new try after a failure, in milliseconds.
const RETRY_FIRST: u32 = 1_000;
/// Longest wait between tries, in milliseconds.
const RETRY_MAX: u32 = 60_000;
/// Wait between two rounds when all is well, in milliseconds: a lost hint costs no more than this.
const ROUND: u32 = 15_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Busy {
    No,
    Pushing,
    KeepingReceipts,
    Pulling,
    KeepingView,
    Comparing,
    AskingSums,
    AskingSnapshot,
    LookingAtChunks,
    OpeningSnapshot,
    Rereading,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct DeviceSync {
    device: DeviceId,
    build: String,
    outbox: VecDeque<OutboxEntry>,
    cursor: Cursor,
    loaded: bool,
    busy: Busy,
    pull_wanted: bool,
    more: bool,
    failures: u32,
    answered: bool,
    acknowledged: BTreeMap<Epoch, Acknowledged>,
    waiting: Option<Vec<Acknowledged>>,
    stalled: bool,
    /// Chains whose end at the server has to be asked for.
    doubted: BTreeSet<Epoch>,
    /// Chains in the push under way.
    asked: BTreeSet<Epoch>,
    /// Chains of which the server lacks events that were at it before, and the first of these.
    lost: BTreeMap<Epoch, u64>,
    /// Chains with a hole: the first number the server lacks and the device no longer has.
    torn: BTreeMap<Epoch, u64>,
    /// Chains that followed such a one: the server is told that the rest is lost.
    bereft: BTreeSet<Epoch>,
    /// The life of the log with which every chain was compared since the view was last kept.
    compared: Option<Incarnation>,
    /// The view was thrown away while rows for it were being kept.
    forgotten: bool,
    /// Whether the view is what the server says it should be.
    reading: Reading,
    /// A snapshot on its way.
    arriving: Arriving,
}

impl DeviceSync {
    /// A machine that has not read its storage yet.
    #[must_use]
    pub fn new(device: DeviceId, build: String) -> Self {
        Self {
            device,
            build,
            outbox: VecDeque::new(),
            cursor: Cursor::default(),
            loaded: false,
            busy: Busy::No,
            pull_wanted: true,
            more: false,
            failures: 0,
            answered: false,
            acknowledged: BTreeMap::new(),
            waiting: None,
            stalled: false,
            doubted: BTreeSet::new(),
            asked: BTreeSet::new(),
            lost: BTreeMap::new(),
            torn: BTreeMap::new(),
            bereft: BTreeSet::new(),
            compared: None,
            forgotten: false,
            reading: Reading::default(),
            arriving: Arriving::default(),
        }
    }

    /// The view's cursor.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Whether the view is not what it should be, and fetching all of it did not help.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.reading.is_given_up()
    }

    /// Events not yet at the server.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// These events, in the order in which they are sent.
    pub fn waiting(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.outbox.iter()
    }

    /// Up to where a chain is at the server.
    #[must_use]
    pub fn acknowledged(&self, epoch: Epoch) -> Option<Acknowledged> {
        self.acknowledged.get(&epoch).copied()
    }

    /// Takes what happened, and says what to do. `random` spreads the tries of many devices.
    pub fn step(&mut self, input: Input, random: u32) -> Vec<Effect> {
        let mut effects = Vec::new();
        let input = self.checked(input);
        let goes_on = !matches!(input, Input::Failed | Input::ChunkFailed(_));
        match input {
            Input::Acknowledged(chains) => {
                let chains = chains.into_iter().map(|done| (done.epoch, done));
                self.acknowledged.extend(chains);
            }
            Input::Loaded { outbox, cursor } => {
                self.outbox = outbox.into();
                self.cursor = cursor;
                self.loaded = true;
            }
            Input::Kept(_) if mutated("device_forgets_what_was_kept") => {}
            Input::Kept(entry) => self.outbox.push_back(entry),
            Input::Wake => {
                self.pull_wanted = true;
                self.failures = 0;
                self.stalled = false;
                self.torn.clear();
            }
            Input::Timer => {
                self.pull_wanted = true;
                self.stalled &= mutated("device_stays_stalled");
            }
            Input::Pushed(answer) => self.pushed(&answer, &mut effects),
            Input::ReceiptsKept => self.receipts_kept(),
            Input::Pulled(answer) => self.pulled(answer, &mut effects),
            Input::ViewKept(cursor) => self.view_kept(cursor, &mut effects),
            Input::Compared(is_same) => self.compared(is_same),
            Input::Sums(answer) => self.summed(answer, &mut effects),
            Input::Differing(pages) => self.differing(pages),
            Input::Gone(gone) => self.told_gone(gone),
            Input::Snapshot(manifest) => self.snapshot_named(manifest),
            Input::ChunksHere(here) => self.chunks_here(&here),
            Input::Chunk(hash, bytes) => self.chunk_came(hash, bytes, &mut effects),
            Input::ChunkUnknown(hash) => self.chunk_unknown(hash),
            Input::ChunkKept(hash) => self.chunk_kept(hash),
            Input::ChunkFailed(hash) => self.chunk_failed(hash, random, &mut effects),
            Input::SnapshotOpened(is_whole) => self.snapshot_opened(is_whole),
            Input::ViewForgotten(_) if mutated("device_keeps_the_cursor_of_a_lost_view") => {}
            Input::ViewForgotten(cursor) => {
                self.cursor = cursor;
                self.pull_wanted = true;
                self.reading.begin();
                self.arriving.is_whole();
                self.forgotten = matches!(self.busy, Busy::KeepingView | Busy::Comparing);
            }
            Input::Failed => self.failed(random, &mut effects),
            Input::Doubted => self.doubted.extend(self.acknowledged.keys()),
            Input::Reread(entries) => self.reread(entries),
        }
        if goes_on {
            self.go_on(&mut effects);
        }
        effects.push(self.report());
        effects
    }

    fn failed(&mut self, random: u32, effects: &mut Vec<Effect>) {
        if mutated("device_drops_before_receipts_are_kept") {
            self.receipts_kept();
        }
        if self.busy == Busy::AskingSnapshot {
            self.arriving.not_named();
        } else if self.busy == Busy::KeepingView {
            self.view_not_kept();
        }
        self.busy = Busy::No;
        let unkept = self.waiting.take().unwrap_or_default();
        self.doubted.extend(unkept.iter().map(|done| done.epoch));
        self.forgotten = false;
        self.reading.failed();
        self.answered = false;
        self.failures = self.failures.saturating_add(1);
        if !mutated("device_stops_after_a_failure") {
            effects.push(Effect::SetTimer(self.retry_wait(random)));
        }
    }

    fn go_on(&mut self, effects: &mut Vec<Effect>) {
        if !self.loaded || self.busy != Busy::No {
            return;
        }
        if let Some((epoch, from)) = self.lost.first_key_value() {
            self.busy = Busy::Rereading;
            effects.push(Effect::Reread {
                epoch: *epoch,
                from: *from,
            });
        } else if !self.doubted.is_empty() || (self.has_unsent() && !self.stalled) {
            self.busy = Busy::Pushing;
            let push = self.batch();
            self.asked = push.chains.iter().map(|part| part.epoch).collect();
            effects.push(Effect::Push(push));
        } else if self.pull_wanted {
            self.pull_wanted = false;
            self.read(effects);
        } else if !mutated("device_stops_when_all_is_well") {
            effects.push(Effect::SetTimer(ROUND));
        }
    }

    fn has_unsent(&self) -> bool {
        !self.outbox.is_empty()
    }

    fn retry_wait(&self, random: u32) -> u32 {
        let ceiling = RETRY_FIRST
            .saturating_mul(1 << self.failures.min(6))
            .min(RETRY_MAX);
        (RETRY_FIRST / 2 + random % ceiling).min(RETRY_MAX)
    }

    fn report(&self) -> Effect {
        let is_whole = !self.more && !self.arriving.is_under_way();
        let fresh = self.answered && self.busy == Busy::No && is_whole;
        Effect::Report(Report {
            unsent: self.outbox.len(),
            connected: self.answered,
            fresh,
            mended: self.reading.mended,
            differs: self.differs(),
        })
    }
}

#[cfg(test)]
mod tests;
