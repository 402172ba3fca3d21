//! A short name for contents, the same on every machine.
//!
//! In: bytes, in order. Out: 16 hexadecimal digits (FNV-1a, 64 bits).
//! Must not be used against someone who wants two contents to collide; it only notices change.

use std::fmt;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

#[derive(Clone, Copy)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(OFFSET)
    }

    /// Adds one piece. Its length goes in too, so that moving a byte between pieces shows.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.mix(bytes);
        self.mix(&bytes.len().to_le_bytes());
    }

    fn mix(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pieces: &[&str]) -> String {
        let mut digest = Digest::new();
        for piece in pieces {
            digest.add(piece.as_bytes());
        }
        digest.to_string()
    }

    #[test]
    fn the_same_contents_have_the_same_name_on_every_machine() {
        assert_eq!(Digest::new().to_string(), "cbf29ce484222325");
        assert_eq!(of(&["custody"]), of(&["custody"]));
    }

    #[test]
    fn moving_a_letter_from_one_file_to_the_next_is_a_change() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
