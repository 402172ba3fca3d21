//! A pick is undone.

use domain::code::Grade;
use domain::custody::arrive::OrderCancelled;
use domain::custody::count;
use domain::custody::exception::Rule;
use domain::custody::pick::{self, PackagePicked, PickVoided, decide_void};
use domain::facility::LocationCode;
use domain::id::{ActorId, DeviceId, EventId, OrderId};
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn undoes(shop: &Shop, actor: ActorId, device: DeviceId, order: OrderId, pick: EventId) -> Verdict {
    decide_void(&shop.ledger, &shop.situation(actor, device), order, pick)
}

fn last_pick(shop: &Shop, order: OrderId) -> EventId {
    shop.order(order).picks.last().unwrap().event
}

#[test]
fn an_undone_pick_is_back_on_its_shelf_and_promised_again() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            let verdict = shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7));
            shop.does(ANA, TABLET, verdict);
        },
        |shop| {
            let pick = last_pick(shop, FIRST);
            let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7))
        },
        |shop, again| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 3);
            assert_eq!(shop.reserved(OLD_JARS), 2);
            assert_eq!(shop.order(FIRST).status, Status::Claimed);
            accepted(again);
        },
    );
}

/// A shelf was counted empty by mistake: what is found on it all the same is taken from there, and goes back there.
#[test]
fn a_unit_found_on_a_shelf_that_was_counted_empty_goes_back_to_that_shelf_and_is_counted_there() {
    let counts = |shop: &mut Shop, units| {
        let situation = shop.situation(ANA, TABLET);
        let (shelf, units) = (LocationCode::new("A-01-1"), Quantity::units(units));
        let verdict = count::decide(&shop.ledger, &situation, &tag(OLD_JARS), &shelf, units);
        shop.record(ANA, TABLET, None, accepted(verdict));
    };
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            counts(shop, 0);
        },
        |shop| {
            let sent = pick::next_target(&shop.ledger, shop.order(FIRST)).unwrap();
            let sent = sent.package.stands_at().unwrap().clone();
            let verdict = shop.picks(ANA, TABLET, FIRST, &package(OLD_JARS));
            let rules = shop.did(ANA, TABLET, FIRST, accepted(verdict));
            assert_eq!(rules, [Rule::Overdraw]);
            let pick = last_pick(shop, FIRST);
            let from = shop.order(FIRST).picks[0].from.clone();
            let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            let back = shop.at(OLD_JARS, &shelf("A-01-1"));
            counts(shop, 3);
            (sent, from, back)
        },
        |shop, (sent, from, back)| {
            let shelf_of = LocationCode::new("A-01-1");
            assert_eq!((sent, from, back), (shelf_of.clone(), shelf_of, 1));
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 3);
            assert_eq!(shop.at(OLD_JARS, &Place::Disputed), 0);
        },
    );
}

/// Early releases recorded such a pick as from a shelf called `?`.
#[test]
fn a_unit_of_which_nobody_noted_the_shelf_goes_back_to_where_its_package_last_stood() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let picked = PackagePicked {
                order: FIRST,
                line: 1,
                tag: tag(OLD_JARS),
                unit: None,
                grade: Grade::Package,
                from: LocationCode::new("?"),
            };
            shop.did(ANA, TABLET, FIRST, picked);
            let pick = last_pick(shop, FIRST);
            let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
        },
        |shop, ()| assert_eq!(shop.at(OLD_JARS, &shelf("?")), 0),
    );
}

#[test]
fn what_was_checked_has_to_be_checked_again_after_a_pick_was_undone() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Labelled);
        },
        |shop| {
            let pick = last_pick(shop, FIRST);
            let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
            shop.does(ANA, TABLET, verdict);
            shop.picks_next(FIRST);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, order.units_verified()), (Status::Picked, 0));
            assert!(!order.ticket_read);
        },
    );
}

#[test]
fn after_the_bag_is_sealed_no_pick_is_undone() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Sealed);
        },
        |shop| {
            let pick = last_pick(shop, FIRST);
            let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
            // A device that did not know of the seal may say so all the same.
            let order = FIRST;
            shop.did(
                ANA,
                TABLET,
                FIRST,
                PickVoided {
                    order,
                    pick,
                    judged: None,
                },
            );
            verdict
        },
        |shop, verdict| {
            assert_eq!(reason(&verdict), Reason::NotYet);
            assert_eq!(shop.order(FIRST).units_picked(), 1);
            assert_eq!(shop.at(OLD_JARS, &Place::Bag(FIRST)), 1);
        },
    );
}

#[test]
fn what_was_picked_for_an_order_that_was_cancelled_can_be_put_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Picked);
            let order = FIRST;
            shop.server(OrderCancelled { order });
        },
        |shop| {
            for _ in 0..2 {
                let pick = last_pick(shop, FIRST);
                let verdict = undoes(shop, ANA, TABLET, FIRST, pick);
                shop.does(ANA, TABLET, verdict);
            }
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).status, Status::Cancelled);
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 3);
            assert_eq!(shop.reserved(OLD_JARS), 0);
        },
    );
}

#[test]
fn a_sealed_bag_of_an_order_that_was_cancelled_is_not_emptied_pick_by_pick() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Sealed);
            let order = FIRST;
            shop.server(OrderCancelled { order });
        },
        |shop| undoes(shop, ANA, TABLET, FIRST, last_pick(shop, FIRST)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYet),
    );
}

#[test]
fn nobody_undoes_picks_of_somebody_elses_order_or_without_the_right() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.picks_next(FIRST);
        },
        |shop| {
            let pick = last_pick(shop, FIRST);
            [
                undoes(shop, BEN, PHONE, FIRST, pick),
                undoes(shop, FAY, TABLET, FIRST, pick),
                undoes(shop, ANA, TABLET, SECOND, pick),
                undoes(shop, ANA, TABLET, FIRST, EventId([0; 16])),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::SomebodyElses,
                Reason::NotYourRole,
                Reason::Unknown,
                Reason::NotYet,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn undoing_the_same_pick_twice_puts_one_unit_back() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let (order, pick) = (FIRST, last_pick(shop, FIRST));
            for _ in 0..2 {
                shop.did(
                    ANA,
                    TABLET,
                    FIRST,
                    PickVoided {
                        order,
                        pick,
                        judged: None,
                    },
                );
            }
        },
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 2);
            assert_eq!(shop.order(FIRST).units_picked(), 1);
        },
    );
}

#[test]
fn a_unit_two_records_claim_is_still_taken_when_one_of_them_is_undone() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            shop.takes(BEN, PHONE, &[SECOND]);
            let verdict = shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, 7));
            let theirs = shop.picks(BEN, PHONE, SECOND, &unit(OLD_JARS, 7));
            shop.does(ANA, TABLET, verdict);
            shop.did(BEN, PHONE, SECOND, accepted(theirs));
        },
        |shop| {
            let verdict = undoes(shop, BEN, PHONE, SECOND, last_pick(shop, SECOND));
            shop.does(BEN, PHONE, verdict);
            shop.picks(BEN, PHONE, SECOND, &unit(OLD_JARS, 7))
        },
        |_, again| assert_eq!(reason(&again), Reason::AlreadyScanned),
    );
}
