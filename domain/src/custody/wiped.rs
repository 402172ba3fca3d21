//! A revoked device has forgotten what it held of the shop: its own signed word, as the server took it.
//!
//! In: the device's statement. Out: a fact for whoever reads the log. Must not: decide anything; a device whose storage lies
//! can say the same.

use minicbor::{Decode, Encode};

use crate::id::DeviceId;
use crate::sync::wipe::Wiped;

/// A revoked device has forgotten what it held of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceWiped {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// What it said, a [`Wiped`] byte for byte.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub statement: Vec<u8>,
    /// Its signature over [`wiped_hash`] of that, by the key it was enrolled with.
    ///
    /// [`wiped_hash`]: crate::sync::wipe::wiped_hash
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: Vec<u8>,
}

impl DeviceWiped {
    /// What it said, where that can be read.
    #[must_use]
    pub fn told(&self) -> Option<Wiped> {
        minicbor::decode(&self.statement).ok()
    }
}
