//! What the data of a QR code say.
//!
//! In: repaired bytes. Out: their text. Must not: guess at sets of letters that Custody does not need, or take a symbol
//! whose end is no end.

use crate::square::bits::Bits;
use crate::square::charset::Charset;
use crate::square::qr::layout::Version;

/// What a symbol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) is_gs1: bool,
}

const LETTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Bytes behind the end, in turns.
const PADS: [u32; 2] = [0xec, 0x11];

/// The text of a symbol's data; `None` when they have no meaning.
pub(crate) fn content(data: &[u8], version: Version) -> Option<Content> {
    let mut bits = Bits::new(data);
    let mut content = Content {
        text: String::new(),
        is_gs1: false,
    };
    let mut charset = Charset::Unsaid;
    let wide = match version.0 {
        0..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    loop {
        // Fewer bits than a sign of the end has are the end too.
        let mode = if bits.left() < 4 { 0 } else { bits.take(4)? };
        match mode {
            0 => break,
            1 => {
                let count = bits.take([10, 12, 14][wide])?;
                digits(&mut bits, count, &mut content.text)?;
            }
            2 => {
                let count = bits.take([9, 11, 13][wide])?;
                letters(&mut bits, count, &mut content)?;
            }
            4 => {
                let count = bits.take([8, 16, 16][wide])?;
                let bytes: Option<Vec<u8>> = (0..count)
                    .map(|_| u8::try_from(bits.take(8)?).ok())
                    .collect();
                content.text.push_str(&charset.text(&bytes?)?);
            }
            5 if content.text.is_empty() => content.is_gs1 = true,
            7 => charset = Charset::of(number(&mut bits)?)?,
            _ => return None,
        }
    }
    let is_end = is_padded(&mut bits) && !content.text.is_empty();
    is_end.then_some(content)
}

/// The number of a set of letters: of one, two or three bytes.
fn number(bits: &mut Bits<'_>) -> Option<u32> {
    let first = bits.take(8)?;
    match first {
        0..0x80 => Some(first),
        0x80..0xc0 => Some((first & 0x3f) << 8 | bits.take(8)?),
        0xc0..0xe0 => Some((first & 0x1f) << 16 | bits.take(16)?),
        _ => None,
    }
}

fn digits(bits: &mut Bits<'_>, mut count: u32, text: &mut String) -> Option<()> {
    while count > 0 {
        let (now, width, end) = match count {
            1 => (1, 4, 10),
            2 => (2, 7, 100),
            _ => (3, 10, 1_000),
        };
        let value = bits.take(width)?;
        if value >= end {
            return None;
        }
        for unit in [100, 10, 1] {
            if unit * 10 <= end {
                text.push(char::from_digit(value / unit % 10, 10)?);
            }
        }
        count -= now;
    }
    Some(())
}

fn letters(bits: &mut Bits<'_>, mut count: u32, content: &mut Content) -> Option<()> {
    let from = content.text.len();
    let letter = |value: u32| {
        let letter = LETTERS.get(usize::try_from(value).ok()?)?;
        Some(char::from(*letter))
    };
    while count > 1 {
        let value = bits.take(11)?;
        content.text.push(letter(value / 45)?);
        content.text.push(letter(value % 45)?);
        count -= 2;
    }
    if count == 1 {
        content.text.push(letter(bits.take(6)?)?);
    }
    if content.is_gs1 {
        // A sign of percent stands for the separator, two stand for one.
        let said = content.text.split_off(from);
        let said = said
            .replace("%%", "\0")
            .replace('%', "\u{1d}")
            .replace('\0', "%");
        content.text.push_str(&said);
    }
    Some(())
}

/// Whether nothing but padding follows.
fn is_padded(bits: &mut Bits<'_>) -> bool {
    let rest = bits.left() % 8;
    if bits.take(rest) != Some(0) {
        return false;
    }
    let pads: Vec<u32> = core::iter::from_fn(|| bits.take(8)).collect();
    // Some printers leave it empty.
    let is_as_printed = pads.iter().zip(PADS.iter().cycle()).all(|(a, b)| a == b);
    is_as_printed || pads.iter().all(|pad| *pad == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits written one after the other, padded to some bytes.
    fn data(parts: &[(u32, usize)], bytes: usize) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for (value, width) in parts {
            bits.extend((0..*width).rev().map(|at| value >> at & 1 == 1));
        }
        bits.resize(bits.len().next_multiple_of(8), false);
        let mut out: Vec<u8> = bits
            .chunks(8)
            .map(|part| part.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)))
            .collect();
        let pads = [0xec, 0x11].into_iter().cycle();
        out.extend(pads.take(bytes.saturating_sub(out.len())));
        out
    }

    fn said(parts: &[(u32, usize)]) -> Option<(String, bool)> {
        let content = content(&data(parts, 30), Version(2))?;
        Some((content.text, content.is_gs1))
    }

    fn plain(text: &str) -> Option<(String, bool)> {
        Some((text.to_owned(), false))
    }

    #[test]
    fn every_kind_of_segment_is_understood() {
        let digits = [(1, 4), (8, 10), (12, 10), (345, 10), (67, 7), (0, 4)];
        assert_eq!(said(&digits), plain("01234567"));
        assert_eq!(said(&[(1, 4), (1, 10), (9, 4), (0, 4)]), plain("9"));
        let letters = [(2, 4), (3, 9), (10 * 45 + 44, 11), (35, 6), (0, 4)];
        assert_eq!(said(&letters), plain("A:Z"));
        let bytes = [(4, 4), (2, 8), (0xc3, 8), (0xa9, 8), (0, 4)];
        assert_eq!(said(&bytes), plain("\u{e9}"), "well-formed UTF-8");
        let latin = [(4, 4), (2, 8), (0xe9, 8), (0x41, 8), (0, 4)];
        assert_eq!(said(&latin), plain("\u{e9}A"), "anything else");
        let told = [(7, 4), (3, 8), (4, 4), (2, 8), (0xc3, 8), (0xa9, 8), (0, 4)];
        assert_eq!(said(&told), plain("\u{c3}\u{a9}"), "Latin-1 was said");
        let both = [(1, 4), (2, 10), (42, 7), (4, 4), (1, 8), (0x78, 8), (0, 4)];
        assert_eq!(said(&both), plain("42x"));
    }

    #[test]
    fn gs1_elements_are_told_apart_from_letters() {
        let letters = [
            (5, 4),
            (2, 4),
            (5, 9),
            (45 + 38, 11),
            (10 * 45 + 38, 11),
            (38, 6),
            (0, 4),
        ];
        assert_eq!(said(&letters), Some(("1\u{1d}A%".to_owned(), true)));
        let digits = [(5, 4), (1, 4), (4, 10), (12, 10), (3, 4), (0, 4)];
        assert_eq!(said(&digits), Some(("0123".to_owned(), true)));
    }

    #[test]
    fn what_has_no_meaning_or_no_end_says_nothing() {
        assert_eq!(said(&[(8, 4), (1, 8), (77, 13), (0, 4)]), None, "kanji");
        assert_eq!(
            said(&[(3, 4), (0, 16), (4, 4), (1, 8), (65, 8)]),
            None,
            "a part of a series"
        );
        assert_eq!(
            said(&[(7, 4), (20, 8), (4, 4), (1, 8), (65, 8)]),
            None,
            "another set"
        );
        assert_eq!(
            said(&[(1, 4), (3, 10), (1_001, 10), (0, 4)]),
            None,
            "no three digits"
        );
        assert_eq!(said(&[(4, 4), (90, 8), (65, 8)]), None, "cut off");
        assert_eq!(said(&[(0, 4)]), None, "empty");
        let garbage = [(4, 4), (1, 8), (65, 8), (0, 4), (0x55, 8), (0x55, 8)];
        assert_eq!(said(&garbage), None, "no padding");
    }
}
