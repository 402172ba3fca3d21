//! A device as a witness of the log: what it asks at a pull, what it signs, and what it holds against the server.
//!
//! In: heads whose signature by the log was checked, the proofs that came with them, words from the storage.
//! Out: the size to name in a pull, hashes to sign, sheets to keep. Must not: send a signature before what it
//! signs is kept, move on without proof, or let go of a proof against the server.
//!
//! The co-signature travels with the next pull: it costs no request, and there is a next pull as long as the app
//! runs. What is signed is one head every [`WITNESS_EVERY_MS`] at most, however busy the shop is.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::checkpoint::{Contradiction, KeyRef, Note, Rewritten, Vouched, Witness};
use crate::facility::{Device, KeyKind};
use crate::id::{DeviceId, Hash, StoreId};
use crate::mutated;
use crate::sync::message::{Incarnation, PushAnswer, Seen};

/// Least time between two heads that are taken in, in milliseconds.
pub const WITNESS_EVERY_MS: u64 = 10_000;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input<'a> {
    /// A pull brought a head that the log signed.
    Shown {
        /// The head.
        head: &'a Vouched,
        /// What came to show that it goes on.
        proof: &'a [Hash],
        /// The clock that never jumps, in milliseconds.
        now: u64,
    },
    /// The server answered a push, and its signature is right.
    Pushed(&'a PushAnswer),
    /// The device signed what it was told to.
    Signed(&'a [u8]),
    /// What was to be kept is kept.
    Kept,
    /// It could not be signed or kept. It is looked at again at the next pull.
    Failed,
}

/// What to do. Every effect is answered by one input before the next pull.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Sign this with the device's key.
    Sign(Hash),
    /// Keep what was seen of a life of the log, in place of what was kept of that life. Should it be lost, the device
    /// goes on from an earlier head of the same log, which is safe: relaxed durability is enough.
    Keep(Witness),
    /// The same, strictly: that life is over, and this is the last that will be seen of it.
    KeepLast(Witness),
    /// Keep a proof against the server, strictly and for ever, and tell everybody.
    KeepProof(Rewritten),
}

/// What is being done.
#[derive(Clone, Debug, PartialEq)]
enum Doing {
    Nothing,
    Signing(Witness),
    Keeping(Witness),
    Leaving(Incarnation),
    Proving,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Witnessing {
    store: StoreId,
    device: DeviceId,
    key_kind: KeyKind,
    public_key: Vec<u8>,
    /// What was seen of each life of the log.
    seen: BTreeMap<Incarnation, Witness>,
    /// The life the server is in, as far as this device knows.
    life: Incarnation,
    /// Lives this device holds a proof about.
    proven: BTreeSet<Incarnation>,
    /// The size the question under way names.
    asked: Option<u64>,
    taken_at: Option<u64>,
    /// A contradiction that has to be seen again before it counts.
    doubt: Option<Rewritten>,
    doing: Doing,
    /// The server has shown that it has the newest co-signature.
    delivered: bool,
}

impl Witnessing {
    /// A device that has seen nothing of its shop's log.
    #[must_use]
    pub fn new(store: StoreId, own: &Device) -> Self {
        Self {
            store,
            device: own.id,
            key_kind: own.key_kind,
            public_key: own.public_key.clone(),
            seen: BTreeMap::new(),
            life: Incarnation::default(),
            proven: BTreeSet::new(),
            asked: None,
            taken_at: None,
            doubt: None,
            doing: Doing::Nothing,
            delivered: false,
        }
    }

    /// Takes in what the storage has: what was seen of each life, the proofs, and the life the view is of.
    pub fn load(&mut self, seen: Vec<Witness>, proofs: &[Rewritten], life: Incarnation) {
        self.life = life;
        for witness in seen {
            let origin = witness.seen().map(|note| note.checkpoint().origin);
            if let Some(origin) = origin.filter(|origin| origin.store == self.store) {
                self.seen.insert(origin.incarnation, witness);
            }
        }
        for found in proofs {
            self.proven.extend(life_of(found));
        }
    }

    /// What was seen of the life the server is in.
    #[must_use]
    pub fn current(&self) -> Option<&Note> {
        self.seen.get(&self.life)?.seen()
    }

    /// The last heads of lives that are over.
    pub fn past(&self) -> impl Iterator<Item = &Note> {
        let past = self.seen.iter().filter(|(life, _)| **life != self.life);
        past.filter_map(|(_, witness)| witness.seen())
    }

    /// Whether a head contradicts the one seen, and it takes another answer to be certain: that of a push, and of the
    /// pull behind it. Nobody has to wait for the next round.
    #[must_use]
    pub fn needs_word(&self) -> bool {
        self.doubt.is_some()
    }

    /// What the next pull says; `None` when no head is wanted yet.
    pub fn ask(&mut self, now: u64) -> Option<Seen> {
        self.doing = Doing::Nothing;
        self.asked = None;
        let is_early = |at: u64| now.saturating_sub(at) < WITNESS_EVERY_MS;
        let is_done = self.taken_at.is_some() && mutated("witness_asks_only_once");
        if (self.doubt.is_none() && self.taken_at.is_some_and(is_early)) || is_done {
            return None;
        }
        let size = self.seen.get(&self.life).map_or(0, |witness| witness.size);
        self.asked = Some(size);
        let is_silent = self.delivered || mutated("witness_never_sends_its_signature");
        Some(Seen {
            size,
            signature: self.own_signature().filter(|_| !is_silent),
        })
    }

