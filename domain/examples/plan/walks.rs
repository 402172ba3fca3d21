//! Metres and milliseconds of a plan, beside the ticket's order and the order of the shelves' numbers.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::custody::pick;
use domain::plan::errand::{Backlog, Errand};
use domain::plan::map::Spot;
use domain::plan::pace::{Cart, Crew, Pace};
use domain::plan::walk::Walk;
use serde_json::{Value, json};

use crate::exact;
use crate::shop::{NOON, Shop};

const PEOPLE: u32 = 6;
/// Times a plan is made, to take the least.
const TIMES: usize = 5;

pub(crate) fn measure(seed: u64, orders: u64, packages: u64, shelves: u64) -> Value {
    let mut shop = Shop::open(seed, packages, shelves);
    let allocated = shop.arrive(orders);
    let (backlog, routed) = least(|| Backlog::waiting(&shop.ledger, &shop.map));
    let (sixes, batched) = least(|| walks(&backlog, 6));
    let (ranked, in_order) = least(|| backlog.ranked(NOON, &Pace::TYPICAL).len());
    assert_eq!(ranked, backlog.errands.len());
    let eights = walks(&backlog, 8);
    let singles = walks(&backlog, 1);
    for walks in [&sixes, &eights, &singles] {
        let on_walks: usize = walks.iter().map(|walk| walk.orders.len()).sum();
        assert_eq!(on_walks, ranked, "an order is left out");
    }
    let errands = || backlog.errands.values();
    let sum = |of: fn(&Errand) -> u64| errands().map(of).sum::<u64>();
    let late = |walks: &[Walk]| {
        let orders = walks.iter().flat_map(|walk| &walk.orders);
        orders.filter(|one| one.is_late()).count()
    };
    json!({
        "orders": ranked,
        "lines": errands().map(|errand| errand.fetches.len()).sum::<usize>(),
        "ticket": sum(|errand| errand.by_ticket),
        "numbers": by_numbers(&shop, &backlog),
        "single": sum(|errand| errand.alone.millimetres),
        "shortest": shortest(&shop, &backlog),
        "six": millimetres(&sixes),
        "eight": millimetres(&eights),
        "walks_of_six": sixes.len(),
        "by_lines": by_lines(&backlog),
        "late_single": late(&singles),
        "late_six": late(&sixes),
        "allocate_ms": allocated.as_secs_f64() * 1e3,
        "rank_ms": in_order.as_secs_f64() * 1e3,
        "route_ms": routed.as_secs_f64() * 1e3,
        "batch_ms": batched.as_secs_f64() * 1e3,
    })
}

/// What comes of some work, and the least time it took: whatever else the machine does only adds to it.
fn least<T>(work: impl Fn() -> T) -> (T, Duration) {
    let timed = || {
        let begun = Instant::now();
        let done = work();
        (done, begun.elapsed())
    };
    let (mut done, mut took) = timed();
    for _ in 1..TIMES {
        let again = timed();
        took = took.min(again.1);
        done = again.0;
    }
    (done, took)
}

/// Orders of one line, of few, of some, of many: how many, and millimetres by ticket and alone.
fn by_lines(backlog: &Backlog) -> Vec<Value> {
    let groups = [(1, 1), (2, 3), (4, 7), (8, usize::MAX)];
    let group = |(least, most): &(usize, usize)| {
        let fits = |errand: &&Errand| (*least..=*most).contains(&errand.fetches.len());
        let own: Vec<&Errand> = backlog.errands.values().filter(fits).collect();
        json!({
            "from": least,
            "orders": own.len(),
            "ticket": own.iter().map(|errand| errand.by_ticket).sum::<u64>(),
            "single": own.iter().map(|errand| errand.alone.millimetres).sum::<u64>(),
        })
    };
    groups.iter().map(group).collect()
}

fn walks(backlog: &Backlog, orders: u32) -> Vec<Walk> {
    let cart = Cart {
        orders,
        ..Cart::TYPICAL
    };
    let crew = Crew {
        people: PEOPLE,
        cart,
        pace: Pace::TYPICAL,
    };
    backlog.walks(NOON, &crew)
}

fn millimetres(walks: &[Walk]) -> u64 {
    walks.iter().map(|walk| walk.millimetres).sum()
}

/// Each order alone: nobody can fetch the same packages with less walking than this.
fn shortest(shop: &Shop, backlog: &Backlog) -> u64 {
    let one = |errand: &Errand| {
        let order = &shop.ledger.orders[&errand.order];
        let stops: BTreeSet<Spot> = pick::targets(&shop.ledger, order)
            .filter_map(|target| shop.map.spot_of(target.package.shelf()?))
            .collect();
        let station = shop.map.station();
        let legs = shop.map.legs(stops.iter().copied().chain([station]));
        exact::at_least(&legs, station, &Vec::from_iter(stops))
    };
    backlog.errands.values().map(one).sum()
}

/// Each order alone, shelf by shelf as they are numbered: up one aisle and down the next.
fn by_numbers(shop: &Shop, backlog: &Backlog) -> u64 {
    let station = shop.map.station();
    let one = |errand: &Errand| {
        let order = &shop.ledger.orders[&errand.order];
        let mut shelves: Vec<_> = pick::targets(&shop.ledger, order)
            .filter_map(|target| target.package.shelf())
            .collect();
        shelves.sort_by_key(|shelf| shop.ledger.walk_of(Some(shelf)));
        let stops = shelves.iter().filter_map(|shelf| shop.map.spot_of(shelf));
        let way: Vec<Spot> = [station]
            .into_iter()
            .chain(stops)
            .chain([station])
            .collect();
        let legs = shop.map.legs(way.iter().copied());
        way.windows(2)
            .map(|leg| legs.millimetres(leg[0], leg[1]))
            .sum::<u64>()
    };
    backlog.errands.values().map(one).sum()
}
