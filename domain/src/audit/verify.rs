//! The check of an auditor's bundle, with nothing but the file.
//!
//! In: the file, in pieces of any size, and a way to check signatures. Out: what is in it, or the first thing that is
//! wrong and the event it is wrong with. Must not: hold the file, or pass over a byte.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::Fault;
use super::bundle::{
    Entry, Facts, Head, MAGIC, Record, Register, Scope, Seal, Under, frame, seal_hash,
};
use super::checkpoint::{Checkpoint, KeyRef, Note, Origin};
use super::merkle::is_consistent;
use crate::custody::exception::Exception;
use crate::event::{Body, Envelope, Kind, decode};
use crate::id::{Hash, Position};
use crate::sync::message::Outcome;

/// Do names and keys agree with the log?
mod agree;
/// The devices' chains.
mod chains;
/// The one form of a record.
mod form;
/// Does the log go on from a head that was kept?
mod kept;
/// Is it in the tree?
mod leaves;
/// What was found.
mod report;
/// Who signed?
mod signatures;
/// What is told of a check that runs elsewhere.
mod told;

pub use report::{FirstBad, Flaw, HeadSeen, Report};
pub use signatures::{Claim, Depth, Verifies};
pub use told::Told;

use chains::Chains;
use form::is_encoding_of;
use kept::Kept;
use leaves::Leaves;
use report::Broken;
use signatures::{Signatures, Unsigned};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Magic,
    Facts,
    Heads,
    Events,
    Exceptions,
    Sealed,
}

/// Checks one bundle. `verifies` says whether a signature over a hash is by a key.
pub struct Verifier<V> {
    stage: Stage,
    buffer: Vec<u8>,
    digest: Sha256,
    origin: Option<Origin>,
    scope: Scope,
    leaves: Option<Leaves>,
    kept: Option<Kept>,
    chains: Chains,
    signatures: Signatures<V>,
    register: Register,
    /// Exceptions that outcomes speak of and that were not shown yet.
    opened: BTreeMap<u64, Position>,
    last: Position,
    report: Report,
}

impl<V> core::fmt::Debug for Verifier<V> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Verifier({:?}, {} bytes)", self.stage, self.report.bytes)
    }
}

impl<V: Verifies> Verifier<V> {
    /// Begins.
    #[must_use]
    pub fn new(depth: Depth, verifies: V) -> Self {
        Self {
            stage: Stage::Magic,
            buffer: Vec::new(),
            digest: Sha256::new(),
            origin: None,
            scope: Scope::Chosen,
            leaves: None,
            kept: None,
            chains: Chains::default(),
            signatures: Signatures::new(depth, verifies),
            register: Register::default(),
            opened: BTreeMap::new(),
            last: Position(0),
            report: Report::default(),
        }
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Takes the next piece of the file. After the first flaw the rest is not looked at, and the answer is `false`.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        if self.report.first_bad.is_some() {
            return false;
        }
        self.buffer.extend_from_slice(bytes);
        let buffer = std::mem::take(&mut self.buffer);
        let mut rest = buffer.as_slice();
        loop {
            match self.step(rest) {
                Ok(Some(used)) => {
                    self.report.bytes += u64::try_from(used).unwrap_or(u64::MAX);
                    rest = &rest[used..];
                }
                Ok(None) => break,
                Err(broken) => {
                    self.fail(broken);
                    return false;
                }
            }
        }
        self.buffer = rest.to_vec();
        true
    }

    /// The file is over.
    #[must_use]
    pub fn finish(mut self) -> Report {
        if self.report.first_bad.is_none() && self.stage != Stage::Sealed {
            let flaw = if self.stage == Stage::Magic {
                Flaw::NotABundle
            } else {
                Flaw::Truncated
            };
            self.fail(Broken {
                position: self.expected(),
                ..flaw.into()
            });
        }
        // A run that was never closed may hold an earlier flaw than the one that ended the check.
        let earlier = self.signatures.judge_all().filter(|found| {
            let known = self.report.first_bad.and_then(|bad| bad.position);
            known.is_none_or(|known| found.position < known)
        });
        if let Some(event) = earlier {
            self.fail(event.into());
        }
        self.report.signatures = self.signatures.checked();
        self.report
    }

