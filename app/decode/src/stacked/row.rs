//! One line through a symbol.
//!
//! In: a picture and two points of it, where a row begins and ends. Out: the codewords between. Must not: believe
//! brightness; only where it turns.

use super::patterns::{Widths, Word, word};
use crate::frame::Frame;
use crate::turns::Turns;

/// Steps per module, and the shortest and the longest step, in pixels.
const PER_MODULE: f32 = 4.0;
const STEP: (f32, f32) = (0.4, 1.0);
/// Values on a line at most.
const VALUES_MAX: usize = 6_000;
/// Modules by which lines are sharpened.
const SHARPEN_BY: f32 = 0.7;
/// Modules taken along on both sides.
const MARGIN: f32 = 6.0;
/// Modules of a codeword, and of the stop pattern.
const CODEWORD: f32 = 17.0;
const STOP: f32 = 18.0;
/// How far from where it is expected a codeword may begin, in modules, and how much its width may be off, as a part.
const SHIFT_MAX: f32 = 1.2;
const STRETCH_MAX: f32 = 0.09;
/// How much of a codeword's surprise is believed for the next one.
const GAIN: f32 = 0.35;
/// How much a pair's width may be from a whole number of modules.
const OFF_MAX: f32 = 0.46;
/// Codewords in a row at most, with those that tell of the row.
pub(super) const WORDS_MAX: usize = 32;

/// A codeword on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Its place, counted from that end of the row from which it was found.
    pub(super) place: usize,
    pub(super) is_from_end: bool,
    pub(super) word: Word,
    /// How clear it was: 0 hardly, 1 perfectly.
    pub(super) clarity: f32,
}

/// A line from point to point. A module has a width, in pixels, at each of its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
    pub(super) modules: (f32, f32),
}

/// Reads lines; its memory is kept from one to the next.
#[derive(Default)]
pub(super) struct Scanner {
    turns: Turns,
    light: Vec<f32>,
    /// Lines are sharpened.
    pub(super) is_sharpening: bool,
    pub(super) seen: Vec<Seen>,
}

