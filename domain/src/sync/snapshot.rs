//! A whole view as a few files: what a fresh device fetches, so that its cost is the state and not the history.
//!
//! In: rows, files. Out: files and their names, rows. Must not: hold a customer's card, or let a file count whose
//! bytes are not the ones that were promised.

use minicbor::{Decode, Encode};

use crate::id::{Hash, StoreId};
use crate::ledger::EntityKind;
use crate::mutated;
use crate::sync::message::{Cursor, Incarnation, Row};
use crate::sync::page::Sum;

/// Bytes of one chunk at most, before it is packed. A packed chunk that unfolds to more is thrown away.
pub const CHUNK_BYTES_MAX: usize = 1_048_576;
/// Chunks of one snapshot at most.
pub const CHUNKS_MAX: usize = 4_096;

/// Server to device, instead of a page: what this reader has is of no use any more, and the view is large. There is a
/// snapshot to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Gone {
    /// The log's life.
    #[n(0)]
    pub incarnation: Incarnation,
}

/// One file of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Chunk {
    /// SHA-256 of its bytes, before they are packed. Also its name.
    #[n(0)]
    pub hash: Hash,
    /// How many bytes that is.
    #[n(1)]
    pub bytes: u32,
}

impl Chunk {
    /// The name of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            hash: Hash::of(&[bytes]),
            bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether these are its bytes.
    #[must_use]
    pub fn is(&self, bytes: &[u8]) -> bool {
        *self == Self::of(bytes) || mutated("snapshot_takes_any_bytes")
    }
}

/// What a snapshot is of, and its chunks. Signed by the server.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The moment of the log; what changed since comes with pulls from here. Also the size of the tree over the log.
    #[n(1)]
    pub at: Cursor,
    /// Root of the tree over the log at that moment, where the server had it at hand.
    #[n(2)]
    pub root: Option<Hash>,
    /// The chunks, in order.
    #[n(3)]
    pub chunks: Vec<Chunk>,
    /// The server's clock when it was made, milliseconds since 1970.
    #[n(4)]
    pub made_at: i64,
    /// What the rows of all chunks add up to. A server that does not say so is believed: the pull behind the snapshot
    /// ends with such a sum, too.
    #[n(5)]
    pub sum: Option<Sum>,
}

impl Manifest {
    /// What the server signs of a manifest's bytes. Never the same as what it signs of anything else.
    #[must_use]
    pub fn signed_hash(bytes: &[u8]) -> Hash {
        Hash::of(&[b"custody-snapshot-1\n", bytes])
    }

    /// Whether a device can take it: of its shop, and no larger than a snapshot may be.
    #[must_use]
    pub fn is_sound(&self, store: StoreId) -> bool {
        let fits = |chunk: &Chunk| usize::try_from(chunk.bytes).is_ok_and(|n| n <= CHUNK_BYTES_MAX);
        self.store == store && self.chunks.len() <= CHUNKS_MAX && self.chunks.iter().all(fits)
    }
}

/// The rows in a chunk; `None` when it is none.
#[must_use]
pub fn rows_in(chunk: &[u8]) -> Option<Vec<Row>> {
    minicbor::decode(chunk).ok()
}

/// What rows of a snapshot add up to.
#[must_use]
pub fn sum_of(rows: &[Row]) -> Sum {
    let summed = rows
        .iter()
        .filter(|row| row.key.kind != EntityKind::Customer);
    let of_row = |row: &Row| Some(Sum::of_row(&row.key, row.bytes.as_deref()?));
    summed.filter_map(of_row).fold(Sum::default(), Sum::plus)
}

/// Whether the rows of all chunks are those the manifest was made of. Asked before any of them is shown.
#[must_use]
pub fn adds_up(found: Sum, named: Option<Sum>) -> bool {
    named.is_none_or(|named| named == found) || mutated("device_opens_whatever_it_adds_up_to")
}
