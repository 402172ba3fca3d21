//! The feed that marks a withdrawn order with `"cancelled": true`.
//!
//! In: one order as that feed writes it. Out: the same in the canonical form. Must not: touch an order that
//! states its status.

use serde_json::{Map, Value};

/// Turns the flag into a status. A flag that is neither true nor false stays, and is set aside.
pub(super) fn to_canonical(order: &mut Map<String, Value>) {
    if order.contains_key("status") {
        return;
    }
    if let Some(Value::Bool(is_cancelled)) = order.get("cancelled") {
        let status = if *is_cancelled { "cancelled" } else { "open" };
        order.remove("cancelled");
        order.insert("status".to_owned(), Value::from(status));
    }
}