    fn fail(&mut self, broken: Broken) {
        self.report.first_bad = Some(FirstBad {
            byte: broken.byte.unwrap_or(self.report.bytes),
            position: broken.position,
            device: broken.under.map(|(device, _)| device),
            seq: broken.under.and_then(|(_, seq)| seq),
            flaw: broken.flaw,
        });
    }

    /// Reads one record, if it is there as a whole. Returns how many bytes it has.
    fn step(&mut self, rest: &[u8]) -> Result<Option<usize>, Broken> {
        if self.stage == Stage::Magic {
            let seen = rest.len().min(MAGIC.len());
            if rest[..seen] != MAGIC[..seen] {
                return Err(Flaw::NotABundle.into());
            }
            if seen < MAGIC.len() {
                return Ok(None);
            }
            self.digest.update(MAGIC);
            self.stage = Stage::Facts;
            return Ok(Some(MAGIC.len()));
        }
        if self.stage == Stage::Sealed && !rest.is_empty() {
            return Err(Flaw::Trailing.into());
        }
        let malformed = Broken {
            position: self.expected(),
            ..Flaw::Malformed.into()
        };
        let Some((start, end)) = frame(rest).map_err(|_| malformed)? else {
            return Ok(None);
        };
        let Some(bytes) = rest.get(start..end) else {
            return Ok(None);
        };
        let record: Record = decode(bytes).map_err(|_| malformed)?;
        if !is_encoding_of(&record, bytes) {
            return Err(malformed);
        }
        if !matches!(record, Record::Seal(_)) {
            self.digest.update(&rest[..end]);
        }
        self.take(record)?;
        Ok(Some(end))
    }

    /// The next position, where it is known.
    fn expected(&self) -> Option<Position> {
        let is_complete = match self.scope {
            Scope::Whole | Scope::Range(..) => true,
            Scope::Chosen => false,
        };
        (is_complete && self.stage == Stage::Events).then(|| self.next())
    }

    fn next(&self) -> Position {
        // Nobody honest comes near the largest number.
        Position(self.last.0.saturating_add(1))
    }

    fn take(&mut self, record: Record) -> Result<(), Broken> {
        let is_whole = self.scope == Scope::Whole;
        let is_head = matches!(record, Record::Head(_));
        if self.stage == Stage::Heads && self.leaves.is_some() && !is_whole && !is_head {
            self.stage = Stage::Events;
        }
        let is_behind_events = matches!(self.stage, Stage::Events | Stage::Exceptions);
        let fits = match record {
            Record::Facts(_) => self.stage == Stage::Facts,
            Record::Head(_) => self.stage == Stage::Heads,
            Record::Spine(_) => self.stage == Stage::Heads && is_whole,
            Record::Tile(_) => self.stage == Stage::Events && is_whole,
            Record::Entry(_) => self.stage == Stage::Events,
            Record::Exception(_) | Record::Seal(_) => is_behind_events,
        };
        if !fits {
            return Err(Broken {
                position: self.expected(),
                ..Flaw::Unexpected.into()
            });
        }
        match record {
            Record::Facts(facts) => self.facts(*facts),
            Record::Head(head) => self.head(&head),
            Record::Spine(spine) => {
                let leaves = self.leaves.as_mut().ok_or(Flaw::Unexpected)?;
                self.stage = Stage::Events;
                leaves.spine(spine).then_some(()).ok_or(Flaw::Tree.into())
            }
            Record::Tile(tile) => {
                let next = self.next();
                let leaves = self.leaves.as_mut().ok_or(Flaw::Unexpected)?;
                let leads = leaves.tile(self.last.0, tile.0);
                leads
                    .then_some(())
                    .ok_or(Broken::at(next, None, Flaw::Tree))
            }
            Record::Entry(entry) => self.entry(*entry),
            Record::Exception(exception) => self.exception(&exception),
            Record::Seal(seal) => self.seal(&seal),
        }
    }

