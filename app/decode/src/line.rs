//! A patch's bars, summed along themselves.
//!
//! In: a picture and a patch. Out: brightness along the patch, finer than its pixels. Must not: blur what can be
//! kept apart: pixels of many rows fall between one another, and each counts where it lies.

use crate::field::Patch;
use crate::frame::Frame;
use crate::number::{floor, real, within};

/// Steps along a patch.
const STEPS: f32 = 1_100.0;
/// Shortest and longest step, in pixels.
const STEP: (f32, f32) = (0.4, 2.0);
/// What is taken along on both sides, for the quiet zones: a part of the patch, and some pixels.
const MARGIN: (f32, f32) = (0.12, 14.0);
/// Pixels across the bars at most, on each side of the middle. More say nothing new.
const HALF_HEIGHT_MAX: f32 = 28.0;
/// Pixels whose places are found together.
const TOGETHER: usize = 8;
/// Difference of brightness from which light and dark are two.
const CONTRAST_MIN: f32 = 14.0;

/// Brightness along a patch.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The values, a step apart.
    pub(crate) values: Vec<f32>,
    /// A step, in pixels.
    pub(crate) step: f32,
    /// Values in front of the patch and behind it.
    pub(crate) margin: f32,
}

/// Which part of a patch's height a line is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Strip {
    /// Its middle, as a part of the half height.
    pub(crate) middle: f32,
    /// Its half height, as a part of the patch's.
    pub(crate) half: f32,
}

/// Per step: brightness, and how much of it there is; one after the other, so that both of two steps are added at once.
struct Sums(Vec<f32>);

impl Line {
    /// Sums a strip of a patch along its bars.
    pub(crate) fn of(frame: &Frame<'_>, patch: &Patch, strip: Strip) -> Self {
        let step = (2.0 * patch.half_length / STEPS).clamp(STEP.0, STEP.1);
        let margin = MARGIN.0 * patch.half_length + MARGIN.1;
        let reach = patch.half_length + margin;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a picture's diagonal in steps"
        )]
        let count = (2.0 * reach / step) as usize + 2;
        let mut sums = Sums(vec![0.0; 2 * (count + 1)]);
        let middle = strip.middle * patch.half_height;
        let half = (strip.half * patch.half_height).min(HALF_HEIGHT_MAX);
        let walk = Walk {
            patch,
            reach,
            middle,
            half,
            step,
        };
        for y in walk.rows(frame.height()) {
            walk.row(frame, y, &mut sums);
        }
        Self {
            values: sums.filled(count),
            step,
            margin: margin / step,
        }
    }

    /// The same from the other end.
    pub(crate) fn reversed(&self) -> Self {
        Self {
            values: self.values.iter().rev().copied().collect(),
            ..*self
        }
    }

    /// Brightness at a place between two values; beyond the ends, that of the end.
    pub(crate) fn at(&self, place: f32) -> f32 {
        between(&self.values, place)
    }

    /// Changes from light to dark and back.
    pub(crate) fn changes(&self) -> usize {
        let mut count = 0;
        let mut is_rising = true;
        let mut extreme = self.values.first().copied().unwrap_or_default();
        for &value in &self.values {
            let ahead = if is_rising {
                value - extreme
            } else {
                extreme - value
            };
            if ahead > 0.0 {
                extreme = value;
            } else if -ahead > CONTRAST_MIN {
                is_rising = !is_rising;
                count += 1;
                extreme = value;
            }
        }
        count
    }

    /// How light the darkest place of a stretch is, beside the bars of another: 0 as dark as they, 1 as light.
    pub(crate) fn lightness(&self, stretch: (f32, f32), bars: (f32, f32)) -> f32 {
        let (darkest, lightest) = extremes(self.between(bars));
        if lightest - darkest < CONTRAST_MIN / 4.0 {
            return 0.0;
        }
        let (dark, _) = extremes(self.between(stretch));
        (dark - darkest) / (lightest - darkest)
    }

    /// What lies behind a place.
    pub(crate) fn ahead(&self, from: f32) -> Ahead<'_> {
        let from = self.index(from);
        let mut so_far = (f32::MAX, f32::MIN);
        let extremes = self.values[from..].iter().map(|value| {
            so_far = wider(so_far, *value);
            so_far
        });
        Ahead {
            line: self,
            from,
            extremes: extremes.collect(),
        }
    }

    fn index(&self, place: f32) -> usize {
        floor(place).min(self.values.len() - 1)
    }

    fn between(&self, (from, to): (f32, f32)) -> &[f32] {
        let (from, to) = (self.index(from), self.index(to));
        &self.values[from..=to.max(from)]
    }
}

/// What lies at a place between two values; beyond the ends, that of the end.
pub(crate) fn between(values: &[f32], place: f32) -> f32 {
    let first = floor(place);
    let Some(&[here, next]) = values.get(first..first + 2) else {
        return values.last().copied().unwrap_or_default();
    };
    here + (next - here) * within(place - real(first), 0.0, 1.0)
}

/// A line from a place on: the darkest and the lightest of it as far as any other.
pub(crate) struct Ahead<'a> {
    line: &'a Line,
    from: usize,
    extremes: Vec<(f32, f32)>,
}

impl Ahead<'_> {
    /// Whether a stretch in front of the place is lighter than some part, beside what lies between the place and another:
    /// as [`Line::lightness`] says, but known at the first dark value.
    pub(crate) fn is_light(&self, stretch: (f32, f32), until: f32, least: f32) -> bool {
        let last = self.line.index(until).saturating_sub(self.from);
        let Some((darkest, lightest)) = self.extremes.get(last) else {
            return false;
        };
        let contrast = lightest - darkest;
        let mut values = self.line.between(stretch).iter().rev();
        contrast >= CONTRAST_MIN / 4.0 && values.all(|value| value - darkest > least * contrast)
    }
}

