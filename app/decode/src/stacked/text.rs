//! From codewords to text.
//!
//! In: a symbol's data codewords. Out: its characters, those that no keyboard has as they are. Must not: guess at what
//! has no meaning, or pass a part of a text for the whole: a symbol of a series says nothing.
//!
//! Modes and characters are those of ISO/IEC 15438.

const TEXT: u16 = 900;
const BYTES: u16 = 901;
const NUMBERS: u16 = 902;
const ONE_BYTE: u16 = 913;
const SIXES: u16 = 924;
/// What follows is of another character set: a user's own, one of many, or one of the first 900.
const SETS: [u16; 3] = [925, 926, 927];

/// Characters of the two sub-modes that have not the alphabet.
const MIXED: &[u8; 25] = b"0123456789&\r\t,:#-.$/+%*=^";
const PUNCTUATION: &[u8; 29] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";
/// Codewords of numbers that belong together, and of bytes, and the bytes they make.
const GROUP: (usize, usize, usize) = (15, 5, 6);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sub {
    Upper,
    Lower,
    Mixed,
    Punctuation,
}

/// Which characters bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    /// None was named.
    Usual,
    Latin1,
    Utf8,
    Ascii,
}

struct Writer {
    text: String,
    /// Of one character set.
    bytes: Vec<u8>,
    set: Set,
    sub: Sub,
    /// For the next character only.
    shifted: Option<Sub>,
}

/// The text of data codewords, without the one in front that counts them.
pub(super) fn text(words: &[u16]) -> Option<String> {
    let mut writer = Writer {
        text: String::new(),
        bytes: Vec::new(),
        set: Set::Usual,
        sub: Sub::Upper,
        shifted: None,
    };
    let mut mode = TEXT;
    let mut rest = words;
    while let Some((&first, behind)) = rest.split_first() {
        rest = match first {
            0..TEXT => {
                let run = rest.iter().position(|word| *word >= TEXT);
                let (run, behind) = rest.split_at(run.unwrap_or(rest.len()));
                writer.run(mode, run)?;
                behind
            }
            TEXT | BYTES | NUMBERS | SIXES => {
                mode = first;
                (writer.sub, writer.shifted) = (Sub::Upper, None);
                behind
            }
            ONE_BYTE if mode == TEXT => {
                let (byte, behind) = behind.split_first()?;
                writer.bytes.push(u8::try_from(*byte).ok()?);
                writer.shifted = None;
                behind
            }
            _ if SETS.contains(&first) => {
                let taken = if first == SETS[1] { 2 } else { 1 };
                let (number, behind) = behind.split_at_checked(taken)?;
                writer.flush()?;
                writer.set = set(first, number);
                behind
            }
            _ => return None,
        };
    }
    writer.flush()?;
    Some(writer.text)
}

fn set(kind: u16, number: &[u16]) -> Set {
    match (kind, number) {
        (927, [1 | 3]) => Set::Latin1,
        (927, [26]) => Set::Utf8,
        _ => Set::Ascii,
    }
}

impl Writer {
    fn run(&mut self, mode: u16, run: &[u16]) -> Option<()> {
        match mode {
            TEXT => run.iter().try_for_each(|word| {
                self.letter(word / 30)?;
                self.letter(word % 30)
            }),
            NUMBERS => run.chunks(GROUP.0).try_for_each(|group| self.number(group)),
            _ => {
                // Six bytes in five codewords; unless all are sixes, the last five at most are a byte each.
                let sixes = if mode == SIXES {
                    run.len() / GROUP.1
                } else {
                    run.len().saturating_sub(1) / GROUP.1
                };
                let (sixes, single) = run.split_at(sixes * GROUP.1);
                sixes.chunks(GROUP.1).try_for_each(|five| self.six(five))?;
                single.iter().try_for_each(|word| {
                    self.bytes.push(u8::try_from(*word).ok()?);
                    Some(())
                })
            }
        }
    }

