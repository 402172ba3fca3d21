//! What is allowed in a dispensary's vault, and what happened there.
//!
//! Pure: no input or output, no clock, no randomness, no floating point, no hash order. Time, identifiers
//! and key material arrive as arguments. The same crate decides on the tablet, on the server, in the
//! simulator and in the auditor's verifier.

#![deny(
    missing_docs,
    clippy::float_arithmetic,
    clippy::wildcard_enum_match_arm
)]

/// Identifiers, package tags, hashes.
pub mod id;
/// Exact amounts and units of measure.
pub mod quantity;
/// What a scanner's reading means.
pub mod code;
/// Days and instants.
pub mod time;
/// Packages, products and places.
pub mod stock;
/// Orders.
pub mod order;
/// The shop, its people and devices.
pub mod facility;
/// How much one person may take home.
pub mod limits;
/// The state's rules as data.
pub mod rules;
/// How long a device may go on without the server.
pub mod permit;
/// Facts, byte for byte.
pub mod event;
/// Answers before an act.
pub mod verdict;
/// The tasks.
pub mod custody;
/// Everything the events amount to.
pub mod ledger;
/// Who walks where, and for whom first.
pub mod plan;
/// The protocol's two ends.
pub mod sync;
/// What a label says.
pub mod label;
/// Who a card says its holder is.
pub mod identity;
/// What opens a person's seal.
pub mod pin;
/// Whether a signature is good.
pub mod signature;
/// Whether a record is whole.
pub mod audit;
/// Breaks made by hand, for the simulator to find.
#[cfg(feature = "mutants")]
pub mod mutant;

#[cfg(feature = "mutants")]
use mutant::mutated;

/// Whether a break made by hand is at work: never, save in a build made to look for them.
#[cfg(not(feature = "mutants"))]
const fn mutated(_: &str) -> bool {
    false
}
