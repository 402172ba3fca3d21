//! Hours of work in a busy shop: orders come in, whoever is free gets the next walk, nobody keeps the pace exactly.

use domain::id::OrderId;
use domain::order::Status;
use domain::plan::errand::Backlog;
use domain::plan::pace::{Cart, Crew, Pace};
use domain::time::Millis;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::shop::{MINUTE, NOON, Shop};

/// A busy shop.
const PACKAGES: u64 = 4_000;
const SHELVES: u64 = 500;
/// How much slower or faster than its pace a walk is, in per cent.
const MOOD: u32 = 25;
/// Minutes from an order to its promise, at least, and how many more.
const PROMISE: (i64, u32) = (30, 30);

pub(crate) fn measure(seed: u64, people: u64, cart: u64, per_hour: u64, hours: u64) -> Value {
    let mut shop = Shop::open(seed, PACKAGES, SHELVES);
    let mut dice = Dice::of(seed ^ 0x5417);
    let crew = Crew {
        people: u32::try_from(people).unwrap_or(1),
        cart: Cart {
            orders: u32::try_from(cart).unwrap_or(1),
            ..Cart::TYPICAL
        },
        pace: Pace::TYPICAL,
    };
    let mut arrivals: Vec<Millis> = (0..per_hour * hours)
        .map(|_| NOON.plus(i64::try_from(dice.below(hours * 3_600_000)).unwrap_or(0)))
        .collect();
    arrivals.sort();
    let mut free_at = vec![NOON; usize::try_from(people.max(1)).unwrap_or(1)];
    let mut arrivals = arrivals.into_iter().enumerate().peekable();
    let mut done = Done::default();
    loop {
        free_at.sort();
        let mut now = free_at[0];
        while let Some((number, at)) = arrivals.next_if(|(_, at)| *at <= now) {
            let due = at.plus((PROMISE.0 + i64::from(dice.small(PROMISE.1))) * MINUTE);
            shop.order(number as u64, at, due);
        }
        let backlog = Backlog::waiting(&shop.ledger, &shop.map);
        let walks = backlog.walks(now, &crew);
        let Some(walk) = walks.first() else {
            let Some((_, next)) = arrivals.peek() else {
                break;
            };
            now = *next;
            free_at[0] = now;
            continue;
        };
        let planned = walk.ends_at.since(now);
        let mood = i64::from(100 - MOOD + dice.small(2 * MOOD + 1));
        let ends_at = now.plus(planned * mood / 100);
        for one in &walk.orders {
            let ready = one.ready_at.since(now) * mood / 100;
            done.late += u64::from(now.plus(ready) > one.due);
            done.orders += 1;
            leaves(&mut shop, one.order);
        }
        let fetches = walk.stops.iter().flat_map(|stop| &stop.fetches);
        done.lines += fetches.count() as u64;
        done.millimetres += walk.millimetres;
        done.busy += ends_at.since(now);
        let packing = i64::try_from(walk.orders.len()).unwrap_or(0) * i64::from(crew.pace.pack);
        done.packing += packing * mood / 100;
        free_at[0] = ends_at;
    }
    done.said(free_at.last().map_or(0, |last| last.since(NOON)))
}

/// What was done.
#[derive(Default)]
struct Done {
    orders: u64,
    lines: u64,
    late: u64,
    millimetres: u64,
    busy: i64,
    packing: i64,
}

impl Done {
    fn said(&self, took: i64) -> Value {
        json!({
            "orders": self.orders,
            "lines": self.lines,
            "late": self.late,
            "millimetres": self.millimetres,
            "busy_ms": self.busy,
            "packing_ms": self.packing,
            "took_ms": took,
        })
    }
}

/// The order is on its way: its goods have left the shelves.
fn leaves(shop: &mut Shop, order: OrderId) {
    if let Some(order) = shop.ledger.order_mut(&order) {
        order.status = Status::Cancelled;
    }
}
