//! The state's rules as dated data.
//!
//! In: a rule pack that travels like stock. Out: the figures a decision needs. Must not: hold a figure of
//! its own; every number and every legal sentence is in the pack.

use minicbor::{Decode, Encode};

use crate::limits::LimitPack;
use crate::time::Day;

/// When the state's own ledger is told about a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ReportAt {
    /// At the hand-off to the customer.
    #[n(0)]
    HandOff,
    /// When the vehicle leaves.
    #[n(1)]
    Departure,
}

/// One state's rules as they stand from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RulePack {
    /// The state, such as `CA`.
    #[n(0)]
    pub state: String,
    /// First day these rules apply.
    #[n(1)]
    pub effective: Day,
    /// Full years a customer must have lived.
    #[n(2)]
    pub age_min: u32,
    /// When the sale is reported.
    #[n(3)]
    pub report_at: ReportAt,
    /// Sentences printed on every exit label, never translated.
    #[n(4)]
    pub label_sentences: Vec<String>,
    /// Where the figures come from.
    #[n(5)]
    pub citations: Vec<String>,
    /// How much one person may take home. `None`: the shop was set up before limits travelled, and nobody has given it any. Boxed as
    /// the shop's map is.
    #[n(6)]
    pub limits: Option<Box<LimitPack>>,
}
