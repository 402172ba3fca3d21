//! What every store does, whatever it is made of: each behaviour is written down once and run on all of them.
//!
//! In: a bench, which brings a store and can do to it what bad days do. Out: nothing, or a claim that does not hold.
//! Must not: know any store; each runs the suite in its own tests.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

/// The storage of a device's own events: simulated, and IndexedDB in a real browser.
pub mod device;
/// A shop's log: in memory, SQLite, PostgreSQL.
pub mod log;
