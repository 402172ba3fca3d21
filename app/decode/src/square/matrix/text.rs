//! What the data of a Data Matrix code say.
//!
//! In: repaired bytes. Out: their text. Must not: guess at sets of letters that Custody does not need, or take a symbol
//! whose end is no end.

use crate::square::bits::Bits;
use crate::square::charset::Charset;

/// What a symbol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) is_gs1: bool,
}

/// Between two elements.
const SEPARATOR: u8 = 0x1d;
/// The end of the data.
const PAD: u8 = 129;
/// Back to single letters.
const BACK: u8 = 254;
/// The third set of C40, and of Text, in capitals and in small letters.
const SIGNS: [&[u8]; 3] = [b"!\"#$%&'()*+,-./", b":;<=>?@", b"[\\]^_"];

struct Reading<'a> {
    data: &'a [u8],
    at: usize,
    /// Letters so far, before they are letters of a set.
    bytes: Vec<u8>,
    text: String,
    charset: Charset,
    is_gs1: bool,
    /// What stands behind everything.
    tail: &'static str,
    /// The next letter of C40 or Text is of the upper half.
    is_high: bool,
}

/// The text of a symbol's data; `None` when they have no meaning.
pub(crate) fn content(data: &[u8]) -> Option<Content> {
    let mut reading = Reading {
        data,
        at: 0,
        bytes: Vec::new(),
        text: String::new(),
        charset: Charset::Latin1,
        is_gs1: false,
        tail: "",
        is_high: false,
    };
    reading.all()?;
    reading.flush()?;
    reading.text.push_str(reading.tail);
    let content = Content {
        text: reading.text,
        is_gs1: reading.is_gs1,
    };
    (!content.text.is_empty()).then_some(content)
}

