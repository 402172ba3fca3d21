//! How much one person may take home, judged by a state's purchase limits.
//!
//! In: limits as checked data, a basket, the instant it changes hands. Out: for every cap pass, fail or unknown, with
//! the figures. Must not: hold a figure, read a clock, round in the customer's favour, or take what is not known for
//! nothing.
//!
//! The same judgement is made when packages are allocated, when they are verified and when they are handed off. The
//! caps in force are those of the day on which the goods change hands, in the shop's zone. Whoever calls turns instants
//! into days, so that a day of 23 or 25 hours is still one day here.

/// Who buys, what, and what they bought before.
pub mod basket;
/// One cap, and what it is made of.
pub mod limit;
/// A state's caps together.
pub mod book;
/// Sums of fractions, exactly.
mod ratio;
/// Which lines count for a cap, and how much.
pub mod tally;
/// The judgement.
pub mod judge;
/// As they travel to devices.
pub mod pack;

pub use basket::{Basket, Customer, Figure, Line, Moment, Program, Visit};
pub use book::{Bar, Barred, Book, Split};
pub use judge::{Finding, Outcome, Verdict, Why, judge};
pub use limit::{
    Authority, Bucket, Combine, Condition, Letter, Limit, Measure, Offline, Over, Term, Window,
};
pub use pack::{BagNeeds, Figures, LimitPack};
