//! What was found in a bundle.
//!
//! In: nothing. Out: figures and names for whoever asked. Must not: hold anything that grows with the log.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::signatures::Unsigned;
use crate::audit::Fault;
use crate::audit::bundle::{Facts, Under};
use crate::audit::checkpoint::Checkpoint;
use crate::custody::passkeys::PasskeyChange;
use crate::event::{Body, Envelope, Kind};
use crate::id::{DeviceId, Position};

/// What is in a bundle, and the first thing wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Report {
    /// What the bundle says of shop, devices and people.
    #[n(0)]
    pub facts: Option<Facts>,
    /// Tree heads, newest first; the first is the one everything was measured by.
    #[n(1)]
    pub heads: Vec<HeadSeen>,
    /// Good events; of those behind a bad signature, some may be counted, for signatures are checked many at a time.
    #[n(2)]
    pub events: u64,
    /// The first and the last of them.
    #[n(3)]
    pub positions: Option<(Position, Position)>,
    /// How many of them are by which device.
    #[n(4)]
    pub devices: BTreeMap<DeviceId, u64>,
    /// How many of them were recorded but not applied.
    #[n(5)]
    pub aside: u64,
    /// Exceptions they opened.
    #[n(6)]
    pub exceptions: u64,
    /// How many of those still wait for a manager.
    #[n(7)]
    pub open_exceptions: u64,
    /// Signatures that were checked, those of the log included.
    #[n(8)]
    pub signatures: u64,
    /// Bytes of the file that are in order.
    #[n(9)]
    pub bytes: u64,
    /// The first thing wrong. `None` once the check has ended means that nothing is.
    #[n(10)]
    pub first_bad: Option<FirstBad>,
    /// Holes in chains: numbers the log itself declares lost.
    #[n(11)]
    pub holes: u64,
    /// How often managers' passkeys changed.
    #[n(12)]
    pub passkeys: u64,
    /// How many of those were a way back: others let somebody in again who had lost them all.
    #[n(13)]
    pub ways_back: u64,
}

impl Report {
    /// Counts what is counted by kind.
    pub(super) fn note(&mut self, envelope: &Envelope) {
        if envelope.kind.kind != Kind::PasskeysChanged.number() {
            return;
        }
        self.passkeys += 1;
        let body = Body::parse(envelope.kind, &envelope.body);
        if let Ok(Body::PasskeysChanged(done)) = body
            && done.change == PasskeyChange::MadeAnew
        {
            self.ways_back += 1;
        }
    }
}

/// A tree head and who has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HeadSeen {
    /// The head, signed by the log.
    #[n(0)]
    pub checkpoint: Checkpoint,
    /// The devices that signed that everything they saw before is its beginning.
    #[n(1)]
    pub witnesses: Vec<DeviceId>,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FirstBad {
    /// The record in the file, by its first byte.
    #[n(0)]
    pub byte: u64,
    /// The event, where it is one event that is wrong.
    #[n(1)]
    pub position: Option<Position>,
    /// The device.
    #[n(2)]
    pub device: Option<DeviceId>,
    /// The event's number in that device's chain.
    #[n(3)]
    pub seq: Option<u64>,
    /// What is wrong.
    #[n(4)]
    pub flaw: Flaw,
}

/// What can be wrong with a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Flaw {
    /// The file is no bundle.
    #[n(0)]
    NotABundle,
    /// Bytes that are no record, or not in the one form there is.
    #[n(1)]
    Malformed,
    /// A record where none of its kind may be.
    #[n(2)]
    Unexpected,
    /// The file ends early.
    #[n(3)]
    Truncated,
    /// The file goes on behind its end.
    #[n(4)]
    Trailing,
    /// A tree head that cannot be read, or does not belong where it is.
    #[n(5)]
    Head,
    /// A tree head of another shop, or of another life of the log.
    #[n(6)]
    HeadOfAnotherLog,
    /// A tree head the log did not sign.
    #[n(7)]
    HeadSignature,
    /// A co-signature that is not the device's.
    #[n(8)]
    CoSignature,
    /// A tree head that is not the beginning of the newest.
    #[n(9)]
    HeadsDisagree,
    /// Hashes that do not lead to the tree's root.
    #[n(10)]
    Tree,
    /// The event, its time, its position or what became of it is not what the tree has there.
    #[n(11)]
    Leaf,
    /// Wrong with the event in its chain.
    #[n(12)]
    Event(#[n(0)] Fault),
    /// An event signed for another shop.
    #[n(13)]
    OtherStore,
    /// An event of a device nobody vouches for.
    #[n(14)]
    UnknownDevice,
    /// A chain that does not begin with the fact that a writer started.
    #[n(15)]
    NotOpened,
    /// The shop is not what the log says.
    #[n(16)]
    Shop,
    /// A device or its key is not what the log says.
    #[n(17)]
    Certificate,
    /// A person is not whom the log names.
    #[n(18)]
    Person,
    /// An exception no event opened.
    #[n(19)]
    UnknownException,
    /// An exception an event opened is not shown.
    #[n(20)]
    MissingException,
    /// The counts or the log's signature under the whole bundle are wrong.
    #[n(21)]
    Seal,
}

impl Flaw {
    /// The flaw for a program; a released word never changes its meaning.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotABundle => "not_a_bundle",
            Self::Malformed => "malformed",
            Self::Unexpected => "unexpected",
            Self::Truncated => "truncated",
            Self::Trailing => "trailing",
            Self::Head => "head",
            Self::HeadOfAnotherLog => "head_of_another_log",
            Self::HeadSignature => "head_signature",
            Self::CoSignature => "co_signature",
            Self::HeadsDisagree => "heads_disagree",
            Self::Tree => "tree",
            Self::Leaf => "leaf",
            Self::Event(Fault::Unreadable) => "unreadable",
            Self::Event(Fault::BrokenLink) => "broken_link",
            Self::Event(Fault::Missing) => "missing",
            Self::Event(Fault::OutOfOrder) => "out_of_order",
            Self::Event(Fault::Signature) => "signature",
            Self::OtherStore => "other_store",
            Self::UnknownDevice => "unknown_device",
            Self::NotOpened => "not_opened",
            Self::Shop => "shop",
            Self::Certificate => "certificate",
            Self::Person => "person",
            Self::UnknownException => "unknown_exception",
            Self::MissingException => "missing_exception",
            Self::Seal => "seal",
        }
    }
}

/// What is wrong, and with what; where in the file is known to the caller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken {
    pub(super) position: Option<Position>,
    pub(super) under: Option<(DeviceId, Option<u64>)>,
    pub(super) flaw: Flaw,
    /// Where its record begins, when that is not the one at hand.
    pub(super) byte: Option<u64>,
}

impl From<Flaw> for Broken {
    fn from(flaw: Flaw) -> Self {
        Self {
            position: None,
            under: None,
            flaw,
            byte: None,
        }
    }
}

impl Broken {
    pub(super) fn at(position: Position, under: Option<Under>, flaw: Flaw) -> Self {
        Self {
            position: Some(position),
            under: under.map(|under| (under.device, Some(under.seq))),
            flaw,
            byte: None,
        }
    }

    pub(super) fn by(device: DeviceId, flaw: Flaw) -> Self {
        Self {
            position: None,
            under: Some((device, None)),
            flaw,
            byte: None,
        }
    }
}

impl From<Unsigned> for Broken {
    fn from(event: Unsigned) -> Self {
        let Unsigned {
            position,
            under,
            byte,
        } = event;
        Self {
            byte: Some(byte),
            ..Self::at(position, Some(under), Flaw::Event(Fault::Signature))
        }
    }
}
