//! What the server finds wrong with chains, clocks and itself.

use domain::custody::alarm::AlarmRaised;
use domain::custody::exception::Rule;
use domain::custody::health::{CLOCK_ERROR_MS_MAX, ClockObserved};
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::custody::{is_for_devices, recount};
use domain::event::Body;
use domain::id::{Epoch, Hash};
use domain::order::Status;
use domain::verdict::Reason;

use super::exceptions::two_orders;
use super::goods::*;
use super::settling::{MANAGERS, is_open, only, open, settles};
use super::shop::{Shop, check};

const EPOCH: Epoch = Epoch([5; 16]);

fn both_staged(shop: &mut Shop) {
    two_orders(shop);
    shop.bring(FIRST, Status::Staged);
    shop.bring(SECOND, Status::Staged);
}

#[test]
fn a_lost_tail_holds_the_orders_the_device_had_and_a_manager_lets_them_go() {
    check(
        |shop| {
            shop.arrives(THIRD, &[(JARS, 1)]);
            shop.bring(THIRD, Status::Staged);
            two_orders(shop);
        },
        |shop| {
            let alarm = AlarmRaised::chain_gap(&shop.ledger, TABLET, EPOCH, 9);
            let orders = alarm.orders.clone();
            shop.server(alarm);
            shop.bring(FIRST, Status::Staged);
            shop.bring(SECOND, Status::Staged);
            let bags = [FIRST, SECOND, THIRD].map(|order| label_of(shop.order(order)));
            let told = bags.map(|bag| shop.hands_over(FAY, &bag));
            only(shop, &MANAGERS, Rule::ChainGap, Decision::Accept);
            settles(shop, IVY, Rule::ChainGap, Decision::Accept);
            (orders, told)
        },
        |shop, (orders, [first, second, third])| {
            assert_eq!(orders, [FIRST]);
            assert_eq!(reason(&first), Reason::WaitsForManager);
            accepted(second);
            accepted(third);
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn a_gap_of_a_device_with_several_orders_holds_all_of_them() {
    check(
        |shop| {
            for order in [FIRST, SECOND] {
                shop.arrives(order, &[(JARS, 1)]);
            }
            shop.takes(ANA, TABLET, &[FIRST, SECOND]);
        },
        |shop| {
            let alarm = AlarmRaised::chain_gap(&shop.ledger, TABLET, EPOCH, 9);
            shop.server(alarm);
            shop.bring(FIRST, Status::Staged);
            shop.bring(SECOND, Status::Staged);
        },
        |shop, ()| {
            for order in [FIRST, SECOND] {
                let verdict = shop.hands_over(FAY, &label_of(shop.order(order)));
                assert_eq!(reason(&verdict), Reason::WaitsForManager);
            }
        },
    );
}

#[test]
fn alarms_about_trust_hold_no_bag_and_are_for_those_who_answer_for_devices() {
    for rule in [
        Rule::DeviceRollback,
        Rule::ServerRollback,
        Rule::Fork,
        Rule::BadSignature,
    ] {
        check(
            both_staged,
            |shop| {
                let alarm = AlarmRaised {
                    epoch: Some(EPOCH),
                    seq: Some(7),
                    hash: Some(Hash([1; 32])),
                    other: Some(Hash([2; 32])),
                    ..AlarmRaised::about(rule, TABLET)
                };
                shop.server(alarm);
                let bag = label_of(shop.order(FIRST));
                accepted(shop.hands_over(FAY, &bag));
                only(shop, &[CLEO, GUS], rule, Decision::Accept);
                settles(shop, GUS, rule, Decision::Accept);
            },
            |shop, ()| assert!(!is_open(shop, rule)),
        );
    }
}

#[test]
fn what_the_server_cannot_read_yet_holds_its_orders_until_the_server_has_read_it() {
    check(
        both_staged,
        |shop| {
            let mut envelope = shop.log.last().unwrap().envelope.clone();
            envelope.lease = shop.lease(TABLET, FIRST);
            envelope.kind.kind = 999;
            let mut alarm = AlarmRaised::schema_unknown(&shop.ledger, &envelope, Hash([1; 32]));
            let none_in_force = alarm.orders.clone();
            alarm.orders = vec![FIRST];
            shop.server(alarm);
            let held = shop.hands_over(FAY, &label_of(shop.order(FIRST)));
            only(shop, &[], Rule::SchemaUnknown, Decision::Replayed);
            let done = ExceptionResolved {
                exception: open(shop, Rule::SchemaUnknown),
                order: Some(FIRST),
                tag: None,
                decision: Decision::Replayed,
                reason: ResolveReason::Update,
                note: None,
                shelf: None,
                counted: None,
            };
            let by_gus = shop.record(GUS, COUNTER, None, done.clone());
            let is_still_open = is_open(shop, Rule::SchemaUnknown);
            shop.server(done);
            (none_in_force, held, by_gus, is_still_open)
        },
        |shop, (none_in_force, held, by_gus, is_still_open)| {
            assert_eq!(none_in_force, []);
            assert_eq!(reason(&held), Reason::WaitsForManager);
            // Nobody but the server can say so.
            assert_eq!((by_gus, is_still_open), (vec![Rule::ActorInvalid], true));
            assert!(!is_open(shop, Rule::SchemaUnknown));
        },
    );
}

#[test]
fn an_event_from_the_future_puts_the_orders_of_its_lease_in_doubt() {
    check(
        two_orders,
        |shop| {
            let mut envelope = shop.log.last().unwrap().envelope.clone();
            envelope.lease = shop.lease(TABLET, FIRST);
            AlarmRaised::schema_unknown(&shop.ledger, &envelope, Hash([1; 32]))
        },
        |_, alarm| assert_eq!(alarm.orders, [FIRST]),
    );
}

#[test]
fn a_clock_that_is_too_uncertain_is_on_record_and_holds_nothing() {
    check(
        both_staged,
        |shop| {
            let compared = |error| ClockObserved {
                offset: -1_250,
                error,
                jump: 0,
            };
            let rules = shop.record(ANA, TABLET, None, compared(CLOCK_ERROR_MS_MAX + 1));
            let envelope = shop.log.last().unwrap().envelope.clone();
            let certain = compared(CLOCK_ERROR_MS_MAX);
            let uncertain = compared(CLOCK_ERROR_MS_MAX + 1);
            let none = AlarmRaised::clock_suspect(&envelope, &certain);
            let alarm = AlarmRaised::clock_suspect(&envelope, &uncertain).unwrap();
            assert_eq!((alarm.offset, alarm.error), (Some(-1_250), Some(30_001)));
            shop.server(alarm);
            only(shop, &[], Rule::ClockSuspect, Decision::Accept);
            (rules, none)
        },
        |shop, (rules, none)| {
            assert_eq!((rules, none), (vec![], None));
            accepted(shop.hands_over(FAY, &label_of(shop.order(FIRST))));
        },
    );
}

#[test]
fn an_alarm_about_goods_is_none_and_no_device_raises_any() {
    check(
        two_orders,
        |shop| {
            shop.server(AlarmRaised::about(Rule::DoublePick, TABLET));
        },
        |shop, ()| {
            assert!(shop.ledger.exceptions.is_empty());
            let alarm: Body = AlarmRaised::about(Rule::Fork, TABLET).into();
            assert!(!is_for_devices(&alarm));
            for opened in recount::due(&shop.ledger, TABLET) {
                assert!(!is_for_devices(&opened.into()));
            }
        },
    );
}
