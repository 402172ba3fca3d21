//! Sixty orders, as a point of sale would have sent them by now.
//!
//! In: what may be sold, and the present instant. Out: orders whose promised windows lie from a quarter of
//! an hour ago to six hours ahead. Must not: promise what is not there, apart from the few lines that show
//! what happens then.

use std::collections::BTreeSet;

use domain::ledger::Ledger;
use domain::order::Channel;
use domain::time::{Day, Millis};

use super::basket::Basket;
use super::catalogue::Product;
use super::customers::{AWKWARD, customer};
use super::dice::Dice;
use super::{OFFSET_MINUTES, ORDERS};
use crate::import::orders::{
    Aside, LineInput, Moment, OrderContent, OrderInput, OrderKey, Promise, Request,
};

/// The day's orders, and what is left for changes to them.
pub(super) struct OrderDay<'a> {
    pub(super) orders: Vec<OrderInput>,
    /// Orders with a line made on purpose; a change would spoil it.
    pub(super) on_purpose: BTreeSet<OrderKey>,
    pub(super) basket: Basket<'a>,
}

/// Lines the vault cannot fill: two in a hundred.
pub(super) const SHORT_LINES: usize = 3;
/// Lines that need two packages.
pub(super) const LINES_OF_TWO_PACKAGES: usize = 3;

/// How the orders reach their customers.
const CHANNELS: [(Channel, usize); 3] = [
    (Channel::Pickup, 33),
    (Channel::Curbside, 9),
    (Channel::Delivery, 18),
];
/// Lines of an order, and how many orders have as many: 2.6 on average.
const LINES: [(usize, usize); 8] = [
    (1, 19),
    (2, 17),
    (3, 11),
    (4, 6),
    (5, 3),
    (6, 2),
    (8, 1),
    (12, 1),
];
const SOURCES: [(&str, usize); 3] = [("web", 36), ("menu", 14), ("telephone", 10)];
const NOTES: [(&str, usize); 6] = [
    ("", 52),
    ("Ring twice", 2),
    ("No substitutions, please", 2),
    ("¿Puede llamarme al llegar?", 2),
    ("Blue door, left of the stairs\nMind the cat", 1),
    ("\"Happy birthday, Bo!\" on the bag, if you can", 1),
];
const EXTERNAL_FIRST: u32 = 104_201;

pub(super) const MINUTE_MS: i64 = 60_000;
/// Windows begin on the five minutes.
const GRID_MS: i64 = 5 * MINUTE_MS;
/// The last window begins so many steps of the grid from now, and ends an hour later at most.
const LAST_STEP: u32 = 60;
/// The first window began so many steps ago.
const FIRST_STEP: i64 = 3;

/// Makes the orders up, the one placed first in front.
pub(super) fn orders<'a>(
    seed: u64,
    now: Millis,
    today: Day,
    products: &'a [Product],
    ledger: &Ledger,
) -> OrderDay<'a> {
    let mut dice = Dice::new(seed, "orders");
    let mut basket = Basket::new(&mut dice, products, ledger, today);
    let mut special = specials(&mut basket);
    // Lines made on purpose come first, because they keep their products from every other order.
    let mut firsts: Vec<Option<LineInput>> = Vec::new();
    firsts.resize_with(ORDERS, || special.pop());
    dice.shuffle(&mut firsts);
    let channels = dice.deck(&CHANNELS);
    let counts = dice.deck(&LINES);
    let sources = dice.deck(&SOURCES);
    let notes = dice.deck(&NOTES);
    let mut drafts = Vec::new();
    for (place, first) in firsts.into_iter().enumerate() {
        let is_on_purpose = first.is_some();
        let mut lines: Vec<LineInput> = first.into_iter().collect();
        while lines.len() < counts[place] {
            let units = units(&mut dice);
            match basket.line(&mut dice, units, &lines) {
                Some(line) => lines.push(line),
                None => break,
            }
        }
        let channel = channels[place];
        let (placed_at, promise) = times(&mut dice, now, channel);
        let awkward = AWKWARD.get(place).copied();
        let content = OrderContent {
            channel,
            placed_at,
            promise,
            customer: customer(&mut dice, awkward, today, channel == Channel::Delivery),
            lines,
            notes: notes[place].to_owned(),
            program: None,
        };
        drafts.push((content, sources[place], is_on_purpose));
    }
    drafts.sort_by_key(|(content, ..)| content.placed_at.at);
    let mut on_purpose = BTreeSet::new();
    let mut orders = Vec::new();
    for (number, (content, source, is_on_purpose)) in (EXTERNAL_FIRST..).zip(drafts) {
        let key = OrderKey {
            source: source.to_owned(),
            id: format!("HS-{number}"),
        };
        if is_on_purpose {
            on_purpose.insert(key.clone());
        }
        orders.push(OrderInput {
            key,
            request: Request::Fill(Box::new(content)),
            aside: Aside::default(),
        });
    }
    OrderDay {
        orders,
        on_purpose,
        basket,
    }
}

/// The lines that show what happens when there is too little, and when one package is not enough.
fn specials(basket: &mut Basket<'_>) -> Vec<LineInput> {
    let mut lines = Vec::new();
    for _ in 0..SHORT_LINES {
        lines.extend(basket.line_too_many());
    }
    for _ in 0..LINES_OF_TWO_PACKAGES {
        lines.extend(basket.line_of_two_packages());
    }
    lines
}

/// 1.2 on average.
fn units(dice: &mut Dice) -> u32 {
    match dice.below(100) {
        0 => 4,
        1..=2 => 3,
        3..=15 => 2,
        _ => 1,
    }
}

/// When it was placed, and the window it was promised for.
fn times(dice: &mut Dice, now: Millis, channel: Channel) -> (Moment, Promise) {
    // The lesser of two throws: the next hour is fuller than the last one.
    let step = dice.between(0, LAST_STEP).min(dice.between(0, LAST_STEP));
    let grid = now.0.div_euclid(GRID_MS);
    let start = (grid + i64::from(step) - FIRST_STEP) * GRID_MS;
    let minutes = match channel {
        Channel::Curbside => 15,
        Channel::Pickup | Channel::InStore => 30,
        Channel::Delivery => 60,
    };
    let ahead = i64::from(dice.between(25, 150)) * MINUTE_MS;
    let ago = i64::from(dice.between(60, 7_200)) * 1_000;
    let placed = (start - ahead).min(now.0 - ago);
    let promise = Promise {
        start: moment(start),
        end: moment(start + minutes * MINUTE_MS),
    };
    (moment(placed), promise)
}

pub(super) fn moment(at: i64) -> Moment {
    Moment {
        at: Millis(at),
        offset_minutes: OFFSET_MINUTES,
    }
}
