//! An order arrives, changes or is cancelled at the system it came from.
//!
//! In: checked orders without their customer. Out: lines to fill. Must not: change silently what somebody
//! has begun to pick.

use minicbor::{Decode, Encode};

use crate::custody::{allocate, escrow, unknown, verify};
use crate::id::{ItemId, OrderId};
use crate::ledger::{Insert as _, Ledger};
use crate::mutated;
use crate::order::{Buyer, Channel, Concern, Line, Order, Status};
use crate::time::Millis;

/// A line as it was ordered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderedLine {
    /// Number on the order, from 1.
    #[n(0)]
    pub number: u16,
    /// The product.
    #[n(1)]
    pub item: ItemId,
    /// Units.
    #[n(2)]
    pub units: u32,
    /// Price of one unit in cents.
    #[n(3)]
    pub unit_price_cents: i64,
}

/// An order came in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderArrived {
    /// Custody's identifier.
    #[n(0)]
    pub order: OrderId,
    /// The system it came from.
    #[n(1)]
    pub source: String,
    /// That system's identifier.
    #[n(2)]
    pub external_id: String,
    /// The short code people say.
    #[n(3)]
    pub code: String,
    /// How it reaches its customer.
    #[n(4)]
    pub channel: Channel,
    /// When the customer placed it.
    #[n(5)]
    pub placed_at: Millis,
    /// Start of the promised window.
    #[n(6)]
    pub promise_start: Millis,
    /// When it is due.
    #[n(7)]
    pub promise_end: Millis,
    /// Lines.
    #[n(8)]
    pub lines: Vec<OrderedLine>,
    /// For whom, as far as purchase limits ask.
    #[n(9)]
    pub buyer: Option<Buyer>,
}

/// An order was changed upstream.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderChanged {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// How it now reaches its customer.
    #[n(1)]
    pub channel: Channel,
    /// Start of the promised window.
    #[n(2)]
    pub promise_start: Millis,
    /// When it is due.
    #[n(3)]
    pub promise_end: Millis,
    /// All its lines as they are now.
    #[n(4)]
    pub lines: Vec<OrderedLine>,
    /// For whom, as far as purchase limits ask; `None`: as before.
    #[n(5)]
    pub buyer: Option<Buyer>,
}

/// An order was cancelled upstream.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderCancelled {
    /// The order.
    #[n(0)]
    pub order: OrderId,
}

/// Takes a new order in; the same identifier twice is once.
pub fn arrived(ledger: &mut Ledger, done: &OrderArrived) {
    if ledger.orders.contains_key(&done.order) {
        return;
    }
    let order = Order {
        id: done.order,
        source: done.source.clone(),
        external_id: done.external_id.clone(),
        code: done.code.clone(),
        channel: done.channel,
        placed_at: done.placed_at,
        promise_start: done.promise_start,
        promise_end: done.promise_end,
        version: 1,
        status: Status::New,
        lines: lines(&done.lines),
        claim: None,
        picks: Vec::new(),
        ticket_read: false,
        label: None,
        slot: None,
        concerns: Vec::new(),
        fence: 0,
        buyer: done.buyer,
        handed_on: None,
        tote: None,
        signed: None,
        bench: None,
        messages: None,
        car: None,
    };
    ledger.insert(order.id, order);
    unknown::order_known(ledger, done.order);
}

/// Takes a change in. Before the first pick the lines are replaced and allocated anew, and nothing is missing of the old ones
/// any more; after it the order is only marked, because goods are already in somebody's hands, and its new ticket has to be
/// read before the bag closes.
pub fn changed(ledger: &mut Ledger, done: &OrderChanged) {
    allocate::change(ledger, done.order, |order| {
        order.version += 1;
        order.promise_start = done.promise_start;
        order.promise_end = done.promise_end;
        order.buyer = done.buyer.or(order.buyer);
        if order.picks.is_empty() && order.status != Status::HandedOver {
            order.channel = done.channel;
            order.lines = lines(&done.lines);
            order.concerns.retain(|known| *known != Concern::Missing);
            order.status = Status::New;
        } else {
            add_concern(order, Concern::ChangedUpstream);
            verify::want_new_ticket(order);
        }
    });
}

/// Takes a cancellation in. What is already in a tote or bag stays recorded there until it is put back.
pub fn cancelled(ledger: &mut Ledger, done: &OrderCancelled) {
    escrow::release(ledger, done.order);
    allocate::change(ledger, done.order, |order| {
        if order.status == Status::HandedOver {
            return;
        }
        if mutated("arrive_ignores_a_cancellation") {
            return;
        }
        order.status = Status::Cancelled;
        if !order.picks.is_empty() {
            add_concern(order, Concern::CancelledAfterPick);
        }
    });
}

/// Marks an order for a person, once per reason.
pub(crate) fn add_concern(order: &mut Order, concern: Concern) {
    if !order.concerns.contains(&concern) {
        order.concerns.push(concern);
        order.concerns.sort_unstable();
    }
}

fn lines(ordered: &[OrderedLine]) -> Vec<Line> {
    let line = |ordered: &OrderedLine| Line {
        number: ordered.number,
        item: ordered.item,
        units: ordered.units,
        unit_price_cents: ordered.unit_price_cents,
        allocations: Vec::new(),
        short: 0,
        instead_of: None,
        done_without: None,
    };
    ordered.iter().map(line).collect()
}
