//! Where what stands in a QR code.
//!
//! In: a version. Out: which modules are of its frame, and in which order the others are read. Must not: believe a
//! format that is farther from a true one than it could have been damaged.
//!
//! Numbers are those of ISO/IEC 18004.

use crate::order;
use crate::square::grid::{Design, Modules, Must};

/// The largest version.
pub(crate) const VERSION_MAX: usize = 40;
/// Bits of a format or a version that may be wrong.
const WRONG_MAX: u32 = 3;
/// Formats are printed with these bits turned.
const FORMAT_MASK: u32 = 0x5412;
/// Checks per block, by level (L, M, Q, H) and version.
const CHECKS: [&[u8; VERSION_MAX]; 4] = [
    b"\x07\x0a\x0f\x14\x1a\x12\x14\x18\x1e\x12\x14\x18\x1a\x1e\x16\x18\x1c\x1e\x1c\x1c\x1c\x1c\x1e\x1e\x1a\x1c\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e",
    b"\x0a\x10\x1a\x12\x18\x10\x12\x16\x16\x1a\x1e\x16\x16\x18\x18\x1c\x1c\x1a\x1a\x1a\x1a\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c",
    b"\x0d\x16\x12\x1a\x12\x18\x12\x16\x14\x18\x1c\x1a\x18\x14\x1e\x18\x1c\x1c\x1a\x1e\x1c\x1e\x1e\x1e\x1e\x1c\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e",
    b"\x11\x1c\x16\x10\x16\x1c\x1a\x1a\x18\x1c\x18\x1c\x16\x18\x18\x1e\x1c\x1c\x1a\x1c\x1e\x18\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e\x1e",
];
/// Blocks, likewise.
const BLOCKS: [[u8; VERSION_MAX]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13,
        14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
        25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29,
        34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35,
        37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

/// A level of repair, from the least (0) to the most (3), and how the data were masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) level: usize,
    mask: u32,
    /// The symbol is seen from behind.
    pub(crate) is_mirrored: bool,
}

/// A QR code's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(pub(crate) usize);

/// How the bytes of a symbol are spread over blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    pub(crate) count: usize,
    pub(crate) checks: usize,
    /// What a block's repair may cost at most: some checks of the smallest symbols only guard.
    pub(crate) most: usize,
}

impl Version {
    /// Modules on a side.
    pub(crate) fn side(self) -> usize {
        17 + 4 * self.0
    }

    pub(crate) fn blocks(self, level: usize) -> Option<Blocks> {
        let of = |table: &[u8; VERSION_MAX]| table.get(self.0.checked_sub(1)?).copied();
        let checks = usize::from(of(CHECKS.get(level)?)?);
        let guards = match (self.0, level) {
            (1, 0) => 3,
            (1, 1) | (2, 0) => 2,
            (1, _) | (3, 0) => 1,
            _ => 0,
        };
        Some(Blocks {
            count: usize::from(of(BLOCKS.get(level)?)?),
            checks,
            most: checks - guards,
        })
    }

    /// Middles of the small marks, on both axes.
    pub(crate) fn alignments(self) -> Vec<usize> {
        if self.0 < 2 {
            return Vec::new();
        }
        let between = self.0 / 7 + 1;
        let span = self.side() - 13;
        // Even steps, the odd one first; one version is an exception.
        let step = match self.0 {
            32 => 26,
            _ => span.div_ceil(2 * between) * 2,
        };
        let mut places = vec![6];
        places.extend((0..between).rev().map(|at| self.side() - 7 - at * step));
        places
    }

    /// Whether the middle of a small mark is near a module, and how far away, when it is part of it.
    fn alignment(self, alignments: &[usize], column: usize, row: usize) -> Option<usize> {
        let last = self.side() - 7;
        for x in alignments {
            for y in alignments {
                let is_corner =
                    matches!((*x, *y), (6, 6)) || (*x, *y) == (6, last) || (*x, *y) == (last, 6);
                let far = x.abs_diff(column).max(y.abs_diff(row));
                if far <= 2 && !is_corner {
                    return Some(far);
                }
            }
        }
        None
    }

