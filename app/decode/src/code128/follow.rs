//! From one character to the next.
//!
//! In: a line and a place where a symbol may begin. Out: what it may say. Must not: take what the check value does
//! not fit, or what has no quiet zones.
//!
//! The width of a module changes along a tilted label, so each character is looked for a little before and behind
//! where the last one ended, a little wider and narrower, and what was found moves the guess for the next. Several
//! ways are followed side by side; the one that fits best on the whole wins, not the one that fits best at first.

use super::look::{CHARACTER, Looks, STOPPING, Shape, likeness, looks, nearest, sample};
use super::{Content, PATTERNS, STARTS, VALUES, content, is_checked};
use crate::line::Line;
use crate::number::within;
use crate::order;

/// Characters of a symbol at most, start and check included.
const CHARACTERS_MAX: usize = 46;
/// Characters at least: start, one of data, check.
const CHARACTERS_MIN: usize = 3;
/// Modules of light before the start and behind the stop. The standard wants ten; labels are cut.
const QUIET: f32 = 5.0;
/// How light a quiet zone's darkest place must be.
const QUIET_MIN: f32 = 0.5;
/// Modules beside a quiet zone by which it is judged.
const BESIDE: f32 = 24.0;
/// Smallest module that is tried, in pixels.
const MODULE_MIN: f32 = 0.7;
/// Blur of a good camera, in pixels.
const BLUR: f32 = 0.62;
/// Contrast of a start character, and of any other.
const CONTRAST_START: f32 = 30.0;
const CONTRAST_MIN: f32 = 12.0;
/// How alike a start, a stop, any other character must be.
const START_MIN: f32 = 0.72;
const STOP_MIN: f32 = 0.75;
const CHARACTER_MIN: f32 = 0.45;
/// Mean misfit at most, on the way and at the end.
const MISFIT_MAX: f32 = 0.26;
/// Ways to begin that are kept.
const STARTS_MAX: usize = 8;
/// Edges that are tried as beginnings.
const EDGES_MAX: usize = 14;
/// Part of a line in which a symbol may begin.
const BEGINNING: f32 = 0.12;
/// Characters that are looked at closely.
const CLOSELY: usize = 16;
/// Ways on from a character.
const WAYS: usize = 3;
const OFFSETS: [f32; 5] = [-0.3, -0.15, 0.0, 0.15, 0.3];
const SCALES: [f32; 3] = [0.965, 1.0, 1.035];
/// How much of a surprise in width moves the guess, and how much its trend.
const GAIN: f32 = 0.45;
const TREND_GAIN: f32 = 0.12;

/// How much may still be done. A unit is about one character compared with all others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort(pub(crate) usize);

impl Effort {
    pub(crate) fn is_spent(self) -> bool {
        self.0 == 0
    }

    fn spend(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

/// Where a symbol may begin, and how wide its modules are there, both in steps of the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    at: f32,
    module: f32,
    value: u8,
    blur: usize,
    pub(crate) likeness: f32,
}

/// A symbol that was followed to its end.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) content: Content,
    /// Its characters, start and check included.
    pub(crate) characters: usize,
    /// Mean misfit of its characters.
    pub(crate) misfit: f32,
    /// How alike its least alike character is.
    pub(crate) worst: f32,
    /// By how much each character was more alike than any other; the least.
    pub(crate) lead: f32,
}

#[derive(Clone)]
struct Path {
    at: f32,
    module: f32,
    trend: f32,
    values: Vec<u8>,
    misfit: f32,
    worst: f32,
    lead: f32,
}

