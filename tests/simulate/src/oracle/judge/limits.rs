//! What one person may buy: counted by hand on the state before a bag is handed over.
//!
//! In: the state before a fact. Out: what is wrong, and what must hold afterwards. Must not: ask the judgement it judges.

use domain::custody::Fact;
use domain::custody::exception::Rule;
use domain::custody::hand_off::OrderHandedOff;
use domain::custody::limit::{CameTo, Judged};
use domain::event::Body;
use domain::ledger::Ledger;
use domain::order::Order;
use domain::time::Day;

use super::{After, wrong};
use crate::limits::{known_mg, max_mg};
use crate::shop::SERVER;

/// What no device does knowingly.
pub(super) fn knowingly(body: &Body) -> Result<(), String> {
    let judged = match body {
        Body::OrderHandedOff(done) => done.judged,
        Body::UnitVerified(done) => done.judged,
        Body::TicketRead(done) => done.judged,
        _ => None,
    };
    match judged.map(|judged| judged.came_to) {
        Some(CameTo::Over) => wrong("a device let more pass than one person may buy, and knew it"),
        Some(CameTo::Within | CameTo::Unknown | CameTo::Newer(_)) | None => Ok(()),
    }
}

fn day(fact: &Fact<'_>, judged: Option<Judged>) -> Day {
    let of_clock = fact.envelope.wall.div_euclid(86_400_000);
    let of_clock = i32::try_from(of_clock).unwrap_or(i32::MAX);
    judged.map_or(Day(of_clock), |judged| judged.day)
}

/// Whether a bag is over, with what its buyer has taken home that day.
fn is_over(before: &Ledger, order: &Order, on: Day) -> bool {
    let Some(max_mg) = max_mg(before) else {
        return false;
    };
    let who = order.buyer.and_then(|buyer| buyer.who);
    let is_same = |other: &&Order| {
        let is_theirs = who.is_some() && other.buyer.and_then(|buyer| buyer.who) == who;
        is_theirs && other.id != order.id && other.handed_on == Some(on)
    };
    let earlier = before.orders.values().filter(is_same);
    let earlier: u64 = earlier.map(|other| known_mg(before, other)).sum();
    earlier + known_mg(before, order) > max_mg
}

/// Nothing over a limit goes out unseen, and nobody is bothered about what is within it.
pub(super) fn handed_over(before: &Ledger, fact: &Fact<'_>, done: &OrderHandedOff) -> After {
    if fact.envelope.device == SERVER {
        return Box::new(|_| Ok(()));
    }
    let order = before.orders.get(&done.order);
    let on = day(fact, done.judged);
    let is_over = order.is_some_and(|order| is_over(before, order, on));
    let event = fact.envelope.id;
    Box::new(move |after| {
        let mut all = after.exceptions.values();
        let is_it = all.any(|one| one.event == event && one.rule == Rule::LimitExceeded);
        match (is_over, is_it) {
            (true, false) => wrong("more than one person may buy went out, and nobody is told"),
            (false, true) => wrong("a bag within the limits is called too much"),
            (true, true) | (false, false) => Ok(()),
        }
    })
}
