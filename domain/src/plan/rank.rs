//! Which order comes first, and why.
//!
//! In: errands, an instant, a pace. Out: their order, each with a reason a screen can put into words. Must not: let an
//! order wait for ever.
//!
//! An order stands by the instant at which it must be begun: its promise less the work. That instant is never later than
//! [`PATIENCE`] after the order could have been begun, and never earlier than the order was placed. So whatever comes in
//! later than an order's patience lasts, with however early a promise, stands behind it.

use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::Order;
use crate::plan::errand::{Backlog, Errand};
use crate::plan::map::Map;
use crate::plan::pace::Pace;
use crate::plan::route::Route;
use crate::time::Millis;

/// How long an order that could be picked waits, at most, before newer ones stop passing it, in milliseconds: an hour.
pub const PATIENCE: i64 = 60 * 60_000;

/// Why an order stands where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is due, and there is time to spare.
    Due {
        /// When.
        at: Millis,
        /// Milliseconds left when it is begun now.
        spare: i64,
    },
    /// Its promise cannot be kept any more.
    Late {
        /// When it was due.
        due: Millis,
        /// Milliseconds by which it will be missed when it is begun now.
        by: i64,
    },
    /// It is not due soon, but has waited long.
    Waiting {
        /// Since when it could have been picked.
        since: Millis,
    },
}

/// An order in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked<'a> {
    /// What it needs.
    pub errand: &'a Errand,
    /// When it must be begun: what the queue is sorted by.
    pub begin_by: Millis,
    /// Expected work in milliseconds when it is fetched alone: until it is packed.
    pub work: i64,
    /// Why it stands here.
    pub reason: Reason,
}

impl Ranked<'_> {
    fn key(&self) -> (Millis, Millis, Millis, OrderId) {
        let errand = self.errand;
        (self.begin_by, errand.due, errand.placed_at, errand.order)
    }
}

impl Backlog {
    /// All errands, what must be begun first first.
    #[must_use]
    pub fn ranked(&self, now: Millis, pace: &Pace) -> Vec<Ranked<'_>> {
        let ranked = self.errands.values();
        let mut ranked: Vec<Ranked<'_>> = ranked.map(|errand| rank(errand, now, pace)).collect();
        ranked.sort_by_key(Ranked::key);
        ranked
    }
}

/// When an order must be begun, and why then.
#[must_use]
pub fn rank<'a>(errand: &'a Errand, now: Millis, pace: &Pace) -> Ranked<'a> {
    let standing = Standing::of(errand, pace);
    Ranked {
        errand,
        begin_by: standing.begin_by,
        work: standing.work,
        reason: standing.reason(now),
    }
}

/// What an order's place in the queue comes from. Nothing of it changes by waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The order.
    pub order: OrderId,
    /// Since when it could have been picked.
    pub since: Millis,
    /// When it is due.
    pub due: Millis,
    /// Expected work in milliseconds until it is packed.
    pub work: i64,
    /// When it must be begun: what the queue is sorted by.
    pub begin_by: Millis,
}

impl Standing {
    fn of(errand: &Errand, pace: &Pace) -> Self {
        let work = errand.work(pace);
        let since = errand.placed_at.max(errand.promise_start);
        let by_promise = errand.due.plus(work.saturating_neg());
        Self {
            order: errand.order,
            since,
            due: errand.due,
            work,
            begin_by: by_promise.min(since.plus(PATIENCE)).max(errand.placed_at),
        }
    }

    /// Why it stands there, at an instant.
    #[must_use]
    pub fn reason(&self, now: Millis) -> Reason {
        let by_promise = self.due.plus(self.work.saturating_neg());
        if self.since.plus(PATIENCE) < by_promise && self.since <= now {
            Reason::Waiting { since: self.since }
        } else if by_promise < now {
            let (due, by) = (self.due, now.since(by_promise));
            Reason::Late { due, by }
        } else {
            let (at, spare) = (self.due, by_promise.since(now));
            Reason::Due { at, spare }
        }
    }
}

/// All of some orders, what must be begun first first. One for which there is nothing to fetch has its place too, with no
/// more work than to begin and to pack it: somebody has to see to it in time.
#[must_use]
pub fn queue<'a>(
    ledger: &Ledger,
    map: &Map,
    orders: impl IntoIterator<Item = &'a Order>,
    pace: &Pace,
) -> Vec<Standing> {
    let orders: Vec<&Order> = orders.into_iter().collect();
    let backlog = Backlog::of(ledger, map, orders.iter().copied());
    let nothing = orders
        .iter()
        .filter(|order| backlog.nothing.contains(&order.id));
    let nothing: Vec<Errand> = nothing.map(|order| for_nothing(order)).collect();
    let mut errands: Vec<&Errand> = backlog.errands.values().chain(&nothing).collect();
    errands.sort_by_cached_key(|errand| {
        let begin_by = Standing::of(errand, pace).begin_by;
        (begin_by, errand.due, errand.placed_at, errand.order)
    });
    let standing = errands.into_iter().map(|one| Standing::of(one, pace));
    standing.collect()
}

fn for_nothing(order: &Order) -> Errand {
    Errand {
        order: order.id,
        placed_at: order.placed_at,
        promise_start: order.promise_start,
        due: order.promise_end,
        fetches: Vec::new(),
        alone: Route {
            stops: Vec::new(),
            millimetres: 0,
        },
        by_ticket: 0,
    }
}
