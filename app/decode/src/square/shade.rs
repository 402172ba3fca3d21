//! A picture in black and white.
//!
//! In: a grey picture. Out: which pixels are dark for their surroundings, and where light ends there. Must not: see
//! anything where the surroundings are of one shade.

use super::plane::{Point, floor};
use crate::frame::Frame;

/// Difference of brightness from which light and dark are two: at least, and at most, however much noise there is.
const CONTRAST: (usize, usize) = (22, 160);
/// Part of a picture's squares that hold nothing but noise, as a divisor.
const PLAIN: usize = 4;

/// How the surroundings are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surroundings {
    /// Halfway between the darkest and the lightest far around: right for clear print.
    Wide,
    /// The mean close by: parts narrow marks that a blur has made nearly one.
    Near,
}

/// A picture in black and white.
pub(crate) struct Shade {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// A byte per pixel: 1 is dark.
    dark: Vec<u8>,
    /// Where light begins, per square.
    borders: Vec<u8>,
    columns: usize,
    side: usize,
}

/// Darkest, lightest and mean of every square of a picture.
struct Squares {
    columns: usize,
    rows: usize,
    low: Vec<u8>,
    high: Vec<u8>,
    mean: Vec<u8>,
}

impl Shade {
    pub(crate) fn of(frame: &Frame<'_>, surroundings: Surroundings) -> Self {
        let (side, reach) = match surroundings {
            Surroundings::Wide => (8, 2),
            Surroundings::Near => (4, 1),
        };
        let squares = Squares::of(frame, side);
        let borders = squares.borders(surroundings, reach);
        let (width, height) = (frame.width(), frame.height());
        let mut dark = vec![0; width * height];
        let mut line = vec![0_u8; width];
        for (y, row) in dark.chunks_exact_mut(width).enumerate() {
            if y % side == 0 {
                let from = (y / side).min(squares.rows - 1) * squares.columns;
                let borders = &borders[from..from + squares.columns];
                for (part, border) in line.chunks_mut(side).zip(borders) {
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
            side,
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
        let column = (floor(x) / self.side).min(self.columns - 1);
        let row = floor(y) / self.side;
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
        let mut last = 0_u8;
        let mut x = 0_u16;
        for part in row.chunks(8) {
            let whole = <[u8; 8]>::try_from(part).map(u64::from_le_bytes).ok();
            if whole != Some(u64::from(last) * 0x0101_0101_0101_0101) {
                for (place, dark) in (x..).zip(part) {
                    if *dark != last {
                        changes.push(place);
                        last = *dark;
                    }
                }
            }
            x = x.saturating_add(8);
        }
        if last != 0 {
            changes.push(u16::try_from(row.len()).unwrap_or(u16::MAX));
        }
    }
}

impl Squares {
    fn of(frame: &Frame<'_>, side: usize) -> Self {
        let width = frame.width();
        let (columns, rows) = (width.div_ceil(side), frame.height() / side);
        let mut squares = Self {
            columns,
            rows,
            low: Vec::with_capacity(columns * rows),
            high: Vec::with_capacity(columns * rows),
            mean: Vec::with_capacity(columns * rows),
        };
        let mut low = vec![0; width];
        let mut high = vec![0; width];
        let mut sum = vec![0_u16; width];
        for row in 0..rows {
            low.fill(u8::MAX);
            high.fill(0);
            sum.fill(0);
            for y in row * side..(row + 1) * side {
                let lights = frame.row(y);
                for (low, light) in low.iter_mut().zip(lights) {
                    *low = (*low).min(*light);
                }
                for (high, light) in high.iter_mut().zip(lights) {
                    *high = (*high).max(*light);
                }
                for (sum, light) in sum.iter_mut().zip(lights) {
                    *sum += u16::from(*light);
                }
            }
            let least = low
                .chunks(side)
                .map(|part| part.iter().fold(u8::MAX, |a, b| a.min(*b)));
            squares.low.extend(least);
            let most = high
                .chunks(side)
                .map(|part| part.iter().fold(0, |a, b| a.max(*b)));
            squares.high.extend(most);
            let means = sum.chunks(side).map(|part| mean(part, side));
            squares.mean.extend(means);
        }
        squares
    }

    fn borders(&self, surroundings: Surroundings, reach: usize) -> Vec<u8> {
        let low = self.spread(&self.low, reach, u8::min);
        let high = self.spread(&self.high, reach, u8::max);
        let means = match surroundings {
            Surroundings::Wide => low.iter().zip(&high).map(|(a, b)| a.midpoint(*b)).collect(),
            Surroundings::Near => self.means(),
        };
        let contrast = self.contrast(surroundings);
        let ends = low.iter().zip(&high);
        means
            .into_iter()
            .zip(ends)
            .map(|(mean, (low, high))| {
                if usize::from(high.saturating_sub(*low)) < contrast {
                    0
                } else {
                    mean
                }
            })
            .collect()
    }

    /// The contrast that noise alone does not have: the plainest quarter of the squares says how much it has in one.
    fn contrast(&self, surroundings: Surroundings) -> usize {
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
        // In many squares together noise reaches farther than in one.
        let farther = match surroundings {
            Surroundings::Wide => 9,
            Surroundings::Near => 8,
        };
        (plain.unwrap_or_default() * farther / 5).clamp(CONTRAST.0, CONTRAST.1)
    }

    /// The extreme of the squares around each, first along and then across.
    fn spread(&self, values: &[u8], reach: usize, better: fn(u8, u8) -> u8) -> Vec<u8> {
        let mut along = values.to_vec();
        for (out, line) in along
            .chunks_exact_mut(self.columns)
            .zip(values.chunks_exact(self.columns))
        {
            for shift in 1..=reach.min(self.columns - 1) {
                for (out, value) in out.iter_mut().zip(&line[shift..]) {
                    *out = better(*out, *value);
                }
                for (out, value) in out[shift..].iter_mut().zip(line) {
                    *out = better(*out, *value);
                }
            }
        }
        let mut all = along.clone();
        for shift in 1..=reach.min(self.rows - 1) {
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

    /// The mean of each square and its eight neighbours.
    fn means(&self) -> Vec<u8> {
        let mut along = vec![0_u16; self.mean.len()];
        for (out, line) in along
            .chunks_exact_mut(self.columns)
            .zip(self.mean.chunks_exact(self.columns))
        {
            for (at, out) in out.iter_mut().enumerate() {
                let middle = u16::from(line[at]);
                let left = at.checked_sub(1).map_or(middle, |at| u16::from(line[at]));
                let right = line.get(at + 1).map_or(middle, |value| u16::from(*value));
                *out = left + middle + right;
            }
        }
        let value = |at: usize, instead: u16| along.get(at).copied().unwrap_or(instead);
        along
            .iter()
            .enumerate()
            .map(|(at, middle)| {
                let above = value(at.wrapping_sub(self.columns), *middle);
                let below = value(at + self.columns, *middle);
                u8::try_from((above + middle + below) / 9).unwrap_or(u8::MAX)
            })
            .collect()
    }
}

fn mean(columns: &[u16], side: usize) -> u8 {
    let sum: u32 = columns.iter().map(|sum| u32::from(*sum)).sum();
    let count = u32::try_from(columns.len() * side).unwrap_or(1).max(1);
    u8::try_from(sum / count).unwrap_or(u8::MAX)
}
