//! A grey picture.
//!
//! In: bytes of brightness. Out: rows. Must not: be made of fewer bytes than it says.

use crate::number::{floor, real, within};

/// Smallest side that is looked at, in pixels.
const SIDE_MIN: usize = 32;
/// Largest side, in pixels. No camera of a tablet delivers more.
const SIDE_MAX: usize = 8_192;

/// A grey picture: a byte of brightness per pixel, row by row, 0 is black.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    width: usize,
    height: usize,
    luma: &'a [u8],
}

impl<'a> Frame<'a> {
    /// A picture; `None` when the sides are unusable or do not fit the bytes.
    #[must_use]
    pub fn new(width: usize, height: usize, luma: &'a [u8]) -> Option<Self> {
        let sides = SIDE_MIN..=SIDE_MAX;
        let is_usable = sides.contains(&width) && sides.contains(&height);
        (is_usable && width * height == luma.len()).then_some(Self {
            width,
            height,
            luma,
        })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// All bytes.
    pub(crate) fn luma(&self) -> &'a [u8] {
        self.luma
    }

    /// How light it is between pixels; outside as on its rim. A pixel's middle lies half a pixel behind its number.
    pub(crate) fn light(&self, (x, y): (f32, f32)) -> f32 {
        let x = within(x - 0.5, 0.0, real(self.width) - 1.001);
        let y = within(y - 0.5, 0.0, real(self.height) - 1.001);
        let (column, row) = (floor(x), floor(y));
        let (right, down) = (x - real(column), y - real(row));
        let at = row * self.width + column;
        let below = at + self.width;
        let (Some([a, b]), Some([c, d])) =
            (self.luma.get(at..at + 2), self.luma.get(below..below + 2))
        else {
            return 0.0;
        };
        let [a, b, c, d] = [a, b, c, d].map(|light| f32::from(*light));
        let above = a + (b - a) * right;
        let below = c + (d - c) * right;
        above + (below - above) * down
    }

    /// A row's bytes.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        let begin = y * self.width;
        &self.luma[begin..begin + self.width]
    }
}

/// Weights of red, green and blue in brightness, in 256 parts, as eyes weigh the colours.
const RED: u32 = 77;
const GREEN: u32 = 150;
const BLUE: u32 = 29;

/// The brightness of pixels of red, green, blue and opacity, or of blue, green, red and opacity.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub fn brightness(pixels: &[u8], is_blue_first: bool, luma: &mut Vec<u8>) {
    let (pixels, _) = pixels.as_chunks::<4>();
    luma.resize(pixels.len(), 0);
    let (first, third) = if is_blue_first {
        (BLUE, RED)
    } else {
        (RED, BLUE)
    };
    // The two outer colours are weighed by one product, whose upper half is the sum of both. Its lower half is no sum, so
    // that nothing of it is carried over.
    let outer = first << 16 | third;
    for (luma, pixel) in luma.iter_mut().zip(pixels) {
        let pixel = u32::from_le_bytes(*pixel);
        let sum = (pixel & 0x00ff_00ff)
            .wrapping_mul(outer)
            .wrapping_add((pixel & 0xff00) * (GREEN << 8));
        // The upper half holds the three in 256 parts; together they are no more than a byte holds.
        *luma = sum.to_le_bytes()[3];
    }
}

/// Spreads brightness that a camera keeps between 16 and 235 over all that a byte holds.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub fn widen(luma: &mut [u8]) {
    for light in luma {
        let above = u16::from(light.saturating_sub(16).min(219));
        // 255 of 219 parts, in 256 parts and as near as they come.
        *light = ((above * 149 + 64) >> 7).to_le_bytes()[0];
    }
}

/// A corner in whole pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a place in a picture; what lies outside any picture is cut to the largest"
)]
pub(crate) fn whole((x, y): (f32, f32)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_bright_as_eyes_see_them() {
        let pixels = [
            [0, 0, 0, 255],
            [255, 255, 255, 255],
            [255, 0, 0, 255],
            [0, 255, 0, 255],
            [0, 0, 255, 0],
            [10, 20, 30, 255],
        ];
        let mut luma = vec![7; 100];
        brightness(pixels.as_flattened(), false, &mut luma);
        assert_eq!(luma, [0, 255, 76, 149, 28, 18]);
        let turned = pixels.map(|[red, green, blue, opacity]| [blue, green, red, opacity]);
        brightness(turned.as_flattened(), true, &mut luma);
        assert_eq!(luma, [0, 255, 76, 149, 28, 18]);
    }

    #[test]
    fn what_a_camera_keeps_narrow_becomes_as_wide_as_a_byte() {
        let mut luma: Vec<u8> = (0..=255).collect();
        widen(&mut luma);
        assert_eq!((luma[0], luma[16], luma[235], luma[255]), (0, 0, 255, 255));
        assert!(luma.is_sorted());
        for (narrow, wide) in (16_u32..=235).zip(&luma[16..]) {
            let exact = (narrow - 16) * 255 / 219;
            assert!(exact.abs_diff(u32::from(*wide)) <= 1, "{narrow}");
        }
    }
}
