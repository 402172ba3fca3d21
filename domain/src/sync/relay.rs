//! The carrier's end: acts of other devices on their way to the server.
//!
//! A state machine beside the device's own: inputs in, effects out. Must not: take another's acts for its own, let an
//! act go before the server's receipt for that very act came and was noted, or stop trying.
//!
//! Nothing of a carried act is applied here; what it changed comes with the next pull, as everybody's does. Only the
//! device itself may say that a chain's rest is lost, so a chain that lacks what comes before it waits.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::SignedEvent;
use crate::id::{DeviceId, Epoch};
use crate::mutated;
use crate::sync::lifeboat::Carried;
use crate::sync::message::{
    ChainAnswer, ChainPart, Cursor, Outcome, PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push, PushAnswer,
    QuarantineReason,
};

/// Wait before the first new try after a failure, in milliseconds.
const RETRY_FIRST: u32 = 1_000;
/// Longest wait between tries, in milliseconds; also the wait of a chain that lacks what comes before.
const RETRY_MAX: u32 = 60_000;

/// A chain of another device.
pub type CarriedChain = (DeviceId, Epoch);

/// What became of a carried act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The server has it now.
    Arrived,
    /// The server had it before this carrier came.
    Known,
    /// The server keeps it aside and does not count it.
    Aside(QuarantineReason),
}

