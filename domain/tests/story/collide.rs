//! Late picks: for information, unless they collide with what others did meanwhile.

use domain::custody::break_lease;
use domain::custody::exception::Rule;
use domain::custody::resolve::Decision;
use domain::custody::set_up::DeviceEnrolled;
use domain::custody::sign_in::{EpochOpened, OpenCause};
use domain::event::LeaseRef;
use domain::facility::Device;
use domain::order::Status;
use domain::verdict::Reason;

use super::exceptions::pick;
use super::goods::*;
use super::settling::{MANAGERS, does, is_open, only, settles};
use super::shop::{Shop, check};

/// Ana's order was taken away from her and given to Ben, who took unit 7.
fn ben_took_over(shop: &mut Shop) -> LeaseRef {
    shop.arrives(FIRST, &[(JARS, 2)]);
    shop.takes(ANA, TABLET, &[FIRST]);
    let lease = shop.lease(TABLET, FIRST).unwrap();
    let verdict = break_lease::decide(&shop.ledger, &shop.situation(IVY, COUNTER), FIRST);
    does(shop, IVY, verdict);
    shop.takes(BEN, PHONE, &[FIRST]);
    shop.did(BEN, PHONE, FIRST, pick(FIRST, OLD_JARS, "A-01-1", Some(7)));
    lease
}

fn enrolled_anew(shop: &mut Shop) {
    let device = Device {
        generation: 2,
        ..device(TABLET)
    };
    shop.server(DeviceEnrolled::from(device));
}

#[test]
fn a_pick_under_a_broken_lease_that_took_nothing_from_anybody_holds_nothing() {
    check(
        |shop| {
            let lease = ben_took_over(shop);
            let done = pick(FIRST, OLD_JARS, "A-01-1", Some(8));
            let rules = shop.record(ANA, TABLET, Some(lease), done);
            assert_eq!(rules, [Rule::LeaseBrokenPick]);
        },
        |shop| {
            only(shop, &MANAGERS, Rule::LeaseBrokenPick, Decision::Accept);
            shop.bring(FIRST, Status::HandedOver);
        },
        |shop, ()| assert!(is_open(shop, Rule::LeaseBrokenPick)),
    );
}

#[test]
fn a_pick_under_a_broken_lease_that_collides_holds_the_order_until_the_collision_is_settled() {
    check(
        |shop| {
            let lease = ben_took_over(shop);
            let done = pick(FIRST, OLD_JARS, "A-01-1", Some(7));
            let rules = shop.record(ANA, TABLET, Some(lease), done);
            assert_eq!(rules, [Rule::DoublePick, Rule::LeaseBrokenPick]);
        },
        |shop| {
            let all = shop.ledger.exceptions.values();
            let holding: Vec<Rule> = all
                .filter(|one| one.blocks_hand_off())
                .map(|one| one.rule)
                .collect();
            settles(shop, IVY, Rule::DoublePick, Decision::KeepFirst);
            let is_open = is_open(shop, Rule::LeaseBrokenPick);
            shop.bring(FIRST, Status::HandedOver);
            (holding, is_open)
        },
        |shop, (holding, is_open)| {
            assert_eq!(holding, [Rule::DoublePick, Rule::LeaseBrokenPick]);
            assert!(!is_open);
            assert_eq!(shop.order(FIRST).units_picked(), 2);
        },
    );
}

#[test]
fn what_a_closed_enrolment_took_from_somebody_is_late_and_collides() {
    check(
        |shop| {
            let lease = ben_took_over(shop);
            enrolled_anew(shop);
            let done = pick(FIRST, OLD_JARS, "A-01-1", Some(7));
            let rules = shop.record(ANA, TABLET, Some(lease), done);
            let expected = [
                Rule::DoublePick,
                Rule::LeaseBrokenPick,
                Rule::LateFromClosedDevice,
            ];
            assert_eq!(rules, expected);
        },
        |shop| {
            only(
                shop,
                &MANAGERS,
                Rule::LateFromClosedDevice,
                Decision::Accept,
            );
            settles(shop, IVY, Rule::DoublePick, Decision::KeepFirst);
        },
        |shop, ()| {
            assert!(!is_open(shop, Rule::LateFromClosedDevice));
            assert!(!shop.blocks_hand_off(FIRST));
        },
    );
}

#[test]
fn a_late_overdraw_of_a_revoked_device_holds_the_order_and_a_late_pick_alone_does_not() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(VAPES, 4)]);
            shop.arrives(SECOND, &[(GUMMIES, 1), (VAPES, 1)]);
            shop.bring(FIRST, Status::Picked);
        },
        |shop| {
            let alone = pick(SECOND, GUMS, "A-02-1", None);
            let mut too_many = pick(SECOND, PENS, "C-01-1", None);
            too_many.line = 2;
            let alone = shop.record(ANA, STOLEN, None, alone);
            let held = shop.blocks_hand_off(SECOND);
            (alone, held, shop.record(ANA, STOLEN, None, too_many))
        },
        |shop, (alone, held, too_many)| {
            let late = Rule::LateFromClosedDevice;
            assert_eq!(alone, [Rule::UnleasedPick, late]);
            assert!(!held);
            assert_eq!(too_many, [Rule::Overdraw, Rule::UnleasedPick, late]);
            let all = shop.ledger.exceptions.values();
            let holding = all.filter(|one| one.rule == late && one.blocks_hand_off());
            assert_eq!(holding.count(), 1);
        },
    );
}

#[test]
fn a_chain_that_was_opened_before_the_device_was_enrolled_anew_is_late() {
    check(
        enrolled_anew,
        |shop| {
            [1, 2].map(|generation| {
                let opened = EpochOpened {
                    generation,
                    before: None,
                    cause: OpenCause::Start,
                    build: String::new(),
                    durability: String::new(),
                    persisted: true,
                    quota: 0,
                    time_zone: String::new(),
                    clock_offset: None,
                };
                shop.record(ANA, TABLET, None, opened)
            })
        },
        |_, rules| assert_eq!(rules, [vec![Rule::LateFromClosedDevice], vec![]]),
    );
}

#[test]
fn nobody_breaks_a_lease_by_recording_it_without_the_right_to() {
    check(
        |shop| {
            shop.arrives(FIRST, &[(JARS, 1)]);
            shop.takes(ANA, TABLET, &[FIRST]);
        },
        |shop| {
            let verdict = break_lease::decide(&shop.ledger, &shop.situation(BEN, PHONE), FIRST);
            let by_ivy = break_lease::decide(&shop.ledger, &shop.situation(IVY, PHONE), FIRST);
            let rules = shop.record(BEN, PHONE, None, accepted(by_ivy));
            (verdict, rules)
        },
        |shop, (verdict, rules)| {
            assert_eq!(reason(&verdict), Reason::NotYourRole);
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert_eq!(shop.order(FIRST).claim.as_ref().unwrap().actor, ANA);
        },
    );
}
