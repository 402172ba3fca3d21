//! Orders in Custody's own JSON: what `POST /api/v1/orders` takes and `custody order import FILE` reads.
//!
//! In: the bytes of one document. Out: for each order in it a checked order, or every field that is wrong.
//! Must not: know stock, judge the customer's age, write personal data into an error.
//!
//! # The document
//!
//! UTF-8 JSON: one order, an array of orders, or an object whose `orders` is such an array. One bad order
//! does not touch the others.
//!
//! ```json
//! {
//!   "id": "PUB-100000",
//!   "source": "web",
//!   "channel": "delivery",
//!   "placed_at": "2026-11-23T15:30:34-08:00",
//!   "promise": {"start": "2026-11-23T16:15:00-08:00", "end": "2026-11-23T16:45:00-08:00"},
//!   "customer": {
//!     "name": "A. Sample", "dob": "1980-02-29", "phone": "+15555550100",
//!     "address": {"street": "1 Quay", "line2": "Unit 4", "city": "Windle", "state": "CA",
//!                 "postal_code": "90001"}
//!   },
//!   "lines": [
//!     {"sku": "SKU-1058", "product": "Night Ferry 1g", "quantity": 2, "unit_price_cents": 4209}
//!   ],
//!   "notes": "Ring twice"
//! }
//! ```
//!
//! | field | rule |
//! |---|---|
//! | `id`, `source` | needed; together they name the order. No control characters. Any source is taken |
//! | `status` | left out or `open`; `cancelled` withdraws the order, and then only `id` and `source` count |
//! | `channel` | needed: `pickup`, `curbside`, `delivery` or `in_store` |
//! | `placed_at`, `promise.start`, `promise.end` | needed: RFC 3339 with an offset; the end not before the start |
//! | `customer.name` | needed, not blank |
//! | `customer.dob` | `1980-02-29`, not after the promised day; may be null: then the card at the door decides |
//! | `customer.phone` | may be null |
//! | `customer.address` | needed for a delivery, with `street` and `city`; else it may be null |
//! | `lines` | at least one; the same `sku` may stand on two |
//! | `lines[].sku` | needed; no control characters |
//! | `lines[].product` | needed, not blank |
//! | `lines[].quantity` | needed: a whole number from 1 |
//! | `lines[].unit_price_cents` | needed: a whole number from 0 |
//! | `program` | may be left out: `adult` or `medical`, by which right the customer buys |
//! | `notes` | may be left out |
//!
//! Text is kept as it is, whatever it holds: printers, spreadsheets and browsers are guarded where text
//! reaches them. Only blanks round it are dropped, and U+0000, which databases cannot hold, becomes U+FFFD.
//! Fields not listed here are set aside with the order, as JSON.
//!
//! A feed that marks a withdrawn order with `"cancelled": true` instead of a status is understood too.

mod check;
mod compare;
mod document;
mod fault;
mod fields;
mod flagged;
mod number;

pub use compare::{Comparison, compare};
pub use document::{DocumentRefused, OrderRefused, read};
pub use fault::{Fault, FieldError};

use core::fmt;

use domain::limits::Program;
use domain::order::Channel;
use domain::time::{Day, Millis};
use serde_json::Value;

/// One document, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Orders in one document.
pub const ORDERS_MAX: usize = 10_000;
/// Lines of one order.
pub const LINES_MAX: usize = 500;
/// Units on one line.
pub const QUANTITY_MAX: u32 = 10_000;
/// One unit's price: ten thousand dollars.
pub const UNIT_PRICE_CENTS_MAX: i64 = 1_000_000;
/// `id` and `sku`, in bytes.
pub const ID_BYTES_MAX: usize = 128;
/// `source`, in bytes.
pub const SOURCE_BYTES_MAX: usize = 64;
/// `customer.name`, in bytes.
pub const NAME_BYTES_MAX: usize = 1_024;
/// `customer.phone`, in bytes.
pub const PHONE_BYTES_MAX: usize = 64;
/// One field of the address, in bytes.
pub const ADDRESS_BYTES_MAX: usize = 512;
/// `product`, in bytes.
pub const PRODUCT_BYTES_MAX: usize = 1_024;
/// `notes`, in bytes.
pub const NOTE_BYTES_MAX: usize = 4_096;
/// Unknown fields of one order, as JSON, in bytes; what does not fit is dropped by name.
pub const ASIDE_BYTES_MAX: usize = 65_536;
/// Errors reported for one order.
pub const ERRORS_MAX: usize = 50;

