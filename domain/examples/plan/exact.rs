//! Small vaults with missing and one-way aisles, and the shortest ways there are (Held and Karp).

use std::collections::BTreeSet;

use domain::facility::LocationCode;
use domain::plan::map::{Aisle, Drawing, Legs, Map, Spot};
use domain::plan::route::route;
use serde_json::{Value, json};

use crate::dice::Dice;

const COLUMNS: u32 = 7;
const ROWS: u32 = 5;
/// Most stops whose shortest way is looked for: each more doubles the work.
const STOPS_MAX: usize = 14;

pub(crate) fn measure(seed: u64, vaults: u64, stops: u64) -> Value {
    let mut dice = Dice::of(seed);
    let (mut found, mut best, mut worst, mut missed, mut equal) = (0, 0, 1_000, 0, 0);
    for _ in 0..vaults {
        let (map, shelves) = vault(&mut dice);
        let mut wanted = BTreeSet::new();
        for _ in 0..stops {
            wanted.extend(map.spot_of(&shelves[dice.place(shelves.len())]));
        }
        let legs = map.legs(wanted.iter().copied());
        let ours = route(&legs, map.station(), &wanted, map.station()).millimetres;
        let all: Vec<Spot> = wanted.into_iter().collect();
        let shortest = shortest(&legs, map.station(), &all);
        found += ours;
        best += shortest;
        worst = worst.max((ours * 1_000).checked_div(shortest).unwrap_or(1_000));
        missed += u64::from(ours * 100 > shortest * 105);
        equal += u64::from(ours == shortest);
    }
    json!({
        "vaults": vaults,
        "stops": stops,
        "found": found,
        "best": best,
        "worst_permille": worst,
        "beyond_five_percent": missed,
        "shortest_found": equal,
    })
}

fn vault(dice: &mut Dice) -> (Map, Vec<LocationCode>) {
    let spot = |column: u32, row: u32| format!("{column} {row}");
    let mut drawing = Drawing {
        station: spot(0, 0),
        ..Drawing::default()
    };
    for column in 0..COLUMNS {
        for row in 0..ROWS {
            let here = spot(column, row);
            let code = LocationCode::new(&here);
            drawing.shelves.push((code, here.clone()));
            for (other, is_there) in [
                (spot(column + 1, row), column + 1 < COLUMNS),
                (spot(column, row + 1), row + 1 < ROWS),
            ] {
                if is_there && !dice.percent(15) {
                    let is_turned = dice.percent(50);
                    let (from, to) = (here.clone(), other);
                    let (from, to) = if is_turned { (to, from) } else { (from, to) };
                    drawing.aisles.push(Aisle {
                        from,
                        to,
                        millimetres: 300 + dice.small(3_700),
                        one_way: dice.percent(15),
                    });
                }
            }
        }
    }
    let shelves = drawing
        .shelves
        .iter()
        .map(|(code, _)| code.clone())
        .collect();
    (Map::check(&drawing, []).0, shelves)
}

/// What a way from a station through all stops and back cannot be shorter than: the shortest there is, or for many
/// stops the shortest tree that joins them, which every way contains. Aisles have to be walked both ways.
pub(crate) fn at_least(legs: &Legs, station: Spot, stops: &[Spot]) -> u64 {
    if stops.len() <= STOPS_MAX {
        return shortest(legs, station, stops);
    }
    let mut apart: Vec<(Spot, u64)> = stops.iter().map(|stop| (*stop, u64::MAX)).collect();
    let (mut joined, mut length) = (station, 0);
    while !apart.is_empty() {
        for (stop, from_tree) in &mut apart {
            *from_tree = (*from_tree).min(legs.millimetres(joined, *stop));
        }
        let nearest = (0..apart.len()).min_by_key(|at| apart[*at].1).unwrap_or(0);
        let (stop, from_tree) = apart.swap_remove(nearest);
        length += from_tree;
        joined = stop;
    }
    length
}

/// The shortest way from a station through all stops and back.
fn shortest(legs: &Legs, station: Spot, stops: &[Spot]) -> u64 {
    let count = stops.len();
    if count == 0 {
        return 0;
    }
    let mut best = vec![u64::MAX; count << count];
    for (at, stop) in stops.iter().enumerate() {
        best[(1 << at) * count + at] = legs.millimetres(station, *stop);
    }
    for visited in 1..1_usize << count {
        for last in 0..count {
            let walked = best[visited * count + last];
            if walked == u64::MAX {
                continue;
            }
            for next in (0..count).filter(|next| visited & (1 << next) == 0) {
                let with = &mut best[(visited | 1 << next) * count + next];
                *with = (*with).min(walked + legs.millimetres(stops[last], stops[next]));
            }
        }
    }
    let all = ((1 << count) - 1) * count;
    let ends = stops.iter().enumerate();
    ends.map(|(at, last)| best[all + at].saturating_add(legs.millimetres(*last, station)))
        .min()
        .unwrap_or(0)
}
