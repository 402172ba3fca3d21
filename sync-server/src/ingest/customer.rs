//! Customers' data: sealed into the fact, shown to devices while the order is open, erased by forgetting a key.
//!
//! In: plain data of one order. Out: sealed bytes. Must not: let a plain byte reach the file or a log line.
//!
//! Each order has a random key and salt in `customer_key`. The fact carries nonce and ciphertext, and the
//! hash of salt and plain text. The card that devices show is kept sealed under the same key as an ordinary
//! row of the view, so that it travels by change like everything else; a pull opens it. Closing the order
//! buries that row. Erasing a customer deletes key and salt: the log, its backups and the row turn to noise.

use domain::custody::sign_for::{self, Drawing};
use domain::event::{Body, Envelope, Sealed, encode};
use domain::id::{Hash, OrderId, Position};
use domain::sync::enrol::CustomerCard;
use domain::sync::server::writer::customer_row;

use super::Work;
use crate::keys::{ServerKeys, random, sealing};
use crate::log::{CustomerKey, Failed, Log};
use crate::projection::chain::EVENTS_MAX;

/// What is known of an order's customer.
#[derive(Clone)]
pub struct CustomerData {
    /// The order.
    pub order: OrderId,
    /// What devices show while the order is open.
    pub card: CustomerCard,
    /// All of it, as JSON, for the fact.
    pub plain: Vec<u8>,
    /// The order as it was accepted, as JSON, to compare later ones with.
    pub input: Option<Vec<u8>>,
}

impl core::fmt::Debug for CustomerData {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CustomerData({})", self.order)
    }
}

/// Keeps the order's key, made on the first call, and seals the data for the fact.
pub(super) fn keep(work: &Work, data: &CustomerData) -> Result<Sealed, Failed> {
    let mut stored = match work.log().customer_key(data.order)? {
        Some(stored) => stored,
        None => CustomerKey {
            key: random::bytes::<32>().to_vec(),
            salt: random::bytes::<32>().to_vec(),
            input: None,
        },
    };
    let key = work.keys().customer_key(&stored.key);
    if let Some(input) = &data.input {
        stored.input = Some(sealing::seal(&key, input));
    }
    work.log().put_customer_key(data.order, &stored)?;
    Ok(Sealed {
        commitment: Hash::of(&[&stored.salt, &data.plain]),
        ciphertext: sealing::seal(&key, &data.plain),
    })
}

/// Puts the card among the rows devices pull.
pub(super) fn show(work: &Work, data: &CustomerData, position: Position) -> Result<(), Failed> {
    let open = work
        .ledger()
        .orders
        .get(&data.order)
        .is_some_and(|order| !order.status.is_closed());
    if !open {
        return Ok(());
    }
    let Some(stored) = work.log().customer_key(data.order)? else {
        return Ok(());
    };
    let key = work.keys().customer_key(&stored.key);
    let card = CustomerCard {
        seal: Some(sign_for::key(&key).to_vec()),
        ..data.card.clone()
    };
    let card = sealing::seal(&key, &encode(&card));
    work.log()
        .put_entity(&customer_row(data.order), position, Some(&card))
}

/// Opens a card's row; `None` when the customer was erased.
///
/// # Errors
/// When the file cannot be read.
pub fn open_card(
    log: &dyn Log,
    keys: &ServerKeys,
    row_id: &[u8],
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, Failed> {
    let Ok(order) = minicbor::decode::<OrderId>(row_id) else {
        return Ok(None);
    };
    let Some(stored) = log.customer_key(order)? else {
        return Ok(None);
    };
    Ok(sealing::open(&keys.customer_key(&stored.key), sealed))
}

/// What the customer drew when the bag was handed over; `None` when nobody drew, or the customer was erased.
///
/// # Errors
/// When the file cannot be read.
pub fn signature(
    log: &dyn Log,
    keys: &ServerKeys,
    order: OrderId,
) -> Result<Option<Drawing>, Failed> {
    let Some(stored) = log.customer_key(order)? else {
        return Ok(None);
    };
    let key = sign_for::key(&keys.customer_key(&stored.key));
    let mut found = None;
    for place in log.events_about(order, EVENTS_MAX)? {
        let drawn = log.at(place.position)?.and_then(|recorded| {
            let envelope = Envelope::parse(&recorded.event.bytes).ok()?;
            match Body::parse(envelope.kind, &envelope.body).ok()? {
                Body::OrderHandedOff(done) if done.order == order => done.signed?.drawn,
                _ => None,
            }
        });
        let plain = drawn.and_then(|drawn| {
            let plain = sealing::open(&key, &drawn.ciphertext)?;
            let drawing = Drawing::parse(&plain)?;
            (drawing.commitment() == drawn.commitment).then_some(drawing)
        });
        found = plain.or(found);
    }
    Ok(found)
}

/// The order as it was last accepted; `None` when there is none, or its customer was erased.
///
/// # Errors
/// When the file cannot be read.
pub fn last_input(
    log: &dyn Log,
    keys: &ServerKeys,
    order: OrderId,
) -> Result<Option<Vec<u8>>, Failed> {
    let Some(stored) = log.customer_key(order)? else {
        return Ok(None);
    };
    let key = keys.customer_key(&stored.key);
    Ok(stored.input.and_then(|sealed| sealing::open(&key, &sealed)))
}

/// Destroys what opens the customer data of an order whose work is over. Returns whether it did.
///
/// # Errors
/// When the file cannot be written.
pub fn erase(work: &mut Work, order: OrderId) -> Result<bool, Failed> {
    let known = work.ledger().orders.get(&order);
    if known.is_some_and(|order| !order.status.is_closed()) {
        return Ok(false);
    }
    work.log().erase_customer(order)
}

/// Keeps an order as it was last accepted, when there still is a key to seal it with.
pub(super) fn remember(work: &Work, order: OrderId, input: &[u8]) -> Result<(), Failed> {
    let Some(mut stored) = work.log().customer_key(order)? else {
        return Ok(());
    };
    let key = work.keys().customer_key(&stored.key);
    stored.input = Some(sealing::seal(&key, input));
    work.log().put_customer_key(order, &stored)
}
