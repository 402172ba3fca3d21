//! Which codeword stands where.
//!
//! In: codewords seen on many lines through a symbol. Out: how many rows and columns it has, and the codeword of each
//! place, as most lines say. Must not: hide what is doubtful; error correction does better when it knows.

use super::find::straight;
use super::row::Seen;

/// Rows, columns and codewords a symbol may have.
const ROWS: core::ops::RangeInclusive<usize> = 3..=90;
const COLUMNS: core::ops::RangeInclusive<usize> = 1..=30;
const WORDS_MAX: usize = 928;
/// Levels of error correction.
const LEVEL_MAX: usize = 8;
/// How far a codeword may be from the middle of its row, in rows.
const OFF_MAX: f32 = 1.25;
/// How far the row that is told may be from a line through all that are told.
const INLIER: f32 = 0.8;
/// Lines that must tell of rows, and pairs of them that are tried.
const TOLD_MIN: usize = 4;
const TRIED: usize = 24;
/// Rows from end to end: fewer or more are a mistake.
const SLOPE: core::ops::Range<f32> = 1.5..120.0;
/// How much stronger a codeword must be than the next one in its place.
const STRONGER: f32 = 1.5;
/// Codewords told of one place.
const CHOICES: usize = 4;

/// A codeword on a line between two points, each told as a part of its edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) seen: Seen,
}

/// How large a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Check codewords among all.
    pub(super) checks: usize,
}

impl Shape {
    fn of(thirds: usize, levels: usize, columns: usize) -> Option<Self> {
        let (rows, columns) = (3 * thirds + levels % 3 + 1, columns + 1);
        let (level, words) = (levels / 3, rows * columns);
        let checks = 2 << level.min(LEVEL_MAX);
        let is_possible = ROWS.contains(&rows)
            && COLUMNS.contains(&columns)
            && level <= LEVEL_MAX
            && words <= WORDS_MAX
            && checks < words;
        is_possible.then_some(Self {
            rows,
            columns,
            checks,
        })
    }
}

/// Which row is where: on both edges, the row at its upper end and the rows to its lower end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    start: (f32, f32),
    stop: (f32, f32),
}

impl Rows {
    /// The parts of both edges where a row is; its middle is a whole number.
    pub(super) fn parts(&self, row: f32) -> (f32, f32) {
        let part = |(first, slope): (f32, f32)| (row - first) / slope;
        (part(self.start), part(self.stop))
    }

    /// The row at some part between the two edges.
    fn at(&self, reading: &Reading, part: f32) -> f32 {
        let start = self.start.0 + self.start.1 * reading.from;
        let stop = self.stop.0 + self.stop.1 * reading.to;
        start + (stop - start) * part
    }
}

/// What the codewords beside the data tell.
pub(super) fn layout(readings: &[Reading]) -> Option<(Rows, Shape)> {
    let told = |is_from_end: bool| -> Vec<(f32, f32, &Reading)> {
        let beside = readings
            .iter()
            .filter(|reading| reading.seen.place == 0 && reading.seen.is_from_end == is_from_end);
        let told = beside.map(|reading| {
            let word = reading.seen.word;
            let row = 3 * (word.value / 30) + u16::from(word.cluster);
            let part = if is_from_end {
                reading.to
            } else {
                reading.from
            };
            (part, f32::from(row), reading)
        });
        told.collect()
    };
    let (starts, stops) = (told(false), told(true));
    let lines = (fit(&starts), fit(&stops));
    let (start, stop) = match lines {
        (Some(start), Some(stop)) => (start, stop),
        (Some(one), None) | (None, Some(one)) => (one, one),
        (None, None) => return None,
    };
    let mut tallies = [[0_u16; 30]; 3];
    for (told, line, first) in [(&starts, lines.0, 0), (&stops, lines.1, 2)] {
        let Some(line) = line else { continue };
        for (_, _, reading) in told.iter().filter(|told| is_near(told, line)) {
            let word = reading.seen.word;
            let kind = (usize::from(word.cluster) + first) % 3;
            tallies[kind][usize::from(word.value % 30)] += 1;
        }
    }
    let [thirds, levels, columns] = tallies.map(|tally| {
        let most = (0..30).max_by_key(|at| tally[*at]).unwrap_or_default();
        (tally[most] > 0).then_some(most)
    });
    let shape = Shape::of(thirds?, levels?, columns?)?;
    Some((Rows { start, stop }, shape))
}