/// What names an order: the system it comes from and that system's identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// The system it comes from.
    pub source: String,
    /// That system's identifier.
    pub id: String,
}

/// One order as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderInput {
    /// Which order.
    pub key: OrderKey,
    /// What is asked for.
    pub request: Request,
    /// Fields Custody does not know.
    pub aside: Aside,
}

/// What the source asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Fill this order.
    Fill(Box<OrderContent>),
    /// Withdraw it.
    Cancel,
}

/// Everything about an order that Custody reads.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderContent {
    /// How it reaches its customer.
    pub channel: Channel,
    /// When the customer placed it.
    pub placed_at: Moment,
    /// When it is due.
    pub promise: Promise,
    /// For whom.
    pub customer: Customer,
    /// What, in the order of the source.
    pub lines: Vec<LineInput>,
    /// What the customer wants known; empty when nothing.
    pub notes: String,
    /// By which right they buy, when the source says so.
    pub program: Option<Program>,
}

/// An instant, and how far the clock that wrote it was from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Millis,
    /// Minutes to add to UTC for the local clock.
    pub offset_minutes: i16,
}

/// The window that was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Not before.
    pub start: Moment,
    /// Due.
    pub end: Moment,
}

/// The person an order is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// As the source writes it.
    pub name: String,
    /// None when the source does not say.
    pub born: Option<Day>,
    /// As the source writes it.
    pub phone: Option<String>,
    /// Where a delivery goes.
    pub address: Option<Address>,
}

/// Where a delivery goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Unit, floor, care of; empty when none.
    pub line2: String,
    /// City.
    pub city: String,
    /// State; empty when the source leaves it out.
    pub state: String,
    /// Postal code; empty when the source leaves it out.
    pub postal_code: String,
}

/// One line as it was ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineInput {
    /// The shop's article number.
    pub sku: String,
    /// The product's name on the menu.
    pub product: String,
    /// Units.
    pub quantity: u32,
    /// Price of one unit in cents.
    pub unit_price_cents: i64,
}

/// Fields Custody does not know, kept for people and for later versions.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Aside {
    /// Path and value, in the order of the document's objects: `customer.loyalty_id`.
    pub fields: Vec<(String, Value)>,
    /// Paths of those that were too large to keep.
    pub dropped: Vec<String>,
}

impl Moment {
    /// The calendar day the clock that wrote it showed.
    #[must_use]
    pub fn local_day(self) -> Day {
        let local = self
            .at
            .0
            .saturating_add(i64::from(self.offset_minutes) * 60_000);
        let days = local.div_euclid(86_400_000);
        Day(i32::try_from(days).expect("BUG: years are checked to have four digits"))
    }
}

impl OrderContent {
    /// What the lines cost together, in cents.
    #[must_use]
    pub fn total_cents(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| i64::from(line.quantity) * line.unit_price_cents)
            .sum()
    }

    /// Units of all lines.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// The customer's age in years when the window opens, the first moment the order may be handed over.
    #[must_use]
    pub fn age_on_promise_day(&self) -> Option<i32> {
        self.customer
            .born
            .map(|born| age_on(born, self.promise.start.local_day()))
    }
}

/// Whole years between a birthday and a day. Whoever was born on 29 February completes a year on 1 March
/// when there is no such day; the later of the two readings states have.
fn age_on(born: Day, day: Day) -> i32 {
    let (birth_year, birth_month, birth_day) = born.civil();
    let (year, month, day_of_month) = day.civil();
    let is_birthday_ahead = (month, day_of_month) < (birth_month, birth_day);
    year - birth_year - i32::from(is_birthday_ahead)
}

// Logs keep what they are given, so the debug forms show nothing that names a person.

impl fmt::Debug for OrderContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderContent")
            .field("channel", &self.channel)
            .field("placed_at", &self.placed_at)
            .field("promise", &self.promise)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Customer(..)")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}

impl fmt::Debug for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self
            .fields
            .iter()
            .map(|(path, _)| path)
            .chain(&self.dropped);
        f.debug_list().entries(paths).finish()
    }
}