    fn facts(&mut self, facts: Facts) -> Result<(), Broken> {
        if let Scope::Range(first, last) = facts.scope {
            if first == Position(0) || last < first {
                return Err(Flaw::Malformed.into());
            }
            self.last = Position(first.0 - 1);
        }
        self.scope = facts.scope;
        self.origin = Some(Origin {
            store: facts.store,
            incarnation: facts.incarnation,
        });
        self.signatures.know(&facts);
        self.report.facts = Some(facts);
        self.stage = Stage::Heads;
        Ok(())
    }

    fn head(&mut self, head: &Head) -> Result<(), Broken> {
        let note = Note::parse(&head.note).map_err(|_| Flaw::Head)?;
        let checkpoint = note.checkpoint();
        if Some(checkpoint.origin) != self.origin {
            return Err(Flaw::HeadOfAnotherLog.into());
        }
        if !self.signatures.is_by_log(&note) {
            return Err(Flaw::HeadSignature.into());
        }
        for device in note.witnesses() {
            if !self.signatures.is_witnessed(&note, device) {
                return Err(Broken::by(device, Flaw::CoSignature));
            }
        }
        self.order_of_heads(&checkpoint, head)?;
        if self.leaves.is_none() {
            self.leaves = Some(Leaves::new(checkpoint.size, checkpoint.root));
        }
        self.report.heads.push(HeadSeen {
            checkpoint,
            witnesses: note.witnesses().collect(),
        });
        Ok(())
    }

    fn order_of_heads(&self, checkpoint: &Checkpoint, head: &Head) -> Result<(), Flaw> {
        let (Some(first), Some(last)) = (self.report.heads.first(), self.report.heads.last())
        else {
            let reaches = match self.scope {
                Scope::Range(_, last) => last.0 <= checkpoint.size,
                Scope::Whole | Scope::Chosen => true,
            };
            let is_right = head.proof.is_empty() && reaches;
            return is_right.then_some(()).ok_or(Flaw::Head);
        };
        if checkpoint.size >= last.checkpoint.size {
            return Err(Flaw::Head);
        }
        let newest = first.checkpoint;
        let goes_on = is_consistent(
            checkpoint.size,
            &checkpoint.root,
            newest.size,
            &newest.root,
            &head.proof,
        );
        goes_on.then_some(()).ok_or(Flaw::HeadsDisagree)
    }

    fn entry(&mut self, mut entry: Entry) -> Result<(), Broken> {
        let envelope = Envelope::parse(&entry.event.bytes).ok();
        let under = envelope.as_ref().map_or(entry.under, |envelope| {
            Some(Under {
                device: envelope.device,
                epoch: envelope.epoch,
                seq: envelope.seq,
            })
        });
        let position = entry.position;
        let broken = |flaw| Broken::at(position, under, flaw);
        let place = self.expected().unwrap_or(entry.position);
        if entry.position <= self.last {
            let flaw = Flaw::Event(Fault::OutOfOrder);
            return Err(Broken::at(place, under, flaw));
        }
        if entry.position != place {
            return Err(Broken::at(place, None, Flaw::Event(Fault::Missing)));
        }
        let leaves = self.leaves.as_ref().ok_or(Flaw::Unexpected)?;
        let leaf = entry.leaf();
        if !leaves.holds(&entry, &leaf) {
            return Err(broken(Flaw::Leaf));
        }
        self.kept_is_its_beginning(&leaf)?;
        let is_aside = matches!(entry.outcome, Outcome::Quarantined(_));
        let (Some(under), true) = (under, envelope.is_some() != entry.under.is_some()) else {
            return Err(broken(Flaw::Event(Fault::Unreadable)));
        };
        let broken = |flaw| Broken::at(position, Some(under), flaw);
        if envelope.is_none() && !is_aside {
            return Err(broken(Flaw::Event(Fault::Unreadable)));
        }
        let store = self.origin.map(|origin| origin.store);
        if envelope.as_ref().is_some_and(|of| Some(of.store) != store) {
            return Err(broken(Flaw::OtherStore));
        }
        if !self.signatures.knows(under.device) {
            return Err(broken(Flaw::UnknownDevice));
        }
        let may_begin_late = self.scope != Scope::Whole;
        let is_behind_hole = self
            .chains
            .follow(under, envelope.as_ref(), leaf.event, may_begin_late)
            .map_err(broken)?;
        let is_linked = envelope.is_some() && !is_behind_hole;
        let event = Unsigned {
            position,
            under,
            byte: self.report.bytes,
        };
        let signature = std::mem::take(&mut entry.event.signature);
        self.signatures
            .signed(event, leaf.event, signature, is_linked)?;
        self.count(&entry, under, envelope.as_ref());
        Ok(())
    }

