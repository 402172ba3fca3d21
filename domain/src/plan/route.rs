//! The way through some shelves: short, and found at once.
//!
//! In: distances, where one stands, where to go, where to end. Out: the order of the stops. Must not: take a way back
//! for as long as the way there; aisles may be one-way.
//!
//! Stops are inserted one by one where they cost least, then pieces of the way are moved and turned for as long as that
//! makes it shorter. On small vaults, where an exact solver can judge, 99 of 100 ways are the shortest there is, and fewer
//! than one in a thousand is more than five per cent longer; the measurement `plan` counts them.

use std::collections::BTreeSet;

use crate::plan::map::{Legs, Spot};

/// Up to so many stops, pieces of any length are moved; beyond it only short ones, for the sake of time.
const STOPS_THOROUGH_MAX: usize = 24;
/// Longest piece that is moved on long ways. Pieces of any length are turned where they are.
const PIECE_MAX: usize = 3;
/// Most times a way is gone over. Each time makes it shorter; few are ever needed.
const ROUNDS_MAX: usize = 200;

/// Of fewer stops the moves find the shortest way by themselves.
const STOPS_KICKED_MIN: usize = 4;
/// Times a way is broken up on purpose and made short again.
const KICKS: usize = 16;
/// Up to so many stops that is done more often, for it costs little.
const STOPS_EASY_MAX: usize = 12;
/// How often then.
const KICKS_EASY: usize = 40;

/// A way and its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Every stop once, in the order of the walk.
    pub stops: Vec<Spot>,
    /// From where one stands through all stops to the end.
    pub millimetres: u64,
}

/// Length of a way from a spot through stops, as they stand, to another, in millimetres.
#[must_use]
pub fn length(legs: &Legs, from: Spot, stops: &[Spot], to: Spot) -> u64 {
    let mut here = from;
    let mut sum = 0;
    for next in stops.iter().copied().chain([to]) {
        sum += legs.millimetres(here, next);
        here = next;
    }
    sum
}

/// A short way from a spot through all stops to another.
#[must_use]
pub fn route(legs: &Legs, from: Spot, stops: &BTreeSet<Spot>, to: Spot) -> Route {
    let starts = [Choice::Nearest, Choice::Farthest].map(|choice| {
        let mut way = Way {
            legs,
            path: vec![from, to],
        };
        way.insert_all(stops.clone(), choice);
        way.shorten();
        way
    });
    let [one, other] = starts;
    let mut best = if other.length() < one.length() {
        other
    } else {
        one
    };
    for number in 0..kicks(stops.len()) {
        let mut kicked = best.kicked(number);
        kicked.shorten();
        if kicked.length() < best.length() {
            best = kicked;
        }
    }
    best.finish()
}

/// How often the way is broken up on purpose: pieces moved one at a time do not find everything.
fn kicks(stops: usize) -> usize {
    if !(STOPS_KICKED_MIN..=STOPS_THOROUGH_MAX).contains(&stops) {
        0
    } else if stops <= STOPS_EASY_MAX {
        KICKS_EASY
    } else {
        KICKS
    }
}

/// Where a stop costs least on a way from a spot through stops to another: before which of them, and the detour in
/// millimetres.
#[must_use]
pub fn cheapest_place(
    legs: &Legs,
    from: Spot,
    stops: &[Spot],
    to: Spot,
    stop: Spot,
) -> (usize, u64) {
    let before = |place: usize| match place {
        0 => from,
        _ => stops[place - 1],
    };
    let after = |place: usize| stops.get(place).copied().unwrap_or(to);
    let detour = |place: usize| {
        let (before, after) = (before(place), after(place));
        let through = legs.millimetres(before, stop) + legs.millimetres(stop, after);
        through.saturating_sub(legs.millimetres(before, after))
    };
    let places = (0..=stops.len()).map(|place| (place, detour(place)));
    places.min_by_key(|(_, detour)| *detour).unwrap_or((0, 0))
}

/// Which stop is put into the way next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// The one that costs least.
    Nearest,
    /// The one that costs most: the shape of the way shows early.
    Farthest,
}

#[derive(Clone)]
struct Way<'a> {
    legs: &'a Legs,
    /// Where one stands, the stops, the end.
    path: Vec<Spot>,
}

/// A piece of the way, put elsewhere.
#[derive(Clone, Copy)]
struct Move {
    /// First and last stop of the piece.
    piece: (usize, usize),
    /// The piece comes behind this one of the stops that stay.
    behind: usize,
    turned: bool,
}

