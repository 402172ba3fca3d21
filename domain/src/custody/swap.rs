//! Another product in place of one that cannot be had: by the shop's rule, and because the customer said so.
//!
//! In: what the shop allows, what the customer said to whom. Out: a line of its own for the substitute, which is allocated,
//! picked and labelled like any other. Must not: touch what packages are promised for; another batch of the same product is
//! no substitute and needs nobody's word.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::custody::agree::Asked;
use crate::custody::{Situation, allocate, escrow};
use crate::facility::Right;
use crate::id::{ItemId, OrderId};
use crate::ledger::Ledger;
use crate::order::{Line, Order, Status};
use crate::quantity::Quantity;
use crate::stock::{Item, Package};
use crate::time::{Day, Millis};
use crate::verdict::{Reason, Refusal, Verdict};

/// What a shop lets stand in for what it cannot give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SwapRule {
    /// Whether anything may.
    #[n(0)]
    pub allowed: bool,
    /// How far the price of a unit may be from the ordered one's, in thousandths of it.
    #[n(1)]
    pub price_within: u16,
}

/// The customer takes another product for units that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Substituted {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The line that lacks units.
    #[n(1)]
    pub line: u16,
    /// The product in their place.
    #[n(2)]
    pub item: ItemId,
    /// Units.
    #[n(3)]
    pub units: u32,
    /// Price of one unit of it in cents.
    #[n(4)]
    pub unit_price_cents: i64,
    /// How the customer was asked.
    #[n(5)]
    pub asked: Asked,
}

/// A product that may stand in.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// The product.
    pub item: &'a Item,
    /// Price of one unit in cents, as it was last ordered here.
    pub unit_price_cents: i64,
    /// Whole units nobody is promised.
    pub free: u32,
}

/// What a line lacks: units no package is promised for, and that the customer still wants.
#[must_use]
pub fn lacking(line: &Line) -> u32 {
    line.lacking()
}

/// Whether lines of an order may still be swapped: nothing of it is on the bench.
fn is_open(order: &Order) -> bool {
    order.status <= Status::Picked || order.status == Status::Short
}

/// Whether another package of a line's product can be had: a spare of the order's own lease, or units nobody is promised in a
/// package that was not searched in vain.
fn is_elsewhere(ledger: &Ledger, order: &Order, line: &Line, today: Day) -> bool {
    let is_line = |spare: &Line| spare.number == line.number;
    let mut spares = escrow::substitutes(ledger, order);
    let is_free = |package: &Package| {
        package.item == line.item
            && !line.was_searched_for(&package.tag)
            && package.unsellable(today).is_none()
            && escrow::free(ledger, package) >= Quantity::ONE
    };
    spares.any(|(of, _, _)| is_line(of)) || ledger.packages.values().any(is_free)
}

/// Lines of which a picker missed units that no other package can give: their customer has to be asked.
pub fn to_ask<'a>(
    ledger: &'a Ledger,
    order: &'a Order,
    today: Day,
) -> impl Iterator<Item = &'a Line> {
    let lines = if is_open(order) {
        order.lines.as_slice()
    } else {
        &[]
    };
    let is_missing = |line: &&Line| line.missed() > 0 && lacking(line) > 0;
    let missing = lines.iter().filter(is_missing);
    missing.filter(move |line| !is_elsewhere(ledger, order, line, today))
}

/// What each product last cost here.
fn prices(ledger: &Ledger) -> BTreeMap<ItemId, i64> {
    let mut last: BTreeMap<ItemId, (Millis, i64)> = BTreeMap::new();
    for order in ledger.orders.values() {
        for line in &order.lines {
            let known = last
                .entry(line.item)
                .or_insert((order.placed_at, line.unit_price_cents));
            if known.0 < order.placed_at {
                *known = (order.placed_at, line.unit_price_cents);
            }
        }
    }
    let price = |(item, (_, cents))| (item, cents);
    last.into_iter().map(price).collect()
}

