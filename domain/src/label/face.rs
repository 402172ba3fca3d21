//! The label's typeface: how wide letters are, and their shapes in dots.
//!
//! In: the two files of `public/fonts/label-*.ttf`: Atkinson Hyperlegible Next (OFL 1.1) at weights 500 and 700, as static
//! outlines without hints. Out: widths and dots, the same ones wherever this runs, by whole numbers. Must not: leave a letter
//! out. One the typeface lacks becomes a box with its number in it, as printers' and browsers' last resorts do, so that
//! nothing is lost and whoever reads it can look it up.

use ttf_parser::head::IndexToLocationFormat;
use ttf_parser::{GlyphId, Tag};

use super::{Bitmap, Weight};

/// Parts of a dot that outlines are computed in.
const PARTS: i64 = 64;
/// Lines across a row of dots along which a shape is measured.
const CUTS: [i64; 4] = [8, 24, 40, 56];
/// What a dot wholly inside a shape measures.
const WHOLE: i64 = PARTS * 4;
/// From this share on, in hundredths, a dot is black. A little under one half: thermal heads print thin strokes thinner.
const BLACK_FROM: i64 = 45;
/// Straight pieces in place of a curve.
const PIECES: i64 = 6;
/// Columns and rows of dots of a digit in the box of a letter that the typeface lacks.
const DIGIT: (u32, u32) = (3, 5);
/// Side of that box, in dots of the smallest size.
const BOX: u32 = 15;
/// Size of letters up to which that box has its smallest size.
const BOX_GROWS_BY: u32 = 18;

/// The digits of such a box, a row of three dots in each octal digit, the upper row first.
const DIGITS: [u32; 16] = [
    0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71122, 0o75757, 0o75717,
    0o25755, 0o65656, 0o34443, 0o65556, 0o74647, 0o74644,
];

/// Why a typeface cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATypeface;

/// Both weights of the typeface.
pub struct Face<'a> {
    text: ttf_parser::Face<'a>,
    strong: ttf_parser::Face<'a>,
}

impl core::fmt::Debug for Face<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Face")
    }
}

impl<'a> Face<'a> {
    /// Reads both weights.
    ///
    /// # Errors
    /// When the bytes are no typeface.
    pub fn parse(text: &'a [u8], strong: &'a [u8]) -> Result<Self, NotATypeface> {
        let face = |bytes| ttf_parser::Face::parse(bytes, 0).map_err(|_| NotATypeface);
        Ok(Self {
            text: face(text)?,
            strong: face(strong)?,
        })
    }

    fn of(&self, weight: Weight) -> &ttf_parser::Face<'a> {
        match weight {
            Weight::Text => &self.text,
            Weight::Strong => &self.strong,
        }
    }

    /// Whether the typeface has a letter. Blanks that are no plain blank, and marks nobody sees, it has not.
    #[must_use]
    pub fn has(&self, letter: char) -> bool {
        glyph(&self.text, letter).is_some() && glyph(&self.strong, letter).is_some()
    }

    /// Width of a letter in parts of a dot.
    fn advance(&self, letter: char, size: u32, weight: Weight) -> i64 {
        let face = self.of(weight);
        match glyph(face, letter) {
            Some(glyph) => {
                let units = i64::from(face.glyph_hor_advance(glyph).unwrap_or(0));
                units * i64::from(size) * PARTS / i64::from(face.units_per_em())
            }
            None => i64::from((BOX + 1) * scale(size)) * PARTS,
        }
    }

    /// Dots a text takes across.
    #[must_use]
    pub fn width(&self, text: &str, size: u32, weight: Weight) -> u32 {
        let parts: i64 = text
            .chars()
            .map(|letter| self.advance(letter, size, weight))
            .sum();
        // One more: what is rounded at both ends may touch one more dot.
        u32::try_from(parts / PARTS + 1).unwrap_or(u32::MAX)
    }

    /// Draws a text from `x` on, on a base line.
    pub fn draw(
        &self,
        onto: &mut Bitmap,
        (x, baseline): (u32, u32),
        size: u32,
        weight: Weight,
        text: &str,
    ) {
        let face = self.of(weight);
        let mut pen = i64::from(x) * PARTS;
        for letter in text.chars() {
            match glyph(face, letter) {
                Some(glyph) => {
                    let mut shape = Shape::new(size, face.units_per_em(), pen, baseline);
                    // A blank has no outline.
                    for points in outline(face, glyph).unwrap_or_default() {
                        shape.follow(&points);
                    }
                    shape.fill(onto);
                }
                None => boxed(onto, (pen / PARTS, i64::from(baseline)), size, letter),
            }
            pen += self.advance(letter, size, weight);
        }
    }
}

fn glyph(face: &ttf_parser::Face<'_>, letter: char) -> Option<GlyphId> {
    face.glyph_index(letter).filter(|glyph| glyph.0 != 0)
}

/// How many times its smallest size the box of a missing letter has.
fn scale(size: u32) -> u32 {
    (size / BOX_GROWS_BY).max(1)
}

