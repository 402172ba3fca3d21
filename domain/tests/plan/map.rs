//! What a drawing is worth, however bad it is.

use std::collections::BTreeSet;

use domain::facility::LocationCode;
use domain::plan::guess::{Spacing, by_codes};
use domain::plan::map::{AISLE_MILLIMETRES_MAX, Drawing, Finding, Map, SPOTS_MAX};
use proptest::prelude::*;

use super::exact;
use super::vaults::{aisle, any_vault};

fn code(text: &str) -> LocationCode {
    LocationCode::new(text)
}

fn drawn(code: &str, spot: &str) -> (LocationCode, String) {
    (LocationCode::new(code), spot.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_distance_is_the_shortest_and_a_shelf_is_on_the_map_when_there_is_a_way_there_and_back(
        drawing in any_vault(),
    ) {
        let (map, findings) = Map::check(&drawing, []);
        let judge = exact::distances(&drawing);
        let way = |from: &str, to: &str| judge.get(&(from.to_owned(), to.to_owned())).copied();
        for (code, spot) in &drawing.shelves {
            let (there, back) = (way("pack", spot), way(spot, "pack"));
            prop_assert_eq!(map.spot_of(code).is_some(), there.is_some() && back.is_some());
            let says = |finding: Finding| findings.contains(&finding);
            prop_assert_eq!(says(Finding::NoWayTo { code: code.clone() }), there.is_none());
            let is_trap = there.is_some() && back.is_none();
            prop_assert_eq!(says(Finding::NoWayBack { code: code.clone() }), is_trap);
        }
        let spots = drawing.shelves.iter().filter_map(|(code, name)| {
            Some((map.spot_of(code)?, name.as_str()))
        });
        let spots: Vec<_> = spots.chain([(map.station(), "pack")]).collect();
        let legs = map.legs(spots.iter().map(|(spot, _)| *spot));
        for (from, from_name) in &spots {
            for (to, to_name) in &spots {
                let best = way(from_name, to_name);
                prop_assert_eq!(Some(legs.millimetres(*from, *to)), best);
            }
        }
    }
}

#[test]
fn a_shelf_on_an_island_is_named_and_the_rest_of_the_map_is_used() {
    let drawing = Drawing {
        station: "pack".to_owned(),
        aisles: vec![
            aisle("pack", "a", 3_000, false),
            aisle("island", "its other end", 1_000, false),
            aisle("a", "trap", 1_000, true),
        ],
        shelves: vec![
            drawn("A-01", "a"),
            drawn("B-01", "island"),
            drawn("C-01", "nowhere"),
            drawn("D-01", "trap"),
        ],
    };
    let shop = [code("A-01"), code("B-01"), code("E-01")];
    let (map, mut findings) = Map::check(&drawing, &shop);
    findings.sort();
    let expected = [
        Finding::NoWayTo { code: code("B-01") },
        Finding::NoWayTo { code: code("C-01") },
        Finding::NoWayBack { code: code("D-01") },
        Finding::NotDrawn { code: code("E-01") },
    ];
    assert_eq!(findings, expected);
    assert_eq!(map.shelves(), 1);
    assert!(map.spot_of(&code("A-01")).is_some());
}

#[test]
fn a_shelf_drawn_twice_stands_where_it_was_drawn_first() {
    let drawing = Drawing {
        station: "pack".to_owned(),
        aisles: vec![
            aisle("pack", "a", 3_000, false),
            aisle("a", "b", 9_000, false),
        ],
        shelves: vec![drawn("A-01", "a"), drawn("A-01", "b")],
    };
    let (map, findings) = Map::check(&drawing, []);
    let twice = Finding::ShelfTwice {
        code: code("A-01"),
        kept: "a".to_owned(),
        dropped: "b".to_owned(),
    };
    assert_eq!(findings, [twice]);
    let spot = map.spot_of(&code("A-01")).unwrap();
    assert_eq!(map.legs([spot]).millimetres(map.station(), spot), 3_000);
}

#[test]
fn a_one_way_aisle_is_walked_round_and_not_back() {
    let drawing = Drawing {
        station: "pack".to_owned(),
        aisles: vec![
            aisle("pack", "a", 1_000, true),
            aisle("a", "b", 1_000, true),
            aisle("b", "pack", 7_000, true),
        ],
        shelves: vec![drawn("A-01", "a"), drawn("B-01", "b")],
    };
    let (map, findings) = Map::check(&drawing, []);
    assert_eq!(findings, []);
    let [a, b] = ["A-01", "B-01"].map(|text| map.spot_of(&code(text)).unwrap());
    let legs = map.legs([a, b]);
    assert_eq!(legs.millimetres(a, b), 1_000);
    assert_eq!(legs.millimetres(b, a), 8_000);
}

#[test]
fn an_aisle_of_miles_and_a_vault_of_thousands_of_spots_are_not_believed() {
    let mut drawing = Drawing {
        station: "pack".to_owned(),
        aisles: vec![aisle("pack", "a", AISLE_MILLIMETRES_MAX + 1, false)],
        shelves: vec![drawn("A-01", "a")],
    };
    let (map, findings) = Map::check(&drawing, []);
    let no_way = Finding::NoWayTo { code: code("A-01") };
    assert!(matches!(findings[0], Finding::AisleTooLong { .. }));
    assert_eq!((map.shelves(), &findings[1..]), (0, &[no_way][..]));
    drawing.aisles = (0..SPOTS_MAX)
        .map(|number| aisle(&number.to_string(), "a", AISLE_MILLIMETRES_MAX, false))
        .collect();
    let (map, findings) = Map::check(&drawing, []);
    let spots = SPOTS_MAX + 2;
    assert_eq!(
        (map, findings),
        (Map::default(), vec![Finding::TooManySpots { spots }])
    );
}

#[test]
fn a_shop_that_drew_nothing_still_has_a_map_without_shelves() {
    let (map, findings) = Map::check(&Drawing::default(), [&code("A-01")]);
    assert_eq!(map.shelves(), 0);
    assert_eq!(findings, [Finding::NotDrawn { code: code("A-01") }]);
    assert_eq!(map.legs([]).millimetres(map.station(), map.station()), 0);
}

#[test]
fn without_a_drawing_the_codes_on_the_shelves_say_where_they_stand() {
    let named = ["A-01-1", "A-01-2", "A-02-1", "A-03-1", "B-01-1", "B-03-1"].map(code);
    let odd = ["SAFE", "", "A-x-1", "A-99999999999-1", "-01-1"].map(code);
    let all: Vec<LocationCode> = named.iter().chain(&odd).cloned().collect();
    let drawing = by_codes(&all, Spacing::TYPICAL);
    let (map, findings) = Map::check(&drawing, &all);
    let missing: BTreeSet<&LocationCode> = odd.iter().collect();
    let expected: Vec<Finding> = missing
        .into_iter()
        .map(|code| Finding::NotDrawn { code: code.clone() })
        .collect();
    assert_eq!(findings, expected);
    let spots = named.clone().map(|code| map.spot_of(&code).unwrap());
    assert_eq!(
        spots[0], spots[1],
        "one stands before a bay for all its shelves"
    );
    let legs = map.legs(spots);
    let way = |from: usize, to: usize| legs.millimetres(spots[from], spots[to]);
    // Round the front end: to it, across, into the next aisle.
    assert_eq!(way(0, 4), 900 + 2_400 + 900);
    // Round the back end is shorter from the last bay. The second aisle has a bay less, and ends in the same line.
    assert_eq!(way(3, 5), 900 + 2_400 + 1_800);
}