    fn count(&mut self, entry: &Entry, under: Under, envelope: Option<&Envelope>) {
        self.last = entry.position;
        let report = &mut self.report;
        report.events += 1;
        *report.devices.entry(under.device).or_default() += 1;
        report
            .positions
            .get_or_insert((entry.position, entry.position))
            .1 = entry.position;
        match &entry.outcome {
            Outcome::Applied => {}
            Outcome::AppliedWithExceptions(numbers) => {
                let opened = numbers.iter().map(|number| (*number, entry.position));
                self.opened.extend(opened);
            }
            Outcome::Quarantined(_) => {
                report.aside += 1;
                return;
            }
        }
        let Some(envelope) = envelope else {
            return;
        };
        report.note(envelope);
        self.declared(under, envelope);
        if self.scope != Scope::Whole {
            return;
        }
        let told = [
            Kind::StoreConfigured,
            Kind::ActorAdded,
            Kind::DeviceEnrolled,
        ];
        let is_told = told.iter().any(|kind| kind.number() == envelope.kind.kind);
        if is_told && let Ok(body) = Body::parse(envelope.kind, &envelope.body) {
            self.register.note(&body);
        }
    }

    /// The server may say that numbers of a chain are lost; nobody else.
    fn declared(&mut self, under: Under, envelope: &Envelope) {
        let devices = self.report.facts.iter().flat_map(|facts| &facts.devices);
        let mut of_signer = devices.filter(|device| device.id == under.device);
        if envelope.kind.kind != Kind::AlarmRaised.number()
            || !of_signer.any(|device| device.is_server)
        {
            return;
        }
        if let Ok(Body::AlarmRaised(alarm)) = Body::parse(envelope.kind, &envelope.body)
            && self.chains.declare(&alarm)
        {
            self.report.holes += 1;
        }
    }

    fn end_of_events(&mut self) -> Result<(), Broken> {
        let end = match self.scope {
            Scope::Whole => self.leaves.as_ref().map(Leaves::size),
            Scope::Range(_, last) => Some(last.0),
            Scope::Chosen => None,
        };
        if end.is_some_and(|end| end != self.last.0) {
            let missing = Flaw::Event(Fault::Missing);
            return Err(Broken::at(self.next(), None, missing));
        }
        self.kept_was_reached()?;
        if let Some(event) = self.signatures.judge_all() {
            return Err(event.into());
        }
        self.stage = Stage::Exceptions;
        match &self.report.facts {
            Some(facts) if self.scope == Scope::Whole => agree::agrees(facts, &self.register),
            Some(_) | None => Ok(()),
        }
    }

    fn exception(&mut self, exception: &Exception) -> Result<(), Broken> {
        if self.stage == Stage::Events {
            self.end_of_events()?;
        }
        if self.opened.remove(&exception.number) != Some(exception.position) {
            let flaw = Flaw::UnknownException;
            return Err(Broken::at(exception.position, None, flaw));
        }
        self.report.exceptions += 1;
        if !exception.resolved {
            self.report.open_exceptions += 1;
        }
        Ok(())
    }

    fn seal(&mut self, seal: &Seal) -> Result<(), Broken> {
        if self.stage == Stage::Events {
            self.end_of_events()?;
        }
        if let Some(position) = self.opened.values().min() {
            return Err(Broken::at(*position, None, Flaw::MissingException));
        }
        let digest = Hash(self.digest.clone().finalize().into());
        let claim = seal_hash(&digest, seal.events, seal.exceptions);
        let counted = (self.report.events, self.report.exceptions);
        if counted != (seal.events, seal.exceptions)
            || !self.signatures.is_log_signature(&claim, &seal.signature)
        {
            return Err(Flaw::Seal.into());
        }
        self.stage = Stage::Sealed;
        Ok(())
    }
}
