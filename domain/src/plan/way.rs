//! The order in which the shelves of one order are walked.
//!
//! In: the ledger, an order. Out: a place for each shelf, and what the way saves. Must not: change its mind while the
//! order is picked: the way is laid over all of its shelves, also those that were left behind already.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::pick;
use crate::facility::LocationCode;
use crate::ledger::Ledger;
use crate::order::Order;
use crate::plan::map::{Legs, Map, Spot};
use crate::plan::route::{length, route};
use crate::plan::vault::map_of;

/// The way of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    places: BTreeMap<LocationCode, u32>,
    /// Its length in millimetres, from the pack station and back.
    pub millimetres: u64,
    /// The same in the order of the ticket's lines.
    pub by_ticket: u64,
}

impl Way {
    /// The way for an order over the shop's map. What the map does not have comes last.
    #[must_use]
    pub fn of(ledger: &Ledger, order: &Order) -> Self {
        let shelves = shelves(ledger, order);
        let distinct: BTreeSet<&LocationCode> = shelves.iter().collect();
        // Nothing is shorter or longer than the way to one shelf, and that is how most orders end.
        if distinct.len() < 2 {
            return Self::default();
        }
        Self::over(ledger, &map_of(ledger), &shelves)
    }

    fn over(ledger: &Ledger, map: &Map, shelves: &[LocationCode]) -> Self {
        let spots = shelves.iter().filter_map(|shelf| map.spot_of(shelf));
        let by_ticket: Vec<Spot> = spots.collect();
        let legs = map.legs(by_ticket.iter().copied());
        let station = map.station();
        let stops = by_ticket.iter().copied().collect();
        let found = route(&legs, station, &stops, station);
        let walk = |spot: &Spot| {
            let at = shelves.iter().filter(|one| map.spot_of(one) == Some(*spot));
            at.map(|shelf| ledger.walk_of(Some(shelf))).min()
        };
        let stops = forwards(&legs, station, found.stops, walk);
        let place = |shelf: &LocationCode| {
            let spot = map.spot_of(shelf)?;
            let place = stops.iter().position(|stop| *stop == spot)?;
            Some((shelf.clone(), u32::try_from(place).unwrap_or(u32::MAX)))
        };
        Self {
            places: shelves.iter().filter_map(place).collect(),
            millimetres: found.millimetres,
            by_ticket: length(&legs, station, &by_ticket, station),
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
