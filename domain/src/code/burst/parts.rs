//! Parts put together again, and scans taken apart.
//!
//! In: runs of keys between which a device stood still, or that came so close together that nothing was between. Out: the
//! scans they are. Must not: guess; where they may be one thing and another, they are what was cut off.

use super::{LENGTH_MIN, Run, Scan, wait};
use crate::code::rhythm::is_a_scanners;
use crate::code::sheet::{Ending, Typed};

/// Longest code that is looked for among several without anything between, in bytes.
const PIECE_MAX: usize = 96;
/// Keys that shreds of a scan have, on the whole. No hand types so many at a time with waits as short as a scanner's.
const SHRED_MIN: usize = 3;
/// Fewest keys of a scan that is known by its shreds only.
const SHREDS_MIN: usize = 2 * LENGTH_MIN;
/// Longest text that is taken apart.
const PIECES_MAX: usize = 1_024;

/// What one group of runs is.
enum Meant {
    /// One code, or several.
    Codes(Vec<String>),
    /// No code: a scan of its own.
    Unknown,
    /// Too short for a scan.
    Typing,
}

/// How the runs from one on are grouped at best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Best {
    /// Keys that are part of no code, then scans that had to be taken apart.
    cost: (usize, usize),
    /// Runs in the first group.
    first: usize,
    is_only: bool,
}

/// What runs are: those that make a code only together are one scan; `lacks_end` when the key that ends scans did not come.
pub(super) fn put_together<F: Clone>(
    runs: &[Run<F>],
    ending: Ending,
    lacks_end: bool,
    is_code: impl Fn(&str) -> bool,
) -> Vec<Scan<F>> {
    let groups = grouped(runs, &is_code);
    let Some(groups) = groups else {
        return vec![scan(&together(runs), Ending::Cut)];
    };
    let mut scans = Vec::new();
    let count = groups.len();
    for (at, (group, meant)) in groups.into_iter().enumerate() {
        let ending = if at + 1 == count {
            ending
        } else {
            Ending::Silence
        };
        match meant {
            Meant::Codes(texts) => scans.extend(texts.into_iter().map(|text| Scan {
                text,
                ..scan(&group, ending)
            })),
            Meant::Unknown if count > 1 || lacks_end => scans.push(scan(&group, Ending::Cut)),
            Meant::Unknown => scans.push(scan(&group, ending)),
            Meant::Typing => {}
        }
    }
    if scans.is_empty() && is_in_shreds(runs) {
        return vec![scan(&together(runs), Ending::Cut)];
    }
    scans
}

/// Whether a run is a code, by either keyboard.
pub(super) fn is_one<F>(run: &Run<F>, is_code: &impl Fn(&str) -> bool) -> bool {
    is_code(&run.text) || run.american.as_deref().is_some_and(is_code)
}

/// Runs in groups, so that as little as can be is left over; `None` when that can be in more ways than one.
fn grouped<F: Clone>(
    runs: &[Run<F>],
    is_code: &impl Fn(&str) -> bool,
) -> Option<Vec<(Run<F>, Meant)>> {
    let none = Best {
        cost: (0, 0),
        first: 0,
        is_only: true,
    };
    let mut best = vec![none; runs.len() + 1];
    for from in (0..runs.len()).rev() {
        let ways = (from + 1..=runs.len()).filter_map(|to| {
            let cost = cost(&runs[from..to], is_code)?;
            let rest = best[to];
            Some(Best {
                cost: (cost.0 + rest.cost.0, cost.1 + rest.cost.1),
                first: to - from,
                is_only: rest.is_only,
            })
        });
        best[from] = ways.reduce(|one, other| match one.cost.cmp(&other.cost) {
            std::cmp::Ordering::Less => one,
            std::cmp::Ordering::Greater => other,
            std::cmp::Ordering::Equal => Best {
                is_only: false,
                ..one
            },
        })?;
    }
    let mut groups = Vec::new();
    let mut from = 0;
    while from < runs.len() {
        let to = from + best[from].first;
        let group = together(&runs[from..to]);
        let meant = meant(&group, is_code);
        groups.push((group, meant));
        from = to;
    }
    best[0].is_only.then_some(groups)
}

