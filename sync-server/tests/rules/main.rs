//! Rule packs and purchase limits, as whoever writes a pack or asks about a basket meets them.
//!
//! In: the packs that come with the program, broken ones, baskets. Out: verdicts and flaws. Must not: look inside the
//! rooms.

#![expect(
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute, not their helpers"
)]

mod counter;

mod hostile;
mod labels;
mod packs;
mod program;
mod refused;
mod table;
mod zones;
