//! Ways through some shelves, beside the shortest there is.

use std::collections::BTreeSet;

use domain::plan::map::{Map, Spot};
use domain::plan::route::{cheapest_place, length, route};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::exact;
use super::vaults::vault_and_stops;

/// Of the shortest way, in per cent, by which one that is found may be longer.
const WITHIN_PERCENT: u64 = 5;

/// More stops take the judge too long.
const EXACT_MAX: usize = 11;

fn check(map: &Map, from: Spot, stops: &[Spot], to: Spot) -> Result<(), TestCaseError> {
    let legs = map.legs(stops.iter().copied().chain([from, to]));
    let wanted: BTreeSet<Spot> = stops.iter().copied().collect();
    let found = route(&legs, from, &wanted, to);
    let visited: BTreeSet<Spot> = found.stops.iter().copied().collect();
    prop_assert_eq!(&visited, &wanted);
    prop_assert_eq!(found.stops.len(), wanted.len(), "a stop is visited once");
    prop_assert_eq!(found.millimetres, length(&legs, from, &found.stops, to));
    if stops.len() > EXACT_MAX {
        return Ok(());
    }
    let best = exact::shortest(&legs, from, stops, to);
    let is_near = found.millimetres * 100 <= best * (100 + WITHIN_PERCENT);
    prop_assert!(is_near, "{} mm, where {best} will do", found.millimetres);
    prop_assert!(found.millimetres >= best);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 800,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_way_is_within_five_per_cent_of_the_shortest_there_is((map, stops) in vault_and_stops(14)) {
        check(&map, map.station(), &stops, map.station())?;
    }

    #[test]
    fn so_is_the_rest_of_a_walk_from_wherever_one_stands((map, stops) in vault_and_stops(14)) {
        if let Some((here, rest)) = stops.split_first() {
            check(&map, *here, rest, map.station())?;
        }
    }

    #[test]
    fn a_stop_is_put_where_it_costs_least((map, stops) in vault_and_stops(14)) {
        if let Some((stop, others)) = stops.split_first() {
            let (station, legs) = (map.station(), map.legs(stops.iter().copied()));
            let (place, detour) = cheapest_place(&legs, station, others, station, *stop);
            let before = length(&legs, station, others, station);
            let with = |place: usize| {
                let mut with = others.to_vec();
                with.insert(place, *stop);
                length(&legs, station, &with, station)
            };
            prop_assert_eq!(with(place), before + detour);
            prop_assert!((0..=others.len()).all(|place| with(place) >= before + detour));
        }
    }
}
