//! The three corner marks of QR codes.
//!
//! In: a picture. Out: where dark squares lie in light squares in dark squares, and how they are turned. Must not: take
//! longer over a picture full of stripes than over any other.

use crate::number::{floor, real};
use crate::order;
use crate::square::grid::Scene;
use crate::square::plane::{Point, cross, length, meeting, minus, plus, scaled};
use crate::square::shade::{Row, Shade};
use crate::way::{doubled, halved, turned};

/// Marks of one picture that are kept.
const MARKS_MAX: usize = 24;
/// Places of one picture that are looked at closely.
const LOOKS_MAX: usize = 90;
/// Places of one picture that are remembered.
const CROSSINGS_MAX: usize = 4_000;
/// The last of them that the next row may go on with.
const OPEN_MAX: usize = 300;
/// Rows that cross a mark, beyond which more say nothing.
const ROWS_GOOD: usize = 6;
/// How much lighter the light parts of a mark are.
const CLEAR: i32 = 12;
/// Width of a mark, in pixels, from which it is looked for.
const WIDTH_MIN: u16 = 8;
/// Directions in which a mark is measured.
const RAYS: usize = 32;
/// From one to the next it is eleven of them: far apart, so that what is no mark is known soon.
const NEXT_RAY: Point = (-0.555_570_24, 0.831_469_6);
/// Directions in which it must look like one.
const RAYS_MIN: usize = 20;
/// A mark's width in modules.
const WIDTH: f32 = 7.0;

/// A corner mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) centre: Point,
    /// A module along one of its sides, and one along the next.
    pub(crate) right: Point,
    pub(crate) down: Point,
}

impl Mark {
    /// A module's side.
    pub(crate) fn module(&self) -> f32 {
        cross(self.right, self.down).abs().sqrt()
    }
}

/// Places that were looked at, and what came of it.
struct Search<'a> {
    scene: Scene<'a>,
    marks: Vec<Mark>,
    looks: usize,
}

/// Rows one below the other that cross what may be the same mark.
struct Crossing {
    middle: f32,
    width: f32,
    first: usize,
    last: usize,
    rows: usize,
}

/// The corner marks in a picture.
pub(crate) fn marks(scene: Scene<'_>, every: usize) -> Vec<Mark> {
    let mut crossings = crossings(scene, every);
    order::sort(&mut crossings, |crossing| {
        -real(crossing.rows.min(ROWS_GOOD))
    });
    let mut search = Search {
        scene,
        marks: Vec::new(),
        looks: 0,
    };
    for crossing in &crossings {
        let y = real(crossing.first + crossing.last + 1) / 2.0;
        search.look((crossing.middle, y), crossing.width);
        if search.marks.len() >= MARKS_MAX || search.looks >= LOOKS_MAX {
            break;
        }
    }
    search.marks
}

/// Where rows change as they do across a mark.
fn crossings(scene: Scene<'_>, every: usize) -> Vec<Crossing> {
    let mut found: Vec<Crossing> = Vec::new();
    let mut line = Row::default();
    // Those that end farther above are not continued.
    let mut open = 0;
    for y in (1..scene.shade.height()).step_by(every) {
        scene.shade.changes(y, &mut line);
        let is_over = |crossing: &&Crossing| crossing.last + 2 * every < y;
        open = open.max(found.len().saturating_sub(OPEN_MAX));
        open += found[open..].iter().take_while(is_over).count();
        for widths in line.changes.windows(6).step_by(2) {
            if !is_mark(widths) || !is_clear(scene.frame.row(y), widths) {
                continue;
            }
            let middle = f32::midpoint(f32::from(widths[2]), f32::from(widths[3]));
            let width = f32::from(widths[5] - widths[0]);
            let same = found[open..].iter_mut().find(|other| {
                let (far, wider) = (other.middle - middle, other.width / width);
                far.abs() < 1.0 + 0.12 * width && (0.75..1.34).contains(&wider) && other.last < y
            });
            if let Some(same) = same {
                same.last = y;
                same.rows += 1;
            } else if found.len() < CROSSINGS_MAX {
                found.push(Crossing {
                    middle,
                    width,
                    first: y,
                    last: y,
                    rows: 1,
                });
            }
        }
    }
    found
}

