//! A manager's passkeys change: what only the server can have seen, told in the log that nobody changes.
//!
//! In: the server's word, once it was done. Out: a fact for whoever reads the log. Must not: carry what a passkey is used
//! by, or a code; nor decide anything.

use minicbor::{Decode, Encode};

use crate::event::words_that_grow;
use crate::id::{ActorId, DeviceId, Hash};

/// What became of a person's passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyChange {
    /// One was made: the first, by the PIN, or one more, by one that was there.
    Made,
    /// One was removed by its owner, who had just proven something by one.
    Removed,
    /// All were lost; others let the person make one anew. Those of before prove nothing any more.
    MadeAnew,
    /// Whoever runs the server forgot them all.
    Forgotten,
    /// A change this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    PasskeyChange:
    Made = 0
    Removed = 1
    MadeAnew = 2
    Forgotten = 3
}

/// A manager's passkeys changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PasskeysChanged {
    /// Whose.
    #[n(0)]
    pub actor: ActorId,
    /// What became of them.
    #[n(1)]
    pub change: PasskeyChange,
    /// On which device; `None`: at the server itself.
    #[n(2)]
    pub device: Option<DeviceId>,
    /// The passkey, by the hash of its number; `None`: all of them.
    #[n(3)]
    pub passkey: Option<Hash>,
    /// Who let the person in again, in the order of their numbers; nobody where nobody had to.
    #[n(4)]
    pub vouched: Vec<ActorId>,
    /// A printed code stood for the second of them. `None`: there was none.
    #[n(5)]
    pub by_code: Option<bool>,
}

/// What a passkey is called in the log: the hash of the number that its authenticator gave it.
#[must_use]
pub fn passkey_hash(number: &[u8]) -> Hash {
    Hash::of(&[b"custody-passkey-1\n", number])
}
