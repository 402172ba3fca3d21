//! Which order comes first, and why.
//!
//! In: errands, an instant, a pace. Out: their order, each with a reason a screen can put into words. Must not: let an
//! order wait for ever.
//!
//! An order stands by the instant at which it must be begun: its promise less the work. That instant is never later than
//! [`PATIENCE`] after the order could have been begun, and never earlier than the order was placed. So whatever comes in
//! later than an order's patience lasts, with however early a promise, stands behind it.

use crate::id::OrderId;
use crate::plan::errand::{Backlog, Errand};
use crate::plan::pace::Pace;
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
    let work = errand.work(pace);
    let by_promise = errand.due.plus(work.saturating_neg());
    let since = errand.placed_at.max(errand.promise_start);
    let by_patience = since.plus(PATIENCE);
    let reason = if by_patience < by_promise && since <= now {
        Reason::Waiting { since }
    } else if by_promise < now {
        let (due, by) = (errand.due, now.since(by_promise));
        Reason::Late { due, by }
    } else {
        let (at, spare) = (errand.due, by_promise.since(now));
        Reason::Due { at, spare }
    };
    Ranked {
        errand,
        begin_by: by_promise.min(by_patience).max(errand.placed_at),
        work,
        reason,
    }
}
