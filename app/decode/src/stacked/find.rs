//! Where symbols begin and end.
//!
//! In: a picture. Out: pairs of lines, along a symbol's first bar and along its last one. Must not: ask which way up the
//! symbol is.

use crate::frame::Frame;
use crate::number::real;
use crate::order;
use crate::turns::Turns;

/// Widths of the pattern each row begins with, in modules.
const START: [u8; 8] = [8, 1, 1, 1, 1, 1, 1, 3];
/// Widths of the pattern each row ends with.
const STOP: [u8; 9] = [7, 1, 1, 3, 1, 1, 1, 2, 1];
/// How far an element may be from its width, in modules, and how far two of them together.
const OFF_MAX: (f32, f32) = (0.75, 0.65);
/// Rows of pixels looked at in one picture, about, and the fewest pixels between two.
const ROWS: usize = 180;
const STEP_MIN: usize = 3;
/// Smallest module, in pixels.
const MODULE_MIN: f32 = 1.0;
/// Marks from which they are an edge.
const MARKS_MIN: usize = 5;
/// Rows that may be missing between two marks.
const GAP_MAX: f32 = 10.0;
/// Pixels an edge may move across per pixel down.
const SLANT_MAX: f32 = 0.4;
/// Edges that are followed at once, and marks that are looked at, in one picture.
const EDGES_MAX: usize = 48;
const MARKS_MAX: usize = 4_000;
/// How much two edges' ends may differ, as a part of their height.
const UNEVEN_MAX: f32 = 0.2;
/// Modules of a row with one column of data, and with thirty, with a little room for perspective.
const LENGTH: core::ops::Range<f32> = 75.0..620.0;
/// Symbols that are looked into.
const SYMBOLS_MAX: usize = 4;

/// A place where a row begins or ends.
#[derive(Clone, Copy, Debug)]
struct Mark {
    x: f32,
    y: f32,
    /// A module's width there, across the picture.
    module: f32,
}

/// A line along a symbol's outer bar, from above to below.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    /// Where it is at no height, and how far it moves across per pixel down.
    line: (f32, f32),
    /// Its upper and its lower end.
    pub(super) span: (f32, f32),
    /// A module's width, across the picture.
    pub(super) module: f32,
    marks: usize,
}

impl Edge {
    /// The point at a height.
    pub(super) fn at(&self, y: f32) -> (f32, f32) {
        (self.line.0 + self.line.1 * y, y)
    }

    fn height(&self) -> f32 {
        self.span.1 - self.span.0
    }

    /// The point at a part of its length, from 0 above to 1 below.
    pub(super) fn part(&self, part: f32) -> (f32, f32) {
        self.at(self.span.0 + part * self.height())
    }
}

/// Where a symbol may be.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) start: Edge,
    pub(super) stop: Edge,
}

/// The most promising places first.
pub(super) fn places(frame: &Frame<'_>) -> Vec<Place> {
    // Starts and stops of what is read from left to right, then of what stands upside down.
    let mut edges: [Edges; 4] = Default::default();
    let step = (frame.height() / ROWS).max(STEP_MIN);
    let mut turns = Turns::default();
    let mut light = Vec::new();
    let mut marks = 0;
    for row in (step / 2..frame.height() - 1).step_by(step) {
        // Two rows are quieter than one.
        let pixels = frame.row(row).iter().zip(frame.row(row + 1));
        light.clear();
        light.extend(pixels.map(|(a, b)| 0.5 * (f32::from(*a) + f32::from(*b))));
        for sharpened in [None, Some(1)] {
            turns.find(&light, sharpened);
            let found = row_marks(&mut turns, light.len(), (row, step), &mut edges);
            marks += found;
            // Without a beginning and an end the row is looked at again, sharpened; unless there is next to nothing.
            if found > 1 || turns.places.len() < START.len() {
                break;
            }
        }
        if marks > MARKS_MAX {
            break;
        }
    }
    let [starts, stops, turned_starts, turned_stops] = edges.map(Edges::done);
    let mut found = pairs(&starts, &stops, 1.0);
    found.extend(pairs(&turned_starts, &turned_stops, -1.0));
    order::sort(&mut found, |place| {
        -real(place.start.marks + place.stop.marks)
    });
    found.truncate(SYMBOLS_MAX);
    found
}

/// Adds a row's marks. Returns how many there are.
fn row_marks(
    turns: &mut Turns,
    count: usize,
    (row, step): (usize, usize),
    edges: &mut [Edges; 4],
) -> usize {
    turns.mirror(count);
    #[expect(clippy::cast_precision_loss, reason = "places in a picture")]
    let (y, width, step) = (row as f32 + 1.0, count as f32, step as f32);
    let mut marks = 0;
    for (way, places) in [&turns.places, &turns.mirrored].into_iter().enumerate() {
        look(places, |is_stop, x, module| {
            let x = if way == 0 { x + 0.5 } else { width - x - 0.5 };
            edges[2 * way + usize::from(is_stop)].add(Mark { x, y, module }, step);
            marks += 1;
        });
    }
    marks
}

/// Tells of the outer ends of what looks like a start or a stop pattern, and of a module's width.
fn look(places: &[f32], mut tell: impl FnMut(bool, f32, f32)) {
    for at in (0..places.len()).step_by(2) {
        let bars = &places[at..];
        let Some(module) = likeness(bars, &START).filter(|module| *module >= MODULE_MIN) else {
            if let Some(module) = likeness(bars, &STOP).filter(|module| *module >= MODULE_MIN) {
                tell(true, bars[STOP.len()], module);
            }
            continue;
        };
        tell(false, bars[0], module);
    }
}

