//! The tote of an order on a walk.

use domain::code::own::OwnKind;
use domain::custody::scan::Scan;
use domain::custody::tote::{is_due, is_unread, order_in};
use domain::order::Status;
use domain::plan::way::next_order;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn tote(code: &str) -> Scan {
    own(OwnKind::Tote, code)
}

fn reads(shop: &mut Shop, order: domain::id::OrderId, code: &str) {
    let verdict = shop.picks(ANA, TABLET, order, &tote(code));
    shop.does(ANA, TABLET, verdict);
}

fn number(shop: &Shop, order: domain::id::OrderId) -> Option<u8> {
    shop.order(order).tote.as_ref().map(|tote| tote.number)
}

/// Jars and gummies for one customer, jars for another, each in a tote on Ana's cart.
fn two_on_a_walk(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2), (GUMMIES, 1)]);
    shop.arrives(SECOND, &[(JARS, 1)]);
    shop.takes(ANA, TABLET, &[FIRST, SECOND]);
    reads(shop, FIRST, "A03");
    reads(shop, SECOND, "A01");
}

#[test]
fn a_tote_is_bound_by_its_first_scan_and_has_the_number_that_stands_on_it() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop| {
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST, SECOND]);
            reads(shop, FIRST, "A03");
            let twice = shop.picks(ANA, TABLET, SECOND, &tote("A03"));
            // Another cart's third tote: its number is taken here.
            reads(shop, SECOND, "B03");
            twice
        },
        |shop, twice| {
            assert_eq!(reason(&twice), Reason::ToteTaken);
            assert_eq!(
                (number(shop, FIRST), number(shop, SECOND)),
                (Some(3), Some(1))
            );
            assert_eq!(
                order_in(&shop.ledger, "A03").map(|order| order.id),
                Some(FIRST)
            );
            assert_eq!(order_in(&shop.ledger, "C01"), None);
        },
    );
}

#[test]
fn after_a_package_its_tote_comes_first_and_a_wrong_one_is_refused_by_the_right_ones_number() {
    check(
        two_on_a_walk,
        |shop| {
            shop.picks_next(FIRST);
            let again = shop.picks_next(FIRST);
            let due = is_due(shop.order(FIRST), Some(&tag(GUMS)));
            let verdicts = [
                shop.picks(ANA, TABLET, FIRST, &package(GUMS)),
                shop.picks(ANA, TABLET, SECOND, &package(OLD_JARS)),
                shop.picks(ANA, TABLET, FIRST, &tote("A01")),
                shop.picks(ANA, TABLET, FIRST, &tote("Z09")),
            ];
            (again, due, verdicts)
        },
        |_, (_, due, verdicts)| {
            assert!(due);
            let told = verdicts.map(|verdict| match verdict {
                Verdict::Refused(refusal) => (refusal.reason, refusal.tote),
                Verdict::Accepted(body) => panic!("{body:?}"),
            });
            assert_eq!(
                told,
                [
                    (Reason::ToteFirst, Some(3)),
                    (Reason::ToteFirst, Some(3)),
                    (Reason::WrongTote, Some(3)),
                    (Reason::WrongTote, Some(3)),
                ]
            );
        },
    );
}

#[test]
fn units_of_one_package_go_into_their_tote_together() {
    check(
        two_on_a_walk,
        |shop| {
            shop.picks_next(FIRST);
            assert!(is_unread(shop.order(FIRST)));
            shop.picks_next(FIRST);
            reads(shop, FIRST, "A03");
        },
        |shop, ()| {
            assert!(!is_unread(shop.order(FIRST)));
            assert_eq!(shop.order(FIRST).units_picked(), 2);
        },
    );
}

#[test]
fn a_walk_stays_with_an_order_until_its_tote_was_read() {
    check(
        two_on_a_walk,
        |shop| {
            let next = |shop: &Shop| {
                let orders = [shop.order(FIRST), shop.order(SECOND)];
                next_order(&shop.ledger, &orders)
            };
            shop.picks_next(SECOND);
            let waits = next(shop);
            reads(shop, SECOND, "A01");
            (waits, next(shop))
        },
        |shop, (waits, then)| {
            assert_eq!(shop.order(SECOND).status, Status::Picked);
            assert_eq!((waits, then), (Some(SECOND), Some(FIRST)));
        },
    );
}

#[test]
fn a_unit_that_was_put_back_asks_for_no_tote() {
    check(
        two_on_a_walk,
        |shop| {
            let pick = shop.picks_next(FIRST);
            let situation = shop.situation(ANA, TABLET);
            let verdict = domain::custody::pick::decide_void(&shop.ledger, &situation, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            shop.picks(ANA, TABLET, SECOND, &package(OLD_JARS))
        },
        |_, verdict| {
            accepted(verdict);
        },
    );
}

#[test]
fn an_order_without_a_tote_is_picked_as_ever_and_an_empty_tote_can_be_changed() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[FIRST, SECOND]);
            shop.picks_next(SECOND);
            shop.picks_next(FIRST);
        },
        |shop| {
            reads(shop, SECOND, "A02");
            let full = shop.picks(ANA, TABLET, SECOND, &tote("A05"));
            shop.arrives(THIRD, &[(GUMMIES, 1)]);
            shop.takes(ANA, TABLET, &[THIRD]);
            reads(shop, THIRD, "A04");
            reads(shop, THIRD, "A05");
            full
        },
        |shop, full| {
            assert_eq!(reason(&full), Reason::WrongTote);
            assert_eq!(number(shop, THIRD), Some(5));
            assert!(
                !is_unread(shop.order(SECOND)),
                "the goods lay in it when it was bound"
            );
        },
    );
}

#[test]
fn a_tote_is_free_again_once_its_order_is_in_a_bag_or_given_back_empty() {
    check(
        |shop| {
            two_on_a_walk(shop);
            shop.picks_next(SECOND);
            reads(shop, SECOND, "A01");
        },
        |shop| {
            shop.bring(SECOND, Status::Sealed);
            let break_it = |shop: &mut Shop| {
                let situation = shop.situation(GUS, COUNTER);
                let verdict = domain::custody::break_lease::decide(&shop.ledger, &situation, FIRST);
                shop.does(GUS, COUNTER, verdict);
            };
            break_it(shop);
            shop.takes(BEN, PHONE, &[FIRST]);
            shop.picks(BEN, PHONE, FIRST, &tote("A01"))
        },
        |shop, verdict| {
            accepted(verdict);
            assert_eq!(number(shop, FIRST), None, "the tote stayed with Ana");
        },
    );
}

#[test]
fn a_tote_is_read_by_who_has_the_order_and_only_while_it_is_on_the_cart() {
    check(
        |shop| {
            two_on_a_walk(shop);
            shop.arrives(THIRD, &[(GUMMIES, 1)]);
        },
        |shop| {
            [
                shop.picks(BEN, PHONE, FIRST, &tote("A03")),
                shop.picks(FAY, TABLET, FIRST, &tote("A03")),
                shop.picks(ANA, TABLET, THIRD, &tote("A06")),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [Reason::SomebodyElses, Reason::NotYourRole, Reason::NotYet];
            assert_eq!(reasons, expected);
        },
    );
}
