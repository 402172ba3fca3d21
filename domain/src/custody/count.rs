//! A shelf is counted.
//!
//! In: how many of a package stand there. Out: the shelf has what was counted; the difference is in dispute, and
//! waits for a second person. Must not: make or lose a unit, or change what the state system is told.

use minicbor::{Decode, Encode};

use crate::custody::sop::Task;
use crate::custody::{Fact, Situation, recount, resolve, sop};
use crate::event::Body;
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

/// A count that is not what the record had.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Difference {
    /// The shelf.
    #[n(0)]
    pub shelf: LocationCode,
    /// What the record had there.
    #[n(1)]
    pub recorded: Quantity,
    /// What was counted there.
    #[n(2)]
    pub counted: Quantity,
}

/// How far the count that a fact enters is off the record, if it is: then one person's word has changed how many
/// there are, and another has to look. The count by which that other one settles it has been looked at by two.
#[must_use]
pub fn difference(ledger: &Ledger, fact: &Fact<'_>) -> Option<Difference> {
    let (shelf, recorded, counted) = if let Body::CountObserved(done) = fact.body {
        let package = ledger.packages.get(&done.tag)?;
        let recorded = package.at(&Place::Shelf(done.location.clone()));
        (done.location.clone(), recorded, done.counted)
    } else if let Body::ExceptionResolved(done) = fact.body {
        let (shelf, recorded) = resolve::shelf_before_count(ledger, fact, done)?;
        (shelf, recorded, done.counted?)
    } else {
        return None;
    };
    (is_sensible(counted) && counted != recorded).then_some(Difference {
        shelf,
        recorded,
        counted,
    })
}

/// Units on record on a place at or below which it costs nothing to count what is left: fewer than a hand holds.
pub const ASK_UNITS_MAX: u32 = 3;

/// Whether somebody who has just taken a unit there should be asked how many are left: so few that one look tells, and the
/// person may count.
#[must_use]
pub fn worth_asking(
    ledger: &Ledger,
    situation: &Situation,
    tag: &PackageTag,
    location: &LocationCode,
) -> bool {
    let package = ledger.packages.get(tag);
    let is_little = package.is_some_and(|package| {
        let left = package.at(&Place::Shelf(location.clone()));
        package.unit == UnitOfMeasure::Each && left <= Quantity::units(ASK_UNITS_MAX)
    });
    let may = situation.require(ledger, Right::Count).is_ok();
    may && is_little && ledger.locations.contains_key(location)
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
    if !sop::open_in_shift(ledger, situation, Task::Count).is_empty() {
        return refuse(Reason::StepsOpen);
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
