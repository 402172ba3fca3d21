//! A patch, straightened.
//!
//! In: a picture and a patch. Out: one line of the patch, summed strip by strip, each piece of a strip moved to where it
//! fits what was summed before. Must not: take in what is not the same bars: letters below them, or the label's rim.
//!
//! A label lies over what it sticks to, and its bars are not straight; and how they lean was taken from edges, whose
//! direction is uncertain where bars are hardly wider than pixels.

use crate::field::Patch;
use crate::frame::Frame;
use crate::line::{Line, Strip, between};
use crate::number::{alike, floor, real, within};
use crate::order;

/// Height of a strip, in pixels.
const HEIGHT: f32 = 6.0;
/// Strips on each side of the middle one, at most.
const BESIDE_MAX: usize = 6;
/// Part of the patch's height that is looked at.
const PART: f32 = 0.9;
/// Length of a piece, in pixels. Each begins in the middle of the one before.
const PIECE: f32 = 48.0;
/// Steps of a line by which a piece is moved, from where the strip before it says it is: at most, and at most when only
/// the patch says it.
const FAR: usize = 4;
const FAR_FIRST: usize = 10;
/// How much less alike a piece counts per squared step it is moved.
const STRAIN: f32 = 0.002;
/// How alike the pieces of two strips of the same bars are, on the whole.
const ALIKE_MIN: f32 = 0.6;
/// How far from most a piece's lean may be to count.
const LEAN_BESIDE: f32 = 0.1;
/// Pieces from which it is known how the lean changes.
const CHANGING_MIN: usize = 6;

/// A patch's line of straightened bars. The patch's lean is set right on the way.
pub(crate) fn straightened(frame: &Frame<'_>, patch: &mut Patch) -> Line {
    let beside = floor(PART * patch.half_height / HEIGHT - 0.5).clamp(1, BESIDE_MAX);
    let half = PART / (2.0 * real(beside) + 1.0);
    true_up(frame, patch, half);
    let strip = |middle: f32| Line::of(frame, patch, Strip { middle, half });
    let mut sum = strip(0.0);
    let mut count = 1.0;
    let pieces = Pieces::of(&sum);
    for side in [-2.0 * half, 2.0 * half] {
        let leans = pieces.leans(patch, &sum, side);
        let mut guess = leans.clone();
        for away in 1..=beside {
            let line = strip(side * real(away));
            let fits = pieces.fits(&sum, &line, &guess, FAR);
            let alike: f32 = fits.iter().map(|fit| fit.alike).sum();
            if alike < ALIKE_MIN * real(fits.len()) {
                break;
            }
            let moved = smoothed(&fits);
            pieces.add(&mut sum, &line, &moved);
            let next = moved.iter().zip(&leans).map(|(moved, lean)| moved + lean);
            guess = next.collect();
            count += 1.0;
        }
    }
    sum.values.iter_mut().for_each(|value| *value /= count);
    sum
}

/// Sets a patch's lean right, by where the pieces of one of its strips are on another.
fn true_up(frame: &Frame<'_>, patch: &mut Patch, half: f32) {
    let [line, next] = [-half, half].map(|middle| Line::of(frame, patch, Strip { middle, half }));
    let pieces = Pieces::of(&line);
    let guess = pieces.leans(patch, &line, 2.0 * half);
    let apart = 2.0 * half * patch.half_height / line.step;
    let fits = pieces.fits(&line, &next, &guess, FAR_FIRST);
    let places = (0..fits.len()).map(|at| pieces.place(&line, at));
    let fitting = fits.iter().zip(&guess).zip(places);
    let fitting = fitting.filter(|((fit, _), _)| fit.alike > ALIKE_MIN);
    let mut leans: Vec<(f32, f32)> = fitting
        .map(|((fit, guess), place)| (place, (guess - fit.moved) / apart))
        .collect();
    order::sort(&mut leans, |(_, lean)| *lean);
    let Some(&(_, most)) = leans.get(leans.len() / 2) else {
        return;
    };
    leans.retain(|(_, lean)| (lean - most).abs() < LEAN_BESIDE);
    // A straight line through them.
    let count = real(leans.len());
    let mut sums = [0.0; 4];
    for (place, lean) in &leans {
        let products = [*place, *lean, place * place, place * lean];
        sums.iter_mut()
            .zip(products)
            .for_each(|(sum, product)| *sum += product);
    }
    let [places, all, squares, products] = sums;
    let spread = count * squares - places * places;
    let change = if leans.len() < CHANGING_MIN {
        0.0
    } else {
        (count * products - places * all) / within(spread, 1.0, f32::MAX)
    };
    patch.lean += (all - change * places) / count;
    patch.lean_change += change;
}

