//! Light and keys become readings.
//!
//! In: what the browser reports. Out: readings, in order. Must not: know what a reading means.

/// Scanners that type.
pub mod wedge;
