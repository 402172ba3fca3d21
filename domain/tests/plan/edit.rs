//! The vault is drawn, change by change.

use domain::facility::LocationCode;
use domain::plan::edit::{metres, metres_text};
use domain::plan::guess::{Spacing, vault_by_codes};
use domain::plan::map::{Finding, Map};
use domain::plan::vault::Vault;

fn code(text: &str) -> LocationCode {
    LocationCode::new(text)
}

/// The pack station, and a place three metres right and four down of it.
fn two_places() -> (Vault, String) {
    let mut vault = Vault::default();
    vault.add(0, 0).unwrap();
    let place = vault.add(3_000, 4_000).unwrap();
    (vault, place)
}

#[test]
fn the_first_place_is_the_pack_station_and_a_way_is_as_long_as_its_ends_are_apart() {
    let (mut vault, place) = two_places();
    let station = vault.drawing.station.clone();
    vault.join(&station, &place);
    assert_eq!(vault.drawing.aisles[0].millimetres, 5_000);
    vault.put(&place, 0, 7_000);
    assert_eq!(vault.drawing.aisles[0].millimetres, 7_000);
}

#[test]
fn a_way_goes_from_both_ways_to_one_to_the_other_to_none() {
    let (mut vault, place) = two_places();
    let station = vault.drawing.station.clone();
    let mut seen = Vec::new();
    for _ in 0..4 {
        vault.join(&station, &place);
        let ways = vault.drawing.aisles.iter();
        seen.push(ways.map(|way| (way.one_way, way.from == station)).next());
    }
    let (both, there, back) = (Some((false, true)), Some((true, true)), Some((true, false)));
    assert_eq!(seen, [both, there, back, None]);
}

#[test]
fn with_a_place_its_ways_go_and_its_shelves_are_not_drawn_any_more() {
    let (mut vault, place) = two_places();
    let station = vault.drawing.station.clone();
    vault.join(&station, &place);
    vault.shelve(&code("A-01-1"), &place);
    let shelves = [code("A-01-1")];
    assert_eq!(Map::check(&vault.drawing, &shelves).1, []);
    vault.take_away(&place);
    assert!(vault.drawing.aisles.is_empty());
    let missing = vec![Finding::NotDrawn {
        code: code("A-01-1"),
    }];
    assert_eq!(Map::check(&vault.drawing, &shelves).1, missing);
    vault.take_away(&station);
    assert_eq!(vault.places().len(), 1, "there is always a pack station");
}

#[test]
fn a_shelf_stands_at_one_place() {
    let (mut vault, place) = two_places();
    let station = vault.drawing.station.clone();
    vault.shelve(&code("A-01-1"), &place);
    vault.shelve(&code("A-01-1"), &station);
    assert_eq!(vault.shelves_at(&place).count(), 0);
    assert_eq!(vault.shelves_at(&station).count(), 1);
}

#[test]
fn every_spot_of_the_guess_has_its_own_place_on_paper() {
    let codes: Vec<LocationCode> = ["A-01-1", "A-01-2", "A-02-1", "B-07-1", "nowhere"]
        .iter()
        .map(|text| code(text))
        .collect();
    let vault = vault_by_codes(&codes, Spacing::TYPICAL);
    let places = vault.places();
    assert_eq!(places, vault.spots, "none is left over");
    let mut at: Vec<(u32, u32)> = places.iter().map(|spot| (spot.right, spot.down)).collect();
    at.sort_unstable();
    at.dedup();
    assert_eq!(at.len(), places.len());
    let names: Vec<&str> = places.iter().map(|spot| spot.name.as_str()).collect();
    for (_, spot) in &vault.drawing.shelves {
        assert!(names.contains(&spot.as_str()), "{spot}");
    }
}

#[test]
fn lengths_are_read_as_people_type_them_and_nothing_else_is() {
    for (text, millimetres) in [
        ("2.4", 2_400),
        (" 12 ", 12_000),
        ("0,05", 50),
        ("3.", 3_000),
    ] {
        assert_eq!(metres(text), Some(millimetres), "{text}");
    }
    for text in [
        "",
        ".5",
        "-1",
        "1.2345",
        "2.4 m",
        "1e3",
        "999999999999",
        "501",
    ] {
        assert_eq!(metres(text), None, "{text}");
    }
    assert_eq!(metres_text(2_400), "2.4");
    assert_eq!(metres_text(12_000), "12");
    assert_eq!(metres_text(50), "0.05");
}
