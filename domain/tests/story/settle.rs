//! Breaches on shelves and orders, row by row of the protocol's table: who settles them, and how it goes on.

use domain::custody::arrive::OrderCancelled;
use domain::custody::exception::Rule;
use domain::custody::receive::PackageListed;
use domain::custody::resolve::Decision;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::Reason;

use super::exceptions::{pick, two_orders};
use super::goods::*;
use super::settling::{MANAGERS, is_open, only, settles, settles_counting, wants};
use super::shop::{Shop, check};

fn held(shop: &mut Shop, hold: bool) {
    shop.server(imported(vec![PackageListed {
        hold,
        ..listed(OLD_JARS, JARS, 3, "A-01-1")
    }]));
}

/// Ben took a fifth pen although the ledger knows of four.
fn a_pen_too_many(shop: &mut Shop) {
    shop.arrives(FIRST, &[(VAPES, 4)]);
    shop.bring(FIRST, Status::Picked);
    shop.arrives(SECOND, &[(VAPES, 1)]);
    shop.did(BEN, PHONE, SECOND, pick(SECOND, PENS, "C-01-1", None));
}

#[test]
fn a_unit_too_many_stays_when_the_shelf_was_counted_and_not_before() {
    check(
        a_pen_too_many,
        |shop| {
            let blind = wants(shop, IVY, Rule::Overdraw, Decision::KeepThis);
            only(shop, &MANAGERS, Rule::Overdraw, Decision::ReturnToStock);
            settles_counting(shop, IVY, Rule::Overdraw, Decision::KeepThis, 0);
            shop.bring(SECOND, Status::HandedOver);
            blind
        },
        |shop, blind| {
            assert_eq!(reason(&blind), Reason::NotYet);
            // One more went out than came in: the state has to be told, and the record says so.
            assert_eq!(shop.package(PENS).at(&Place::Disputed), -Quantity::ONE);
        },
    );
}

#[test]
fn a_unit_too_many_that_goes_back_is_in_dispute_no_more() {
    check(
        a_pen_too_many,
        |shop| {
            let before = shop.package(PENS).at(&Place::Disputed);
            settles(shop, IVY, Rule::Overdraw, Decision::ReturnToStock);
            shop.bring(FIRST, Status::HandedOver);
            before
        },
        |shop, before| {
            assert_eq!(before, -Quantity::ONE);
            assert_eq!(shop.package(PENS).at(&Place::Disputed), Quantity::ZERO);
            assert_eq!(shop.order(SECOND).units_picked(), 0);
            assert!(!shop.blocks_hand_off(SECOND));
        },
    );
}

#[test]
fn the_extra_unit_of_a_line_goes_back_to_its_shelf_and_the_order_goes_on() {
    check(
        |shop| {
            two_orders(shop);
            shop.bring(FIRST, Status::Picked);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, NEW_JARS, "B-04-2", None));
        },
        |shop| {
            only(
                shop,
                &MANAGERS,
                Rule::LineFilledTwice,
                Decision::ReturnToStock,
            );
            settles(shop, IVY, Rule::LineFilledTwice, Decision::ReturnToStock);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| {
            assert_eq!(shop.at(NEW_JARS, &shelf("B-04-2")), 10);
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 1);
        },
    );
}

