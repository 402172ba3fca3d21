//! What the planner is measured against: every distance the long way, every order of the stops.

use std::collections::BTreeMap;

use domain::plan::map::{Drawing, Legs, Spot};

/// Distances between all spots of a drawing, by name (Floyd and Warshall).
pub(super) fn distances(drawing: &Drawing) -> BTreeMap<(String, String), u64> {
    let mut names = vec![drawing.station.clone()];
    for aisle in &drawing.aisles {
        names.extend([aisle.from.clone(), aisle.to.clone()]);
    }
    names.sort();
    names.dedup();
    let mut known = BTreeMap::new();
    let mut offer = |from: &str, to: &str, way: u64| {
        let best = known.entry((from.to_owned(), to.to_owned())).or_insert(way);
        *best = way.min(*best);
    };
    for name in &names {
        offer(name, name, 0);
    }
    for aisle in &drawing.aisles {
        offer(&aisle.from, &aisle.to, u64::from(aisle.millimetres));
        if !aisle.one_way {
            offer(&aisle.to, &aisle.from, u64::from(aisle.millimetres));
        }
    }
    for through in &names {
        for from in &names {
            for to in &names {
                let leg = |from: &str, to: &str| known.get(&(from.to_owned(), to.to_owned()));
                if let (Some(first), Some(second)) = (leg(from, through), leg(through, to)) {
                    let way = first + second;
                    let best = known.entry((from.clone(), to.clone())).or_insert(way);
                    *best = way.min(*best);
                }
            }
        }
    }
    known
}

/// The shortest way there is through all stops (Held and Karp).
pub(super) fn shortest(legs: &Legs, from: Spot, stops: &[Spot], to: Spot) -> u64 {
    let count = stops.len();
    if count == 0 {
        return legs.millimetres(from, to);
    }
    // best[visited][last]
    let mut best = vec![vec![u64::MAX; count]; 1 << count];
    for (at, stop) in stops.iter().enumerate() {
        best[1 << at][at] = legs.millimetres(from, *stop);
    }
    for visited in 1..1_usize << count {
        for last in 0..count {
            let walked = best[visited][last];
            if walked == u64::MAX {
                continue;
            }
            for next in (0..count).filter(|next| visited & (1 << next) == 0) {
                let with = &mut best[visited | 1 << next][next];
                *with = (*with).min(walked + legs.millimetres(stops[last], stops[next]));
            }
        }
    }
    let all = &best[(1 << count) - 1];
    let ends = stops.iter().zip(all);
    ends.map(|(last, walked)| walked + legs.millimetres(*last, to))
        .min()
        .unwrap()
}
