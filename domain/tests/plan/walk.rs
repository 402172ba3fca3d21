//! Walks for several orders: nothing is left behind, nothing taken twice, nobody made late for another.

use std::collections::{BTreeMap, BTreeSet};

use domain::facility::LocationCode;
use domain::id::OrderId;
use domain::plan::errand::{Backlog, Errand, Fetch};
use domain::plan::guess::{Spacing, by_codes};
use domain::plan::map::{Map, Spot};
use domain::plan::pace::{Cart, Crew, ORDERS_MAX, Pace};
use domain::plan::walk::{Stop, Walk};
use domain::time::Millis;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::exact;
use super::queue::{MINUTE, NOON, Queue, Wish, any_crew, any_queue, number, wish};

/// Minutes by which an order that is late anyway may be later for the sake of the others.
const LATER_STILL: i64 = 10 * MINUTE;

/// Length of the way through stops as they stand.
pub(super) fn walked(map: &Map, stops: &[Stop]) -> u64 {
    let spots: Vec<Spot> = stops.iter().filter_map(|stop| stop.spot).collect();
    let legs = map.legs(spots.iter().copied());
    let way = [map.station()]
        .into_iter()
        .chain(spots)
        .chain([map.station()]);
    let way: Vec<Spot> = way.collect();
    way.windows(2)
        .map(|leg| legs.millimetres(leg[0], leg[1]))
        .sum()
}

/// Everything taken at some stops, in an order of its own.
pub(super) fn taken(stops: &[Stop]) -> Vec<(OrderId, u16, String, u32)> {
    listed(stops.iter().flat_map(|stop| &stop.fetches))
}

pub(super) fn listed<'a>(
    fetches: impl IntoIterator<Item = &'a Fetch>,
) -> Vec<(OrderId, u16, String, u32)> {
    let plain = |one: &Fetch| (one.order, one.line, one.tag.to_string(), one.units);
    let mut all: Vec<_> = fetches.into_iter().map(plain).collect();
    all.sort();
    all
}

/// When each order is packed, worked out from the stops alone.
fn packed(map: &Map, crew: &Crew, walk: &Walk) -> BTreeMap<OrderId, Millis> {
    let pace = &crew.pace;
    let packages: BTreeSet<_> = walk
        .stops
        .iter()
        .flat_map(|stop| &stop.fetches)
        .map(|one| (one.shelf.clone(), one.tag.clone()))
        .collect();
    let units: u32 = walk
        .stops
        .iter()
        .flat_map(|stop| &stop.fetches)
        .map(|one| one.units)
        .sum();
    let orders = i64::try_from(walk.orders.len()).unwrap();
    let mut at = walk
        .starts_at
        .plus(pace.walking(walked(map, &walk.stops)))
        .plus(pace.taking(packages.len(), units))
        .plus(orders * i64::from(pace.order));
    let mut by_due = walk.orders.clone();
    by_due.sort_by_key(|one| (one.due, one.order));
    by_due
        .iter()
        .map(|one| {
            at = at.plus(i64::from(pace.pack));
            (one.order, at)
        })
        .collect()
}

fn check_totes(walk: &Walk, crew: &Crew) -> Result<(), TestCaseError> {
    let mut next = 1;
    for one in &walk.orders {
        prop_assert_eq!(one.tote, next, "totes are numbered without a gap");
        prop_assert!(one.totes > 0);
        next += one.totes;
    }
    let count = u32::try_from(walk.orders.len()).unwrap();
    prop_assert!(count == 1 || count <= crew.cart.orders.min(ORDERS_MAX));
    prop_assert!(count == 1 || next - 1 <= crew.cart.totes);
    Ok(())
}

fn check_promises(
    map: &Map,
    crew: &Crew,
    backlog: &Backlog,
    walk: &Walk,
) -> Result<(), TestCaseError> {
    let packed = packed(map, crew, walk);
    for one in &walk.orders {
        prop_assert_eq!(packed[&one.order], one.ready_at);
        let alone = walk
            .starts_at
            .plus(backlog.errands[&one.order].work(&crew.pace));
        let allowed = if alone <= one.due {
            one.due
        } else {
            alone.plus(LATER_STILL)
        };
        prop_assert!(
            one.ready_at <= allowed,
            "{one:?} would be ready at {alone:?} alone"
        );
    }
    prop_assert_eq!(packed.values().max().copied(), Some(walk.ends_at));
    Ok(())
}

