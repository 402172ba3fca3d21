//! The facts: what an event is, byte for byte.
//!
//! In: a body and what the device knows. Out: bytes that are signed, sent, stored and hashed as they are.
//! Must not: be encoded again once signed.

use minicbor::{Decode, Encode};

use crate::id::{ActorId, DeviceId, Epoch, EventId, Hash, LeaseId, Position, StoreId};

/// The kinds of event and their bodies.
mod body;
/// Words that may grow.
mod newer;
/// Which of them a program can read.
mod readable;

pub use body::{Body, Kind, Unreadable};
pub(crate) use newer::words_that_grow;
pub use readable::Readable;

/// Version of the envelope written today.
pub const ENVELOPE_VERSION: u8 = 1;

/// Largest envelope accepted, in bytes. The largest real one, a batch of received packages, has about 60 000.
pub const ENVELOPE_BYTES_MAX: usize = 262_144;

/// Put before the envelope's bytes when they are hashed, so that no other message can pass for an event.
const HASH_DOMAIN: &[u8] = b"custody-event-1\n";

/// Who acted, and the sign-in by which the device knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ActorRef {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// Sequence number of the sign-in event in the same chain.
    #[n(1)]
    pub session: u64,
}

/// The lease by which the device acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LeaseRef {
    /// The lease.
    #[n(0)]
    pub lease: LeaseId,
    /// Its fence token.
    #[n(1)]
    pub fence: u64,
}

/// Kind of an event and version of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct KindVersion {
    /// Number of the kind.
    #[n(0)]
    pub kind: u16,
    /// Version of its body.
    #[n(1)]
    pub version: u16,
}

/// Personal data of a customer, readable only with a key that can be destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Sealed {
    /// SHA-256 of salt and plain text: proves later what was said, without saying it.
    #[n(1)]
    pub commitment: Hash,
    /// Nonce and ciphertext.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub ciphertext: Vec<u8>,
}

/// Everything that is signed. Field numbers are those of the protocol and never change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Envelope {
    /// Envelope version.
    #[n(1)]
    pub version: u8,
    /// The shop; inside the signature, so that nothing can be replayed into another.
    #[n(2)]
    pub store: StoreId,
    /// The device.
    #[n(3)]
    pub device: DeviceId,
    /// One start of the writer on that device.
    #[n(4)]
    pub epoch: Epoch,
    /// Place in the chain, from 0.
    #[n(5)]
    pub seq: u64,
    /// Hash of the event before it in the chain; zeros for the first.
    #[n(6)]
    pub prev: Hash,
    /// Idempotency key, for references.
    #[n(7)]
    pub id: EventId,
    /// Hybrid logical clock: 48 bits of milliseconds, 16 of counter.
    #[n(8)]
    pub hlc: u64,
    /// Milliseconds since the epoch opened, by a clock that never jumps.
    #[n(9)]
    pub mono: u64,
    /// The device's wall clock in milliseconds since 1970, unmodified.
    #[n(10)]
    pub wall: i64,
    /// Who.
    #[n(11)]
    pub actor: ActorRef,
    /// The store position of the view the person was looking at.
    #[n(12)]
    pub basis: Position,
    /// What kind of fact.
    #[n(13)]
    pub kind: KindVersion,
    /// By what right.
    #[n(14)]
    pub lease: Option<LeaseRef>,
    /// The fact itself, encoded by its kind.
    #[cbor(n(15), with = "minicbor::bytes")]
    pub body: Vec<u8>,
    /// Customer data, sealed.
    #[n(16)]
    pub pii: Option<Sealed>,
}

impl Envelope {
    /// The bytes to sign.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads an envelope; fields this version does not know are skipped.
    ///
    /// # Errors
    /// When the bytes are too many, no CBOR, lack a field, or are followed by others.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > ENVELOPE_BYTES_MAX {
            return Err(Unreadable::TooLarge);
        }
        decode(bytes)
    }
}

/// An envelope's exact bytes and the signature over their hash.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedEvent {
    /// The envelope as the device encoded it.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// Signature of [`SignedEvent::hash`] by the device's key, 64 bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

impl SignedEvent {
    /// What is signed, and what the next event in the chain points back to.
    #[must_use]
    pub fn hash(&self) -> Hash {
        event_hash(&self.bytes)
    }
}

/// The hash of an envelope's bytes.
#[must_use]
pub fn event_hash(envelope: &[u8]) -> Hash {
    Hash::of(&[HASH_DOMAIN, envelope])
}

/// Encodes a value that cannot fail to encode.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("BUG: encoding into memory cannot fail")
}

/// Reads a value that fills its bytes to the last one: nothing can ride along unseen behind a signed fact.
pub(crate) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Unreadable> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| Unreadable::Malformed)?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(Unreadable::Malformed)
    }
}
