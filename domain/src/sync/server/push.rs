//! Events of devices into their chains.
//!
//! In: a part of a chain that was looked at. Out: what became of each event. Must not: drop an event that
//! arrived, apply one twice, or let one stop those behind it.

use crate::custody::is_for_devices;
use crate::event::{Body, Unreadable};
use crate::id::{Hash, Position};
use crate::mutated;
use crate::sync::message::{ChainAnswer, Lack, Outcome, QuarantineReason, Receipt};
use crate::sync::server::Outside;
use crate::sync::server::check::{Checked, CheckedPart};
use crate::sync::server::log::{Aside, ChainHead, ChainKey, Log};
use crate::sync::server::writer::{Writer, label};

impl<L: Log, O: Outside> Writer<L, O> {
    /// Records a part of a chain as far as it joins on.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn push(&mut self, part: &CheckedPart) -> Result<ChainAnswer, L::Failed> {
        let mut head = self.log().chain_head(part.chain)?;
        if self.was_enrolled_meanwhile(part) {
            // Whoever looked did not know the device yet; he looks again when the device asks again.
            return Ok(answer(part, head, Vec::new()));
        }
        if let Some(lack) = self.lack_before(part, &head)? {
            return Ok(ChainAnswer {
                lacks: Some(lack),
                ..answer(part, head, Vec::new())
            });
        }
        head = self.pass_over(part, head)?;
        let mut receipts = Vec::with_capacity(part.len());
        // Once an event has no place, those behind it have none either; they are kept all the same.
        let mut broken = None;
        for (seq, event) in part.numbered() {
            let receipt = if let Some(reason) = broken {
                self.keep_aside(part, seq, event, event.untrusted.unwrap_or(reason))?
            } else if seq < head.next && !mutated("push_takes_an_event_twice") {
                self.known(part, seq, event)?
            } else if seq > head.next && mutated("push_confirms_what_it_did_not_take") {
                receipt(seq, Position(0), Outcome::Applied, event.hash)
            } else if seq > head.next && !mutated("push_takes_what_is_behind_a_gap") {
                break;
            } else if let Some(reason) = misfit(event, &head) {
                broken = Some(QuarantineReason::BrokenChain);
                self.keep_aside(part, seq, event, reason)?
            } else {
                let receipt = self.place(part, seq, event)?;
                head = ChainHead {
                    next: seq + 1,
                    hash: event.hash,
                };
                receipt
            };
            receipts.push(receipt);
        }
        self.settle()?;
        Ok(answer(part, head, receipts))
    }

    /// What must come before a new chain: the rest of the one the device says it followed. Effects in another order
    /// than the acts would accuse people of what they did not do.
    fn lack_before(&self, part: &CheckedPart, head: &ChainHead) -> Result<Option<Lack>, L::Failed> {
        let is_lost = part.lost && !mutated("push_never_believes_a_loss");
        let begins = part.from == 0 && head.next == 0 && !is_lost;
        let first = part.events.first().filter(|_| begins);
        let Some(first) = first.filter(|event| event.untrusted.is_none()) else {
            return Ok(None);
        };
        let envelope = first.envelope.as_ref();
        let before = match envelope.map(|envelope| self.readable().read(envelope)) {
            Some(Ok(Body::EpochOpened(opened))) => opened.before,
            Some(Err(Unreadable::UnknownKind)) if !mutated("push_guesses_what_came_before") => {
                part.after
            }
            _ => None,
        };
        let Some(before) = before else {
            return Ok(None);
        };
        let epoch = before.epoch;
        let device = part.chain.device;
        let from = self.log().chain_head(ChainKey { device, epoch })?.next;
        let lacks = from <= before.seq && !mutated("push_ignores_a_lack");
        Ok(lacks.then_some(Lack { epoch, from }))
    }

    /// Passes over numbers that are lost for good, on the word of the device that signs the chain: what it still has
    /// would never be taken otherwise. It is put on record which are missing, and all it may have taken is counted.
    fn pass_over(&mut self, part: &CheckedPart, head: ChainHead) -> Result<ChainHead, L::Failed> {
        let is_hole = part.gone == Some(head.next) && part.from > head.next;
        let first = part.events.first().filter(|_| is_hole);
        let Some(first) = first.filter(|event| event.untrusted.is_none()) else {
            return Ok(head);
        };
        let link = first.envelope.as_ref().map(|envelope| envelope.prev);
        let hash = link.unwrap_or_default();
        if !mutated("push_passes_over_in_silence") {
            self.look_into_hole(part.chain, (head.next, part.from), hash)?;
        }
        let next = part.from;
        Ok(ChainHead { next, hash })
    }

    /// Whether the device was not known when its events were looked at, and is now: another node enrolled it.
    fn was_enrolled_meanwhile(&self, part: &CheckedPart) -> bool {
        let is_unknown = |event: &Checked| event.untrusted == Some(QuarantineReason::UnknownDevice);
        part.events.iter().any(is_unknown)
            && self.ledger().devices.contains_key(&part.chain.device)
            && !mutated("push_refuses_whom_another_node_let_in")
    }

    /// The answer for a number that is taken: the receipt of before, or a fork.
    fn known(
        &mut self,
        part: &CheckedPart,
        seq: u64,
        event: &Checked,
    ) -> Result<Receipt, L::Failed> {
        match self.log().receipt(part.chain, seq)? {
            Some(receipt) if mutated("push_takes_a_fork_for_the_same") => Ok(receipt),
            Some(receipt) if receipt.hash == event.hash => Ok(receipt),
            Some(_) => {
                let reason = event.untrusted.unwrap_or(QuarantineReason::Fork);
                self.keep_aside(part, seq, event, reason)
            }
            None => {
                // It turned up after its number had been passed over.
                let reason = event.untrusted.unwrap_or(QuarantineReason::BrokenChain);
                self.keep_aside(part, seq, event, reason)
            }
        }
    }

    /// Keeps an event that has no place in its chain.
    fn keep_aside(
        &mut self,
        part: &CheckedPart,
        seq: u64,
        event: &Checked,
        reason: QuarantineReason,
    ) -> Result<Receipt, L::Failed> {
        let aside = Aside {
            chain: part.chain,
            seq,
            event: &event.event,
            hash: event.hash,
            reason,
            recorded_at: self.now(),
        };
        if !mutated("push_throws_away_what_has_no_place") && self.log().keep_aside(&aside)? {
            self.look_into_aside(part, seq, event.hash, reason)?;
        }
        let outcome = Outcome::Quarantined(reason);
        Ok(receipt(seq, Position(0), outcome, event.hash))
    }

    /// Gives an event its place, and applies it if it can be read.
    fn place(
        &mut self,
        part: &CheckedPart,
        seq: u64,
        event: &Checked,
    ) -> Result<Receipt, L::Failed> {
        let readable = match (&event.envelope, event.unreadable) {
            (Some(envelope), None) => self
                .readable()
                .read(envelope)
                .map(|body| (envelope, body))
                .map_err(|error| match error {
                    Unreadable::UnknownKind => QuarantineReason::UnknownKind,
                    Unreadable::Malformed | Unreadable::TooLarge => QuarantineReason::Unreadable,
                }),
            (_, reason) => Err(reason.unwrap_or(QuarantineReason::Unreadable)),
        };
        let is_allowed =
            |body: &Body| is_for_devices(body) || mutated("push_takes_the_servers_kinds");
        let readable = readable.and_then(|(envelope, body)| match is_allowed(&body) {
            true => Ok((envelope, body)),
            false => Err(QuarantineReason::NotTheServers),
        });
        let readable = match readable {
            Ok((envelope, body)) => match self.is_somebodys(envelope, event.hash, &body)? {
                true => Ok((envelope, body)),
                false => Err(QuarantineReason::NotTheServers),
            },
            Err(reason) => Err(reason),
        };
        match readable {
            Ok((envelope, body)) => {
                let (position, outcome) = self.admit(&event.event, event.hash, envelope, &body)?;
                if !matches!(outcome, Outcome::Quarantined(_)) {
                    self.follow(&body)?;
                    self.look_into(envelope, &body)?;
                }
                Ok(receipt(seq, position, outcome, event.hash))
            }
            Err(reason) => {
                let outcome = Outcome::Quarantined(reason);
                let label = event.envelope.as_ref().and_then(label);
                let position =
                    self.append(&event.event, event.hash, part.chain, seq, label, &outcome)?;
                let unknown = event.envelope.as_ref();
                let unknown = unknown.filter(|_| reason == QuarantineReason::UnknownKind);
                if let Some(envelope) = unknown {
                    self.look_into_unknown(envelope, event.hash)?;
                }
                Ok(receipt(seq, position, outcome, event.hash))
            }
        }
    }
}

