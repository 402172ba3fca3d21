//! How characters look when they are blurred.
//!
//! In: a blur. Out: each character's brightness along its eleven modules, in a form two of which are compared by one
//! product. Must not: be made anew for each picture.

use std::sync::OnceLock;

use super::{PATTERNS, STOP};
use crate::line::Line;

/// Samples per module.
pub(super) const PER_MODULE: usize = 4;
/// Samples of a character.
pub(super) const CHARACTER: usize = 11 * PER_MODULE;
/// Samples of the stop character.
pub(super) const STOPPING: usize = 13 * PER_MODULE;
/// Blurs that are kept: the standard deviation, in modules.
const BLURS: [f32; 6] = [0.22, 0.38, 0.54, 0.70, 0.88, 1.08];
/// Steps in which a module is blurred.
const FINE: usize = 8;

/// Parts of a step of a line.
const PARTS_BITS: u32 = 16;
const PARTS: f32 = 65_536.0;

/// A shape without its brightness and contrast: mean 0, length 1.
pub(super) type Shape<const N: usize> = [f32; N];

/// Every character at one blur.
pub(super) struct Looks {
    /// By value, the three starts behind the others.
    pub(super) characters: Vec<Shape<CHARACTER>>,
    /// The stop character.
    pub(super) stop: Shape<STOPPING>,
}

/// The looks of each blur.
pub(super) fn looks() -> &'static [Looks] {
    static LOOKS: OnceLock<Vec<Looks>> = OnceLock::new();
    LOOKS.get_or_init(|| BLURS.iter().map(|blur| Looks::of(*blur)).collect())
}

/// The blur nearest to one, in modules.
pub(super) fn nearest(blur: f32) -> usize {
    let distance = |at: &usize| (BLURS[*at] - blur).abs();
    let nearest = (0..BLURS.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.unwrap_or_default()
}

impl Looks {
    fn of(blur: f32) -> Self {
        let spread = Spread::of(blur);
        let character = |widths: &[u8; 6]| shape(&spread, widths, &[-1.0, -1.0]);
        Self {
            characters: PATTERNS.iter().map(character).collect(),
            stop: shape(&spread, &STOP, &[1.0; 4]),
        }
    }
}

/// A character between the space before it and what follows.
fn shape<const N: usize>(spread: &Spread, widths: &[u8], after: &[f32]) -> Shape<N> {
    let mut modules = vec![1.0; 4];
    let mut shade = -1.0;
    for width in widths {
        modules.extend(std::iter::repeat_n(shade, usize::from(*width)));
        shade = -shade;
    }
    modules.extend_from_slice(after);
    modules.resize(modules.len() + 4, after.last().copied().unwrap_or(1.0));
    let mut samples = [0.0; N];
    for (at, sample) in samples.iter_mut().enumerate() {
        *sample = spread.at(&modules, 4, at);
    }
    normalise(&mut samples);
    samples
}

/// How much of its neighbours a sample sees.
struct Spread {
    /// By the sample's place in its module and the distance of the other module, from four before to four behind.
    parts: [[f32; 9]; PER_MODULE],
}

impl Spread {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn of(blur: f32) -> Self {
        let mut parts = [[0.0; 9]; PER_MODULE];
        for (place, row) in parts.iter_mut().enumerate() {
            let x = (place as f32 + 0.5) / PER_MODULE as f32;
            for (far, part) in row.iter_mut().enumerate() {
                let near = (0..FINE).map(|fine| {
                    let y = far as f32 - 4.0 + (fine as f32 + 0.5) / FINE as f32;
                    (-0.5 * ((x - y) / blur).powi(2)).exp()
                });
                *part = near.sum();
            }
            let all: f32 = row.iter().sum();
            row.iter_mut().for_each(|part| *part /= all);
        }
        Self { parts }
    }

    fn at(&self, modules: &[f32], first: usize, sample: usize) -> f32 {
        let begin = first + sample / PER_MODULE - 4;
        let parts = &self.parts[sample % PER_MODULE];
        let seen = parts.iter().zip(&modules[begin..]);
        seen.map(|(part, shade)| part * shade).sum()
    }
}

/// Takes brightness and contrast out. Returns the contrast.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn normalise<const N: usize>(samples: &mut Shape<N>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let mean = sum(samples, |sample| sample) / N as f32;
    samples.iter_mut().for_each(|sample| *sample -= mean);
    let length = sum(samples, |sample| sample * sample).sqrt();
    let scale = if length > 1e-6 { 1.0 / length } else { 0.0 };
    samples.iter_mut().for_each(|sample| *sample *= scale);
    length
}

