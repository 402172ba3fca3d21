//! Which order is in which tote: numbers that stay while a walk goes on.
//!
//! In: the orders this device has. Out: a tote for each, from 1 to 8. Must not: give a tote's number to another order
//! while the first is still in it; a rush order that joins takes a free one.

use domain::id::{DeviceId, OrderId};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::plan::pace::ORDERS_MAX;
use domain::plan::way::is_on_cart;

use crate::platform::choice::{read, write};

/// An order in its tote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Carried {
    pub(in crate::ui) tote: u8,
    pub(in crate::ui) order: OrderId,
}

/// Where the numbers are kept on this device; they say nothing that the ledger does not know better.
const KEPT: &str = "totes";

/// Whether an order of this device is on its cart.
fn is_carried(order: &Order, own: Option<DeviceId>) -> bool {
    let is_ours = order
        .claim
        .as_ref()
        .is_some_and(|claim| Some(claim.device) == own);
    is_ours && is_on_cart(order)
}

/// The totes on the cart, by number.
pub(in crate::ui) fn totes(ledger: &Ledger, own: Option<DeviceId>) -> Vec<Carried> {
    let mut places = kept();
    let carried = |order: &OrderId| {
        let order = ledger.orders.get(order);
        order.is_some_and(|order| is_carried(order, own))
    };
    for place in &mut places {
        *place = place.filter(carried);
    }
    let mut others: Vec<&Order> = ledger
        .orders
        .values()
        .filter(|order| is_carried(order, own) && !places.contains(&Some(order.id)))
        .collect();
    others.sort_by_key(|order| (order.promise_end, order.id));
    for order in others {
        if let Some(free) = places.iter_mut().find(|place| place.is_none()) {
            *free = Some(order.id);
        }
    }
    keep(&places);
    let numbered = (1..).zip(places);
    let carried = numbered.filter_map(|(tote, order)| order.map(|order| Carried { tote, order }));
    carried.collect()
}

fn kept() -> Vec<Option<OrderId>> {
    let text = read(KEPT).unwrap_or_default();
    let places = text.split(' ').map(|order| OrderId::parse(order).ok());
    let mut places: Vec<Option<OrderId>> = places.collect();
    places.resize(usize::try_from(ORDERS_MAX).unwrap_or(1), None);
    places
}

fn keep(places: &[Option<OrderId>]) {
    let words = places
        .iter()
        .map(|order| order.map_or_else(|| "-".to_owned(), |order| order.to_string()));
    write(KEPT, &words.collect::<Vec<_>>().join(" "));
}
