//! Several orders in one walk, each in totes of its own.
//!
//! In: errands in their order, a crew. Out: walks, each with its stops, its orders' totes, and what it saves. Must not:
//! make an order late for the sake of another, or mix two orders' goods.
//!
//! Whoever is free first takes the order that stands first, and with it those from the front of the queue that save most.
//! So every walk brings every order forward, and none waits longer than the number of orders before it.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use crate::id::OrderId;
use crate::plan::errand::{Backlog, Errand, Fetch, taking};
use crate::plan::map::{Legs, Spot};
use crate::plan::pace::{Cart, Crew, Pace};
use crate::plan::route::{Route, cheapest_place, length, route};
use crate::time::Millis;

/// Orders at the front of the queue that are looked through for company.
const COMPANY_MAX: usize = 48;
/// What company may cost an order that is late anyway, in milliseconds: clearing the queue helps all who come after.
pub(crate) const LATER_STILL_MAX: i64 = 10 * 60_000;

/// One place to stand at, and what to take there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The place; `None` for shelves the map does not have, which come last.
    pub spot: Option<Spot>,
    /// What to take, shelf by shelf.
    pub fetches: Vec<Fetch>,
}

/// An order on a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The order.
    pub order: OrderId,
    /// Number of its first tote, from 1.
    pub tote: u32,
    /// Totes it has.
    pub totes: u32,
    /// When it is due.
    pub due: Millis,
    /// When it will be packed, if the walk begins as planned.
    pub ready_at: Millis,
}

impl Carried {
    /// Whether its promise will be missed.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.ready_at > self.due
    }
}

/// One person's way through the vault for some orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The orders; the first stood first in the queue.
    pub orders: Vec<Carried>,
    /// Where to stand, in this order.
    pub stops: Vec<Stop>,
    /// Length of the way from the pack station and back, in millimetres.
    pub millimetres: u64,
    /// Length of the ways for each order alone in the order of its ticket, in millimetres.
    pub one_by_one: u64,
    /// When it begins.
    pub starts_at: Millis,
    /// When its last order will be packed.
    pub ends_at: Millis,
}

impl Walk {
    /// Millimetres saved against each order alone in the order of its ticket.
    #[must_use]
    pub fn saved(&self) -> u64 {
        self.one_by_one.saturating_sub(self.millimetres)
    }

    /// Milliseconds of walking saved against each order alone in the order of its ticket.
    #[must_use]
    pub fn saved_time(&self, pace: &Pace) -> i64 {
        pace.walking(self.saved())
    }
}

impl Backlog {
    /// Walks for all errands: the next for whoever is free first.
    #[must_use]
    pub fn walks(&self, now: Millis, crew: &Crew) -> Vec<Walk> {
        let ranked = self.ranked(now, &crew.pace);
        let mut queue: Vec<&Errand> = ranked.iter().map(|one| one.errand).collect();
        let people = usize::try_from(crew.people.max(1)).unwrap_or(1);
        let mut free_at = vec![now; people.min(queue.len().max(1))];
        let mut walks = Vec::new();
        while !queue.is_empty() {
            let next = (0..free_at.len()).min_by_key(|person| free_at[*person]);
            let next = next.unwrap_or(0);
            let group = Group::gather(&self.legs, self.station, crew, free_at[next], &mut queue);
            let walk = group.walk();
            free_at[next] = walk.ends_at;
            walks.push(walk);
        }
        walks
    }

    /// One walk for all errands, whatever becomes of their promises, for they are on a cart already; `None` when nothing is
    /// to be fetched.
    #[must_use]
    pub fn one_walk(&self, now: Millis, crew: &Crew) -> Option<Walk> {
        let mut errands = self.errands.values();
        let mut group = Group::begin(&self.legs, self.station, crew, now, errands.next()?);
        for errand in errands {
            let way = group.way_over(errand);
            group.join(errand, way);
        }
        Some(group.walk())
    }
}

/// Orders that go together, while more are looked for.
struct Group<'a> {
    legs: &'a Legs,
    station: Spot,
    crew: &'a Crew,
    starts_at: Millis,
    errands: Vec<&'a Errand>,
    way: Route,
    totes: u32,
    /// Milliseconds to take everything. What two orders need from one package is counted twice here, which errs on the
    /// safe side.
    taking: i64,
}

impl<'a> Group<'a> {
    /// An order alone.
    fn begin(
        legs: &'a Legs,
        station: Spot,
        crew: &'a Crew,
        starts_at: Millis,
        first: &'a Errand,
    ) -> Self {
        Group {
            legs,
            station,
            crew,
            starts_at,
            errands: vec![first],
            way: first.alone.clone(),
            totes: crew.cart.totes_for(first.units()),
            taking: first.taking(&crew.pace),
        }
    }

    /// The first of the queue and its company; they leave it.
    fn gather(
        legs: &'a Legs,
        station: Spot,
        crew: &'a Crew,
        starts_at: Millis,
        queue: &mut Vec<&'a Errand>,
    ) -> Self {
        let mut group = Self::begin(legs, station, crew, starts_at, queue.remove(0));
        while group.errands.len() < crew.cart.orders_max() {
            let near = queue.iter().take(COMPANY_MAX).enumerate();
            let company = near.filter_map(|(place, errand)| {
                let way = group.way_with(errand)?;
                let apart = group.way.millimetres + errand.alone.millimetres;
                let saved = apart.checked_sub(way.millimetres)?;
                Some((saved, Reverse(place), way))
            });
            let best = company.max_by_key(|(saved, place, _)| (*saved, *place));
            let Some((_, Reverse(place), way)) = best else {
                break;
            };
            group.join(queue.remove(place), way);
        }
        group
    }