/// Where a symbol may begin on a line, the most likely first.
pub(crate) fn starts(line: &Line) -> Vec<Start> {
    let mut found: Vec<Start> = Vec::new();
    for edge in edges(line) {
        for module in modules(line, edge) {
            found.extend(starts_at(line, edge, module));
        }
    }
    order::sort(&mut found, |start| -start.likeness);
    let mut kept: Vec<Start> = Vec::new();
    for start in found {
        let is_near = |other: &Start| {
            other.value == start.value
                && (other.at - start.at).abs() < 0.5 * start.module
                && (other.module / start.module - 1.0).abs() < 0.03
        };
        if !kept.iter().any(is_near) {
            kept.push(start);
        }
        if kept.len() == STARTS_MAX {
            break;
        }
    }
    kept.iter_mut().for_each(|start| start.sharpen(line));
    order::sort(&mut kept, |start| -start.likeness);
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
    let Some((shape, contrast)) = sample::<CHARACTER>(line, edge, module) else {
        return Vec::new();
    };
    if contrast < CONTRAST_START {
        return Vec::new();
    }
    let blur = nearest(BLUR / line.step / module);
    let characters = &looks()[blur].characters;
    let alike = |value: &u8| likeness(&shape, &characters[usize::from(*value)]);
    let mut found: Vec<Start> = Vec::new();
    for value in STARTS {
        let likeness = alike(&value);
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
    let before = (edge - QUIET * module, edge - module);
    let bars = (edge, edge + BESIDE * module);
    if found.is_empty() || line.lightness(before, bars) <= QUIET_MIN {
        return Vec::new();
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
        let best = from.climbed(steps, |(at, module)| {
            let (shape, _) = sample::<CHARACTER>(line, at, module)?;
            Some(likeness(&shape, look))
        });
        self.likeness = best.likeness;
        (self.at, self.module) = best.place;
    }
}

/// Two figures and how good they are together.
#[derive(Clone, Copy)]
struct Found {
    likeness: f32,
    place: (f32, f32),
}

/// Ways to change two figures: one of them, or both against each other.
const MOVES: [(f32, f32); 6] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (1.0, -1.0),
    (-1.0, 1.0),
];
/// Rounds of changing them.
const ROUNDS: usize = 4;

impl Found {
    /// Changed step by step as long as it becomes better.
    fn climbed(self, steps: (f32, f32), good: impl Fn((f32, f32)) -> Option<f32>) -> Self {
        let mut best = self;
        let mut reach = 1.0;
        for _ in 0..ROUNDS {
            let before = best.likeness;
            for (first, second) in MOVES {
                let place = (
                    best.place.0 + first * reach * steps.0,
                    best.place.1 + second * reach * steps.1,
                );
                if let Some(likeness) = good(place).filter(|good| *good > best.likeness) {
                    best = Self { likeness, place };
                }
            }
            if best.likeness <= before {
                reach *= 0.5;
            }
        }
        best
    }
}

/// Follows a symbol from its start, `beam` ways at once.
pub(crate) fn follow(
    line: &Line,
    start: &Start,
    beam: usize,
    effort: &mut Effort,
) -> Vec<Candidate> {
    debug_assert_eq!(PATTERNS.len(), VALUES + STARTS.len());
    let looks = &looks()[start.blur];
    let mut found = Vec::new();
    let mut paths = vec![Path {
        at: start.at + 11.0 * start.module,
        module: start.module,
        trend: 0.0,
        values: vec![start.value],
        misfit: 1.0 - start.likeness,
        worst: start.likeness,
        lead: 1.0,
    }];
    while let Some(first) = paths.first()
        && first.values.len() < CHARACTERS_MAX
        && !effort.is_spent()
    {
        let mut next = Vec::new();
        for path in &paths {
            effort.spend();
            found.extend(path.ended(line, looks));
            next.extend(path.steps(line, looks, if beam == 1 { 1 } else { WAYS }));
        }
        next.retain(|path: &Path| path.values.len() < 4 || path.mean_misfit() < MISFIT_MAX);
        order::sort(&mut next, |path| path.misfit);
        next.truncate(beam);
        paths = next;
    }
    found
}

/// What is looked for a little off and a little wider counts a little less.
fn strain(offset: f32, scale: f32) -> f32 {
    0.05 * offset * offset + 12.0 * (scale - 1.0) * (scale - 1.0)
}

/// A character at its best place and width.
#[derive(Clone, Copy, Debug)]
struct Fit {
    likeness: f32,
    offset: f32,
    scale: f32,
}

impl Path {
    #[expect(clippy::cast_precision_loss, reason = "a few dozen characters")]
    fn mean_misfit(&self) -> f32 {
        self.misfit / self.values.len() as f32
    }

