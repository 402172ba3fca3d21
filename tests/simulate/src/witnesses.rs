//! Devices as witnesses of the log, and whoever runs the server and changes its history.
//!
//! In: answers to pulls and pushes. Out: heads kept, co-signatures, proofs. Must not: let the operator change what a
//! device has already kept; he has the server and nothing else.

use domain::audit::checkpoint::{KeyRef, Note};
use domain::event::Body;
use domain::facility::KeyKind;
use domain::id::DeviceId;
use domain::sync::device::Input;
use domain::sync::message::{PullAnswer, PullAsk, Seen};
use domain::sync::server::head::Reader;
use domain::sync::server::view::Read;
use domain::sync::witness::{self, Effect};

use crate::faults::Fault;
use crate::happening::Request;
use crate::keys;
use crate::memory::Falsified;
use crate::server::Reading;
use crate::shop::{self, SERVER};
use crate::world::World;

/// What whoever runs the server has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operator {
    /// How often the log's history was changed, for all or for some.
    pub(crate) strikes: u32,
    /// The event he lies about to every second device.
    lies_about: Option<usize>,
}

impl Operator {
    /// Whether the log is no longer what happened.
    pub(crate) fn has_struck(self) -> bool {
        self.strikes > 0
    }
}

impl World {
    /// A device asks for rows, and says what it has seen.
    pub(crate) fn ask_for_rows(&mut self, index: usize, ask: PullAsk) {
        self.check_asked(index, ask.cursor);
        let now = self.now;
        let memory = self.tablets[index].memory.as_mut();
        let seen = memory.and_then(|memory| memory.witnessing.ask(now));
        self.send(index, Request::Pull(ask, seen));
    }

    /// The server's page for a device.
    pub(crate) fn page(
        &mut self,
        index: usize,
        node: usize,
        device: DeviceId,
        ask: PullAsk,
        mut seen: Option<Seen>,
    ) -> Option<Input> {
        let phone = self.server.device(device);
        let phone = phone.filter(|_| shop::is_phone(device));
        if phone.is_none() && shop::is_phone(device) {
            // A restored server does not know it: it gets no answer until it is let in again.
            return None;
        }
        let is_stale = self.strikes(Fault::StaleReader);
        // Pages of several moments may leave out what changed between them until the next pull.
        self.tablets[index].view_was_lost |= is_stale;
        if let Some(signature) = seen.as_mut().and_then(|seen| seen.signature.as_mut())
            && self.strikes(Fault::CoSignatureForged)
        {
            signature.reverse();
        }
        let reading = match self.operator.lies_about {
            _ if is_stale => Reading::Stale,
            Some(at) if index % 2 == 1 && !self.is_healed() => Reading::Lied(at),
            Some(_) | None => Reading::Fresh,
        };
        let reader = seen.map(|seen| Reader { device, seen });
        let asked = (ask.cursor, ask.began);
        let is_fresh = matches!(reading, Reading::Fresh) && phone.is_none();
        let scope = self.server.scope_of(device);
        // Whatever the pull calls for at the server comes after what it tells.
        let trip = phone.map(|phone| self.trip_at(reading, &phone));
        let page = self.server.pull(node, scope, ask, reader.as_ref(), reading);
        if let (Some(trip), Some(page)) = (trip, &page) {
            self.brings(&trip, page);
        }
        if let Some(Read::Page(page)) = page.as_ref().filter(|_| is_fresh) {
            self.serves(asked, page.reset);
        }
        if let Some(Read::Page(page)) = page.as_ref().filter(|_| self.telling.of_steps()) {
            let (from, next) = (page.from.position.0, page.next.position.0);
            let (reset, more) = (page.reset, page.more);
            self.tell(&format!(
                "device {index} pulls {from}..{next} reset {reset} more {more} of {reading:?}"
            ));
        }
        page.map(|read| match read {
            Read::Page(page) => Input::Pulled(*page),
            Read::Gone(gone) => Input::Gone(gone),
        })
    }

    /// A device looks at what an answer says of the log.
    pub(crate) fn witness(&mut self, index: usize, input: &Input) {
        self.permits_at_contact(index, input);
        match input {
            Input::Pulled(answer) => self.look(index, answer),
            Input::Pushed(answer) => self.go_on(index, witness::Input::Pushed(answer)),
            _ => {}
        }
    }

