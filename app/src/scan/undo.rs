//! A unit of the tote is put back, however long ago it was taken.

use domain::custody::pick;
use domain::id::{EventId, OrderId};
use leptos::prelude::Set as _;

use super::{shown, signals};
use crate::device::device;

/// Puts one unit of an order back, and shows what that came to.
pub async fn put_back(order: OrderId, event: EventId) {
    let outcome = device()
        .act(None, |ledger, situation| {
            pick::decide_void(ledger, situation, order, event)
        })
        .await;
    signals().undo.set(None);
    shown(order, outcome);
}
