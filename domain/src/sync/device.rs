//! The device's end of the protocol: when to push, when to pull, what to keep.
//!
//! A state machine: inputs in, effects out. The browser and the simulator perform the same effects.
//! Must not: send an event before it is kept, drop one before its receipt is kept, or stop trying.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{DeviceId, Epoch, Position};
use crate::mutated;
use crate::sync::message::{
    ChainAnswer, ChainPart, Cursor, Incarnation, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, PullAnswer, Push,
    PushAnswer,
};

/// What happens to the machine, and what it wants done.
mod steps;
/// What the device's storage must be able to do.
pub mod store;

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
    /// Chains that cannot go on: the server lacks what the device no longer has.
    torn: BTreeSet<Epoch>,
    /// Chains that followed such a one: the server is told that the rest is lost.
    bereft: BTreeSet<Epoch>,
    /// The life of the log with which every chain was compared since the view was last kept.
    compared: Option<Incarnation>,
    /// The view was thrown away while rows for it were being kept.
    forgotten: bool,
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
            torn: BTreeSet::new(),
            bereft: BTreeSet::new(),
            compared: None,
            forgotten: false,
        }
    }

    /// The view's cursor.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
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
            Input::ViewKept(cursor) => self.view_kept(cursor),
            Input::ViewForgotten(_) if mutated("device_keeps_the_cursor_of_a_lost_view") => {}
            Input::ViewForgotten(cursor) => {
                self.cursor = cursor;
                self.pull_wanted = true;
                self.forgotten = self.busy == Busy::KeepingView;
            }
            Input::Failed => {
                if mutated("device_drops_before_receipts_are_kept") {
                    self.receipts_kept();
                }
                self.busy = Busy::No;
                self.waiting = None;
                self.forgotten = false;
                self.answered = false;
                self.failures = self.failures.saturating_add(1);
                if !mutated("device_stops_after_a_failure") {
                    effects.push(Effect::SetTimer(self.retry_wait(random)));
                }
                effects.push(self.report());
                return effects;
            }
            Input::Reread(entries) => self.reread(entries),
        }
        self.go_on(&mut effects);
        effects.push(self.report());
        effects
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
            self.busy = Busy::Pulling;
            self.pull_wanted = false;
            effects.push(Effect::Pull(self.cursor));
        } else if !mutated("device_stops_when_all_is_well") {
            effects.push(Effect::SetTimer(ROUND));
        }
    }

    fn has_unsent(&self) -> bool {
        self.outbox
            .iter()
            .any(|entry| !self.torn.contains(&entry.epoch))
    }

    fn batch(&self) -> Push {
        let mut chains: Vec<ChainPart> = Vec::new();
        let mut bytes = 0;
        let unsent = self.outbox.iter();
        let unsent = unsent.filter(|entry| !self.torn.contains(&entry.epoch));
        for entry in unsent.take(PUSH_EVENTS_MAX) {
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
                if self.torn.contains(&lack.epoch) {
                    has_news = !mutated("device_never_declares_a_loss");
                    self.bereft.extend(has_news.then_some(chain.epoch));
                } else if !mutated("device_ignores_a_lack") {
                    self.lost.insert(lack.epoch, lack.from);
                    self.disbelieve(lack.epoch, lack.from, answer.head);
                }
            } else if self
                .begins(chain.epoch)
                .is_some_and(|ours| chain.next < ours && !mutated("device_skips_the_reread"))
            {
                // The server has been set back to an earlier day: it gets again what it lost.
                self.lost.insert(chain.epoch, chain.next);
                self.disbelieve(chain.epoch, chain.next, answer.head);
            } else {
                done.extend(acknowledged(chain));
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

    /// The first number of a chain that is not at the server, as far as this device knows.
    fn begins(&self, epoch: Epoch) -> Option<u64> {
        let unsent = self.outbox.iter().find(|entry| entry.epoch == epoch);
        let end = || self.acknowledged.get(&epoch).map(|done| done.seq + 1);
        unsent.map(|entry| entry.seq).or_else(end)
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
            self.acknowledged.insert(done.epoch, done);
        }
    }

    fn pulled(&mut self, answer: PullAnswer, effects: &mut Vec<Effect>) {
        if self.busy != Busy::Pulling {
            return;
        }
        self.answered = true;
        self.failures = 0;
        if answer.from != self.cursor && !mutated("device_takes_an_answer_of_before") {
            // The answer to a question of before; the rows would leave a hole.
            self.busy = Busy::No;
            return;
        }
        let life = Some(answer.next.incarnation);
        let has_ends = !self.acknowledged.is_empty() && !mutated("device_trusts_a_restored_server");
        if answer.reset && has_ends && self.compared != life {
            // The server does not know this view: it may have been set back to an earlier day. What it lost is
            // looked for before the view follows it, for afterwards nothing would tell any more.
            self.compared = life;
            self.doubted = self.acknowledged.keys().copied().collect();
            self.busy = Busy::No;
            return;
        }
        self.more = answer.more;
        if answer.rows.is_empty() && answer.next == self.cursor && !answer.reset {
            self.busy = Busy::No;
            return;
        }
        self.busy = Busy::KeepingView;
        if mutated("device_moves_the_cursor_before_rows") {
            self.cursor = answer.next;
        }
        effects.push(Effect::KeepView(answer));
    }

    fn view_kept(&mut self, cursor: Cursor) {
        self.busy = Busy::No;
        self.compared = None;
        if std::mem::take(&mut self.forgotten) {
            // Rows kept while the view was thrown away have lost those before them.
            return;
        }
        self.cursor = cursor;
        // A wake that came meanwhile still counts.
        self.pull_wanted |= self.more;
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
            // Sending the rest would only be answered in the same way again.
            let is_noted = !mutated("device_never_gives_up_a_torn_chain");
            self.torn.extend(is_noted.then_some(epoch));
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
        let fresh = self.answered && self.busy == Busy::No && !self.more;
        Effect::Report(Report {
            unsent: self.outbox.len(),
            connected: self.answered,
            fresh,
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