fn is_near(told: &(f32, f32, &Reading), (first, slope): (f32, f32)) -> bool {
    (first + slope * told.0 - told.1).abs() < INLIER
}

/// The line on which most of the rows lie that are told.
fn fit(told: &[(f32, f32, &Reading)]) -> Option<(f32, f32)> {
    let stride = told.len().div_ceil(TRIED).max(1);
    let some = || told.iter().step_by(stride);
    let mut best = (0, (0.0, 0.0));
    for a in some() {
        for b in some().filter(|b| b.0 > a.0 + 0.05) {
            let slope = (b.1 - a.1) / (b.0 - a.0);
            let line = (a.1 - slope * a.0, slope);
            if !SLOPE.contains(&slope.abs()) {
                continue;
            }
            let count = told.iter().filter(|told| is_near(told, line)).count();
            if count > best.0 {
                best = (count, line);
            }
        }
    }
    let (count, line) = best;
    if count < TOLD_MIN || 3 * count < told.len() {
        return None;
    }
    let near = told.iter().filter(|told| is_near(told, line));
    let line = straight(near.map(|told| (told.0, told.1)))?;
    SLOPE.contains(&line.1.abs()).then_some(line)
}

/// What was seen in one place: codewords and how much speaks for them.
#[derive(Clone, Copy, Debug, Default)]
struct Cell([(u16, f32); CHOICES]);

impl Cell {
    fn add(&mut self, value: u16, weight: f32) {
        let known = |choice: &&mut (u16, f32)| choice.0 == value || choice.1 <= 0.0;
        if let Some(choice) = self.0.iter_mut().find(known) {
            *choice = (value, choice.1 + weight);
        }
    }

    /// The codeword most speaks for, and by how much more than for the next one; none when hardly more does.
    fn best(&self) -> (u16, f32) {
        let ((mut value, mut most), mut next) = ((0, 0.0), 0.0);
        for (other, weight) in self.0 {
            if weight > most {
                next = most;
                (value, most) = (other, weight);
            } else if weight > next {
                next = weight;
            }
        }
        if most > STRONGER * next {
            (value, most - next)
        } else {
            (value, 0.0)
        }
    }
}

/// Every place's codeword, row by row, and how sure it is: 0 not at all.
pub(super) fn words(readings: &[Reading], rows: &Rows, shape: Shape) -> Vec<(u16, f32)> {
    let mut cells = vec![Cell::default(); shape.rows * shape.columns];
    for reading in readings {
        let seen = reading.seen;
        // Those beside the data are at the places 0.
        let Some(place) = seen
            .place
            .checked_sub(1)
            .filter(|place| *place < shape.columns)
        else {
            continue;
        };
        let column = if seen.is_from_end {
            shape.columns - 1 - place
        } else {
            place
        };
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let part = (column as f32 + 2.5) / (shape.columns as f32 + 4.0);
        let at = rows.at(reading, part);
        let Some((row, off)) = row(at, seen.word.cluster, shape.rows) else {
            continue;
        };
        let weight = 0.3 + seen.clarity + 2.0 * (0.5 - off).max(0.0);
        cells[row * shape.columns + column].add(seen.word.value, weight);
    }
    cells.iter().map(Cell::best).collect()
}

/// The row of a cluster that is nearest, and how far that is.
fn row(at: f32, cluster: u8, rows: usize) -> Option<(usize, f32)> {
    let cluster = f32::from(cluster);
    let row = ((at - cluster) / 3.0).round() * 3.0 + cluster;
    let off = (row - at).abs();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be from 0 to 90"
    )]
    let whole = (0.0..=90.0).contains(&row).then_some(row as usize)?;
    (off < OFF_MAX && whole < rows).then_some((whole, off))
}