    /// What is known of every module.
    pub(crate) fn design(self) -> Design {
        let side = self.side();
        let alignments = self.alignments();
        Design::new(side, side, |column, row| {
            let is = |is_dark: bool| if is_dark { Must::Dark } else { Must::Light };
            let from_end = |at: usize| side - 1 - at;
            let marks = [
                (column, row),
                (from_end(column), row),
                (column, from_end(row)),
            ];
            for (x, y) in marks {
                if x < 8 && y < 8 {
                    let far = x.abs_diff(3).max(y.abs_diff(3));
                    return is(far != 2 && far != 4);
                }
            }
            if let Some(far) = self.alignment(&alignments, column, row) {
                return is(far != 1);
            }
            match (column, row) {
                (6, at) | (at, 6) => is(at % 2 == 0),
                _ => Must::Either,
            }
        })
    }

    /// Whether a module holds no data.
    fn is_frame(self, design: &Design, column: usize, row: usize) -> bool {
        let side = self.side();
        let near = |at: usize| at < 9;
        let far = |at: usize| at + 8 >= side;
        let is_format =
            near(column) && near(row) || far(column) && near(row) || near(column) && far(row);
        let is_version =
            self.0 >= 7 && (column + 11 >= side && row < 6 || row + 11 >= side && column < 6);
        let must = design.must.get(row * side + column);
        is_format || is_version || must != Some(&Must::Either)
    }

    /// Formats the modules may say, the likeliest first.
    pub(crate) fn formats(self, modules: &Modules) -> Vec<Format> {
        let end = self.side() - 1;
        let mut found: Vec<(u32, Format)> = Vec::new();
        for is_mirrored in [false, true] {
            let copy = |places: &dyn Fn(usize) -> (usize, usize)| {
                (0..15).fold(0_u32, |bits, at| {
                    let (column, row) = places(at);
                    let (column, row) = if is_mirrored {
                        (row, column)
                    } else {
                        (column, row)
                    };
                    bits | u32::from(modules.is_dark(column, row)) << at
                })
            };
            let copies = [
                copy(&|at| match at {
                    0..6 => (8, at),
                    6..8 => (8, at + 1),
                    8 => (7, 8),
                    _ => (14 - at, 8),
                }),
                copy(&|at| {
                    if at < 8 {
                        (end - at, 8)
                    } else {
                        (8, end + at - 14)
                    }
                }),
            ];
            for data in 0..32 {
                let code = remainder(data, 10, 0x537) ^ FORMAT_MASK;
                let wrong = copies.map(|copy| (copy ^ code).count_ones());
                if wrong[0].min(wrong[1]) > WRONG_MAX {
                    continue;
                }
                let format = Format {
                    level: [1, 0, 3, 2][(data >> 3) as usize & 3],
                    mask: data & 7,
                    is_mirrored,
                };
                found.push((wrong[0] + wrong[1], format));
            }
        }
        order::by_rank(&mut found, |(wrong, _)| *wrong);
        found.into_iter().map(|(_, format)| format).collect()
    }

    /// Whether the modules say this version, where they say one.
    pub(crate) fn is_said(self, modules: &Modules) -> bool {
        if self.0 < 7 {
            return true;
        }
        let code = u32::try_from(self.0).map_or(0, |version| remainder(version, 12, 0x1f25));
        let from = self.side() - 11;
        let copy = |is_below: bool| {
            (0..18).fold(0_u32, |bits, at| {
                let (x, y) = (from + at % 3, at / 3);
                let (column, row) = if is_below { (y, x) } else { (x, y) };
                bits | u32::from(modules.is_dark(column, row)) << at
            })
        };
        [false, true]
            .into_iter()
            .any(|is_below| (copy(is_below) ^ code).count_ones() <= WRONG_MAX)
    }