impl Way<'_> {
    fn leg(&self, from: usize, to: usize) -> u64 {
        self.legs.millimetres(self.path[from], self.path[to])
    }

    fn insert_all(&mut self, mut stops: BTreeSet<Spot>, choice: Choice) {
        while !stops.is_empty() {
            let inner = &self.path[1..self.path.len() - 1];
            let (from, to) = (self.path[0], self.path[self.path.len() - 1]);
            let costs = stops.iter().map(|stop| {
                let (place, detour) = cheapest_place(self.legs, from, inner, to, *stop);
                (detour, place, *stop)
            });
            let chosen = match choice {
                Choice::Nearest => costs.min(),
                Choice::Farthest => costs.max(),
            };
            let Some((_, place, stop)) = chosen else {
                return;
            };
            self.path.insert(place + 1, stop);
            stops.remove(&stop);
        }
    }

    fn shorten(&mut self) {
        for _ in 0..ROUNDS_MAX {
            if !self.round() {
                return;
            }
        }
    }

    /// Goes over the way once; whether it became shorter.
    fn round(&mut self) -> bool {
        let stops = self.path.len() - 2;
        let mut is_shorter = false;
        for first in 1..=stops {
            for last in first..=stops {
                if let Some(better) = self.better(first, last) {
                    self.carry_out(better);
                    is_shorter = true;
                }
            }
        }
        is_shorter
    }

    /// The best that can be done with a piece, if it makes the way shorter.
    fn better(&self, first: usize, last: usize) -> Option<Move> {
        let stops = self.path.len() - 2;
        let (mut there, mut back) = (0, 0);
        for at in first..last {
            there += self.leg(at, at + 1);
            back += self.leg(at + 1, at);
        }
        let taken = self.leg(first - 1, first) + there + self.leg(last, last + 1);
        let closed = self.leg(first - 1, last + 1);
        let mut best: Option<(u64, Move)> = None;
        let is_movable = stops <= STOPS_THOROUGH_MAX || last - first < PIECE_MAX;
        let others = (0..first - 1).chain(last + 1..=stops);
        let elsewhere = others.filter(|_| is_movable);
        for behind in elsewhere.chain([first - 1]) {
            let (next, open) = if behind == first - 1 {
                (last + 1, closed)
            } else {
                (behind + 1, self.leg(behind, behind + 1))
            };
            for turned in [false, true] {
                let (head, tail, inner) = if turned {
                    (last, first, back)
                } else {
                    (first, last, there)
                };
                let new = closed + self.leg(behind, head) + inner + self.leg(tail, next);
                let old = taken + open;
                if new < old && best.is_none_or(|(gain, _)| old - new > gain) {
                    let piece = (first, last);
                    let found = Move {
                        piece,
                        behind,
                        turned,
                    };
                    best = Some((old - new, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    fn carry_out(&mut self, found: Move) {
        let (first, last) = found.piece;
        let mut piece: Vec<Spot> = self.path.drain(first..=last).collect();
        if found.turned {
            piece.reverse();
        }
        let behind = if found.behind > last {
            found.behind - piece.len()
        } else {
            found.behind
        };
        self.path.splice(behind + 1..behind + 1, piece);
    }

    /// Two pieces in the middle change places, which no single move does. Where the cuts are depends on the number only.
    fn kicked(&self, number: usize) -> Self {
        let stops = self.path.len() - 2;
        // Every three cuts there are in turn, far apart from one kick to the next: 7, 11 and 13 are prime to most counts.
        let cut = |step: usize, part: usize| 1 + (number * step + part * stops / 3) % stops;
        let mut cuts = [cut(1, 0), cut(7, 1), cut(11 + number / stops, 2)];
        cuts.sort_unstable();
        let [first, second, third] = cuts;
        let parts = [
            &self.path[..first],
            &self.path[second..third],
            &self.path[first..second],
            &self.path[third..],
        ];
        Self {
            legs: self.legs,
            path: parts.concat(),
        }
    }

    fn length(&self) -> u64 {
        let legs = self.path.windows(2);
        legs.map(|pair| self.legs.millimetres(pair[0], pair[1]))
            .sum()
    }

    fn finish(self) -> Route {
        let millimetres = self.length();
        let last = self.path.len() - 1;
        let stops = self.path[1..last].to_vec();
        Route { stops, millimetres }
    }
}
