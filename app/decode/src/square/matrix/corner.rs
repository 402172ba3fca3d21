//! The solid corner of a Data Matrix code.
//!
//! In: the outline of a dark shape. Out: the three corners that its two solid sides span. Must not: take a bar or a
//! filled box for one; a code has two solid sides that meet, and no third.

use crate::number::real;
use crate::square::grid::Scene;
use crate::square::plane::{Point, cross, dot, length, meeting, minus, plus, scaled};

/// Least length of a side, as a part of the outline's width, and in pixels.
const SIDE_MIN: (f32, f32) = (0.2, 9.0);
/// How far an outline may be from a straight side, in pixels and as a part of its length.
const BENT_MAX: (f32, f32) = (0.9, 0.012);
/// Part of a solid side that must be dark, and of any other that may be.
const SOLID_MIN: f32 = 0.7;
/// Places along a side that are looked at.
const PLACES: usize = 40;
const FEW: usize = 9;
/// Pixels on both sides of an outline in which the true edge is looked for.
const REACH: f32 = 2.5;
/// Sides of one outline.
const SIDES_MAX: usize = 16;

/// A solid corner: the end of one side, the corner, the end of the other, clockwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corner {
    pub(crate) first: Point,
    pub(crate) corner: Point,
    pub(crate) last: Point,
}

#[derive(Clone, Copy, Debug)]
struct Side {
    from: Point,
    to: Point,
    solid: f32,
}

/// The corners that an outline may have.
pub(crate) fn corners(scene: Scene<'_>, outline: &[Point]) -> Vec<Corner> {
    let sides = sides(scene, outline);
    let mut found = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        let next = &sides[(at + 1) % sides.len()];
        let turn = cross(minus(side.to, side.from), minus(next.to, next.from));
        let size = length(minus(side.to, side.from)) * length(minus(next.to, next.from));
        if side.solid < SOLID_MIN || next.solid < SOLID_MIN || turn < 0.55 * size {
            continue;
        }
        found.extend(measured(scene, side, next));
    }
    // Where all corners are solid, none is.
    if found.len() > 2 {
        found.clear();
    }
    found
}

/// The straight sides of an outline, clockwise.
fn sides(scene: Scene<'_>, outline: &[Point]) -> Vec<Side> {
    let count = outline.len();
    let width = outline.iter().fold(0.0_f32, |most, point| {
        most.max(length(minus(*point, outline[0])))
    });
    let mut sides: Vec<Side> = Vec::new();
    let at = |place: usize| outline[place % count];
    // From the longest piece on, so that no side is begun in its middle.
    let piece = |place: &usize| length(minus(at(place + 1), at(*place)));
    let Some(begin) = (0..count).max_by(|a, b| piece(a).total_cmp(&piece(b))) else {
        return sides;
    };
    let straight = |from: usize, to: usize| {
        let (start, way) = (at(from), minus(at(to), at(from)));
        let far = length(way);
        let most = BENT_MAX.0 + BENT_MAX.1 * far;
        (from + 1..to).all(|place| cross(way, minus(at(place), start)).abs() <= most * far)
    };
    let mut first = begin + count;
    while first > begin + 1 && straight(first - 1, begin + count + 1) {
        first -= 1;
    }
    let mut from = first;
    while from < first + count && sides.len() < SIDES_MAX {
        let mut to = from + 1;
        while to < first + count && straight(from, to + 1) {
            to += 1;
        }
        let side = (at(from), at(to));
        let far = length(minus(side.1, side.0));
        if far >= SIDE_MIN.1.max(SIDE_MIN.0 * width) {
            sides.push(Side {
                from: side.0,
                to: side.1,
                solid: solid(scene, side),
            });
        }
        from = to;
    }
    sides
}

/// Right of a way: into a shape that is walked around clockwise.
fn inwards(way: Point) -> Point {
    let far = length(way);
    (-way.1 / far, way.0 / far)
}

