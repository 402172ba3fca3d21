//! The way through some shelves: short, and found at once.
//!
//! In: distances, where one stands, where to go, where to end. Out: the order of the stops. Must not: take a way back
//! for as long as the way there; aisles may be one-way.
//!
//! Of few stops every order is looked at. More are inserted one by one where they cost least; then pieces of the way are
//! moved and turned for as long as that makes it shorter. Of twelve stops, where an exact solver can still judge, one way
//! in some seven hundred is more than five per cent longer than the shortest; the measurement `plan` counts them.

use std::collections::BTreeSet;

use crate::plan::map::{Legs, Spot};

/// Up to so many stops, pieces of any length are moved; beyond it only short ones, for the sake of time.
const STOPS_THOROUGH_MAX: usize = 24;
/// Longest piece that is moved on long ways. Pieces of any length are turned where they are.
const PIECE_MAX: usize = 3;
/// Most times a way is gone over. Each time makes it shorter; few are ever needed.
const ROUNDS_MAX: usize = 200;

/// Up to so many stops every order of them is looked at.
const STOPS_EXACT_MAX: usize = 8;
/// Times a longer way is broken up on purpose and made short again: pieces moved one at a time do not find everything.
const KICKS: usize = 6;

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
    let places: Vec<Spot> = [from]
        .into_iter()
        .chain(stops.iter().copied())
        .chain([to])
        .collect();
    let ground = Ground::of(legs, &places);
    let path = if stops.len() <= STOPS_EXACT_MAX {
        shortest(&ground)
    } else {
        short(&ground)
    };
    let inner = &path[1..path.len() - 1];
    Route {
        stops: inner.iter().map(|place| places[*place]).collect(),
        millimetres: ground.length(&path),
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
    cheapest(
        |one, other| legs.millimetres(one, other),
        from,
        stops,
        to,
        stop,
    )
}

fn cheapest<Place: Copy>(
    leg: impl Fn(Place, Place) -> u64,
    from: Place,
    stops: &[Place],
    to: Place,
    stop: Place,
) -> (usize, u64) {
    let before = |place: usize| match place {
        0 => from,
        _ => stops[place - 1],
    };
    let after = |place: usize| stops.get(place).copied().unwrap_or(to);
    let detour = |place: usize| {
        let (before, after) = (before(place), after(place));
        (leg(before, stop) + leg(stop, after)).saturating_sub(leg(before, after))
    };
    let places = (0..=stops.len()).map(|place| (place, detour(place)));
    places.min_by_key(|(_, detour)| *detour).unwrap_or((0, 0))
}

/// Distances between the places of one way, by number: first where one stands, then the stops, last the end.
struct Ground {
    count: usize,
    millimetres: Vec<u64>,
}

impl Ground {
    fn of(legs: &Legs, places: &[Spot]) -> Self {
        let pairs = places
            .iter()
            .flat_map(|from| places.iter().map(move |to| (from, to)));
        Self {
            count: places.len(),
            millimetres: pairs
                .map(|(from, to)| legs.millimetres(*from, *to))
                .collect(),
        }
    }

    fn leg(&self, from: usize, to: usize) -> u64 {
        self.millimetres[from * self.count + to]
    }

    fn length(&self, path: &[usize]) -> u64 {
        path.windows(2).map(|pair| self.leg(pair[0], pair[1])).sum()
    }
}

/// The shortest way there is: the best for every set of stops and every last one of it (Held and Karp).
fn shortest(ground: &Ground) -> Vec<usize> {
    let stops = ground.count - 2;
    let end = stops + 1;
    // The length, and the stop before the last.
    let mut best = vec![(u64::MAX, 0); stops << stops];
    let at = |visited: usize, stop: usize| visited * stops + stop - 1;
    for stop in 1..=stops {
        best[at(1 << (stop - 1), stop)] = (ground.leg(0, stop), 0);
    }
    for visited in 1..1_usize << stops {
        let is_visited = |stop: usize| visited & 1 << (stop - 1) != 0;
        for last in (1..=stops).filter(|stop| is_visited(*stop)) {
            let (walked, _) = best[at(visited, last)];
            for next in (1..=stops).filter(|stop| !is_visited(*stop)) {
                let with = &mut best[at(visited | 1 << (next - 1), next)];
                *with = (*with).min((walked + ground.leg(last, next), last));
            }
        }
    }
    let mut visited = (1_usize << stops) - 1;
    let mut path = vec![end];
    let closed = |stop: &usize| best[at(visited, *stop)].0 + ground.leg(*stop, end);
    let mut last = (1..=stops).min_by_key(closed).unwrap_or(0);
    while last != 0 {
        path.push(last);
        let (_, before) = best[at(visited, last)];
        visited &= !(1 << (last - 1));
        last = before;
    }
    path.push(0);
    path.reverse();
    path
}

/// A short way, for more stops than every order can be looked at.
fn short(ground: &Ground) -> Vec<usize> {
    let [one, other] = [Choice::Nearest, Choice::Farthest].map(|choice| {
        let mut way = Way {
            ground,
            path: vec![0, ground.count - 1],
        };
        way.insert_all(choice);
        way.shorten();
        way
    });
    let mut best = if other.length() < one.length() {
        other
    } else {
        one
    };
    let kicks = if ground.count - 2 <= STOPS_THOROUGH_MAX {
        KICKS
    } else {
        0
    };
    for number in 0..kicks {
        let mut kicked = best.kicked(number);
        kicked.shorten();
        if kicked.length() < best.length() {
            best = kicked;
        }
    }
    best.path
}

/// Which stop is put into the way next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// The one that costs least.
    Nearest,
    /// The one that costs most: the shape of the way shows early.
    Farthest,
}

struct Way<'a> {
    ground: &'a Ground,
    path: Vec<usize>,
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
        self.ground.leg(self.path[from], self.path[to])
    }

    fn insert_all(&mut self, choice: Choice) {
        let mut left: BTreeSet<usize> = (1..self.ground.count - 1).collect();
        while !left.is_empty() {
            let inner = &self.path[1..self.path.len() - 1];
            let costs = left.iter().map(|stop| {
                let leg = |from, to| self.ground.leg(from, to);
                let (place, detour) = cheapest(leg, 0, inner, self.ground.count - 1, *stop);
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
            left.remove(&stop);
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
        let mut piece: Vec<usize> = self.path.drain(first..=last).collect();
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
            ground: self.ground,
            path: parts.concat(),
        }
    }

    fn length(&self) -> u64 {
        self.ground.length(&self.path)
    }
}