/// A letter the typeface lacks: its number in six digits, in a box.
fn boxed(onto: &mut Bitmap, (x, baseline): (i64, i64), size: u32, letter: char) {
    let scale = scale(size);
    let side = BOX * scale;
    let top = baseline - i64::from(side);
    let mut bar = |left: u32, upper: u32, width: u32, height: u32| {
        for row in 0..height {
            let y = top + i64::from(upper + row);
            onto.span(x + i64::from(left), y, width);
        }
    };
    bar(0, 0, side, scale);
    bar(0, side - scale, side, scale);
    bar(0, 0, scale, side);
    bar(side - scale, 0, scale, side);
    let number = u32::from(letter);
    for place in 0..6_u32 {
        let digit = number >> (20 - 4 * place) & 0xF;
        let rows = usize::try_from(digit).ok().and_then(|at| DIGITS.get(at));
        let rows = rows.copied().unwrap_or(0);
        let left = 2 + place % 3 * (DIGIT.0 + 1);
        let upper = 2 + place / 3 * (DIGIT.1 + 1);
        for row in 0..DIGIT.1 {
            for column in 0..DIGIT.0 {
                let bit = (DIGIT.1 - 1 - row) * 3 + (DIGIT.0 - 1 - column);
                if rows >> bit & 1 == 1 {
                    let at = ((left + column) * scale, (upper + row) * scale);
                    bar(at.0, at.1, scale, scale);
                }
            }
        }
    }
}

/// A point of an outline, in halves of its units.
#[derive(Clone, Copy)]
struct Point {
    x: i64,
    y: i64,
    is_on: bool,
}

/// Bytes of a table, from the front.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }

    /// How each point goes on from the one before it, across or down.
    fn ways(&mut self, flags: &[u8], short: u8, same: u8) -> Option<Vec<i64>> {
        let mut at = 0;
        let mut all = Vec::with_capacity(flags.len());
        for flag in flags {
            at += match (flag & short != 0, flag & same != 0) {
                (true, true) => i64::from(self.byte()?),
                (true, false) => -i64::from(self.byte()?),
                (false, true) => 0,
                (false, false) => i64::from(self.number()?),
            };
            all.push(at * 2);
        }
        Some(all)
    }
}

/// Where a letter begins in the table of outlines, which is where the one before it ends.
fn place(face: &ttf_parser::Face<'_>, glyph: usize) -> Option<usize> {
    let places = face.raw_face().table(Tag::from_bytes(b"loca"))?;
    match face.tables().head.index_to_location_format {
        IndexToLocationFormat::Short => {
            let bytes = places.get(glyph * 2..glyph * 2 + 2)?;
            Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)) * 2)
        }
        IndexToLocationFormat::Long => {
            let bytes = places.get(glyph * 4..glyph * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
        }
    }
}

/// The closed lines of a letter, by the whole numbers its table has; `None` for a blank. The files have no letters put together from
/// others. Source: the OpenType specification, `glyf`, simple glyphs.
fn outline(face: &ttf_parser::Face<'_>, glyph: GlyphId) -> Option<Vec<Vec<Point>>> {
    let table = face.raw_face().table(Tag::from_bytes(b"glyf"))?;
    let from = place(face, usize::from(glyph.0))?;
    let to = place(face, usize::from(glyph.0) + 1)?;
    let mut bytes = Bytes(table.get(from..to)?);
    let lines = usize::try_from(bytes.number()?).ok()?;
    bytes.skip(8)?;
    let mut ends = Vec::with_capacity(lines);
    for _ in 0..lines {
        ends.push(usize::try_from(bytes.number()?).ok()? + 1);
    }
    let hints = usize::try_from(bytes.number()?).ok()?;
    bytes.skip(hints)?;
    let count = ends.last().copied()?;
    let mut flags = Vec::with_capacity(count);
    while flags.len() < count {
        let flag = bytes.byte()?;
        let times = if flag & 8 == 0 { 0 } else { bytes.byte()? };
        flags.extend(core::iter::repeat_n(flag, usize::from(times) + 1));
    }
    let across = bytes.ways(&flags, 2, 16)?;
    let down = bytes.ways(&flags, 4, 32)?;
    let places = across.into_iter().zip(down).zip(&flags);
    let points: Vec<Point> = places
        .map(|((x, y), flag)| Point {
            x,
            y,
            is_on: flag & 1 == 1,
        })
        .collect();
    let mut begin = 0;
    let line = |end: usize| {
        points
            .get(core::mem::replace(&mut begin, end)..end)
            .map(<[Point]>::to_vec)
    };
    ends.into_iter().map(line).collect()
}

/// One straight side of a shape, in parts of a dot, from its upper to its lower end.
struct Side {
    upper: (i64, i64),
    lower: (i64, i64),
    turns: i32,
}

/// A letter's outline on its way to dots.
struct Shape {
    size: i64,
    units: i64,
    origin: (i64, i64),
    at: (i64, i64),
    sides: Vec<Side>,
}