/// How a line is cut into pieces.
struct Pieces {
    /// Steps from one piece's beginning to the next one's; a piece is as long again.
    half: usize,
    count: usize,
}

/// A piece where it fits best.
struct Fit {
    alike: f32,
    /// Steps by which the other line has it further on.
    moved: f32,
}

impl Pieces {
    fn of(line: &Line) -> Self {
        let half = floor(PIECE / 2.0 / line.step);
        Self {
            half,
            count: line.values.len() / half - 1,
        }
    }

    /// A piece's middle, in pixels from that of the line.
    fn place(&self, line: &Line, at: usize) -> f32 {
        (real((at + 1) * self.half) - real(line.values.len()) / 2.0) * line.step
    }

    /// By how many steps the patch says that pieces are further on in a strip so much higher, as a part of the half height.
    fn leans(&self, patch: &Patch, line: &Line, higher: f32) -> Vec<f32> {
        let apart = higher * patch.half_height / line.step;
        let lean = |at| patch.lean + patch.lean_change * self.place(line, at);
        (0..self.count).map(|at| -apart * lean(at)).collect()
    }

    /// Where the pieces of a line are on another, near where they are guessed to be.
    fn fits(&self, line: &Line, other: &Line, guess: &[f32], far: usize) -> Vec<Fit> {
        let pieces = line.values.windows(2 * self.half).step_by(self.half);
        let places = pieces.zip((0..).step_by(self.half));
        let fits = places.zip(guess).map(|((piece, from), &guess)| {
            let mut best = Fit {
                alike: -1.0,
                moved: guess,
            };
            for step in 0..=2 * far {
                let more = real(step) - real(far);
                let alike =
                    alike_at(piece, other, real(from) + guess + more) - STRAIN * more * more;
                if alike > best.alike {
                    best = Fit {
                        alike,
                        moved: guess + more,
                    };
                }
            }
            best
        });
        fits.collect()
    }

    /// Adds a line to another, its pieces moved, and what lies between their middles by as much as lies between.
    fn add(&self, sum: &mut Line, line: &Line, moved: &[f32]) {
        for (at, value) in sum.values.iter_mut().enumerate() {
            let place = within(real(at) / real(self.half) - 1.0, 0.0, real(self.count));
            *value += line.at(real(at) + between(moved, place));
        }
    }
}

/// Each the middle one of three: what fits elsewhere by chance is not gone after.
fn smoothed(fits: &[Fit]) -> Vec<f32> {
    let moved = |at: usize| fits[at.min(fits.len() - 1)].moved;
    let middle = |at: usize| {
        let [a, b, c] = [moved(at.saturating_sub(1)), moved(at), moved(at + 1)];
        a.max(b).min(a.min(b).max(c))
    };
    (0..fits.len()).map(middle).collect()
}

/// How alike a piece is to another line from a place on.
fn alike_at(piece: &[f32], line: &Line, from: f32) -> f32 {
    alike(
        piece
            .iter()
            .zip(0..)
            .map(|(value, at)| (*value, line.at(from + real(at)))),
    )
}
