//! Files from outside as a shop meets them: the samples, damaged files, very large files.
//!
//! In: fixtures and files made here. Out: the verdicts a person would see. Must not: look inside the room.

#![expect(
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute, not their helpers"
)]

mod fixtures;
mod labs;
mod orders;
mod packages;
mod packages_refused;
mod products;
mod workbooks;
