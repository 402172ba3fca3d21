//! A label in dots, black or white.
//!
//! In: spans of dots. Out: rows of bits, and the outlines of what is black. Must not: hide that something was drawn beyond
//! the edge.

use core::fmt::Write as _;

/// A picture of one bit a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    row: usize,
    bits: Vec<u8>,
    beyond: u64,
}

impl Bitmap {
    /// A white one.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let row = usize::try_from(width.div_ceil(8)).unwrap_or(0);
        let rows = usize::try_from(height).unwrap_or(0);
        Self {
            width,
            height,
            row,
            bits: vec![0; row * rows],
            beyond: 0,
        }
    }

    /// Dots across.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Dots down.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Rows of bits, a byte for eight dots, the leftmost dot in its highest bit, black as 1.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.bits.chunks(self.row.max(1))
    }

    /// How many dots were to be black beyond the edge. Zero on every label: what is set is measured first.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// Whether a dot is black.
    #[must_use]
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return false;
        };
        let byte = self.bits.get(y * self.row + x / 8).copied().unwrap_or(0);
        byte >> (7 - x % 8) & 1 == 1
    }

    /// Blackens dots of one row.
    pub fn span(&mut self, x: i64, y: i64, width: u32) {
        for x in x..x + i64::from(width) {
            let (Ok(column), Ok(row)) = (u32::try_from(x), u32::try_from(y)) else {
                self.beyond += 1;
                continue;
            };
            if column >= self.width || row >= self.height {
                self.beyond += 1;
                continue;
            }
            let (Ok(column), Ok(row)) = (usize::try_from(column), usize::try_from(row)) else {
                continue;
            };
            if let Some(byte) = self.bits.get_mut(row * self.row + column / 8) {
                *byte |= 0x80 >> (column % 8);
            }
        }
    }

    /// Blackens a field.
    pub fn block(&mut self, x: u32, y: u32, width: u32, height: u32) {
        for row in y..y.saturating_add(height) {
            self.span(i64::from(x), i64::from(row), width);
        }
    }

    /// What is black, as a path of a vector drawing in which one unit is one dot.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.height {
            let mut x = 0;
            while x < self.width {
                if !self.is_black(x, y) {
                    x += 1;
                    continue;
                }
                let begun = x;
                while x < self.width && self.is_black(x, y) {
                    x += 1;
                }
                let length = x - begun;
                // Writing into a string cannot fail.
                let _written = write!(path, "M{begun} {y}h{length}v1h-{length}z");
            }
        }
        path
    }
}
