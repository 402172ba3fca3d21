//! Which orders to take for one walk: the first that is free, and those that go well with it.
//!
//! In: the ledger, the queue's rows. Out: orders, metres, minutes. Must not: look through the whole queue; company is
//! looked for at its front.

use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::plan::errand::Backlog;
use domain::plan::pace::{Cart, Crew, Pace};
use domain::plan::vault::map_of;
use domain::time::Millis;

use crate::ui::queue::rows::RowFacts;

/// Free orders at the front that are looked through.
const FRONT: usize = 24;

/// Orders for one walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Company {
    pub(super) orders: Vec<OrderId>,
    pub(super) metres: u64,
    pub(super) minutes: i64,
}

/// The next walk, when it is one of several orders.
pub(super) fn company(ledger: &Ledger, rows: &[RowFacts], now: Millis) -> Option<Company> {
    let orders = rows.iter().filter_map(|row| ledger.orders.get(&row.id));
    let is_free = |order: &&Order| order.status == Status::Ready && order.claim.is_none();
    let front = orders.filter(is_free).take(FRONT);
    let backlog = Backlog::of(ledger, &map_of(ledger), front);
    let crew = Crew {
        people: 1,
        cart: Cart::TYPICAL,
        pace: Pace::TYPICAL,
    };
    let walk = backlog.walks(now, &crew).into_iter().next()?;
    let orders: Vec<OrderId> = walk.orders.iter().map(|one| one.order).collect();
    (orders.len() > 1).then(|| Company {
        metres: walk.millimetres.div_ceil(1_000),
        minutes: walk.ends_at.since(walk.starts_at).saturating_add(59_999) / 60_000,
        orders,
    })
}
