//! An order more for a walk that has begun.
//!
//! In: a walk, how far it is, an errand. Out: the same walk with the order in it, or why not. Must not: change what was
//! done, where the person is going now, or anybody's tote.

use std::collections::BTreeSet;

use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::Order;
use crate::plan::errand::{Backlog, Errand, Fetch, taking};
use crate::plan::map::{Map, Spot};
use crate::plan::pace::{Cart, Crew, ORDERS_MAX, Pace};
use crate::plan::route::{length, route};
use crate::plan::vault::map_of;
use crate::plan::walk::{Carried, Stop, Walk, carried, last_of, latest, packed, stops};
use crate::time::Millis;

/// Why an order cannot join a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAboard {
    /// It is on it already.
    AlreadyAboard,
    /// The cart takes no more orders.
    CartFull,
    /// There are not enough totes.
    TotesGone {
        /// Totes it needs.
        needed: u32,
        /// Totes that are left.
        left: u32,
    },
    /// An order that would be ready in time would not be any more, or a late one much later.
    TooLate {
        /// That order; the new one itself when a walk of its own would be in time.
        order: OrderId,
    },
}

/// Millimetres more that an order makes of the walk somebody is on, from the station and back.
///
/// # Errors
/// As [`Walk::take_along`]; what is on the cart counts, also where nothing of it is left to fetch.
pub fn joining(
    ledger: &Ledger,
    on_cart: &[&Order],
    order: &Order,
    now: Millis,
) -> Result<u64, NotAboard> {
    let crew = Crew {
        people: 1,
        cart: Cart {
            orders: ORDERS_MAX,
            ..Cart::TYPICAL
        },
        pace: Pace::TYPICAL,
    };
    if on_cart.iter().any(|one| one.id == order.id) {
        return Err(NotAboard::AlreadyAboard);
    }
    if on_cart.len() >= crew.cart.orders_max() {
        return Err(NotAboard::CartFull);
    }
    let map = map_of(ledger);
    let rush = Backlog::of(ledger, &map, [order]);
    let Some(rush) = rush.errands.get(&order.id) else {
        return Ok(0);
    };
    let left = Backlog::of(ledger, &map, on_cart.iter().copied());
    let Some(walk) = left.one_walk(now, &crew) else {
        return Ok(rush.alone.millimetres);
    };
    let with = walk.take_along(&map, &crew, now, 0, rush)?;
    Ok(with.millimetres.saturating_sub(walk.millimetres))
}

impl Walk {
    /// The walk with an order more, `done` of its stops behind it. The stop the person is going to stays the next one, and
    /// every order keeps its totes; what comes after is planned anew.
    ///
    /// # Errors
    /// When the cart is full, or somebody's promise would be broken by it.
    pub fn take_along(
        &self,
        map: &Map,
        crew: &Crew,
        now: Millis,
        done: usize,
        rush: &Errand,
    ) -> Result<Self, NotAboard> {
        if self.orders.iter().any(|one| one.order == rush.order) {
            return Err(NotAboard::AlreadyAboard);
        }
        if self.orders.len() >= crew.cart.orders_max() {
            return Err(NotAboard::CartFull);
        }
        let used: u32 = self.orders.iter().map(|one| one.totes).sum();
        let (needed, left) = (
            crew.cart.totes_for(rush.units()),
            crew.cart.totes.saturating_sub(used),
        );
        if needed > left {
            return Err(NotAboard::TotesGone { needed, left });
        }
        let done = done.min(self.stops.len());
        let (behind, ahead) = self.stops.split_at(done);
        let joined = joined(map, behind, ahead, rush);
        let without = self.orders_at(map, crew, now, behind, ahead, &self.orders);
        let mut orders = self.orders.clone();
        orders.push(carried(rush, now, &orders, &crew.cart));
        let begun = now.plus(i64::from(crew.pace.order));
        let orders = self.orders_at(map, crew, begun, behind, &joined, &orders);
        let alone = now.plus(rush.work(&crew.pace));
        let otherwise = without.iter().map(|one| one.ready_at).chain([alone]);
        for (order, otherwise) in orders.iter().zip(otherwise) {
            if order.ready_at > latest(order.due, otherwise) {
                let order = order.order;
                return Err(NotAboard::TooLate { order });
            }
        }
        let stops: Vec<Stop> = behind.iter().cloned().chain(joined).collect();
        Ok(Self {
            millimetres: way(map, map.station(), &stops),
            one_by_one: self.one_by_one + rush.by_ticket,
            starts_at: self.starts_at,
            ends_at: last_of(&orders, now),
            orders,
            stops,
        })
    }

    /// The orders, with when each will be packed once the stops ahead are done.
    fn orders_at(
        &self,
        map: &Map,
        crew: &Crew,
        now: Millis,
        behind: &[Stop],
        ahead: &[Stop],
        orders: &[Carried],
    ) -> Vec<Carried> {
        let here = last_spot(behind).unwrap_or(map.station());
        let fetches = ahead.iter().flat_map(|stop| &stop.fetches);
        let fetched = now
            .plus(crew.pace.walking(way(map, here, ahead)))
            .plus(taking(&crew.pace, fetches));
        let dues: Vec<_> = orders.iter().map(|one| (one.due, one.order)).collect();
        let ready = packed(fetched, &dues, &crew.pace);
        let ready = orders.iter().zip(ready);
        ready
            .map(|(one, ready_at)| Carried { ready_at, ..*one })
            .collect()
    }
}

/// The stops ahead with those of an order more: the next stays the next.
fn joined(map: &Map, behind: &[Stop], ahead: &[Stop], rush: &Errand) -> Vec<Stop> {
    let next = ahead.first();
    let is_here = |fetch: &&Fetch| next.is_some_and(|next| next.spot == fetch.spot);
    let (here, elsewhere): (Vec<&Fetch>, Vec<&Fetch>) = rush.fetches.iter().partition(is_here);
    let mut all: Vec<Stop> = Vec::new();
    if let Some(next) = next {
        let mut next = next.clone();
        next.fetches.extend(here.into_iter().cloned());
        all.push(next);
    }
    let from = last_spot(&all).or(last_spot(behind));
    let from = from.unwrap_or(map.station());
    let later = ahead.iter().skip(1).flat_map(|stop| &stop.fetches);
    let later: Vec<&Fetch> = later.chain(elsewhere).collect();
    let spots: BTreeSet<Spot> = later.iter().filter_map(|one| one.spot).collect();
    let legs = map.legs(spots.iter().copied().chain([from]));
    let rest = route(&legs, from, &spots, map.station());
    all.extend(stops(&rest.stops, later));
    all
}

fn last_spot(stops: &[Stop]) -> Option<Spot> {
    stops.iter().rev().find_map(|stop| stop.spot)
}

/// Length of the way from a place through stops to the station.
fn way(map: &Map, from: Spot, stops: &[Stop]) -> u64 {
    let spots: Vec<Spot> = stops.iter().filter_map(|stop| stop.spot).collect();
    let legs = map.legs(spots.iter().copied().chain([from]));
    length(&legs, from, &spots, map.station())
}
