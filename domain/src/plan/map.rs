//! The shop's own map of its vault: where one stands at a shelf, and how far it is from there to the next.
//!
//! In: a drawing, as people make it. Out: a map on which every shelf can be reached and left again, and what was wrong
//! with the drawing. Must not: send anybody against a one-way aisle, or lose a shelf because its drawing is wrong.

use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use minicbor::{Decode, Encode};

use crate::facility::LocationCode;

/// Longest aisle from one spot to the next, in millimetres: a kilometre. Together with [`SPOTS_MAX`] it keeps every
/// distance within 32 bits.
pub const AISLE_MILLIMETRES_MAX: u32 = 1_000_000;
/// Most spots of a drawing.
pub const SPOTS_MAX: usize = 4_096;

/// No way leads there.
const NO_WAY: u32 = u32::MAX;

/// A way between two spots with nothing between them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Aisle {
    /// Name of the spot it begins at.
    #[n(0)]
    pub from: String,
    /// Name of the spot it leads to.
    #[n(1)]
    pub to: String,
    /// Its length in millimetres.
    #[n(2)]
    pub millimetres: u32,
    /// It may only be walked from `from` to `to`.
    #[n(3)]
    pub one_way: bool,
}

/// A vault as people draw it. Nothing in it needs to be right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Drawing {
    /// Name of the spot where every walk begins and ends: the pack station.
    #[n(0)]
    pub station: String,
    /// Ways between spots. A spot is there because an aisle names it.
    #[n(1)]
    pub aisles: Vec<Aisle>,
    /// Each shelf, and the name of the spot where one stands to reach it.
    #[n(2)]
    pub shelves: Vec<(LocationCode, String)>,
}

/// Something about a drawing that a person should mend. Walks are planned all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// More spots than [`SPOTS_MAX`]: nothing of the drawing is used.
    TooManySpots {
        /// Spots it has.
        spots: usize,
    },
    /// An aisle is longer than [`AISLE_MILLIMETRES_MAX`] and is not used.
    AisleTooLong {
        /// Where it begins.
        from: String,
        /// Where it leads to.
        to: String,
        /// Its length as drawn.
        millimetres: u32,
    },
    /// A shelf is drawn at two spots; the first counts.
    ShelfTwice {
        /// The shelf.
        code: LocationCode,
        /// The spot that counts.
        kept: String,
        /// The one that does not.
        dropped: String,
    },
    /// No aisle leads from the pack station to the shelf: it stands on an island, or at a spot no aisle names.
    NoWayTo {
        /// The shelf.
        code: LocationCode,
    },
    /// Aisles lead to the shelf and none back to the pack station.
    NoWayBack {
        /// The shelf.
        code: LocationCode,
    },
    /// The shop has the shelf, the drawing has not.
    NotDrawn {
        /// The shelf.
        code: LocationCode,
    },
}

/// A place in the vault where one stands, on one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot(usize);

/// A drawing that was checked. Shelves it does not have are visited last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// Ways from each spot: where to, and how far.
    ways: Vec<Vec<(usize, u32)>>,
    shelves: BTreeMap<LocationCode, Spot>,
}

/// Every map has it first.
const STATION: Spot = Spot(0);

impl Map {
    /// Checks a drawing against the shelves that the shop has. Of a drawing that is wrong in places the rest is used;
    /// an empty one is a map without shelves.
    #[must_use]
    pub fn check<'a>(
        drawing: &Drawing,
        shelves: impl IntoIterator<Item = &'a LocationCode>,
    ) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let names = names(drawing);
        if names.len() > SPOTS_MAX {
            let spots = names.len();
            return (Self::default(), vec![Finding::TooManySpots { spots }]);
        }
        let ways = ways(drawing, &names, &mut findings);
        let drawn = place(drawing, &mut findings);
        let there = distances(&ways, STATION.0);
        let back = distances(&turned(&ways), STATION.0);
        let mut placed = BTreeMap::new();
        for (code, name) in &drawn {
            let code = (*code).clone();
            let spot = names.get(name).copied();
            match spot.filter(|spot| there[*spot] != NO_WAY) {
                None => findings.push(Finding::NoWayTo { code }),
                Some(spot) if back[spot] == NO_WAY => findings.push(Finding::NoWayBack { code }),
                Some(spot) => {
                    placed.insert(code, Spot(spot));
                }
            }
        }
        let missing: BTreeSet<&LocationCode> = shelves
            .into_iter()
            .filter(|code| !drawn.contains_key(*code))
            .collect();
        findings.extend(
            missing
                .into_iter()
                .map(|code| Finding::NotDrawn { code: code.clone() }),
        );
        let map = Self {
            ways,
            shelves: placed,
        };
        (map, findings)
    }

    /// Where every walk begins and ends.
    #[must_use]
    pub fn station(&self) -> Spot {
        STATION
    }

    /// Where one stands to reach a shelf; `None` when the map does not have it.
    #[must_use]
    pub fn spot_of(&self, shelf: &LocationCode) -> Option<Spot> {
        self.shelves.get(shelf).copied()
    }

    /// Shelves that can be walked to.
    #[must_use]
    pub fn shelves(&self) -> usize {
        self.shelves.len()
    }

    /// The distances between some spots and the station, each by the shortest way there is.
    #[must_use]
    pub fn legs(&self, spots: impl IntoIterator<Item = Spot>) -> Legs {
        let mut spots: BTreeSet<Spot> = spots.into_iter().collect();
        spots.retain(|spot| spot.0 < self.ways.len());
        spots.insert(STATION);
        let mut rows = vec![None; self.ways.len().max(1)];
        for (row, spot) in spots.iter().enumerate() {
            rows[spot.0] = Some(row);
        }
        let mut millimetres = Vec::with_capacity(spots.len() * spots.len());
        for from in &spots {
            let all = distances(&self.ways, from.0);
            millimetres.extend(spots.iter().map(|to| match all.get(to.0) {
                Some(distance) => *distance,
                None => 0,
            }));
        }
        Legs {
            rows,
            count: spots.len(),
            millimetres,
        }
    }
}