impl Reading<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.data.get(self.at)?;
        self.at += 1;
        Some(*byte)
    }

    fn left(&self) -> usize {
        self.data.len().saturating_sub(self.at)
    }

    /// What was read so far is of the set that held until now.
    fn flush(&mut self) -> Option<()> {
        self.text.push_str(&self.charset.text(&self.bytes)?);
        self.bytes.clear();
        Some(())
    }

    fn all(&mut self) -> Option<()> {
        let mut is_high = false;
        while let Some(code) = self.next() {
            match code {
                1..=128 => {
                    let upper = if core::mem::take(&mut is_high) {
                        128
                    } else {
                        0
                    };
                    self.bytes.push((code - 1) | upper);
                }
                PAD => return self.is_padded().then_some(()),
                130..=229 => {
                    self.bytes.push(b'0' + (code - 130) / 10);
                    self.bytes.push(b'0' + (code - 130) % 10);
                }
                230 => self.triples(&mut Self::c40)?,
                231 => self.bytes()?,
                232 if self.at == 1 => self.is_gs1 = true,
                232 => self.bytes.push(SEPARATOR),
                235 => is_high = true,
                236 | 237 if self.at == 1 => {
                    let head = if code == 236 {
                        "[)>\u{1e}05\u{1d}"
                    } else {
                        "[)>\u{1e}06\u{1d}"
                    };
                    self.text.push_str(head);
                    self.tail = "\u{1e}\u{4}";
                }
                238 => self.triples(&mut Self::x12)?,
                239 => self.triples(&mut Self::small)?,
                240 => self.quarters()?,
                241 => {
                    let number = match self.next()? {
                        first @ 1..=127 => u32::from(first) - 1,
                        first @ 128..=191 => {
                            let second = u32::from(self.next()?).checked_sub(1)?;
                            (u32::from(first) - 128) * 254 + second + 127
                        }
                        _ => return None,
                    };
                    self.flush()?;
                    self.charset = Charset::of(number)?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Whether nothing but padding follows: numbers that depend on their place.
    fn is_padded(&self) -> bool {
        let rest = self.data.iter().enumerate().skip(self.at);
        rest.into_iter().all(|(at, pad)| {
            let chance = 149 * (at + 1) % 253 + 1;
            let value = usize::from(PAD) + chance;
            usize::from(*pad) == if value > 254 { value - 254 } else { value }
        })
    }

    /// Three letters in two bytes, until the sign to go back.
    fn triples(&mut self, take: &mut dyn FnMut(&mut Self, u8, u8) -> Option<u8>) -> Option<()> {
        let mut set = 0;
        self.is_high = false;
        while self.left() > 1 {
            let first = self.next()?;
            if first == BACK {
                return Some(());
            }
            let both = (u32::from(first) << 8 | u32::from(self.next()?)).checked_sub(1)?;
            for value in [both / 1_600, both / 40 % 40, both % 40] {
                set = take(self, set, u8::try_from(value).ok()?)?;
            }
        }
        // A single byte behind them is a letter of its own.
        if self.data.get(self.at) == Some(&BACK) {
            self.at += 1;
        }
        Some(())
    }

    fn put(&mut self, byte: u8) -> u8 {
        let upper = if core::mem::take(&mut self.is_high) {
            128
        } else {
            0
        };
        self.bytes.push(byte | upper);
        0
    }

    fn c40(&mut self, set: u8, value: u8) -> Option<u8> {
        self.letter(set, value, false)
    }

    fn small(&mut self, set: u8, value: u8) -> Option<u8> {
        self.letter(set, value, true)
    }

    /// A letter of C40 or Text. Gives the set of the next one.
    fn letter(&mut self, set: u8, value: u8, is_small: bool) -> Option<u8> {
        let (usual, other) = if is_small { (b'a', b'A') } else { (b'A', b'a') };
        let byte = match (set, value) {
            (0, 0..3) => return Some(value + 1),
            (0, 3) => b' ',
            (0, 4..14) => b'0' + value - 4,
            (0, 14..40) => usual + value - 14,
            (1, 0..32) => value,
            (2, 0..27) => *SIGNS.concat().get(usize::from(value))?,
            (2, 27) => SEPARATOR,
            (2, 30) => {
                self.is_high = true;
                return Some(0);
            }
            (3, 0) => b'`',
            (3, 1..27) => other + value - 1,
            (3, 27..32) => b'{' + value - 27,
            _ => return None,
        };
        Some(self.put(byte))
    }

    fn x12(&mut self, _: u8, value: u8) -> Option<u8> {
        let byte = match value {
            0 => b'\r',
            1 => b'*',
            2 => b'>',
            3 => b' ',
            4..14 => b'0' + value - 4,
            14..40 => b'A' + value - 14,
            _ => return None,
        };
        Some(self.put(byte))
    }

    /// Four letters in three bytes (EDIFACT).
    fn quarters(&mut self) -> Option<()> {
        while self.left() > 2 {
            let part = self.data.get(self.at..self.at + 3)?;
            let mut bits = Bits::new(part);
            for used in [1, 2, 3, 3] {
                let value = u8::try_from(bits.take(6)?).ok()?;
                if value == 31 {
                    self.at += used;
                    return Some(());
                }
                // The first half of the signs has its highest bit left out.
                self.bytes
                    .push(if value < 32 { value | 0x40 } else { value });
            }
            self.at += 3;
        }
        Some(())
    }

    /// Bytes as they are, but for a number that depends on their place.
    fn bytes(&mut self) -> Option<()> {
        let count = match self.plain()? {
            0 => self.left(),
            first @ 1..250 => usize::from(first),
            first => 250 * (usize::from(first) - 249) + usize::from(self.plain()?),
        };
        if count > self.left() {
            return None;
        }
        for _ in 0..count {
            let byte = self.plain()?;
            self.bytes.push(byte);
        }
        Some(())
    }

    fn plain(&mut self) -> Option<u8> {
        let byte = self.next()?;
        let chance = u8::try_from(149 * self.at % 255 + 1).unwrap_or_default();
        Some(byte.wrapping_sub(chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(data: &[u8]) -> Option<(String, bool)> {
        let content = content(data)?;
        Some((content.text, content.is_gs1))
    }

    fn plain(text: &str) -> Option<(String, bool)> {
        Some((text.to_owned(), false))
    }

    /// Letters of three of C40's, Text's or X12's numbers.
    fn triple(values: [u16; 3]) -> [u8; 2] {
        (1_600 * values[0] + 40 * values[1] + values[2] + 1).to_be_bytes()
    }

    #[test]
    fn single_letters_and_pairs_of_digits_are_understood() {
        assert_eq!(said(&[66, 67, 142, 235, 106]), plain("AB12\u{e9}"));
        assert_eq!(
            said(&[66, 129, 70]),
            plain("A"),
            "padding that fits its place"
        );
        assert_eq!(said(&[66, 129, 71]), None, "padding that does not");
        assert_eq!(said(&[129, 70]), None, "empty");
        assert_eq!(said(&[234, 66]), None, "not a text");
    }

    #[test]
    fn gs1_elements_are_told_apart_from_letters() {
        let elements = said(&[232, 131, 232, 66]);
        assert_eq!(elements, Some(("01\u{1d}A".to_owned(), true)));
        assert_eq!(said(&[237, 66]), plain("[)>\u{1e}06\u{1d}A\u{1e}\u{4}"));
    }

    #[test]
    fn letters_of_three_in_two_bytes_are_understood() {
        let [a, b] = triple([14, 15, 4]);
        assert_eq!(said(&[230, a, b]), plain("AB0"));
        assert_eq!(said(&[239, a, b, 254, 66]), plain("ab0A"));
        assert_eq!(
            said(&[238, a, b, 66]),
            plain("AB0A"),
            "a single byte behind them"
        );
        // A control, then a sign, each with a letter before it that says so.
        let ([a, b], [c, d]) = (triple([0, 9, 1]), triple([3, 7, 4]));
        assert_eq!(said(&[230, a, b, c, d]), plain("\t$30"));
        let [a, b] = triple([0, 39, 3]);
        assert_eq!(said(&[230, a, b]), None, "no such control");
        assert_eq!(said(&[238, 0, 0]), None, "no number of three");
    }

    #[test]
    fn letters_of_four_in_three_bytes_are_understood() {
        // A, B, 1, back; then a letter.
        let bits: u32 = 1 << 18 | 2 << 12 | 0x31 << 6 | 31;
        let [_, a, b, c] = bits.to_be_bytes();
        assert_eq!(said(&[240, a, b, c, 67]), plain("AB1B"));
        assert_eq!(said(&[240, 66, 67]), plain("AB"), "too few for four");
    }

    #[test]
    fn bytes_are_freed_of_the_number_of_their_place() {
        let hidden = |byte: u8, place: usize| {
            byte.wrapping_add(u8::try_from(149 * place % 255 + 1).unwrap())
        };
        let data = [231, hidden(2, 2), hidden(0xc3, 3), hidden(0xa9, 4), 66];
        assert_eq!(said(&data), plain("\u{c3}\u{a9}A"));
        let told = [241, 27, 231, hidden(2, 4), hidden(0xc3, 5), hidden(0xa9, 6)];
        assert_eq!(said(&told), plain("\u{e9}"), "UTF-8 was said");
        let rest = [231, hidden(0, 2), hidden(b'x', 3), hidden(b'y', 4)];
        assert_eq!(said(&rest), plain("xy"));
        assert_eq!(said(&[231, hidden(9, 2), 1]), None, "cut off");
        assert_eq!(said(&[241, 10, 66]), None, "another set");
    }
}
