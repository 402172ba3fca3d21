//! One document of orders, taken apart.
//!
//! In: bytes. Out: each order's verdict, in the order of the document. Must not: let one order spoil another.

use core::fmt;

use serde_json::Value;

use super::check::check;
use super::{DOCUMENT_BYTES_MAX, FieldError, ORDERS_MAX, OrderInput, OrderKey};

/// Why a whole document is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentRefused {
    /// More bytes than [`DOCUMENT_BYTES_MAX`].
    TooLarge,
    /// Not JSON.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the reader said.
        cause: String,
    },
    /// JSON, but neither an order nor a list of orders.
    NotOrders,
    /// More orders than [`ORDERS_MAX`].
    TooManyOrders,
}

impl DocumentRefused {
    /// The word that names this refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "document_too_large",
            Self::NotJson { .. } => "not_json",
            Self::NotOrders => "not_orders",
            Self::TooManyOrders => "too_many_orders",
        }
    }
}

impl fmt::Display for DocumentRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => {
                write!(
                    f,
                    "The document holds more than {DOCUMENT_BYTES_MAX} bytes."
                )
            }
            Self::NotJson {
                line,
                column,
                cause,
            } => {
                write!(
                    f,
                    "The document is not JSON: {cause}, line {line}, column {column}."
                )
            }
            Self::NotOrders => f.write_str(
                "The document is neither an order, nor a list of orders, nor an object with a list \
                 \u{201c}orders\u{201d}.",
            ),
            Self::TooManyOrders => write!(f, "The document holds more than {ORDERS_MAX} orders."),
        }
    }
}

impl core::error::Error for DocumentRefused {}

/// An order that is not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRefused {
    /// Which order, when both parts of its key can be read.
    pub key: Option<OrderKey>,
    /// Every field that is wrong; never empty.
    pub errors: Vec<FieldError>,
}

impl fmt::Display for OrderRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: Vec<_> = self.errors.iter().map(ToString::to_string).collect();
        f.write_str(&errors.join(" "))
    }
}

impl core::error::Error for OrderRefused {}

/// Reads a document: one order, an array of orders, or an object whose `orders` is an array.
///
/// # Errors
/// When it cannot be understood as a whole.
pub fn read(bytes: &[u8]) -> Result<Vec<Result<OrderInput, OrderRefused>>, DocumentRefused> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(DocumentRefused::TooLarge);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let document: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let orders = match document {
        Value::Array(orders) => orders,
        Value::Object(mut object) => match object.remove("orders") {
            Some(Value::Array(orders)) => orders,
            Some(_) => return Err(DocumentRefused::NotOrders),
            None => vec![Value::Object(object)],
        },
        _ => return Err(DocumentRefused::NotOrders),
    };
    if orders.len() > ORDERS_MAX {
        return Err(DocumentRefused::TooManyOrders);
    }
    Ok(orders.into_iter().map(check).collect())
}

/// The reader's sentence ends with the place, which is told apart here.
fn not_json(error: &serde_json::Error) -> DocumentRefused {
    let text = error.to_string();
    let cause = text.split(" at line ").next().unwrap_or("").to_owned();
    DocumentRefused::NotJson {
        line: error.line(),
        column: error.column(),
        cause,
    }
}
