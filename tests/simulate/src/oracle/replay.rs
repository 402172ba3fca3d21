//! The log, told again from its beginning: it must come to the same state and the same exceptions.

use domain::custody::{Fact, admit, evolve};
use domain::event::Body;
use domain::id::{OrderId, Position};
use domain::ledger::Ledger;
use domain::sync::message::Outcome;

use super::alarms::Called;
use super::newer::{effective, taken_in};
use super::{applied, judge, name_of};
use crate::memory::{Content, Entry};
use crate::shop::SERVER;

/// Replays the log.
pub(super) fn check(content: &Content, ledger: &Ledger) -> Result<(), String> {
    let mut again = Ledger::default();
    let mut called = Called::default();
    let mut owed: Option<OrderId> = None;
    for (position, entry) in (1..).zip(&content.events) {
        called.follow(entry);
        let Some((envelope, body)) = applied(entry) else {
            continue;
        };
        let fact = Fact {
            envelope: &envelope,
            body: &body,
            position: Position(position),
        };
        if let Some(order) = owed.filter(|_| !matches!(body, Body::EpochOpened(_))) {
            owed = None;
            if !matches!(&body, Body::LinesAllocated(done) if done.order == order) {
                return Err(format!("nobody looks for more for {order:?}"));
            }
        }
        let name = name_of(entry);
        let at = |what: String| format!("{what}: {name:?}");
        called.look(&again, &fact).map_err(at)?;
        let of_late = taken_in(entry).and_then(|_| effective(entry));
        let acted = of_late.as_ref().map_or(fact, |(envelope, body)| Fact {
            envelope,
            body,
            ..fact
        });
        if of_late.is_some() && !matches!(acted.body, Body::EpochOpened(_)) {
            called.look(&again, &acted).map_err(at)?;
        }
        let body = acted.body;
        let after = judge::judge(&again, &acted).map_err(at)?;
        let expected = match body {
            Body::PackagePicked(done) => judge::breaches(&again, &acted, done),
            _ => Vec::new(),
        };
        let exceptions = applied_to(&mut again, entry, &fact, of_late.is_some());
        let recorded = match &entry.outcome {
            Outcome::AppliedWithExceptions(numbers) => numbers.clone(),
            Outcome::Applied | Outcome::Quarantined(_) => Vec::new(),
        };
        if exceptions != recorded {
            return Err(format!("another decision on {:?}", name_of(entry)));
        }
        after(&again).map_err(at)?;
        for (rule, is_broken) in expected {
            let of_fact = |number: &u64| again.exceptions.get(number).map(|one| one.rule);
            if exceptions.iter().filter_map(of_fact).any(|one| one == rule) != is_broken {
                let what = if is_broken { "missing" } else { "too much" };
                return Err(format!("{rule:?} is {what} on {name:?}"));
            }
        }
        if let Body::ShortPicked(done) = body {
            owed = Some(done.order).filter(|order| judge::owes(&again, *order));
        }
        if !again.is_conserved() {
            return Err(format!("a unit was made or lost by {:?}", name_of(entry)));
        }
    }
    again.take_touched();
    if again != *ledger {
        return Err("the log does not come to the state".to_owned());
    }
    called.check(content, ledger)
}

/// Applies an entry. Returns the numbers of the exceptions it opened.
fn applied_to(again: &mut Ledger, entry: &Entry, fact: &Fact<'_>, is_of_late: bool) -> Vec<u64> {
    if entry.chain.device != SERVER {
        return admit(again, fact);
    }
    evolve(again, fact);
    let taken = again.exceptions.values().filter(|_| is_of_late);
    let opened = taken.filter(|one| one.position == fact.position);
    opened.map(|one| one.number).collect()
}
