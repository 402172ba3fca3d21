//! One picture after the other.
//!
//! In: pictures. Out: the codes read in each. Must not: take longer than it may; what one picture does not give,
//! the next one does.

use crate::code128::{self, Candidate, Content, Effort, Start};
use crate::extent::Extent;
use crate::field::{Patch, patches};
use crate::frame::Frame;
use crate::line::{Line, Strip};
use crate::number::real;
use crate::order;
use crate::straight::straightened;

/// Changes between light and dark that the shortest symbol has.
const CHANGES_MIN: usize = 12;
/// Ways at once when the first look was not enough.
const BEAM: usize = 6;
/// A line is believed alone when every character stands out and fits; otherwise two lines must say the same.
///
/// Where a module is one pixel, two characters may look nearly the same, and none stands out by much. Then all of them
/// must fit as they do only when they are read rightly. Each is still the likeliest in its place: of one that is not, the
/// check value tells, and two are not both mistaken where everything fits so well.
const SURE: [Sure; 2] = [
    Sure {
        lead: 0.03,
        misfit: 0.12,
        worst: 0.7,
        characters: 6,
    },
    Sure {
        lead: 0.005,
        misfit: 0.05,
        worst: 0.9,
        characters: 12,
    },
];
/// Nearly all of a patch.
const WHOLE: Strip = Strip {
    middle: 0.0,
    half: 0.45,
};
/// A patch's lines: all of it summed as it leans, and straightened.
const LEANING: usize = 0;
const STRAIGHT: usize = 1;
/// In turn, what is tried on every patch: on which of its lines, how many ways at once, from which beginnings. The easy way
/// through all of them first.
const TURNS: [(usize, usize, core::ops::Range<usize>); 3] = [
    (LEANING, 1, 0..4),
    (STRAIGHT, 1, 0..4),
    (STRAIGHT, BEAM, 0..4),
];

struct Sure {
    lead: f32,
    misfit: f32,
    worst: f32,
    characters: usize,
}

/// A code in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// What it says.
    pub content: Content,
    /// Its corners, in pixels of the picture, clockwise from where reading begins or ends.
    pub corners: [(f32, f32); 4],
}

/// How far the work on one picture goes.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Characters compared with all others, at most.
    pub effort: usize,
}

impl Default for Reader {
    fn default() -> Self {
        Self { effort: 240 }
    }
}

/// A patch and what was made of it so far.
struct Looked {
    patch: Patch,
    lines: [Option<Vec<Side>>; 2],
    /// What it may say, and by which line.
    votes: Vec<(Content, usize)>,
    /// It was read, or it is known that it cannot be.
    is_done: bool,
}

/// A line in one of its two directions, and where symbols may begin on it.
struct Side {
    line: Line,
    starts: Vec<Start>,
    is_reversed: bool,
}

impl Side {
    /// Two places on it, as places on the line that is not reversed, the first first.
    fn ends(&self, from: f32, to: f32) -> (f32, f32) {
        if self.is_reversed {
            let last = real(self.line.values.len()) - 1.0;
            (last - to, last - from)
        } else {
            (from, to)
        }
    }
}

impl Reader {
    /// The Code 128 symbols in a picture.
    #[must_use]
    pub fn read(&self, frame: &Frame<'_>) -> Vec<Symbol> {
        let mut looked: Vec<Looked> = patches(frame).into_iter().map(Looked::new).collect();
        let mut effort = Effort(self.effort);
        let mut found = Vec::new();
        for (line, beam, starts) in TURNS {
            for at in 0..looked.len() {
                if effort.is_spent() {
                    return found;
                }
                let patch = &looked[at].patch;
                let is_done = looked
                    .iter()
                    .any(|other| other.is_done && other.patch.covers(patch));
                if !is_done {
                    found.extend(looked[at].look(frame, line, beam, &starts, &mut effort));
                }
            }
            if !found.is_empty() {
                break;
            }
        }
        found
    }
}

impl Looked {
    fn new(patch: Patch) -> Self {
        Self {
            patch,
            lines: [None, None],
            votes: Vec::new(),
            is_done: false,
        }
    }

    /// Sums the patch, if that was not done.
    fn sum(&mut self, frame: &Frame<'_>, line: usize) {
        if self.lines[line].is_some() {
            return;
        }
        let summed = if line == STRAIGHT {
            straightened(frame, &mut self.patch)
        } else {
            Line::of(frame, &self.patch, WHOLE)
        };
        self.lines[line] = Some(sides(summed));
    }

    fn look(
        &mut self,
        frame: &Frame<'_>,
        line: usize,
        beam: usize,
        which: &core::ops::Range<usize>,
        effort: &mut Effort,
    ) -> Option<Symbol> {
        self.sum(frame, line);
        let sides = self.lines[line].as_deref().unwrap_or_default();
        let mut starts: Vec<(&Side, &Start)> = sides
            .iter()
            .flat_map(|side| side.starts.iter().map(move |start| (side, start)))
            .collect();
        order::sort(&mut starts, |(_, start)| -start.likeness);
        for (side, start) in starts.into_iter().take(which.end).skip(which.start) {
            let followed = code128::follow(&side.line, start, beam, effort);
            // Neither more care nor straightening finds an end that is not there.
            if followed.is_torn && line == LEANING {
                self.is_done = true;
                return None;
            }
            for candidate in followed.candidates {
                let same = |vote: &(Content, usize)| vote.0 == candidate.content && vote.1 != line;
                if is_sure(&candidate) || self.votes.iter().any(same) {
                    self.is_done = true;
                    let extent = Extent {
                        patch: &self.patch,
                        line: &sides[0].line,
                        ends: side.ends(start.at, candidate.end),
                    };
                    return Some(Symbol {
                        content: candidate.content,
                        corners: extent.corners(frame),
                    });
                }
                self.votes.push((candidate.content, line));
            }
        }
        None
    }
}

fn is_sure(candidate: &Candidate) -> bool {
    SURE.iter().any(|sure| {
        candidate.lead > sure.lead
            && candidate.misfit < sure.misfit
            && candidate.worst > sure.worst
            && candidate.characters >= sure.characters
    })
}

fn sides(line: Line) -> Vec<Side> {
    if line.changes() < CHANGES_MIN {
        return Vec::new();
    }
    let reversed = line.reversed();
    [(line, false), (reversed, true)]
        .into_iter()
        .map(|(line, is_reversed)| Side {
            starts: code128::starts(&line),
            line,
            is_reversed,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_believed_alone_when_all_stands_out_or_all_fits() {
        let is_believed = |lead: f32, misfit: f32, worst: f32, characters: usize| {
            is_sure(&Candidate {
                content: Content {
                    text: String::new(),
                    is_gs1: false,
                },
                characters,
                misfit,
                worst,
                lead,
                end: 0.0,
            })
        };
        assert!(is_believed(0.05, 0.1, 0.75, 6));
        // A tag whose modules are a pixel wide, as a camera saw it.
        assert!(is_believed(0.0097, 0.0355, 0.933, 19));
        // One is hardly likelier than another, and somewhere it does not fit that well; or it is a short text.
        assert!(!is_believed(0.0097, 0.06, 0.933, 19));
        assert!(!is_believed(0.0097, 0.0355, 0.88, 19));
        assert!(!is_believed(0.0097, 0.0355, 0.933, 8));
        // Another character was likelier somewhere.
        assert!(!is_believed(-0.001, 0.01, 0.99, 19));
    }
}
