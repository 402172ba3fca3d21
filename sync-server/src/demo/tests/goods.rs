//! The stock is as large, as varied and as easily confused as it is said to be.

use super::*;

#[test]
fn every_shelf_has_its_own_place_in_the_walk_and_its_own_code() {
    let shop = shop();
    let locations = &shop.configured.locations;
    let walk: BTreeSet<u32> = locations.iter().map(|location| location.walk).collect();
    let codes: BTreeSet<String> = locations
        .iter()
        .map(|location| location.code.scan_id())
        .collect();
    assert_eq!((walk.len(), codes.len()), (LOCATIONS, LOCATIONS));
    let place = |code: &str| {
        locations
            .iter()
            .position(|location| location.code.as_str() == code)
    };
    // Up aisle A, down aisle B.
    assert_eq!(place("A-10-3").unwrap() + 1, place("B-10-1").unwrap());
    assert_eq!(place("B-01-3").unwrap() + 1, place("C-01-1").unwrap());
    for slot in &shop.configured.slots {
        assert!(OwnCode::make(OwnKind::Slot, &slot.code.scan_id()).is_some());
    }
}

#[test]
fn every_package_stands_on_a_shelf_of_the_vault_and_is_one_of_the_products() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let ledger = open(&shop);
        for package in ledger.packages.values() {
            let shelf = package.shelf().unwrap();
            assert!(ledger.locations.contains_key(shelf), "{shelf}");
            assert!(ledger.items.contains_key(&package.item));
            assert!(package.received <= Some(shop.today));
            assert!(package.packaged < package.received);
        }
        assert!(ledger.is_conserved());
    }
}

#[test]
fn no_event_holds_more_packages_than_one_may_and_products_come_before_their_packages() {
    let mut known = BTreeSet::new();
    for part in shop().stock {
        assert!(part.packages.len() <= receive::PACKAGES_PER_EVENT_MAX);
        known.extend(part.items.iter().map(|item| item.id));
        assert!(
            part.packages
                .iter()
                .all(|package| known.contains(&package.item))
        );
        let size = domain::event::encode(&part).len();
        assert!(size < domain::event::ENVELOPE_BYTES_MAX, "{size} bytes");
    }
}

#[test]
fn every_tag_is_in_the_invented_range_and_none_stands_twice() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let tags: Vec<&PackageTag> = shop
            .stock
            .iter()
            .flat_map(|part| part.packages.iter().map(|package| &package.tag))
            .collect();
        assert_eq!(tags.iter().collect::<BTreeSet<_>>().len(), PACKAGES);
        for tag in tags {
            assert_eq!(PackageTag::parse(tag.as_str()).as_ref(), Ok(tag));
            assert!(tag.as_str().starts_with("1A4FF0") && tag.as_str().len() == 24);
        }
    }
}

#[test]
fn at_least_twenty_pairs_of_one_product_are_easily_confused() {
    for seed in SEEDS {
        let ledger = open(&generate(seed, NOW));
        let mut pairs = 0;
        let packages: Vec<_> = ledger.packages.values().collect();
        for (place, one) in packages.iter().enumerate() {
            for other in &packages[place + 1..] {
                if one.item != other.item {
                    continue;
                }
                let differing = one.tag.as_str().bytes().zip(other.tag.as_str().bytes());
                let count = differing.filter(|(one, other)| one != other).count();
                pairs += usize::from(count <= 2);
            }
        }
        assert!((20..=160).contains(&pairs), "{pairs} pairs for seed {seed}");
    }
}

#[test]
fn about_thirty_five_thousand_units_are_on_hand_and_some_packages_are_nearly_empty() {
    for seed in SEEDS {
        let ledger = open(&generate(seed, NOW));
        let units: Quantity = ledger
            .packages
            .values()
            .map(|package| package.available())
            .sum();
        let units = units.whole_units();
        assert!(
            (33_000..=37_000).contains(&units),
            "{units} units for seed {seed}"
        );
        let one_to_three = |units: u32| (1..=3).contains(&units);
        let left = ledger
            .packages
            .values()
            .map(|package| package.available().whole_units());
        assert!(left.filter(|units| one_to_three(*units)).count() >= 40);
    }
}

#[test]
fn one_package_in_a_hundred_is_on_hold_one_untested_and_one_expired() {
    for seed in SEEDS {
        let shop = generate(seed, NOW);
        let ledger = open(&shop);
        let count = |reason| {
            let packages = ledger.packages.values();
            packages
                .filter(|package| package.unsellable(shop.today) == Some(reason))
                .count()
        };
        assert_eq!(count(Unsellable::OnHold), 12);
        assert_eq!(count(Unsellable::NotTested), 12);
        assert_eq!(count(Unsellable::Expired), 12);
    }
}

#[test]
fn every_tested_package_has_a_potency_in_the_unit_of_its_goods() {
    let ledger = open(&shop());
    for package in ledger.packages.values() {
        let category = &ledger.items[&package.item].category;
        let unit = match category.split_whitespace().next().unwrap() {
            "Flower" | "Pre-Roll" | "Vape" | "Concentrate" => PotencyUnit::Percent,
            _ => PotencyUnit::MilligramsPerUnit,
        };
        let is_tested = package.lab == domain::stock::LabStatus::Passed;
        assert_eq!(package.thc.map(|thc| thc.unit), is_tested.then_some(unit));
        assert_eq!(package.cbd.map(|cbd| cbd.unit), is_tested.then_some(unit));
        assert!(package.thc.is_none_or(|thc| thc.thousandths > 0));
    }
}

#[test]
fn four_products_in_ten_carry_a_number_kept_for_demonstrations() {
    let shop = shop();
    let gtins: BTreeSet<_> = shop
        .products
        .iter()
        .filter_map(|product| product.item.gtin)
        .collect();
    assert_eq!(gtins.len(), PRODUCTS * 4 / 10);
    assert!(
        gtins
            .iter()
            .all(|gtin| gtin.to_string().starts_with("0952"))
    );
    let names: BTreeSet<&str> = shop
        .products
        .iter()
        .map(|product| product.item.name.as_str())
        .collect();
    assert_eq!(
        (names.len(), items_by_sku(&shop).len()),
        (PRODUCTS, PRODUCTS)
    );
}

#[test]
fn the_goods_of_the_training_pictures_are_where_the_pictures_show_them() {
    let shop = shop();
    let ledger = open(&shop);
    let mut tidewater: Vec<_> = ledger
        .packages
        .values()
        .filter(|package| ledger.items[&package.item].name == "Tidewater OG, 3.5 g")
        .collect();
    tidewater.sort_by(|one, other| one.oldest_first(other));
    let tails: Vec<&str> = tidewater.iter().map(|package| package.tag.tail()).collect();
    assert_eq!(tails, ["47218", "47281"]);
    assert_eq!(tidewater[0].shelf().unwrap().as_str(), "B-04-2");
    assert_eq!(tidewater[0].thc.unwrap().text(), "24.1 %");
}