/// Written out: browsers' own least and most are no single instruction where a value may be no number.
pub(crate) fn wider((low, high): (f32, f32), value: f32) -> (f32, f32) {
    (
        if value < low { value } else { low },
        if value > high { value } else { high },
    )
}

fn extremes(values: &[f32]) -> (f32, f32) {
    values
        .iter()
        .fold((f32::MAX, f32::MIN), |so_far, value| wider(so_far, *value))
}

impl Sums {
    /// Values with the holes filled from both sides.
    fn filled(&self, count: usize) -> Vec<f32> {
        let mut values = vec![0.0; count];
        let mut last: Option<usize> = None;
        for at in 0..count {
            let (light, weight) = (self.0[2 * at], self.0[2 * at + 1]);
            if weight <= 0.05 {
                continue;
            }
            let value = light / weight;
            values[at] = value;
            match last {
                None => values[..at].fill(value),
                Some(before) => {
                    let from = values[before];
                    #[expect(clippy::cast_precision_loss, reason = "a line has few steps")]
                    let width = (at - before) as f32;
                    for (place, hole) in values[before + 1..at].iter_mut().enumerate() {
                        #[expect(clippy::cast_precision_loss, reason = "a line has few steps")]
                        let part = (place + 1) as f32 / width;
                        *hole = from + (value - from) * part;
                    }
                }
            }
            last = Some(at);
        }
        if let Some(last) = last {
            let value = values[last];
            values[last..].fill(value);
        }
        values
    }
}

struct Walk<'a> {
    patch: &'a Patch,
    reach: f32,
    middle: f32,
    half: f32,
    step: f32,
}

impl Walk<'_> {
    /// The rows the strip crosses.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the picture"
    )]
    fn rows(&self, height: usize) -> core::ops::Range<usize> {
        let (along, centre) = (self.patch.along, self.patch.centre);
        let middle = centre.1 + self.middle * along.0;
        let reach = self.reach * along.1.abs() + self.half * along.0.abs();
        let first = (middle - reach).floor().max(0.0) as usize;
        let end = (middle + reach).ceil().max(0.0) as usize + 1;
        first.min(height)..end.min(height)
    }

    /// Adds a row's pixels where they lie along the patch.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "places in a picture"
    )]
    fn row(&self, frame: &Frame<'_>, y: usize, sums: &mut Sums) {
        let patch = self.patch;
        let (cos, sin) = patch.along;
        let down = y as f32 - patch.centre.1;
        let mut range = (f32::MIN, f32::MAX);
        let low = self.middle - self.half;
        let high = self.middle + self.half;
        clip(&mut range, -sin, down * cos, (low, high));
        clip(&mut range, cos, down * sin, (-self.reach, self.reach));
        let first = (patch.centre.0 + range.0).ceil().max(0.0);
        let last = (patch.centre.0 + range.1)
            .floor()
            .min(frame.width() as f32 - 1.0);
        if first > last {
            return;
        }
        let pixels = &frame.row(y)[first as usize..=last as usize];
        let end = (sums.0.len() / 2 - 1) as f32;
        let begin = first - patch.centre.0;
        let per_pixel = 1.0 / self.step;
        for (pixels, before) in pixels.chunks(TOGETHER).zip(0_u16..) {
            let begin = begin + f32::from(before) * TOGETHER as f32;
            let mut places = [0.0; TOGETHER];
            for (x, place) in places.iter_mut().enumerate() {
                let right = begin + x as f32;
                let u = right * cos + down * sin;
                let v = down * cos - right * sin - self.middle;
                let s = u + v * (patch.lean + patch.lean_change * u);
                *place = (s + self.reach) * per_pixel;
            }
            for (pixel, at) in pixels.iter().zip(places) {
                if !(0.0..end).contains(&at) {
                    continue;
                }
                let place = at as u32;
                let part = at - place as f32;
                let light = f32::from(*pixel);
                let (more, less) = (part, 1.0 - part);
                let from = 2 * place as usize;
                if let Some(sums) = sums.0.get_mut(from..from + 4) {
                    let adds = [light * less, less, light * more, more];
                    sums.iter_mut().zip(adds).for_each(|(sum, add)| *sum += add);
                }
            }
        }
    }
}

/// Narrows a range to where a linear function stays between two values.
fn clip(range: &mut (f32, f32), slope: f32, offset: f32, (low, high): (f32, f32)) {
    if slope.abs() < 1e-6 {
        if offset < low || offset > high {
            *range = (f32::MAX, f32::MIN);
        }
        return;
    }
    let (a, b) = ((low - offset) / slope, (high - offset) / slope);
    range.0 = range.0.max(a.min(b));
    range.1 = range.1.min(a.max(b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quiet_zone_is_known_at_once_as_it_is_by_looking_at_all_of_it(
            values in proptest::collection::vec(0_u8..=255, 3..60),
            (edge, wide, far) in (0.0_f32..60.0, 0.1_f32..9.0, 0.0_f32..60.0),
        ) {
            let values = values.into_iter().map(f32::from).collect();
            let line = Line { values, step: 1.0, margin: 0.0 };
            let stretch = (edge - 5.0 * wide, edge - wide);
            let at_length = line.lightness(stretch, (edge, edge + far)) > 0.5;
            prop_assert_eq!(line.ahead(edge).is_light(stretch, edge + far, 0.5), at_length);
        }
    }
}
