//! What the order source sends after the orders: changes, withdrawals, and one order a second time.
//!
//! In: the day's orders. Out: messages in the order of their time. Must not: touch an order with a line made
//! on purpose.

use domain::order::Channel;
use domain::time::Millis;

use super::dice::Dice;
use super::orders::{MINUTE_MS, OrderDay, moment};
use crate::import::orders::{Aside, OrderContent, OrderInput, Request};

/// Something the order source sends after `now`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it comes.
    pub at: Millis,
    /// What it says.
    pub order: OrderInput,
}

/// Orders that are changed: eight in a hundred.
pub(super) const CHANGES: usize = 5;
/// Orders that are withdrawn: five in a hundred.
pub(super) const WITHDRAWALS: usize = 3;
/// Orders that are sent a second time, word for word.
pub(super) const REPEATS: usize = 1;

/// Makes the messages up. Each is about another order.
pub(super) fn messages(seed: u64, now: Millis, day: &mut OrderDay<'_>) -> Vec<Message> {
    let mut dice = Dice::new(seed, "later");
    // What is due last is changed, so that there is time to see it happen.
    let mut chosen: Vec<OrderInput> = day
        .orders
        .iter()
        .filter(|order| !day.on_purpose.contains(&order.key))
        .cloned()
        .collect();
    chosen.sort_by_key(|order| match &order.request {
        Request::Fill(content) => core::cmp::Reverse(content.promise.start.at),
        Request::Cancel => core::cmp::Reverse(Millis::default()),
    });
    chosen.truncate(2 * (CHANGES + WITHDRAWALS + REPEATS));
    dice.shuffle(&mut chosen);
    chosen.truncate(CHANGES + WITHDRAWALS + REPEATS);
    let mut messages = Vec::new();
    for (place, mut order) in chosen.into_iter().enumerate() {
        order.aside = Aside::default();
        if place < CHANGES {
            if let Request::Fill(content) = &mut order.request {
                change(&mut dice, place, content, day);
            }
        } else if place < CHANGES + WITHDRAWALS {
            order.request = Request::Cancel;
        }
        let at = now.plus(i64::from(dice.between(2, 45)) * MINUTE_MS);
        messages.push(Message { at, order });
    }
    messages.sort_by_key(|message| message.at);
    messages
}

/// One unit more, another product, a later window, in turn.
fn change(dice: &mut Dice, turn: usize, content: &mut OrderContent, day: &mut OrderDay<'_>) {
    match turn % 3 {
        0 if day.basket.one_more(&mut content.lines) => {}
        0 | 1 => add_line(dice, content, day),
        _ => {
            let wait = 30 * MINUTE_MS;
            content.promise.start = moment(content.promise.start.at.0 + wait);
            content.promise.end = moment(content.promise.end.at.0 + wait);
            if content.channel == Channel::Pickup {
                content.channel = Channel::Curbside;
            }
        }
    }
}

fn add_line(dice: &mut Dice, content: &mut OrderContent, day: &mut OrderDay<'_>) {
    content
        .lines
        .extend(day.basket.line(dice, 1, &content.lines));
}
