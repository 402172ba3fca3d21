//! Keys in a row, and which of them are scans.
//!
//! In: keys, with the time at which each was pressed; ends; silences. Out: what was scanned, and whether a key is kept
//! from the page. Must not: lose a scan because the device stood still in the middle of it, or take a hand's typing for
//! one: what came in parts is put together only where that makes a code, and where it does not, the scan says that it was
//! cut off.

use super::rhythm::{Rhythm, SILENCE_MS, SURE_AFTER};
use super::sheet::{Ending, Typed};

/// Parts put together again, and scans taken apart.
mod parts;

/// Shortest scan, in keys; anything shorter is typing.
pub const LENGTH_MIN: usize = SURE_AFTER + 1;
/// Longest that a scan may stand still in the middle, because its device does, in milliseconds.
pub const STALL_MAX_MS: u32 = 1_000;
/// Longest scan kept, in bytes.
pub const LENGTH_MAX: usize = 4_096;
/// Runs that are remembered.
const RUNS_MAX: usize = 12;
/// How far into a scan a card says that it is one, in bytes; noise may stand before it.
const CARD_HEADER_MAX: usize = 64;
/// What comes before that: a compliance mark, and three control characters as whatever they arrive as.
const CARD_FRAME_MAX: usize = 12;

/// A key that was pressed.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// What it says.
    pub letter: char,
    /// What it says on an American keyboard; `None` where it has no place there.
    pub american: Option<char>,
    /// It was pressed with Ctrl: a control character, where a scan goes on.
    pub is_chord: bool,
    /// Its place, by which it is known when it is let go.
    pub place: &'a str,
    /// When it was pressed, in milliseconds, by the clock of whoever saw it: not when the page got round to it.
    pub at: u64,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan<F> {
    /// What it says by the device's own keyboard.
    pub text: String,
    /// What the same keys say on an American one, where that is something else.
    pub american: Option<String>,
    /// How it was typed.
    pub typed: Typed,
    /// What had the focus before its first key.
    pub focus: F,
}

/// What a key, an end or a silence comes to.
#[derive(Debug)]
pub struct Answer<F> {
    /// The key is the scanner's: the page must not get it.
    pub keep: bool,
    /// What was scanned, in order.
    pub scans: Vec<Scan<F>>,
    /// Say so when nothing has come for so long.
    pub wait_ms: Option<u32>,
}

/// Keys so close together that they are one burst.
#[derive(Clone, Debug)]
struct Run<F> {
    text: String,
    /// The same keys by their places on an American keyboard; `None` once one of them has no place.
    american: Option<String>,
    keys: usize,
    /// When its first key was pressed, its last one, and the longest wait between.
    first: u64,
    last: u64,
    gap_max: u32,
    /// The last key, while it is down, and how long one was held at most; `None` once one was still down as the next came.
    down: Option<String>,
    held_max: Option<u32>,
    focus: F,
}

impl<F> Run<F> {
    fn new(at: u64, focus: F) -> Self {
        Self {
            text: String::new(),
            american: Some(String::new()),
            keys: 0,
            first: at,
            last: at,
            gap_max: 0,
            down: None,
            held_max: Some(0),
            focus,
        }
    }

    fn is_sure(&self) -> bool {
        self.keys > SURE_AFTER
    }

    fn push(&mut self, key: Key<'_>) {
        if self.text.len() < LENGTH_MAX {
            self.text.push(key.letter);
            match (&mut self.american, key.american) {
                (Some(american), Some(letter)) => american.push(letter),
                _ => self.american = None,
            }
        }
        self.keys += 1;
        self.went_on(key.at);
        self.down = Some(key.place.to_owned());
    }

    fn went_on(&mut self, at: u64) {
        self.gap_max = self.gap_max.max(wait(self.last, at));
        self.last = at;
    }
}

/// Everything that was typed and is not over yet. `F` is whatever had the focus.
#[derive(Debug)]
pub struct Bursts<F> {
    /// Each after a wait that no scanner makes, and a device that stands still does.
    runs: Vec<Run<F>>,
    /// Its scanner ends with a key. One that does has not ended before that.
    ends_with_key: bool,
    /// The last key of a scan that ended in silence: its own end may still come.
    ended: Option<u64>,
    /// What is there has been waited for longer than a silence.
    is_held: bool,
}

impl<F> Default for Bursts<F> {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            ends_with_key: false,
            ended: None,
            is_held: false,
        }
    }
}

impl<F: Clone> Bursts<F> {
    /// A key is pressed. `focus` says what has the focus, where a burst begins; `is_code`, what a text means.
    pub fn key(
        &mut self,
        key: Key<'_>,
        rhythm: Rhythm,
        focus: impl FnOnce() -> F,
        is_code: impl Fn(&str) -> bool,
    ) -> Answer<F> {
        let mut scans = Vec::new();
        let goes_on = self.goes_on(key.at, rhythm);
        let is_over = |last: &Run<F>| wait(last.last, key.at) > STALL_MAX_MS;
        let is_full = !goes_on && self.runs.len() >= RUNS_MAX;
        if is_full || self.runs.last().is_some_and(is_over) {
            scans = self.finish(Ending::Silence, is_code);
        }
        // The end of a burst whose rest may still come is no typing.
        let is_rest = self.runs.iter().any(Run::is_sure);
        if !goes_on || self.runs.is_empty() {
            self.runs.push(Run::new(key.at, focus()));
        }
        let keep = match self.runs.last_mut() {
            Some(run) => {
                run.push(key);
                run.is_sure() || is_rest || key.is_chord && run.keys > 1
            }
            None => false,
        };
        self.is_held = false;
        Answer {
            keep,
            scans,
            wait_ms: Some(SILENCE_MS),
        }
    }

