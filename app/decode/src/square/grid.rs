//! A symbol's modules in a picture.
//!
//! In: where a symbol's corners are, about, and which of its modules are known. Out: how dark each module is. Must not:
//! hold a crumpled label for a flat one longer than it helps.

use super::plane::{Plane, Point, length, minus, plus, scaled};
use super::shade::Shade;
use crate::frame::Frame;
use crate::number::{floor, real};

/// Modules between the nodes of a net, about.
const MESH: usize = 7;
/// More difference from the border between light and dark says nothing more.
const DIFFERENCE_MAX: f32 = 50.0;
/// What an unknown module counts that is clearly light or dark, beside one that is what it must be.
const UNKNOWN: f32 = 0.4;
/// Modules that are looked at to find out how well a symbol is placed.
const LOOKED_MAX: usize = 520;
/// How far corners and nodes are moved, in modules.
const STEPS: [f32; 4] = [0.55, 0.3, 0.16, 0.08];
/// Modules that are larger than this, in pixels, are looked at in several places.
const LARGE: f32 = 3.2;
/// Modules around which light and dark are judged together.
const TILE: usize = 6;

/// What must be true of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Must {
    Dark,
    Light,
    Either,
}

/// A picture in grey and in black and white.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) shade: &'a Shade<'a>,
}

impl Scene<'_> {
    /// By how much a place is darker than where light begins.
    pub(crate) fn darkness(&self, at: Point) -> f32 {
        self.shade.border(at) - self.frame.light(at)
    }
}

/// How many modules a symbol has, and what must be true of them.
#[derive(Clone, Debug)]
pub(crate) struct Design {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Row by row.
    pub(crate) must: Vec<Must>,
}

impl Design {
    pub(crate) fn new(columns: usize, rows: usize, must: impl Fn(usize, usize) -> Must) -> Self {
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        Self {
            columns,
            rows,
            must: places.map(|(column, row)| must(column, row)).collect(),
        }
    }

    /// How well a module fits that is so much darker than the border.
    fn fit(&self, at: usize, darkness: f32) -> f32 {
        let darkness = darkness.clamp(-DIFFERENCE_MAX, DIFFERENCE_MAX);
        match self.must.get(at) {
            Some(Must::Dark) => darkness,
            Some(Must::Light) => -darkness,
            _ => UNKNOWN * darkness.abs(),
        }
    }

    /// Corners of the symbol in the picture, moved until its modules fit best.
    pub(crate) fn settled(
        &self,
        scene: Scene<'_>,
        mut corners: [Point; 4],
        rounds: usize,
    ) -> [Point; 4] {
        let places = self.looked_at();
        let fit = |corners: [Point; 4]| {
            let plane = Plane::square(corners)?;
            let fits = places
                .iter()
                .map(|(at, place)| self.fit(*at, scene.darkness(plane.at(*place))));
            Some(fits.sum::<f32>())
        };
        let Some(mut best) = fit(corners) else {
            return corners;
        };
        let module = self.module(corners);
        for step in STEPS.iter().take(rounds) {
            for at in 0..8 {
                for side in [-1.0, 1.0] {
                    let by = step * module * side;
                    let mut moved = corners;
                    let corner = &mut moved[at / 2];
                    *corner = plus(*corner, if at % 2 == 0 { (by, 0.0) } else { (0.0, by) });
                    if let Some(fit) = fit(moved).filter(|fit| *fit > best) {
                        best = fit;
                        corners = moved;
                        break;
                    }
                }
            }
        }
        corners
    }

    /// Some of the modules, the known ones before the others, in the unit square.
    fn looked_at(&self) -> Vec<(usize, Point)> {
        let known = self
            .must
            .iter()
            .filter(|must| **must != Must::Either)
            .count();
        let rest = LOOKED_MAX.saturating_sub(known).max(1);
        let every_known = known.div_ceil(LOOKED_MAX).max(1);
        let every = (self.must.len() - known).div_ceil(rest).max(1);
        let (mut of_known, mut of_rest) = (0, 0);
        let mut places = Vec::with_capacity(LOOKED_MAX);
        for (at, must) in self.must.iter().enumerate() {
            let (count, every) = if *must == Must::Either {
                (&mut of_rest, every)
            } else {
                (&mut of_known, every_known)
            };
            *count += 1;
            if *count % every == 0 {
                let (column, row) = (at % self.columns, at / self.columns);
                let place = (
                    (real(column) + 0.5) / real(self.columns),
                    (real(row) + 0.5) / real(self.rows),
                );
                places.push((at, place));
            }
        }
        places
    }

