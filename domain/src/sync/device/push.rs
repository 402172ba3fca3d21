//! What was saved to the server, and what its answers mean.
//!
//! In: what waits, answers. Out: pushes, receipts to keep, what has to be read again. Must not: drop an event before its
//! receipt is kept, or send what cannot be taken again and again.

use std::collections::{BTreeMap, BTreeSet};

use super::{Acknowledged, Busy, DeviceSync, Effect, OutboxEntry, RETRY_FIRST};
use crate::id::Epoch;
use crate::mutated;
use crate::sync::message::{
    ChainAnswer, ChainPart, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push, PushAnswer,
};

impl DeviceSync {
    pub(super) fn batch(&self) -> Push {
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
                None => {
                    let is_first = |part: &ChainPart| part.epoch != entry.epoch;
                    let gone = self.hole_before(entry);
                    let part = ChainPart {
                        gone: gone.filter(|_| chains.iter().all(is_first)),
                        device: self.device,
                        epoch: entry.epoch,
                        from: entry.seq + u64::from(mutated("device_misnumbers_a_part")),
                        events: vec![entry.event.clone()],
                        lost: self.bereft.contains(&entry.epoch).then_some(true),
                        after: None,
                    };
                    chains.push(part.with_what_came_before());
                }
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
            after: None,
        }));
    }

    pub(super) fn pushed(&mut self, answer: &PushAnswer, effects: &mut Vec<Effect>) {
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
                let mut waiting = self.outbox.iter();
                let waits = waiting
                    .any(|entry| entry.epoch == lack.epoch && (is_gone || entry.seq == lack.from));
                if waits {
                    has_news |= self.send_first(lack.epoch);
                } else if is_gone {
                    has_news = !mutated("device_never_declares_a_loss");
                    self.bereft.extend(has_news.then_some(chain.epoch));
                } else if !mutated("device_ignores_a_lack") {
                    self.lost.insert(lack.epoch, lack.from);
                    self.disbelieve(lack.epoch, lack.from, answer);
                }
            } else if self.has_more_than(chain) {
                // The server has been set back to an earlier day: it gets again what it lost.
                self.lost.insert(chain.epoch, chain.next);
                self.disbelieve(chain.epoch, chain.next, answer);
            } else {
                done.extend(acknowledged(chain, answer).or_else(|| self.moved(chain, answer)));
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

    /// Puts what waits of a chain before everything else: another that follows it may fill a push by itself, and is not
    /// taken before this one is there. Whether that changed anything.
    fn send_first(&mut self, epoch: Epoch) -> bool {
        let is_first = self
            .outbox
            .front()
            .is_some_and(|entry| entry.epoch == epoch);
        if is_first || mutated("device_sends_what_follows_first") {
            return false;
        }
        let (first, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.outbox)
            .into_iter()
            .partition(|entry| entry.epoch == epoch);
        self.outbox = first.into_iter().chain(others).collect();
        true
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
    fn moved(&self, chain: &ChainAnswer, answer: &PushAnswer) -> Option<Acknowledged> {
        let known = self.acknowledged.get(&chain.epoch)?;
        let seq = known.seq.min(chain.next.checked_sub(1)?);
        let is_moved = known.life != answer.incarnation;
        (is_moved && !mutated("device_keeps_old_places")).then_some(Acknowledged {
            epoch: chain.epoch,
            seq,
            position: answer.head,
            life: answer.incarnation,
        })
    }

    /// Takes back what was known of a chain the server has lost the end of.
    fn disbelieve(&mut self, epoch: Epoch, next: u64, answer: &PushAnswer) {
        match (next.checked_sub(1), self.acknowledged.get_mut(&epoch)) {
            (Some(seq), Some(end)) => {
                end.seq = seq;
                end.position = end.position.min(answer.head);
                end.life = answer.incarnation;
            }
            (None, Some(_)) => {
                self.acknowledged.remove(&epoch);
            }
            (_, None) => {}
        }
    }

    pub(super) fn receipts_kept(&mut self) {
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

    pub(super) fn reread(&mut self, entries: Vec<OutboxEntry>) {
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
}

fn acknowledged(chain: &ChainAnswer, answer: &PushAnswer) -> Option<Acknowledged> {
    let last = chain.receipts.iter().max_by_key(|receipt| receipt.seq)?;
    Some(Acknowledged {
        epoch: chain.epoch,
        seq: last.seq,
        position: last.position,
        life: answer.incarnation,
    })
}

fn count(events: usize) -> u64 {
    u64::try_from(events).unwrap_or(u64::MAX)
}
