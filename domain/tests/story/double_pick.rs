//! One unit in two hands, and what a manager makes of it.

use domain::custody::exception::Rule;
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::order::Status;
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::verdict::Reason;

use super::exceptions::{pick, two_orders};
use super::goods::*;
use super::settling::{MANAGERS, is_open, only, open, settles, settles_counting, wants};
use super::shop::{Shop, check};

/// Ana's bag with unit 7 is staged when Ben's tablet says that he has unit 7 too.
fn a_unit_in_two_hands(shop: &mut Shop) {
    two_orders(shop);
    shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", Some(7)));
    shop.bring(FIRST, Status::Staged);
    let done = pick(SECOND, OLD_JARS, "A-01-1", Some(7));
    assert_eq!(shop.did(BEN, PHONE, SECOND, done), [Rule::DoublePick]);
}

#[test]
fn managers_alone_say_who_has_a_unit() {
    check(
        a_unit_in_two_hands,
        |shop| only(shop, &MANAGERS, Rule::DoublePick, Decision::KeepFirst),
        |shop, ()| {
            let moot = wants(shop, IVY, Rule::DoublePick, Decision::Accept);
            assert_eq!(reason(&moot), Reason::NotYet);
        },
    );
}

#[test]
fn when_the_first_keeps_the_unit_its_bag_goes_and_the_other_order_gets_another() {
    check(
        a_unit_in_two_hands,
        |shop| {
            settles(shop, IVY, Rule::DoublePick, Decision::KeepFirst);
            let left = shop.order(SECOND).units_picked();
            shop.bring(FIRST, Status::HandedOver);
            shop.bring(SECOND, Status::HandedOver);
            left
        },
        |shop, left| {
            assert_eq!(left, 0);
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2);
            assert_eq!(shop.at(OLD_JARS, &shelf("A-01-1")), 1);
            let resolution = shop.ledger.exceptions.values().next().unwrap().resolution;
            let resolution = resolution.unwrap();
            assert_eq!(
                (resolution.actor, resolution.decision),
                (IVY, Decision::KeepFirst)
            );
        },
    );
}

#[test]
fn when_the_other_keeps_it_the_sealed_bag_is_opened_and_packed_again() {
    check(
        a_unit_in_two_hands,
        |shop| {
            settles(shop, GUS, Rule::DoublePick, Decision::KeepThis);
            let first = shop.order(FIRST);
            let is_dead = first.label.as_ref().is_some_and(|label| !label.read_back);
            let opened = (first.status, first.slot.is_none(), is_dead);
            let free = shop.ledger.slots.values().all(|slot| slot.holds.is_none());
            shop.bring(SECOND, Status::HandedOver);
            shop.picks_next(FIRST);
            shop.bring(FIRST, Status::HandedOver);
            (opened, free)
        },
        |shop, (opened, free)| {
            assert_eq!(opened, (Status::Claimed, true, true));
            assert!(free);
            assert_eq!(shop.package(OLD_JARS).units_taken, [7]);
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2);
        },
    );
}

#[test]
fn when_a_count_shows_two_units_both_bags_go() {
    check(
        a_unit_in_two_hands,
        |shop| {
            settles_counting(shop, CLEO, Rule::DoublePick, Decision::Recounted, 1);
            shop.bring(FIRST, Status::HandedOver);
            shop.bring(SECOND, Status::HandedOver);
        },
        |shop, ()| {
            assert_eq!(shop.at(OLD_JARS, &Place::Customer), 2);
            assert_eq!(shop.package(OLD_JARS).at(&Place::Disputed), Quantity::ZERO);
            assert_eq!(shop.order(SECOND).picks[0].unit, None);
        },
    );
}

#[test]
fn what_two_managers_decide_at_once_the_first_has_decided() {
    check(
        a_unit_in_two_hands,
        |shop| {
            let first = wants(shop, IVY, Rule::DoublePick, Decision::KeepFirst);
            let second = wants(shop, GUS, Rule::DoublePick, Decision::KeepThis);
            let number = open(shop, Rule::DoublePick);
            let first = shop.record(IVY, COUNTER, None, accepted(first));
            let second = shop.record(GUS, TABLET, None, accepted(second));
            (number, first, second)
        },
        |shop, (number, first, second)| {
            // The second is on record, and changes nothing.
            assert_eq!((first, second), (vec![], vec![]));
            let settled = &shop.ledger.exceptions[&number];
            assert_eq!(settled.resolution.unwrap().actor, IVY);
            assert_eq!(shop.order(FIRST).status, Status::Staged);
            assert_eq!(shop.order(SECOND).units_picked(), 0);
        },
    );
}

#[test]
fn what_somebody_without_the_right_has_settled_is_settled_for_nobody() {
    check(
        a_unit_in_two_hands,
        |shop| {
            let done = ExceptionResolved {
                exception: open(shop, Rule::DoublePick),
                order: Some(SECOND),
                tag: Some(tag(OLD_JARS)),
                decision: Decision::KeepThis,
                reason: ResolveReason::Other,
                note: None,
                shelf: None,
                counted: None,
            };
            let by_ben = shop.record(BEN, PHONE, None, done.clone());
            // Not even a manager's word counts on a tablet that was stolen.
            let on_stolen = shop.record(IVY, STOLEN, None, done);
            (by_ben, on_stolen)
        },
        |shop, (by_ben, on_stolen)| {
            assert_eq!(by_ben, [Rule::ActorInvalid]);
            assert_eq!(on_stolen, [Rule::LateFromClosedDevice]);
            assert!(is_open(shop, Rule::DoublePick));
            assert_eq!(shop.order(FIRST).status, Status::Staged);
        },
    );
}

#[test]
fn a_pick_that_was_undone_meanwhile_needs_only_to_be_looked_into() {
    check(
        |shop| {
            a_unit_in_two_hands(shop);
            let (order, pick) = (SECOND, shop.order(SECOND).picks[0].event);
            let undone = domain::custody::pick::PickVoided {
                order,
                pick,
                judged: None,
            };
            shop.did(BEN, PHONE, SECOND, undone);
        },
        |shop| settles(shop, IVY, Rule::DoublePick, Decision::Accept),
        |shop, ()| {
            assert!(!shop.blocks_hand_off(SECOND));
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}
