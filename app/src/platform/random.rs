//! Random bytes and identifiers.

use crate::platform::clock;

/// Fills a buffer with bytes nobody can guess.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    crypto
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut buffer).ok())
        .expect("BUG: every browser Custody runs in has a source of randomness");
    buffer
}

/// An identifier that sorts by the time it was made (UUID version 7).
#[must_use]
pub fn id() -> [u8; 16] {
    let mut id = bytes::<16>();
    let wall = u64::try_from(clock::wall()).unwrap_or(0).to_be_bytes();
    id[..6].copy_from_slice(&wall[2..]);
    id[6] = id[6] & 0x0f | 0x70;
    id[8] = id[8] & 0x3f | 0x80;
    id
}

/// A random number.
#[must_use]
pub fn number() -> u32 {
    u32::from_be_bytes(bytes())
}
