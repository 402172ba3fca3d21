//! What stands where, and what is easily taken for something else.

use domain::facility::Location;
use domain::facility::LocationCode;
use domain::id::ItemId;
use domain::ledger::{Insert as _, Ledger};
use domain::plan::near::{Alike, Astray, Because, alike, best_place, strays};
use domain::quantity::Quantity;
use domain::stock::{Item, Place};

use super::queue::{package, tag};

const OG: ItemId = ItemId([1; 16]);
const OC: ItemId = ItemId([2; 16]);
const GUMMIES: ItemId = ItemId([3; 16]);

fn shelf(code: &str) -> LocationCode {
    LocationCode::new(code)
}

/// Three bays far from one another on the walk.
fn vault() -> Ledger {
    let mut ledger = Ledger::default();
    let shelves = [
        ("A-01-1", 10),
        ("A-01-2", 11),
        ("B-04-1", 20),
        ("B-04-2", 21),
        ("C-09-1", 30),
    ];
    for (code, walk) in shelves {
        let code = shelf(code);
        ledger.insert(code.clone(), Location { code, walk });
    }
    for (id, name) in [
        (OG, "Tidewater OG, 3.5 g"),
        (OC, "Tidewater OC, 3.5 g"),
        (GUMMIES, "Night Ferry gummies"),
    ] {
        let item = Item {
            id,
            name: name.to_owned(),
            category: "Flower".to_owned(),
            brand: None,
            strain: None,
            sku: None,
            gtin: None,
            content: None,
        };
        ledger.insert(id, item);
    }
    ledger
}

fn stands(ledger: &mut Ledger, number: usize, item: ItemId, at: &str, units: u32) {
    let mut package = package(number, shelf(at));
    package.item = item;
    package.places.clear();
    package.received_total = Quantity::ZERO;
    package.receive(&Place::Shelf(shelf(at)), Quantity::units(units));
    ledger.insert(package.tag.clone(), package);
}

#[test]
fn beside_the_package_to_take_another_batch_and_a_like_name_are_named_and_nothing_far_away() {
    let mut ledger = vault();
    stands(&mut ledger, 1, OG, "B-04-2", 3);
    stands(&mut ledger, 2, OG, "B-04-1", 3);
    stands(&mut ledger, 3, OC, "B-04-2", 3);
    stands(&mut ledger, 4, GUMMIES, "B-04-2", 3);
    stands(&mut ledger, 5, OG, "C-09-1", 3);
    let found = alike(&ledger, &ledger.packages[&tag(1)]);
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.package.tag.clone(), one.why))
        .collect();
    assert_eq!(found, [(tag(2), Alike::OtherBatch), (tag(3), Alike::Name)]);
    assert!(alike(&ledger, &ledger.packages[&tag(4)]).is_empty());
}

#[test]
fn a_package_away_from_two_of_its_own_is_astray_and_of_two_apart_neither_is() {
    let mut ledger = vault();
    stands(&mut ledger, 1, OG, "B-04-1", 3);
    stands(&mut ledger, 2, OG, "C-09-1", 3);
    assert_eq!(strays(&ledger), []);
    stands(&mut ledger, 3, OG, "B-04-2", 3);
    stands(&mut ledger, 4, GUMMIES, "?", 1);
    let found = strays(&ledger);
    let why: Vec<_> = found
        .iter()
        .map(|one| (one.tag.clone(), one.why.clone()))
        .collect();
    let home = Astray::FromItsOwn(shelf("B-04-1"));
    assert_eq!(why, [(tag(4), Astray::NoPlace), (tag(2), home)]);
}

#[test]
fn a_new_package_goes_to_its_own_else_to_the_first_empty_shelf_else_where_least_is() {
    let mut ledger = vault();
    stands(&mut ledger, 1, OG, "B-04-1", 3);
    assert_eq!(
        best_place(&ledger, OG),
        Some((shelf("B-04-2"), Because::ItsOwn))
    );
    assert_eq!(
        best_place(&ledger, GUMMIES),
        Some((shelf("A-01-1"), Because::Empty))
    );
    for (number, at) in (2..).zip(["A-01-1", "A-01-2", "B-04-2", "C-09-1"]) {
        stands(&mut ledger, number, OC, at, 5);
    }
    assert_eq!(
        best_place(&ledger, GUMMIES),
        Some((shelf("B-04-1"), Because::LeastFull))
    );
    assert_eq!(best_place(&Ledger::default(), OG), None);
}
