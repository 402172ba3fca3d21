//! An order more for a walk that has begun: whoever walks loses neither his place nor a tote.

use std::collections::BTreeSet;

use domain::facility::Location;
use domain::id::OrderId;
use domain::ledger::Insert as _;
use domain::order::Order;
use domain::plan::map::Spot;
use domain::plan::pace::{Cart, Crew, Pace};
use domain::plan::rush::{NotAboard, joining};
use domain::plan::walk::Walk;
use domain::time::Millis;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::exact;
use super::queue::{MINUTE, NOON, any_crew, any_queue, number, wish};
use super::walk::{crew, listed, taken, three_aisles, walked};

/// Of the shortest way, in per cent, by which the rest of a walk may be longer.
const WITHIN_PERCENT: u64 = 5;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_order_joins_a_walk_and_what_was_done_where_one_is_going_and_every_tote_stay(
        queue in any_queue(),
        crew in any_crew(),
        done in 0_usize..6,
        later in 0_i64..30,
    ) {
        let backlog = queue.backlog();
        let walks = backlog.walks(NOON, &crew);
        let Some(walk) = walks.first() else {
            return Ok(());
        };
        let own: BTreeSet<OrderId> = walk.orders.iter().map(|one| one.order).collect();
        let done = done.min(walk.stops.len());
        let now = NOON.plus(later * MINUTE);
        for rush in backlog.errands.values() {
            let is_aboard = own.contains(&rush.order);
            let joined = match walk.take_along(&queue.map, &crew, now, done, rush) {
                Err(NotAboard::AlreadyAboard) => {
                    prop_assert!(is_aboard);
                    continue;
                }
                Err(NotAboard::CartFull) => {
                    prop_assert!(own.len() >= crew.cart.orders_max());
                    continue;
                }
                Err(NotAboard::TotesGone { needed, left }) => {
                    prop_assert!(needed > left);
                    continue;
                }
                Err(NotAboard::TooLate { .. }) => continue,
                Ok(joined) => joined,
            };
            prop_assert!(!is_aboard);
            prop_assert_eq!(&joined.stops[..done], &walk.stops[..done]);
            if let Some(next) = walk.stops.get(done) {
                prop_assert_eq!(joined.stops[done].spot, next.spot);
                prop_assert!(joined.stops[done].fetches.starts_with(&next.fetches));
            }
            let totes = |walk: &Walk| -> Vec<_> {
                walk.orders.iter().map(|one| (one.order, one.tote, one.totes)).collect()
            };
            prop_assert!(totes(&joined).starts_with(&totes(walk)));
            let last = &joined.orders[walk.orders.len() - 1];
            let new = &joined.orders[walk.orders.len()];
            prop_assert_eq!((new.order, new.tote), (rush.order, last.tote + last.totes));
            let before = walk.stops.iter().flat_map(|stop| &stop.fetches);
            let all = listed(before.chain(&rush.fetches));
            prop_assert_eq!(taken(&joined.stops), all);
            prop_assert_eq!(joined.millimetres, walked(&queue.map, &joined.stops));
            prop_assert_eq!(joined.one_by_one, walk.one_by_one + rush.by_ticket);
            let ahead: Vec<Spot> = joined.stops[done..].iter().filter_map(|one| one.spot).collect();
            if let Some((here, rest)) = ahead.split_first()
                && rest.len() <= 9
                && walk.stops.get(done).is_some_and(|next| next.spot.is_some())
            {
                let legs = queue.map.legs(ahead.iter().copied());
                let station = queue.map.station();
                let way = [*here].iter().chain(rest).copied().collect::<Vec<_>>();
                let walked: u64 = way.windows(2).map(|leg| legs.millimetres(leg[0], leg[1])).sum();
                let walked = walked + legs.millimetres(way[way.len() - 1], station);
                let best = exact::shortest(&legs, *here, rest, station);
                prop_assert!(walked * 100 <= best * (100 + WITHIN_PERCENT));
            }
        }
    }

    #[test]
    fn nobody_who_would_be_in_time_is_late_because_of_a_rush(
        queue in any_queue(),
        done in 0_usize..6,
    ) {
        let crew = Crew { people: 1, cart: Cart { totes: 40, ..Cart::TYPICAL }, pace: Pace::TYPICAL };
        let backlog = queue.backlog();
        let Some(walk) = backlog.walks(NOON, &crew).into_iter().next() else {
            return Ok(());
        };
        for rush in backlog.errands.values() {
            if let Ok(joined) = walk.take_along(&queue.map, &crew, NOON, done, rush) {
                for (before, after) in walk.orders.iter().zip(&joined.orders) {
                    // What was done already makes it earlier than planned, never later.
                    prop_assert!(before.is_late() || !after.is_late());
                }
                let alone = NOON.plus(rush.work(&crew.pace));
                let new = joined.orders.last().unwrap();
                prop_assert!(alone > new.due || !new.is_late());
            }
        }
    }
}

