//! A picture in black and white.
//!
//! In: a grey picture. Out: which pixels are dark for their surroundings, and where light ends there. Must not: see
//! anything where the surroundings are of one shade.

use super::plane::Point;
use crate::frame::Frame;
use crate::number::floor;

/// A square's side, in pixels.
const SIDE: usize = 8;
/// How many squares around each say what is dark there.
const REACH: usize = 2;
/// In so many squares together noise reaches farther than in one: by that many fifths.
const FARTHER: usize = 9;
/// Difference of brightness from which light and dark are two: at least, and at most, however much noise there is.
const CONTRAST: (usize, usize) = (22, 160);
/// Part of a picture's squares that hold nothing but noise, as a divisor.
const PLAIN: usize = 4;

/// By which part of that contrast something must be darker than the middle, where there is not much more of it.
const MARGIN: usize = 4;

/// A picture in black and white.
pub(crate) struct Shade {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// A byte per pixel: 1 is dark.
    dark: Vec<u8>,
    /// Where light begins, per square.
    borders: Vec<u8>,
    columns: usize,
}

/// Darkest and lightest of every square of a picture.
struct Squares {
    columns: usize,
    rows: usize,
    low: Vec<u8>,
    high: Vec<u8>,
}

impl Shade {
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn of(frame: &Frame<'_>) -> Self {
        let squares = Squares::of(frame);
        let borders = squares.borders();
        let (width, height) = (frame.width(), frame.height());
        let mut dark = vec![0; width * height];
        let mut line = vec![0_u8; width];
        for (y, row) in dark.chunks_exact_mut(width).enumerate() {
            if y % SIDE == 0 {
                let from = (y / SIDE).min(squares.rows - 1) * squares.columns;
                let borders = &borders[from..from + squares.columns];
                for (part, border) in line.chunks_mut(SIDE).zip(borders) {
                    part.fill(*border);
                }
            }
            for ((dark, light), border) in row.iter_mut().zip(frame.row(y)).zip(&line) {
                *dark = u8::from(light < border);
            }
        }
        Self {
            width,
            height,
            dark,
            borders,
            columns: squares.columns,
        }
    }

    /// A row's bytes.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let begin = y * self.width;
        self.dark.get(begin..begin + self.width).unwrap_or_default()
    }

    /// Whether a pixel is dark; none outside is.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width
            && self
                .dark
                .get(y * self.width + x)
                .is_some_and(|dark| *dark != 0)
    }

    /// Where light begins at a place.
    pub(crate) fn border(&self, (x, y): Point) -> f32 {
        let column = (floor(x) / SIDE).min(self.columns - 1);
        let row = floor(y) / SIDE;
        let last = self.borders.len().saturating_sub(1);
        let at = (row * self.columns + column).min(last);
        self.borders
            .get(at)
            .map_or(0.0, |border| f32::from(*border))
    }

    /// Where a row changes: first to dark, then to light, and so on.
    pub(crate) fn changes(&self, y: usize, changes: &mut Vec<u16>) {
        changes.clear();
        let row = self.row(y);
        let (mut last, mut x) = (0, 0_u16);
        let (words, rest) = row.as_chunks::<8>();
        let mut end = [0; 8];
        end[..rest.len()].copy_from_slice(rest);
        let mut look = |words: &[[u8; 8]]| {
            let same = last * 0x0101_0101_0101_0101;
            // Most of a picture is all light.
            if words.iter().all(|word| u64::from_le_bytes(*word) == same) {
                x = x.saturating_add(u16::try_from(8 * words.len()).unwrap_or(u16::MAX));
                return;
            }
            for word in words {
                let word = u64::from_le_bytes(*word);
                // A byte is 1 where it differs from the one before.
                let mut differs = word ^ (word << 8 | last);
                while differs != 0 {
                    let place = u16::try_from(differs.trailing_zeros() / 8).unwrap_or_default();
                    changes.push(x + place);
                    differs &= differs - 1;
                }
                last = word >> 56;
                x = x.saturating_add(8);
            }
        };
        words.chunks(4).for_each(&mut look);
        look(&[end]);
        if changes.len() % 2 == 1 {
            changes.push(u16::try_from(row.len()).unwrap_or(u16::MAX));
        }
    }
}

