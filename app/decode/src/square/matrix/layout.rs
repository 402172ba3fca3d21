//! Where what stands in a Data Matrix code.
//!
//! In: a size. Out: which modules are of its frame, and in which order the others are read. Must not: know sizes that
//! the standard has not.
//!
//! Numbers are those of ISO/IEC 16022, ECC 200; its largest size, which is laid out in a way of its own, is left out.

use crate::square::grid::{Design, Modules, Must};

/// A size: rows and columns of modules, parts down and across, checks, blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    down: usize,
    across: usize,
    pub(crate) checks: usize,
    pub(crate) blocks: usize,
}

const SIZES: [[u8; 5]; 29] = [
    [10, 10, 1, 5, 1],
    [12, 12, 1, 7, 1],
    [14, 14, 1, 10, 1],
    [16, 16, 1, 12, 1],
    [18, 18, 1, 14, 1],
    [20, 20, 1, 18, 1],
    [22, 22, 1, 20, 1],
    [24, 24, 1, 24, 1],
    [26, 26, 1, 28, 1],
    [32, 32, 2, 36, 1],
    [36, 36, 2, 42, 1],
    [40, 40, 2, 48, 1],
    [44, 44, 2, 56, 1],
    [48, 48, 2, 68, 1],
    [52, 52, 2, 42, 2],
    [64, 64, 4, 56, 2],
    [72, 72, 4, 36, 4],
    [80, 80, 4, 48, 4],
    [88, 88, 4, 56, 4],
    [96, 96, 4, 68, 4],
    [104, 104, 4, 56, 6],
    [120, 120, 6, 68, 6],
    [132, 132, 6, 62, 8],
    [8, 18, 1, 7, 1],
    [8, 32, 2, 11, 1],
    [12, 26, 1, 14, 1],
    [12, 36, 2, 18, 1],
    [16, 36, 2, 24, 1],
    [16, 48, 2, 28, 1],
];

/// All sizes.
pub(crate) fn sizes() -> impl Iterator<Item = Size> {
    SIZES.iter().map(|size| {
        let [rows, columns, across, checks, blocks] = size.map(usize::from);
        Size {
            rows,
            columns,
            down: if rows == columns { across } else { 1 },
            across,
            checks,
            blocks,
        }
    })
}

impl Size {
    /// What is known of every module: each part has a solid side left and below, a broken one right and above.
    pub(crate) fn design(self) -> Design {
        let (height, width) = (self.rows / self.down, self.columns / self.across);
        Design::new(self.columns, self.rows, |column, row| {
            let is = |is_dark: bool| if is_dark { Must::Dark } else { Must::Light };
            let (x, y) = (column % width, row % height);
            if x == 0 || y + 1 == height {
                Must::Dark
            } else if y == 0 {
                is(x % 2 == 0)
            } else if x + 1 == width {
                is(y % 2 == 1)
            } else {
                Must::Either
            }
        })
    }

    /// The symbol's bytes in their order, each with how sure its least sure bit is.
    pub(crate) fn bytes(self, modules: &Modules) -> Vec<(u8, f32)> {
        let (height, width) = (self.rows / self.down, self.columns / self.across);
        let (down, across) = (height - 2, width - 2);
        let mut reading = Reading {
            rows: down * self.down,
            columns: across * self.across,
            taken: vec![false; down * self.down * across * self.across],
            dark: |row: usize, column: usize| {
                let row = row / down * height + row % down + 1;
                let column = column / across * width + column % across + 1;
                modules.dark(column, row)
            },
            bytes: Vec::new(),
        };
        reading.all();
        reading.bytes
    }
}

/// A walk over the modules between the frames, diagonally up and down.
struct Reading<F> {
    rows: usize,
    columns: usize,
    taken: Vec<bool>,
    dark: F,
    bytes: Vec<(u8, f32)>,
}

/// A byte's bits from its last one, down and right.
const BYTE: [(i16, i16); 8] = [
    (-2, -2),
    (-2, -1),
    (-1, -2),
    (-1, -1),
    (-1, 0),
    (0, -2),
    (0, -1),
    (0, 0),
];
/// Bits of bytes that lie in the corners: what is negative is counted from the end.
const CORNERS: [[(i16, i16); 8]; 4] = [
    [
        (-1, 0),
        (-1, 1),
        (-1, 2),
        (0, -2),
        (0, -1),
        (1, -1),
        (2, -1),
        (3, -1),
    ],
    [
        (-3, 0),
        (-2, 0),
        (-1, 0),
        (0, -4),
        (0, -3),
        (0, -2),
        (0, -1),
        (1, -1),
    ],
    [
        (-3, 0),
        (-2, 0),
        (-1, 0),
        (0, -2),
        (0, -1),
        (1, -1),
        (2, -1),
        (3, -1),
    ],
    [
        (-1, 0),
        (-1, -1),
        (0, -3),
        (0, -2),
        (0, -1),
        (1, -3),
        (1, -2),
        (1, -1),
    ],
];

