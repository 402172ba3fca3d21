//! Who walks where, and for whom first: the shop's own map, routes over it, walks for several orders at once, the
//! queue's order, and when it will be empty.
//!
//! In: a map, orders with their packages, an instant. Out: plans, in whole millimetres and milliseconds, so that a
//! tablet and the server come to the same one. Must not: record anything, promise a package or change one; a plan is
//! advice, and whatever becomes of it the ledger is right.

/// The shop's own map of its vault.
pub mod map;
/// A drawing for a shop that has none.
pub mod guess;
/// The map that walks are planned on.
pub mod vault;
/// A drawing is changed.
pub mod edit;
/// The way through some shelves.
pub mod route;
/// The order in which one order's shelves are walked.
pub mod way;
/// What stands where, and what is taken for something else.
pub mod near;
/// How long things take.
pub mod pace;
/// What is to be fetched for each order.
pub mod errand;
/// Which order comes first, and why.
pub mod rank;
/// Several orders in one walk.
pub mod walk;
/// An order more for a walk that has begun.
pub mod rush;
/// When the queue will be empty.
pub mod forecast;
