//! The auditor's bundle: one file that can be checked by itself, far from the shop and its server.
//!
//! In: what the log says, and the proofs. Out: bytes. Must not: need the whole log in memory, on either side.
//!
//! The file is the line [`MAGIC`], then a CBOR sequence of byte strings. Each holds one [`Record`], in
//! deterministic CBOR and in the shortest form; no other is read. Their order:
//!
//! 1. [`Facts`]: the shop, its log's key, its devices and people, and what part of the log this is.
//! 2. [`Head`], once or more: the tree head everything is measured by, then earlier ones with their co-signatures,
//!    newest first, each with the proof that it is a beginning of the first.
//! 3. For a whole log, [`Spine`]: the hashes of every full tile of [`TILE_LEAVES`] leaves, and the leaves behind the
//!    last. They lead to the root, so each is as good as the root from there on.
//! 4. [`Entry`], one per event, by position. In a whole log each [`TILE_LEAVES`] of them follow their [`Tile`], the
//!    hashes of these leaves; this is what lets the verifier name the one event that was changed. Who changes the
//!    tile with it is found out by the spine, at the tile's first event. Elsewhere each carries its own
//!    inclusion proof.
//! 5. Exceptions the events opened, by number.
//! 6. [`Seal`]: how many there were, and the log's signature over every byte before it.
//!
//! The seal only tells accidents and strangers from the server's own work. What the server itself might have changed is
//! told by the devices' signatures, the chains and the co-signed heads.

use minicbor::{Decode, Encode};

use crate::custody::exception::Exception;
use crate::event::{SignedEvent, encode};
use crate::facility::{Actor, Device, KeyKind, Store};
use crate::id::{DeviceId, Epoch, Hash, Position, StoreId};
use crate::sync::message::{Incarnation, Outcome, Recorded};

/// Shop, devices and people as the log tells of them.
mod register;
/// Record after record into a file.
mod writer;

pub use register::Register;
pub use writer::{MissingNode, Writer};

/// The first bytes of the file.
pub const MAGIC: &[u8] = b"custody-audit-bundle-1\n";
/// Leaves in one tile, as in C2SP `tlog-tiles`.
pub const TILE_LEAVES: u64 = 1 << TILE_LEVEL;
/// Level of the node that stands for a tile.
pub const TILE_LEVEL: u32 = 8;
/// Bytes of one record at most. The spine is the largest; this much is enough for thirty million events.
pub const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

const SEAL_DOMAIN: &[u8] = b"custody-bundle-seal-1\n";

/// Which part of the log a bundle holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Scope {
    /// Every event the head stands for.
    #[n(0)]
    Whole,
    /// Every event from one position to another, both included.
    #[n(1)]
    Range(#[n(0)] Position, #[n(1)] Position),
    /// Some events; only within a device's chain are there none missing between them.
    #[n(2)]
    Chosen,
}

/// The shop as its own facts name it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Shop {
    /// The business, as its label names it.
    #[n(0)]
    pub business: String,
    /// The shop's own name.
    #[n(1)]
    pub name: String,
    /// The state's licence number.
    #[n(2)]
    pub license: String,
    /// IANA name of the shop's time zone.
    #[n(3)]
    pub time_zone: String,
}

impl From<&Store> for Shop {
    fn from(store: &Store) -> Self {
        Self {
            business: store.business.clone(),
            name: store.name.clone(),
            license: store.license.clone(),
            time_zone: store.time_zone.clone(),
        }
    }
}

/// What a bundle says of itself and of everybody in it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Facts {
    /// The shop's identifier in every event.
    #[n(0)]
    pub store: StoreId,
    /// The log's life.
    #[n(1)]
    pub incarnation: Incarnation,
    /// The shop; `None` when its log has no such fact yet.
    #[n(2)]
    pub shop: Option<Shop>,
    /// Kind of the log's key.
    #[n(3)]
    pub log_key_kind: KeyKind,
    /// The log's public key. An auditor compares its fingerprint with what the shop gave him on another way.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub log_key: Vec<u8>,
    /// Which part of the log this is.
    #[n(5)]
    pub scope: Scope,
    /// When the bundle was made, by the server's clock.
    #[n(6)]
    pub made_at: i64,
    /// Every enrolment of every device, by device and generation.
    #[n(7)]
    pub devices: Vec<Device>,
    /// The people, by number.
    #[n(8)]
    pub actors: Vec<Actor>,
}

/// A tree head, and the proof that it is the beginning of the first head in the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Head {
    /// The sheet, a [`super::checkpoint::Note`].
    #[n(0)]
    pub note: String,
    /// Consistency proof; empty for the first.
    #[n(1)]
    pub proof: Vec<Hash>,
}