/// What may stand in for a line by the shop's rule, the nearest in price first: the same category, a price within the
/// shop's band, units free to sell, and nothing the order has already.
#[must_use]
pub fn candidates<'a>(
    ledger: &'a Ledger,
    order: &Order,
    line: &Line,
    today: Day,
) -> Vec<Candidate<'a>> {
    let rule = ledger.store().and_then(|store| store.swaps);
    let Some(rule) = rule.filter(|rule| rule.allowed) else {
        return Vec::new();
    };
    let Some(wanted) = ledger.items.get(&line.item) else {
        return Vec::new();
    };
    let mut free: BTreeMap<ItemId, u32> = BTreeMap::new();
    for package in ledger.packages.values() {
        if package.unsellable(today).is_none() {
            let units = escrow::free(ledger, package).max(Quantity::ZERO);
            let all = free.entry(package.item).or_default();
            *all = all.saturating_add(units.whole_units());
        }
    }
    let prices = prices(ledger);
    let apart = |cents: i64| cents.abs_diff(line.unit_price_cents);
    let band = u64::from(rule.price_within) * line.unit_price_cents.unsigned_abs();
    let fits = |item: &&Item| {
        let is_other = order.lines.iter().all(|line| line.item != item.id);
        is_other && item.category == wanted.category
    };
    let candidate = |item: &'a Item| {
        let unit_price_cents = *prices.get(&item.id)?;
        let free = free.get(&item.id).copied().filter(|units| *units > 0)?;
        let is_near = apart(unit_price_cents).saturating_mul(1_000) <= band;
        is_near.then_some(Candidate {
            item,
            unit_price_cents,
            free,
        })
    };
    let mut all: Vec<Candidate<'a>> = ledger
        .items
        .values()
        .filter(fits)
        .filter_map(candidate)
        .collect();
    all.sort_by_key(|one| (apart(one.unit_price_cents), one.item.id));
    all
}

/// May this product stand in for what a line lacks? As many units as are free, and as many as are lacking.
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    (line, item): (u16, ItemId),
    asked: Asked,
) -> Verdict {
    match check(ledger, situation, order, (line, item), asked) {
        Ok(done) => Verdict::Accepted(done.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    (line, item): (u16, ItemId),
    asked: Asked,
) -> Result<Substituted, Refusal> {
    situation.require(ledger, Right::AskCustomer)?;
    let refuse = |reason| Err(Refusal::because(reason));
    let Some(order) = ledger.orders.get(&order) else {
        return refuse(Reason::Unknown);
    };
    if order.status == Status::Cancelled {
        return refuse(Reason::OrderCancelled);
    }
    if !is_open(order) {
        return refuse(Reason::NotYet);
    }
    let Some(line) = order.line(line).filter(|line| lacking(line) > 0) else {
        return refuse(Reason::LineComplete);
    };
    let all = candidates(ledger, order, line, situation.today);
    let Some(found) = all.iter().find(|one| one.item.id == item) else {
        return refuse(Reason::NoSwap);
    };
    Ok(Substituted {
        order: order.id,
        line: line.number,
        item,
        units: lacking(line).min(found.free),
        unit_price_cents: found.unit_price_cents,
        asked,
    })
}

/// The order wants the substitute instead. What has come in meanwhile stays promised, and its ticket is old.
pub fn evolve(ledger: &mut Ledger, done: &Substituted) {
    allocate::change(ledger, done.order, |order| {
        if !is_open(order) {
            return;
        }
        let after = order.lines.iter().map(|line| line.number).max();
        let Some(number) = after.and_then(|last| last.checked_add(1)) else {
            return;
        };
        let Some(line) = order.lines.iter_mut().find(|line| line.number == done.line) else {
            return;
        };
        let units = done.units.min(lacking(line));
        if units == 0 {
            return;
        }
        line.units -= units;
        line.found();
        order.lines.push(Line {
            number,
            item: done.item,
            units,
            unit_price_cents: done.unit_price_cents,
            allocations: Vec::new(),
            short: 0,
            instead_of: Some(done.line),
            done_without: None,
        });
        order.ticket_read = false;
        allocate::settle(order);
    });
}
