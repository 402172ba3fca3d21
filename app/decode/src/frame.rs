//! A grey picture.
//!
//! In: bytes of brightness. Out: rows. Must not: be made of fewer bytes than it says.

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

    /// A row's bytes.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        let begin = y * self.width;
        &self.luma[begin..begin + self.width]
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
