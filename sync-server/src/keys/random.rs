//! Random bytes and identifiers.
//!
//! In: the operating system's randomness. Out: bytes nobody can guess. Must not: fall back to anything else.

use domain::id::EventId;

use crate::clock;

/// Random bytes.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("BUG: the operating system has no randomness");
    bytes
}

/// A random identifier of 16 bytes, as 32 hexadecimal digits.
#[must_use]
pub fn id() -> String {
    hex(&bytes::<16>())
}

/// A UUID of version 7: its order is that of its making.
#[must_use]
pub fn event_id() -> EventId {
    let mut id = bytes::<16>();
    let ms = clock::now_ms().to_be_bytes();
    id[..6].copy_from_slice(&ms[2..]);
    id[6] = 0x70 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    EventId(id)
}

/// Letters and digits that cannot be taken for one another; 32 of them, so that five bits choose one.
const CODE_CHARACTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A random code people can type, such as `7KQ4-M2XA-P9CD`.
#[must_use]
pub fn code(groups: usize) -> String {
    let random = bytes::<64>();
    let letters: Vec<char> = random
        .iter()
        .take(groups * 4)
        .map(|byte| char::from(CODE_CHARACTERS[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads hexadecimal digits.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|letter| {
            letter
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect::<Option<_>>()?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_typed_without_its_hyphens_and_in_lower_case() {
        let code = code(3);
        assert_eq!(code.len(), 14);
        assert_eq!(
            domain::sync::enrol::bare_code(&code.to_lowercase()),
            code.replace('-', "")
        );
    }

    #[test]
    fn hexadecimal_digits_read_back() {
        assert_eq!(unhex(&hex(&[0, 255, 16])), Some(vec![0, 255, 16]));
        assert_eq!(unhex("abc"), None);
        assert_eq!(unhex("zz"), None);
    }
}
