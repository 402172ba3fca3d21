//! Where a symbol begins.
//!
//! In: a line. Out: places on it where light ends and one of the three start characters may stand. Must not: miss one
//! because another is likelier: what begins there is found out by following it.

use super::STARTS;
use super::follow::{BESIDE, Found, QUIET, QUIET_MIN};
use super::look::{CHARACTER, fit, likeness, looks, nearest, sample};
use crate::line::Line;
use crate::order;

/// Smallest module that is tried, in pixels.
const MODULE_MIN: f32 = 0.7;
/// Blur of a good camera, in pixels.
const BLUR: f32 = 0.62;
/// Contrast of a start character.
const CONTRAST_START: f32 = 30.0;
/// How alike a start must be, about where it may be and at its very place.
const START_MIN: f32 = 0.72;
const SHARP_MIN: f32 = 0.93;
/// How alike it must be after one step nearer.
const HOPEFUL_MIN: f32 = 0.81;
/// Ways to begin that are kept.
const STARTS_MAX: usize = 8;
/// Edges that are tried as beginnings.
const EDGES_MAX: usize = 14;
/// Part of a line in which a symbol may begin.
const BEGINNING: f32 = 0.16;

/// Where a symbol may begin, and how wide its modules are there, both in steps of the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    pub(crate) at: f32,
    pub(super) module: f32,
    pub(super) value: u8,
    pub(super) blur: usize,
    pub(crate) likeness: f32,
}

/// Where a symbol may begin on a line, the most likely first.
pub(crate) fn starts(line: &Line) -> Vec<Start> {
    let mut found: Vec<Start> = Vec::new();
    for edge in edges(line) {
        let ahead = line.ahead(edge);
        for module in modules(line, edge) {
            // Of all that speaks against a beginning, this is known soonest.
            let before = (edge - QUIET * module, edge - module);
            if ahead.is_light(before, edge + BESIDE * module, QUIET_MIN) {
                found.extend(starts_at(line, edge, module));
            }
        }
    }
    let mut kept = distinct(found);
    kept.iter_mut().for_each(|start| start.sharpen(line));
    kept.retain(|start| start.likeness > SHARP_MIN);
    // What began apart may have come to the same place.
    distinct(kept)
}

/// The likeliest first, and none that is about the same as one before it.
fn distinct(mut starts: Vec<Start>) -> Vec<Start> {
    order::sort(&mut starts, |start| -start.likeness);
    let mut kept: Vec<Start> = Vec::new();
    for start in starts {
        let is_near = |other: &Start| {
            other.value == start.value
                && (other.at - start.at).abs() < 0.5 * start.module
                && (other.module / start.module - 1.0).abs() < 0.03
        };
        if kept.len() < STARTS_MAX && !kept.iter().any(is_near) {
            kept.push(start);
        }
    }
    kept
}

/// Places near the beginning of a line where it becomes dark, the steepest when there are many.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "places on a line"
)]
fn edges(line: &Line) -> Vec<f32> {
    let values = &line.values;
    let slope = |at: usize| values[at + 1] - values[at - 1];
    let length = values.len() as f32 - 2.0 * line.margin;
    let first = (line.margin - length * BEGINNING).max(2.0) as usize;
    let end = ((line.margin + length * BEGINNING) as usize).min(values.len().saturating_sub(3));
    let mut edges: Vec<(f32, f32)> = Vec::new();
    for at in first..end {
        let (before, here, behind) = (slope(at - 1), slope(at), slope(at + 1));
        if here < -6.0 * line.step.max(0.5) && here <= before && here < behind {
            let bend = before - 2.0 * here + behind;
            let shift = if bend > 1e-6 {
                0.5 * (before - behind) / bend
            } else {
                0.0
            };
            edges.push((here, at as f32 + shift));
        }
    }
    order::sort(&mut edges, |edge| edge.0);
    edges.truncate(EDGES_MAX);
    edges.into_iter().map(|(_, at)| at).collect()
}

/// Widths a module may have when the symbol fills the rest of the line.
fn modules(line: &Line, edge: f32) -> impl Iterator<Item = f32> + use<> {
    #[expect(clippy::cast_precision_loss, reason = "a line has few steps")]
    let rest = line.values.len() as f32 - line.margin - edge;
    let step = line.step;
    let widths = (4_u8..=44).map(move |count| (count, rest / (11.0 * f32::from(count) + 13.0)));
    let wide = widths.take_while(move |(_, module)| module * step >= MODULE_MIN);
    wide.flat_map(|(count, module)| {
        // Of few characters the widths lie so far apart that some between have to be tried.
        let between: &[f32] = if count > 16 {
            &[1.0]
        } else {
            &[0.97, 1.0, 1.03]
        };
        between.iter().map(move |scale| module * scale)
    })
}

fn starts_at(line: &Line, edge: f32, module: f32) -> Vec<Start> {
    let mut found: Vec<Start> = Vec::new();
    let Some((shape, contrast)) = sample::<CHARACTER>(line, edge, module) else {
        return found;
    };
    if contrast < CONTRAST_START {
        return found;
    }
    let blur = nearest(BLUR / line.step / module);
    let characters = &looks()[blur].characters;
    for value in STARTS {
        let likeness = likeness(&shape, &characters[usize::from(value)]);
        if likeness > START_MIN {
            found.push(Start {
                at: edge,
                module,
                value,
                blur,
                likeness,
            });
        }
    }
    found
}

impl Start {
    /// Finds the blur at which it is most alike.
    fn sharpen(&mut self, line: &Line) {
        let Some((shape, _)) = sample::<CHARACTER>(line, self.at, self.module) else {
            return;
        };
        for (blur, looks) in looks().iter().enumerate() {
            let likeness = likeness(&shape, &looks.characters[usize::from(self.value)]);
            if likeness > self.likeness {
                self.likeness = likeness;
                self.blur = blur;
            }
        }
        let look = &looks()[self.blur].characters[usize::from(self.value)];
        let from = Found {
            likeness: self.likeness,
            place: (self.at, self.module),
        };
        let steps = (0.12 * self.module, 0.015 * self.module);
        let best = from.climbed(steps, HOPEFUL_MIN, |(at, module)| {
            fit::<CHARACTER>(line, at, module, look)
        });
        self.likeness = best.likeness;
        (self.at, self.module) = best.place;
    }
}
