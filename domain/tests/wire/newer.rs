//! A word that is newer than the program: the row is read, written again as it was, and holds what it may have to hold.

use domain::custody::exception::{Exception, Resolver, Rule, resolver};
use domain::custody::resolve::{Decision, Resolution, ResolveReason, decisions, is_moot};
use domain::event::encode;
use domain::ledger::{EntityKind, Ledger};
use domain::order::{Concern, Order};

use super::rows;

fn sample(kind: EntityKind) -> Vec<u8> {
    let mut all = rows::all().into_iter();
    all.find(|(key, _)| key.kind == kind).unwrap().1
}

#[test]
fn an_exception_of_a_rule_nobody_knows_yet_stays_what_it_is_and_holds_its_order() {
    let mut one: Exception = minicbor::decode(&sample(EntityKind::Exception)).unwrap();
    one.rule = Rule::Newer(77);
    one.resolved = false;
    one.resolution = Some(Resolution {
        event: one.event,
        position: one.position,
        actor: one.actor,
        decision: Decision::Newer(99),
        reason: ResolveReason::Newer(88),
        alone: None,
    });
    let bytes = encode(&one);
    let again: Exception = minicbor::decode(&bytes).unwrap();
    assert_eq!((&again, encode(&again)), (&one, bytes));
    assert!(again.blocks_hand_off());
    assert_eq!(again.rule.code(), "E77");
    // A manager sees it; this program cannot say what may be done about it.
    assert!(matches!(resolver(again.rule), Resolver::Person(_)));
    assert_eq!(decisions(again.rule), []);
    assert!(!is_moot(&Ledger::default(), &again));
}

#[test]
fn an_order_with_a_mark_nobody_knows_yet_keeps_it() {
    let mut order: Order = minicbor::decode(&sample(EntityKind::Order)).unwrap();
    order.concerns = vec![Concern::Missing, Concern::Newer(9)];
    let bytes = encode(&order);
    let again: Order = minicbor::decode(&bytes).unwrap();
    assert_eq!(encode(&again), bytes);
    assert_eq!(again.concerns[1], Concern::Newer(9));
}
