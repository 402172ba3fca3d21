//! What managers decide, and who may.

use domain::custody::exception::Rule;
use domain::custody::resolve::{self, Decision, ResolveReason, Settlement};
use domain::event::Body;
use domain::id::ActorId;
use domain::quantity::Quantity;
use domain::verdict::{Reason, Verdict};

use super::goods::*;
use super::shop::Shop;

/// The number of the one open exception of a rule.
#[track_caller]
pub fn open(shop: &Shop, rule: Rule) -> u64 {
    let mut open = shop
        .ledger
        .exceptions
        .values()
        .filter(|one| one.rule == rule && !one.resolved);
    let number = open.next().unwrap().number;
    assert_eq!(open.next(), None);
    number
}

pub fn is_open(shop: &Shop, rule: Rule) -> bool {
    let mut all = shop.ledger.exceptions.values();
    all.any(|one| one.rule == rule && !one.resolved)
}

pub fn settlement(decision: Decision) -> Settlement {
    Settlement {
        decision,
        reason: ResolveReason::OutOfContact,
        note: String::new(),
        shelf: None,
        counted: None,
    }
}

/// What somebody would be told who wants to settle the one open exception of a rule.
#[track_caller]
pub fn wants(shop: &Shop, actor: ActorId, rule: Rule, decision: Decision) -> Verdict {
    wants_so(shop, actor, rule, &settlement(decision))
}

#[track_caller]
pub fn wants_so(shop: &Shop, actor: ActorId, rule: Rule, settlement: &Settlement) -> Verdict {
    let situation = shop.situation(actor, COUNTER);
    resolve::decide(&shop.ledger, &situation, open(shop, rule), settlement)
}

/// Somebody does what a verdict allows, although it may be about no order.
#[track_caller]
pub fn does(shop: &mut Shop, actor: ActorId, verdict: Verdict) {
    let body: Body = accepted(verdict);
    assert_eq!(shop.record(actor, COUNTER, None, body), []);
}

/// Somebody settles the one open exception of a rule.
#[track_caller]
pub fn settles(shop: &mut Shop, actor: ActorId, rule: Rule, decision: Decision) {
    let verdict = wants(shop, actor, rule, decision);
    does(shop, actor, verdict);
}

/// The same, with the shelf counted.
#[track_caller]
pub fn settles_counting(
    shop: &mut Shop,
    actor: ActorId,
    rule: Rule,
    decision: Decision,
    units: u32,
) {
    let settlement = Settlement {
        counted: Some(Quantity::units(units)),
        ..settlement(decision)
    };
    let verdict = wants_so(shop, actor, rule, &settlement);
    does(shop, actor, verdict);
}

/// These people may settle it in this way, and nobody else: the others have no right to it, or it is their own act.
#[track_caller]
pub fn only(shop: &Shop, people: &[ActorId], rule: Rule, decision: Decision) {
    let author = shop.ledger.exceptions[&open(shop, rule)].author;
    for (person, _) in PEOPLE {
        let verdict = wants(shop, person, rule, decision);
        if people.contains(&person) {
            accepted(verdict);
        } else {
            let told = reason(&verdict);
            let is_own = told == Reason::OwnAct && author == Some(person);
            assert!(
                is_own || told == Reason::NotYourRole,
                "{person:?}: {told:?}"
            );
        }
    }
}

/// Everybody who may settle what concerns goods.
pub const MANAGERS: [ActorId; 3] = [IVY, CLEO, GUS];
