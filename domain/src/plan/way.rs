//! The order in which the shelves of one order are walked.
//!
//! In: the ledger, an order. Out: a place for each shelf, and what the way saves. Must not: change its mind while the
//! order is picked: the way is laid over all of its shelves, also those that were left behind already.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::{pick, tote};
use crate::facility::LocationCode;
use crate::id::OrderId;
use crate::ledger::Ledger;
use crate::order::{Order, Status};
use crate::plan::map::{Legs, Map, Spot};
use crate::plan::pace::ORDERS_MAX;
use crate::plan::route::{length, route};
use crate::plan::vault::map_of;

/// The way of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    places: BTreeMap<LocationCode, u32>,
    /// Its length in millimetres, from the pack station and back.
    pub millimetres: u64,
    /// The same for each order alone in the order of its ticket's lines.
    pub by_ticket: u64,
}

impl Way {
    /// The way for an order over the shop's map, and for whatever else its picker has on the cart. What the map does not
    /// have comes last.
    #[must_use]
    pub fn of(ledger: &Ledger, order: &Order) -> Self {
        let with = ledger.orders.values().filter(|other| {
            let of_one = order.claim.as_ref().zip(other.claim.as_ref());
            let is_together = of_one.is_some_and(|(one, other)| one.device == other.device);
            other.id != order.id && is_together && is_on_cart(other)
        });
        // A cart has room for a walk's orders. Whoever took more than that comes back for the others.
        let with = with.take(usize::try_from(ORDERS_MAX - 1).unwrap_or(usize::MAX));
        let shelves: Vec<Vec<LocationCode>> = [order]
            .into_iter()
            .chain(with)
            .map(|order| shelves(ledger, order))
            .collect();
        let distinct: BTreeSet<&LocationCode> = shelves.iter().flatten().collect();
        // Nothing is shorter or longer than the way to one shelf, and that is how most orders end.
        if distinct.len() < 2 {
            return Self::default();
        }
        Self::over(ledger, &map_of(ledger), &shelves)
    }

    fn over(ledger: &Ledger, map: &Map, orders: &[Vec<LocationCode>]) -> Self {
        let spots = |shelves: &Vec<LocationCode>| {
            let spots = shelves.iter().filter_map(|shelf| map.spot_of(shelf));
            spots.collect::<Vec<Spot>>()
        };
        let by_ticket: Vec<Vec<Spot>> = orders.iter().map(spots).collect();
        let stops: BTreeSet<Spot> = by_ticket.iter().flatten().copied().collect();
        let legs = map.legs(stops.iter().copied());
        let station = map.station();
        let found = route(&legs, station, &stops, station);
        let shelves: BTreeSet<&LocationCode> = orders.iter().flatten().collect();
        let walk = |spot: &Spot| {
            let at = shelves.iter().filter(|one| map.spot_of(one) == Some(*spot));
            at.map(|shelf| ledger.walk_of(Some(shelf))).min()
        };
        let stops = forwards(&legs, station, found.stops, walk);
        let place = |shelf: &&LocationCode| {
            let spot = map.spot_of(shelf)?;
            let place = stops.iter().position(|stop| *stop == spot)?;
            Some(((*shelf).clone(), u32::try_from(place).unwrap_or(u32::MAX)))
        };
        Self {
            places: shelves.iter().filter_map(place).collect(),
            millimetres: found.millimetres,
            by_ticket: by_ticket
                .iter()
                .map(|stops| length(&legs, station, stops, station))
                .sum(),
        }
    }

    /// What to sort by: the place on the way, and for shelves at one spot, or on no map, the walk as the shop numbered it.
    #[must_use]
    pub fn place_of(&self, ledger: &Ledger, shelf: Option<&LocationCode>) -> (u32, u32) {
        let place = shelf.and_then(|shelf| self.places.get(shelf));
        (place.copied().unwrap_or(u32::MAX), ledger.walk_of(shelf))
    }

    /// Millimetres saved against the order of the ticket's lines.
    #[must_use]
    pub fn saved(&self) -> u64 {
        self.by_ticket.saturating_sub(self.millimetres)
    }
}

/// Whether an order that somebody has taken is in a tote on the cart: until it is checked at the pack station.
#[must_use]
pub fn is_on_cart(order: &Order) -> bool {
    let is_walked = matches!(
        order.status,
        Status::Claimed | Status::Picking | Status::Picked | Status::Short
    );
    order.claim.is_some() && is_walked
}

/// Of the orders on one cart, in the order of their totes, the one to do something for next: the one whose tote was not
/// read since its last unit, or of those that need something from the next shelf of the way, the first.
#[must_use]
pub fn next_order(ledger: &Ledger, orders: &[&Order]) -> Option<OrderId> {
    if let Some(order) = orders.iter().find(|order| tote::is_unread(order)) {
        return Some(order.id);
    }
    let way = Way::of(ledger, orders.first()?);
    let next = |order: &&&Order| {
        let shelves = pick::targets(ledger, order).map(|target| target.package.stands_at());
        shelves.map(|shelf| way.place_of(ledger, shelf)).min()
    };
    let open = orders.iter().filter(|order| next(order).is_some());
    open.min_by_key(next).map(|order| order.id)
}

/// A round is as long one way as the other where no aisle is one-way: then it begins where the shop's own walk does.
fn forwards(
    legs: &Legs,
    station: Spot,
    stops: Vec<Spot>,
    walk: impl Fn(&Spot) -> Option<u32>,
) -> Vec<Spot> {
    let turned: Vec<Spot> = stops.iter().rev().copied().collect();
    let is_even = length(legs, station, &turned, station) <= length(legs, station, &stops, station);
    let ends = stops.first().zip(stops.last());
    match ends.is_some_and(|(first, last)| walk(last) < walk(first)) && is_even {
        true => turned,
        false => stops,
    }
}

/// Every shelf of an order, left behind or still to come, in the order of its lines.
fn shelves(ledger: &Ledger, order: &Order) -> Vec<LocationCode> {
    let picked = order.picks.iter().map(|pick| (pick.line, &pick.from));
    let open = pick::targets(ledger, order).filter_map(|target| {
        let shelf = target.package.stands_at()?;
        Some((target.line.number, shelf))
    });
    let mut shelves: Vec<(u16, &LocationCode)> = picked.chain(open).collect();
    shelves.sort();
    shelves.dedup();
    shelves
        .into_iter()
        .map(|(_, shelf)| shelf.clone())
        .collect()
}
