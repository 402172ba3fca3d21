//! The server's order to a device that was revoked: forget what you hold of the shop. And the device's word that it did.
//!
//! In: a request of that device. Out: an order in answer to it; what came of it, signed. Must not: count on another device,
//! after another enrolment, or for any request but the one that it answers.
//!
//! Whoever can answer in the server's place, or keeps an answer back for later, wipes nothing by it: the order is
//! signed by the key that the device pinned when it was enrolled, and names a request that the device has only just
//! made. An app from before this looks at the [`Denied`] around it alone; a server from before it gives none, and a
//! device that gets none keeps all it has.
//!
//! [`Denied`]: crate::sync::enrol::Denied

use minicbor::{Decode, Encode};

use crate::event::encode;
use crate::id::{DeviceId, Hash, StoreId};
use crate::permit::Holder;
use crate::time::Millis;

/// Server to a revoked device: forget what you hold of the shop, once what you recorded is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WipeOrder {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Its enrolment.
    #[n(2)]
    pub generation: u32,
    /// The request that it answers, by [`request_hash`]: the device's own clock and a number that it made up are in
    /// there.
    ///
    /// [`request_hash`]: crate::sync::enrol::request_hash
    #[n(3)]
    pub request: Hash,
    /// When it was given, by the server's clock.
    #[n(4)]
    pub given: Millis,
}

/// The hash the server signs an order's bytes by.
#[must_use]
pub fn wipe_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[b"custody-wipe-1\n", bytes])
}

impl WipeOrder {
    /// An order for a device, in answer to a request of it.
    #[must_use]
    pub fn to(holder: Holder, request: Hash, given: Millis) -> Self {
        Self {
            store: holder.store,
            device: holder.device,
            generation: holder.generation,
            request,
            given,
        }
    }

    /// Its bytes, to be signed by [`wipe_hash`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads an order whose signature was found good; `None` when it is none, or is another device's, another
    /// enrolment's or the answer to another request.
    #[must_use]
    pub fn read(bytes: &[u8], holder: Holder, request: Hash) -> Option<Self> {
        let order: Self = minicbor::decode(bytes).ok()?;
        (order == Self::to(holder, request, order.given)).then_some(order)
    }
}

/// Device to server, the last that its key signs: what it held of the shop is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wiped {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The enrolment in which it was revoked.
    #[n(2)]
    pub generation: u32,
    /// When the order was given, by the server's clock. `None`: the device heard of it before there were orders.
    #[n(3)]
    pub ordered: Option<Millis>,
    /// When the device says this, by its own clock: all that opens anything is gone, and the view, and customers' data.
    /// Where only a PIN opens its key, it signs this as it begins and gives it once it is done.
    #[n(4)]
    pub wiped: Millis,
    /// Acts recorded on the device that it still keeps, by its own count; the server has every one of them.
    #[n(5)]
    pub acts: u64,
}

/// The hash a device signs its word by that it wiped itself.
#[must_use]
pub fn wiped_hash(bytes: &[u8]) -> Hash {
    Hash::of(&[b"custody-wiped-1\n", bytes])
}

impl Wiped {
    /// Its bytes, to be signed by [`wiped_hash`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a device's word whose signature was found good; `None` when it is none, or another device's or enrolment's.
    #[must_use]
    pub fn read(bytes: &[u8], holder: Holder) -> Option<Self> {
        let told: Self = minicbor::decode(bytes).ok()?;
        let of = Holder {
            store: told.store,
            device: told.device,
            generation: told.generation,
        };
        (of == holder).then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLDER: Holder = Holder {
        store: StoreId([1; 16]),
        device: DeviceId([2; 16]),
        generation: 3,
    };
    const REQUEST: Hash = Hash([4; 32]);

    fn given() -> Vec<u8> {
        WipeOrder::to(HOLDER, REQUEST, Millis(5)).to_bytes()
    }

    #[test]
    fn an_order_counts_on_the_device_it_is_for() {
        let order = WipeOrder::read(&given(), HOLDER, REQUEST).unwrap();
        assert_eq!(order.given, Millis(5));
    }

    #[test]
    fn an_order_for_another_device_shop_or_enrolment_wipes_nothing() {
        let device = DeviceId([9; 16]);
        let store = StoreId([9; 16]);
        for other in [
            Holder { device, ..HOLDER },
            Holder { store, ..HOLDER },
            Holder {
                generation: 2,
                ..HOLDER
            },
            Holder {
                generation: 4,
                ..HOLDER
            },
        ] {
            assert_eq!(WipeOrder::read(&given(), other, REQUEST), None, "{other:?}");
        }
    }

    #[test]
    fn an_order_that_somebody_kept_back_answers_no_later_request() {
        assert_eq!(WipeOrder::read(&given(), HOLDER, Hash([5; 32])), None);
    }

    #[test]
    fn a_devices_word_that_it_wiped_itself_is_of_its_own_enrolment_alone() {
        let told = Wiped {
            store: HOLDER.store,
            device: HOLDER.device,
            generation: HOLDER.generation,
            ordered: Some(Millis(5)),
            wiped: Millis(6),
            acts: 7,
        };
        let bytes = told.to_bytes();
        assert_eq!(Wiped::read(&bytes, HOLDER), Some(told));
        let generation = HOLDER.generation + 1;
        let other = Holder {
            generation,
            ..HOLDER
        };
        assert_eq!(Wiped::read(&bytes, other), None);
        assert_eq!(Wiped::read(&bytes[1..], HOLDER), None);
        // Nobody takes an order for an answer to it.
        assert_ne!(wiped_hash(&bytes), wipe_hash(&bytes));
    }

    #[test]
    fn what_is_no_order_wipes_nothing() {
        let whole = given();
        for bytes in [&whole[..whole.len() - 1], b"", b"\xa0", b"\xf6"] {
            assert_eq!(WipeOrder::read(bytes, HOLDER, REQUEST), None, "{bytes:?}");
        }
    }
}