    /// A module's side in the picture.
    pub(crate) fn module(&self, corners: [Point; 4]) -> f32 {
        let [a, b, c, d] = corners;
        let across = (length(minus(b, a)) + length(minus(c, d))) / real(self.columns);
        let down = (length(minus(d, a)) + length(minus(c, b))) / real(self.rows);
        (across + down) / 4.0
    }
}

/// A net over a symbol: it may be crumpled where a plane may not.
#[derive(Clone, Debug)]
pub(crate) struct Grid<'a> {
    design: &'a Design,
    module: f32,
    across: usize,
    down: usize,
    nodes: Vec<Point>,
}

impl<'a> Grid<'a> {
    /// A flat net.
    pub(crate) fn flat(design: &'a Design, corners: [Point; 4]) -> Option<Self> {
        let plane = Plane::square(corners)?;
        let across = (design.columns / MESH).max(1);
        let down = (design.rows / MESH).max(1);
        let nodes = (0..=down).flat_map(|row| (0..=across).map(move |column| (column, row)));
        let place = |(column, row)| plane.at((real(column) / real(across), real(row) / real(down)));
        Some(Self {
            design,
            module: design.module(corners),
            across,
            down,
            nodes: nodes.map(place).collect(),
        })
    }

    /// Where a place of the symbol is, in modules.
    fn at(&self, (x, y): Point) -> Point {
        let x = x * real(self.across) / real(self.design.columns);
        let y = y * real(self.down) / real(self.design.rows);
        let (column, row) = (floor(x).min(self.across - 1), floor(y).min(self.down - 1));
        let (right, down) = (x - real(column), y - real(row));
        let node = |column: usize, row: usize| {
            let at = row * (self.across + 1) + column;
            self.nodes.get(at).copied().unwrap_or_default()
        };
        let mix = |a: Point, b: Point, part: f32| plus(scaled(a, 1.0 - part), scaled(b, part));
        let above = mix(node(column, row), node(column + 1, row), right);
        let below = mix(node(column, row + 1), node(column + 1, row + 1), right);
        mix(above, below, down)
    }

    /// Moves every node until the modules around it fit best.
    pub(crate) fn crumple(&mut self, scene: Scene<'_>) {
        for step in &STEPS[1..] {
            for at in 0..self.nodes.len() {
                let mut best = self.fit_around(scene, at);
                let by = step * self.module;
                for (x, y) in [(by, 0.0), (-by, 0.0), (0.0, by), (0.0, -by)] {
                    let before = self.nodes[at];
                    self.nodes[at] = plus(before, (x, y));
                    let fit = self.fit_around(scene, at);
                    if fit > best {
                        best = fit;
                    } else {
                        self.nodes[at] = before;
                    }
                }
            }
        }
    }

    fn fit_around(&self, scene: Scene<'_>, node: usize) -> f32 {
        let design = self.design;
        let span = |node: usize, nodes: usize, modules: usize| {
            let from = node.saturating_sub(1) * modules / nodes;
            from..((node + 1) * modules / nodes).min(modules)
        };
        let columns = span(node % (self.across + 1), self.across, design.columns);
        let mut sum = 0.0;
        for row in span(node / (self.across + 1), self.down, design.rows) {
            for column in columns.clone() {
                let place = self.at((real(column) + 0.5, real(row) + 0.5));
                sum += design.fit(row * design.columns + column, scene.darkness(place));
            }
        }
        sum
    }

