//! Dark shapes.
//!
//! In: a picture in black and white. Out: the outlines of the dark shapes that are large enough, stretched over their
//! dents. Must not: look into them.

use crate::number::real;
use crate::order;
use crate::square::plane::{Point, cross, minus};
use crate::square::shade::{Row, Shade};

/// Pieces of rows of one picture.
const RUNS_MAX: usize = 100_000;
/// Shapes of one picture that are looked into, the largest first.
const SHAPES_MAX: usize = 40;
/// Smallest side of a shape's frame, in pixels.
const SIDE_MIN: usize = 12;
/// Part of its frame that a shape fills at least.
const FILL_MIN: usize = 14;

/// A dark piece of a row.
#[derive(Clone, Copy)]
struct Run {
    from: u16,
    end: u16,
    row: u16,
    /// A run of the same shape, itself when it stands for all.
    one: u32,
}

/// The frame around a shape.
#[derive(Clone, Copy)]
struct Around {
    left: u16,
    right: u16,
    top: u16,
    bottom: u16,
    area: usize,
    one: u32,
}

/// The outlines of a picture's dark shapes, each clockwise.
pub(crate) fn outlines(shade: &Shade<'_>) -> Vec<Vec<Point>> {
    let mut runs = runs(shade);
    let shapes = shapes(&mut runs);
    // Leftmost and rightmost, per shape and row.
    let mut ends: Vec<Vec<(u16, u16)>> = shapes
        .iter()
        .map(|shape| vec![(u16::MAX, 0); usize::from(shape.bottom - shape.top) + 1])
        .collect();
    let ones = shapes.iter().map(|shape| u64::from(shape.one));
    let places = order::sorted(ones.zip(0..).map(|(one, at)| one << 32 | at).collect());
    for run in &runs {
        let one = u64::from(run.one);
        let Ok(place) = places.binary_search_by_key(&one, |key| key >> 32) else {
            continue;
        };
        let shape = order::place(places[place]);
        let row = usize::from(run.row - shapes[shape].top);
        if let Some(ends) = ends[shape].get_mut(row) {
            *ends = (ends.0.min(run.from), ends.1.max(run.end));
        }
    }
    shapes
        .iter()
        .zip(&ends)
        .map(|(shape, ends)| stretched(shape.top, ends))
        .collect()
}

fn runs(shade: &Shade<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(RUNS_MAX / 4);
    let mut line = Row::default();
    let mut above = 0..0;
    for (row, y) in (0..shade.height()).zip(0_u16..) {
        shade.changes(row, &mut line);
        let changes = &line.changes;
        let begin = runs.len();
        if begin + changes.len() > RUNS_MAX {
            break;
        }
        let mut first = above.start;
        for ends in changes.chunks_exact(2) {
            let at = runs.len();
            let (from, end) = (ends[0], ends[1]);
            let one = u32::try_from(at).unwrap_or_default();
            runs.push(Run {
                from,
                end,
                row: y,
                one,
            });
            while first < above.end && runs[first].end < from {
                first += 1;
            }
            let mut other = first;
            while other < above.end && runs[other].from <= end {
                join(&mut runs, other, at);
                other += 1;
            }
        }
        above = begin..runs.len();
    }
    runs
}

/// Of one shape from now on.
fn join(runs: &mut [Run], a: usize, b: usize) {
    let (a, b) = (root(runs, a), root(runs, b));
    let (low, high) = (a.min(b), a.max(b));
    runs[high].one = u32::try_from(low).unwrap_or_default();
}

/// The run that stands for its shape; on the way there the way becomes shorter.
fn root(runs: &mut [Run], mut at: usize) -> usize {
    loop {
        let up = runs[at].one as usize;
        if up == at {
            return at;
        }
        runs[at].one = runs[up].one;
        at = up;
    }
}

/// The shapes that are large and full enough. Every run of a shape then names the same one.
fn shapes(runs: &mut [Run]) -> Vec<Around> {
    let mut all: Vec<Around> = Vec::new();
    let mut numbers: Vec<u32> = vec![0; runs.len()];
    for at in 0..runs.len() {
        let run = runs[at];
        // A run's elder is nearer the beginning, and already names its shape's first.
        let one = runs[run.one as usize].one;
        runs[at].one = one;
        let first = one as usize;
        if first == at {
            numbers[at] = u32::try_from(all.len()).unwrap_or_default();
            all.push(Around {
                left: run.from,
                right: run.end,
                top: run.row,
                bottom: run.row,
                area: 0,
                one,
            });
        }
        let around = &mut all[numbers[first] as usize];
        around.left = around.left.min(run.from);
        around.right = around.right.max(run.end);
        around.bottom = run.row;
        around.area += usize::from(run.end - run.from);
    }
    all.retain(|around| {
        let (width, height) = (
            usize::from(around.right - around.left),
            usize::from(around.bottom - around.top) + 1,
        );
        width >= SIDE_MIN && height >= SIDE_MIN && around.area * FILL_MIN > width * height
    });
    order::sort(&mut all, |around| -real(around.area));
    all.truncate(SHAPES_MAX);
    all
}

/// A band around all rows of a shape.
fn stretched(top: u16, ends: &[(u16, u16)]) -> Vec<Point> {
    let mut left: Vec<Point> = Vec::new();
    let mut right: Vec<Point> = Vec::new();
    let bend = |line: &[Point], next: Point| match line {
        [.., a, b] => cross(minus(*b, *a), minus(next, *a)),
        _ => 0.0,
    };
    for (row, (from, end)) in ends.iter().enumerate() {
        if from >= end {
            continue;
        }
        for edge in [0.0, 1.0] {
            let y = f32::from(top) + real(row) + edge;
            let (a, b) = ((f32::from(*from), y), (f32::from(*end), y));
            while left.len() > 1 && bend(&left, a) >= 0.0 {
                left.pop();
            }
            left.push(a);
            while right.len() > 1 && bend(&right, b) <= 0.0 {
                right.pop();
            }
            right.push(b);
        }
    }
    right.extend(left.iter().rev());
    right
}