impl<F: Fn(usize, usize) -> f32> Reading<F> {
    fn all(&mut self) {
        let (rows, columns) = (signed(self.rows), signed(self.columns));
        let (mut row, mut column) = (4, 0);
        while row < rows || column < columns {
            let corner = match (row - rows, column) {
                (0, 0) => Some(0),
                (-2, 0) if columns % 4 != 0 => Some(1),
                (-2, 0) if columns % 8 == 4 => Some(2),
                (4, 2) if columns % 8 == 0 => Some(3),
                _ => None,
            };
            if let Some(corner) = corner {
                self.byte(CORNERS[corner].map(|(down, right)| {
                    let from_end = |at: i16, all: i16| if at < 0 { at + all } else { at };
                    (from_end(down, rows), from_end(right, columns))
                }));
            }
            while row >= 0 && column < columns {
                self.at(row, column);
                row -= 2;
                column += 2;
            }
            row += 1;
            column += 3;
            while row < rows && column >= 0 {
                self.at(row, column);
                row += 2;
                column -= 2;
            }
            row += 3;
            column += 1;
        }
    }

    /// A byte whose last bit is at a place, when that is inside and was not read yet.
    fn at(&mut self, row: i16, column: i16) {
        let place = self.place(row, column);
        if place.is_some_and(|place| !self.taken[place]) {
            let (rows, columns) = (signed(self.rows), signed(self.columns));
            self.byte(BYTE.map(|(down, right)| {
                let (mut row, mut column) = (row + down, column + right);
                if row < 0 {
                    row += rows;
                    column += 4 - (rows + 4) % 8;
                }
                if column < 0 {
                    column += columns;
                    row += 4 - (columns + 4) % 8;
                }
                (row, column)
            }));
        }
    }

    fn byte(&mut self, places: [(i16, i16); 8]) {
        let (mut byte, mut sure) = (0_u8, f32::MAX);
        for (row, column) in places {
            let Some(place) = self.place(row, column) else {
                continue;
            };
            self.taken[place] = true;
            let dark = (self.dark)(place / self.columns, place % self.columns);
            byte = byte << 1 | u8::from(dark > 0.0);
            sure = sure.min(dark.abs());
        }
        self.bytes.push((byte, sure));
    }

    fn place(&self, row: i16, column: i16) -> Option<usize> {
        let (row, column) = (usize::try_from(row).ok()?, usize::try_from(column).ok()?);
        (row < self.rows && column < self.columns).then(|| row * self.columns + column)
    }
}

fn signed(count: usize) -> i16 {
    i16::try_from(count).unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::square::solomon::Field;

    #[test]
    fn every_size_has_whole_bytes_and_each_is_read_once() {
        for size in sizes() {
            let mut reading = Reading {
                rows: (size.rows / size.down - 2) * size.down,
                columns: (size.columns / size.across - 2) * size.across,
                taken: vec![false; 20_000],
                dark: |_, _| 1.0,
                bytes: Vec::new(),
            };
            reading.all();
            let modules = reading.rows * reading.columns;
            assert_eq!(reading.bytes.len(), modules / 8, "{size:?}");
            let taken = reading.taken.iter().filter(|taken| **taken).count();
            assert_eq!(taken, modules / 8 * 8, "{size:?}");
            assert!(size.checks * size.blocks < reading.bytes.len());
        }
    }

    #[test]
    fn the_frame_is_solid_on_two_sides_and_broken_on_two() {
        for size in sizes() {
            let design = size.design();
            let must = |column: usize, row: usize| design.must[row * size.columns + column];
            for row in 0..size.rows {
                assert_eq!(must(0, row), Must::Dark);
                let is_dark = row % 2 == 1;
                assert_eq!(
                    must(size.columns - 1, row) == Must::Dark,
                    is_dark,
                    "{size:?} {row}"
                );
            }
            for column in 0..size.columns {
                assert_eq!(must(column, size.rows - 1), Must::Dark);
                assert_eq!(must(column, 0) == Must::Dark, column % 2 == 0, "{size:?}");
            }
        }
    }

    #[test]
    fn blocks_fit_the_field() {
        let _ = Field::matrix();
        for size in sizes() {
            let modules = (size.rows - 2 * size.down) * (size.columns - 2 * size.across);
            assert!(modules / 8 / size.blocks < 255, "{size:?}");
        }
    }
}
