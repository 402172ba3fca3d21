//! Less than was ordered, because the customer said so.

use domain::custody::agree::{Asked, ShortAgreed, WhyNot, WithoutUnits, decide, left_of, why_not};
use domain::custody::short::{self, ShortReason};
use domain::id::{ActorId, DeviceId, OrderId};
use domain::ledger::Insert as _;
use domain::order::Status;
use domain::stock::{LabStatus, Package, Place};
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn agrees(shop: &Shop, actor: ActorId, device: DeviceId, order: OrderId) -> Verdict {
    let situation = shop.situation(actor, device);
    decide(&shop.ledger, &situation, order, Asked::ByPhone)
}

/// Four pens are there, and six are wanted.
fn two_pens_too_few(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 1), (VAPES, 6)]);
}

#[test]
fn an_order_goes_on_without_what_its_customer_does_without() {
    check(
        |shop| {
            two_pens_too_few(shop);
            assert_eq!(shop.order(FIRST).status, Status::Short);
            assert_eq!(left_of(shop.order(FIRST)), 5);
        },
        |shop| {
            let verdict = agrees(shop, FAY, COUNTER, FIRST);
            shop.does(FAY, COUNTER, verdict);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, order.units_due()), (Status::Ready, 5));
            assert_eq!((order.lines[0].short, order.lines[1].short), (0, 2));
            assert!(order.concerns.is_empty(), "the customer knows");
            assert!(shop.ledger.exceptions.is_empty());
        },
    );
}

#[test]
fn it_is_picked_packed_and_handed_over_like_any_other() {
    check(
        |shop| {
            two_pens_too_few(shop);
            let verdict = agrees(shop, ANA, TABLET, FIRST);
            shop.does(ANA, TABLET, verdict);
        },
        |shop| shop.bring(FIRST, Status::HandedOver),
        |shop, ()| assert_eq!(shop.order(FIRST).units_picked(), 5),
    );
}

#[test]
fn an_order_of_nothing_is_not_agreed_on_nor_one_that_lacks_nothing() {
    check(
        |shop| {
            shop.arrives(THIRD, &[(VAPES, 4)]);
            shop.arrives(FIRST, &[(VAPES, 1)]);
        },
        |shop| [FIRST, THIRD, SECOND].map(|order| reason(&agrees(shop, FAY, COUNTER, order))),
        |_, reasons| {
            let expected = [Reason::NotYet, Reason::NotYet, Reason::Unknown];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn why_a_line_lacks_something_is_told_by_what_stands_on_the_shelves() {
    let why = |change: &dyn Fn(&mut Package)| {
        let mut shop = Shop::open();
        shop.arrives(FIRST, &[(VAPES, 6)]);
        let mut pens = shop.package(PENS).clone();
        change(&mut pens);
        shop.ledger.insert(pens.tag.clone(), pens);
        why_not(&shop.ledger, &shop.order(FIRST).lines[0], day(TODAY))
    };
    assert_eq!(why(&|_| ()), WhyNot::Promised);
    assert_eq!(why(&|pens| pens.hold = true), WhyNot::OnHold);
    let untested = |pens: &mut Package| pens.lab = LabStatus::Pending;
    assert_eq!(why(&untested), WhyNot::NotTested);
    let expired = |pens: &mut Package| pens.expires = Some(day("2026-11-24"));
    assert_eq!(why(&expired), WhyNot::Expired);
    let gone = |pens: &mut Package| {
        let all = pens.on_shelves();
        let shelf = Place::Shelf(pens.shelf().unwrap().clone());
        pens.transfer(&shelf, &Place::Destroyed, all);
    };
    assert_eq!(why(&gone), WhyNot::NoneLeft);
}

#[test]
fn what_a_picker_looked_for_in_vain_is_said_to_be_missed() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let situation = shop.situation(ANA, TABLET);
            let reason = ShortReason::NotThere;
            let verdict = short::decide(&shop.ledger, &situation, FIRST, &tag(PENS), reason);
            shop.does(ANA, TABLET, verdict);
        },
        |shop| why_not(&shop.ledger, &shop.order(FIRST).lines[0], day(TODAY)),
        |_, why| assert_eq!(why, WhyNot::Missed),
    );
}

#[test]
fn what_came_in_meanwhile_stays_promised() {
    check(
        |shop| shop.arrives(FIRST, &[(JARS, 2)]),
        |shop| {
            let without = vec![WithoutUnits {
                line: 1,
                units: 9,
                missed: Some(9),
            }];
            shop.did(
                FAY,
                COUNTER,
                FIRST,
                ShortAgreed {
                    order: FIRST,
                    without,
                    asked: Asked::InPerson,
                },
            )
        },
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.order(FIRST).units_due(), 2);
            let line = &shop.order(FIRST).lines[0];
            assert_eq!((line.short, line.done_without), (0, None));
        },
    );
}

#[test]
fn nobody_agrees_on_an_order_that_somebody_else_picks_or_without_the_right() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.arrives(SECOND, &[(JARS, 1), (VAPES, 6)]);
        },
        |shop| {
            [
                agrees(shop, BEN, PHONE, FIRST),
                agrees(shop, CLEO, TABLET, SECOND),
                agrees(shop, AUDRA, TABLET, SECOND),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::SomebodyElses,
                Reason::NotYourRole,
                Reason::NotYourRole,
            ];
            assert_eq!(reasons, expected);
        },
    );
}
