//! PDF417: driving licences.
//!
//! In: a picture. Out: the symbols in it. Must not: take long where there is none, or tell a text that error
//! correction did not confirm.
//!
//! Each row begins and ends with the same bars, so a symbol is what lies between two edges of such. Lines are laid from
//! edge to edge, many more than there are rows. Every codeword says by its pattern which of three neighbouring rows it
//! is of, and the first and last of a row say which row it is, so a line may pass from row to row.

use domain::code::Symbology;
use domain::code::sight::Sighting;

use crate::frame::{Frame, whole};
use crate::order;
use find::Place;
use grid::{Reading, Rows, Shape};
use row::{Scanner, Segment};

/// Pixels between two lines, and lines laid through a symbol at most.
const LINE_EVERY: f32 = 1.5;
const LINES: core::ops::RangeInclusive<usize> = 12..=260;
/// How far lines go beyond the edges' ends, in pixels.
const BEYOND: f32 = 4.0;
/// Where in its row a line is laid when the first ones were not enough, in rows.
const IN_ROW: [f32; 3] = [-0.22, 0.0, 0.22];
/// How wide these lines are, as a part of a row.
const WIDE: f32 = 0.16;
/// Attempts at error correction with ever more codewords given up.
const ATTEMPTS: usize = 4;

/// Adds what is there.
pub(crate) fn read(frame: &Frame<'_>, found: &mut Vec<Sighting>) {
    let mut scanner = Scanner::default();
    for place in find::places(frame) {
        let sighting = symbol(frame, &place, &mut scanner);
        let is_new = |sighting: &Sighting| found.iter().all(|known| known.text != sighting.text);
        let sighting = sighting.filter(is_new);
        found.extend(sighting);
    }
}

fn symbol(frame: &Frame<'_>, place: &Place, scanner: &mut Scanner) -> Option<Sighting> {
    let mut readings = Vec::new();
    // What is blurred is looked at again, sharpened.
    for is_sharpened in [false, true] {
        scanner.is_sharpening = is_sharpened;
        through(frame, place, scanner, &mut readings);
        for is_last in [false, true] {
            let Some((rows, shape)) = grid::layout(&readings) else {
                break;
            };
            if let Some(text) = text(&readings, &rows, shape) {
                return Some(Sighting {
                    text,
                    symbology: Symbology::Pdf417,
                    corners: corners(place, &rows, shape),
                });
            }
            if !is_last {
                again(frame, place, scanner, (&rows, shape), &mut readings);
            }
        }
    }
    None
}

/// Lays lines from edge to edge, one under the other.
fn through(frame: &Frame<'_>, place: &Place, scanner: &mut Scanner, readings: &mut Vec<Reading>) {
    let height = |edge: &find::Edge| edge.span.1 - edge.span.0;
    let height = height(&place.start).max(height(&place.stop));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a picture's height"
    )]
    let lines = ((height / LINE_EVERY) as usize).clamp(*LINES.start(), *LINES.end());
    let beyond = BEYOND / height.max(1.0);
    for line in 0..=lines {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred lines")]
        let part = line as f32 / lines as f32 * (1.0 + 2.0 * beyond) - beyond;
        scan(frame, place, scanner, (part, part, 0.0), readings);
    }
}

/// Lays a line between two parts of the edges.
fn scan(
    frame: &Frame<'_>,
    place: &Place,
    scanner: &mut Scanner,
    (from, to, wide): (f32, f32, f32),
    readings: &mut Vec<Reading>,
) {
    let segment = Segment::between(place, from, to);
    scanner.look(frame, segment, wide);
    let seen = scanner.seen.iter();
    readings.extend(seen.map(|seen| Reading {
        from,
        to,
        seen: *seen,
    }));
}

impl Segment {
    fn between(place: &Place, from: f32, to: f32) -> Self {
        let (from, to) = (place.start.part(from), place.stop.part(to));
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        // Modules were measured across the picture.
        let lean = x.abs() / x.hypot(y).max(1.0);
        Self {
            from,
            to,
            modules: (place.start.module * lean, place.stop.module * lean),
        }
    }
}

/// Lays lines through the middles of all rows, now that it is known where they are.
fn again(
    frame: &Frame<'_>,
    place: &Place,
    scanner: &mut Scanner,
    (rows, shape): (&Rows, Shape),
    readings: &mut Vec<Reading>,
) {
    #[expect(clippy::cast_precision_loss, reason = "at most 90")]
    for row in (0..shape.rows).map(|row| row as f32) {
        let edges = (rows.parts(row - 0.5).0, rows.parts(row + 0.5).0);
        let (above, below) = (place.start.part(edges.0), place.start.part(edges.1));
        let wide = WIDE * (below.0 - above.0).hypot(below.1 - above.1);
        for within in IN_ROW {
            let (from, to) = rows.parts(row + within);
            scan(frame, place, scanner, (from, to, wide.min(4.0)), readings);
        }
    }
}

/// The text, if error correction can do with what was seen.
fn text(readings: &[Reading], rows: &Rows, shape: Shape) -> Option<String> {
    let words = grid::words(readings, rows, shape);
    // The least sure first.
    let mut order: Vec<usize> = (0..words.len()).collect();
    order::sort(&mut order, |at| words[*at].1);
    let unknown = words.iter().filter(|word| word.1 <= 0.0).count();
    let free = shape.checks.saturating_sub(unknown);
    (0..ATTEMPTS).find_map(|attempt| {
        let given_up = order.get(..unknown + free * attempt / ATTEMPTS)?;
        let mut values: Vec<u16> = words.iter().map(|word| word.0).collect();
        correct::correct(&mut values, shape.checks, given_up)?;
        let data = values.get(..values.len() - shape.checks)?;
        let (count, data) = data.split_first()?;
        let is_whole = usize::from(*count) == data.len() + 1;
        is_whole.then(|| text::text(data))?
    })
}

fn corners(place: &Place, rows: &Rows, shape: Shape) -> [(i32, i32); 4] {
    #[expect(clippy::cast_precision_loss, reason = "at most 90")]
    let (above, below) = (rows.parts(-0.5), rows.parts(shape.rows as f32 - 0.5));
    let (start, stop) = (&place.start, &place.stop);
    [
        start.part(above.0),
        stop.part(above.1),
        stop.part(below.1),
        start.part(below.0),
    ]
    .map(whole)
}

/// Where symbols begin and end.
mod find;
/// One line through a symbol.
mod row;
/// The patterns of codewords.
mod patterns;
/// Which codeword stands where.
mod grid;
/// Error correction.
mod correct;
/// From codewords to text.
mod text;