impl Shape {
    fn new(size: u32, units: u16, pen: i64, baseline: u32) -> Self {
        let origin = (pen, i64::from(baseline) * PARTS);
        Self {
            size: i64::from(size),
            units: i64::from(units).max(1),
            origin,
            at: origin,
            sides: Vec::new(),
        }
    }

    /// A place of the outline, given in halves of its units, in parts of a dot.
    fn point(&self, (x, y): (i64, i64)) -> (i64, i64) {
        let scaled = |halves: i64| halves * self.size * PARTS / (2 * self.units);
        (self.origin.0 + scaled(x), self.origin.1 - scaled(y))
    }

    /// Follows one closed line: straight from point to point, and curved past those that are not on it. Between two such in a row lies
    /// one that is, in the middle.
    fn follow(&mut self, points: &[Point]) {
        let middle = |one: Point, other: Point| Point {
            x: (one.x + other.x) / 2,
            y: (one.y + other.y) / 2,
            is_on: true,
        };
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return;
        };
        let begin = match (first.is_on, last.is_on) {
            (true, _) => *first,
            (false, true) => *last,
            (false, false) => middle(*first, *last),
        };
        self.at = self.point((begin.x, begin.y));
        let mut past: Option<Point> = None;
        for point in points.iter().chain([&begin]) {
            let to = match (past, point.is_on) {
                (None, false) => {
                    past = Some(*point);
                    continue;
                }
                (Some(over), false) => middle(over, *point),
                (_, true) => *point,
            };
            match past {
                None => self.side_to(self.point((to.x, to.y))),
                Some(over) => self.curve_to((over.x, over.y), (to.x, to.y)),
            }
            past = (!point.is_on).then_some(*point);
        }
    }

    fn curve_to(&mut self, over: (i64, i64), to: (i64, i64)) {
        let (from, over, to) = (self.at, self.point(over), self.point(to));
        for piece in 1..=PIECES {
            let (done, left) = (piece, PIECES - piece);
            let mix = |from: i64, over: i64, to: i64| {
                (left * left * from + 2 * left * done * over + done * done * to) / (PIECES * PIECES)
            };
            self.side_to((mix(from.0, over.0, to.0), mix(from.1, over.1, to.1)));
        }
    }

    fn side_to(&mut self, to: (i64, i64)) {
        let from = std::mem::replace(&mut self.at, to);
        let (upper, lower, turns) = if from.1 < to.1 {
            (from, to, 1)
        } else {
            (to, from, -1)
        };
        if upper.1 < lower.1 {
            self.sides.push(Side {
                upper,
                lower,
                turns,
            });
        }
    }

    /// Blackens every dot that lies in the shape for the most part.
    fn fill(&self, onto: &mut Bitmap) {
        let ends = |side: &Side| [side.upper.0, side.lower.0];
        let across = self.sides.iter().flat_map(ends);
        let (Some(left), Some(right)) = (across.clone().min(), across.max()) else {
            return;
        };
        let top = self
            .sides
            .iter()
            .map(|side| side.upper.1)
            .min()
            .unwrap_or(0);
        let bottom = self
            .sides
            .iter()
            .map(|side| side.lower.1)
            .max()
            .unwrap_or(0);
        let (left, right) = (left.div_euclid(PARTS), right.div_euclid(PARTS));
        let columns = usize::try_from(right - left + 1).unwrap_or(0);
        for row in top.div_euclid(PARTS)..=bottom.div_euclid(PARTS) {
            let mut covered = vec![0_i64; columns];
            for cut in CUTS {
                self.cut(row * PARTS + cut, left * PARTS, &mut covered);
            }
            for (column, covered) in (left..).zip(&covered) {
                if covered * 100 >= WHOLE * BLACK_FROM {
                    onto.span(column, row, 1);
                }
            }
        }
    }

    /// Adds what lies in the shape along one line across.
    fn cut(&self, y: i64, left: i64, covered: &mut [i64]) {
        let crossed = self
            .sides
            .iter()
            .filter(|side| side.upper.1 <= y && y < side.lower.1);
        let mut crossings: Vec<(i64, i32)> = crossed
            .map(|side| {
                let (down, over) = (side.lower.1 - side.upper.1, side.lower.0 - side.upper.0);
                (side.upper.0 + over * (y - side.upper.1) / down, side.turns)
            })
            .collect();
        crossings.sort_unstable();
        let mut turns = 0;
        for (index, (x, turn)) in crossings.iter().enumerate() {
            turns += turn;
            let Some((next, _)) = crossings.get(index + 1).filter(|_| turns != 0) else {
                continue;
            };
            let (mut from, to) = (x - left, next - left);
            while from < to {
                let column = from / PARTS;
                let end = to.min((column + 1) * PARTS);
                let at = usize::try_from(column).ok();
                if let Some(sum) = at.and_then(|at| covered.get_mut(at)) {
                    *sum += end - from;
                }
                from = end;
            }
        }
    }
}
