//! What others see of the log and the state: pages for devices, chains for auditors, an order's standing for
//! the system it came from.
//!
//! In: the file at one moment. Out: answers. Must not: write to it.

/// State, page by page.
pub mod view;
/// Snapshots of the view.
pub mod snapshot;
/// Everything recorded about an order.
pub mod chain;
/// Which device has seen how much of the log.
pub mod witnesses;
/// What changed about people, devices and passkeys.
pub mod register;
/// Where an order stands, for the system it came from.
pub mod standing;
