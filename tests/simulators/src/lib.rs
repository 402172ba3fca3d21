//! The systems outside a shop, for tests to ask instead of real ones.
//!
//! They are made from the makers' own manuals and know nothing of Custody.

/// What answers on a port.
mod listening;
/// A label printer.
pub mod printer;
/// A print queue.
pub mod queue;
