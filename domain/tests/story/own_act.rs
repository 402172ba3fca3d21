//! Nobody settles what is about an own act, while somebody else can.

use domain::custody::arrive::OrderCancelled;
use domain::custody::exception::Rule;
use domain::custody::raise::ExceptionRaised;
use domain::custody::resolve::{Decision, ExceptionResolved, Resolution, ResolveReason};
use domain::custody::set_up::ActorAdded;
use domain::event::Body;
use domain::facility::Actor;
use domain::id::ActorId;
use domain::verdict::Reason;

use super::exceptions::{pick, two_orders};
use super::goods::*;
use super::settling::{MANAGERS, does, is_open, open, settles, wants};
use super::shop::{Shop, check};

/// Ivy, a manager, took a unit for an order that had all it needs.
fn ivy_took_one_too_many(shop: &mut Shop) {
    two_orders(shop);
    shop.picks_next(FIRST);
    shop.did(IVY, PHONE, FIRST, pick(FIRST, NEW_JARS, "B-04-2", None));
}

/// People leave.
pub fn leave(shop: &mut Shop, people: &[ActorId]) {
    for id in people {
        let known = shop.ledger.actors[id].clone();
        let actor = Actor {
            active: false,
            ..known
        };
        shop.server(ActorAdded::from(actor));
    }
}

fn resolution(shop: &Shop, number: u64) -> Option<Resolution> {
    shop.ledger.exceptions[&number].resolution
}

/// What a device says that did not ask its own rules.
fn said_anyway(shop: &mut Shop, actor: ActorId, rule: Rule, decision: Decision) -> Vec<Rule> {
    let one = &shop.ledger.exceptions[&open(shop, rule)];
    let done = ExceptionResolved {
        exception: one.number,
        order: one.order,
        tag: one.tag.clone(),
        decision,
        reason: ResolveReason::Other,
        note: None,
        shelf: None,
        counted: None,
    };
    shop.record(actor, COUNTER, None, Body::from(done))
}

#[test]
fn a_manager_does_not_settle_what_is_about_his_own_act_and_another_does() {
    check(
        ivy_took_one_too_many,
        |shop| {
            let number = open(shop, Rule::LineFilledTwice);
            let own = wants(shop, IVY, Rule::LineFilledTwice, Decision::ReturnToStock);
            settles(shop, GUS, Rule::LineFilledTwice, Decision::ReturnToStock);
            (number, own)
        },
        |shop, (number, own)| {
            assert_eq!(reason(&own), Reason::OwnAct);
            let settled = resolution(shop, number).unwrap();
            assert_eq!((settled.actor, settled.alone), (GUS, None));
        },
    );
}

#[test]
fn a_decision_over_an_own_act_settles_nothing_and_waits_for_another_itself() {
    check(
        ivy_took_one_too_many,
        |shop| {
            let way = Decision::ReturnToStock;
            let rules = said_anyway(shop, IVY, Rule::LineFilledTwice, way);
            let own = wants(shop, IVY, Rule::ActorInvalid, Decision::Accept);
            (rules, own)
        },
        |shop, (rules, own)| {
            assert_eq!(rules, [Rule::ActorInvalid]);
            assert!(is_open(shop, Rule::LineFilledTwice));
            assert_eq!(reason(&own), Reason::OwnAct);
        },
    );
}

#[test]
fn where_nobody_else_has_the_right_an_own_act_is_settled_and_marked() {
    check(
        |shop| {
            ivy_took_one_too_many(shop);
            leave(shop, &[CLEO, GUS]);
        },
        |shop| {
            let number = open(shop, Rule::LineFilledTwice);
            settles(shop, IVY, Rule::LineFilledTwice, Decision::ReturnToStock);
            number
        },
        |shop, number| {
            let settled = resolution(shop, number).unwrap();
            assert_eq!((settled.actor, settled.alone), (IVY, Some(true)));
        },
    );
}

#[test]
fn whoever_picked_for_a_cancelled_order_has_a_colleague_take_the_unit_back() {
    check(
        |shop| {
            two_orders(shop);
            shop.server(OrderCancelled { order: FIRST });
            shop.did(ANA, TABLET, FIRST, pick(FIRST, OLD_JARS, "A-01-1", None));
        },
        |shop| {
            let (rule, way) = (Rule::CancelledOrderPick, Decision::ReturnToStock);
            let own = wants(shop, ANA, rule, way);
            settles(shop, BEN, rule, way);
            own
        },
        |shop, own| {
            assert_eq!(reason(&own), Reason::OwnAct);
            assert!(!is_open(shop, Rule::CancelledOrderPick));
        },
    );
}

#[test]
fn who_reports_what_others_did_may_settle_it() {
    check(
        |shop| {
            two_orders(shop);
            let done = ExceptionRaised {
                rule: Rule::LimitExceeded,
                order: Some(FIRST),
                tag: None,
                note: "bought here this morning".to_owned(),
            };
            shop.record(GUS, COUNTER, None, done);
        },
        |shop| {
            let verdict = wants(shop, GUS, Rule::LimitExceeded, Decision::Accept);
            does(shop, GUS, verdict);
        },
        |shop, ()| assert!(!is_open(shop, Rule::LimitExceeded)),
    );
}

#[test]
fn what_was_recorded_before_anybody_asked_is_settled_by_whoever_has_the_right() {
    check(
        ivy_took_one_too_many,
        |shop| {
            // As an earlier server has it in its rows.
            let mut before = shop.clone();
            let number = open(&before, Rule::LineFilledTwice);
            before.ledger.exception_mut(&number).unwrap().author = None;
            let way = Decision::ReturnToStock;
            MANAGERS.map(|person| wants(&before, person, Rule::LineFilledTwice, way))
        },
        |_, verdicts| {
            for verdict in verdicts {
                accepted(verdict);
            }
        },
    );
}
