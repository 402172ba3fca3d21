//! Vaults of all kinds: a grid with aisles missing, aisles that may be walked one way only, shelves nobody can reach.

use domain::facility::LocationCode;
use domain::plan::map::{Aisle, Drawing, Map, Spot};
use proptest::prelude::*;

/// The shelf at a place of the grid.
pub(super) fn shelf(column: usize, row: usize) -> LocationCode {
    LocationCode::new(&format!("{column}-{row}"))
}

fn spot(column: usize, row: usize) -> String {
    format!("spot {column} {row}")
}

pub(super) fn aisle(from: &str, to: &str, millimetres: u32, one_way: bool) -> Aisle {
    Aisle {
        from: from.to_owned(),
        to: to.to_owned(),
        millimetres,
        one_way,
    }
}

/// A grid. Of each two neighbours a throw says whether an aisle joins them, in which direction, how long it is.
fn grid(columns: usize, rows: usize, throws: &[(u8, u32)], missing_of_16: u8) -> Drawing {
    let mut throws = throws.iter().copied().cycle();
    let mut aisles = vec![aisle("pack", &spot(0, 0), 1_000, false)];
    let mut join = |one: &str, other: &str| {
        let (kind, millimetres) = throws.next().unwrap_or((0, 900));
        if kind % 16 < missing_of_16 {
            return;
        }
        let one_way = kind >= 208;
        let (from, to) = if kind % 2 == 0 {
            (one, other)
        } else {
            (other, one)
        };
        aisles.push(aisle(from, to, millimetres, one_way));
    };
    for column in 0..columns {
        for row in 0..rows {
            if column + 1 < columns {
                join(&spot(column, row), &spot(column + 1, row));
            }
            if row + 1 < rows {
                join(&spot(column, row), &spot(column, row + 1));
            }
        }
    }
    let places = (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row)));
    Drawing {
        station: "pack".to_owned(),
        aisles,
        shelves: places
            .map(|(column, row)| (shelf(column, row), spot(column, row)))
            .collect(),
    }
}

/// Any vault, with islands and dead ends.
pub(super) fn any_vault() -> impl Strategy<Value = Drawing> {
    let throws = prop::collection::vec((any::<u8>(), 0_u32..5_000), 40);
    (1_usize..5, 1_usize..5, throws, 0_u8..10)
        .prop_map(|(columns, rows, throws, missing)| grid(columns, rows, &throws, missing))
}

/// A vault most of whose shelves can be reached, and some of its spots.
pub(super) fn vault_and_stops(most: usize) -> impl Strategy<Value = (Map, Vec<Spot>)> {
    let throws = prop::collection::vec((any::<u8>(), 300_u32..4_000), 60);
    let picked = prop::collection::vec((0_usize..8, 0_usize..6), 0..=most);
    (2_usize..8, 2_usize..6, throws, picked).prop_map(|(columns, rows, throws, picked)| {
        let drawing = grid(columns, rows, &throws, 3);
        let (map, _) = Map::check(&drawing, []);
        let picked = picked.iter();
        let spots = picked.filter_map(|(column, row)| map.spot_of(&shelf(*column, *row)));
        let mut spots: Vec<Spot> = spots.collect();
        spots.sort();
        spots.dedup();
        (map, spots)
    })
}
