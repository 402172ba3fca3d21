//! A younger package was taken while an older one stands there, by the record.

use domain::custody::count::CountObserved;
use domain::custody::exception::Rule;
use domain::custody::passed_over::{of_order, still_there};
use domain::custody::receive::PackageListed;
use domain::custody::short::{self, ShortReason};
use domain::facility::LocationCode;
use domain::id::OrderId;
use domain::order::Status;
use domain::quantity::Quantity;

use super::goods::*;
use super::shop::{Shop, check};

const NEWEST_JARS: &str = "1A4FF0300000C57000000103";

/// Ana takes the order and says that a package is damaged; the next oldest is promised instead.
pub fn passes_over(shop: &mut Shop, order: OrderId, older: &str) {
    shop.takes(ANA, TABLET, &[order]);
    says_damaged(shop, order, older);
}

fn says_damaged(shop: &mut Shop, order: OrderId, older: &str) {
    let situation = shop.situation(ANA, TABLET);
    let reason = ShortReason::Damaged;
    let verdict = short::decide(&shop.ledger, &situation, order, &tag(older), reason);
    shop.does(ANA, TABLET, verdict);
    shop.allocates(order);
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

/// Order, older, younger, units.
fn listed_now(shop: &Shop) -> Vec<(OrderId, String, String, u32)> {
    let all = still_there(&shop.ledger).into_iter();
    all.map(|one| {
        let tags = [one.older, one.younger].map(|package| package.tag.to_string());
        let [older, younger] = tags;
        (one.order.id, older, younger, one.units)
    })
    .collect()
}

fn two_for_the_first() -> Vec<(OrderId, String, String, u32)> {
    vec![(FIRST, OLD_JARS.to_owned(), NEW_JARS.to_owned(), 2)]
}

#[test]
fn an_older_package_that_was_passed_over_is_listed_with_the_reason_until_a_count_finds_nothing() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            passes_over(shop, FIRST, OLD_JARS);
            // So far nothing younger was taken.
            assert_eq!(listed_now(shop), []);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop| {
            let left = listed_now(shop);
            let missed = still_there(&shop.ledger)[0].missed.unwrap();
            counted(shop, OLD_JARS, "A-01-1", 2);
            let fewer = listed_now(shop);
            counted(shop, OLD_JARS, "A-01-1", 0);
            (left, missed, fewer)
        },
        |shop, (left, missed, fewer)| {
            assert_eq!(left, two_for_the_first());
            assert_eq!((missed.actor, missed.reason), (ANA, ShortReason::Damaged));
            // The count found some: it was passed over, and stands there.
            assert_eq!(fewer, two_for_the_first());
            assert_eq!(listed_now(shop), []);
            // What happened stays the order's own.
            assert_eq!(of_order(&shop.ledger, shop.order(FIRST)).len(), 1);
        },
    );
}

#[test]
fn once_the_older_package_is_sold_all_the_same_it_is_off_the_list() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            passes_over(shop, FIRST, OLD_JARS);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let before = listed_now(shop);
            shop.arrives(SECOND, &[(JARS, 3)]);
            shop.bring(SECOND, Status::Picked);
            before
        },
        |shop, before| {
            assert_eq!(before, two_for_the_first());
            assert_eq!(shop.allocated(SECOND), [(OLD_JARS.to_owned(), 3)]);
            assert_eq!(listed_now(shop), []);
        },
    );
}

#[test]
fn what_was_promised_beside_the_older_one_from_the_first_did_not_take_its_place() {
    check(
        |shop| {
            let newest = PackageListed {
                received: Some(day("2026-10-01")),
                ..listed(NEWEST_JARS, JARS, 6, "B-04-2")
            };
            shop.server(imported(vec![newest]));
            // All that is old, all that is new, one of the newest.
            shop.arrives(FIRST, &[(JARS, 14)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            says_damaged(shop, FIRST, OLD_JARS);
            shop.bring(FIRST, Status::Picked);
        },
        |shop, ()| {
            let picked = |text| shop.order(FIRST).picked_of(1, &tag(text));
            assert_eq!([OLD_JARS, NEW_JARS, NEWEST_JARS].map(picked), [1, 10, 3]);
            let newest = NEWEST_JARS.to_owned();
            assert_eq!(listed_now(shop), [(FIRST, OLD_JARS.to_owned(), newest, 2)]);
        },
    );
}

#[test]
fn whoever_misses_the_younger_one_has_passed_over_nothing() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 5)]);
            passes_over(shop, FIRST, NEW_JARS);
        },
        |shop| shop.bring(FIRST, Status::Picked),
        |shop, ()| {
            assert_eq!(shop.order(FIRST).picked_of(1, &tag(OLD_JARS)), 3);
            assert_eq!(listed_now(shop), []);
        },
    );
}