    fn look(&mut self, index: usize, answer: &PullAnswer) {
        let note = answer.head.as_ref().and_then(|text| Note::parse(text).ok());
        let public = keys::public(SERVER.0);
        let log = KeyRef {
            kind: KeyKind::Ed25519,
            bytes: &public,
        };
        let head = note.and_then(|note| {
            note.verify(log, |key, hash, signature| {
                keys::verifies(key.kind, key.bytes, hash, signature)
            })
        });
        let Some(head) = head else {
            return;
        };
        let proof = answer.proof.as_deref().unwrap_or_default();
        let now = self.now;
        let head = &head;
        self.go_on(index, witness::Input::Shown { head, proof, now });
        let memory = self.tablets[index].memory.as_ref();
        if memory.is_some_and(|memory| memory.witnessing.needs_word()) {
            self.step(index, Input::Doubted);
        }
    }

    /// Feeds a device's witness and does what it says, until there is no more.
    fn go_on(&mut self, index: usize, input: witness::Input<'_>) {
        let mut next = self.step_witness(index, input);
        while let Some(effect) = next {
            next = match self.perform(index, effect) {
                Done::Signed(signature) => {
                    self.step_witness(index, witness::Input::Signed(&signature))
                }
                Done::Kept => self.step_witness(index, witness::Input::Kept),
                Done::Failed => self.step_witness(index, witness::Input::Failed),
            };
        }
        self.tell_of_proofs(index);
    }

    fn step_witness(&mut self, index: usize, input: witness::Input<'_>) -> Option<Effect> {
        let memory = self.tablets[index].memory.as_mut()?;
        memory.witnessing.step(input)
    }

    fn perform(&mut self, index: usize, effect: Effect) -> Done {
        let id = self.tablets[index].id;
        if let Effect::Sign(hash) = effect {
            return Done::Signed(keys::sign(&keys::public(id.0), &hash));
        }
        if self.strikes(Fault::WitnessNotKept) {
            return Done::Failed;
        }
        if self.telling.of_steps() {
            let name = format!("{effect:?}");
            let end = name.find('(').unwrap_or(name.len());
            self.tell(&format!("device {index} as a witness: {}", &name[..end]));
        }
        let tablet = &mut self.tablets[index];
        match effect {
            Effect::KeepProof(found) => tablet.disk.proofs.push((found, false)),
            Effect::Keep(witness) => {
                if let Some(note) = witness.seen() {
                    let head = note.checkpoint();
                    let life = head.origin.incarnation;
                    tablet.heads.push((life, head.size, head.root));
                    self.oracle.witnessed.insert((id, life, head.size));
                }
                tablet.disk.keep_witness(witness, false);
            }
            Effect::KeepLast(witness) => tablet.disk.keep_witness(witness, true),
            Effect::Sign(_) => {}
        }
        Done::Kept
    }

    /// Records each proof the server was not told of yet, as soon as there is a chain to write to.
    pub(crate) fn tell_of_proofs(&mut self, index: usize) {
        if !self.tablets[index].has_chain() {
            return;
        }
        for at in 0..self.tablets[index].disk.proofs.len() {
            let (found, is_told) = self.tablets[index].disk.proofs[at].clone();
            if !is_told && self.record(index, &Body::Rewritten(found)).is_some() {
                self.tablets[index].disk.proofs[at].1 = true;
            }
        }
    }

    /// Whoever runs the server does what only witnesses can tell.
    pub(crate) fn operator_acts(&mut self) {
        let events = usize::try_from(self.server.head().0).unwrap_or(0);
        if events < 4 {
            return;
        }
        if self.strikes(Fault::HistoryFalsified) {
            let ways = [
                Falsified::Altered,
                Falsified::Swapped,
                Falsified::Dropped,
                Falsified::Inserted,
            ];
            let how = ways[self.dice.index(ways.len())];
            let at = self.dice.index(events);
            self.server.falsify(how, at);
            self.note_strike();
        }
        if self.strikes(Fault::SetBackSilently) {
            match self.server.set_back_silently(&mut self.dice) {
                true => self.note_strike(),
                false => self.take_back(Fault::SetBackSilently),
            }
        }
        if self.strikes(Fault::SplitView) {
            self.operator.lies_about = Some(self.dice.index(events));
            self.note_strike();
        }
    }

    fn note_strike(&mut self) {
        self.operator.strikes += 1;
    }
}

enum Done {
    Signed(Vec<u8>),
    Kept,
    Failed,
}
