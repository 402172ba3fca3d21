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
pub(super) fn normalise<const N: usize>(samples: &mut Shape<N>) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let mean = samples.iter().sum::<f32>() / N as f32;
    samples.iter_mut().for_each(|sample| *sample -= mean);
    let length = samples
        .iter()
        .map(|sample| sample * sample)
        .sum::<f32>()
        .sqrt();
    let scale = if length > 1e-6 { 1.0 / length } else { 0.0 };
    samples.iter_mut().for_each(|sample| *sample *= scale);
    length
}

/// How alike two shapes are: 1 the same, 0 nothing in common.
pub(super) fn likeness<const N: usize>(a: &Shape<N>, b: &Shape<N>) -> f32 {
    // Four sums side by side, so that the compiler can keep them in one register.
    let mut sums = [0.0; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
}

/// Samples a line from a place on, at a module's width in steps. Returns the shape and its contrast.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "places on a line, checked to lie on it"
)]
pub(super) fn sample<const N: usize>(line: &Line, at: f32, module: f32) -> Option<(Shape<N>, f32)> {
    let values = &line.values;
    let step = module / PER_MODULE as f32;
    let first = at + 0.5 * step;
    let last = first + step * (N - 1) as f32;
    if first < 0.0 || last + 1.0 >= values.len() as f32 {
        return None;
    }
    let mut samples = [0.0; N];
    for (count, sample) in samples.iter_mut().enumerate() {
        let x = first + step * count as f32;
        let place = x as usize;
        let part = x - place as f32;
        *sample = values[place] + (values[place + 1] - values[place]) * part;
    }
    let contrast = normalise(&mut samples);
    Some((samples, contrast))
}