    fn letter(&mut self, value: u16) -> Option<()> {
        let value = u8::try_from(value).ok()?;
        let sub = self.shifted.take().unwrap_or(self.sub);
        match (sub, value) {
            (Sub::Upper, 0..26) => self.bytes.push(b'A' + value),
            (Sub::Lower, 0..26) => self.bytes.push(b'a' + value),
            (Sub::Mixed, 0..25) => self.bytes.push(MIXED[usize::from(value)]),
            (Sub::Punctuation, 0..29) => self.bytes.push(PUNCTUATION[usize::from(value)]),
            (Sub::Upper | Sub::Lower | Sub::Mixed, 26) => self.bytes.push(b' '),
            (Sub::Upper | Sub::Mixed, 27) => self.sub = Sub::Lower,
            (Sub::Lower, 27) => self.shifted = Some(Sub::Upper),
            (Sub::Upper | Sub::Lower, 28) => self.sub = Sub::Mixed,
            (Sub::Mixed, 28) | (Sub::Punctuation, 29) => self.sub = Sub::Upper,
            (Sub::Mixed, 25) => self.sub = Sub::Punctuation,
            (Sub::Upper | Sub::Lower | Sub::Mixed, 29) => self.shifted = Some(Sub::Punctuation),
            _ => return None,
        }
        Some(())
    }

    fn six(&mut self, five: &[u16]) -> Option<()> {
        let number = five
            .iter()
            .fold(0_u64, |sum, word| sum * 900 + u64::from(*word));
        let [0, 0, six @ ..] = number.to_be_bytes() else {
            return None;
        };
        debug_assert_eq!(six.len(), GROUP.2);
        self.bytes.extend(six);
        Some(())
    }

    /// Up to fifteen codewords are one number, its digits behind a 1.
    fn number(&mut self, group: &[u16]) -> Option<()> {
        let mut digits = [0_u8; 46];
        for word in group {
            let mut carry = u32::from(*word);
            for digit in digits.iter_mut().rev() {
                carry += u32::from(*digit) * 900;
                *digit = u8::try_from(carry % 10).ok()?;
                carry /= 10;
            }
        }
        let begin = digits.iter().position(|digit| *digit != 0)?;
        let (one, digits) = digits[begin..].split_first()?;
        self.bytes.extend(digits.iter().map(|digit| b'0' + digit));
        (*one == 1).then_some(())
    }

