//! Authenticated encryption of small things: AES-256-GCM, a fresh random nonce in front of each ciphertext.
//!
//! In: a key of 32 bytes and bytes. Out: nonce and ciphertext, and back. Must not: be used more than some
//! thousand times under one key; every order and every person has its own.

use aes_gcm::aead::{Aead as _, Nonce};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::random;

const NONCE_BYTES: usize = 12;
/// Memory of one PIN try in KiB, rounds and lanes, as RFC 9106 and OWASP give them for interactive use.
const PIN_MEMORY_KIB: u32 = 19_456;
const PIN_ROUNDS: u32 = 2;
const PIN_LANES: u32 = 1;

/// Encrypts.
#[must_use]
pub fn seal(key: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    let nonce = random::bytes::<NONCE_BYTES>();
    let cipher = Aes256Gcm::new(&(*key).into());
    let sealed = cipher
        .encrypt(&Nonce::<Aes256Gcm>::from(nonce), plain)
        .expect("BUG: sealing a small message cannot fail");
    [nonce.as_slice(), &sealed].concat()
}

/// Decrypts; `None` when the key is another or a byte was changed.
#[must_use]
pub fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = Aes256Gcm::new(&(*key).into());
    cipher
        .decrypt(&Nonce::<Aes256Gcm>::from(*nonce), sealed)
        .ok()
}

/// The key a PIN stands for. Slow and hungry for memory on purpose.
#[must_use]
pub fn pin_key(pin: &str, salt: &[u8], pepper: &[u8; 32]) -> [u8; 32] {
    let params = Params::new(PIN_MEMORY_KIB, PIN_ROUNDS, PIN_LANES, Some(32))
        .expect("BUG: the parameters are in range");
    let argon = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params)
        .expect("BUG: the pepper is short enough");
    let mut key = [0; 32];
    argon
        .hash_password_into(pin.as_bytes(), salt, &mut key)
        .expect("BUG: the salt has 16 bytes, and there is memory for one try");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_whole() {
        let sealed = seal(&[7; 32], b"a name");
        assert_eq!(
            open(&[7; 32], &sealed).as_deref(),
            Some(b"a name".as_slice())
        );
        assert_eq!(open(&[8; 32], &sealed), None);
        let mut changed = sealed.clone();
        changed[14] ^= 1;
        assert_eq!(open(&[7; 32], &changed), None);
        assert_eq!(open(&[7; 32], &sealed[..5]), None);
    }

    #[test]
    fn another_pin_is_another_key() {
        let key = pin_key("274913", &[1; 16], &[2; 32]);
        assert_eq!(key, pin_key("274913", &[1; 16], &[2; 32]));
        assert_ne!(key, pin_key("274914", &[1; 16], &[2; 32]));
        assert_ne!(key, pin_key("274913", &[1; 16], &[3; 32]));
    }
}