    /// A key is let go: how long it was down tells a hand from a scanner that is as slow as one.
    pub fn let_go(&mut self, place: &str, at: u64) {
        let last = self.runs.last_mut();
        if let Some(run) = last.filter(|run| run.down.as_deref() == Some(place)) {
            run.down = None;
            let held = wait(run.last, at);
            run.held_max = run.held_max.map(|longest| longest.max(held));
        }
    }

    /// Enter or Tab is pressed, the one or the other.
    pub fn end(
        &mut self,
        is_enter: bool,
        at: u64,
        rhythm: Rhythm,
        is_code: impl Fn(&str) -> bool,
    ) -> Answer<F> {
        if is_enter && self.goes_on_as_card(at, rhythm) {
            return Answer {
                keep: true,
                scans: Vec::new(),
                wait_ms: Some(SILENCE_MS),
            };
        }
        // However late: some scanners take a breath before it.
        let is_late_end = self.runs.is_empty()
            && self
                .ended
                .is_some_and(|ended| wait(ended, at) <= STALL_MAX_MS);
        let scans = self.finish(Ending::Key, is_code);
        let keep = is_late_end || !scans.is_empty();
        self.ends_with_key |= keep;
        self.ended = None;
        Answer {
            keep,
            scans,
            wait_ms: None,
        }
    }

    /// A text came at once, and not by keys: an end may still come behind it.
    pub fn whole(&mut self, at: u64) {
        self.ended = Some(at);
    }

    /// Nothing has come for as long as was asked.
    pub fn silence(&mut self, is_code: impl Fn(&str) -> bool) -> Answer<F> {
        // A code that may be over: typing before it is no part of it, and its scanner sends no key behind it.
        let is_complete = || {
            let Some((run, before)) = self.runs.split_last() else {
                return true;
            };
            let ends_so = !self.ends_with_key || begins_like_a_card(&run.text);
            ends_so
                && run.is_sure()
                && !before.iter().any(Run::is_sure)
                && parts::is_one(run, &is_code)
        };
        if !self.is_held && !is_complete() {
            self.is_held = true;
            return Answer {
                keep: false,
                scans: Vec::new(),
                wait_ms: Some(STALL_MAX_MS - SILENCE_MS),
            };
        }
        let last = self.runs.last().map(|run| run.last);
        let scans = self.finish(Ending::Silence, is_code);
        if !scans.is_empty() {
            self.ended = last;
        }
        Answer {
            keep: false,
            scans,
            wait_ms: None,
        }
    }

    /// Whether a key, pressed then, belongs to the burst before it.
    fn goes_on(&mut self, at: u64, rhythm: Rhythm) -> bool {
        let Some(run) = self.runs.last_mut() else {
            return false;
        };
        if run.down.is_some() {
            run.held_max = None;
        }
        rhythm.goes_on(run.keys, wait(run.last, at), run.held_max)
    }

    /// An ID card is many lines: where a line ends, some scanners press Enter. The silence behind the last line ends it.
    fn goes_on_as_card(&mut self, at: u64, rhythm: Rhythm) -> bool {
        let before: String = self.runs.iter().map(|run| run.text.as_str()).collect();
        let Some(run) = self.runs.last_mut() else {
            return false;
        };
        let waited = wait(run.last, at);
        let is_frame = run.text.starts_with('@')
            && run.text.len() <= CARD_FRAME_MAX
            && rhythm.goes_on(run.keys, waited, run.held_max);
        let is_line = waited <= STALL_MAX_MS
            && [&run.text, &before]
                .into_iter()
                .any(|text| begins_like_a_card(text));
        if !is_frame && !is_line {
            return false;
        }
        if run.text.len() < LENGTH_MAX {
            run.text.push('\n');
            // A card is no code; how its letters would stand elsewhere is of no use.
            run.american = None;
        }
        run.went_on(at);
        self.is_held = false;
        true
    }

    /// What all that is there comes to.
    fn finish(&mut self, ending: Ending, is_code: impl Fn(&str) -> bool) -> Vec<Scan<F>> {
        self.is_held = false;
        let runs = std::mem::take(&mut self.runs);
        if !runs.iter().any(Run::is_sure) && !parts::is_in_shreds(&runs) {
            return Vec::new();
        }
        let lacks_end = ending == Ending::Silence && self.ends_with_key;
        let is_card = runs.iter().any(|run| begins_like_a_card(&run.text));
        // Whoever reads cards ends them with silence, and codes as ever.
        self.ends_with_key &= ending == Ending::Key || is_card;
        parts::put_together(&runs, ending, lacks_end && !is_card, is_code)
    }
}

/// Whether this is the beginning of a card's text, at the latest when its second line ends.
fn begins_like_a_card(text: &str) -> bool {
    let start = text[..text.floor_char_boundary(CARD_HEADER_MAX)].to_ascii_uppercase();
    let is_marked = |mark: &str| {
        let after = start.split_once(mark).map(|(_, after)| after.trim_start());
        // Its issuer's number.
        after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
    };
    is_marked("ANSI") || is_marked("AAMVA")
}

fn wait(from: u64, to: u64) -> u32 {
    u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