    /// The symbol, if it stops here.
    fn ended(&self, line: &Line, looks: &Looks) -> Option<Candidate> {
        if self.values.len() < CHARACTERS_MIN || !is_checked(&self.values) {
            return None;
        }
        let fits = OFFSETS.iter().filter_map(|offset| {
            let at = self.at + offset * self.module;
            let (shape, _) = sample::<STOPPING>(line, at, self.module)?;
            Some((likeness(&shape, &looks.stop), at))
        });
        let (likeness, at) = fits.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let end = at + 13.0 * self.module;
        let behind = (end + self.module, end + QUIET * self.module);
        let bars = (end - BESIDE * self.module, end);
        if likeness < STOP_MIN || line.lightness(behind, bars) <= QUIET_MIN {
            return None;
        }
        let (_, values) = self.values.split_last()?;
        Some(Candidate {
            content: content(values)?,
            characters: self.values.len(),
            misfit: self.mean_misfit(),
            worst: self.worst.min(likeness),
            lead: self.lead,
        })
    }

    /// The characters that may stand next.
    fn steps(&self, line: &Line, looks: &Looks, ways: usize) -> Vec<Self> {
        let Some(mut fits) = self.fits(line, looks) else {
            return Vec::new();
        };
        order::sort(&mut fits, |(_, fit)| -fit.likeness);
        let (best, second) = (fits[0].1.likeness, fits[1].1.likeness);
        let ways = fits.iter().take(ways).zip(0..);
        let good = ways.filter(|((_, fit), _)| fit.likeness > CHARACTER_MIN);
        good.map(|((value, fit), rank)| {
            let lead = if rank == 0 {
                best - second
            } else {
                fit.likeness - best
            };
            let look = &looks.characters[usize::from(*value)];
            self.then(*value, fit.refined(line, self, look), lead)
        })
        .collect()
    }

    fn then(&self, value: u8, fit: Fit, lead: f32) -> Self {
        let module = self.module * fit.scale;
        let surprise = module - self.module;
        let limit = 0.02 * self.module;
        let trend = within(self.trend + TREND_GAIN * surprise, -limit, limit);
        let mut values = self.values.clone();
        values.push(value);
        Self {
            at: self.at + fit.offset * self.module + 11.0 * module,
            module: self.module + GAIN * surprise + trend,
            trend,
            values,
            misfit: self.misfit + 1.0 - fit.likeness,
            worst: self.worst.min(fit.likeness),
            lead: self.lead.min(lead),
        }
    }

    /// Every character where it fits best; only those that are somewhat alike are looked at closely.
    fn fits(&self, line: &Line, looks: &Looks) -> Option<Vec<(u8, Fit)>> {
        let (shape, contrast) = sample::<CHARACTER>(line, self.at, self.module)?;
        if contrast < CONTRAST_MIN {
            return None;
        }
        let mut fits: Vec<(u8, Fit)> = Vec::with_capacity(CLOSELY + 1);
        for (value, look) in (0_u8..).zip(&looks.characters[..VALUES]) {
            let fit = Fit {
                likeness: likeness(&shape, look),
                offset: 0.0,
                scale: 1.0,
            };
            // Of those before it, few are less alike: the list is kept in order.
            let is_before = |other: &(u8, Fit)| other.1.likeness >= fit.likeness;
            let place = fits.iter().rposition(is_before).map_or(0, |last| last + 1);
            if place < CLOSELY {
                fits.insert(place, (value, fit));
                fits.truncate(CLOSELY);
            }
        }
        for scale in SCALES {
            for offset in OFFSETS {
                let at = self.at + offset * self.module;
                let Some((shape, _)) = sample::<CHARACTER>(line, at, self.module * scale) else {
                    continue;
                };
                for (value, fit) in &mut fits {
                    let look = &looks.characters[usize::from(*value)];
                    let likeness = likeness(&shape, look) - strain(offset, scale);
                    if likeness > fit.likeness {
                        *fit = Fit {
                            likeness,
                            offset,
                            scale,
                        };
                    }
                }
            }
        }
        Some(fits)
    }
}

impl Fit {
    /// Moved and stretched a little until it fits no better.
    fn refined(self, line: &Line, path: &Path, look: &Shape<CHARACTER>) -> Self {
        let from = Found {
            likeness: self.likeness,
            place: (self.offset, self.scale),
        };
        let best = from.climbed((0.08, 0.018), |(offset, scale)| {
            let is_near = offset.abs() <= 0.5 && (scale - 1.0).abs() <= 0.08;
            let at = path.at + offset * path.module;
            let shape = is_near.then(|| sample::<CHARACTER>(line, at, path.module * scale))?;
            Some(likeness(&shape?.0, look) - strain(offset, scale))
        });
        Self {
            likeness: best.likeness,
            offset: best.place.0,
            scale: best.place.1,
        }
    }
}