    fn join(&mut self, errand: &'a Errand, way: Route) {
        self.totes += self.crew.cart.totes_for(errand.units());
        self.taking = self.taking.saturating_add(errand.taking(&self.crew.pace));
        self.errands.push(errand);
        self.way = way;
    }

    /// The way past the places of one order more.
    fn way_over(&self, errand: &Errand) -> Route {
        let mut way = self.way.clone();
        for spot in &errand.alone.stops {
            if !way.stops.contains(spot) {
                let (place, detour) =
                    cheapest_place(self.legs, self.station, &way.stops, self.station, *spot);
                way.stops.insert(place, *spot);
                way.millimetres += detour;
            }
        }
        way
    }

    /// The way with one order more, if the cart takes it and nobody's promise is broken by it.
    fn way_with(&self, errand: &Errand) -> Option<Route> {
        let totes = self.totes + self.crew.cart.totes_for(errand.units());
        if totes > self.crew.cart.totes {
            return None;
        }
        let way = self.way_over(errand);
        let taking = self.taking.saturating_add(errand.taking(&self.crew.pace));
        let all: Vec<&Errand> = self.errands.iter().copied().chain([errand]).collect();
        let ready = self.ready_at(&all, &way, taking);
        let keeps_promise = |(errand, ready_at): (&&Errand, Millis)| {
            let alone = self.starts_at.plus(errand.work(&self.crew.pace));
            ready_at <= latest(errand.due, alone)
        };
        all.iter().zip(ready).all(keeps_promise).then_some(way)
    }

    /// When each order will be packed: the most urgent first, once everything is fetched.
    fn ready_at(&self, errands: &[&Errand], way: &Route, taking: i64) -> Vec<Millis> {
        let pace = &self.crew.pace;
        let walked = self.starts_at.plus(pace.walking(way.millimetres));
        let dues: Vec<_> = errands.iter().map(|one| (one.due, one.order)).collect();
        packed(walked.plus(taking), &dues, pace)
    }

    fn walk(mut self) -> Walk {
        // One by one they were put where they cost least; together there is often a shorter way.
        let spots = self.way.stops.iter().copied().collect();
        let way = route(self.legs, self.station, &spots, self.station);
        if way.millimetres < self.way.millimetres {
            self.way = way;
        }
        let fetches = || self.errands.iter().flat_map(|errand| &errand.fetches);
        let begun = i64::from(self.crew.pace.order);
        let begun = begun.saturating_mul(i64::try_from(self.errands.len()).unwrap_or(i64::MAX));
        let taking = taking(&self.crew.pace, fetches()).saturating_add(begun);
        let ready = self.ready_at(&self.errands, &self.way, taking);
        let mut orders: Vec<Carried> = Vec::new();
        for (errand, ready_at) in self.errands.iter().zip(ready) {
            orders.push(carried(errand, ready_at, &orders, &self.crew.cart));
        }
        Walk {
            stops: stops(&self.way.stops, fetches()),
            millimetres: length(self.legs, self.station, &self.way.stops, self.station),
            one_by_one: self.errands.iter().map(|errand| errand.by_ticket).sum(),
            starts_at: self.starts_at,
            ends_at: last_of(&orders, self.starts_at),
            orders,
        }
    }
}

/// Until when an order must be packed: when it is due, or, if it could not be ready by then without the others, a little
/// later than it would be.
pub(crate) fn latest(due: Millis, otherwise: Millis) -> Millis {
    if otherwise > due {
        otherwise.plus(LATER_STILL_MAX)
    } else {
        due
    }
}

/// When each of some orders is packed, one after the other and the most urgent first, once all are fetched.
pub(crate) fn packed(fetched: Millis, dues: &[(Millis, OrderId)], pace: &Pace) -> Vec<Millis> {
    let is_before = |one: &(Millis, OrderId), other: &(Millis, OrderId)| one <= other;
    let ready = |order: &(Millis, OrderId)| {
        let before = dues.iter().filter(|one| is_before(one, order)).count();
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        fetched.plus(before.saturating_mul(i64::from(pace.pack)))
    };
    dues.iter().map(ready).collect()
}

/// An order joins others: its totes have the next numbers.
pub(crate) fn carried(
    errand: &Errand,
    ready_at: Millis,
    before: &[Carried],
    cart: &Cart,
) -> Carried {
    let last = before.last().map_or(0, |one| one.tote + one.totes - 1);
    Carried {
        order: errand.order,
        tote: last + 1,
        totes: cart.totes_for(errand.units()),
        due: errand.due,
        ready_at,
    }
}

/// When the last of some orders is packed.
pub(crate) fn last_of(orders: &[Carried], otherwise: Millis) -> Millis {
    let ready = orders.iter().map(|one| one.ready_at);
    ready.max().unwrap_or(otherwise)
}

/// What to take at each place; last what stands where the map does not reach.
pub(crate) fn stops<'a>(way: &[Spot], fetches: impl IntoIterator<Item = &'a Fetch>) -> Vec<Stop> {
    let mut by_spot: BTreeMap<Option<Spot>, Vec<Fetch>> = BTreeMap::new();
    for fetch in fetches {
        by_spot.entry(fetch.spot).or_default().push(fetch.clone());
    }
    let mut stops = Vec::new();
    for spot in way.iter().copied().map(Some).chain([None]) {
        if let Some(mut fetches) = by_spot.remove(&spot) {
            let at = |one: &Fetch| (one.shelf.is_none(), one.shelf.clone(), one.tag.clone());
            fetches.sort_by_key(at);
            stops.push(Stop { spot, fetches });
        }
    }
    stops
}