    /// How light every module is, with those around the symbol.
    pub(crate) fn lights(&self, frame: &Frame<'_>) -> Lights {
        let (columns, rows) = (self.design.columns + 2, self.design.rows + 2);
        let mut values = Vec::with_capacity(columns * rows);
        let reach = 0.22;
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = (real(column) - 0.5, real(row) - 0.5);
                let mut value = frame.light(self.at((x, y)));
                if self.module > LARGE {
                    for (right, down) in [
                        (-reach, -reach),
                        (reach, -reach),
                        (reach, reach),
                        (-reach, reach),
                    ] {
                        value += frame.light(self.at((x + right, y + down)));
                    }
                    value /= 5.0;
                }
                values.push(value);
            }
        }
        Lights {
            columns,
            rows,
            values,
        }
    }
}

/// How light the modules of a symbol are, and those around it.
pub(crate) struct Lights {
    columns: usize,
    rows: usize,
    values: Vec<f32>,
}

impl Lights {
    /// Every module as light or dark, after what a blur has spilt from one to the next was taken back in part.
    pub(crate) fn modules(&self, sharpness: f32) -> Modules {
        let (columns, rows) = (self.columns - 2, self.rows - 2);
        let mut values = Vec::with_capacity(columns * rows);
        for row in 1..=rows {
            for column in 1..=columns {
                let at = row * self.columns + column;
                let value = |at: usize| self.values.get(at).copied().unwrap_or_default();
                let beside = value(at - 1)
                    + value(at + 1)
                    + value(at - self.columns)
                    + value(at + self.columns);
                values.push(value(at) + sharpness * (value(at) - beside / 4.0));
            }
        }
        let mut dark = vec![0.0; values.len()];
        for top in (0..rows).step_by(TILE) {
            for left in (0..columns).step_by(TILE) {
                let around =
                    |from: usize, end: usize| from.saturating_sub(TILE)..(from + 2 * TILE).min(end);
                let (middle, half) =
                    halves(&values, columns, around(left, columns), around(top, rows));
                for row in top..(top + TILE).min(rows) {
                    for at in row * columns + left..row * columns + (left + TILE).min(columns) {
                        dark[at] = (middle - values[at]) / half;
                    }
                }
            }
        }
        Modules { columns, dark }
    }
}

/// The middle between the light and the dark values of a part, and how far from it they are.
fn halves(
    values: &[f32],
    columns: usize,
    across: core::ops::Range<usize>,
    down: core::ops::Range<usize>,
) -> (f32, f32) {
    let part =
        down.flat_map(|row| &values[row * columns + across.start..row * columns + across.end]);
    let (sum, count) = part
        .clone()
        .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    let mut middle = sum / f32::max(count, 1.0);
    let mut half = 1.0;
    for _ in 0..2 {
        let mut sums = [(0.0_f32, 0.0_f32); 2];
        for value in part.clone() {
            let side = &mut sums[usize::from(*value > middle)];
            side.0 += value;
            side.1 += 1.0;
        }
        let [dark, light] = sums.map(|(sum, count)| sum / count.max(1.0));
        if sums.iter().any(|(_, count)| *count == 0.0) {
            break;
        }
        middle = f32::midpoint(dark, light);
        half = (light - middle).max(1.0);
    }
    (middle, half)
}

/// The modules of a symbol.
#[derive(Clone, Debug)]
pub(crate) struct Modules {
    columns: usize,
    /// How dark each is, row by row: 1 is dark, -1 is light, 0 may be either.
    dark: Vec<f32>,
}

impl Modules {
    pub(crate) fn dark(&self, column: usize, row: usize) -> f32 {
        self.dark
            .get(row * self.columns + column)
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn is_dark(&self, column: usize, row: usize) -> bool {
        self.dark(column, row) > 0.0
    }

    /// How many of the modules that must be something are it, as a part.
    pub(crate) fn agreement(&self, design: &Design) -> f32 {
        let (mut good, mut all) = (0.0, 0.0);
        for (dark, must) in self.dark.iter().zip(&design.must) {
            if *must != Must::Either {
                all += 1.0;
                good += f32::from(u8::from((*dark > 0.0) == (*must == Must::Dark)));
            }
        }
        good / f32::max(all, 1.0)
    }
}
