//! What happens outside while somebody walks: orders are changed and cancelled, a package is called back, a clock is set.
//!
//! In: a walk that has begun. Out: facts at some step of it. Must not: spare what is in a tote already.

use std::collections::BTreeMap;

use domain::custody::arrive::{OrderCancelled, OrderChanged, OrderedLine};
use domain::custody::hold::{self, Held, HoldReason};
use domain::custody::{acknowledge, allocate, pick};
use domain::id::{OrderId, PackageTag};
use domain::order::Order;
use domain::verdict::Verdict;

use crate::shop::{MINUTE, TODAY};
use crate::work::Shift;

/// How often, in a thousand orders: figures of product research, 7.3.
const CANCELLED: u64 = 50;
const EDITED: u64 = 80;
/// In a thousand walks.
const RECALLED: u64 = 100;
/// In a thousand bags that are closed and not yet with their customers.
const RECALLED_LATE: u64 = 20;
/// By how many minutes a device's clock is wrong at most, either way.
const CLOCK_OFF: u64 = 10;

/// Something from outside.
#[derive(Clone, Copy)]
pub(crate) enum News {
    Cancelled(OrderId),
    Edited(OrderId),
    Recalled(OrderId),
}

impl Shift {
    /// What is going to happen on a walk, and at which of its steps.
    pub(crate) fn news(&mut self, orders: &[OrderId]) -> BTreeMap<u64, News> {
        let clock = i64::try_from(self.dice.below(2 * CLOCK_OFF + 1)).unwrap_or(0);
        self.shop.clock_off = (clock - 10) * MINUTE;
        self.told.clocks_off += u64::from(self.shop.clock_off != 0);
        let mut all = BTreeMap::new();
        let steps = orders.len() as u64 * 3;
        for order in orders {
            if self.happens(CANCELLED) {
                all.insert(self.dice.below(steps), News::Cancelled(*order));
            }
            if self.happens(EDITED) {
                all.insert(self.dice.below(steps), News::Edited(*order));
            }
        }
        if self.happens(RECALLED) {
            let order = orders[self.dice.place(orders.len())];
            all.insert(self.dice.below(steps), News::Recalled(order));
        }
        all
    }

    pub(crate) fn happened(&mut self, news: News) {
        match news {
            News::Cancelled(order) => {
                self.shop.record(&OrderCancelled { order }.into());
                self.told.cancelled += 1;
            }
            News::Edited(order) => self.edits(order),
            News::Recalled(order) => self.recalls(order),
        }
    }

    /// The customer wants one more of the first thing, or does without the last.
    fn edits(&mut self, id: OrderId) {
        let order = self.order(id);
        if order.status.is_closed() {
            return;
        }
        let line = |line: &domain::order::Line| OrderedLine {
            number: line.number,
            item: line.item,
            units: line.units,
            unit_price_cents: line.unit_price_cents,
        };
        let mut changed = OrderChanged {
            order: id,
            channel: order.channel,
            promise_start: order.promise_start,
            promise_end: order.promise_end,
            lines: order.lines.iter().map(line).collect(),
            buyer: None,
        };
        let has_more = changed.lines.len() > 1;
        if has_more && self.happens(500) {
            changed.lines.pop();
        } else if let Some(first) = changed.lines.first_mut() {
            first.units += 1;
        }
        self.shop.record(&changed.into());
        self.finds_more(id);
        self.told.edited += 1;
    }

    /// A package that this walk takes from, or has taken from, is called back.
    fn recalls(&mut self, order: OrderId) {
        let order = self.order(order);
        let picked = order.picks.last().map(|pick| pick.tag.clone());
        let next = || {
            let target = pick::next_target(&self.shop.ledger, order)?;
            Some(target.package.tag.clone())
        };
        let Some(tag) = picked.or_else(next) else {
            return;
        };
        let manager = self.shop.manager();
        let what = Held::Package(tag.clone());
        let verdict = hold::decide(&self.shop.ledger, &manager, what, HoldReason::Recall, "");
        let Verdict::Accepted(body) = verdict else {
            return;
        };
        self.shop.record_by(manager.actor, &body);
        assert!(
            self.shop.ledger.packages[&tag].hold,
            "what is called back is on hold"
        );
        self.told.recalled += 1;
        // The server finds others for all who had been promised some of it.
        let lacks = |order: &&Order| {
            let mut lines = order.lines.iter();
            !order.status.is_closed() && lines.any(|line| line.lacking() > line.short)
        };
        let orders = self.shop.ledger.orders.values().filter(lacks);
        let lacking: Vec<OrderId> = orders.map(|order| order.id).collect();
        for order in lacking {
            let plan = allocate::plan(&self.shop.ledger, self.order(order), TODAY);
            self.shop.record(&plan.into());
        }
    }

    /// Something in a closed bag is called back while it waits for its customer.
    pub(crate) fn waits_for_its_customer(&mut self, order: OrderId) {
        if self.happens(RECALLED_LATE) {
            self.recalls(order);
        }
    }

    /// What is on hold in the tote goes back: the screen names it.
    pub(crate) fn takes_held_out(&mut self, order: OrderId) {
        let held = |tag: &PackageTag| self.shop.ledger.packages[tag].hold;
        let picks = self.order(order).picks.iter();
        let picks: Vec<_> = picks
            .filter(|pick| held(&pick.tag))
            .map(|pick| (pick.event, pick.tag.clone()))
            .collect();
        for (event, tag) in picks {
            let situation = self.shop.situation();
            let verdict = pick::decide_void(&self.shop.ledger, &situation, order, event);
            if self.does(verdict).is_err() {
                continue;
            }
            let tote = self.really.entry(order).or_default();
            if let Some(at) = tote.iter().position(|one| *one == tag) {
                tote.remove(at);
            }
            self.finds_more(order);
        }
    }

    /// Whoever packs looks at what was changed after it was picked.
    pub(crate) fn looks_at_changes(&mut self, order: OrderId) {
        while acknowledge::due(self.order(order)).is_some() {
            let situation = self.shop.situation();
            let verdict = acknowledge::decide(&self.shop.ledger, &situation, order);
            let Verdict::Accepted(body) = verdict else {
                return;
            };
            self.shop.record(&body);
        }
    }
}
