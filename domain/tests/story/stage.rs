//! Into the staging slot.

use domain::code::own::OwnKind;
use domain::custody::set_up::StoreConfigured;
use domain::custody::stage::{self, BagStaged};
use domain::facility::SlotCode;
use domain::id::OrderId;
use domain::order::{Channel, Status};
use domain::stock::Place;
use domain::verdict::{Reason, Refusal};

use super::goods::*;
use super::shop::{Shop, check};

fn sealed(shop: &mut Shop, order: OrderId) {
    shop.arrives(order, &[(JARS, 1)]);
    shop.bring(order, Status::Sealed);
}

fn one_sealed(shop: &mut Shop) {
    sealed(shop, FIRST);
}

fn holds(shop: &Shop, code: &str) -> Option<OrderId> {
    shop.ledger.slots[&SlotCode::new(code)].holds
}

fn puts(shop: &mut Shop, order: OrderId, code: &str) {
    let verdict = shop.stages(order, &slot(code));
    shop.does(BEN, COUNTER, verdict);
}

/// Ben put the bag there without asking the tablet, or while another device did the same.
fn put(shop: &mut Shop, order: OrderId, code: &str) {
    let slot = SlotCode::new(code);
    shop.did(BEN, COUNTER, order, BagStaged { order, slot });
}

#[test]
fn a_sealed_bag_goes_into_a_free_slot_of_its_channel() {
    check(
        one_sealed,
        |shop| puts(shop, FIRST, "P1"),
        |shop, ()| {
            let order = shop.order(FIRST);
            assert_eq!(order.status, Status::Staged);
            assert_eq!(order.slot, Some(SlotCode::new("P1")));
            assert_eq!(holds(shop, "P1"), Some(FIRST));
            let place = Place::Slot(SlotCode::new("P1"), FIRST);
            assert_eq!(shop.at(OLD_JARS, &place), 1);
        },
    );
}

#[test]
fn a_slot_of_another_channel_an_unknown_one_and_what_is_no_slot_are_refused_with_a_better_one() {
    check(
        |shop| {
            sealed(shop, FIRST);
            sealed(shop, SECOND);
            puts(shop, SECOND, "P1");
        },
        |shop| {
            [slot("D1"), slot("X9"), own(OwnKind::Location, "A011")]
                .map(|scan| refused(&shop.stages(FIRST, &scan)).clone())
        },
        |_, refusals| {
            let expected = [Reason::WrongSlot, Reason::WrongSlot, Reason::ForAnotherStep];
            let expected = expected.map(|reason| Refusal {
                slot: Some(Box::new(SlotCode::new("P2"))),
                ..Refusal::because(reason)
            });
            assert_eq!(refusals, expected);
        },
    );
}

#[test]
fn a_slot_with_another_bag_in_it_is_full() {
    check(
        |shop| {
            sealed(shop, FIRST);
            sealed(shop, SECOND);
            puts(shop, FIRST, "P1");
        },
        |shop| shop.stages(SECOND, &slot("P1")),
        |_, verdict| {
            assert_eq!(reason(&verdict), Reason::SlotFull);
            assert_eq!(refused(&verdict).slot, Some(Box::new(SlotCode::new("P2"))));
        },
    );
}

#[test]
fn a_bag_moved_to_another_slot_leaves_the_first_one_free() {
    check(
        |shop| {
            one_sealed(shop);
            puts(shop, FIRST, "P1");
        },
        |shop| {
            puts(shop, FIRST, "P2");
            // Scanned once more where it stands: nothing changes.
            puts(shop, FIRST, "P2");
        },
        |shop, ()| {
            assert_eq!((holds(shop, "P1"), holds(shop, "P2")), (None, Some(FIRST)));
            let place = Place::Slot(SlotCode::new("P2"), FIRST);
            assert_eq!(shop.at(OLD_JARS, &place), 1);
        },
    );
}

#[test]
fn each_channel_has_its_own_slots_and_in_store_orders_wait_among_the_pickups() {
    check(
        |shop| {
            one_sealed(shop);
            puts(shop, FIRST, "P1");
        },
        |shop| {
            [
                Channel::Pickup,
                Channel::InStore,
                Channel::Curbside,
                Channel::Delivery,
            ]
            .map(|channel| {
                let slot = stage::free_slot(&shop.ledger, channel);
                slot.map(|slot| slot.code.to_string())
            })
        },
        |_, free| {
            let expected = ["P2", "P2", "C1", "D1"].map(|code| Some(code.to_owned()));
            assert_eq!(free, expected);
        },
    );
}

#[test]
fn slots_are_filled_in_the_order_people_count_them() {
    check(
        |shop| {
            for (order, code) in [(FIRST, "P1"), (SECOND, "P2")] {
                sealed(shop, order);
                puts(shop, order, code);
            }
        },
        |shop| stage::free_slot(&shop.ledger, Channel::Pickup).map(|slot| slot.code.clone()),
        |_, free| assert_eq!(free, Some(SlotCode::new("P10"))),
    );
}

#[test]
fn a_bag_that_is_not_sealed_is_not_staged() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.bring(FIRST, Status::Labelled);
            sealed(shop, SECOND);
        },
        |shop| {
            let fay = shop.situation(FAY, COUNTER);
            [
                shop.stages(FIRST, &slot("P1")),
                shop.stages(THIRD, &slot("P1")),
                stage::decide(&shop.ledger, &fay, SECOND, &slot("P1")),
            ]
            .map(|verdict| reason(&verdict))
        },
        |_, reasons| {
            let expected = [Reason::NotYet, Reason::Unknown, Reason::NotYourRole];
            assert_eq!(reasons, expected);
        },
    );
}

#[test]
fn when_two_bags_were_put_into_one_slot_the_slot_is_free_only_when_both_are_gone() {
    check(
        |shop| {
            sealed(shop, FIRST);
            sealed(shop, SECOND);
            put(shop, FIRST, "P1");
            put(shop, SECOND, "P1");
        },
        |shop| {
            let mut held = vec![holds(shop, "P1")];
            for order in [SECOND, FIRST] {
                let verdict = shop.hands_over(FAY, &label_of(shop.order(order)));
                shop.does(FAY, COUNTER, verdict);
                held.push(holds(shop, "P1"));
            }
            held
        },
        |shop, held| {
            assert_eq!(held, [Some(SECOND), Some(FIRST), None]);
            assert_eq!(shop.ledger.slots[&SlotCode::new("P1")].since, None);
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2);
        },
    );
}

#[test]
fn a_bag_that_is_gone_takes_no_slot_any_more() {
    check(
        |shop| {
            one_sealed(shop);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop| put(shop, FIRST, "P2"),
        |shop, ()| {
            assert_eq!(
                (holds(shop, "P2"), shop.order(FIRST).slot.clone()),
                (None, None)
            );
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 1);
        },
    );
}

#[test]
fn a_slot_that_is_set_up_later_holds_the_bag_that_was_put_there_before() {
    check(
        |shop| {
            one_sealed(shop);
            put(shop, FIRST, "P7");
        },
        |shop| {
            shop.server(StoreConfigured {
                store: store(),
                locations: Vec::new(),
                slots: vec![free("P7", Channel::Pickup)],
            })
        },
        |shop, _| assert_eq!(holds(shop, "P7"), Some(FIRST)),
    );
}
