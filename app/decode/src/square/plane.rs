//! Flat things as a camera sees them.
//!
//! In: four points of a flat thing and where they are in a picture. Out: where every other point of it is. Must not:
//! divide by nothing; four points on a line span no plane.

/// A place, across and down. A pixel's middle lies half a pixel behind its number.
pub(crate) type Point = (f32, f32);

pub(crate) fn plus(a: Point, b: Point) -> Point {
    (a.0 + b.0, a.1 + b.1)
}

pub(crate) fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

pub(crate) fn scaled(a: Point, by: f32) -> Point {
    (a.0 * by, a.1 * by)
}

pub(crate) fn cross(a: Point, b: Point) -> f32 {
    a.0 * b.1 - a.1 * b.0
}

pub(crate) fn dot(a: Point, b: Point) -> f32 {
    a.0 * b.0 + a.1 * b.1
}

pub(crate) fn length(a: Point) -> f32 {
    dot(a, a).sqrt()
}

/// Where two lines meet, each through a point and along a direction.
pub(crate) fn meeting(a: (Point, Point), b: (Point, Point)) -> Option<Point> {
    let turn = cross(a.1, b.1);
    if turn.abs() <= 1e-3 * length(a.1) * length(b.1) || turn == 0.0 {
        return None;
    }
    let along = cross(minus(b.0, a.0), b.1) / turn;
    Some(plus(a.0, scaled(a.1, along)))
}

/// From a flat thing's own places to the picture's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane([f32; 9]);

impl Plane {
    /// The plane in which the unit square's corners are at four places, clockwise from its origin.
    pub(crate) fn square(corners: [Point; 4]) -> Option<Self> {
        let [a, b, c, d] = corners;
        let (p, q) = (minus(b, c), minus(d, c));
        let r = minus(plus(a, c), plus(b, d));
        let turn = cross(p, q);
        let size = length(p) * length(q);
        if turn.abs() <= 1e-3 * size || size == 0.0 {
            return None;
        }
        let (g, h) = (cross(r, q) / turn, cross(p, r) / turn);
        Some(Self([
            b.0 - a.0 + g * b.0,
            d.0 - a.0 + h * d.0,
            a.0,
            b.1 - a.1 + g * b.1,
            d.1 - a.1 + h * d.1,
            a.1,
            g,
            h,
            1.0,
        ]))
    }

    /// The plane in which four places of the thing are at four places of the picture.
    pub(crate) fn through(own: [Point; 4], seen: [Point; 4]) -> Option<Self> {
        let (from, to) = (Self::square(own)?, Self::square(seen)?);
        Some(to.after(&from.inverse()))
    }

    fn after(&self, first: &Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        Self(core::array::from_fn(|at| {
            let (row, column) = (at / 3 * 3, at % 3);
            a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6]
        }))
    }

    /// The way back, but for a factor, which does not matter.
    fn inverse(&self) -> Self {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        Self([
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ])
    }

    /// Where a place of the thing is in the picture.
    pub(crate) fn at(&self, (x, y): Point) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let depth = g * x + h * y + i;
        ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
    }
}