/// Distances between some spots of one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legs {
    rows: Vec<Option<usize>>,
    count: usize,
    millimetres: Vec<u32>,
}

impl Legs {
    /// How far it is from one spot to another, in millimetres; not always as far as back.
    ///
    /// # Panics
    /// When they were not made for both spots.
    #[must_use]
    pub fn millimetres(&self, from: Spot, to: Spot) -> u64 {
        let row = |spot: Spot| self.rows.get(spot.0).copied().flatten();
        let at = row(from).zip(row(to));
        let (from, to) = at.expect("BUG: legs made for other spots");
        u64::from(self.millimetres[from * self.count + to])
    }
}

/// Every spot by its name, the station first.
fn names(drawing: &Drawing) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::from([(drawing.station.as_str(), STATION.0)]);
    for aisle in &drawing.aisles {
        for name in [&aisle.from, &aisle.to] {
            let next = names.len();
            names.entry(name).or_insert(next);
        }
    }
    names
}

fn ways(
    drawing: &Drawing,
    names: &BTreeMap<&str, usize>,
    findings: &mut Vec<Finding>,
) -> Vec<Vec<(usize, u32)>> {
    let mut ways = vec![Vec::new(); names.len()];
    for aisle in &drawing.aisles {
        let millimetres = aisle.millimetres;
        if millimetres > AISLE_MILLIMETRES_MAX {
            findings.push(Finding::AisleTooLong {
                from: aisle.from.clone(),
                to: aisle.to.clone(),
                millimetres,
            });
            continue;
        }
        let (from, to) = (names[aisle.from.as_str()], names[aisle.to.as_str()]);
        ways[from].push((to, millimetres));
        if !aisle.one_way {
            ways[to].push((from, millimetres));
        }
    }
    ways
}

/// The spot of each shelf that is drawn.
fn place<'a>(
    drawing: &'a Drawing,
    findings: &mut Vec<Finding>,
) -> BTreeMap<&'a LocationCode, &'a str> {
    let mut drawn: BTreeMap<&LocationCode, &str> = BTreeMap::new();
    for (code, name) in &drawing.shelves {
        match drawn.get(code) {
            Some(kept) => findings.push(Finding::ShelfTwice {
                code: code.clone(),
                kept: (*kept).to_owned(),
                dropped: name.clone(),
            }),
            None => {
                drawn.insert(code, name);
            }
        }
    }
    drawn
}

/// Every aisle walked the other way.
fn turned(ways: &[Vec<(usize, u32)>]) -> Vec<Vec<(usize, u32)>> {
    let mut turned = vec![Vec::new(); ways.len()];
    for (from, to) in ways.iter().enumerate() {
        for (to, millimetres) in to {
            turned[*to].push((from, *millimetres));
        }
    }
    turned
}

/// Shortest ways from one spot to all (Dijkstra).
fn distances(ways: &[Vec<(usize, u32)>], from: usize) -> Vec<u32> {
    let mut best = vec![NO_WAY; ways.len()];
    let mut open = BinaryHeap::new();
    if let Some(start) = best.get_mut(from) {
        *start = 0;
        open.push(Reverse((0, from)));
    }
    while let Some(Reverse((walked, here))) = open.pop() {
        if walked > best[here] {
            continue;
        }
        for (to, millimetres) in &ways[here] {
            let through = walked.saturating_add(*millimetres);
            if through < best[*to] {
                best[*to] = through;
                open.push(Reverse((through, *to)));
            }
        }
    }
    best
}