/// Whether the middles of what is dark and of what is light differ by more than noise makes.
fn is_clear(row: &[u8], changes: &[u16]) -> bool {
    let light = |at: usize| {
        let place = usize::from(changes[at]).midpoint(usize::from(changes[at + 1]));
        row.get(place).map_or(0, |light| i32::from(*light))
    };
    let (dark, light) = (light(0) + light(2) + light(4), light(1) + light(3));
    3 * light - 2 * dark > 6 * CLEAR
}

/// Whether widths between changes are like 1, 1, 3, 1, 1.
fn is_mark(changes: &[u16]) -> bool {
    let [a, b, c, d, e, f] = *changes else {
        return false;
    };
    let all = i32::from(f - a);
    if f - a < WIDTH_MIN {
        return false;
    }
    let is_wide = |from: u16, to: u16, modules: i32, slack: i32| {
        (7 * i32::from(to - from) - modules * all).abs() * 8 <= slack * all + 60
    };
    is_wide(c, d, 3, 8)
        && is_wide(a, b, 1, 5)
        && is_wide(b, c, 1, 5)
        && is_wide(d, e, 1, 5)
        && is_wide(e, f, 1, 5)
}

impl Search<'_> {
    fn look(&mut self, place: Point, width: f32) {
        let is_near = |mark: &Mark| length(minus(mark.centre, place)) < 1.6 * mark.module();
        if self.marks.iter().any(is_near) {
            return;
        }
        let Some((middle, height)) = across(self.scene.shade, place, width) else {
            return;
        };
        let size = width.min(height);
        self.looks += 1;
        let place = (place.0, middle);
        let mark = measured(self.scene, place, size).and_then(|mark| {
            // From its true middle it is seen better.
            measured(self.scene, mark.centre, mark.module() * WIDTH)
        });
        if let Some(mark) = mark {
            let is_new = |other: &Mark| length(minus(other.centre, mark.centre)) > mark.module();
            if self.marks.iter().all(is_new) {
                self.marks.push(mark);
            }
        }
    }
}

/// The middle and the height of what a column crosses, when it is like a mark's.
fn across(shade: &Shade<'_>, place: Point, width: f32) -> Option<(f32, f32)> {
    let (x, y) = (floor(place.0), floor(place.1));
    let most = floor(2.6 * width / 2.0) + 3;
    let walk = |is_down: bool| {
        let mut ends = [0.0_f32; 3];
        let mut at = 0;
        let mut is_dark = true;
        for step in 1..=most {
            let row = if is_down {
                Some(y + step)
            } else {
                y.checked_sub(step)
            };
            let next = row.is_some_and(|row| shade.is_dark(x, row));
            if next != is_dark {
                ends[at] = real(step);
                at += 1;
                if at == 3 {
                    return Some(ends);
                }
                is_dark = next;
            }
            row?;
        }
        None
    };
    if !shade.is_dark(x, y) {
        return None;
    }
    let (up, down) = (walk(false)?, walk(true)?);
    let all = up[2] + down[2] - 1.0;
    let module = all / WIDTH;
    let is_wide = |width: f32, modules: f32| {
        (width - modules * module).abs() <= 0.65 * module * modules.sqrt() + 1.0
    };
    let is_mark = is_wide(up[0] + down[0] - 1.0, 3.0)
        && [up, down]
            .iter()
            .all(|[a, b, c]| is_wide(b - a, 1.0) && is_wide(c - b, 1.0))
        && (0.4 * width..2.5 * width).contains(&all);
    is_mark.then_some((real(y) + 0.5 + (down[0] - up[0]) / 2.0, all))
}

