//! Code 128.
//!
//! In: the values of a symbol's characters. Out: its text. Must not: let a wrong check value pass.
//!
//! Widths and code sets are those of ISO/IEC 15417.

/// Widths of each character's bars and spaces, in modules: three bars and three spaces, eleven modules.
pub(crate) const PATTERNS: [[u8; 6]; 106] = patterns();
/// The stop character has a bar more.
pub(crate) const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];
/// The first character says in which set the second stands.
pub(crate) const STARTS: [u8; 3] = [103, 104, 105];
/// Values that can stand between start and stop.
pub(crate) const VALUES: usize = 103;
/// Divisor of the check value.
const MODULUS: usize = 103;

const WIDTHS: &[u8] = b"212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232";

const fn patterns() -> [[u8; 6]; 106] {
    let mut out = [[0; 6]; 106];
    let mut at = 0;
    while at < WIDTHS.len() {
        out[at / 6][at % 6] = WIDTHS[at] - b'0';
        at += 1;
    }
    out
}

/// What a symbol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its text; FNC1 between elements stands as the group separator.
    pub text: String,
    /// FNC1 stood first: the text is of GS1's elements.
    pub is_gs1: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

/// Whether the last value is the check value of those before it. The first is the start character.
#[must_use]
pub fn is_checked(values: &[u8]) -> bool {
    let Some((check, rest)) = values.split_last() else {
        return false;
    };
    let [start, data @ ..] = rest else {
        return false;
    };
    let weighted = data
        .iter()
        .zip(1..)
        .map(|(value, place)| usize::from(*value) * place);
    let sum: usize = weighted.sum::<usize>() + usize::from(*start);
    !data.is_empty()
        && STARTS.contains(start)
        && data.iter().all(|value| usize::from(*value) < VALUES)
        && sum % MODULUS == usize::from(*check)
}

/// The text of a symbol's values, without the check value; `None` when they have no meaning together.
#[must_use]
pub fn content(values: &[u8]) -> Option<Content> {
    let (start, data) = values.split_first()?;
    let mut reading = Reading {
        set: match start {
            103 => Set::A,
            104 => Set::B,
            105 => Set::C,
            _ => return None,
        },
        shifted: None,
        is_high: false,
        is_next_high: false,
        content: Content {
            text: String::new(),
            is_gs1: false,
        },
    };
    for (place, value) in data.iter().enumerate() {
        reading.take(*value, place)?;
    }
    Some(reading.content)
}

struct Reading {
    set: Set,
    /// The set of the next character only.
    shifted: Option<Set>,
    /// Characters are of the upper half of Latin-1, until further notice or for one.
    is_high: bool,
    is_next_high: bool,
    content: Content,
}

impl Reading {
    fn take(&mut self, value: u8, place: usize) -> Option<()> {
        let set = self.shifted.take().unwrap_or(self.set);
        match (set, value) {
            (Set::C, 0..=99) => {
                self.put(b'0' + value / 10);
                self.put(b'0' + value % 10);
            }
            (Set::A, 64..=95) => self.put(value - 64),
            (Set::A | Set::B, 0..=95) => self.put(value + 32),
            (_, 102) if place == 0 => self.content.is_gs1 = true,
            (_, 102) => self.content.text.push('\u{1d}'),
            (Set::A | Set::C, 100) => self.set = Set::B,
            (Set::B | Set::C, 101) => self.set = Set::A,
            (Set::A | Set::B, 99) => self.set = Set::C,
            (Set::A, 98) => self.shifted = Some(Set::B),
            (Set::B, 98) => self.shifted = Some(Set::A),
            // The fourth function: the next character, or twice in a row all that follow, of the upper half.
            (Set::A, 101) | (Set::B, 100) => {
                self.is_high ^= self.is_next_high;
                self.is_next_high = !self.is_next_high;
            }
            // For programming a reader: no text.
            (Set::A | Set::B, 96 | 97) => {}
            _ => return None,
        }
        Some(())
    }

    fn put(&mut self, byte: u8) {
        let is_high = self.is_high != std::mem::take(&mut self.is_next_high);
        let byte = if is_high { byte | 0x80 } else { byte };
        self.content.text.push(char::from(byte));
    }
}

/// Where a symbol begins.
mod begin;
/// From one character to the next.
mod follow;
/// How characters look when they are blurred.
mod look;

pub(crate) use begin::{Start, starts};
pub(crate) use follow::{Candidate, Effort, follow};
