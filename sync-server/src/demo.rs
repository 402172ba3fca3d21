//! An invented shop to try Custody with: people, vault, stock and a day's orders.
//!
//! In: a seed and the present instant. Out: everything as the facts and orders the other rooms take, the
//! same to the last byte for one seed and instant. Must not: touch the database or ask what time it is.
//! Nothing in it is real: business, licence, tags, brands, strains, customers.

/// Dice that fall the same way for one seed.
mod dice;
/// The shop, its shelves and its slots.
mod vault;
/// Who works there.
mod people;
/// What it sells.
mod catalogue;
/// Tags, some of them easy to confuse.
mod tags;
/// What is on the shelves.
mod stock;
/// Who orders.
mod customers;
/// What is left to sell while orders are made up.
mod basket;
/// A day's orders.
mod orders;
/// What becomes of them: changes, withdrawals, a repeat.
mod later;
/// Codes to scan from a screen or from paper.
mod scan_sheet;

pub use catalogue::Product;
pub use later::Message;
pub use people::Person;
pub use scan_sheet::{ScanEntry, order_entries, scan_sheet_html};

use domain::custody::receive::{self, LabResultsRecorded, StockImported};
use domain::custody::set_up::{self, StoreConfigured};
use domain::ledger::Ledger;
use domain::time::{Day, Millis};

use crate::clock;
use crate::import::orders::OrderInput;

/// Locations in the vault.
pub const LOCATIONS: usize = 150;
/// Products.
pub const PRODUCTS: usize = 600;
/// Active packages.
pub const PACKAGES: usize = 1_200;
/// Orders that have come in.
pub const ORDERS: usize = 60;

/// How far the order source's clock is from UTC, all year round.
const OFFSET_MINUTES: i16 = -480;

/// An invented shop.
#[derive(Clone, Debug, PartialEq)]
pub struct Shop {
    /// The instant it was made for.
    pub now: Millis,
    /// The shop's day at that instant.
    pub today: Day,
    /// The shop, its shelves and its slots.
    pub configured: StoreConfigured,
    /// People and their PINs.
    pub people: Vec<Person>,
    /// Products and prices.
    pub products: Vec<Product>,
    /// Stock, in parts small enough for one event each.
    pub stock: Vec<StockImported>,
    /// Laboratory results, likewise.
    pub labs: Vec<LabResultsRecorded>,
    /// Orders in the order in which they were placed, all before `now`.
    pub orders: Vec<OrderInput>,
    /// What the order source sends afterwards, first things first, all after `now`.
    pub later: Vec<Message>,
}

/// Makes a shop up. The same seed and instant give the same shop.
#[must_use]
pub fn generate(seed: u64, now_ms: i64) -> Shop {
    let now = Millis(now_ms);
    let configured = vault::configured(seed);
    let today = clock::day_at(&configured.store.time_zone, now_ms);
    let products = catalogue::products(seed);
    let shelves = vault::shelves();
    let stocked = stock::stocked(seed, today, &products, &shelves);
    let stock = stock::imported(&products, &stocked);
    let labs = stock::lab_results(&stocked);
    let ledger = shelved(&configured, &stock, &labs);
    let mut day = orders::orders(seed, now, today, &products, &ledger);
    let later = later::messages(seed, now, &mut day);
    let orders = day.orders;
    Shop {
        now,
        today,
        configured,
        people: people::people(seed),
        products,
        stock,
        labs,
        orders,
        later,
    }
}

/// The ledger before the first order.
fn shelved(
    configured: &StoreConfigured,
    stock: &[StockImported],
    labs: &[LabResultsRecorded],
) -> Ledger {
    let mut ledger = Ledger::default();
    set_up::configured(&mut ledger, configured);
    for part in stock {
        receive::imported(&mut ledger, part);
    }
    for part in labs {
        receive::lab_recorded(&mut ledger, part);
    }
    ledger
}

#[cfg(test)]
mod tests;
