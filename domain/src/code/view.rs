//! Codes in a camera's view, from one picture to the next.
//!
//! In: the codes in each picture, which of them the step in front would accept, and the time. Out: the one code that
//! is read now, if any. Must not: read a code twice while it stays in view, count one unit by two of its codes,
//! choose among codes when the step does not, or have a printed command obeyed because it is in view.

use super::{Code, Grade};

/// How long a code must be out of view before it counts as another one, in milliseconds. A code that blinks in and
/// out because the hand shakes stays the same.
pub const AWAY_MS: u64 = 1_000;
/// Pictures without it that this takes besides: a busy device looks at few, and must not take one missed look for an
/// absence.
const AWAY_LOOKS_MIN: u32 = 3;
/// Pictures in which a code must be that the step does not want, before that is said.
const LOOKS_MIN: u32 = 2;
/// How long a code that proves no package must be there alone, in milliseconds: a maker's code is often read first,
/// from the same label on which the tag stands.
const WEAK_MS: u64 = 700;
/// Codes that are remembered.
const KNOWN_MAX: usize = 64;

/// A code in a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InView {
    /// As it was read.
    pub text: String,
    /// What it means.
    pub code: Code,
    /// The step in front would accept it.
    pub fits: bool,
    /// The step in front would obey it, with nothing in anybody's hand: a printed command. Lying in view it says nothing
    /// about what people want, so they are asked.
    pub asks: bool,
    /// It lies wholly in the frame that people aim by.
    pub is_aimed: bool,
}

/// What is to be done about a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing, or nothing yet.
    Nothing,
    /// This one is read.
    Read(usize),
    /// This one is shown to the person, who says whether it is meant.
    Ask(usize),
    /// What is in view was read already.
    Counted,
    /// Several could be meant, and nobody but the person knows which.
    Several,
}

/// What has been in view lately.
#[derive(Clone, Debug, Default)]
pub struct View {
    known: Vec<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    text: String,
    code: Code,
    first: u64,
    last: u64,
    looks: u32,
    missed: u32,
    was_read: bool,
}

impl View {
    /// Takes the codes of one picture. `now` is in milliseconds and never goes back.
    pub fn look(&mut self, now: u64, codes: &[InView]) -> Due {
        self.known.retain(|known| {
            now.saturating_sub(known.last) < AWAY_MS || known.missed < AWAY_LOOKS_MIN
        });
        for known in &mut self.known {
            known.missed = known.missed.saturating_add(1);
        }
        for code in codes {
            self.notice(now, code);
        }
        let fresh: Vec<usize> = (0..codes.len())
            .filter(|at| !self.is_read(&codes[*at]))
            .collect();
        let due = if fresh.is_empty() && !codes.is_empty() {
            Due::Counted
        } else {
            self.choose(now, codes, &fresh)
        };
        if let Due::Read(at) | Due::Ask(at) = due {
            self.mark(&codes[at].text);
        }
        due
    }

    fn notice(&mut self, now: u64, code: &InView) {
        if let Some(known) = self.known.iter_mut().find(|known| known.text == code.text) {
            known.last = now;
            known.missed = 0;
            known.looks = known.looks.saturating_add(1);
        } else if self.known.len() < KNOWN_MAX {
            self.known.push(Known {
                text: code.text.clone(),
                code: code.code.clone(),
                first: now,
                last: now,
                looks: 1,
                missed: 0,
                was_read: false,
            });
        }
    }

    /// Whether this code, or another that may stand on the same unit, was read and is still about.
    fn is_read(&self, code: &InView) -> bool {
        self.known.iter().any(|known| {
            known.was_read && (known.text == code.text || may_be_one(&known.code, &code.code))
        })
    }

    fn choose(&self, now: u64, codes: &[InView], fresh: &[usize]) -> Due {
        let is_wanted = |at: &usize| codes[*at].fits && !codes[*at].asks;
        let fitting: Vec<usize> = fresh.iter().copied().filter(is_wanted).collect();
        if let Some(best) = fitting
            .iter()
            .copied()
            .max_by_key(|at| codes[*at].code.grade())
        {
            let one = |at: &usize| {
                *at == best
                    || codes[*at].text == codes[best].text
                    || may_be_one(&codes[*at].code, &codes[best].code)
            };
            return if fitting.iter().all(one) {
                Due::Read(best)
            } else {
                Due::Several
            };
        }
        // Nothing here is wanted. That is said of a code which is alone; beside others it may be there by chance.
        let is_patient = fresh.iter().all(|at| self.is_patient(now, &codes[*at]));
        match fresh {
            [only] if is_patient && self.known.len() == 1 => match &codes[*only] {
                // Somebody who means it holds it into the frame, alone; a ticket on the table shows what it shows.
                code if code.asks && code.is_aimed => Due::Ask(*only),
                code if code.asks => Due::Nothing,
                _ => Due::Read(*only),
            },
            [_, _, ..] if is_patient && !self.known.iter().any(|known| known.was_read) => {
                Due::Several
            }
            _ => Due::Nothing,
        }
    }

    fn is_patient(&self, now: u64, code: &InView) -> bool {
        let wait = if code.code.grade() >= Grade::Package {
            0
        } else {
            WEAK_MS
        };
        self.known.iter().any(|known| {
            known.text == code.text
                && known.looks >= LOOKS_MIN
                && now.saturating_sub(known.first) >= wait
        })
    }

    fn mark(&mut self, text: &str) {
        for known in &mut self.known {
            known.was_read |= known.text == text;
        }
    }
}

/// Whether two codes may stand on one unit of a package: they name the same package, and not two different units.
fn may_be_one(one: &Code, other: &Code) -> bool {
    let unit = |code: &Code| match code {
        Code::Unit { index, .. } => Some(*index),
        Code::Package(_)
        | Code::TagShaped(_)
        | Code::Product { .. }
        | Code::Gs1(_)
        | Code::Own(_)
        | Code::Nothing { .. } => None,
    };
    let same_package = one.tag().is_some() && one.tag() == other.tag();
    same_package && unit(one).zip(unit(other)).is_none_or(|(a, b)| a == b)
}

#[cfg(test)]
mod tests;