    /// The symbol's bytes, unmasked, in the order in which they were laid, each with how sure its least sure bit is.
    pub(crate) fn bytes(
        self,
        design: &Design,
        modules: &Modules,
        format: Format,
    ) -> Vec<(u8, f32)> {
        let side = self.side();
        let mut bytes = Vec::with_capacity(side * side / 8);
        let (mut byte, mut sure, mut count) = (0_u8, f32::MAX, 0);
        let mut right = side - 1;
        loop {
            // The column of the timing pattern is left out.
            let pair = if right <= 6 { right - 1 } else { right };
            for step in 0..side {
                let is_up = (side - 1 - right).is_multiple_of(4);
                let row = if is_up { side - 1 - step } else { step };
                for column in [pair, pair - 1] {
                    if self.is_frame(design, column, row) {
                        continue;
                    }
                    let dark = if format.is_mirrored {
                        modules.dark(row, column)
                    } else {
                        modules.dark(column, row)
                    };
                    let bit = (dark > 0.0) != format.is_masked(column, row);
                    byte = byte << 1 | u8::from(bit);
                    sure = sure.min(dark.abs());
                    count += 1;
                    if count == 8 {
                        bytes.push((byte, sure));
                        (byte, sure, count) = (0, f32::MAX, 0);
                    }
                }
            }
            if right < 3 {
                return bytes;
            }
            right -= 2;
        }
    }
}

impl Format {
    fn is_masked(self, column: usize, row: usize) -> bool {
        let (x, y) = (column, row);
        match self.mask {
            0 => (x + y) % 2 == 0,
            1 => y % 2 == 0,
            2 => x % 3 == 0,
            3 => (x + y) % 3 == 0,
            4 => (x / 3 + y / 2) % 2 == 0,
            5 => x * y % 2 + x * y % 3 == 0,
            6 => (x * y % 2 + x * y % 3) % 2 == 0,
            _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
        }
    }
}

/// Bits with their checks behind them: what is left after division by a polynomial of that degree.
fn remainder(data: u32, degree: u32, polynomial: u32) -> u32 {
    let mut rest = data << degree;
    while rest >> degree != 0 {
        rest ^= polynomial << (rest.ilog2() - degree);
    }
    data << degree | rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_versions_carry_the_checks_of_the_standard() {
        assert_eq!(
            remainder(0b00101, 10, 0x537) ^ FORMAT_MASK,
            0b100_0000_1100_1110
        );
        assert_eq!(remainder(7, 12, 0x1f25), 0x07c94);
        assert_eq!(remainder(40, 12, 0x1f25), 0x28c69);
    }

    #[test]
    fn any_two_formats_differ_in_seven_bits_so_three_wrong_ones_are_no_doubt() {
        for a in 0..32 {
            for b in 0..a {
                let codes = [a, b].map(|data| remainder(data, 10, 0x537));
                assert!((codes[0] ^ codes[1]).count_ones() >= 7, "{a} {b}");
            }
        }
    }

    #[test]
    fn small_marks_stand_where_the_standard_has_them() {
        for (version, places) in [
            (1, vec![]),
            (2, vec![6, 18]),
            (7, vec![6, 22, 38]),
            (15, vec![6, 26, 48, 70]),
            (32, vec![6, 34, 60, 86, 112, 138]),
            (36, vec![6, 24, 50, 76, 102, 128, 154]),
            (40, vec![6, 30, 58, 86, 114, 142, 170]),
        ] {
            assert_eq!(Version(version).alignments(), places, "{version}");
        }
    }

    #[test]
    fn every_version_has_room_for_its_blocks() {
        for version in 1..=VERSION_MAX {
            let version = Version(version);
            let design = version.design();
            let side = version.side();
            let places =
                (0..side * side).filter(|at| !version.is_frame(&design, at % side, at / side));
            let bytes = places.count() / 8;
            for level in 0..4 {
                let blocks = version.blocks(level).unwrap();
                let data = bytes / blocks.count;
                assert!(data > blocks.checks && data < 154, "{version:?} {level}");
            }
        }
        assert!(Version(0).blocks(0).is_none() && Version(41).blocks(0).is_none());
    }
}
