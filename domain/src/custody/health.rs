//! How a device is: its clock against the server's, and its storage.
//!
//! In: what the device measured. Out: facts for the record; only the server draws conclusions. Must not:
//! order, accept or refuse anything by a device's clock.

use minicbor::{Decode, Encode};

/// A device compared its clock with the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClockObserved {
    /// Server's clock minus the device's, in milliseconds.
    #[n(0)]
    pub offset: i64,
    /// By how much that may be wrong either way, in milliseconds.
    #[n(1)]
    pub error: u64,
    /// How far the wall clock had jumped against the one that never does since the last comparison, in
    /// milliseconds.
    #[n(2)]
    pub jump: i64,
}

/// Largest uncertainty of a clock that is not worth a word, in milliseconds.
pub const CLOCK_ERROR_MS_MAX: u64 = 30_000;

impl ClockObserved {
    /// Whether times of this device are too uncertain to be evidence.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        self.error > CLOCK_ERROR_MS_MAX
    }
}

/// What is wrong with a device's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum StorageTrouble {
    /// Little room is left.
    #[n(0)]
    QuotaShort,
    /// A fact could not be kept at first; it was kept later, or this would not be known.
    #[n(1)]
    WriteFailed,
    /// The browser no longer promises to keep the storage.
    #[n(2)]
    PersistenceLost,
    /// What was read back is not what was written.
    #[n(3)]
    Damaged,
    /// The pulled view was gone and was fetched again.
    #[n(4)]
    ViewLost,
}

/// A device's storage is in trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StorageAlarm {
    /// What is wrong.
    #[n(0)]
    pub trouble: StorageTrouble,
    /// Events not yet at the server.
    #[n(1)]
    pub unsent: u64,
    /// Bytes in use, when the browser says.
    #[n(2)]
    pub used: Option<u64>,
    /// Bytes the browser lets the app keep, when it says.
    #[n(3)]
    pub quota: Option<u64>,
}
