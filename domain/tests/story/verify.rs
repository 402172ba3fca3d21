//! Goods, order and ticket must agree.

use domain::code::Grade;
use domain::code::own::OwnKind;
use domain::custody::arrive::{OrderCancelled, OrderChanged};
use domain::custody::verify::{self, TicketRead, UnitVerified};
use domain::order::{Channel, Concern, Order, Status};
use domain::time::Millis;
use domain::verdict::{Instead, Reason};

use super::goods::*;
use super::shop::{Shop, check};

fn ticket(order: &Order) -> domain::custody::scan::Scan {
    own(OwnKind::Ticket, &order.ticket_id())
}

fn two_jars_picked(shop: &mut Shop) {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.bring(FIRST, Status::Picked);
}

fn changes(shop: &mut Shop) {
    shop.server(OrderChanged {
        order: FIRST,
        channel: Channel::Pickup,
        promise_start: Millis(0),
        promise_end: Millis(0),
        lines: lines(&[(JARS, 1)]),
        buyer: None,
    });
}

fn pick_by_unit(shop: &mut Shop, index: u64) {
    let verdict = shop.picks(ANA, TABLET, FIRST, &unit(OLD_JARS, index));
    shop.does(ANA, TABLET, verdict);
}

#[test]
fn an_order_is_verified_when_its_ticket_and_every_unit_were_read() {
    check(
        two_jars_picked,
        |shop| {
            let mut course = Vec::new();
            for scan in [
                package(OLD_JARS),
                ticket(shop.order(FIRST)),
                package(OLD_JARS),
            ] {
                let verdict = shop.verifies(FIRST, &scan);
                shop.does(BEN, COUNTER, verdict);
                let order = shop.order(FIRST);
                course.push((order.status, order.units_verified(), order.ticket_read));
            }
            course
        },
        |_, course| {
            let expected = [
                (Status::Verifying, 1, false),
                (Status::Verifying, 1, true),
                (Status::Verified, 2, true),
            ];
            assert_eq!(course, expected);
        },
    );
}

#[test]
fn the_ticket_of_another_order_is_refused() {
    check(
        |shop| {
            two_jars_picked(shop);
            shop.arrives(SECOND, &[(JARS, 1)]);
        },
        |shop| shop.verifies(FIRST, &ticket(shop.order(SECOND))),
        |_, verdict| {
            let refusal = refused(&verdict);
            assert_eq!(refusal.reason, Reason::OtherOrder);
            assert_eq!(refusal.instead.as_deref(), Some(&Instead::PaperOf(SECOND)));
            assert_eq!(refusal.order.as_deref(), Some(&FIRST));
        },
    );
}

#[test]
fn a_ticket_printed_before_the_order_was_changed_is_refused() {
    check(
        two_jars_picked,
        |shop| {
            let old = ticket(shop.order(FIRST));
            changes(shop);
            shop.verifies(FIRST, &old)
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::OldTicket),
    );
}

#[test]
fn an_old_ticket_that_was_read_without_the_server_proves_nothing() {
    check(
        two_jars_picked,
        |shop| {
            let order = shop.order(FIRST);
            let (version, content) = (order.version, order.ticket_hash());
            changes(shop);
            let order = FIRST;
            shop.did(
                BEN,
                COUNTER,
                FIRST,
                TicketRead {
                    order,
                    version,
                    content,
                    judged: None,
                },
            );
        },
        |shop, ()| assert!(!shop.order(FIRST).ticket_read),
    );
}

#[test]
fn a_ticket_read_before_a_change_is_read_anew_before_the_bag_closes() {
    for reached in [Status::Verified, Status::Labelled] {
        check(
            |shop| {
                two_jars_picked(shop);
                shop.bring(FIRST, reached);
                changes(shop);
            },
            |shop| {
                let changed = shop.order(FIRST).clone();
                let too_early = [shop.prints(FIRST), shop.seals(FIRST)].map(|of| reason(&of));
                let verdict = shop.verifies(FIRST, &ticket(&changed));
                shop.does(BEN, COUNTER, verdict);
                // The goods were checked, and still are.
                let again = shop.order(FIRST).status;
                shop.does(BEN, COUNTER, shop.prints(FIRST));
                let verdict = shop.reads_back(FIRST, &label_of(shop.order(FIRST)));
                shop.does(BEN, COUNTER, verdict);
                shop.does(BEN, COUNTER, shop.seals(FIRST));
                (changed, too_early, again)
            },
            |shop, (changed, too_early, again)| {
                assert_eq!(
                    (
                        changed.status,
                        changed.ticket_read,
                        changed.units_verified()
                    ),
                    (Status::Verifying, false, 2)
                );
                assert_eq!(too_early, [Reason::NotYet; 2]);
                assert_eq!(again, Status::Verified);
                assert_eq!(shop.order(FIRST).status, Status::Sealed);
            },
        );
    }
}

#[test]
fn a_bag_that_is_closed_keeps_what_was_checked_and_waits_for_a_person() {
    check(
        |shop| {
            two_jars_picked(shop);
            shop.bring(FIRST, Status::Sealed);
        },
        changes,
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, order.ticket_read), (Status::Sealed, true));
            assert_eq!(order.concerns, [Concern::ChangedUpstream]);
        },
    );
}

#[test]
fn the_same_unit_is_not_counted_twice() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            pick_by_unit(shop, 7);
            pick_by_unit(shop, 8);
        },
        |shop| {
            let verdict = shop.verifies(FIRST, &unit(OLD_JARS, 7));
            shop.does(BEN, COUNTER, verdict);
            shop.verifies(FIRST, &unit(OLD_JARS, 7))
        },
        |_, again| assert_eq!(reason(&again), Reason::AlreadyScanned),
    );
}

