//! Who acts: the device's key, a person's PIN.
//!
//! In: a PIN. Out: a key that signs and one that opens customers' data. Must not: compare a PIN with
//! anything; it opens a seal, or it does not.

/// The device's own key, and how this browser can keep it.
pub mod device_key;
/// Enrolment of this device.
pub mod enrol;
/// What the server's pinned key signed.
pub mod server_key;
/// What an unlock secret opens.
pub mod seals;
/// How long nobody has touched the device.
pub mod idle;
/// People on this device.
pub mod sign_in;
/// A PIN made into a key.
pub mod stretch;
