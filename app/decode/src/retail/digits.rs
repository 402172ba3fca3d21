//! From widths to digits.
//!
//! In: where bars begin and end on a line. Out: the codes on it whose check digit fits. Must not: take bars for a code
//! that has no quiet zone, or digits that fit only more or less.
//!
//! Widths, parities and check digits are those of ISO/IEC 15420.

/// Widths of the digits in the left half, in modules: space, bar, space, bar. Mirrored, they are of even parity; in
/// the right half bars and spaces change places.
const DIGITS: [[f32; 4]; 10] = [
    [3.0, 2.0, 1.0, 1.0],
    [2.0, 2.0, 2.0, 1.0],
    [2.0, 1.0, 2.0, 2.0],
    [1.0, 4.0, 1.0, 1.0],
    [1.0, 1.0, 3.0, 2.0],
    [1.0, 2.0, 3.0, 1.0],
    [1.0, 1.0, 1.0, 4.0],
    [1.0, 3.0, 1.0, 2.0],
    [1.0, 2.0, 1.0, 3.0],
    [3.0, 1.0, 1.0, 2.0],
];
/// Which of the left half's six digits are of even parity, by the digit that only this tells.
const PARITIES: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];
/// The same for the 0 of UPC-E, which has an even digit in any case.
const PARITY_ZERO: u8 = 0b00_0111;
/// Turns of the shortest code.
pub(super) const TURNS_MIN: usize = 34;
/// Modules that must be light on both sides. The standard asks for seven and more; a blurred picture leaves less.
const QUIET_MIN: f32 = 4.5;
/// How far a digit may be from what it is read as: a squared sum of modules, of one and in the mean. Where a module is
/// one and a half pixels, some are a little further off than halfway to the next digit.
const MISFIT_MAX: (f32, f32) = (0.8, 0.3);
/// How much narrower or wider than its neighbours an element of a guard may be.
const GUARD: core::ops::Range<f32> = 0.4..1.75;
/// How much one digit's width may differ from the next one's.
const DRIFT: core::ops::Range<f32> = 0.84..1.19;
/// Modules of a digit.
const DIGIT: f32 = 7.0;

/// Which of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    UpcA,
    UpcE,
    Ean13,
    Ean8,
}

/// A code on a line.
pub(super) struct Read {
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) ends: (f32, f32),
}

/// How a code is laid out: digits in the left half, in the right half, and the elements of the last guard.
struct Layout {
    left: usize,
    right: usize,
    last: usize,
}

const LAYOUTS: [Layout; 3] = [
    Layout {
        left: 6,
        right: 6,
        last: 3,
    },
    Layout {
        left: 4,
        right: 4,
        last: 3,
    },
    Layout {
        left: 6,
        right: 0,
        last: 6,
    },
];

/// Elements of the first guard and of the middle one.
const FIRST: usize = 3;
const MIDDLE: usize = 5;

/// Tells of every code on a line, read in the direction of its places.
pub(super) fn each(places: &[f32], mut tell: impl FnMut(Read)) {
    let mut at = 0;
    while at + TURNS_MIN <= places.len() {
        let read = if begins(places, at) {
            LAYOUTS.iter().find_map(|layout| layout.read(places, at))
        } else {
            None
        };
        at += match read {
            Some((read, elements)) => {
                tell(read);
                elements + 1
            }
            None => 2,
        };
    }
}

/// Whether there is a quiet zone and something like a first guard.
fn begins(places: &[f32], at: usize) -> bool {
    let before = if at == 0 { 0.0 } else { places[at - 1] };
    let [a, b, c, d, ..] = places[at..] else {
        return false;
    };
    let module = (d - a) / 3.0;
    let is_near = |width: f32| (0.45 * module..1.7 * module).contains(&width);
    a - before >= QUIET_MIN * module && is_near(b - a) && is_near(c - b) && is_near(d - c)
}

impl Layout {
    fn elements(&self) -> usize {
        let middle = if self.right > 0 { MIDDLE } else { 0 };
        FIRST + 4 * (self.left + self.right) + middle + self.last
    }