    /// Makes characters of the bytes so far.
    fn flush(&mut self) -> Option<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let latin = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
        let text = match self.set {
            Set::Latin1 => latin(&bytes),
            Set::Utf8 => String::from_utf8(bytes).ok()?,
            Set::Ascii if !bytes.is_ascii() => return None,
            // Latin-1 it should be; some write UTF-8 without saying so, which Latin-1 hardly ever looks like.
            Set::Usual | Set::Ascii => {
                String::from_utf8(bytes).unwrap_or_else(|error| latin(error.as_bytes()))
            }
        };
        self.text.push_str(&text);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[u16]) -> Option<String> {
        text(words)
    }

    /// Pairs of sub-mode values as codewords.
    fn pairs(values: &[u16]) -> Vec<u16> {
        let (pairs, _) = values.as_chunks::<2>();
        pairs.iter().map(|[high, low]| high * 30 + low).collect()
    }

    #[test]
    fn letters_of_all_sub_modes_are_read() {
        for (values, expected) in [
            (&[0, 25, 26, 1][..], "AZ B"),
            // To lower, one of upper, lower again.
            (&[27, 0, 27, 1, 2, 26], "aBc "),
            // To mixed, a digit, carriage return, one of punctuation, back to upper.
            (&[28, 7, 11, 29, 15, 28, 3, 26], "7\r\nD "),
            // To mixed, to punctuation, its first and last, to upper, to lower.
            (&[28, 25, 0, 28, 29, 27, 4, 29], ";'e"),
            // From lower to mixed, from mixed to lower.
            (&[27, 5, 28, 24, 27, 6], "f^g"),
            (&[29, 8, 0, 29], "`A"),
        ] {
            assert_eq!(said(&pairs(values)).as_deref(), Some(expected));
        }
        assert_eq!(PUNCTUATION.len(), 29);
    }

    #[test]
    fn a_shift_to_a_byte_is_for_one_codeword_and_leaves_the_sub_mode() {
        let mut words = pairs(&[27, 0]);
        words.extend([913, 0x1e]);
        words.extend(pairs(&[1, 29]));
        // The shift that filled up the codeword is void.
        words.extend([913, 0x1d]);
        words.extend(pairs(&[2, 26]));
        assert_eq!(said(&words).as_deref(), Some("a\u{1e}b\u{1d}c "));
        assert_eq!(said(&[913]), None);
        assert_eq!(said(&[913, 256]), None);
    }

    #[test]
    fn bytes_come_in_sixes_and_single() {
        let six = |bytes: [u8; 6]| {
            let number = bytes
                .iter()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            (0..5)
                .rev()
                .map(|place| u16::try_from(number / 900_u64.pow(place) % 900).unwrap())
                .collect::<Vec<u16>>()
        };
        let all = six(*b"ABC\n\x1e\r");
        assert_eq!(
            said(&[&[924][..], &all].concat()).as_deref(),
            Some("ABC\n\u{1e}\r")
        );
        let more = [&[901][..], &all, &[0x41, 0x42]].concat();
        assert_eq!(said(&more).as_deref(), Some("ABC\n\u{1e}\rAB"));
        // Five behind 901 are five bytes.
        assert_eq!(
            said(&[901, 72, 101, 108, 108, 111]).as_deref(),
            Some("Hello")
        );
        assert_eq!(said(&[901, 72, 900, 1]).as_deref(), Some("HAB"));
        assert_eq!(said(&[924, 899, 899, 899, 899, 899]), None);
        assert_eq!(said(&[901, 256]), None);
    }

    #[test]
    fn numbers_stand_behind_a_one() {
        // 000213298174000 with a 1 in front, in base 900: the standard's own example.
        assert_eq!(
            said(&[902, 1, 624, 434, 632, 282, 200]).as_deref(),
            Some("000213298174000")
        );
        assert_eq!(said(&[902, 2]), None);
        assert_eq!(said(&[902, 0]), None);
        let nines = [
            902, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899, 899,
        ];
        assert_eq!(said(&nines), None);
    }

    #[test]
    fn bytes_are_of_the_set_that_was_named() {
        let word = |bytes: &[u16], set: &[u16]| said(&[set, &[901], bytes].concat());
        assert_eq!(word(&[0xc9], &[]).as_deref(), Some("\u{c9}"));
        assert_eq!(word(&[0xc3, 0x89], &[]).as_deref(), Some("\u{c9}"));
        assert_eq!(word(&[0xc3, 0x89], &[927, 26]).as_deref(), Some("\u{c9}"));
        assert_eq!(
            word(&[0xc3, 0x89], &[927, 3]).as_deref(),
            Some("\u{c3}\u{89}")
        );
        assert_eq!(word(&[0xc9], &[927, 26]), None);
        assert_eq!(word(&[0xc9], &[927, 7]), None);
        assert_eq!(word(&[0x41], &[926, 1, 2]).as_deref(), Some("A"));
        assert_eq!(word(&[0x41], &[925, 1]).as_deref(), Some("A"));
        assert_eq!(said(&[927]), None);
    }

    #[test]
    fn parts_of_a_series_and_what_has_no_meaning_say_nothing() {
        for word in [903, 912, 918, 920, 921, 922, 923, 928] {
            assert_eq!(said(&[1, word, 1]), None, "{word}");
        }
        assert_eq!(said(&[]).as_deref(), Some(""));
        // Padding.
        assert_eq!(said(&[1, 900, 900]).as_deref(), Some("AB"));
    }
}