impl Squares {
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn of(frame: &Frame<'_>) -> Self {
        let width = frame.width();
        let (columns, rows) = (width.div_ceil(SIDE), frame.height() / SIDE);
        let mut squares = Self {
            columns,
            rows,
            low: Vec::with_capacity(columns * rows),
            high: Vec::with_capacity(columns * rows),
        };
        let mut low = vec![0; width];
        let mut high = vec![0; width];
        for row in 0..rows {
            low.fill(u8::MAX);
            high.fill(0);
            for y in row * SIDE..(row + 1) * SIDE {
                let lights = frame.row(y);
                for (low, light) in low.iter_mut().zip(lights) {
                    *low = (*low).min(*light);
                }
                for (high, light) in high.iter_mut().zip(lights) {
                    *high = (*high).max(*light);
                }
            }
            let least = low
                .chunks(SIDE)
                .map(|part| part.iter().fold(u8::MAX, |a, b| a.min(*b)));
            squares.low.extend(least);
            let most = high
                .chunks(SIDE)
                .map(|part| part.iter().fold(0, |a, b| a.max(*b)));
            squares.high.extend(most);
        }
        squares
    }

    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn borders(&self) -> Vec<u8> {
        let low = self.spread(&self.low, |a, b| a.min(b));
        let high = self.spread(&self.high, |a, b| a.max(b));
        let contrast = self.contrast();
        let margin = u8::try_from(contrast / MARGIN).unwrap_or(u8::MAX);
        low.iter()
            .zip(&high)
            .map(|(low, high)| {
                let middle = low.midpoint(*high);
                let here = usize::from(high.saturating_sub(*low));
                if here < contrast {
                    0
                } else if here < 2 * contrast {
                    // It may still be noise. Of that, little is much darker than the rest.
                    middle.saturating_sub(margin)
                } else {
                    middle
                }
            })
            .collect()
    }

    /// The contrast that noise alone does not have: the plainest quarter of the squares says how much it has in one.
    fn contrast(&self) -> usize {
        let mut counts = [0_usize; 256];
        for (low, high) in self.low.iter().zip(&self.high) {
            counts[usize::from(high.saturating_sub(*low))] += 1;
        }
        let mut left = self.low.len() / PLAIN;
        let plain = counts.iter().position(|count| {
            let is_here = *count > left;
            left = left.saturating_sub(*count);
            is_here
        });
        (plain.unwrap_or_default() * FARTHER / 5).clamp(CONTRAST.0, CONTRAST.1)
    }

    /// The extreme of the squares around each, first along and then across.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn spread(&self, values: &[u8], better: impl Fn(u8, u8) -> u8) -> Vec<u8> {
        let mut along = values.to_vec();
        for (out, line) in along
            .chunks_exact_mut(self.columns)
            .zip(values.chunks_exact(self.columns))
        {
            for shift in 1..=REACH.min(self.columns - 1) {
                for (out, value) in out.iter_mut().zip(&line[shift..]) {
                    *out = better(*out, *value);
                }
                for (out, value) in out[shift..].iter_mut().zip(line) {
                    *out = better(*out, *value);
                }
            }
        }
        let mut all = along.clone();
        for shift in 1..=REACH.min(self.rows - 1) {
            let by = shift * self.columns;
            for (out, value) in all.iter_mut().zip(&along[by..]) {
                *out = better(*out, *value);
            }
            for (out, value) in all[by..].iter_mut().zip(&along) {
                *out = better(*out, *value);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_changes_where_a_pixel_is_not_as_the_one_before() {
        for width in [32, 33, 39, 40, 47] {
            let light = |at: usize| {
                if at * at % 7 < 3 || at + 2 > width {
                    10
                } else {
                    220
                }
            };
            let luma: Vec<u8> = (0..width * 32).map(|at| light(at % width)).collect();
            let shade = Shade::of(&Frame::new(width, 32, &luma).expect("a picture"));
            let is_dark = |x: usize| x < width && light(x) < 100;
            let mut expected: Vec<usize> = (0..=width)
                .filter(|x| is_dark(*x) != (*x > 0 && is_dark(x - 1)))
                .collect();
            expected.dedup();
            let mut changes = Vec::new();
            shade.changes(3, &mut changes);
            let changes: Vec<usize> = changes.into_iter().map(usize::from).collect();
            assert_eq!(changes, expected, "width {width}");
        }
    }
}