/// How alike two shapes are: 1 the same, 0 nothing in common.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn likeness<const N: usize>(a: &Shape<N>, b: &Shape<N>) -> f32 {
    let mut sums = [0.0; 4];
    for (a, b) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
}

/// A sum as four side by side, so that the compiler can keep them in one register.
#[inline(always)]
fn sum<const N: usize>(samples: &Shape<N>, of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0; 4];
    for four in samples.as_chunks::<4>().0 {
        for i in 0..4 {
            sums[i] += of(four[i]);
        }
    }
    sums.iter().sum()
}

/// Samples a line from a place on, at a module's width in steps. Returns the shape and its contrast.
pub(super) fn sample<const N: usize>(line: &Line, at: f32, module: f32) -> Option<(Shape<N>, f32)> {
    let mut samples = raw(line, at, module)?;
    let contrast = normalise(&mut samples);
    Some((samples, contrast))
}

/// How alike a line is to a shape, from a place on and at a module's width: the same as [`likeness`] with its sample, in
/// one go.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub(super) fn fit<const N: usize>(
    line: &Line,
    at: f32,
    module: f32,
    look: &Shape<N>,
) -> Option<f32> {
    let samples = raw::<N>(line, at, module)?;
    // A shape's mean is 0, so that of the samples does not matter for their product, and its length is 1.
    let product = likeness(&samples, look);
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let mean = sum(&samples, |sample| sample) / N as f32;
    let square = sum(&samples, |sample| (sample - mean) * (sample - mean));
    Some(if square > 1e-12 {
        product / square.sqrt()
    } else {
        0.0
    })
}

/// Brightness along a line from a place on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "places on a line, checked to lie on it"
)]
#[inline]
fn raw<const N: usize>(line: &Line, at: f32, module: f32) -> Option<[f32; N]> {
    let values = &line.values;
    let step = module / PER_MODULE as f32;
    let first = at + 0.5 * step;
    let last = first + step * (N - 1) as f32;
    if first < 0.0 || last + 1.0 >= values.len() as f32 {
        return None;
    }
    let values = values.get(first as usize..last as usize + 2)?;
    // Places in whole parts: they are summed and cut more quickly than broken numbers.
    let mut place = (first.fract() * PARTS) as u32;
    let step = (step * PARTS) as u32;
    let mut samples = [0.0; N];
    for sample in &mut samples {
        let [here, next] = *values
            .get((place >> PARTS_BITS) as usize..)?
            .first_chunk()?;
        let part = (place & (PARTS as u32 - 1)) as f32 / PARTS;
        *sample = here + (next - here) * part;
        place += step;
    }
    Some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_alike_in_one_go_as_its_sample_is() {
        let values = (0..400_u32)
            .map(|at| f32::from(u8::try_from(at * at * 7 % 211).unwrap_or_default()))
            .collect();
        let line = Line {
            values,
            step: 1.0,
            margin: 0.0,
        };
        for (look, place) in looks()[1].characters.iter().zip(0_u16..) {
            let (at, module) = (f32::from(place) * 1.7, 5.0 + f32::from(place % 7) / 3.0);
            let (shape, _) = sample::<CHARACTER>(&line, at, module).expect("on the line");
            let alike = fit(&line, at, module, look).expect("on the line");
            assert!((alike - likeness(&shape, look)).abs() < 1e-4, "{place}");
        }
        let look = &looks()[0].stop;
        assert!(fit(&line, 380.0, 5.0, look).is_none() && fit(&line, -1.0, 5.0, look).is_none());
    }
}
