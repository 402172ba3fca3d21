//! From one character to the next.
//!
//! In: a line and a place where a symbol may begin. Out: what it may say. Must not: take what the check value does
//! not fit, or what has no quiet zones.
//!
//! The width of a module changes along a tilted label, so each character is looked for a little before and behind
//! where the last one ended, a little wider and narrower, and what was found moves the guess for the next. Several
//! ways are followed side by side; the one that fits best on the whole wins, not the one that fits best at first.

use super::begin::Start;
use super::look::{CHARACTER, Looks, STOPPING, Shape, fit, likeness, looks, sample};
use super::{Content, PATTERNS, STARTS, VALUES, content, is_checked};
use crate::line::Line;
use crate::number::{real, within};
use crate::order;

/// Characters of a symbol at most, start and check included.
const CHARACTERS_MAX: usize = 46;
/// Characters at least: start, one of data, check.
const CHARACTERS_MIN: usize = 3;
/// Modules of light before the start and behind the stop. The standard wants ten; labels are cut.
pub(super) const QUIET: f32 = 5.0;
/// How light a quiet zone's darkest place must be.
pub(super) const QUIET_MIN: f32 = 0.5;
/// Modules beside a quiet zone by which it is judged.
pub(super) const BESIDE: f32 = 24.0;
/// Contrast of a character: at least, and as a part of that of the one before.
const CONTRAST_MIN: f32 = 12.0;
const CONTRAST_PART: f32 = 0.15;
/// How alike a stop, any other character must be.
const STOP_MIN: f32 = 0.75;
const CHARACTER_MIN: f32 = 0.45;
/// Misfit at most, on the way and at the end: of a character, and of all together besides. Of some two hundred tags that
/// were read, the corpus' and drawn ones of hardly a pixel a module, none came to more than two thirds of this.
const MISFIT_MAX: f32 = 0.065;
const MISFIT_BESIDES: f32 = 0.35;
/// A symbol for certain: its characters at least, their mean misfit at most, that of the one before the last, and the
/// greatest blur at which characters cannot be confused. One that was followed past its end fits badly there for longer.
const SYMBOL_MIN: usize = 8;
const SYMBOL_MISFIT: f32 = 0.05;
const SYMBOL_LAST: f32 = 0.03;
const SYMBOL_BLUR: usize = 2;
/// How alike what may have been a stop is.
const STOP_LIKE: f32 = 0.5;
/// Characters that are looked at closely: at most, and how much less alike than the best.
const CLOSELY: usize = 16;
const CLOSELY_BEHIND_MAX: f32 = 0.35;
/// How alike a character is that fits no better for being moved.
const FITS_WELL: f32 = 0.985;
/// Ways on from a character.
const WAYS: usize = 3;
/// How much less alike than the best the next way may be.
const BEHIND_MAX: f32 = 0.15;
const OFFSETS: [f32; 5] = [-0.3, -0.15, 0.0, 0.15, 0.3];
const SCALES: [f32; 5] = [0.93, 0.965, 1.0, 1.035, 1.07];
/// How much of a surprise in width moves the guess, and how much its trend; and the trend at most, per module. On a
/// crumpled label the width changes by a twentieth from one character to the next.
const GAIN: f32 = 0.8;
const TREND_GAIN: f32 = 0.12;
const TREND_MAX: f32 = 0.04;

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
    /// Where its stop ends, in steps of the line.
    pub(crate) end: f32,
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
    /// Contrast of its last character.
    contrast: f32,
    /// Misfit of its last two characters.
    last: [f32; 2],
}

/// Two figures and how good they are together.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) likeness: f32,
    pub(super) place: (f32, f32),
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
    /// Changed step by step as long as it becomes better; given up when it is not as good as `least` after the first round.
    pub(super) fn climbed(
        self,
        steps: (f32, f32),
        least: f32,
        good: impl Fn((f32, f32)) -> Option<f32>,
    ) -> Self {
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
            if best.likeness < least {
                break;
            }
            if best.likeness <= before {
                reach *= 0.5;
            }
        }
        best
    }
}

/// What came of following a symbol.
#[derive(Default)]
pub(crate) struct Followed {
    /// What it may say.
    pub(crate) candidates: Vec<Candidate>,
    /// It is one, and breaks off before its end.
    pub(crate) is_torn: bool,
}