/// A module's width, if some bars and spaces are those of a pattern.
fn likeness(places: &[f32], pattern: &[u8]) -> Option<f32> {
    let end = places.get(pattern.len())?;
    let modules: u8 = pattern.iter().sum();
    let module = (end - places[0]) / f32::from(modules);
    let is_near = |from: usize, count: usize, off_max: f32| {
        let ideal: u8 = pattern[from..from + count].iter().sum();
        let width = (places[from + count] - places[from]) / module;
        (width - f32::from(ideal)).abs() < off_max
    };
    let singles = (0..pattern.len()).all(|from| is_near(from, 1, OFF_MAX.0));
    let is_like = singles && (0..pattern.len() - 1).all(|from| is_near(from, 2, OFF_MAX.1));
    is_like.then_some(module)
}

/// Marks, one under the other.
#[derive(Default)]
struct Edges(Vec<Vec<Mark>>);

impl Edges {
    fn add(&mut self, mark: Mark, step: f32) {
        let is_known = |last: &Mark| last.y >= mark.y && (last.x - mark.x).abs() < mark.module;
        if self.0.iter().filter_map(|marks| marks.last()).any(is_known) {
            return;
        }
        let distance = |marks: &Vec<Mark>| {
            let last = marks.last()?;
            let (down, across) = (mark.y - last.y, (mark.x - last.x).abs());
            let is_near = down > 0.0
                && down <= GAP_MAX * step
                && across <= SLANT_MAX * down + 0.5 * mark.module
                && (0.75..1.34).contains(&(mark.module / last.module));
            is_near.then_some(down + across)
        };
        let near = self
            .0
            .iter_mut()
            .filter_map(|marks| Some((distance(marks)?, marks)));
        match near.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((_, marks)) => marks.push(mark),
            None => {
                // What ended long ago and was short makes room.
                if self.0.len() >= EDGES_MAX {
                    self.0.retain(|marks| {
                        let is_open = marks
                            .last()
                            .is_some_and(|last| mark.y - last.y <= GAP_MAX * step);
                        is_open || marks.len() >= MARKS_MIN
                    });
                }
                if self.0.len() < EDGES_MAX {
                    self.0.push(vec![mark]);
                }
            }
        }
    }

    fn done(self) -> Vec<Edge> {
        self.0.iter().filter_map(|marks| edge(marks)).collect()
    }
}

/// The line through marks.
fn edge(marks: &[Mark]) -> Option<Edge> {
    let mut used: Vec<Mark> = marks.to_vec();
    let mut line = (0.0, 0.0);
    for off_max in [1.0, 0.5, 0.0] {
        if used.len() < MARKS_MIN {
            return None;
        }
        line = straight(used.iter().map(|mark| (mark.y, mark.x)))?;
        // The last line is of what was kept the second time.
        if off_max > 0.0 {
            used.retain(|mark| {
                let off = (line.0 + line.1 * mark.y - mark.x).abs();
                off < off_max * mark.module
            });
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let count = used.len() as f32;
    Some(Edge {
        line,
        span: (marks.first()?.y, marks.last()?.y),
        module: used.iter().map(|mark| mark.module).sum::<f32>() / count,
        marks: used.len(),
    })
}

/// The straight line that is nearest to some points: its value at 0 and its slope.
pub(super) fn straight(points: impl Iterator<Item = (f32, f32)> + Clone) -> Option<(f32, f32)> {
    let (count, x, y) = points.clone().fold((0.0, 0.0, 0.0), |sum, point| {
        (sum.0 + 1.0, sum.1 + point.0, sum.2 + point.1)
    });
    let middle = (x / f32::max(count, 1.0), y / f32::max(count, 1.0));
    let (square, product) = points.fold((0.0, 0.0), |sum, point| {
        let (x, y) = (point.0 - middle.0, point.1 - middle.1);
        (sum.0 + x * x, sum.1 + x * y)
    });
    let slope: f32 = product / square;
    (square > 1e-3).then_some((middle.1 - slope * middle.0, slope))
}

/// Starts and stops that may be of one symbol.
fn pairs(starts: &[Edge], stops: &[Edge], way: f32) -> Vec<Place> {
    let all = starts.iter().flat_map(|start| {
        let stops = stops.iter();
        stops.filter_map(move |stop| pair(start, stop, way))
    });
    all.collect()
}

fn pair(start: &Edge, stop: &Edge, way: f32) -> Option<Place> {
    let (from, to) = (start.part(0.5), stop.part(0.5));
    let across = way * (to.0 - from.0);
    let module = f32::midpoint(start.module, stop.module);
    // Rows are about upright on their ends.
    let down = -f32::midpoint(start.line.1, stop.line.1) * way * across;
    let height = start.height().max(stop.height());
    let is_pair = LENGTH.contains(&(across / module))
        && (0.6..1.67).contains(&(start.module / stop.module))
        && (start.line.1 - stop.line.1).abs() < 0.4
        && (to.1 - from.1 - down).abs() < 0.6 * height + 0.1 * across;
    if !is_pair {
        return None;
    }
    let (mut start, mut stop) = (start.clone(), stop.clone());
    let off = (stop.span.0 - down - start.span.0).abs() + (stop.span.1 - down - start.span.1).abs();
    // As long as they differ little, their ends are better known than their slants. Otherwise a thumb is on one of them.
    if off > UNEVEN_MAX * height + 0.05 * across {
        let upper = start.span.0.min(stop.span.0 - down);
        let lower = start.span.1.max(stop.span.1 - down);
        start.span = (upper, lower);
        stop.span = (upper + down, lower + down);
    }
    Some(Place { start, stop })
}
