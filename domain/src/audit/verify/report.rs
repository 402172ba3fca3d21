//! What was found in a bundle.
//!
//! In: nothing. Out: figures and names for whoever asked. Must not: hold anything that grows with the log.

use std::collections::BTreeMap;

use super::signatures::Unsigned;
use crate::audit::Fault;
use crate::audit::bundle::{Facts, Under};
use crate::audit::checkpoint::Checkpoint;
use crate::id::{DeviceId, Position};

/// What is in a bundle, and the first thing wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the bundle says of shop, devices and people.
    pub facts: Option<Facts>,
    /// Tree heads, newest first; the first is the one everything was measured by.
    pub heads: Vec<HeadSeen>,
    /// Good events; of those behind a bad signature, some may be counted, for signatures are checked many at a time.
    pub events: u64,
    /// The first and the last of them.
    pub positions: Option<(Position, Position)>,
    /// How many of them are by which device.
    pub devices: BTreeMap<DeviceId, u64>,
    /// How many of them were recorded but not applied.
    pub aside: u64,
    /// Exceptions they opened.
    pub exceptions: u64,
    /// How many of those still wait for a manager.
    pub open_exceptions: u64,
    /// Signatures that were checked, those of the log included.
    pub signatures: u64,
    /// Bytes of the file that are in order.
    pub bytes: u64,
    /// The first thing wrong. `None` once the check has ended means that nothing is.
    pub first_bad: Option<FirstBad>,
}

/// A tree head and who has seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadSeen {
    /// The head, signed by the log.
    pub checkpoint: Checkpoint,
    /// The devices that signed that everything they saw before is its beginning.
    pub witnesses: Vec<DeviceId>,
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstBad {
    /// The record in the file, by its first byte.
    pub byte: u64,
    /// The event, where it is one event that is wrong.
    pub position: Option<Position>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The event's number in that device's chain.
    pub seq: Option<u64>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What can be wrong with a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The file is no bundle.
    NotABundle,
    /// Bytes that are no record, or not in the one form there is.
    Malformed,
    /// A record where none of its kind may be.
    Unexpected,
    /// The file ends early.
    Truncated,
    /// The file goes on behind its end.
    Trailing,
    /// A tree head that cannot be read, or does not belong where it is.
    Head,
    /// A tree head of another shop, or of another life of the log.
    HeadOfAnotherLog,
    /// A tree head the log did not sign.
    HeadSignature,
    /// A co-signature that is not the device's.
    CoSignature,
    /// A tree head that is not the beginning of the newest.
    HeadsDisagree,
    /// Hashes that do not lead to the tree's root.
    Tree,
    /// The event, its time, its position or what became of it is not what the tree has there.
    Leaf,
    /// Wrong with the event in its chain.
    Event(Fault),
    /// An event signed for another shop.
    OtherStore,
    /// An event of a device nobody vouches for.
    UnknownDevice,
    /// A chain that does not begin with the fact that a writer started.
    NotOpened,
    /// The shop is not what the log says.
    Shop,
    /// A device or its key is not what the log says.
    Certificate,
    /// A person is not whom the log names.
    Person,
    /// An exception no event opened.
    UnknownException,
    /// An exception an event opened is not shown.
    MissingException,
    /// The counts or the log's signature under the whole bundle are wrong.
    Seal,
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