/// A carried act that is at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its chain.
    pub chain: CarriedChain,
    /// Its number there.
    pub seq: u64,
    /// What became of it.
    pub fate: Fate,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// These acts are kept on this device: read at the start, or taken from a file just now.
    Kept(Vec<Carried>),
    /// A reason to try now.
    Wake,
    /// The timer ran out.
    Timer,
    /// The server answered, and its signature is right.
    Pushed(PushAnswer),
    /// What became of the acts is noted, and they are let go.
    Noted,
    /// The request or the writing failed.
    Failed,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send acts.
    Push(Push),
    /// In one strict transaction: note what became of these acts, and let them go.
    Note(Vec<Delivered>),
    /// Come back after so many milliseconds; replaces the timer before.
    SetTimer(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Busy {
    No,
    Pushing(Vec<Sent>),
    Noting(Vec<Delivered>),
}

/// Part of a push under way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    chain: CarriedChain,
    from: u64,
    count: usize,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Carrier {
    own: DeviceId,
    build: String,
    acts: BTreeMap<CarriedChain, BTreeMap<u64, SignedEvent>>,
    /// The first number of each chain that the server lacked when it was first asked.
    known: BTreeMap<CarriedChain, u64>,
    /// Chains of which the server takes nothing for now.
    waiting: BTreeSet<CarriedChain>,
    busy: Busy,
    failures: u32,
    resting: bool,
}

impl Carrier {
    /// A carrier that carries nothing yet. `own` is the device it runs on.
    #[must_use]
    pub fn new(own: DeviceId, build: String) -> Self {
        Self {
            own,
            build,
            acts: BTreeMap::new(),
            known: BTreeMap::new(),
            waiting: BTreeSet::new(),
            busy: Busy::No,
            failures: 0,
            resting: false,
        }
    }

    /// Acts still carried.
    #[must_use]
    pub fn carries(&self) -> usize {
        self.acts.values().map(BTreeMap::len).sum()
    }

    /// Acts of each chain still carried, and whether the chain waits for what comes before it.
    pub fn chains(&self) -> impl Iterator<Item = (CarriedChain, usize, bool)> {
        let chains = self.acts.iter();
        chains.map(|(chain, acts)| (*chain, acts.len(), self.waiting.contains(chain)))
    }

    /// Takes what happened, and says what to do. `cursor` is the device's own; `random` spreads many carriers' tries.
    pub fn step(&mut self, input: Input, cursor: Cursor, random: u32) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Kept(acts) => self.take(acts),
            Input::Wake => {
                self.failures = 0;
                self.resting = false;
                self.look_again();
            }
            Input::Timer => {
                self.resting = false;
                self.look_again();
            }
            Input::Pushed(answer) => self.pushed(&answer, &mut effects),
            Input::Noted => self.noted(),
            Input::Failed => {
                self.failed(&mut effects);
                let is_over = self.busy == Busy::No && !mutated("relay_stops_after_a_failure");
                if is_over && !self.acts.is_empty() {
                    effects.push(Effect::SetTimer(self.retry_wait(random)));
                }
                self.resting = true;
                return effects;
            }
        }
        self.go_on(cursor, &mut effects);
        effects
    }

    /// What waited may have become due.
    fn look_again(&mut self) {
        if !mutated("relay_waits_for_ever") {
            self.waiting.clear();
        }
    }

    fn take(&mut self, acts: Vec<Carried>) {
        for Carried { device, entry } in acts {
            if device == self.own {
                // The device's own machine sends these; two of them would race on one chain.
                continue;
            }
            let chain = (device, entry.epoch);
            self.waiting.remove(&chain);
            let of_chain = self.acts.entry(chain).or_default();
            of_chain.insert(entry.seq, entry.event);
        }
        self.resting = false;
    }

    fn go_on(&mut self, cursor: Cursor, effects: &mut Vec<Effect>) {
        if self.busy != Busy::No || self.resting || self.acts.is_empty() {
            return;
        }
        let chains = self.batch();
        if chains.is_empty() {
            self.resting = true;
            effects.push(Effect::SetTimer(RETRY_MAX));
            return;
        }
        let sent = |part: &ChainPart| Sent {
            chain: (part.device, part.epoch),
            from: part.from,
            count: part.events.len(),
        };
        self.busy = Busy::Pushing(chains.iter().map(sent).collect());
        let mut push = Push {
            chains,
            cursor,
            build: self.build.clone(),
        };
        for part in &mut push.chains {
            if mutated("relay_sends_as_its_own") {
                part.device = self.own;
            }
            part.from += u64::from(mutated("relay_misnumbers_a_part"));
        }
        effects.push(Effect::Push(push));
    }

    /// The next push. A chain the server was not asked about yet is only asked about, so that what was there before is
    /// told apart from what this carrier brought.
    fn batch(&self) -> Vec<ChainPart> {
        let mut parts: Vec<ChainPart> = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for (chain, acts) in &self.acts {
            if self.waiting.contains(chain) {
                continue;
            }
            if parts.len() >= PUSH_EVENTS_MAX {
                break;
            }
            let from = acts.first_key_value().map_or(0, |(seq, _)| *seq);
            let mut part = ChainPart {
                device: chain.0,
                epoch: chain.1,
                from,
                events: Vec::new(),
                lost: None,
                gone: None,
                after: None,
            };
            if !self.known.contains_key(chain) {
                parts.push(part);
                continue;
            }
            for (expected, (seq, event)) in (from..).zip(acts) {
                let size = event.bytes.len() + event.signature.len();
                let is_full = count >= PUSH_EVENTS_MAX || bytes + size > PUSH_BYTES_MAX;
                if *seq != expected || (is_full && count > 0) {
                    break;
                }
                part.events.push(event.clone());
                count += 1;
                bytes += size;
            }
            if part.events.is_empty() {
                break;
            }
            parts.push(part.with_what_came_before());
        }
        parts
    }

    fn pushed(&mut self, answer: &PushAnswer, effects: &mut Vec<Effect>) {
        let Busy::Pushing(sent) = &self.busy else {
            return;
        };
        let sent = sent.clone();
        self.busy = Busy::No;
        self.failures = 0;
        let mut delivered = Vec::new();
        for part in sent {
            let mut answers = answer.chains.iter();
            let of_part = answers.find(|chain| (chain.device, chain.epoch) == part.chain);
            let Some(chain) = of_part else {
                self.waiting.insert(part.chain);
                continue;
            };
            if part.count == 0 {
                self.known.entry(part.chain).or_insert(chain.next);
                continue;
            }
            let before = delivered.len();
            self.believe(&part, chain, &mut delivered);
            if delivered.len() == before {
                self.waiting.insert(part.chain);
            }
        }
        if !delivered.is_empty() {
            effects.push(Effect::Note(delivered.clone()));
            self.busy = Busy::Noting(delivered);
        }
    }

    /// Takes in receipts, each for the very act it names.
    fn believe(&self, part: &Sent, answer: &ChainAnswer, delivered: &mut Vec<Delivered>) {
        let lets_all_go = mutated("relay_lets_go_of_what_was_not_taken");
        if answer.receipts.is_empty() && lets_all_go {
            delivered.extend(all_of(part));
        }
        let Some(acts) = self.acts.get(&part.chain) else {
            return;
        };
        let known = self.known.get(&part.chain).copied().unwrap_or(0);
        for receipt in &answer.receipts {
            let act = acts.get(&receipt.seq);
            if act.is_none_or(|act| act.hash() != receipt.hash) {
                continue;
            }
            let fate = match &receipt.outcome {
                Outcome::Quarantined(reason) => Fate::Aside(*reason),
                Outcome::Applied | Outcome::AppliedWithExceptions(_) if receipt.seq < known => {
                    Fate::Known
                }
                Outcome::Applied | Outcome::AppliedWithExceptions(_) => Fate::Arrived,
            };
            delivered.push(Delivered {
                chain: part.chain,
                seq: receipt.seq,
                fate,
            });
        }
    }

    fn noted(&mut self) {
        let Busy::Noting(delivered) = std::mem::replace(&mut self.busy, Busy::No) else {
            return;
        };
        for done in &delivered {
            if let Some(acts) = self.acts.get_mut(&done.chain) {
                acts.remove(&done.seq);
            }
            // What waited for this chain may go on.
            self.waiting.retain(|(device, _)| *device != done.chain.0);
        }
        self.acts.retain(|_, acts| !acts.is_empty());
        let acts = &self.acts;
        self.known.retain(|chain, _| acts.contains_key(chain));
    }

    fn failed(&mut self, effects: &mut Vec<Effect>) {
        let was = std::mem::replace(&mut self.busy, Busy::No);
        self.failures = self.failures.saturating_add(1);
        if let Busy::Pushing(sent) = &was
            && mutated("relay_lets_go_before_the_receipt")
        {
            let delivered: Vec<Delivered> = sent.iter().flat_map(all_of).collect();
            effects.push(Effect::Note(delivered.clone()));
            self.busy = Busy::Noting(delivered);
        }
        if matches!(was, Busy::Noting(_)) && mutated("relay_lets_go_before_it_is_noted") {
            self.busy = was;
            self.noted();
        }
    }

    fn retry_wait(&self, random: u32) -> u32 {
        let ceiling = RETRY_FIRST
            .saturating_mul(1 << self.failures.min(6))
            .min(RETRY_MAX);
        (RETRY_FIRST / 2 + random % ceiling).min(RETRY_MAX)
    }
}

/// Every act of a part, as if the server had taken it: what only a break does.
fn all_of(part: &Sent) -> impl Iterator<Item = Delivered> + use<> {
    let chain = part.chain;
    let numbers = (part.from..).take(part.count);
    numbers.map(move |seq| Delivered {
        chain,
        seq,
        fate: Fate::Arrived,
    })
}

#[cfg(test)]
mod tests;
