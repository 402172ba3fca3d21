//! Many signatures at once.
//!
//! In: claims that signatures are good. Out: whether all of them are. Must not: say no to what is good alone.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;

use domain::audit::verify::{Claim, Verifies};
use domain::facility::KeyKind;
use domain::id::Hash;
use domain::signature::verifies;
use ed25519_dalek::{Signature, VerifyingKey, verify_batch};

/// Signatures in one sum; more make each hardly cheaper.
const BATCH: usize = 512;

/// Many signatures at once, on all processors.
#[derive(Clone, Copy, Debug)]
pub struct Together;

impl Verifies for Together {
    fn verifies(&self, kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
        verifies(kind, key, hash, signature)
    }

    /// Says yes to whatever [`verifies`] says yes to. Beyond that only the holder of a key could make a signature that
    /// passes here and not alone, by mixing points of small order into it; he could as well have signed properly.
    fn all_verify(&self, claims: &[Claim<'_>]) -> bool {
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let share = claims.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let shares = claims.chunks(share);
            let shares: Vec<_> = shares
                .map(|share| scope.spawn(|| share.chunks(BATCH).all(is_good_batch)))
                .collect();
            let said = shares.into_iter().map(thread::ScopedJoinHandle::join);
            // Each is asked, for a scope does not end well while one that failed was not.
            let said: Vec<bool> = said.map(|good| good.unwrap_or(false)).collect();
            said.into_iter().all(|good| good)
        })
    }
}

/// Ed25519 signatures are summed up; for the others there is no such way.
fn is_good_batch(claims: &[Claim<'_>]) -> bool {
    let mut keys: BTreeMap<&[u8], VerifyingKey> = BTreeMap::new();
    let (mut hashes, mut signatures, mut signers) = (Vec::new(), Vec::new(), Vec::new());
    for claim in claims {
        if claim.kind != KeyKind::Ed25519 {
            if !verifies(claim.kind, claim.key, &claim.hash, claim.signature) {
                return false;
            }
            continue;
        }
        let known = keys.get(claim.key).copied();
        let key = known.or_else(|| ed25519(claim.key).filter(|key| !key.is_weak()));
        let signature = Signature::from_slice(claim.signature);
        let (Some(key), Ok(signature)) = (key, signature) else {
            return false;
        };
        keys.insert(claim.key, key);
        hashes.push(claim.hash.0.as_slice());
        signatures.push(signature);
        signers.push(key);
    }
    hashes.is_empty() || verify_batch(&hashes, &signatures, &signers).is_ok()
}

fn ed25519(public_key: &[u8]) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(public_key.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn signed(count: u8) -> Vec<(KeyKind, Vec<u8>, Hash, Vec<u8>)> {
        let sign = |number: u8| {
            let hash = Hash([number; 32]);
            if number % 7 == 3 {
                let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
                let public = key.verifying_key().to_sec1_point(false);
                let signature: p256::ecdsa::Signature = key.sign(&hash.0);
                let public = public.as_bytes().to_vec();
                return (KeyKind::P256, public, hash, signature.to_bytes().to_vec());
            }
            let key = SigningKey::from_bytes(&[number % 3; 32]);
            let public = key.verifying_key().to_bytes().to_vec();
            let signature = key.sign(&hash.0).to_bytes().to_vec();
            (KeyKind::Ed25519, public, hash, signature)
        };
        (0..count).map(sign).collect()
    }

    fn all_verify(signed: &[(KeyKind, Vec<u8>, Hash, Vec<u8>)]) -> bool {
        let claims = signed.iter().map(|(kind, key, hash, signature)| Claim {
            kind: *kind,
            key,
            hash: *hash,
            signature,
        });
        Together.all_verify(&claims.collect::<Vec<_>>())
    }

    #[test]
    fn signatures_of_both_kinds_are_good_together_and_one_bad_one_among_them_is_not_missed() {
        for count in [0, 1, 2, 60] {
            assert!(all_verify(&signed(count)), "{count}");
        }
        let good = signed(60);
        for bad in 0..60 {
            let mut signed = good.clone();
            signed[bad].2 = Hash([99; 32]);
            assert!(!all_verify(&signed), "{bad}");
            let mut signed = good.clone();
            signed[bad].3[40] ^= 1;
            assert!(!all_verify(&signed), "{bad}");
            let mut signed = good.clone();
            signed[bad].3.pop();
            assert!(!all_verify(&signed), "{bad}");
        }
    }

    #[test]
    fn a_key_that_signs_everything_is_none_among_others_either() {
        let mut signed = signed(4);
        let mut identity = vec![0; 32];
        identity[0] = 1;
        // With that key and this point, nothing at all signs any hash.
        signed[1] = (
            KeyKind::Ed25519,
            identity.clone(),
            Hash([9; 32]),
            [identity, vec![0; 32]].concat(),
        );
        assert!(!all_verify(&signed));
    }
}