/// How much of a side is dark just inside.
fn solid(scene: Scene<'_>, (from, to): (Point, Point)) -> f32 {
    let way = minus(to, from);
    let inwards = inwards(way);
    let part = |inside: f32, places: usize| {
        let count = (0..places).filter(|at| {
            let along = 0.04 + 0.92 * real(*at) / real(places - 1);
            let place = plus(plus(from, scaled(way, along)), scaled(inwards, inside));
            scene.darkness(place) > 0.0
        });
        real(count.count()) / real(places)
    };
    // Most sides are not, which a few places show.
    if part(1.1, FEW) < 0.7 {
        return 0.0;
    }
    part(0.8, PLACES).max(part(1.4, PLACES)) - part(-1.6, PLACES)
}

/// The true edge of a side between the pixels: a point of it, and its way.
fn edge(scene: Scene<'_>, side: &Side) -> Option<(Point, Point)> {
    let way = minus(side.to, side.from);
    let inwards = inwards(way);
    let along = scaled(way, 1.0 / length(way));
    let mut points: Vec<(f32, f32)> = Vec::with_capacity(PLACES);
    for at in 0..PLACES {
        let far = length(way) * (0.05 + 0.9 * real(at) / real(PLACES - 1));
        let middle = plus(side.from, scaled(along, far));
        let dark = |inside: f32| scene.darkness(plus(middle, scaled(inwards, inside)));
        let step = 0.5;
        let (mut inside, mut before) = (-REACH, dark(-REACH));
        while inside < REACH {
            let now = dark(inside + step);
            if before <= 0.0 && now > 0.0 {
                points.push((far, inside + step * before / (before - now)));
                break;
            }
            (inside, before) = (inside + step, now);
        }
    }
    let mut line = line(&points)?;
    // Once more without what is far off.
    points.retain(|(far, inside)| (inside - line.0 - line.1 * far).abs() < 0.6);
    line = self::line(&points)?;
    let place = |far: f32| {
        plus(
            plus(side.from, scaled(along, far)),
            scaled(inwards, line.0 + line.1 * far),
        )
    };
    Some((place(0.0), minus(place(length(way)), place(0.0))))
}

/// The straight line through points, as its value at nothing and its slope.
fn line(points: &[(f32, f32)]) -> Option<(f32, f32)> {
    if points.len() < PLACES / 2 {
        return None;
    }
    let count = real(points.len());
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, point| plus(sum, *point));
    let mean = scaled(sum, 1.0 / count);
    let (mut square, mut product) = (0.0, 0.0);
    for (x, y) in points {
        square += (x - mean.0) * (x - mean.0);
        product += (x - mean.0) * (y - mean.1);
    }
    let slope = product / f32::max(square, 1.0);
    Some((mean.1 - slope * mean.0, slope))
}

/// The corner that two sides make, and where their ends are.
fn measured(scene: Scene<'_>, side: &Side, next: &Side) -> Option<Corner> {
    let (first, last) = (edge(scene, side)?, edge(scene, next)?);
    let corner = meeting(first, last)?;
    let near = 3.0 + 0.08 * length(minus(side.to, side.from));
    if length(minus(corner, side.to)) > near || length(minus(corner, next.from)) > near {
        return None;
    }
    Some(Corner {
        first: end(
            scene,
            corner,
            scaled(first.1, -1.0),
            side.from,
            scaled(inwards(first.1), 1.0),
        ),
        corner,
        last: end(scene, corner, last.1, next.to, inwards(last.1)),
    })
}

/// Where a side that goes from a corner along a way ends, about where its outline does.
fn end(scene: Scene<'_>, corner: Point, way: Point, about: Point, inwards: Point) -> Point {
    let way = scaled(way, 1.0 / length(way));
    let far = dot(minus(about, corner), way);
    let dark = |far: f32| {
        let place = plus(corner, scaled(way, far));
        let at = |inside: f32| scene.darkness(plus(place, scaled(inwards, inside)));
        at(0.8).max(at(1.3))
    };
    let step = 0.5;
    let mut at = far - 4.0;
    let mut before = dark(at);
    while at < far + 4.0 {
        let now = dark(at + step);
        if before > 0.0 && now <= 0.0 {
            return plus(corner, scaled(way, at + step * before / (before - now)));
        }
        (at, before) = (at + step, now);
    }
    plus(corner, scaled(way, far))
}
