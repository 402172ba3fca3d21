//! A drawing for a shop that has not made one: read off the codes on its shelves.
//!
//! In: codes such as `B-04-2`, and how far things stand apart. Out: a drawing with an aisle for each first part and a
//! bay for each second, open at both ends. Must not: place a shelf whose code does not say where it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::facility::LocationCode;
use crate::plan::map::{Aisle, Drawing};
use crate::plan::vault::{SpotAt, Vault};

/// How far things stand apart, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// From the middle of an aisle to the middle of the next.
    pub aisles: u32,
    /// From a bay to the next.
    pub bays: u32,
}

impl Spacing {
    /// A vault of shelving 600 mm deep on both sides of aisles 1,200 mm wide, in bays of 900 mm: common retail
    /// shelving. To be replaced by the shop's own drawing.
    pub const TYPICAL: Self = Self {
        aisles: 2_400,
        bays: 900,
    };
}

/// Draws a vault from the codes on its shelves. The pack station is at the front end of the first aisle.
#[must_use]
pub fn by_codes<'a>(
    codes: impl IntoIterator<Item = &'a LocationCode>,
    spacing: Spacing,
) -> Drawing {
    let mut aisles: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let mut shelves = Vec::new();
    for code in codes {
        if let Some((aisle, bay)) = aisle_and_bay(code) {
            aisles.entry(aisle).or_default().insert(bay);
            shelves.push((code.clone(), spot(aisle, bay)));
        }
    }
    let depth = aisles.values().map(BTreeSet::len).max().unwrap_or(0);
    let depth = u32::try_from(depth).unwrap_or(u32::MAX);
    let mut drawing = Drawing {
        station: STATION.to_owned(),
        aisles: Vec::new(),
        shelves,
    };
    let mut before: Option<&str> = None;
    for (aisle, bays) in &aisles {
        let mut walk = |from: &str, to: &str, millimetres| {
            drawing.aisles.push(Aisle {
                from: from.to_owned(),
                to: to.to_owned(),
                millimetres,
                one_way: false,
            });
        };
        let end = |aisle: &str, which| format!("{aisle} {which}");
        match before {
            None => walk(STATION, &end(aisle, FRONT), 0),
            Some(before) => {
                walk(&end(before, FRONT), &end(aisle, FRONT), spacing.aisles);
                walk(&end(before, BACK), &end(aisle, BACK), spacing.aisles);
            }
        }
        let mut here = end(aisle, FRONT);
        for bay in bays {
            let next = spot(aisle, *bay);
            walk(&here, &next, spacing.bays);
            here = next;
        }
        // Every aisle is as deep as the deepest, so that both ends lie in a line.
        let bays = u32::try_from(bays.len()).unwrap_or(u32::MAX);
        let rest = depth.saturating_sub(bays).saturating_add(1);
        let rest = rest.saturating_mul(spacing.bays);
        walk(&here, &end(aisle, BACK), rest);
        before = Some(aisle);
    }
    drawing
}

/// The same, with the place of each spot on paper: an aisle beside the other, the pack station above the first.
#[must_use]
pub fn vault_by_codes<'a>(
    codes: impl IntoIterator<Item = &'a LocationCode>,
    spacing: Spacing,
) -> Vault {
    let codes: Vec<&LocationCode> = codes.into_iter().collect();
    let drawing = by_codes(codes.iter().copied(), spacing);
    let mut aisles: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for (aisle, bay) in codes.into_iter().filter_map(aisle_and_bay) {
        aisles.entry(aisle).or_default().insert(bay);
    }
    let depth = aisles.values().map(BTreeSet::len).max().unwrap_or(0);
    let mut spots = Vec::new();
    let mut spot = |name: String, column: usize, row: usize| {
        let times = |count: usize, each: u32| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            count.saturating_mul(each)
        };
        spots.push(SpotAt {
            name,
            right: times(column, spacing.aisles),
            down: times(row, spacing.bays),
        });
    };
    if !aisles.is_empty() {
        spot(STATION.to_owned(), 0, 0);
    }
    for (column, (aisle, bays)) in aisles.iter().enumerate() {
        spot(format!("{aisle} {FRONT}"), column, 1);
        for (row, bay) in bays.iter().enumerate() {
            spot(self::spot(aisle, *bay), column, row + 2);
        }
        spot(format!("{aisle} {BACK}"), column, depth + 2);
    }
    Vault { drawing, spots }
}

const STATION: &str = "pack station";
/// Signs and no words: the names stand in a drawing that everybody reads in their own language.
const FRONT: &str = "▲";
const BACK: &str = "▼";

fn spot(aisle: &str, bay: u32) -> String {
    format!("{aisle}-{bay}")
}

/// The first two parts of a code such as `B-04-2` or `B-04`.
fn aisle_and_bay(code: &LocationCode) -> Option<(&str, u32)> {
    let mut parts = code.as_str().split('-');
    let (aisle, bay) = (parts.next()?, parts.next()?);
    let is_named = !aisle.is_empty() && aisle.chars().all(char::is_alphanumeric);
    let is_counted = bay.bytes().all(|byte| byte.is_ascii_digit());
    let bay = bay.parse().ok().filter(|_| is_named && is_counted)?;
    Some((aisle, bay))
}