#[test]
fn a_unit_picked_by_its_own_code_is_confirmed_by_that_code_or_by_its_packages_tag_only() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            pick_by_unit(shop, 7);
        },
        |shop| {
            let other = reason(&shop.verifies(FIRST, &unit(OLD_JARS, 8)));
            accepted(shop.verifies(FIRST, &unit(OLD_JARS, 7)));
            let verdict = shop.verifies(FIRST, &package(OLD_JARS));
            shop.does(BEN, COUNTER, verdict);
            other
        },
        |shop, other| {
            assert_eq!(other, Reason::NotOnThisOrder);
            let pick = &shop.order(FIRST).picks[0];
            assert_eq!((pick.verified, pick.unit), (true, Some(7)));
        },
    );
}

#[test]
fn a_unit_picked_by_its_packages_tag_gets_its_number_at_the_pack_station() {
    check(
        two_jars_picked,
        |shop| {
            let verdict = shop.verifies(FIRST, &unit(OLD_JARS, 8));
            shop.does(BEN, COUNTER, verdict);
        },
        |shop, ()| {
            let numbers: Vec<_> = shop
                .order(FIRST)
                .picks
                .iter()
                .map(|pick| pick.unit)
                .collect();
            assert_eq!(numbers, [Some(8), None]);
            assert!(shop.package(OLD_JARS).has_taken(8));
        },
    );
}

#[test]
fn a_tag_is_first_taken_for_a_unit_that_shows_no_code_of_its_own() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            pick_by_unit(shop, 7);
            shop.picks_next(FIRST);
        },
        |shop| {
            for scan in [package(OLD_JARS), unit(OLD_JARS, 7)] {
                let verdict = shop.verifies(FIRST, &scan);
                shop.does(BEN, COUNTER, verdict);
            }
        },
        |shop, ()| assert_eq!(shop.order(FIRST).units_verified(), 2),
    );
}

#[test]
fn a_unit_that_is_in_another_orders_tote_is_not_confirmed_here() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            pick_by_unit(shop, 7);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.bring(SECOND, Status::Picked);
        },
        |shop| shop.verifies(SECOND, &unit(OLD_JARS, 7)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::AlreadyScanned),
    );
}

#[test]
fn what_is_not_in_the_tote_is_refused_and_the_screen_says_what_should_be() {
    check(
        two_jars_picked,
        |shop| {
            [NEW_JARS, GUMS, STRANGE].map(|text| {
                let verdict = shop.verifies(FIRST, &package(text));
                let refusal = refused(&verdict);
                (refusal.reason, refusal.expected.clone())
            })
        },
        |_, refusals| {
            let expected = [
                (Reason::WrongBatch, Some(tag(OLD_JARS))),
                (Reason::NotOnThisOrder, None),
                (Reason::TagNotKnown, None),
            ];
            assert_eq!(refusals, expected);
        },
    );
}

#[test]
fn a_unit_too_many_on_the_table_is_noticed() {
    check(
        |shop| {
            two_jars_picked(shop);
            shop.verifies_all(FIRST);
        },
        |shop| shop.verifies(FIRST, &package(OLD_JARS)),
        |_, verdict| assert_eq!(reason(&verdict), Reason::LineComplete),
    );
}

#[test]
fn what_proves_no_package_confirms_nothing() {
    check(
        two_jars_picked,
        |shop| {
            [
                shop.verifies(FIRST, &product(JARS_GTIN)),
                shop.verifies(FIRST, &nonsense()),
                shop.verifies(FIRST, &slot("P1")),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [
                Reason::ProductCodeOnly,
                Reason::NotACode,
                Reason::ForAnotherStep,
            ];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn an_order_is_verified_after_it_was_picked_and_before_its_label_is_printed() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 2)]);
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.arrives(THIRD, &[(GUMMIES, 1)]);
            shop.bring(SECOND, Status::Labelled);
            let order = THIRD;
            shop.server(OrderCancelled { order });
        },
        |shop| {
            [FIRST, SECOND, THIRD].map(|order| reason(&shop.verifies(order, &package(OLD_JARS))))
        },
        |_, reasons| {
            let expected = [Reason::NotYet, Reason::NotYet, Reason::OrderCancelled];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn who_does_not_fulfil_orders_does_not_verify() {
    check(
        two_jars_picked,
        |shop| {
            let situation = shop.situation(FAY, COUNTER);
            verify::decide(&shop.ledger, &situation, FIRST, &package(OLD_JARS))
        },
        |_, verdict| assert_eq!(reason(&verdict), Reason::NotYourRole),
    );
}

#[test]
fn a_record_of_another_package_or_unit_confirms_no_pick() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
            pick_by_unit(shop, 7);
        },
        |shop| {
            let pick = shop.order(FIRST).picks[0].event;
            for (text, unit) in [(NEW_JARS, None), (OLD_JARS, Some(8))] {
                let done = UnitVerified {
                    order: FIRST,
                    pick,
                    tag: tag(text),
                    unit,
                    grade: Grade::Unit,
                    judged: None,
                };
                shop.did(BEN, COUNTER, FIRST, done);
            }
        },
        |shop, ()| {
            assert_eq!(shop.order(FIRST).units_verified(), 0);
            assert_eq!(shop.order(FIRST).picks[0].unit, Some(7));
        },
    );
}