/// Follows a symbol from its start, `beam` ways at once.
pub(crate) fn follow(line: &Line, start: &Start, beam: usize, effort: &mut Effort) -> Followed {
    debug_assert_eq!(PATTERNS.len(), VALUES + STARTS.len());
    let looks = &looks()[start.blur];
    let mut found = Followed::default();
    let mut paths = vec![Path {
        at: start.at + 11.0 * start.module,
        module: start.module,
        trend: 0.0,
        values: vec![start.value],
        misfit: 1.0 - start.likeness,
        worst: start.likeness,
        lead: 1.0,
        contrast: 0.0,
        last: [0.0; 2],
    }];
    while let Some(first) = paths.first()
        && first.values.len() < CHARACTERS_MAX
        && !effort.is_spent()
    {
        let mut steps = Vec::new();
        for path in &paths {
            effort.spend();
            found.candidates.extend(path.ended(line, looks));
            let ways = path.steps(line, looks, if beam == 1 { 1 } else { WAYS });
            let is_clear = start.blur <= SYMBOL_BLUR && found.candidates.is_empty();
            found.is_torn |= is_clear && ways.is_empty() && path.is_torn(line, looks);
            steps.extend(ways);
        }
        // Only what is gone on with is looked at more closely.
        order::sort(&mut steps, Step::misfit);
        steps.truncate(beam);
        let steps = steps.into_iter();
        let mut next: Vec<Path> = steps.map(|step| step.taken(line, looks)).collect();
        next.retain(Path::is_hopeful);
        order::sort(&mut next, |path| path.misfit);
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
    fn mean_misfit(&self) -> f32 {
        self.misfit / real(self.values.len())
    }

    fn is_hopeful(&self) -> bool {
        self.misfit < MISFIT_BESIDES + MISFIT_MAX * real(self.values.len())
    }

    /// Whether it breaks off here: a symbol it was for certain, what follows is blank, and no stop was taken for something
    /// else. It may be torn, or light may lie on it.
    fn is_torn(&self, line: &Line, looks: &Looks) -> bool {
        let next = sample::<CHARACTER>(line, self.at, self.module);
        let is_blank = next.is_some_and(|(_, contrast)| self.is_blank(contrast));
        let is_stop = |back: f32| {
            let at = self.at - back * self.module;
            let alike = fit::<STOPPING>(line, at, self.module, &looks.stop);
            alike.is_some_and(|alike| alike > STOP_LIKE)
        };
        is_blank
            && self.values.len() >= SYMBOL_MIN
            && self.mean_misfit() < SYMBOL_MISFIT
            && self.last[0] < SYMBOL_LAST
            && ![11.0, 13.0, 22.0, 24.0].into_iter().any(is_stop)
    }

    /// Whether there is no character where there is so much contrast.
    fn is_blank(&self, contrast: f32) -> bool {
        contrast < CONTRAST_MIN.max(CONTRAST_PART * self.contrast)
    }

    /// The symbol, if it stops here.
    fn ended(&self, line: &Line, looks: &Looks) -> Option<Candidate> {
        if self.values.len() < CHARACTERS_MIN || !is_checked(&self.values) {
            return None;
        }
        let fits = OFFSETS.iter().filter_map(|offset| {
            let at = self.at + offset * self.module;
            let alike = fit::<STOPPING>(line, at, self.module, &looks.stop)?;
            Some((alike, at))
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
            end,
        })
    }

    /// The characters that may stand next.
    fn steps(&self, line: &Line, looks: &Looks, ways: usize) -> Vec<Step<'_>> {
        let Some((mut fits, contrast)) = self.fits(line, looks) else {
            return Vec::new();
        };
        order::sort(&mut fits, |(_, fit)| -fit.likeness);
        let (best, second) = (fits[0].1.likeness, fits[1].1.likeness);
        let ways = fits.iter().take(ways).zip(0..);
        let least = CHARACTER_MIN.max(best - BEHIND_MAX);
        let good = ways.filter(|((_, fit), _)| fit.likeness > least);
        good.map(|((value, fit), rank)| Step {
            path: self,
            value: *value,
            fit: *fit,
            lead: if rank == 0 {
                best - second
            } else {
                fit.likeness - best
            },
            contrast,
        })
        .collect()
    }

    fn then(&self, value: u8, fit: Fit, lead: f32, contrast: f32) -> Self {
        let module = self.module * fit.scale;
        let surprise = module - self.module;
        let limit = TREND_MAX * self.module;
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
            contrast,
            last: [self.last[1], 1.0 - fit.likeness],
        }
    }

    /// Every character where it fits best, and their contrast; only those that are somewhat alike are looked at closely.
    fn fits(&self, line: &Line, looks: &Looks) -> Option<(Vec<(u8, Fit)>, f32)> {
        let (shape, contrast) = sample::<CHARACTER>(line, self.at, self.module)?;
        if self.is_blank(contrast) {
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
        let least = fits[0].1.likeness - CLOSELY_BEHIND_MAX;
        let near = fits.iter().filter(|(_, fit)| fit.likeness >= least);
        // How far ahead the first is, the second says.
        fits.truncate(near.count().max(2));
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
        Some((fits, contrast))
    }
}

/// A path and the character that may stand next on it.
struct Step<'a> {
    path: &'a Path,
    value: u8,
    fit: Fit,
    lead: f32,
    contrast: f32,
}

impl Step<'_> {
    fn misfit(&self) -> f32 {
        self.path.misfit + 1.0 - self.fit.likeness
    }

    fn taken(self, line: &Line, looks: &Looks) -> Path {
        let look = &looks.characters[usize::from(self.value)];
        let fit = if self.fit.likeness < FITS_WELL {
            self.fit.refined(line, self.path, look)
        } else {
            self.fit
        };
        self.path.then(self.value, fit, self.lead, self.contrast)
    }
}

impl Fit {
    /// Moved and stretched a little until it fits no better.
    fn refined(self, line: &Line, path: &Path, look: &Shape<CHARACTER>) -> Self {
        let from = Found {
            likeness: self.likeness,
            place: (self.offset, self.scale),
        };
        let best = from.climbed((0.08, 0.018), 0.0, |(offset, scale)| {
            let is_near = offset.abs() <= 0.5 && (scale - 1.0).abs() <= 0.08;
            let at = path.at + offset * path.module;
            let alike = is_near.then(|| fit(line, at, path.module * scale, look))?;
            Some(alike? - strain(offset, scale))
        });
        Self {
            likeness: best.likeness,
            offset: best.place.0,
            scale: best.place.1,
        }
    }
}
