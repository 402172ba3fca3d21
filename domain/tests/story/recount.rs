//! A device that is gone: what it may have taken is on a list that is never longer than what it had.

use domain::custody::break_lease;
use domain::custody::claim::LeasedPackage;
use domain::custody::count::CountObserved;
use domain::custody::exception::Rule;
use domain::custody::recount::{self, RecountOpened};
use domain::custody::set_up::DeviceEnrolled;
use domain::facility::{Device, LocationCode};
use domain::quantity::Quantity;

use super::exceptions::pick;
use super::goods::*;
use super::settling::does;
use super::shop::{Shop, check};

/// Ana has three jars and a spare, and told of one jar before her tablet was wiped.
fn wiped(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 3)]);
    shop.takes(ANA, TABLET, &[FIRST]);
    shop.picks_next(FIRST);
}

fn list(shop: &Shop) -> Vec<(String, u32)> {
    recount::open_tasks(&shop.ledger)
        .map(|task| (task.tag.to_string(), task.units_max))
        .collect()
}

fn opens(shop: &mut Shop) -> usize {
    let due = recount::due(&shop.ledger, TABLET);
    let count = due.len();
    for opened in due {
        shop.server(opened);
    }
    count
}

fn counted(shop: &mut Shop, text: &str, at: &str, units: u32) {
    let done = CountObserved {
        tag: tag(text),
        location: LocationCode::new(at),
        counted: Quantity::units(units),
    };
    let rules = shop.record(BEN, PHONE, None, done);
    // Whether another has to look at it is a story of its own.
    assert!(rules.iter().all(|rule| *rule == Rule::CountDiffers));
}

#[test]
fn what_a_wiped_device_had_not_told_of_is_counted_and_then_off_the_list() {
    check(
        wiped,
        |shop| {
            let device = Device {
                generation: 2,
                ..device(TABLET)
            };
            shop.server(DeviceEnrolled::from(device));
            let opened = opens(shop);
            let first = list(shop);
            counted(shop, OLD_JARS, "A-01-1", 2);
            let second = list(shop);
            counted(shop, NEW_JARS, "B-04-2", 10);
            (opened, first, second)
        },
        |shop, (opened, first, second)| {
            assert_eq!(opened, 1);
            let spare = (NEW_JARS.to_owned(), 1);
            assert_eq!(first, [(OLD_JARS.to_owned(), 2), spare.clone()]);
            assert_eq!(second, [spare]);
            assert_eq!(list(shop), []);
            // Nobody has to count it twice.
            assert_eq!(recount::due(&shop.ledger, TABLET), []);
        },
    );
}

#[test]
fn a_device_that_lost_nothing_leaves_nothing_to_count() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(BEN, PHONE, &[FIRST]);
        },
        opens,
        |shop, opened| assert_eq!((opened, list(shop)), (0, vec![])),
    );
}

#[test]
fn what_was_taken_away_from_a_device_before_it_was_given_up_is_counted_too() {
    check(
        wiped,
        |shop| {
            let verdict = break_lease::decide(&shop.ledger, &shop.situation(GUS, COUNTER), FIRST);
            does(shop, GUS, verdict);
            opens(shop)
        },
        |shop, opened| {
            assert_eq!(opened, 1);
            assert_eq!(list(shop).len(), 2);
        },
    );
}

#[test]
fn a_list_is_never_longer_than_what_was_leased() {
    check(
        wiped,
        |shop| {
            let lease = *shop.ledger.leases.keys().next().unwrap();
            let packages = [(OLD_JARS, 900), (PENS, 1), (OLD_JARS, 1)]
                .map(|(text, units)| LeasedPackage::new(tag(text), units));
            let packages = packages.into();
            shop.server(RecountOpened { lease, packages });
        },
        |shop, ()| assert_eq!(list(shop), [(OLD_JARS.to_owned(), 3)]),
    );
}

#[test]
fn what_the_device_tells_after_all_is_late_and_what_the_count_has_shown_stays() {
    check(
        |shop| {
            wiped(shop);
            let lease = shop.lease(TABLET, FIRST);
            let device = Device {
                generation: 2,
                ..device(TABLET)
            };
            shop.server(DeviceEnrolled::from(device));
            opens(shop);
            // Two of three were there, as the record says: the tablet had nothing more to tell.
            counted(shop, OLD_JARS, "A-01-1", 1);
            let done = pick(FIRST, OLD_JARS, "A-01-1", None);
            let rules = shop.record(ANA, TABLET, lease, done);
            assert_eq!(rules, [Rule::LateFromClosedDevice]);
        },
        |_| {},
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 0);
            assert!(!shop.blocks_hand_off(FIRST));
        },
    );
}