/// Measures a mark from about its middle, in all directions.
fn measured(scene: Scene<'_>, middle: Point, size: f32) -> Option<Mark> {
    let border = scene.shade.border(middle);
    let mut edges: Vec<Point> = Vec::with_capacity(RAYS);
    let mut way = (1.0, 0.0);
    for ray in 0..RAYS {
        way = turned(way, NEXT_RAY);
        edges.extend(edge(scene, middle, way, size, border).map(|far| scaled(way, far)));
        if ray + 1 - edges.len() > RAYS - RAYS_MIN {
            return None;
        }
    }
    // A square's edge is four times farther and nearer around it: that says how it is turned.
    let mean = edges.iter().map(|edge| length(*edge)).sum::<f32>() / real(edges.len());
    let turn = edges.iter().fold((0.0, 0.0), |sum, edge| {
        let far = length(*edge);
        let way = doubled(doubled(scaled(*edge, 1.0 / far.max(1e-3))));
        plus(sum, scaled(way, far - mean))
    });
    // Towards the middle of a side they are nearest.
    let mut right = scaled(halved(halved(scaled(turn, -1.0))), 0.9 * mean);
    let mut down = (-right.1, right.0);
    let mut centre = (0.0, 0.0);
    for _ in 0..3 {
        let corners = corners(&edges, centre, right, down)?;
        let [a, b, c, d] = corners;
        centre = meeting((a, minus(c, a)), (b, minus(d, b)))?;
        right = scaled(plus(minus(b, a), minus(c, d)), 0.25);
        down = scaled(plus(minus(d, a), minus(c, b)), 0.25);
    }
    let mark = Mark {
        centre: plus(middle, centre),
        right: scaled(right, 2.0 / WIDTH),
        down: scaled(down, 2.0 / WIDTH),
    };
    let (across, along) = (length(mark.right), length(mark.down));
    let is_square = mark.module().powi(2) > 0.5 * across * along
        && (0.4..2.5).contains(&(across / along))
        && (0.3..2.0).contains(&(WIDTH * mark.module() / size));
    is_square.then_some(mark)
}

/// The corners of the four sides that the edges lie on, seen from about how they lie.
fn corners(edges: &[Point], centre: Point, right: Point, down: Point) -> Option<[Point; 4]> {
    let turn = cross(right, down);
    let mut sides: [Vec<Point>; 4] = [const { Vec::new() }; 4];
    for edge in edges {
        let from = minus(*edge, centre);
        let (x, y) = (cross(from, down) / turn, cross(right, from) / turn);
        // Near a corner it may be of either side.
        if x.abs().min(y.abs()) > 0.86 * x.abs().max(y.abs()) {
            continue;
        }
        let side = match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
            (false, _, false) => 0,
            (true, true, _) => 1,
            (false, _, true) => 2,
            (true, false, _) => 3,
        };
        sides[side].push(*edge);
    }
    let ways = [right, down, right, down];
    let mut lines = [((0.0, 0.0), (0.0, 0.0)); 4];
    for ((line, side), way) in lines.iter_mut().zip(&sides).zip(ways) {
        *line = fitted(side, way)?;
    }
    let [top, right, bottom, left] = lines;
    Some([
        meeting(left, top)?,
        meeting(top, right)?,
        meeting(right, bottom)?,
        meeting(bottom, left)?,
    ])
}

/// The line through some points that lie along a way, about.
fn fitted(points: &[Point], way: Point) -> Option<(Point, Point)> {
    if points.len() < 3 {
        return None;
    }
    let way = scaled(way, 1.0 / length(way));
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, point| plus(sum, *point));
    let mean = scaled(sum, 1.0 / real(points.len()));
    let (mut along, mut across) = (0.0, 0.0);
    for point in points {
        let (x, y) = minus(*point, mean);
        let (u, v) = (x * way.0 + y * way.1, y * way.0 - x * way.1);
        along += u * u;
        across += u * v;
    }
    let slope = across / along.max(1e-3);
    Some((mean, (way.0 - slope * way.1, way.1 + slope * way.0)))
}

/// How far a mark's outer edge is in one direction, when there are a dark middle, a light ring and a dark one.
fn edge(scene: Scene<'_>, middle: Point, way: Point, size: f32, border: f32) -> Option<f32> {
    let step = (size / 48.0).clamp(0.4, 4.0);
    let most = floor(size * 1.35 / step) + 2;
    let mut ends = [0.0_f32; 3];
    let mut at = 0;
    let mut before = border - scene.frame.light(middle);
    for count in 1..=most {
        let far = real(count) * step;
        let darkness = border - scene.frame.light(plus(middle, scaled(way, far)));
        let is_leaving = if at == 1 {
            darkness > 0.0
        } else {
            darkness <= 0.0
        };
        if is_leaving {
            let part = before / (before - darkness);
            ends[at] = far - step + step * part.clamp(0.0, 1.0);
            at += 1;
            if at == 3 {
                let [inner, ring, outer] = ends;
                let is_mark = (0.26..0.62).contains(&(inner / outer))
                    && (0.54..0.9).contains(&(ring / outer));
                return is_mark.then_some(outer);
            }
        }
        before = darkness;
    }
    None
}