    fn read(&self, places: &[f32], at: usize) -> Option<(Read, usize)> {
        let elements = self.elements();
        let turns = places.get(at..=at + elements)?;
        let middle = FIRST + 4 * self.left;
        let behind = if self.right > 0 {
            middle + MIDDLE
        } else {
            middle
        };
        let starts = (0..self.left).map(|digit| FIRST + 4 * digit);
        let starts: Vec<usize> = starts
            .chain((0..self.right).map(|digit| behind + 4 * digit))
            .collect();
        // The width of a module, digit by digit.
        let module = |start: &usize| (turns[start + 4] - turns[*start]) / DIGIT;
        let modules: Vec<f32> = starts.iter().map(module).collect();
        let is_even = |pair: &[f32]| DRIFT.contains(&(pair[1] / pair[0]));
        if !modules.windows(2).all(is_even) {
            return None;
        }
        let (first, last) = (*modules.first()?, *modules.last()?);
        let centre = f32::midpoint(
            modules[self.left - 1],
            *modules.get(self.left).unwrap_or(&last),
        );
        let mut ink = Ink::default();
        ink.guard(&turns[..=FIRST], first)?;
        ink.guard(&turns[middle..=behind], centre)?;
        ink.guard(&turns[elements - self.last..], last)?;
        let next = places.get(at + elements + 1);
        if next.is_some_and(|next| next - turns[elements] < QUIET_MIN * last) {
            return None;
        }
        let (digits, parity) = self.digits(turns, &starts, &modules, ink.spread())?;
        let (text, kind) = meaning(&digits, parity, self.right > 0)?;
        let ends = (turns[0], turns[elements]);
        Some((Read { text, kind, ends }, elements))
    }