/// Why an event cannot follow the chain's last one. An unreadable one cannot say what it follows; the
/// signature that vouches for it has to do.
fn misfit(event: &Checked, head: &ChainHead) -> Option<QuarantineReason> {
    let follows = event
        .envelope
        .as_ref()
        .is_none_or(|envelope| envelope.prev == head.hash);
    let is_broken = !follows && !mutated("push_takes_a_broken_link");
    let stops = mutated("push_stops_at_what_it_cannot_read");
    event
        .untrusted
        .or(is_broken.then_some(QuarantineReason::BrokenChain))
        .or(event.unreadable.filter(|_| stops))
}

fn answer(part: &CheckedPart, head: ChainHead, receipts: Vec<Receipt>) -> ChainAnswer {
    ChainAnswer {
        device: part.chain.device,
        epoch: part.chain.epoch,
        next: head.next,
        head: head.hash,
        receipts,
        lacks: None,
    }
}

fn receipt(seq: u64, position: Position, outcome: Outcome, hash: Hash) -> Receipt {
    let hash = match mutated("push_confirms_a_wrong_hash") {
        true => Hash::default(),
        false => hash,
    };
    let position = match mutated("push_tells_a_wrong_place") {
        true => position.next(),
        false => position,
    };
    Receipt {
        seq,
        position,
        outcome,
        hash,
    }
}
