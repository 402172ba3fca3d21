//! A writer starts on a device, and a person begins or ends to act there.
//!
//! In: what the device knows of itself. Out: facts every later event points back to.
//! Must not: compare a PIN; a PIN opens a key on the device or it does not.

use minicbor::{Decode, Encode};

use crate::id::{ActorId, Epoch, Hash};

/// Why a new chain was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum OpenCause {
    /// The app was started.
    #[n(0)]
    Start,
    /// Another tab held the writer's lock and was relieved of it.
    #[n(1)]
    LockTaken,
    /// What the storage holds could not be trusted.
    #[n(2)]
    StorageDoubt,
    /// The device was enrolled.
    #[n(3)]
    Enrolled,
}

/// The last event of the chain before, as far as the device knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ChainEnd {
    /// The epoch.
    #[n(0)]
    pub epoch: Epoch,
    /// Sequence number of its last event.
    #[n(1)]
    pub seq: u64,
    /// Hash of that event.
    #[n(2)]
    pub hash: Hash,
}

/// A writer started: the first event of every chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EpochOpened {
    /// The device's enrolment it acts under.
    #[n(0)]
    pub generation: u32,
    /// The chain before this one.
    #[n(1)]
    pub before: Option<ChainEnd>,
    /// Why.
    #[n(2)]
    pub cause: OpenCause,
    /// Build of the app.
    #[n(3)]
    pub build: String,
    /// What the storage promises: `strict`, `relaxed` or `default`.
    #[n(4)]
    pub durability: String,
    /// The browser promised not to evict the storage.
    #[n(5)]
    pub persisted: bool,
    /// Bytes the browser lets the app keep; 0 when it does not say.
    #[n(6)]
    pub quota: u64,
    /// The device's time zone.
    #[n(7)]
    pub time_zone: String,
    /// Server's clock minus the device's, in milliseconds, when it was last measured.
    #[n(8)]
    pub clock_offset: Option<i64>,
}

/// A person began to act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ActorSignedIn {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
    /// The server took part in it (the first time on this device it must).
    #[n(1)]
    pub online: bool,
}

/// That person stopped.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ActorSignedOut {
    /// The person.
    #[n(0)]
    pub actor: ActorId,
}
