//! How far a symbol reaches.
//!
//! In: a picture, the patch a symbol was read in, and where on its line it begins and ends. Out: its corners. Must not: take
//! in what stands beside it, though the patch did.

use crate::field::Patch;
use crate::frame::Frame;
use crate::line::Line;
use crate::number::{alike, floor, real};

/// Places along a symbol at which it is compared with its line.
const PLACES: usize = 48;
/// How far apart the lines are that are compared, in pixels.
const APART: f32 = 3.0;
/// How alike its bars are wherever they are.
const ALIKE_MIN: f32 = 0.4;

/// A symbol on its patch: where it begins and ends along it.
pub(crate) struct Extent<'a> {
    pub(crate) patch: &'a Patch,
    pub(crate) line: &'a Line,
    /// In steps of the line.
    pub(crate) ends: (f32, f32),
}

impl Extent<'_> {
    /// The symbol's corners, clockwise from where reading begins or ends.
    pub(crate) fn corners(&self, frame: &Frame<'_>) -> [(f32, f32); 4] {
        let (top, bottom) = (self.far(frame, -APART), self.far(frame, APART));
        let (left, right) = self.ends;
        [(left, top), (right, top), (right, bottom), (left, bottom)]
            .map(|(along, down)| self.place(along, down))
    }

    /// How far the bars go on, from the middle of their patch.
    fn far(&self, frame: &Frame<'_>, step: f32) -> f32 {
        let mut far: f32 = 0.0;
        while far.abs() < self.patch.half_height {
            if self.likeness(frame, far + step) < ALIKE_MIN {
                break;
            }
            far += step;
        }
        far
    }

    /// How alike the picture is, so far from the middle, to the line there.
    fn likeness(&self, frame: &Frame<'_>, down: f32) -> f32 {
        let (left, right) = self.ends;
        let step = (right - left) / real(PLACES);
        alike((0..PLACES).filter_map(|at| {
            let along = left + (real(at) + 0.5) * step;
            let light = *self.line.values.get(floor(along))?;
            Some((light, frame.light(self.place(along, down))))
        }))
    }

    /// A place in the picture: in steps of the line, and in pixels across it.
    fn place(&self, along: f32, down: f32) -> (f32, f32) {
        let patch = self.patch;
        let reach = patch.half_length + self.line.margin * self.line.step;
        let s = along * self.line.step - reach;
        let u = s - down * (patch.lean + patch.lean_change * s);
        let (cos, sin) = patch.along;
        (
            patch.centre.0 + u * cos - down * sin + 0.5,
            patch.centre.1 + u * sin + down * cos + 0.5,
        )
    }
}