    fn own_signature(&self) -> Option<Vec<u8>> {
        let signature = self.current()?.witness_signature(self.device, self.key())?;
        Some(signature.to_vec())
    }

    fn key(&self) -> KeyRef<'_> {
        KeyRef {
            kind: self.key_kind,
            bytes: &self.public_key,
        }
    }

    /// Takes what happened, and says what to do.
    pub fn step(&mut self, input: Input<'_>) -> Option<Effect> {
        match input {
            Input::Shown { head, proof, now } => self.shown(head, proof, now),
            Input::Pushed(answer) => self.pushed(answer),
            Input::Signed(signature) => self.signed(signature),
            Input::Kept => {
                self.kept();
                None
            }
            Input::Failed => {
                if mutated("witness_signs_what_it_did_not_keep") {
                    self.kept();
                }
                self.doing = Doing::Nothing;
                self.taken_at = None;
                None
            }
        }
    }

    fn shown(&mut self, head: &Vouched, proof: &[Hash], now: u64) -> Option<Effect> {
        let asked = self.asked.take()?;
        let origin = head.checkpoint().origin;
        if origin.store != self.store {
            return None;
        }
        if origin.incarnation != self.life {
            if let Some(last) = self.seen.get(&self.life) {
                return Some(self.leave(last.clone(), head));
            }
            self.life = origin.incarnation;
        }
        let mut witness = self.seen.get(&self.life).cloned().unwrap_or_default();
        if witness.size != asked {
            // The proof begins where this device was in another life; the next answer begins here.
            return None;
        }
        match witness.advance(head, proof) {
            Ok(sign) => {
                self.doubt = None;
                self.taken_at = Some(now);
                let is_same = self.current().map(Note::checkpoint) == Some(sign.checkpoint);
                if is_same && let Some(own) = self.own_signature() {
                    let there = head.note().witness_signature(self.device, self.key());
                    self.delivered = there == Some(own.as_slice());
                    return None;
                }
                self.doing = Doing::Signing(witness);
                Some(Effect::Sign(sign.claim))
            }
            Err(_) if mutated("witness_gives_in") => {
                let mut anew = Witness::default();
                let sign = anew.advance(head, &[]).ok()?;
                self.doing = Doing::Signing(anew);
                Some(Effect::Sign(sign.claim))
            }
            Err(found) => self.contradicted(found),
        }
    }

    /// The server lives another life of the log, as it does after a backup was restored. That is no contradiction, but
    /// what was seen of the life before is all that is left of it here.
    fn leave(&mut self, last: Witness, head: &Vouched) -> Effect {
        if mutated("witness_takes_another_life_for_rewriting")
            && let Err(found) = last.clone().advance(head, &[])
        {
            return self.prove(found);
        }
        self.doing = Doing::Leaving(head.checkpoint().origin.incarnation);
        Effect::KeepLast(last)
    }

    /// Two roots of one size are a proof by themselves. A proof that does not hold may have been spoilt on its way, and
    /// a shorter head may be an answer from an older moment: the first is asked for once more, the second is believed
    /// when the next push finds the log itself shorter.
    fn contradicted(&mut self, found: Rewritten) -> Option<Effect> {
        if self.proven.contains(&self.life) || mutated("witness_lets_a_contradiction_go") {
            return None;
        }
        let before = self.doubt.replace(found.clone()).map(|before| before.how);
        let is_certain = match found.how {
            Contradiction::TwoRoots => true,
            Contradiction::NoContinuation => before == Some(Contradiction::NoContinuation),
            Contradiction::Shorter => mutated("witness_accuses_a_shorter_head_at_once"),
            Contradiction::AnotherLog => false,
        };
        is_certain.then(|| self.prove(found))
    }

    fn prove(&mut self, found: Rewritten) -> Effect {
        self.doing = Doing::Proving;
        Effect::KeepProof(found)
    }

    /// Pushes go to whoever writes the log, never to an older copy of it: what such an answer says of the log's length
    /// is the log's own word.
    fn pushed(&mut self, answer: &PushAnswer) -> Option<Effect> {
        let is_shorter = |found: &Rewritten| found.how == Contradiction::Shorter;
        let doubt = self.doubt.take_if(|found| is_shorter(found))?;
        let size = self.seen.get(&self.life)?.size;
        let is_ours = answer.incarnation == self.life && answer.store == self.store;
        (is_ours && answer.head.0 < size).then(|| self.prove(doubt))
    }

    fn signed(&mut self, signature: &[u8]) -> Option<Effect> {
        let Doing::Signing(mut witness) = std::mem::replace(&mut self.doing, Doing::Nothing) else {
            return None;
        };
        witness.co_signed(self.device, self.key(), signature);
        self.doing = Doing::Keeping(witness.clone());
        Some(Effect::Keep(witness))
    }

    fn kept(&mut self) {
        match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Keeping(witness) => {
                self.seen.insert(self.life, witness);
                self.delivered = false;
            }
            Doing::Leaving(life) => {
                self.life = life;
                self.taken_at = None;
                self.doubt = None;
                self.delivered = false;
            }
            Doing::Proving => {
                self.proven.insert(self.life);
                self.doubt = None;
            }
            Doing::Nothing | Doing::Signing(_) => {}
        }
    }
}

/// The life of the log a proof is about.
fn life_of(found: &Rewritten) -> Option<Incarnation> {
    let seen = Note::parse(&found.seen).ok()?;
    Some(seen.checkpoint().origin.incarnation)
}

#[cfg(test)]
mod tests;
