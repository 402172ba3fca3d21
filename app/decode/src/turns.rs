//! Where a line turns from light to dark and back.
//!
//! In: brightness along a line. Out: the places of its turns, finer than its steps. Must not: cut at one brightness
//! for all: a narrow bar between narrow spaces is never as dark as a wide one.

use crate::number::within;

/// Values whose darkest and lightest are looked up together.
const BLOCK: usize = 32;
/// Difference of brightness below which nothing turned.
const FLOOR: f32 = 20.0;
/// The same as a part of the difference around.
const PART: f32 = 0.17;

/// How much of the difference to its neighbours is added to a value of a line that is sharpened.
const SHARPEN: f32 = 0.5;

/// The darkest and the lightest of some values.
#[derive(Clone, Copy)]
struct Range {
    low: f32,
    high: f32,
}

impl Range {
    fn of(values: &[f32]) -> Self {
        // Eight side by side, so that the compiler can keep them in registers.
        let mut lows = [f32::MAX; 8];
        let mut highs = [f32::MIN; 8];
        for eight in values.chunks(8) {
            for ((low, high), value) in lows.iter_mut().zip(&mut highs).zip(eight) {
                *low = if *value < *low { *value } else { *low };
                *high = if *value > *high { *value } else { *high };
            }
        }
        Self {
            low: lows.into_iter().fold(f32::MAX, f32::min),
            high: highs.into_iter().fold(f32::MIN, f32::max),
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

/// Finds turns; its memory is kept from line to line.
#[derive(Default)]
pub(crate) struct Turns {
    own: Vec<Range>,
    around: Vec<Range>,
    sharp: Vec<f32>,
    /// Places, in steps of the line, its first value at 0: where a bar begins, where it ends, and so on in turns.
    pub(crate) places: Vec<f32>,
    /// The same from the other end.
    pub(crate) mirrored: Vec<f32>,
}

/// A place where light or darkness is greatest.
#[derive(Clone, Copy)]
struct Peak {
    at: usize,
    value: f32,
}

impl Turns {
    /// Looks through a line. If a distance is told, it is sharpened first by what lies so far on both sides.
    pub(crate) fn find(&mut self, values: &[f32], distance: Option<usize>) {
        self.places.clear();
        self.mirrored.clear();
        self.own.clear();
        self.around.clear();
        self.own.extend(values.chunks(BLOCK).map(Range::of));
        for at in 0..self.own.len() {
            let near = &self.own[at.saturating_sub(1)..(at + 2).min(self.own.len())];
            let around = near.iter().copied().reduce(Range::with);
            self.around.extend(around);
        }
        match distance {
            None => self.walk(values),
            Some(distance) => {
                let mut sharp = std::mem::take(&mut self.sharp);
                self.sharpen(values, distance, &mut sharp);
                self.walk(&sharp);
                self.sharp = sharp;
            }
        }
        // What is cut by an end of the line is no bar.
        if self.places.len() % 2 == 1 {
            self.places.pop();
        }
    }

    /// Nothing becomes darker or lighter than what is around, or the rims of wide bars would look like bars.
    fn sharpen(&mut self, values: &[f32], distance: usize, sharp: &mut Vec<f32>) {
        sharp.clear();
        sharp.extend_from_slice(values);
        let reach = 2 * distance;
        let middles = sharp.iter_mut().skip(distance);
        for (at, (value, ends)) in middles.zip(values.windows(reach + 1)).enumerate() {
            let around = self.around[(at + distance) / BLOCK];
            let more = SHARPEN * (2.0 * *value - ends[0] - ends[reach]);
            *value = (*value + more).max(around.low).min(around.high);
        }
        // A block's own range is only used to pass over it.
        self.own.clear();
        self.own.extend(sharp.chunks(BLOCK).map(Range::of));
    }

    /// Fills in the other direction.
    pub(crate) fn mirror(&mut self, count: usize) {
        #[expect(clippy::cast_precision_loss, reason = "a line has few thousand values")]
        let last = count.saturating_sub(1) as f32;
        self.mirrored.clear();
        let places = self.places.iter().rev();
        self.mirrored.extend(places.map(|place| last - place));
    }

    fn walk(&mut self, values: &[f32]) {
        let Some(&first) = values.first() else {
            return;
        };
        // The peak before, if it is known, the one that is looked for, and whether that is a light one.
        let mut before: Option<Peak> = None;
        let mut peak = Peak {
            at: 0,
            value: first,
        };
        let mut is_light = true;
        for (block, values_here) in values.chunks(BLOCK).enumerate() {
            let (own, around) = (self.own[block], self.around[block]);
            let needed = FLOOR.max(PART * (around.high - around.low));
            if Self::is_quiet(own, peak, is_light, needed) {
                let better = if is_light { own.high } else { own.low };
                if (better > peak.value) == is_light {
                    let place = values_here.iter().position(|value| *value == better);
                    peak = Peak {
                        at: block * BLOCK + place.unwrap_or_default(),
                        value: better,
                    };
                }
                continue;
            }
            for (place, &value) in values_here.iter().enumerate() {
                let at = block * BLOCK + place;
                let ahead = if is_light {
                    value - peak.value
                } else {
                    peak.value - value
                };
                if ahead > 0.0 {
                    peak = Peak { at, value };
                } else if -ahead > needed {
                    if let Some(before) = before {
                        self.turn(values, before, peak);
                    }
                    before = Some(peak);
                    peak = Peak { at, value };
                    is_light = !is_light;
                }
            }
        }
        if let Some(before) = before {
            self.turn(values, before, peak);
        }
    }

    /// Whether no value of a block can be a turn.
    fn is_quiet(own: Range, peak: Peak, is_light: bool, needed: f32) -> bool {
        if is_light {
            own.high.max(peak.value) - own.low <= needed
        } else {
            own.high - own.low.min(peak.value) <= needed
        }
    }

    /// Between two peaks, where the line passes the middle: half that of the two, half that of all around.
    fn turn(&mut self, values: &[f32], from: Peak, to: Peak) {
        // The first turn that counts is one to dark.
        let is_to_dark = to.value < from.value;
        if is_to_dark != self.places.len().is_multiple_of(2) {
            return;
        }
        let around = self.around[usize::midpoint(from.at, to.at) / BLOCK];
        let (low, high) = (from.value.min(to.value), from.value.max(to.value));
        let reach = high - low;
        let level = f32::midpoint(
            f32::midpoint(low, high),
            f32::midpoint(around.low, around.high),
        );
        let level = within(level, low + 0.25 * reach, high - 0.25 * reach);
        let is_past = |value: f32| (value < level) == is_to_dark;
        let between = &values[from.at..=to.at];
        let first = between.iter().position(|value| is_past(*value));
        let last = between.iter().rposition(|value| !is_past(*value));
        if let (Some(first), Some(last)) = (first, last) {
            // Noise may make it pass more than once.
            let place = f32::midpoint(
                crossing(between, first.max(1) - 1, level),
                crossing(between, last, level),
            );
            #[expect(clippy::cast_precision_loss, reason = "a line has few thousand values")]
            let begin = from.at as f32;
            self.places.push(begin + place);
        }
    }
}

/// Where a line passes a level between a value and the next.
fn crossing(values: &[f32], at: usize, level: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a line has few thousand values")]
    let place = at as f32;
    let (Some(here), Some(next)) = (values.get(at), values.get(at + 1)) else {
        return place;
    };
    let step = next - here;
    if step.abs() < 1e-3 {
        return place + 0.5;
    }
    place + ((level - here) / step).clamp(0.0, 1.0)
}