#[test]
fn an_extra_unit_beside_a_sealed_bag_goes_back_without_opening_the_bag() {
    check(
        |shop| {
            two_orders(shop);
            shop.bring(FIRST, Status::Staged);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            let held = shop.hands_over(FAY, &label_of(shop.order(FIRST)));
            settles(shop, IVY, Rule::LineFilledTwice, Decision::ReturnToStock);
            held
        },
        |shop, held| {
            assert_eq!(reason(&held), Reason::WaitsForManager);
            assert_eq!(shop.order(FIRST).status, Status::Staged);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn a_unit_for_a_cancelled_order_goes_back_by_any_other_associate() {
    check(
        |shop| {
            two_orders(shop);
            let order = FIRST;
            shop.server(OrderCancelled { order });
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", Some(3)));
        },
        |shop| {
            let (rule, way) = (Rule::CancelledOrderPick, Decision::ReturnToStock);
            only(shop, &[BEN, IVY, GUS], rule, way);
            settles(shop, BEN, rule, way);
        },
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 3);
            assert!(shop.package(OLD_JARS).units_taken.is_empty());
            assert_eq!(shop.order(FIRST).status, Status::Cancelled);
        },
    );
}

#[test]
fn a_recalled_unit_goes_into_quarantine_by_the_compliance_officer_alone() {
    check(
        |shop| {
            two_orders(shop);
            held(shop, true);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            only(shop, &[CLEO], Rule::HeldOrRecalled, Decision::Quarantine);
            let as_it_is = wants(shop, CLEO, Rule::HeldOrRecalled, Decision::Accept);
            settles(shop, CLEO, Rule::HeldOrRecalled, Decision::Quarantine);
            // The line goes on with another package.
            shop.allocates(FIRST);
            shop.bring(FIRST, Status::HandedOver);
            as_it_is
        },
        |shop, as_it_is| {
            assert_eq!(reason(&as_it_is), Reason::OnHold);
            assert_eq!(shop.at(OLD_JARS, &Place::Quarantine), 1);
            assert_eq!(shop.at(NEW_JARS, &Place::Customer), 1);
        },
    );
}

#[test]
fn when_a_hold_is_over_the_compliance_officer_lets_the_bag_go() {
    check(
        |shop| {
            two_orders(shop);
            held(shop, true);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
            held(shop, false);
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let before = shop.hands_over(FAY, &label_of(shop.order(FIRST)));
            settles(shop, CLEO, Rule::HeldOrRecalled, Decision::Accept);
            before
        },
        |shop, before| {
            assert_eq!(reason(&before), Reason::WaitsForManager);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn a_pick_without_a_lease_holds_nothing_and_nobody_has_to_settle_it() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.record(ANA, TABLET, None, pick(FIRST, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            only(shop, &[], Rule::UnleasedPick, Decision::Accept);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| assert!(is_open(shop, Rule::UnleasedPick)),
    );
}

#[test]
fn an_act_of_somebody_who_left_is_settled_by_a_manager() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(OTTO, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
            shop.bring(FIRST, Status::Staged);
        },
        |shop| {
            let before = shop.hands_over(FAY, &label_of(shop.order(FIRST)));
            only(shop, &MANAGERS, Rule::ActorInvalid, Decision::Accept);
            settles(shop, GUS, Rule::ActorInvalid, Decision::Accept);
            before
        },
        |shop, before| {
            assert_eq!(reason(&before), Reason::WaitsForManager);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn a_unit_of_an_unknown_package_leaves_its_shelf_once_the_package_is_known() {
    check(
        |shop| {
            two_orders(shop);
            shop.did(ANA, TABLET, FIRST, pick(FIRST, STRANGE, "A-01-1", Some(5)));
        },
        |shop| {
            shop.server(imported(vec![listed(STRANGE, JARS, 3, "A-01-1")]));
            only(shop, &MANAGERS, Rule::UnknownReference, Decision::Accept);
            settles(shop, IVY, Rule::UnknownReference, Decision::Accept);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| {
            assert_eq!(shop.package(STRANGE).units_taken, [5]);
            assert_eq!(shop.at(STRANGE, &Place::Customer), 1);
            assert_eq!(shop.at(STRANGE, &shelf("A-01-1")), 2);
        },
    );
}

#[test]
fn a_unit_for_an_unknown_order_is_in_its_tote_once_the_order_arrives() {
    check(
        |shop| {
            let done = pick(THIRD, OLD_JARS, "A-01-1", Some(4));
            let rules = shop.record(ANA, TABLET, None, done);
            assert_eq!(rules, [Rule::UnleasedPick, Rule::UnknownReference]);
        },
        |shop| {
            shop.arrives(THIRD, &[(JARS, 1)]);
            settles(shop, IVY, Rule::UnknownReference, Decision::Accept);
            shop.bring(THIRD, Status::HandedOver);
        },
        |shop, ()| assert_eq!(shop.at(OLD_JARS, &Place::Customer), 1),
    );
}

#[test]
fn a_unit_of_which_nothing_was_known_leaves_the_shelf_once() {
    check(
        |shop| {
            shop.record(ANA, TABLET, None, pick(THIRD, STRANGE, "A-01-1", Some(4)));
        },
        |shop| {
            let mut other_way_round = shop.clone();
            let come = imported(vec![listed(STRANGE, JARS, 3, "A-01-1")]);
            shop.arrives(THIRD, &[(JARS, 1)]);
            shop.server(come.clone());
            other_way_round.server(come);
            other_way_round.arrives(THIRD, &[(JARS, 1)]);
            other_way_round
        },
        |shop, other_way_round| {
            for shop in [shop, &other_way_round] {
                assert_eq!(shop.at(STRANGE, &Place::Tote(THIRD)), 1);
                assert_eq!(shop.package(STRANGE).units_taken, [4]);
                assert_eq!(shop.order(THIRD).units_picked(), 1);
            }
        },
    );
}

#[test]
fn a_unit_for_an_order_that_never_comes_goes_back_to_its_shelf() {
    check(
        |shop| {
            shop.record(ANA, TABLET, None, pick(THIRD, OLD_JARS, "A-01-1", Some(4)));
        },
        |shop| {
            let way = Decision::ReturnToStock;
            settles(shop, IVY, Rule::UnknownReference, way);
            shop.arrives(THIRD, &[(JARS, 1)]);
        },
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 3);
            assert_eq!(shop.order(THIRD).units_picked(), 0);
        },
    );
}