/// What leads from tiles to the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Spine {
    /// One hash per full tile.
    #[n(0)]
    pub tiles: Vec<Hash>,
    /// The leaves behind the last full tile.
    #[n(1)]
    pub rest: Vec<Hash>,
}

/// The leaves of the entries that follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Tile(#[n(0)] pub Vec<Hash>);

/// Where an event stands that cannot say so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Under {
    /// The device it came from.
    #[n(0)]
    pub device: DeviceId,
    /// The chain.
    #[n(1)]
    pub epoch: Epoch,
    /// Its number there.
    #[n(2)]
    pub seq: u64,
}

/// An event of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// Its place in the log.
    #[n(0)]
    pub position: Position,
    /// The server's clock when it was recorded.
    #[n(1)]
    pub recorded_at: i64,
    /// The event.
    #[n(2)]
    pub event: SignedEvent,
    /// What became of it.
    #[n(3)]
    pub outcome: Outcome,
    /// The chain it stands in, when its bytes cannot be read.
    #[n(4)]
    pub under: Option<Under>,
    /// Inclusion proof; empty in a whole log.
    #[n(5)]
    pub proof: Vec<Hash>,
}

impl Entry {
    /// An event without its proof.
    #[must_use]
    pub fn new(recorded: Recorded, under: Option<Under>) -> Self {
        Self {
            position: recorded.position,
            recorded_at: recorded.recorded_at,
            event: recorded.event,
            outcome: recorded.outcome,
            under,
            proof: Vec::new(),
        }
    }

    /// Its leaf in the tree.
    #[must_use]
    pub fn leaf(&self) -> super::merkle::Leaf {
        super::merkle::Leaf {
            event: self.event.hash(),
            decision: super::merkle::decision_hash(&self.outcome),
            position: self.position,
            recorded_at: self.recorded_at,
        }
    }
}

/// The end of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Seal {
    /// How many events.
    #[n(0)]
    pub events: u64,
    /// How many exceptions.
    #[n(1)]
    pub exceptions: u64,
    /// Signature of [`seal_hash`] by the log's key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

/// What the log signs of a whole bundle: `digest` is SHA-256 of every byte before the seal.
#[must_use]
pub fn seal_hash(digest: &Hash, events: u64, exceptions: u64) -> Hash {
    let (events, exceptions) = (events.to_be_bytes(), exceptions.to_be_bytes());
    Hash::of(&[SEAL_DOMAIN, &digest.0, &events, &exceptions])
}

/// One piece of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Record {
    /// The shop, its devices and people.
    #[n(0)]
    Facts(#[n(0)] Box<Facts>),
    /// A tree head.
    #[n(1)]
    Head(#[n(0)] Head),
    /// From tiles to the root.
    #[n(2)]
    Spine(#[n(0)] Spine),
    /// Leaves.
    #[n(3)]
    Tile(#[n(0)] Tile),
    /// An event.
    #[n(4)]
    Entry(#[n(0)] Box<Entry>),
    /// Something that waits for a manager, or once did.
    #[n(5)]
    Exception(#[n(0)] Box<Exception>),
    /// The end.
    #[n(6)]
    Seal(#[n(0)] Seal),
}

impl Record {
    /// Its bytes in the file.
    ///
    /// # Panics
    /// When it is larger than any record may be.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let record = encode(self);
        assert!(record.len() <= RECORD_BYTES_MAX, "BUG: a record too large");
        let mut framed = Vec::with_capacity(record.len() + 5);
        minicbor::Encoder::new(&mut framed)
            .bytes(&record)
            .expect("BUG: encoding into memory cannot fail");
        framed
    }
}

/// What stands here is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unframed;

/// Where the record at the beginning of these bytes begins and ends; `None` while that cannot be seen.
pub(super) fn frame(bytes: &[u8]) -> Result<Option<(usize, usize)>, Unframed> {
    /// The head of a CBOR byte string, with the bytes its length takes and the least length for so many.
    const SHORT: u8 = 0x40;
    const FORMS: [(u8, usize, u64); 3] = [(0x58, 1, 24), (0x59, 2, 1 << 8), (0x5a, 4, 1 << 16)];
    let Some(first) = bytes.first() else {
        return Ok(None);
    };
    if (SHORT..SHORT + 24).contains(first) {
        return Ok(Some((1, 1 + usize::from(first - SHORT))));
    }
    let form = FORMS.into_iter().find(|(head, ..)| head == first);
    let (_, width, least) = form.ok_or(Unframed)?;
    let Some(digits) = bytes.get(1..=width) else {
        return Ok(None);
    };
    let length = digits
        .iter()
        .fold(0, |sum, digit| sum << 8 | u64::from(*digit));
    let size = usize::try_from(length).map_err(|_| Unframed)?;
    if length < least || size > RECORD_BYTES_MAX {
        return Err(Unframed);
    }
    Ok(Some((1 + width, 1 + width + size)))
}