impl Scanner {
    /// Looks for the codewords of a line that is some pixels wide.
    pub(super) fn look(&mut self, frame: &Frame<'_>, segment: Segment, wide: f32) {
        self.seen.clear();
        let (x, y) = (segment.to.0 - segment.from.0, segment.to.1 - segment.from.1);
        let length = x.hypot(y);
        let step = (segment.modules.0.min(segment.modules.1) / PER_MODULE).clamp(STEP.0, STEP.1);
        // Also catches what is no number.
        if !(length > 1.0 && length < 20_000.0) {
            return;
        }
        let along = (x / length * step, y / length * step);
        let before = MARGIN * segment.modules.0 / step;
        let steps = length / step;
        let all = before + steps + MARGIN * segment.modules.1 / step;
        let from = (
            segment.from.0 - before * along.0,
            segment.from.1 - before * along.1,
        );
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a picture's diagonal in steps"
        )]
        let count = (all as usize).min(VALUES_MAX);
        self.sample(frame, from, along, count, wide / step);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few steps"
        )]
        let distance = (SHARPEN_BY * segment.modules.0 / step).round() as usize;
        let distance = self.is_sharpening.then_some(distance.clamp(1, 8));
        self.turns.find(&self.light, distance);
        let modules = (segment.modules.0 / step, segment.modules.1 / step);
        self.forward(before, before + steps, modules.0);
        self.backward(before, before + steps, modules.1);
    }

    /// Brightness along a line, and if it is wide, the mean of three side by side.
    #[expect(clippy::cast_precision_loss, reason = "a line has few thousand values")]
    fn sample(
        &mut self,
        frame: &Frame<'_>,
        from: (f32, f32),
        along: (f32, f32),
        count: usize,
        wide: f32,
    ) {
        let across = (-along.1 * wide, along.0 * wide);
        self.light.clear();
        let place = |at: usize, side: f32| {
            let at = at as f32;
            let x = from.0 + at * along.0 + side * across.0;
            let y = from.1 + at * along.1 + side * across.1;
            frame.light((x, y))
        };
        if wide > 0.0 {
            let mean = |at| (place(at, -1.0) + place(at, 0.0) + place(at, 1.0)) / 3.0;
            self.light.extend((0..count).map(mean));
        } else {
            self.light.extend((0..count).map(|at| place(at, 0.0)));
        }
    }

    /// From where the row begins on.
    fn forward(&mut self, begin: f32, end: f32, module: f32) {
        let mut at = self
            .near(begin, module)
            .map_or(begin, |turn| self.turns.places[turn]);
        let mut module = module;
        // The start pattern tells how wide a module is here.
        self.step(&mut at, &mut module, 1.0);
        for place in 0..WORDS_MAX {
            if at + CODEWORD * module > end {
                break;
            }
            let word = self.step(&mut at, &mut module, 1.0).and_then(codeword);
            self.seen.extend(word.map(|(word, clarity)| Seen {
                place,
                is_from_end: false,
                word,
                clarity,
            }));
        }
    }

    /// From where the row ends, back.
    fn backward(&mut self, begin: f32, end: f32, module: f32) {
        let mut module = module;
        let mut at = end - STOP * module;
        for place in 0..WORDS_MAX {
            if at - CODEWORD * module < begin {
                break;
            }
            let word = self.step(&mut at, &mut module, -1.0).and_then(codeword);
            self.seen.extend(word.map(|(word, clarity)| Seen {
                place,
                is_from_end: true,
                word,
                clarity,
            }));
        }
    }

    /// Goes on by a codeword. Returns its widths in modules, if it has four bars and four spaces.
    fn step(&self, at: &mut f32, module: &mut f32, way: f32) -> Option<[f32; 8]> {
        let next = *at + way * CODEWORD * *module;
        let Some(turn) = self.near(*at, *module) else {
            *at = next;
            return None;
        };
        let here = self.turns.places[turn];
        let first = if way > 0.0 {
            turn
        } else {
            turn.checked_sub(8).unwrap_or(usize::MAX)
        };
        let last = first.checked_add(8);
        let nine = last.and_then(|last| self.turns.places.get(first..=last));
        let Some(&[a, b, c, d, e, f, g, h, i]) = nine else {
            *at = here + way * CODEWORD * *module;
            return None;
        };
        let width = (i - a) / CODEWORD;
        if (width / *module - 1.0).abs() > STRETCH_MAX {
            // Something is missing or too much: the next one stands where it would.
            *at = f32::midpoint(here + way * CODEWORD * *module, next);
            return None;
        }
        *module += GAIN * (width - *module);
        *at = if way > 0.0 { i } else { a };
        Some([b - a, c - b, d - c, e - d, f - e, g - f, h - g, i - h].map(|part| part / width))
    }

    /// The beginning of a bar that is nearest to a place, if one is near.
    fn near(&self, at: f32, module: f32) -> Option<usize> {
        let places = &self.turns.places;
        let behind = places.partition_point(|place| *place < at);
        let even = behind - behind % 2;
        let near = [even.checked_sub(2), Some(even), Some(even + 2)];
        let near = near.into_iter().flatten().filter_map(|turn| {
            let off = (places.get(turn)? - at).abs();
            Some((turn, off))
        });
        let nearest = near.min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.and_then(|(turn, off)| (off < SHIFT_MAX * module).then_some(turn))
    }
}

/// The codeword of four bars and four spaces, by the distances between like edges, which do not change when ink spreads.
fn codeword(widths: [f32; 8]) -> Option<(Word, f32)> {
    let mut pairs = [0_i16; 6];
    let mut off_max = 0.0_f32;
    for (at, pair) in pairs.iter_mut().enumerate() {
        let width = (widths[at] + widths[at + 1]).clamp(2.0, 12.0);
        #[expect(clippy::cast_possible_truncation, reason = "from 2 to 12")]
        {
            *pair = width.round() as i16;
        }
        off_max = off_max.max((width - f32::from(*pair)).abs());
    }
    if off_max > OFF_MAX {
        return None;
    }
    // Pairs leave open how wide bars are beside spaces; of the few ways the nearest is it.
    let ways = (1..=6_i16).filter_map(|first| {
        let mut whole = [first; 8];
        for at in 0..6 {
            whole[at + 1] = pairs[at] - whole[at];
        }
        whole[7] = 17 - whole[..7].iter().sum::<i16>();
        let off: f32 = whole
            .iter()
            .zip(&widths)
            .map(|(a, b)| (f32::from(*a) - b).powi(2))
            .sum();
        let is_possible = whole.iter().all(|width| (1..=6).contains(width));
        is_possible.then_some((whole, off))
    });
    let (whole, _) = ways.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut widths: Widths = [0; 8];
    for (width, whole) in widths.iter_mut().zip(whole) {
        *width = u8::try_from(whole).ok()?;
    }
    Some((word(&widths)?, 1.0 - 2.0 * off_max))
}
