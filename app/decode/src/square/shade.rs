//! A picture in black and white.
//!
//! In: a grey picture. Out: which pixels are dark for their surroundings, and where light ends there. Must not: see
//! anything where the surroundings are of one shade.

use super::plane::Point;
use crate::frame::Frame;
use crate::line::wider;
use crate::number::{floor, real};

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
/// Pixels that are looked at together.
const WORD: usize = 64;
/// By which part of that contrast something must be darker than the middle, where there is not much more of it.
const MARGIN: usize = 4;

/// A picture in black and white.
pub(crate) struct Shade<'a> {
    frame: &'a Frame<'a>,
    /// Where light begins, per square.
    borders: Vec<u8>,
    columns: usize,
    /// Corners in which all is light.
    known: &'a [[Point; 4]],
}

/// A row of it, made anew for each row in the same room.
#[derive(Default)]
pub(crate) struct Row {
    /// Where it changes: first to dark, then to light, and so on.
    pub(crate) changes: Vec<u16>,
    /// Where light begins, per pixel.
    border: Vec<u8>,
    /// A byte per pixel: 1 is dark.
    dark: Vec<u8>,
}

/// Darkest and lightest of every square of a picture.
struct Squares {
    columns: usize,
    rows: usize,
    low: Vec<u8>,
    high: Vec<u8>,
}

impl<'a> Shade<'a> {
    /// The picture in black and white. What was read already, inside the corners, holds no other code, and its bars look
    /// like the marks of square codes again and again: there all is light.
    pub(crate) fn of(frame: &'a Frame<'a>, known: &'a [[Point; 4]]) -> Self {
        let squares = Squares::of(frame);
        Self {
            frame,
            borders: squares.borders(),
            columns: squares.columns,
            known,
        }
    }

    pub(crate) fn height(&self) -> usize {
        self.frame.height()
    }

    /// Whether a pixel is dark; none outside is.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        let is_inside = x < self.frame.width() && y < self.frame.height();
        is_inside
            && self.borders_at(y).get(x / SIDE) > self.frame.row(y).get(x)
            && !self.known_at(y).any(|(from, to)| (from..to).contains(&x))
    }

    /// Where light begins at a place.
    pub(crate) fn border(&self, (x, y): Point) -> f32 {
        let column = (floor(x) / SIDE).min(self.columns - 1);
        let border = self.borders_at(floor(y)).get(column);
        border.map_or(0.0, |border| f32::from(*border))
    }

    /// Where light begins in the squares of a row. Those of the last hold for what is too low to be one.
    fn borders_at(&self, y: usize) -> &[u8] {
        let rows = self.borders.len() / self.columns;
        let from = (y / SIDE).min(rows - 1) * self.columns;
        &self.borders[from..from + self.columns]
    }

    /// Pixels of a row that were read already.
    fn known_at(&self, y: usize) -> impl Iterator<Item = (usize, usize)> {
        let at = move |corners: &[Point; 4]| across(*corners, real(y) + 0.5);
        let width = self.frame.width();
        let known = self.known.iter().map(at);
        known.map(move |(from, to)| (floor(from).min(width), floor(to).min(width)))
    }

    /// Where a row changes.
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    pub(crate) fn changes(&self, y: usize, row: &mut Row) {
        let lights = self.frame.row(y);
        row.border.resize(self.columns * SIDE, 0);
        let (parts, _) = row.border.as_chunks_mut::<SIDE>();
        for (part, border) in parts.iter_mut().zip(self.borders_at(y)) {
            // A call to fill so few bytes takes longer than to fill them.
            *part = (u64::from(*border) * 0x0101_0101_0101_0101).to_le_bytes();
        }
        // Behind the last pixel all is light.
        row.dark.clear();
        row.dark
            .resize((lights.len() + 1).next_multiple_of(WORD), 0);
        for ((dark, light), border) in row.dark.iter_mut().zip(lights).zip(&row.border) {
            *dark = u8::from(light < border);
        }
        for (from, to) in self.known_at(y) {
            row.dark.get_mut(from..to).unwrap_or_default().fill(0);
        }
        row.changes.clear();
        let (mut last, mut x) = (0, 0_u16);
        for word in row.dark.as_chunks::<WORD>().0 {
            let bits = gathered(word);
            // A bit is 1 where it differs from the one before.
            let mut differs = bits ^ (bits << 1 | last);
            last = bits >> (WORD - 1);
            while differs != 0 {
                let place = u16::try_from(differs.trailing_zeros()).unwrap_or_default();
                row.changes.push(x + place);
                differs &= differs - 1;
            }
            x = x.saturating_add(64);
        }
    }
}

/// Bytes that are 0 or 1 as bits, the first the lowest.
fn gathered(bytes: &[u8; WORD]) -> u64 {
    let mut bits = 0;
    for eight in bytes.as_chunks::<8>().0.iter().rev() {
        // Each byte's bit comes to its place among the highest eight, and none to another's.
        let eight = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits = bits << 8 | eight;
    }
    bits
}

/// Where a row enters four corners, and where it leaves them.
fn across(corners: [Point; 4], y: f32) -> (f32, f32) {
    let [a, b, c, d] = corners;
    let mut range = (f32::MAX, f32::MIN);
    for (one, other) in [(a, b), (b, c), (c, d), (d, a)] {
        let (low, high) = wider((one.1, one.1), other.1);
        if low <= y && y < high {
            let part = (y - one.1) / (other.1 - one.1);
            range = wider(range, one.0 + (other.0 - one.0) * part);
        }
    }
    range
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
            let frame = Frame::new(width, 32, &luma).expect("a picture");
            let is_dark = |x: usize| x < width && light(x) < 100;
            let expected = |is_dark: &dyn Fn(usize) -> bool| -> Vec<usize> {
                (0..=width)
                    .filter(|x| is_dark(*x) != (*x > 0 && is_dark(x - 1)))
                    .collect()
            };
            let mut row = Row::default();
            let shade = Shade::of(&frame, &[]);
            shade.changes(7, &mut row);
            let changes: Vec<usize> = row.changes.iter().copied().map(usize::from).collect();
            assert_eq!(changes, expected(&is_dark), "{width}");

            // What was read already is all light, in its own rows.
            let known = [[(4.0, 3.0), (20.0, 3.0), (20.0, 12.0), (4.0, 12.0)]];
            let shade = Shade::of(&frame, &known);
            let is_left = |x: usize| is_dark(x) && !(4..20).contains(&x);
            shade.changes(7, &mut row);
            let changes: Vec<usize> = row.changes.iter().copied().map(usize::from).collect();
            assert_eq!(changes, expected(&is_left), "{width}");
            assert!((0..width).all(|x| shade.is_dark(x, 7) == is_left(x)));
            assert!((0..width).all(|x| shade.is_dark(x, 15) == is_dark(x)));
            shade.changes(15, &mut row);
            let changes: Vec<usize> = row.changes.iter().copied().map(usize::from).collect();
            assert_eq!(changes, expected(&is_dark), "{width}");
        }
    }
}
