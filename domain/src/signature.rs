//! Signatures: devices and the log sign hashes with Ed25519 or ECDSA on P-256.
//!
//! In: a public key, a hash, 64 bytes. Out: whether they belong together. Must not: accept a key or a
//! signature in any other form.

use ed25519_dalek::{Signature, VerifyingKey};
use p256::ecdsa::signature::Verifier as _;

use crate::facility::KeyKind;
use crate::id::Hash;

/// Whether this key can be used.
#[must_use]
pub fn is_key(kind: KeyKind, public_key: &[u8]) -> bool {
    match kind {
        KeyKind::Ed25519 => ed25519(public_key).is_some_and(|key| !key.is_weak()),
        KeyKind::P256 => p256_key(public_key).is_some(),
    }
}

/// Whether the signature over a hash is by this key.
#[must_use]
pub fn verifies(kind: KeyKind, public_key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
    match kind {
        KeyKind::Ed25519 => {
            let Some(key) = ed25519(public_key) else {
                return false;
            };
            Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(&hash.0, &signature).is_ok())
        }
        KeyKind::P256 => {
            let Some(key) = p256_key(public_key) else {
                return false;
            };
            // WebCrypto hashes what it is given, here the hash itself, once more with SHA-256.
            p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(&hash.0, &signature).is_ok())
        }
    }
}

fn ed25519(public_key: &[u8]) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(public_key.try_into().ok()?).ok()
}

fn p256_key(public_key: &[u8]) -> Option<p256::ecdsa::VerifyingKey> {
    const UNCOMPRESSED: u8 = 4;
    if public_key.len() != 65 || public_key.first() != Some(&UNCOMPRESSED) {
        return None;
    }
    p256::ecdsa::VerifyingKey::from_sec1_bytes(public_key).ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    #[test]
    fn a_signature_of_either_kind_belongs_to_one_key_and_one_hash() {
        let hash = Hash([9; 32]);
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = key.verifying_key().to_bytes();
        let signature = key.sign(&hash.0).to_bytes();
        assert!(verifies(KeyKind::Ed25519, &public, &hash, &signature));
        assert!(!verifies(
            KeyKind::Ed25519,
            &public,
            &Hash([8; 32]),
            &signature
        ));
        assert!(!verifies(KeyKind::P256, &public, &hash, &signature));

        let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
        let public = key.verifying_key().to_sec1_point(false);
        let signature: p256::ecdsa::Signature = key.sign(&hash.0);
        let signature = signature.to_bytes();
        assert!(is_key(KeyKind::P256, public.as_bytes()));
        assert!(verifies(
            KeyKind::P256,
            public.as_bytes(),
            &hash,
            &signature
        ));
        assert!(!verifies(
            KeyKind::P256,
            public.as_bytes(),
            &Hash([8; 32]),
            &signature
        ));
        assert!(!verifies(
            KeyKind::P256,
            public.as_bytes(),
            &hash,
            &signature[..63]
        ));
    }

    #[test]
    fn a_key_of_the_wrong_length_or_of_small_order_is_none() {
        assert!(!is_key(KeyKind::Ed25519, &[1; 31]));
        assert!(!is_key(KeyKind::P256, &[2; 33]));
        // The point at infinity signs everything.
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(!is_key(KeyKind::Ed25519, &identity));
    }
}
