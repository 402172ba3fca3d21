//! Fewer units on the shelf than promised.

use domain::custody::short::{ShortPicked, ShortReason, decide};
use domain::id::{ActorId, DeviceId, OrderId};
use domain::order::{Concern, Status};
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn misses(shop: &Shop, actor: ActorId, device: DeviceId, order: OrderId, text: &str) -> Verdict {
    let situation = shop.situation(actor, device);
    let reason = ShortReason::NotThere;
    decide(&shop.ledger, &situation, order, &tag(text), reason)
}

fn ana_misses_the_rest(shop: &mut Shop, text: &str) {
    let verdict = misses(shop, ANA, TABLET, FIRST, text);
    shop.does(ANA, TABLET, verdict);
}

#[test]
fn the_order_goes_on_without_what_could_not_be_found() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| ana_misses_the_rest(shop, OLD_JARS),
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.lines[0].short, order.units_due()), (2, 1));
            assert_eq!(order.status, Status::Picked);
            assert_eq!(order.concerns, [Concern::Missing]);
            // Whether they are really gone is for a count to find out.
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 2);
            assert_eq!(shop.reserved(OLD_JARS), 0);
        },
    );
}

#[test]
fn other_jars_are_found_for_what_is_missing_and_not_the_same_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
            ana_misses_the_rest(shop, OLD_JARS);
        },
        |shop| {
            shop.allocates(FIRST);
            let allocated = shop.allocated(FIRST);
            while shop.order(FIRST).status != Status::Picked {
                shop.picks_next(FIRST);
            }
            allocated
        },
        |shop, allocated| {
            let expected = [(OLD_JARS.to_owned(), 1), (NEW_JARS.to_owned(), 2)];
            assert_eq!(allocated, expected);
            let order = shop.order(FIRST);
            assert_eq!((order.units_picked(), order.lines[0].short), (3, 0));
        },
    );
}

#[test]
fn when_one_of_two_packages_cannot_be_found_more_comes_from_the_other() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 5)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            ana_misses_the_rest(shop, OLD_JARS);
        },
        |shop| shop.allocates(FIRST),
        |shop, ()| {
            let expected = [(OLD_JARS.to_owned(), 0), (NEW_JARS.to_owned(), 5)];
            assert_eq!(shop.allocated(FIRST), expected);
            assert_eq!(shop.order(FIRST).lines[0].allocations[0].missing, Some(3));
        },
    );
}

#[test]
fn what_was_searched_in_vain_is_not_offered_to_the_line_again_however_often_it_falls_short() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 3)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            ana_misses_the_rest(shop, OLD_JARS);
            shop.allocates(FIRST);
            ana_misses_the_rest(shop, NEW_JARS);
        },
        |shop| {
            shop.allocates(FIRST);
            shop.arrives(SECOND, &[(JARS, 1)]);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).lines[0].unallocated(), 3);
            // Another order's picker may look there again, until somebody has counted.
            assert_eq!(shop.allocated(SECOND), [(OLD_JARS.to_owned(), 1)]);
        },
    );
}

#[test]
fn an_order_of_which_nothing_could_be_found_is_short() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 4)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            ana_misses_the_rest(shop, PENS);
            shop.allocates(FIRST);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).status, Status::Short);
            assert_eq!(shop.order(FIRST).units_due(), 0);
        },
    );
}

#[test]
fn what_is_already_in_the_tote_is_not_missing() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let verdict = misses(shop, ANA, TABLET, FIRST, OLD_JARS);
            let rules = shop.did(
                ANA,
                TABLET,
                FIRST,
                ShortPicked {
                    order: FIRST,
                    line: 1,
                    tag: tag(OLD_JARS),
                    units: 9,
                    reason: ShortReason::Damaged,
                },
            );
            (verdict, rules)
        },
        |shop, (verdict, rules)| {
            assert_eq!(reason(&verdict), Reason::LineComplete);
            assert_eq!(rules, []);
            let order = shop.order(FIRST);
            assert_eq!((order.units_due(), order.concerns.len()), (1, 0));
        },
    );
}

#[test]
fn nobody_reports_somebody_elses_order_short_or_without_the_right() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            [
                misses(shop, BEN, PHONE, FIRST, OLD_JARS),
                misses(shop, FAY, TABLET, FIRST, OLD_JARS),
                misses(shop, ANA, TABLET, SECOND, OLD_JARS),
                misses(shop, ANA, TABLET, FIRST, NEW_JARS),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::SomebodyElses,
                Reason::NotYourRole,
                Reason::Unknown,
                Reason::LineComplete,
            ];
            assert_eq!(reasons, expected);
        },
    );
}
