//! The server's end of the protocol: facts into the store's log, state out of it.
//!
//! In: parts of chains that were looked at, asks for leases, cursors. Out: receipts, leases, pages.
//! Must not: drop an event that arrived, apply one twice, or let one stop those behind it.
//!
//! Nothing here knows a database or a clock. The server and the simulator bring both.

use crate::id::{EventId, Hash};
use crate::time::Day;

/// What a store's log must be able to do.
pub mod log;
/// Are these events what they claim to be?
pub mod check;
/// The one writer of a log: the ledger, the server's own chain, one transaction at a time.
pub mod writer;
/// Events of devices into their chains.
pub mod push;
/// What the server does because of a fact.
mod react;
/// What was too new when it came.
mod take_in;
/// What somebody has to look into.
mod alarm;
/// Orders to devices.
mod grant;
/// How long devices may go on by themselves, and who was there.
pub mod permit;
/// The log's signed heads, and who has seen them.
pub mod head;
/// State, page by page.
pub mod view;
/// Snapshots of the view.
pub mod snapshot;
/// The log told again, to compare rows with it.
pub mod retell;
/// What is gone is forgotten once everybody knows.
mod sweep;

/// What only the world around a writer can say.
pub trait Outside {
    /// Milliseconds since 1970.
    fn now(&self) -> i64;
    /// Milliseconds since the writer started, by a clock that never jumps.
    fn mono(&self) -> u64;
    /// The calendar day in a zone at an instant.
    fn day(&self, zone: &str, now: i64) -> Day;
    /// A new identifier that rises with time.
    fn event_id(&self) -> EventId;
    /// A new identifier that says nothing.
    fn random_id(&self) -> [u8; 16];
    /// The server's signature over a hash.
    fn sign(&self, hash: &Hash) -> Vec<u8>;
}
