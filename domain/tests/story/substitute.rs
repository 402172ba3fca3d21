//! The directed package is short: the next oldest of the picker's own lease stands in, also without a network.

use domain::custody::escrow::free;
use domain::custody::pick::next_target;
use domain::custody::receive::PackageListed;
use domain::custody::short::{self, ShortReason};
use domain::custody::swap::to_ask;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::verdict::{Reason, Verdict};

use super::escrow::{LATE_JARS, forty_more};
use super::goods::*;
use super::shop::{Shop, check};

fn misses(shop: &Shop, text: &str) -> Verdict {
    let situation = shop.situation(ANA, TABLET);
    short::decide(
        &shop.ledger,
        &situation,
        FIRST,
        &tag(text),
        ShortReason::NotThere,
    )
}

/// Ana is in the vault and cannot find the old jars.
fn in_vain(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1)]);
    shop.takes(ANA, TABLET, &[FIRST]);
    shop.offline = true;
    let verdict = misses(shop, OLD_JARS);
    shop.does(ANA, TABLET, verdict);
}

fn target(shop: &Shop) -> Option<(String, u32)> {
    let target = next_target(&shop.ledger, shop.order(FIRST))?;
    Some((target.package.tag.to_string(), target.units))
}

#[test]
fn the_next_oldest_of_the_lease_stands_in_and_the_order_goes_all_the_way() {
    check(
        in_vain,
        |shop| {
            let shown = (shop.order(FIRST).status, target(shop));
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(NEW_JARS));
            shop.does(ANA, TABLET, verdict);
            let order = shop.order(FIRST).clone();
            shop.offline = false;
            shop.bring(FIRST, Status::HandedOver);
            (shown, order)
        },
        |shop, (shown, order)| {
            assert_eq!(shown, (Status::Short, Some((NEW_JARS.to_owned(), 1))));
            assert_eq!((order.lines[0].short, order.units_due()), (0, 1));
            assert_eq!(order.status, Status::Picked);
            assert_eq!((shop.reserved(OLD_JARS), shop.reserved(NEW_JARS)), (0, 0));
            assert!(shop.ledger.exceptions.is_empty());
        },
    );
}

#[test]
fn a_spare_is_a_right_also_when_everything_else_is_promised_to_others() {
    check(
        |shop| {
            in_vain(shop);
            shop.arrives(SECOND, &[(JARS, 12)]);
        },
        |shop| {
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(NEW_JARS));
            // No rule is broken by it.
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| {
            let promised = (shop.reserved(OLD_JARS), shop.reserved(NEW_JARS));
            assert_eq!(promised, (3, 9));
            assert_eq!(shop.at(NEW_JARS, &shelf("B-04-2")), 9);
        },
    );
}

#[test]
fn of_two_that_are_missing_one_is_fetched_where_the_lease_has_one_spare() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            shop.offline = true;
            let verdict = misses(shop, OLD_JARS);
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).lines[0].missed(), 2);
            assert_eq!(target(shop), Some((NEW_JARS.to_owned(), 1)));
        },
    );
}

#[test]
fn nobody_is_asked_while_the_orders_own_lease_has_a_spare_though_all_else_is_promised() {
    let to_ask = |shop: &Shop| to_ask(&shop.ledger, shop.order(FIRST), day(TODAY)).count();
    check(
        |shop| {
            in_vain(shop);
            shop.arrives(SECOND, &[(JARS, 12)]);
            assert_eq!(free(&shop.ledger, shop.package(NEW_JARS)), Quantity::ZERO);
        },
        |shop| {
            let with_a_spare = to_ask(shop);
            let verdict = misses(shop, NEW_JARS);
            shop.does(ANA, TABLET, verdict);
            with_a_spare
        },
        |shop, with_a_spare| assert_eq!((with_a_spare, to_ask(shop)), (0, 1)),
    );
}

#[test]
fn what_is_not_in_the_lease_does_not_stand_in() {
    check(
        |shop| {
            forty_more(shop);
            in_vain(shop);
        },
        |shop| {
            let late = shop.picks(ANA, TABLET, FIRST, &package(LATE_JARS));
            let missing = shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS));
            [late, missing]
        },
        |_, [late, missing]| {
            assert_eq!(reason(&late), Reason::WrongBatch);
            assert_eq!(refused(&late).expected, Some(tag(NEW_JARS)));
            // What she could not find is a story of its own.
            assert_eq!(reason(&missing), Reason::FoundAfterAll);
        },
    );
}

#[test]
fn a_spare_that_cannot_be_found_either_is_not_looked_for_again() {
    check(
        in_vain,
        |shop| {
            let verdict = misses(shop, NEW_JARS);
            shop.does(ANA, TABLET, verdict);
            [
                shop.picks(ANA, TABLET, FIRST, &package(NEW_JARS)),
                misses(shop, NEW_JARS),
            ]
        },
        |shop, [picked, missed]| {
            assert_eq!(target(shop), None);
            assert_eq!(shop.order(FIRST).status, Status::Short);
            assert_eq!(reason(&picked), Reason::NotYet);
            assert_eq!(reason(&missed), Reason::LineComplete);
        },
    );
}

#[test]
fn a_spare_of_which_one_was_found_and_no_second_is_not_looked_for_again() {
    check(
        |shop| {
            forty_more(shop);
            shop.arrives(FIRST, &[(JARS, 12)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let verdict = misses(shop, OLD_JARS);
            shop.does(ANA, TABLET, verdict);
        },
        |shop| {
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(LATE_JARS));
            shop.does(ANA, TABLET, verdict);
            let verdict = misses(shop, LATE_JARS);
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| {
            assert_eq!(reason(&misses(shop, LATE_JARS)), Reason::LineComplete);
            let order = shop.order(FIRST);
            assert_eq!((order.picked_of_line(1), order.lines[0].short), (1, 2));
        },
    );
}

#[test]
fn a_spare_that_is_on_hold_meanwhile_does_not_stand_in() {
    check(
        in_vain,
        |shop| {
            shop.server(imported(vec![PackageListed {
                hold: true,
                ..listed(NEW_JARS, JARS, 10, "B-04-2")
            }]));
        },
        |shop, ()| assert_eq!(target(shop), None),
    );
}

#[test]
fn nothing_stands_in_while_the_right_package_is_there() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| shop.picks(ANA, TABLET, FIRST, &package(NEW_JARS)),
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::WrongBatch);
            assert_eq!(target(shop), Some((OLD_JARS.to_owned(), 1)));
        },
    );
}

#[test]
fn a_package_the_server_had_promised_meanwhile_and_the_one_that_stood_in_are_the_same() {
    check(
        in_vain,
        |shop| {
            // The server hears of the miss and promises a new jar; Ana has taken one in the vault already.
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(NEW_JARS));
            shop.allocates(FIRST);
            let lease = shop.lease(TABLET, FIRST);
            shop.record(ANA, TABLET, lease, accepted(verdict))
        },
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.reserved(NEW_JARS), 0);
            assert_eq!(shop.order(FIRST).status, Status::Picked);
        },
    );
}
