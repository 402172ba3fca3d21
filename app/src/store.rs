//! What the device keeps: its own events for certain, the pulled state for convenience.
//!
//! In: events, rows. Out: an outbox that survives everything the browser survives, and a ledger to read.
//! Must not: say an event is kept before the transaction's `complete`.

/// A thin layer over IndexedDB, for all three databases.
pub mod idb;
/// Which core database this device works with.
pub mod beside;
/// The browser's own journal, begun anew at every start.
pub mod journal;
/// `custody-core`: events, keys, receipts. Version 1 for ever.
pub mod core;
/// `custody-carried`: acts of other devices on their way.
pub mod carried;
/// `custody-view`: pages of the pulled state. Disposable.
pub mod view;