/// What a group costs; `None` when it may be none.
fn cost<F: Clone>(runs: &[Run<F>], is_code: &impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let keys: usize = runs.iter().map(|run| run.keys).sum();
    // Hands type in short runs. A scan is one whose parts are long on the whole, and one of them for certain.
    let may_be_scan = runs.iter().any(Run::is_sure) && runs.len() <= keys / LENGTH_MIN;
    let is_alone = runs.len() == 1;
    if !may_be_scan && !is_in_shreds(runs) {
        return is_alone.then_some((keys, 0));
    }
    match meant(&together(runs), is_code) {
        Meant::Codes(texts) => Some((0, usize::from(texts.len() > 1))),
        Meant::Unknown | Meant::Typing => is_alone.then_some((keys, 0)),
    }
}

/// Whether keys that nowhere make a scan for certain can only be a scanner's, on a device that stood still again and again:
/// many more than the waits between them, and none held down for as long as a hand holds it.
pub(super) fn is_in_shreds<F>(runs: &[Run<F>]) -> bool {
    let keys: usize = runs.iter().map(|run| run.keys).sum();
    let is_a_scanners = |run: &Run<F>| is_a_scanners(run.held_max);
    let is_long = runs.len() > 1 && keys >= SHREDS_MIN;
    is_long && runs.len() <= keys / SHRED_MIN && runs.iter().all(is_a_scanners)
}

fn meant<F>(run: &Run<F>, is_code: &impl Fn(&str) -> bool) -> Meant {
    if !run.is_sure() {
        return Meant::Typing;
    }
    if is_one(run, is_code) {
        return Meant::Codes(vec![run.text.clone()]);
    }
    let american = || apart(run.american.as_deref()?, is_code);
    let codes = apart(&run.text, is_code).or_else(american);
    codes.map_or(Meant::Unknown, Meant::Codes)
}

/// Several codes in a row with nothing between: from a device that stood still while they came, and a scanner that sends
/// no key behind each. `None` when it is none, or can be cut in two ways. Of digits nobody can say where one code ends.
fn apart(text: &str, is_code: &impl Fn(&str) -> bool) -> Option<Vec<String>> {
    if text.len() > PIECES_MAX || !text.is_ascii() {
        return None;
    }
    // Where the piece before each place begins, and whether that is the only way there.
    let mut ways: Vec<Option<(usize, bool)>> = vec![None; text.len() + 1];
    ways[0] = Some((0, true));
    for from in 0..text.len() {
        let Some((_, is_only)) = ways[from] else {
            continue;
        };
        for to in from + LENGTH_MIN..=text.len().min(from + PIECE_MAX) {
            let piece = &text[from..to];
            if piece.bytes().all(|byte| byte.is_ascii_digit()) || !is_code(piece) {
                continue;
            }
            ways[to] = Some((from, is_only && ways[to].is_none()));
        }
    }
    let mut pieces = Vec::new();
    let mut to = text.len();
    while to > 0 {
        let (from, is_only) = ways[to]?;
        if !is_only {
            return None;
        }
        pieces.push(text[from..to].to_owned());
        to = from;
    }
    pieces.reverse();
    Some(pieces)
}

/// Runs as one.
fn together<F: Clone>(runs: &[Run<F>]) -> Run<F> {
    let mut all = runs[0].clone();
    for run in &runs[1..] {
        all.text.push_str(&run.text);
        match (&mut all.american, &run.american) {
            (Some(american), Some(more)) => american.push_str(more),
            _ => all.american = None,
        }
        all.keys += run.keys;
        all.last = run.last;
        all.gap_max = all.gap_max.max(run.gap_max);
        let held = all.held_max.zip(run.held_max);
        all.held_max = held.map(|(one, other)| one.max(other));
    }
    all
}

fn scan<F: Clone>(run: &Run<F>, ending: Ending) -> Scan<F> {
    let american = run.american.clone();
    Scan {
        text: run.text.clone(),
        american: american.filter(|american| *american != run.text),
        typed: Typed {
            ending,
            took_ms: wait(run.first, run.last),
            gap_max_ms: run.gap_max,
            held_max_ms: run.held_max,
        },
        focus: run.focus.clone(),
    }
}
