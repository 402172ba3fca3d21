//! Customers' cards on their way to a device: sealed for it beyond what the line does, so that whoever ends the line in
//! between (a proxy, a gateway of the shop) reads no name.
//!
//! In: a device's unlock secret, a row's identifier. Out: the key of that one card. Must not: be the key of anything else.

use crate::id::Hash;

/// First byte of a sealed card; nonce and ciphertext of AES-256-GCM follow. No card in clear begins with it, for those
/// are maps.
const SEALED: u8 = 0x01;

/// What opens the cards sent to one enrolment of one device.
#[derive(Clone, Copy)]
pub struct CardKeys(Hash);

impl core::fmt::Debug for CardKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardKeys(..)")
    }
}

impl CardKeys {
    /// Those of the device with this unlock secret.
    #[must_use]
    pub fn of(unlock: &[u8]) -> Self {
        Self(Hash::of(&[b"custody-cards-1\n", unlock]))
    }

    /// The key of one card, 32 bytes: a card put in another's place does not open.
    #[must_use]
    pub fn key(&self, row_id: &[u8]) -> [u8; 32] {
        Hash::of(&[b"custody-card-1\n", &self.0.0, row_id]).0
    }
}

/// A sealed card as it travels.
#[must_use]
pub fn wrapped(sealed: &[u8]) -> Vec<u8> {
    [&[SEALED], sealed].concat()
}

/// What was sealed; `None` when the bytes are a card in clear, as a server that does not seal them sends it.
#[must_use]
pub fn sealed_in(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(&[SEALED])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::encode;
    use crate::sync::enrol::CustomerCard;

    #[test]
    fn every_device_and_every_card_has_its_own_key() {
        let (one, other) = (CardKeys::of(&[1; 32]), CardKeys::of(&[2; 32]));
        assert_eq!(one.key(b"a"), CardKeys::of(&[1; 32]).key(b"a"));
        assert_ne!(one.key(b"a"), one.key(b"b"));
        assert_ne!(one.key(b"a"), other.key(b"a"));
    }

    #[test]
    fn a_card_in_clear_is_never_taken_for_a_sealed_one() {
        let card = CustomerCard {
            short_name: String::new(),
            label_name: String::new(),
            note: None,
            seal: None,
        };
        assert_eq!(sealed_in(&encode(&card)), None);
        assert_eq!(sealed_in(&wrapped(b"noise")), Some(b"noise".as_slice()));
        assert_eq!(sealed_in(&[]), None);
    }
}
