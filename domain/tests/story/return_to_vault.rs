//! Out of the slot, and back to the vault.

use domain::custody::return_to_vault::{self, BagReturned, overdue};
use domain::facility::SlotCode;
use domain::id::OrderId;
use domain::order::Status;
use domain::stock::Place;
use domain::time::Millis;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::{Shop, check};

fn staged(shop: &mut Shop, order: OrderId, code: &str) {
    shop.arrives(order, &[(JARS, 1)]);
    shop.bring(order, Status::Sealed);
    puts(shop, order, code);
}

fn puts(shop: &mut Shop, order: OrderId, code: &str) {
    let verdict = shop.stages(order, &slot(code));
    shop.does(BEN, COUNTER, verdict);
}

fn returns(shop: &Shop, order: OrderId) -> Verdict {
    let scan = label_of(shop.order(order));
    return_to_vault::decide(&shop.ledger, &shop.situation(BEN, COUNTER), &scan)
}

#[test]
fn a_bag_nobody_came_for_goes_back_closed_and_its_slot_is_free() {
    check(
        |shop| staged(shop, FIRST, "P1"),
        |shop| {
            let verdict = returns(shop, FIRST);
            shop.does(BEN, COUNTER, verdict);
        },
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!((order.status, &order.slot), (Status::Sealed, &None));
            assert!(order.bench.as_ref().unwrap().vaulted.is_some());
            assert_eq!(shop.ledger.slots[&SlotCode::new("P1")].holds, None);
            assert_eq!(shop.at(OLD_JARS, &Place::Bag(FIRST)), 1);
        },
    );
}

#[test]
fn in_the_morning_it_is_put_into_a_slot_again() {
    check(
        |shop| {
            staged(shop, FIRST, "P1");
            let verdict = returns(shop, FIRST);
            shop.does(BEN, COUNTER, verdict);
        },
        |shop| puts(shop, FIRST, "P2"),
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!(order.status, Status::Staged);
            assert_eq!(order.bench.as_ref().unwrap().vaulted, None);
        },
    );
}

#[test]
fn what_is_no_staged_bag_does_not_go_back() {
    check(
        |shop| {
            staged(shop, FIRST, "P1");
            shop.arrives(SECOND, &[(JARS, 1)]);
            shop.bring(SECOND, Status::Sealed);
        },
        |shop| {
            let by = |actor, scan| {
                let situation = shop.situation(actor, COUNTER);
                reason(&return_to_vault::decide(&shop.ledger, &situation, &scan))
            };
            [
                reason(&returns(shop, SECOND)),
                by(BEN, slot("P1")),
                by(FAY, label_of(shop.order(FIRST))),
            ]
        },
        |_, reasons| {
            let expected = [Reason::NotYet, Reason::ForAnotherStep, Reason::NotYourRole];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn a_bag_that_was_put_elsewhere_or_handed_over_meanwhile_stays_where_it_is() {
    check(
        |shop| staged(shop, FIRST, "P1"),
        |shop| {
            puts(shop, FIRST, "P2");
            let (order, slot) = (FIRST, SlotCode::new("P1"));
            shop.did(BEN, TABLET, FIRST, BagReturned { order, slot })
        },
        |shop, rules| {
            assert_eq!(rules, []);
            assert_eq!(shop.order(FIRST).slot, Some(SlotCode::new("P2")));
            assert_eq!(shop.order(FIRST).status, Status::Staged);
        },
    );
}

#[test]
fn the_list_of_the_evening_has_the_bags_whose_promise_is_over_the_longest_standing_first() {
    check(
        |shop| {
            staged(shop, SECOND, "P1");
            staged(shop, FIRST, "P2");
        },
        |shop| {
            let due = shop.order(FIRST).promise_end;
            [due, Millis(due.0 + 1)].map(|now| {
                overdue(&shop.ledger, now)
                    .iter()
                    .map(|one| one.id)
                    .collect()
            })
        },
        |_, lists: [Vec<OrderId>; 2]| assert_eq!(lists, [vec![], vec![SECOND, FIRST]]),
    );
}
