//! A shelf is counted.
//!
//! In: how many of a package stand there. Out: the shelf has what was counted; the difference is in dispute.
//! Must not: make or lose a unit, or change what the state system is told.

use minicbor::{Decode, Encode};

use crate::custody::{Situation, recount};
use crate::facility::{LocationCode, Right};
use crate::id::PackageTag;
use crate::ledger::Ledger;
use crate::mutated;
use crate::quantity::{Quantity, UnitOfMeasure};
use crate::stock::Place;
use crate::verdict::{Reason, Refusal, Verdict};

/// More units than this in one place are a slip of the keyboard.
pub const COUNTED_UNITS_MAX: u32 = 1_000_000;

/// A shelf was counted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CountObserved {
    /// The package.
    #[n(0)]
    pub tag: PackageTag,
    /// The shelf.
    #[n(1)]
    pub location: LocationCode,
    /// What stands there.
    #[n(2)]
    pub counted: Quantity,
}

/// May this person enter this count?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    tag: &PackageTag,
    location: &LocationCode,
    counted: Quantity,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Count) {
        return Verdict::Refused(refusal);
    }
    let refuse = |reason| {
        Verdict::Refused(Refusal {
            scanned: Some(tag.clone()),
            ..Refusal::because(reason)
        })
    };
    let Some(package) = ledger.packages.get(tag) else {
        return refuse(Reason::TagNotKnown);
    };
    if !ledger.locations.contains_key(location) {
        return refuse(Reason::WrongLocation);
    }
    let is_countable = package.unit != UnitOfMeasure::Each || counted.is_whole();
    if !is_countable || !is_sensible(counted) {
        return refuse(Reason::Unknown);
    }
    Verdict::Accepted(
        CountObserved {
            tag: tag.clone(),
            location: location.clone(),
            counted,
        }
        .into(),
    )
}

fn is_sensible(counted: Quantity) -> bool {
    counted >= Quantity::ZERO && counted <= Quantity::units(COUNTED_UNITS_MAX)
}

/// Takes a count in, and closes what had to be counted of this package. A figure nobody can have counted
/// changes nothing.
pub fn evolve(ledger: &mut Ledger, done: &CountObserved) {
    observe(ledger, &done.tag, &done.location, done.counted);
}

/// The shelf has what was counted; units too few go into dispute, units too many come out of it.
pub(crate) fn observe(
    ledger: &mut Ledger,
    tag: &PackageTag,
    location: &LocationCode,
    counted: Quantity,
) {
    if !is_sensible(counted) {
        return;
    }
    let Some(package) = ledger.package_mut(tag) else {
        return;
    };
    let shelf = Place::Shelf(location.clone());
    let variance = counted - package.at(&shelf);
    if variance < Quantity::ZERO {
        package.transfer(&shelf, &Place::Disputed, -variance);
    } else if variance > Quantity::ZERO && mutated("count_makes_units") {
        package.receive(&shelf, variance);
    } else if variance > Quantity::ZERO {
        package.transfer(&Place::Disputed, &shelf, variance);
    }
    recount::counted(ledger, tag);
}
