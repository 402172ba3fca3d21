//! Customers' data: one random key and salt per order, and the order as it was last accepted, sealed.
//!
//! In: sealed bytes. Out: the same. Must not: hold anything in clear. Deleting an order's row makes all
//! that was ever said of its customer, in the log and in backups of the log, unreadable.

use domain::event::encode;
use domain::id::OrderId;
use domain::ledger::{EntityKey, EntityKind};
use rusqlite::OptionalExtension as _;

use super::{Failed, Log};

/// What opens an order's customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerKey {
    /// The random part of the key; the server's secret is the other.
    pub key: Vec<u8>,
    /// Put before the plain text in its commitment.
    pub salt: Vec<u8>,
    /// The order as it was last accepted, sealed.
    pub input: Option<Vec<u8>>,
}

/// The row of a view that holds an order's customer.
#[must_use]
pub fn customer_row(order: OrderId) -> EntityKey {
    EntityKey {
        kind: EntityKind::Customer,
        id: encode(&order),
    }
}

impl Log {
    /// What opens an order's customer data; `None` when there never was any, or it was erased.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn customer_key(&self, order: OrderId) -> Result<Option<CustomerKey>, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT key, salt, input FROM customer_key WHERE order_id = ?1")?;
        Ok(statement
            .query_row([order.0], |row| {
                Ok(CustomerKey {
                    key: row.get(0)?,
                    salt: row.get(1)?,
                    input: row.get(2)?,
                })
            })
            .optional()?)
    }

    /// Keeps what opens an order's customer data.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_customer_key(&self, order: OrderId, key: &CustomerKey) -> Result<(), Failed> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO customer_key (order_id, key, salt, input) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (order_id) DO UPDATE SET input = excluded.input",
        )?;
        statement.execute((order.0, &key.key, &key.salt, &key.input))?;
        Ok(())
    }

    /// Destroys what opens an order's customer data. Returns whether there was any.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn erase_customer(&self, order: OrderId) -> Result<bool, Failed> {
        let mut statement = self
            .conn
            .prepare_cached("DELETE FROM customer_key WHERE order_id = ?1")?;
        Ok(statement.execute([order.0])? > 0)
    }
}