/// Never more people at work than there are.
fn check_people(crew: &Crew, walks: &[Walk]) -> Result<(), TestCaseError> {
    for walk in walks {
        let at = walk.starts_at;
        let busy = walks
            .iter()
            .filter(|one| one.starts_at <= at && at < one.ends_at);
        prop_assert!(busy.count() <= usize::try_from(crew.people.max(1)).unwrap());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_order_is_fetched_whole_on_one_walk_and_none_is_late_for_the_sake_of_another(
        queue in any_queue(),
        crew in any_crew(),
    ) {
        let backlog = queue.backlog();
        let walks = backlog.walks(NOON, &crew);
        let stops: Vec<Stop> = walks.iter().flat_map(|walk| walk.stops.clone()).collect();
        let wanted = backlog.errands.values().flat_map(|errand| &errand.fetches);
        prop_assert_eq!(taken(&stops), listed(wanted));
        let mut on_walks: Vec<OrderId> = walks.iter().flat_map(|walk| &walk.orders).map(|one| one.order).collect();
        on_walks.sort();
        prop_assert_eq!(on_walks, backlog.errands.keys().copied().collect::<Vec<_>>());
        for walk in &walks {
            let own: BTreeSet<OrderId> = walk.orders.iter().map(|one| one.order).collect();
            prop_assert!(taken(&walk.stops).iter().all(|(order, ..)| own.contains(order)));
            check_totes(walk, &crew)?;
            check_promises(&queue.map, &crew, &backlog, walk)?;
            prop_assert_eq!(walk.millimetres, walked(&queue.map, &walk.stops));
            let alone: u64 = own.iter().map(|order| backlog.errands[order].alone.millimetres).sum();
            prop_assert!(walk.millimetres <= alone, "company is never a detour");
        }
        check_people(&crew, &walks)?;
    }

    #[test]
    fn every_walk_takes_the_order_that_stands_first(queue in any_queue(), crew in any_crew()) {
        let backlog = queue.backlog();
        let ranked = backlog.ranked(NOON, &crew.pace);
        let mut left: Vec<OrderId> = ranked.iter().map(|one| one.errand.order).collect();
        for walk in backlog.walks(NOON, &crew) {
            prop_assert_eq!(walk.orders[0].order, left[0]);
            left.retain(|order| walk.orders.iter().all(|one| one.order != *order));
        }
    }

    #[test]
    fn a_walk_is_within_five_per_cent_of_the_shortest_there_is(queue in any_queue()) {
        let crew = Crew { people: 1, cart: Cart::TYPICAL, pace: Pace::TYPICAL };
        for walk in queue.backlog().walks(NOON, &crew) {
            let spots: Vec<Spot> = walk.stops.iter().filter_map(|stop| stop.spot).collect();
            if spots.len() <= 9 {
                let station = queue.map.station();
                let legs = queue.map.legs(spots.iter().copied());
                let best = exact::shortest(&legs, station, &spots, station);
                prop_assert!(walk.millimetres * 100 <= best * 105);
            }
        }
    }
}

/// Three aisles of ten bays, a package in each.
pub(super) fn three_aisles(wishes: &[Wish]) -> Queue {
    let shelves: Vec<LocationCode> = ["A", "B", "C"]
        .iter()
        .flat_map(|aisle| {
            (1..=10).map(move |bay| LocationCode::new(&format!("{aisle}-{bay:02}-1")))
        })
        .collect();
    Queue::of(&by_codes(&shelves, Spacing::TYPICAL), &shelves, wishes)
}

pub(super) fn crew(people: u32, orders: u32) -> Crew {
    Crew {
        people,
        cart: Cart {
            orders,
            ..Cart::TYPICAL
        },
        pace: Pace::TYPICAL,
    }
}

fn orders(walk: &Walk) -> Vec<OrderId> {
    walk.orders.iter().map(|one| one.order).collect()
}

#[test]
fn orders_from_the_same_aisle_go_together_and_metres_and_minutes_are_saved() {
    // Two far down aisle C, two in aisle A.
    let wishes = [
        wish(240, &[(29, 1), (28, 1)]),
        wish(241, &[(0, 1)]),
        wish(242, &[(27, 1), (29, 2)]),
        wish(243, &[(1, 1)]),
    ];
    let queue = three_aisles(&wishes);
    let crew = crew(1, 2);
    let walks = queue.backlog().walks(NOON, &crew);
    let together: Vec<_> = walks.iter().map(orders).collect();
    assert_eq!(together, [[number(0), number(2)], [number(1), number(3)]]);
    // Nine metres down the aisle and back, nearly five across and back; the other order needs no step more.
    assert_eq!(walks[0].millimetres, 2 * (10 * 900 + 2 * 2_400));
    assert_eq!(walks[0].saved(), walks[0].millimetres);
    assert_eq!(walks[0].saved_time(&crew.pace), 27_600);
    assert_eq!((walks[0].orders[1].tote, walks[0].orders[1].totes), (2, 1));
}

#[test]
fn an_order_that_is_due_walks_alone_when_company_would_make_it_late() {
    let alone = three_aisles(&[wish(0, &[(29, 1)])]).backlog();
    let work = alone.errands[&number(0)].work(&Pace::TYPICAL);
    // To the minute: company would cost it more than is left.
    let due = work / MINUTE + 1;
    let queue = three_aisles(&[wish(due, &[(29, 1)]), wish(240, &[(9, 5), (19, 5)])]);
    let walks = queue.backlog().walks(NOON, &crew(1, 6));
    assert_eq!(walks.len(), 2);
    assert!(!walks[0].orders[0].is_late());
    // With an hour left they go together.
    let queue = three_aisles(&[wish(60, &[(29, 1)]), wish(240, &[(9, 5), (19, 5)])]);
    assert_eq!(queue.backlog().walks(NOON, &crew(1, 6)).len(), 1);
}

#[test]
fn an_order_with_more_than_a_cart_of_goods_walks_alone() {
    let queue = three_aisles(&[
        wish(240, &[(5, 90), (6, 90), (7, 90)]),
        wish(240, &[(5, 1)]),
    ]);
    let walks = queue.backlog().walks(NOON, &crew(1, 6));
    assert_eq!(
        walks.iter().map(orders).collect::<Vec<_>>(),
        [[number(0)], [number(1)]]
    );
    assert_eq!(
        walks[0].orders[0].totes, 9,
        "nine totes of thirty, one more than the cart takes"
    );
}

#[test]
fn orders_for_nothing_and_orders_named_twice_do_no_harm() {
    let mut queue = three_aisles(&[wish(60, &[]), wish(60, &[(3, 1)]), wish(60, &[(999, 4)])]);
    let twice = queue
        .ledger
        .orders
        .values()
        .chain(queue.ledger.orders.values());
    let backlog = Backlog::of(&queue.ledger, &queue.map, twice);
    assert_eq!(backlog.nothing, BTreeSet::from([number(0), number(2)]));
    assert_eq!(backlog.walks(NOON, &crew(3, 8)).len(), 1);
    queue.ledger.orders.clear();
    assert_eq!(queue.backlog().walks(NOON, &crew(3, 8)), []);
}

#[test]
fn what_stands_where_the_map_does_not_reach_is_fetched_last() {
    let shelves = ["A-01-1", "SAFE", "A-05-1"].map(LocationCode::new);
    let wishes = [wish(60, &[(1, 1), (2, 1), (0, 1)])];
    let queue = Queue::of(&by_codes(&shelves, Spacing::TYPICAL), &shelves, &wishes);
    let walks = queue.backlog().walks(NOON, &crew(1, 6));
    let places: Vec<_> = walks[0]
        .stops
        .iter()
        .map(|stop| stop.fetches[0].shelf.clone())
        .collect();
    assert_eq!(places.last().unwrap().as_ref().unwrap().as_str(), "SAFE");
    assert_eq!(walks[0].stops.last().unwrap().spot, None);
    assert_eq!(places.len(), 3);
}

#[test]
fn five_thousand_orders_at_once_are_planned() {
    let wishes: Vec<Wish> = (0..5_000)
        .map(|at: usize| wish(60, &[(at * 7 % 30, 1), (at * 11 % 30, 2)]))
        .collect();
    let queue = three_aisles(&wishes);
    let backlog = queue.backlog();
    let walks = backlog.walks(NOON, &crew(8, 8));
    let count: usize = walks.iter().map(|walk| walk.orders.len()).sum();
    assert_eq!(count, 5_000);
    let alone = |errand: &Errand| errand.by_ticket;
    let by_ticket: u64 = backlog.errands.values().map(alone).sum();
    let planned: u64 = walks.iter().map(|walk| walk.millimetres).sum();
    assert!(planned * 2 < by_ticket, "{planned} mm of {by_ticket}");
}
