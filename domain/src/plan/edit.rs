//! A drawing of the vault is changed: places on paper, the ways between them, the shelves at them.
//!
//! In: a drawing, one change. Out: the drawing after it. Must not: keep a way or a shelf at a place that was taken away.

use std::collections::BTreeSet;

use crate::facility::LocationCode;
use crate::plan::map::{AISLE_MILLIMETRES_MAX, Aisle, SPOTS_MAX};
use crate::plan::vault::{SpotAt, Vault};

/// How far right or down a place can be, in millimetres.
pub const PAPER_MILLIMETRES_MAX: u32 = 500_000;

/// How far apart places are shown that nobody has put anywhere.
const APART: u32 = 2_400;

/// What the pack station is called.
pub const STATION: &str = "pack station";

impl Vault {
    /// Every place of the drawing with where it is on paper; those nobody has put anywhere stand in a row below.
    #[must_use]
    pub fn places(&self) -> Vec<SpotAt> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        if !self.drawing.station.is_empty() {
            names.insert(&self.drawing.station);
        }
        let ends = self.drawing.aisles.iter();
        names.extend(ends.flat_map(|aisle| [aisle.from.as_str(), aisle.to.as_str()]));
        names.extend(self.drawing.shelves.iter().map(|(_, spot)| spot.as_str()));
        let mut places = self.spots.clone();
        let lowest = places.iter().map(|spot| spot.down).max();
        let down = lowest.map_or(0, |down| down.saturating_add(APART));
        for spot in &self.spots {
            names.remove(spot.name.as_str());
        }
        for (column, name) in (0..).zip(names) {
            let right = APART.saturating_mul(column);
            let name = name.to_owned();
            places.push(SpotAt { name, right, down });
        }
        places
    }

    /// Puts a place somewhere. The ways at it become as long as their ends are apart.
    pub fn put(&mut self, name: &str, right: u32, down: u32) {
        let (right, down) = (
            right.min(PAPER_MILLIMETRES_MAX),
            down.min(PAPER_MILLIMETRES_MAX),
        );
        match self.spots.iter_mut().find(|spot| spot.name == name) {
            Some(spot) => (spot.right, spot.down) = (right, down),
            None => self.spots.push(SpotAt {
                name: name.to_owned(),
                right,
                down,
            }),
        }
        let places = self.places();
        for aisle in &mut self.drawing.aisles {
            if aisle.from == name || aisle.to == name {
                aisle.millimetres = apart(&places, &aisle.from, &aisle.to);
            }
        }
    }

    /// Adds a place and says what it is called: the first is the pack station, the others have numbers. `None` when
    /// there are as many as a map may have.
    pub fn add(&mut self, right: u32, down: u32) -> Option<String> {
        let places = self.places();
        if places.len() >= SPOTS_MAX {
            return None;
        }
        let is_taken = |name: &str| places.iter().any(|spot| spot.name == name);
        let name = if self.drawing.station.is_empty() {
            STATION.to_owned()
        } else {
            let numbers = 1..=SPOTS_MAX.saturating_add(1);
            let mut names = numbers.map(|number| number.to_string());
            names.find(|name| !is_taken(name))?
        };
        if self.drawing.station.is_empty() {
            self.drawing.station.clone_from(&name);
        }
        self.put(&name, right, down);
        Some(name)
    }

    /// Takes a place away, with the ways to it; shelves at it are not drawn any more. The pack station stays.
    pub fn take_away(&mut self, name: &str) {
        if self.drawing.station == name {
            return;
        }
        self.spots.retain(|spot| spot.name != name);
        let drawing = &mut self.drawing;
        drawing
            .aisles
            .retain(|aisle| aisle.from != name && aisle.to != name);
        drawing.shelves.retain(|(_, spot)| spot != name);
    }

    /// Changes the way between two places: from none to both ways, to this way only, to the other only, to none.
    pub fn join(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let is_it = |aisle: &Aisle| {
            let ends = (aisle.from.as_str(), aisle.to.as_str());
            ends == (from, to) || ends == (to, from)
        };
        let known = self.drawing.aisles.iter().position(is_it);
        let Some(known) = known else {
            let millimetres = apart(&self.places(), from, to);
            self.drawing.aisles.push(Aisle {
                from: from.to_owned(),
                to: to.to_owned(),
                millimetres,
                one_way: false,
            });
            return;
        };
        let aisle = &mut self.drawing.aisles[known];
        if !aisle.one_way {
            aisle.one_way = true;
            (aisle.from, aisle.to) = (from.to_owned(), to.to_owned());
        } else if aisle.from == from {
            (aisle.from, aisle.to) = (to.to_owned(), from.to_owned());
        } else {
            self.drawing.aisles.retain(|aisle| !is_it(aisle));
        }
    }

    /// Puts a shelf at a place, from wherever it was.
    pub fn shelve(&mut self, code: &LocationCode, name: &str) {
        self.unshelve(code);
        let shelf = (code.clone(), name.to_owned());
        self.drawing.shelves.push(shelf);
        self.drawing.shelves.sort();
    }

    /// The shelf is not drawn any more.
    pub fn unshelve(&mut self, code: &LocationCode) {
        self.drawing.shelves.retain(|(known, _)| known != code);
    }

    /// The shelves at a place.
    pub fn shelves_at(&self, name: &str) -> impl Iterator<Item = &LocationCode> {
        let shelves = self.drawing.shelves.iter();
        shelves.filter_map(move |(code, spot)| (spot == name).then_some(code))
    }
}

/// How far two places are apart, straight over the paper.
fn apart(places: &[SpotAt], one: &str, other: &str) -> u32 {
    let at = |name: &str| places.iter().find(|spot| spot.name == name);
    let Some((one, other)) = at(one).zip(at(other)) else {
        return 0;
    };
    let right = u64::from(one.right.abs_diff(other.right));
    let down = u64::from(one.down.abs_diff(other.down));
    let squared = right * right + down * down;
    let millimetres = u32::try_from(squared.isqrt()).unwrap_or(u32::MAX);
    millimetres.min(AISLE_MILLIMETRES_MAX)
}

/// A length as people type it, in metres: `2.4`, `2,4`, `12`. `None` when it is none, or more than paper has.
#[must_use]
pub fn metres(text: &str) -> Option<u32> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.len() > 3 || !are_digits(whole) || !are_digits(rest) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let rest: u32 = format!("{rest:0<3}").parse().ok()?;
    let millimetres = whole.checked_mul(1_000)?.checked_add(rest)?;
    (millimetres <= PAPER_MILLIMETRES_MAX).then_some(millimetres)
}

/// A length in metres as people read it: `2.4`.
#[must_use]
pub fn metres_text(millimetres: u32) -> String {
    let text = format!("{}.{:03}", millimetres / 1_000, millimetres % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
