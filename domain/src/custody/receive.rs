//! Packages come in from a file of the state system, potencies from a laboratory file.
//!
//! In: checked rows. Out: packages on their shelves. Must not: change the quantity or the place of a
//! package that is already here; the state's figure is kept beside ours, and the difference is shown.

use minicbor::{Decode, Encode};

use crate::custody::{hold, unknown};
use crate::facility::{Location, LocationCode};
use crate::id::{ItemId, PackageTag};
use crate::ledger::{Insert as _, Ledger};
use crate::mutated;
use crate::quantity::{Quantity, UnitOfMeasure};
use crate::stock::{Item, LabStatus, Package, Place, Potency};
use crate::time::Day;

/// One package as the state system lists it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackageListed {
    /// The tag.
    #[n(0)]
    pub tag: PackageTag,
    /// The product.
    #[n(1)]
    pub item: ItemId,
    /// What the state says is left of it.
    #[n(2)]
    pub quantity: Quantity,
    /// Counted in.
    #[n(3)]
    pub unit: UnitOfMeasure,
    /// Shelf.
    #[n(4)]
    pub location: LocationCode,
    /// Laboratory status.
    #[n(5)]
    pub lab: LabStatus,
    /// On hold or recalled.
    #[n(6)]
    pub hold: bool,
    /// Day packaged.
    #[n(7)]
    pub packaged: Option<Day>,
    /// Day received.
    #[n(8)]
    pub received: Option<Day>,
    /// Last day it may be sold.
    #[n(9)]
    pub expires: Option<Day>,
    /// Maker's batch number.
    #[n(10)]
    pub batch: Option<String>,
}

/// Packages per event, so that one event stays far below the largest envelope.
pub const PACKAGES_PER_EVENT_MAX: usize = 100;

/// A part of a file of the state system was read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StockImported {
    /// The file's name, without its folder.
    #[n(0)]
    pub file: String,
    /// Products not known before, or of which more is known now; each is all that is known of it.
    #[n(1)]
    pub items: Vec<Item>,
    /// Shelves not known before.
    #[n(2)]
    pub locations: Vec<Location>,
    /// Packages, new or listed again.
    #[n(3)]
    pub packages: Vec<PackageListed>,
}

/// One laboratory result.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabResult {
    /// The package.
    #[n(0)]
    pub tag: PackageTag,
    /// THC.
    #[n(1)]
    pub thc: Option<Potency>,
    /// CBD.
    #[n(2)]
    pub cbd: Option<Potency>,
    /// Day of the test.
    #[n(3)]
    pub tested: Option<Day>,
    /// Last day it may be sold.
    #[n(4)]
    pub expires: Option<Day>,
}

/// A part of a laboratory file was read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabResultsRecorded {
    /// The file's name, without its folder.
    #[n(0)]
    pub file: String,
    /// The results.
    #[n(1)]
    pub results: Vec<LabResult>,
}

/// Puts new packages on their shelves; of known ones only the state's own facts are renewed.
pub fn imported(ledger: &mut Ledger, done: &StockImported) {
    for item in &done.items {
        ledger.insert(item.id, item.clone());
    }
    for location in &done.locations {
        ledger.insert(location.code.clone(), location.clone());
    }
    for listed in &done.packages {
        if let Some(package) = ledger.package_mut(&listed.tag) {
            package.lab = listed.lab;
            package.expires = earlier(package.expires, listed.expires);
            package.state_quantity = listed.quantity;
            let is_held = listed.hold && !mutated("receive_ignores_a_hold");
            hold::state_says(ledger, &listed.tag, is_held);
        } else {
            ledger.insert(listed.tag.clone(), received(listed));
            hold::state_says(ledger, &listed.tag, listed.hold);
            unknown::package_known(ledger, &listed.tag);
        }
    }
}

fn received(listed: &PackageListed) -> Package {
    let mut package = Package {
        tag: listed.tag.clone(),
        item: listed.item,
        unit: listed.unit,
        received_total: Quantity::ZERO,
        places: Vec::new(),
        reserved: Quantity::ZERO,
        lab: listed.lab,
        hold: listed.hold,
        packaged: listed.packaged,
        received: listed.received,
        expires: listed.expires,
        batch: listed.batch.clone(),
        thc: None,
        cbd: None,
        units_taken: Vec::new(),
        state_quantity: listed.quantity,
        stood: None,
        state_hold: None,
        tested: None,
    };
    package.receive(&Place::Shelf(listed.location.clone()), listed.quantity);
    package
}

/// Takes potencies in; an earlier last day wins over a later one.
pub fn lab_recorded(ledger: &mut Ledger, done: &LabResultsRecorded) {
    for result in &done.results {
        if let Some(package) = ledger.package_mut(&result.tag) {
            package.thc = result.thc.or(package.thc);
            package.cbd = result.cbd.or(package.cbd);
            package.tested = result.tested.or(package.tested);
            package.expires = earlier(package.expires, result.expires);
        }
    }
}

fn earlier(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (known, None) | (None, known) => known,
    }
}
