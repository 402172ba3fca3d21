//! Where an order stands, in words for the system it came from.
//!
//! In: an order of the ledger. Out: JSON. Must not: say anything of the customer.

use domain::order::{Order, Status};
use serde::Serialize;

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The source's identifier.
    pub id: String,
    /// The source.
    pub source: String,
    /// The code people say.
    pub code: String,
    /// One of `new`, `ready`, `claimed`, `picking`, `picked`, `verifying`, `verified`, `labelled`, `sealed`,
    /// `staged`, `out`, `handed_over`, `returned`, `short`, `problem`, `cancelled`.
    pub status: &'static str,
    /// Rises with every change.
    pub version: u32,
    /// Units ordered, less those nobody could find.
    pub units_due: u32,
    /// Units in the tote or bag.
    pub units_picked: u32,
    /// The staging slot, once the bag is in one.
    pub slot: Option<String>,
    /// Lines as they are filled.
    pub lines: Vec<LineStanding>,
}

/// Where a line stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineStanding {
    /// Number, from 1.
    pub number: u16,
    /// Units ordered.
    pub units: u32,
    /// Units in the tote or bag.
    pub picked: u32,
    /// Units no package could be found for.
    pub missing: u32,
}

/// Where an order stands.
#[must_use]
pub fn of(order: &Order) -> Standing {
    let lines = order.lines.iter().map(|line| LineStanding {
        number: line.number,
        units: line.units,
        picked: order.picked_of_line(line.number),
        missing: line.unallocated(),
    });
    Standing {
        id: order.external_id.clone(),
        source: order.source.clone(),
        code: order.code.clone(),
        status: word(order.status),
        version: order.version,
        units_due: order.units_due(),
        units_picked: order.units_picked(),
        slot: order.slot.as_ref().map(ToString::to_string),
        lines: lines.collect(),
    }
}

/// A status as other programs read it; the words never change.
#[must_use]
pub fn word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Ready => "ready",
        Status::Claimed => "claimed",
        Status::Picking => "picking",
        Status::Picked => "picked",
        Status::Verifying => "verifying",
        Status::Verified => "verified",
        Status::Labelled => "labelled",
        Status::Sealed => "sealed",
        Status::Staged => "staged",
        Status::Out => "out",
        Status::HandedOver => "handed_over",
        Status::Returned => "returned",
        Status::Short => "short",
        Status::Problem => "problem",
        Status::Cancelled => "cancelled",
    }
}