    /// The digits, and which of the left ones are of even parity.
    fn digits(
        &self,
        turns: &[f32],
        starts: &[usize],
        modules: &[f32],
        spread: f32,
    ) -> Option<(Vec<u8>, u8)> {
        let (mut digits, mut parity, mut misfit) = (Vec::new(), 0, 0.0);
        for (place, (start, module)) in starts.iter().zip(modules).enumerate() {
            let is_left = place < self.left;
            let mut widths = [0.0; 4];
            for (element, width) in widths.iter_mut().enumerate() {
                let raw = (turns[start + element + 1] - turns[start + element]) / module;
                let is_bar = (element % 2 == 1) == is_left;
                *width = if is_bar { raw - spread } else { raw + spread };
            }
            let (digit, is_even, off) = nearest(widths, is_left);
            if off > MISFIT_MAX.0 {
                return None;
            }
            misfit += off;
            digits.push(digit);
            if is_left {
                parity = parity << 1 | u8::from(is_even);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a dozen")]
        let mean = misfit / starts.len() as f32;
        (mean <= MISFIT_MAX.1).then_some((digits, parity))
    }
}

/// How much wider bars are than they should be.
#[derive(Default)]
struct Ink {
    bars: (f32, f32),
    spaces: (f32, f32),
}

impl Ink {
    /// Takes a guard in: every element of it is a module wide, and it begins with a bar unless its count is even or it
    /// stands in the middle. `None` when it is no guard.
    fn guard(&mut self, turns: &[f32], module: f32) -> Option<()> {
        let is_first_bar = turns.len() == FIRST + 1;
        for (element, pair) in turns.windows(2).enumerate() {
            let width = (pair[1] - pair[0]) / module;
            if !GUARD.contains(&width) {
                return None;
            }
            let sum = if element.is_multiple_of(2) == is_first_bar {
                &mut self.bars
            } else {
                &mut self.spaces
            };
            sum.0 += width;
            sum.1 += 1.0;
        }
        Some(())
    }

    fn spread(&self) -> f32 {
        let mean = |(sum, count): (f32, f32)| sum / f32::max(count, 1.0);
        (0.5 * (mean(self.bars) - mean(self.spaces))).clamp(-0.45, 0.45)
    }
}

/// The nearest digit, whether it is of even parity, and how far off it is.
fn nearest(widths: [f32; 4], is_left: bool) -> (u8, bool, f32) {
    let mut best = (0, false, f32::MAX);
    for is_even in [false, true] {
        if is_even && !is_left {
            continue;
        }
        for (digit, ideal) in (0_u8..).zip(&DIGITS) {
            let mut ideal = *ideal;
            if is_even {
                ideal.reverse();
            }
            let off: f32 = widths
                .iter()
                .zip(&ideal)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            if off < best.2 {
                best = (digit, is_even, off);
            }
        }
    }
    best
}

/// What digits and parities say together; `None` when they say nothing or the check digit does not fit.
fn meaning(digits: &[u8], parity: u8, has_halves: bool) -> Option<(String, Kind)> {
    let text = |digits: &[u8]| {
        digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    };
    match (digits.len(), has_halves) {
        (12, true) => {
            let first = (0_u8..)
                .zip(&PARITIES)
                .find(|(_, known)| **known == parity)?
                .0;
            let whole = [&[first], digits].concat();
            let kind = if first == 0 { Kind::UpcA } else { Kind::Ean13 };
            let said = if first == 0 { digits } else { &whole };
            is_checked(&whole).then(|| (text(said), kind))
        }
        (8, true) => (parity == 0 && is_checked(digits)).then(|| (text(digits), Kind::Ean8)),
        (6, false) => {
            let (system, check) = short_parity(parity)?;
            let short = [&[system], digits, &[check]].concat();
            is_checked(&expanded(&short)?).then(|| (text(&short), Kind::UpcE))
        }
        _ => None,
    }
}

/// The number system and the check digit that the parities of a UPC-E tell.
fn short_parity(parity: u8) -> Option<(u8, u8)> {
    let known = |digit: usize| {
        if digit == 0 {
            PARITY_ZERO
        } else {
            PARITIES[digit]
        }
    };
    let check = |parity: u8| (0..10).find(|digit| known(*digit) == parity);
    let both = [(0, check(parity ^ 0b11_1111)), (1, check(parity))];
    both.into_iter()
        .find_map(|(system, check)| Some((system, u8::try_from(check?).ok()?)))
}

/// The twelve digits of which a UPC-E leaves some out.
fn expanded(short: &[u8]) -> Option<[u8; 12]> {
    let &[system, a, b, c, d, e, f, check] = short else {
        return None;
    };
    Some(match f {
        0..=2 => [system, a, b, f, 0, 0, 0, 0, c, d, e, check],
        3 => [system, a, b, c, 0, 0, 0, 0, 0, d, e, check],
        4 => [system, a, b, c, d, 0, 0, 0, 0, 0, e, check],
        _ => [system, a, b, c, d, e, 0, 0, 0, 0, f, check],
    })
}

/// Whether the last digit is the check digit of the others.
fn is_checked(digits: &[u8]) -> bool {
    let weights = [1_u32, 3].into_iter().cycle();
    let weighted = digits.iter().rev().zip(weights);
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    /// The places of a code of digits and parities, drawn with a module of some width and bars too wide by some.
    fn drawn(digits: &[u8], left: usize, parity: u8, module: f32, ink: f32) -> Vec<f32> {
        let mut widths = vec![1.0; 3];
        for (place, digit) in digits.iter().enumerate() {
            if place == left {
                widths.extend([1.0; 5]);
            }
            let mut digit_widths = DIGITS[usize::from(*digit)];
            if place < left && parity >> (left - 1 - place) & 1 == 1 {
                digit_widths.reverse();
            }
            widths.extend(digit_widths);
        }
        let last = if digits.len() == left { 6 } else { 3 };
        widths.extend(vec![1.0; last]);
        let mut places = vec![30.0];
        for width in widths {
            places.push(places[places.len() - 1] + width * module);
        }
        let bar = |at: usize| if at.is_multiple_of(2) { -ink } else { ink };
        let spread = |(at, place): (usize, &f32)| place + bar(at) * module / 2.0;
        places.iter().enumerate().map(spread).collect()
    }

    fn read(places: &[f32]) -> Vec<(String, Kind)> {
        let mut found = Vec::new();
        each(places, |read| found.push((read.text, read.kind)));
        found
    }

    #[test]
    fn codes_are_read_whether_ink_spread_or_shrank() {
        for ink in [-0.4, 0.0, 0.4] {
            for (digits, left, parity, said, kind) in [
                ("042100005264", 6, 0, "042100005264", Kind::UpcA),
                ("006381333931", 6, 0b01_0011, "4006381333931", Kind::Ean13),
                ("96385074", 4, 0, "96385074", Kind::Ean8),
                ("425261", 6, 0b10_1100, "04252614", Kind::UpcE),
            ] {
                let places = drawn(&numbers(digits), left, parity, 2.0, ink);
                assert_eq!(read(&places), [(said.to_owned(), kind)], "ink {ink}");
            }
        }
    }

    #[test]
    fn a_code_without_a_quiet_zone_or_with_a_wrong_check_digit_is_none() {
        let mut places = drawn(&numbers("042100005264"), 6, 0, 2.0, 0.0);
        let end = places[places.len() - 1];
        places.extend([end + 6.0, end + 8.0]);
        assert_eq!(read(&places), []);
        let wrong = drawn(&numbers("042100005263"), 6, 0, 2.0, 0.0);
        assert_eq!(read(&wrong), []);
    }

    #[test]
    fn a_short_code_stands_for_a_long_one() {
        for (short, long) in [
            ("04252614", "042100005264"),
            ("01234505", "012000003455"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234558", "012345000058"),
        ] {
            let expanded = expanded(&numbers(short)).expect("eight digits");
            assert_eq!(expanded.to_vec(), numbers(long));
        }
        assert_eq!(expanded(&[1, 2, 3]), None);
    }

    #[test]
    fn the_parities_of_a_short_code_tell_its_system_and_its_check_digit() {
        assert_eq!(short_parity(0b11_1000), Some((0, 0)));
        assert_eq!(short_parity(0b00_0111), Some((1, 0)));
        assert_eq!(short_parity(0b10_1100), Some((0, 4)));
        assert_eq!(short_parity(0b01_0011), Some((1, 4)));
        assert_eq!(short_parity(0), None);
    }
}
