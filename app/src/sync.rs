//! The device's end of the protocol in the browser: performs the effects of `domain::sync::device`.
//!
//! In: effects. Out: requests, kept rows, timers. Must not: decide when to push or pull.

/// Signed requests.
pub mod http;
/// Effects, carried out.
pub mod run;
/// The carrier's effects, carried out: acts of other devices.
pub mod carry;
/// This device as a witness of the log.
pub mod witness;
/// A whole view on its way in.
mod arrive;
/// Hints from the server, as they come.
pub mod live;
