//! Which order is in which tote: the totes that were scanned, and for the others the next free numbers.
//!
//! In: the orders this device has. Out: a tote for each, from 1 to 8. Must not: give a tote's number to another order
//! while the first is still in it; a rush order that joins takes a free one.

use domain::id::{DeviceId, OrderId};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::plan::pace::ORDERS_MAX;
use domain::plan::way::is_on_cart;

/// An order in its tote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Carried {
    pub(in crate::ui) tote: u8,
    pub(in crate::ui) order: OrderId,
    /// The tote was scanned for it.
    pub(in crate::ui) bound: bool,
}

/// The totes on the cart, by number.
pub(in crate::ui) fn totes(ledger: &Ledger, own: Option<DeviceId>) -> Vec<Carried> {
    let is_ours = |order: &&Order| {
        let claim = order.claim.as_ref();
        claim.is_some_and(|claim| Some(claim.device) == own) && is_on_cart(order)
    };
    let mut orders: Vec<&Order> = ledger.orders.values().filter(is_ours).collect();
    // Bound ones first, for they have their numbers; the others in the order in which they are due.
    orders.sort_by_key(|order| (order.tote.is_none(), order.promise_end, order.id));
    let mut carried: Vec<Carried> = Vec::new();
    for order in orders {
        let is_free = |number: &u8| carried.iter().all(|one| one.tote != *number);
        let places = 1..=u8::try_from(ORDERS_MAX).unwrap_or(u8::MAX);
        let number = match &order.tote {
            Some(tote) => Some(tote.number),
            None => places.into_iter().find(is_free),
        };
        carried.extend(number.map(|tote| Carried {
            tote,
            order: order.id,
            bound: order.tote.is_some(),
        }));
    }
    carried.sort_by_key(|one| (one.tote, one.order));
    carried
}
