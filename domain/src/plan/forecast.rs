//! When the queue will be empty, with how many people.
//!
//! In: the backlog, a crew, how fast orders come in. Out: an outlook for each number of people. Must not: promise; it is
//! what comes of the plan if everybody keeps the pace.

use std::collections::BTreeSet;

use crate::id::ActorId;
use crate::order::{Order, Status};
use crate::plan::errand::Backlog;
use crate::plan::pace::Crew;
use crate::plan::walk::{Carried, Walk};
use crate::time::Millis;

/// Most people a forecast is made for.
pub const PEOPLE_MAX: u32 = 40;

/// How many people more are tried before a small shop is said to need them.
const MORE_MAX: u32 = 6;

/// Milliseconds of an hour.
const HOUR: i64 = 60 * 60_000;

/// What comes of the queue with so many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// People who pick and pack.
    pub people: u32,
    /// When nothing will be left to pick; `None` when orders come in faster than these people work.
    pub clears_at: Option<Millis>,
    /// Orders of today's queue whose promise will be missed.
    pub late: u32,
    /// Walks the queue takes.
    pub walks: u32,
}

/// How many orders were placed in the hour before an instant.
#[must_use]
pub fn arrivals_per_hour<'a>(orders: impl IntoIterator<Item = &'a Order>, now: Millis) -> u32 {
    let is_recent = |order: &&Order| (0..HOUR).contains(&now.since(order.placed_at));
    let count = orders.into_iter().filter(is_recent).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many people are at work: whoever holds an order that is not packed yet; one at least, who looks at the queue.
#[must_use]
pub fn people_at_work<'a>(orders: impl IntoIterator<Item = &'a Order>) -> u32 {
    let is_worked = |order: &&Order| order.status < Status::Sealed && !order.status.is_closed();
    let worked = orders.into_iter().filter(is_worked);
    let people = worked.filter_map(|order| order.claim.as_ref().map(|claim| claim.actor));
    let people: BTreeSet<ActorId> = people.collect();
    u32::try_from(people.len())
        .unwrap_or(u32::MAX)
        .clamp(1, PEOPLE_MAX)
}

impl Backlog {
    /// What comes of the queue with one person, two, and so on up to `people_max`, while so many orders come in each
    /// hour that are as much work as those of the queue.
    #[must_use]
    pub fn forecast(
        &self,
        now: Millis,
        crew: &Crew,
        arrivals_per_hour: u32,
        people_max: u32,
    ) -> Vec<Outlook> {
        let outlook = |people| self.outlook(now, &Crew { people, ..*crew }, arrivals_per_hour);
        (1..=people_max.min(PEOPLE_MAX)).map(outlook).collect()
    }

    /// What comes of the queue with just this crew.
    #[must_use]
    pub fn outlook(&self, now: Millis, crew: &Crew, arrivals_per_hour: u32) -> Outlook {
        let people = crew.people.clamp(1, PEOPLE_MAX);
        let walks = self.walks(now, &Crew { people, ..*crew });
        outlook(now, people, &walks, arrivals_per_hour)
    }

    /// Of a few people more than this crew, the fewest who empty the queue before an instant with as few promises missed as
    /// can be; `None` when they are not enough.
    #[must_use]
    pub fn with_more(
        &self,
        now: Millis,
        crew: &Crew,
        arrivals_per_hour: u32,
        by: Millis,
    ) -> Option<Outlook> {
        let mut enough = Vec::new();
        for more in 1..=MORE_MAX {
            let people = crew.people.clamp(1, PEOPLE_MAX).saturating_add(more);
            if people > PEOPLE_MAX {
                break;
            }
            let found = self.outlook(now, &Crew { people, ..*crew }, arrivals_per_hour);
            if found.clears_at.is_some_and(|at| at < by) {
                enough.push(found);
            }
            if enough.iter().any(|one| one.late == 0) {
                break;
            }
        }
        people_needed(&enough).copied()
    }
}

fn outlook(now: Millis, people: u32, walks: &[Walk], arrivals_per_hour: u32) -> Outlook {
    let orders = || walks.iter().flat_map(|walk| &walk.orders);
    let late = orders().filter(|one: &&Carried| one.is_late()).count();
    let count = i64::try_from(orders().count()).unwrap_or(i64::MAX);
    let work = walks.iter().map(|walk| walk.ends_at.since(walk.starts_at));
    let work = work.fold(0, i64::saturating_add);
    // Milliseconds of work that come in, and that are done, in an hour.
    let each = work.checked_div(count).unwrap_or(0);
    let comes = each.saturating_mul(i64::from(arrivals_per_hour));
    let done = i64::from(people).saturating_mul(HOUR);
    let shrinks = done.saturating_sub(comes);
    let last = walks.iter().map(|walk| walk.ends_at).max().unwrap_or(now);
    let drained = i128::from(work) * i128::from(HOUR) / i128::from(shrinks.max(1));
    let drained = now.plus(i64::try_from(drained).unwrap_or(i64::MAX));
    let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Outlook {
        people,
        // The last walk is nobody's to share.
        clears_at: (work == 0 || shrinks > 0).then_some(drained.max(last)),
        late: whole(late),
        walks: whole(walks.len()),
    }
}

/// The fewest people with whom as few promises are missed as can be, and the queue empties.
#[must_use]
pub fn people_needed(outlooks: &[Outlook]) -> Option<&Outlook> {
    let empties = outlooks.iter().filter(|one| one.clears_at.is_some());
    empties.min_by_key(|one| (one.late, one.people))
}
