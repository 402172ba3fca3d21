//! The device's end of the protocol: when to push, when to pull, what to keep.
//!
//! A state machine: inputs in, effects out. The browser and the simulator perform the same effects.
//! Must not: send an event before it is kept, drop one before its receipt is kept, or stop trying.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{DeviceId, Epoch, Position};
use crate::mutated;
use crate::sync::message::{
    ChainAnswer, ChainPart, Cursor, Incarnation, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push, PushAnswer,
};

/// A whole view on its way in.
mod arrive;
/// What the server has into the view, and whether the view is that.
mod pull;
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

    fn batch(&self) -> Push {
        let mut chains: Vec<ChainPart> = Vec::new();
        let mut bytes = 0;
        for entry in self.outbox.iter().take(PUSH_EVENTS_MAX) {
            bytes += entry.event.bytes.len() + entry.event.signature.len();
            if bytes > PUSH_BYTES_MAX && !chains.is_empty() {
                break;
            }
            let follows = |part: &&mut ChainPart| {
                part.epoch == entry.epoch && part.from + count(part.events.len()) == entry.seq
            };
            match chains.last_mut().filter(follows) {
                Some(part) => part.events.push(entry.event.clone()),
                None => chains.push(ChainPart {
                    gone: self.hole_before(entry).filter(|_| {
                        let is_first = |part: &ChainPart| part.epoch != entry.epoch;
                        chains.iter().all(is_first)
                    }),
                    device: self.device,
                    epoch: entry.epoch,
                    from: entry.seq + u64::from(mutated("device_misnumbers_a_part")),
                    events: vec![entry.event.clone()],
                    lost: self.bereft.contains(&entry.epoch).then_some(true),
                }),
            }
        }
        self.ask_for_ends(&mut chains);
        Push {
            chains,
            cursor: self.cursor,
            build: self.build.clone(),
        }
    }

    /// Where the hole before an event begins, when the server is known to stand at one.
    fn hole_before(&self, entry: &OutboxEntry) -> Option<u64> {
        let first = self.torn.get(&entry.epoch).copied();
        first.filter(|first| *first < entry.seq && !mutated("device_declares_no_hole"))
    }

    /// Whether the server stands where this device knows it has nothing to go on with.
    fn is_torn_at(&self, epoch: Epoch, next: u64) -> bool {
        self.torn.get(&epoch) == Some(&next)
    }

    /// A part without events asks how far the server has a chain.
    fn ask_for_ends(&self, chains: &mut Vec<ChainPart>) {
        if mutated("device_asks_for_no_ends") {
            return;
        }
        let room = PUSH_EVENTS_MAX.saturating_sub(chains.len());
        let sent: BTreeSet<Epoch> = chains.iter().map(|part| part.epoch).collect();
        let unasked = self.doubted.iter().filter(|epoch| !sent.contains(*epoch));
        let ends = unasked.filter_map(|epoch| self.acknowledged.get(epoch));
        chains.extend(ends.take(room).map(|end| ChainPart {
            device: self.device,
            epoch: end.epoch,
            from: end.seq + 1,
            events: Vec::new(),
            lost: None,
            gone: None,
        }));
    }

    fn pushed(&mut self, answer: &PushAnswer, effects: &mut Vec<Effect>) {
        if self.busy != Busy::Pushing {
            return;
        }
        self.answered = true;
        self.failures = 0;
        self.pull_wanted = true;
        let asked = std::mem::take(&mut self.asked);
        self.doubted.retain(|epoch| !asked.contains(epoch));
        let device = self.device;
        let ours = answer.chains.iter();
        let ours = ours.filter(|chain| chain.device == device);
        let mut done = Vec::new();
        let mut has_news = false;
        for chain in ours {
            if let Some(lack) = chain.lacks {
                let is_gone = self.is_torn_at(lack.epoch, lack.from);
                let waits = self.outbox.iter().any(|entry| entry.epoch == lack.epoch);
                if is_gone && !waits {
                    has_news = !mutated("device_never_declares_a_loss");
                    self.bereft.extend(has_news.then_some(chain.epoch));
                } else if !is_gone && !mutated("device_ignores_a_lack") {
                    self.lost.insert(lack.epoch, lack.from);
                    self.disbelieve(lack.epoch, lack.from, answer.head);
                }
            } else if self.has_more_than(chain) {
                // The server has been set back to an earlier day: it gets again what it lost.
                self.lost.insert(chain.epoch, chain.next);
                self.disbelieve(chain.epoch, chain.next, answer.head);
            } else {
                done.extend(acknowledged(chain).or_else(|| self.moved(chain, answer.head)));
            }
        }
        let ends = &self.acknowledged;
        self.doubted.retain(|epoch| ends.contains_key(epoch));
        if !done.is_empty() {
            self.busy = Busy::KeepingReceipts;
            self.waiting = Some(done.clone());
            effects.push(Effect::KeepReceipts(done));
            return;
        }
        self.busy = Busy::No;
        if self.lost.is_empty() && self.has_unsent() && !has_news {
            // Nothing was taken and nothing is missing: try again later rather than in a circle.
            self.stalled = !mutated("device_goes_in_circles");
            effects.push(Effect::SetTimer(RETRY_FIRST));
        }
    }

    /// Whether the server has less of a chain than this device knows it had, and may get it again.
    fn has_more_than(&self, chain: &ChainAnswer) -> bool {
        let ours = self.begins(chain.epoch);
        ours.is_some_and(|ours| chain.next < ours)
            && !self.is_torn_at(chain.epoch, chain.next)
            && !mutated("device_skips_the_reread")
    }

    /// The first number of a chain that is not at the server, as far as this device knows.
    fn begins(&self, epoch: Epoch) -> Option<u64> {
        let unsent = self.outbox.iter().find(|entry| entry.epoch == epoch);
        let end = || self.acknowledged.get(&epoch).map(|done| done.seq + 1);
        unsent.map(|entry| entry.seq).or_else(end)
    }

    /// A chain that is at the server, though not where it was in an earlier life of the log: that is to be kept, too.
    fn moved(&self, chain: &ChainAnswer, head: Position) -> Option<Acknowledged> {
        let known = self.acknowledged.get(&chain.epoch)?;
        let seq = known.seq.min(chain.next.checked_sub(1)?);
        (known.position > head).then_some(Acknowledged {
            epoch: chain.epoch,
            seq,
            position: head,
        })
    }

    /// Takes back what was known of a chain the server has lost the end of.
    fn disbelieve(&mut self, epoch: Epoch, next: u64, head: Position) {
        match (next.checked_sub(1), self.acknowledged.get_mut(&epoch)) {
            (Some(seq), Some(end)) => {
                end.seq = seq;
                end.position = end.position.min(head);
            }
            (None, Some(_)) => {
                self.acknowledged.remove(&epoch);
            }
            (_, None) => {}
        }
    }

    fn receipts_kept(&mut self) {
        self.busy = Busy::No;
        for done in self.waiting.take().unwrap_or_default() {
            let through = match mutated("device_drops_what_was_not_acknowledged") {
                true => u64::MAX,
                false => done.seq,
            };
            self.outbox
                .retain(|entry| entry.epoch != done.epoch || entry.seq > through);
            let hole = self.torn.get(&done.epoch);
            if hole.is_some_and(|first| *first <= done.seq) {
                // What is behind the hole is there: the server stands elsewhere now.
                self.torn.remove(&done.epoch);
            }
            self.acknowledged.insert(done.epoch, done);
        }
    }

    fn reread(&mut self, entries: Vec<OutboxEntry>) {
        self.busy = Busy::No;
        let Some((epoch, from)) = self.lost.pop_first() else {
            return;
        };
        // What waits of the chain already goes along in its order; the storage may no longer have all of it.
        let (waiting, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.outbox)
            .into_iter()
            .partition(|entry| entry.epoch == epoch);
        let read = entries
            .into_iter()
            .filter(|entry| entry.epoch == epoch && !mutated("device_loses_what_it_reads_again"));
        let chain: BTreeMap<u64, OutboxEntry> = waiting
            .into_iter()
            .chain(read)
            .map(|entry| (entry.seq, entry))
            .collect();
        if !chain.contains_key(&from) {
            // What is there goes on behind a hole.
            let is_noted = !mutated("device_never_gives_up_a_torn_chain");
            self.torn.extend(is_noted.then_some((epoch, from)));
        }
        // To the front: the chain that follows may fill a push by itself, and is not taken before this one is there.
        self.outbox = chain.into_values().chain(others).collect();
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

fn acknowledged(chain: &ChainAnswer) -> Option<Acknowledged> {
    let last = chain.receipts.iter().max_by_key(|receipt| receipt.seq)?;
    Some(Acknowledged {
        epoch: chain.epoch,
        seq: last.seq,
        position: last.position,
    })
}

fn count(events: usize) -> u64 {
    u64::try_from(events).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
