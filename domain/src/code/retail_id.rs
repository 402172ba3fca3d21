//! METRC's QR code on a single unit: a link whose last part is the package's tag and the unit's
//! index.
//!
//! In: that last part, or tag and index. Out: the other. Must not: accept a second spelling of the
//! same unit, because nobody could then see that it was scanned twice.

use crate::id::PackageTag;

/// How a link spells its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Current: digits and letters of one case.
    Base36,
    /// Older: digits, letters of both cases, `-` and `_`.
    Base64Url,
}

const TAG_BYTES: usize = 12;
/// A tag and the longest index of 64 bits, seven bits to the byte.
const PAYLOAD_BYTES_MAX: usize = TAG_BYTES + 10;
/// The shortest code, a tag and an index of one byte in base 64.
pub(super) const CODE_LENGTH_MIN: usize = 18;

/// The link to print on one unit, as METRC's portal makes it; none for tags no such link can hold.
#[must_use]
pub fn link(tag: &PackageTag, index: u64) -> Option<String> {
    Some(format!(
        "HTTPS://D.1A4.COM/{}",
        to_base36(&payload(tag, index)?)
    ))
}

/// What the last part of a link names.
pub(super) fn decode(code: &str) -> Option<(PackageTag, u64, Encoding)> {
    let is_one_case = !(code.bytes().any(|byte| byte.is_ascii_lowercase())
        && code.bytes().any(|byte| byte.is_ascii_uppercase()));
    let base36 = if is_one_case { from_base36(code) } else { None };
    let unit = |bytes: Vec<u8>| from_payload(&bytes);
    if let Some((tag, index)) = base36.and_then(unit) {
        return Some((tag, index, Encoding::Base36));
    }
    from_base64url(code)
        .and_then(unit)
        .map(|(tag, index)| (tag, index, Encoding::Base64Url))
}

fn payload(tag: &PackageTag, index: u64) -> Option<Vec<u8>> {
    let text = tag.as_str();
    if text.len() != 2 * TAG_BYTES || !(text.starts_with("1A4") || text.starts_with("ABC")) {
        return None;
    }
    let mut bytes = Vec::with_capacity(PAYLOAD_BYTES_MAX);
    for place in (0..text.len()).step_by(2) {
        bytes.push(u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?);
    }
    let mut left = index;
    loop {
        let [low, ..] = left.to_le_bytes();
        left >>= 7;
        if left == 0 {
            bytes.push(low & 0x7f);
            return Some(bytes);
        }
        bytes.push(low | 0x80);
    }
}

fn from_payload(bytes: &[u8]) -> Option<(PackageTag, u64)> {
    let (tag, index_bytes) = bytes.split_at_checked(TAG_BYTES)?;
    let tag: String = tag.iter().map(|byte| format!("{byte:02X}")).collect();
    let tag = PackageTag::parse(&tag).ok()?;
    if bytes.len() > PAYLOAD_BYTES_MAX {
        return None;
    }
    let seven_bits = |index: u64, byte: &u8| (index << 7) | u64::from(byte & 0x7f);
    let index = index_bytes.iter().rev().fold(0, seven_bits);
    // Padded, unfinished or too large an index, bytes behind it, another start of the tag: none of
    // them is what we would write ourselves.
    (payload(&tag, index)? == bytes).then_some((tag, index))
}

fn from_base36(code: &str) -> Option<Vec<u8>> {
    let mut bytes = [0_u8; PAYLOAD_BYTES_MAX];
    if code.starts_with('0') {
        return None;
    }
    for character in code.chars() {
        let mut carry = character.to_digit(36)?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 36;
            [*byte, ..] = carry.to_le_bytes();
            carry >>= 8;
        }
        if carry != 0 {
            return None;
        }
    }
    Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

fn to_base36(bytes: &[u8]) -> String {
    let mut left = bytes.to_vec();
    let mut code = String::new();
    while left.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut left {
            let value = rest * 256 + u32::from(*byte);
            [*byte, ..] = (value / 36).to_le_bytes();
            rest = value % 36;
        }
        let digit = char::from_digit(rest, 36).expect("BUG: a rest of 36 is a digit of base 36");
        code.insert(0, digit.to_ascii_uppercase());
    }
    code
}

fn from_base64url(code: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in code.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            let [full, ..] = (bits >> held).to_le_bytes();
            bytes.push(full);
            bits &= (1 << held) - 1;
        }
    }
    (bits == 0 && held < 6).then_some(bytes)
}