#[test]
fn a_rush_order_from_the_aisle_one_stands_in_comes_at_once() {
    let rush = wish(30, &[(4, 1), (9, 1)]);
    let wishes = [wish(120, &[(3, 1), (7, 1)]), wish(121, &[(22, 1)]), rush];
    let queue = three_aisles(&wishes);
    let mut backlog = queue.backlog();
    let rush = backlog.errands.remove(&number(2)).unwrap();
    let crew = crew(1, 6);
    let walk = &backlog.walks(NOON, &crew)[0];
    let shelves = |walk: &Walk| -> Vec<String> {
        let shelves = walk.stops.iter().map(|stop| stop.fetches[0].shelf.clone());
        shelves.map(|shelf| shelf.unwrap().to_string()).collect()
    };
    assert_eq!(shelves(walk), ["C-03-1", "A-08-1", "A-04-1"]);
    // C-03 is done, one is on the way to A-08.
    let joined = walk.take_along(&queue.map, &crew, NOON, 1, &rush).unwrap();
    let expected = ["C-03-1", "A-08-1", "A-10-1", "A-05-1", "A-04-1"];
    assert_eq!(shelves(&joined), expected);
    assert!(joined.saved() > walk.saved());
    let again = joined.take_along(&queue.map, &crew, NOON, 1, &rush);
    assert_eq!(again, Err(NotAboard::AlreadyAboard));
}

#[test]
fn why_an_order_cannot_join_is_said() {
    let wishes = [
        wish(3, &[(3, 1)]),
        wish(240, &[(4, 70)]),
        wish(60, &[(29, 200)]),
    ];
    let queue = three_aisles(&wishes);
    let backlog = queue.backlog();
    let walk = &backlog.walks(NOON, &crew(1, 1))[0];
    assert_eq!(walk.orders[0].order, number(0));
    let asks = |crew: &Crew, order: usize, now: Millis| {
        walk.take_along(&queue.map, crew, now, 0, &backlog.errands[&number(order)])
            .map(|walk| walk.orders.len())
    };
    assert_eq!(asks(&crew(1, 1), 1, NOON), Err(NotAboard::CartFull));
    let mut small = crew(1, 6);
    small.cart.totes = 3;
    let gone = NotAboard::TotesGone { needed: 7, left: 2 };
    assert_eq!(asks(&small, 2, NOON), Err(gone));
    // Seventy units more would make the first one late.
    let late = NotAboard::TooLate { order: number(0) };
    assert_eq!(asks(&crew(1, 6), 1, NOON), Err(late));
}

#[test]
fn before_an_order_is_put_on_a_cart_it_is_said_what_that_adds_whom_it_makes_late_or_that_it_is_full()
 {
    let mut wishes = vec![
        wish(5, &[(29, 1)]),
        wish(121, &[(0, 1)]),
        wish(240, &[(28, 1)]),
        wish(241, &[(19, 1)]),
        wish(242, &[(4, 70)]),
        wish(243, &[]),
    ];
    wishes.resize(12, wish(244, &[(1, 1)]));
    let mut queue = three_aisles(&wishes);
    let shelves: Vec<_> = queue
        .ledger
        .packages
        .values()
        .map(|one| one.shelf().cloned().unwrap())
        .collect();
    for (code, walk) in shelves.into_iter().zip(1..) {
        queue.ledger.insert(code.clone(), Location { code, walk });
    }
    let of = |places: &[usize]| -> Vec<&Order> {
        let orders = places
            .iter()
            .map(|place| &queue.ledger.orders[&number(*place)]);
        orders.collect()
    };
    let asks =
        |cart: &[usize], order: usize| joining(&queue.ledger, &of(cart), of(&[order])[0], NOON);
    // The end of aisle C is gone to anyway; the end of B is not, and costs less than a walk of its own.
    assert_eq!(asks(&[0, 1], 2), Ok(0));
    let (joined, alone) = (asks(&[0, 1], 3).unwrap(), asks(&[], 3).unwrap());
    assert!(0 < joined && joined < alone, "{joined} of {alone}");
    assert_eq!(asks(&[0, 1], 0), Err(NotAboard::AlreadyAboard));
    let late = NotAboard::TooLate { order: number(0) };
    assert_eq!(asks(&[0, 1], 4), Err(late));
    assert_eq!(
        asks(&[0, 1, 2, 3, 6, 7, 8, 9], 10),
        Err(NotAboard::CartFull)
    );
    // What is fetched already is on the cart all the same: it is there, and it takes its tote.
    assert_eq!(asks(&[0, 5], 5), Err(NotAboard::AlreadyAboard));
    assert_eq!(asks(&[0, 1, 2, 3, 5, 6, 7, 8], 9), Err(NotAboard::CartFull));
    assert!(asks(&[1, 2, 3, 5, 6, 7, 8], 9).is_ok(), "an eighth fits");
    // What wants nothing adds nothing, and on a cart of which all is fetched an order walks as if it were alone.
    assert_eq!((asks(&[0, 1], 5), asks(&[5], 3)), (Ok(0), Ok(alone)));
}
