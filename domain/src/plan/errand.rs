//! What is to be fetched for each order, and what that comes to when nothing else is fetched with it.
//!
//! In: the ledger, a map. Out: an errand for each order that has something on a shelf. Must not: choose packages; the
//! ledger has promised them.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::pick;
use crate::facility::LocationCode;
use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::order::{Order, Status};
use crate::plan::map::{Legs, Map, Spot};
use crate::plan::pace::Pace;
use crate::plan::route::{Route, length, route};
use crate::time::Millis;

/// Units of one package to take for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The order.
    pub order: OrderId,
    /// Its line.
    pub line: u16,
    /// The exact package.
    pub tag: PackageTag,
    /// Units of it.
    pub units: u32,
    /// Where it stands, if the ledger has any of it on a shelf.
    pub shelf: Option<LocationCode>,
    /// Where one stands to reach that shelf; `None` when the map does not have it, and it is visited last.
    pub spot: Option<Spot>,
}

/// Everything to fetch for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// The order.
    pub order: OrderId,
    /// When the customer placed it.
    pub placed_at: Millis,
    /// Start of the promised window.
    pub promise_start: Millis,
    /// When it is due.
    pub due: Millis,
    /// What to take, in the order of the ticket. Never empty.
    pub fetches: Vec<Fetch>,
    /// The way when it is fetched alone: every place one has to stand at, once.
    pub alone: Route,
    /// Length of the way in the order of the ticket, in millimetres.
    pub by_ticket: u64,
}

impl Errand {
    /// Units to take.
    #[must_use]
    pub fn units(&self) -> u32 {
        let units = self.fetches.iter().map(|one| one.units);
        units.fold(0, u32::saturating_add)
    }

    /// Milliseconds until it is in its tote when it is fetched alone.
    #[must_use]
    pub fn fetching(&self, pace: &Pace) -> i64 {
        let walking = pace.walking(self.alone.millimetres);
        walking.saturating_add(self.taking(pace))
    }

    /// Milliseconds to begin it and to take its goods, without the way.
    #[must_use]
    pub fn taking(&self, pace: &Pace) -> i64 {
        taking(pace, self.fetches.iter()).saturating_add(i64::from(pace.order))
    }

    /// Milliseconds until it is packed when it is fetched alone.
    #[must_use]
    pub fn work(&self, pace: &Pace) -> i64 {
        self.fetching(pace).saturating_add(i64::from(pace.pack))
    }
}

/// Milliseconds to take things when one stands before their shelves. A shelf is found once.
pub(crate) fn taking<'a>(pace: &Pace, fetches: impl Iterator<Item = &'a Fetch>) -> i64 {
    let mut shelves = BTreeSet::new();
    let mut units: u32 = 0;
    for fetch in fetches {
        shelves.insert((&fetch.shelf, &fetch.tag));
        units = units.saturating_add(fetch.units);
    }
    pace.taking(shelves.len(), units)
}

/// The orders to plan for.
#[derive(Clone, Debug)]
pub struct Backlog {
    /// What there is to fetch, by order.
    pub errands: BTreeMap<OrderId, Errand>,
    /// Orders for which nothing stands on a shelf: no walk is planned for them.
    pub nothing: BTreeSet<OrderId>,
    pub(crate) legs: Legs,
    pub(crate) station: Spot,
}

impl Backlog {
    /// What is to be fetched for some orders. One that is named twice counts once.
    #[must_use]
    pub fn of<'a>(ledger: &Ledger, map: &Map, orders: impl IntoIterator<Item = &'a Order>) -> Self {
        let orders: BTreeMap<OrderId, &Order> =
            orders.into_iter().map(|order| (order.id, order)).collect();
        let fetches: Vec<(&Order, Vec<Fetch>)> = orders
            .into_values()
            .map(|order| (order, fetches(ledger, map, order)))
            .collect();
        let all = fetches.iter().flat_map(|(_, fetches)| fetches);
        let legs = map.legs(all.filter_map(|one| one.spot));
        let station = map.station();
        let mut backlog = Self {
            errands: BTreeMap::new(),
            nothing: BTreeSet::new(),
            legs,
            station,
        };
        for (order, fetches) in fetches {
            if fetches.is_empty() {
                backlog.nothing.insert(order.id);
            } else {
                let errand = errand(&backlog.legs, station, order, fetches);
                backlog.errands.insert(order.id, errand);
            }
        }
        backlog
    }

    /// What is to be fetched for all orders that nobody has taken yet.
    #[must_use]
    pub fn waiting(ledger: &Ledger, map: &Map) -> Self {
        let orders = ledger.orders.values();
        let is_free = |order: &&Order| order.status == Status::Ready && order.claim.is_none();
        Self::of(ledger, map, orders.filter(is_free))
    }
}

fn fetches(ledger: &Ledger, map: &Map, order: &Order) -> Vec<Fetch> {
    let fetch = |target: pick::Target<'_>| {
        let shelf = target.package.stands_at();
        Fetch {
            order: order.id,
            line: target.line.number,
            tag: target.package.tag.clone(),
            units: target.units,
            shelf: shelf.cloned(),
            spot: shelf.and_then(|shelf| map.spot_of(shelf)),
        }
    };
    pick::targets(ledger, order).map(fetch).collect()
}

fn errand(legs: &Legs, station: Spot, order: &Order, fetches: Vec<Fetch>) -> Errand {
    let by_ticket: Vec<Spot> = fetches.iter().filter_map(|one| one.spot).collect();
    let stops: BTreeSet<Spot> = by_ticket.iter().copied().collect();
    Errand {
        order: order.id,
        placed_at: order.placed_at,
        promise_start: order.promise_start,
        due: order.promise_end,
        fetches,
        alone: route(legs, station, &stops, station),
        by_ticket: length(legs, station, &by_ticket, station),
    }
}
