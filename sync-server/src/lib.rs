//! The server of one shop: keeps the log of facts, shows each device the state, takes orders in.
//!
//! In: what devices signed, what other programs and files say. Out: signed receipts, pages of state, chains of
//! custody. Must not: decide differently from the domain, or lose a fact it has acknowledged.

/// Build of the server, as it goes into events, backups and its word to anybody.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// The clock and the calendar.
pub mod clock;
/// Where a shop lives on disk.
pub mod config;
/// The server's secret and what is derived from it.
pub mod keys;
/// The state's rules from a data file.
pub mod rules;
/// Files from outside as checked rows: packages, lab figures, orders.
pub mod import;
/// An invented shop to try Custody with.
pub mod demo;
/// The shop's file.
pub mod log;
/// One shop, open.
pub mod ingest;
/// Labels on the shop's printers.
pub mod printing;
/// What others see of it.
pub mod projection;
/// Lines that others cannot read.
pub mod tls;
/// What the server answers over HTTP.
pub mod http;
/// Proofs for people outside.
pub mod audit;
/// Commands of the person who runs the server.
pub mod admin;
/// Text on its way out.
pub mod sink;
/// What the server says of itself while it runs.
pub mod telemetry;
