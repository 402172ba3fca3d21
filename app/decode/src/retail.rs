//! UPC and EAN.
//!
//! In: a picture. Out: the product codes in it. Must not: believe one line of pixels; a single check digit lets every
//! tenth accident pass.
//!
//! Lines are laid across and down, so that a bottle may stand or lie. On each, bars are measured finer than pixels.

use domain::code::Symbology;
use domain::code::sight::Sighting;

use crate::frame::{Frame, whole};
use crate::number::real;
use crate::order;
use crate::turns::Turns;
use digits::Kind;

/// Every so many rows one is looked at, and every so many columns.
const STEPS: (usize, usize) = (8, 12);
/// Lines that must say the same, for a code of twelve digits and more, and for one of eight, which accidents look like
/// more often.
const AGREEING: (usize, usize) = (2, 4);
/// Digits from which a code counts as a long one.
const LONG: usize = 12;
/// Lines with a code that are kept of one picture. A picture full of codes has fewer.
const LINES_MAX: usize = 1_000;
/// Codes that are told of one picture.
const FOUND_MAX: usize = 8;

/// A line on which a code was read.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    kind: Kind,
    /// It goes down the picture, not across.
    is_down: bool,
    /// Where it lies: its row, or its column.
    at: f32,
    /// Where the code begins and ends on it.
    ends: (f32, f32),
}

impl Line {
    /// Whether most of the shorter one lies beside the other.
    fn is_beside(&self, other: &Self) -> bool {
        let shared = self.ends.1.min(other.ends.1) - self.ends.0.max(other.ends.0);
        let shorter = (self.ends.1 - self.ends.0).min(other.ends.1 - other.ends.0);
        self.is_down == other.is_down && shared > 0.5 * shorter
    }
}

/// Adds what is there.
pub(crate) fn read(frame: &Frame<'_>, found: &mut Vec<Sighting>) {
    let mut lines = Vec::new();
    let mut turns = Turns::default();
    let mut light = Vec::new();
    for row in (STEPS.0 / 2..frame.height() - 1).step_by(STEPS.0) {
        // Two rows are quieter than one.
        let pixels = frame.row(row).iter().zip(frame.row(row + 1));
        light.clear();
        light.extend(pixels.map(|(a, b)| 0.5 * (f32::from(*a) + f32::from(*b))));
        look(&light, &mut turns, (row, false), &mut lines);
    }
    for column in (STEPS.1 / 2..frame.width() - 1).step_by(STEPS.1) {
        let pixels = frame.luma().chunks_exact(frame.width());
        light.clear();
        light.extend(pixels.map(|row| 0.5 * (f32::from(row[column]) + f32::from(row[column + 1]))));
        look(&light, &mut turns, (column, true), &mut lines);
    }
    agree(lines, found);
}

fn look(light: &[f32], turns: &mut Turns, at: (usize, bool), lines: &mut Vec<Line>) {
    for sharpened in [None, Some(1)] {
        turns.find(light, sharpened);
        let before = lines.len();
        codes(turns, light.len(), at, lines);
        // What is blurred is looked at again, sharpened; unless there is next to nothing.
        if lines.len() > before || turns.places.len() < digits::TURNS_MIN / 2 {
            break;
        }
    }
}

/// Adds the codes on a line, in both directions.
fn codes(turns: &mut Turns, count: usize, (at, is_down): (usize, bool), lines: &mut Vec<Line>) {
    if turns.places.len() < digits::TURNS_MIN {
        return;
    }
    turns.mirror(count);
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    let (at, length) = (at as f32 + 1.0, count as f32);
    for (places, is_mirrored) in [(&turns.places, false), (&turns.mirrored, true)] {
        digits::each(places, |read| {
            if lines.len() >= LINES_MAX {
                return;
            }
            // A value lies in the middle of its pixel.
            let (from, to) = (read.ends.0 + 0.5, read.ends.1 + 0.5);
            let mirrored = (length - to, length - from);
            lines.push(Line {
                text: read.text,
                kind: read.kind,
                is_down,
                at,
                ends: if is_mirrored { mirrored } else { (from, to) },
            });
        });
    }
}

/// Of what lies in one place, what most lines say, if they are enough and hardly any says something else.
fn agree(lines: Vec<Line>, found: &mut Vec<Sighting>) {
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let is_same = |last: &Line| last.text == line.text && last.is_beside(&line);
        let group = groups
            .iter_mut()
            .find(|group| group.last().is_some_and(is_same));
        match group {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    order::sort(&mut groups, |group| -real(group.len()));
    let is_believed = |group: &&Vec<Line>| {
        let is_long = group.first().is_some_and(|line| line.text.len() >= LONG);
        let needed = if is_long { AGREEING.0 } else { AGREEING.1 };
        let is_denied =
            |other: &Vec<Line>| 2 * other.len() > group.len() && contradicts(other, group);
        group.len() >= needed && !groups.iter().any(is_denied)
    };
    for group in groups.iter().filter(is_believed).take(FOUND_MAX) {
        // Twice in a picture is once.
        let is_new = |sighting: &Sighting| found.iter().all(|known| known.text != sighting.text);
        let sighting = sighting(group).filter(is_new);
        found.extend(sighting);
    }
}

/// Whether two groups say different things of one place.
fn contradicts(one: &[Line], other: &[Line]) -> bool {
    let span = |group: &[Line]| Some((group.first()?.at, group.last()?.at));
    let (Some(a), Some(b)) = (span(one), span(other)) else {
        return false;
    };
    one[0].text != other[0].text && one[0].is_beside(&other[0]) && a.0 <= b.1 && b.0 <= a.1
}

fn sighting(group: &[Line]) -> Option<Sighting> {
    let (first, last) = (group.first()?, group.last()?);
    let corners = [
        (first.ends.0, first.at),
        (first.ends.1, first.at),
        (last.ends.1, last.at),
        (last.ends.0, last.at),
    ];
    let corners = corners.map(|(along, at)| {
        let (across, down) = if first.is_down {
            (at, along)
        } else {
            (along, at)
        };
        whole((across, down))
    });
    Some(Sighting {
        text: first.text.clone(),
        symbology: match first.kind {
            Kind::UpcA => Symbology::UpcA,
            Kind::UpcE => Symbology::UpcE,
            Kind::Ean13 => Symbology::Ean13,
            Kind::Ean8 => Symbology::Ean8,
        },
        corners,
    })
}

/// From widths to digits.
mod digits;
