//! How far a symbol reaches.
//!
//! In: a picture, the patch a symbol was read in, and where on its line it begins and ends. Out: its corners. Must not: take
//! in what stands beside it, though the patch did.

use crate::field::Patch;
use crate::frame::Frame;
use crate::line::Line;
use crate::number::{floor, real, within};

/// Places along a symbol at which it is compared with its line.
const PLACES: usize = 48;
/// How far apart the lines are that are compared, in pixels.
const APART: f32 = 3.0;
/// How alike its bars are wherever they are.
const ALIKE_MIN: f32 = 0.4;

/// A symbol on its patch: where it begins and ends along it, and in which part of its height it was read.
pub(crate) struct Extent<'a> {
    pub(crate) patch: &'a Patch,
    pub(crate) line: &'a Line,
    /// In steps of the line.
    pub(crate) ends: (f32, f32),
    /// The middle of the strip, in pixels from that of the patch.
    pub(crate) middle: f32,
}

impl Extent<'_> {
    /// The symbol's corners, clockwise from where reading begins or ends.
    pub(crate) fn corners(&self, frame: &Frame<'_>) -> [(f32, f32); 4] {
        let (top, bottom) = (self.far(frame, -APART), self.far(frame, APART));
        let (left, right) = self.ends;
        [(left, top), (right, top), (right, bottom), (left, bottom)]
            .map(|(along, down)| self.place(along, down))
    }

    /// How far the bars go on, from the middle of their strip.
    fn far(&self, frame: &Frame<'_>, step: f32) -> f32 {
        let mut far = 0.0;
        while (self.middle + far).abs() < self.patch.half_height {
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
        let mut sums = [0.0; 5];
        for at in 0..PLACES {
            let along = left + (real(at) + 0.5) * step;
            let (Some(a), b) = (
                self.line.values.get(floor(along)),
                frame.light(self.place(along, down)),
            ) else {
                continue;
            };
            let products = [*a, b, a * a, b * b, a * b];
            for (sum, product) in sums.iter_mut().zip(products) {
                *sum += product / real(PLACES);
            }
        }
        let [a, b, aa, bb, ab] = sums;
        let spread = (aa - a * a) * (bb - b * b);
        (ab - a * b) / within(spread, 1.0, f32::MAX).sqrt()
    }

    /// A place in the picture: in steps of the line, and in pixels across it from the strip's middle.
    fn place(&self, along: f32, down: f32) -> (f32, f32) {
        let patch = self.patch;
        let reach = patch.half_length + self.line.margin * self.line.step;
        let s = along * self.line.step - reach;
        let u = s - down * (patch.lean + patch.lean_change * s);
        let v = down + self.middle;
        let (cos, sin) = patch.along;
        (
            patch.centre.0 + u * cos - v * sin + 0.5,
            patch.centre.1 + u * sin + v * cos + 0.5,
        )
    }
}
