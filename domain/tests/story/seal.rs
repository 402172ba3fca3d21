//! The bag is closed.

use domain::custody::arrive::OrderCancelled;
use domain::custody::seal::{self, BagSealed};
use domain::order::Status;
use domain::stock::Place;
use domain::verdict::Reason;

use super::goods::*;
use super::shop::{Shop, check};

fn read_back(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 4)]);
    shop.bring(FIRST, Status::Labelled);
    let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
    shop.does(BEN, COUNTER, verdict);
}

#[test]
fn every_unit_goes_from_the_tote_into_the_bag() {
    check(
        read_back,
        |shop| shop.does(BEN, COUNTER, shop.seals(FIRST)),
        |shop, _| {
            assert_eq!(shop.order(FIRST).status, Status::Sealed);
            for (text, units) in [(OLD_JARS, 3), (NEW_JARS, 1)] {
                assert_eq!(shop.at(text, &Place::Bag(FIRST)), units);
                assert_eq!(shop.at(text, &Place::Tote(FIRST)), 0);
            }
        },
    );
}

#[test]
fn a_bag_whose_label_was_not_read_back_is_not_closed() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Labelled);
            shop.arrives(SECOND, &[(JARS, 1)]);
        },
        |shop| [FIRST, SECOND, THIRD].map(|order| reason(&shop.seals(order))),
        |_, reasons| {
            assert_eq!(reasons, [Reason::NotYet, Reason::NotYet, Reason::Unknown]);
        },
    );
}

#[test]
fn who_does_not_fulfil_orders_closes_no_bag() {
    check(
        read_back,
        |shop| seal::decide(&shop.ledger, &shop.situation(FAY, COUNTER), FIRST),
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYourRole),
    );
}

#[test]
fn a_bag_is_closed_once() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let (order, bag) = (FIRST, String::new());
            shop.did(BEN, COUNTER, FIRST, BagSealed { order, bag });
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).status, Status::Staged);
            assert!(shop.order(FIRST).slot.is_some());
        },
    );
}

#[test]
fn a_bag_closed_before_the_cancellation_was_known_is_a_bag_of_a_cancelled_order() {
    check(
        |shop| {
            read_back(shop);
            let order = FIRST;
            shop.server(OrderCancelled { order });
        },
        |shop| {
            let (order, bag) = (FIRST, String::new());
            shop.did(BEN, COUNTER, FIRST, BagSealed { order, bag })
        },
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.order(FIRST).status, Status::Cancelled);
            assert_eq!(shop.at(OLD_JARS, &Place::Bag(FIRST)), 3);
        },
    );
}
