//! Light and keys become readings.
//!
//! In: what the browser reports. Out: readings, in order. Must not: know what a reading means.

/// The camera as a scanner.
pub mod camera;
/// Scanners that type.
pub mod wedge;
