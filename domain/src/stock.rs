//! Packages, products and where every unit is.
//!
//! In: facts from events. Out: what may be sold, oldest first, and a sum that never changes.
//! Must not: create or lose a unit; quantities only move between places.

use core::cmp::Ordering;

use minicbor::{Decode, Encode};

use crate::code::gtin::Gtin;
use crate::facility::{LocationCode, SlotCode};
use crate::id::{ItemId, OrderId, PackageTag};
use crate::mutated;
use crate::quantity::{Quantity, UnitOfMeasure};
use crate::time::Day;

/// What a unit holds.
mod content;

pub use content::Content;

/// Where some units of a package are now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Place {
    /// On a shelf of the vault.
    #[n(0)]
    Shelf(#[n(0)] LocationCode),
    /// In the tote of an order that is being picked.
    #[n(1)]
    Tote(#[n(0)] OrderId),
    /// In a sealed bag.
    #[n(2)]
    Bag(#[n(0)] OrderId),
    /// In a sealed bag in a staging slot.
    #[n(3)]
    Slot(#[n(0)] SlotCode, #[n(1)] OrderId),
    /// In a vehicle on the way.
    #[n(4)]
    Vehicle(#[n(0)] OrderId),
    /// Handed over.
    #[n(5)]
    Customer,
    /// Set apart, not to be sold.
    #[n(6)]
    Quarantine,
    /// Destroyed under the state's rules.
    #[n(7)]
    Destroyed,
    /// Claimed by two records at once, or not there when counted. Negative: units that were taken or counted
    /// although the ledger had none left.
    #[n(8)]
    Disputed,
}

/// The state's word about laboratory testing, reduced to what matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum LabStatus {
    /// Passed: the only status that may be sold.
    #[n(0)]
    Passed,
    /// Not tested, or the result is not there yet.
    #[n(1)]
    Pending,
    /// Failed.
    #[n(2)]
    Failed,
    /// A word this version does not know: never sellable.
    #[n(3)]
    Unknown,
}

/// What a potency figure is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PotencyUnit {
    /// Per cent by weight.
    #[n(0)]
    Percent,
    /// Milligrams in one sales unit.
    #[n(1)]
    MilligramsPerUnit,
    /// Milligrams in one gram.
    #[n(2)]
    MilligramsPerGram,
}

/// THC or CBD as the laboratory stated it, in thousandths of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Potency {
    /// Thousandths: 24.1 % is 24 100.
    #[n(0)]
    pub thousandths: i64,
    /// Of what.
    #[n(1)]
    pub unit: PotencyUnit,
}

impl Potency {
    /// The figure as a label prints it: `24.1 %`, `100 mg`.
    #[must_use]
    pub fn text(self) -> String {
        let figure = Quantity(self.thousandths.saturating_mul(10)).to_string();
        match self.unit {
            PotencyUnit::Percent => format!("{figure} %"),
            PotencyUnit::MilligramsPerUnit => format!("{figure} mg"),
            PotencyUnit::MilligramsPerGram => format!("{figure} mg/g"),
        }
    }
}

/// One product of the catalogue, whatever batch it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Item {
    /// Custody's own name for it.
    #[n(0)]
    pub id: ItemId,
    /// Name as the state system and the menu spell it.
    #[n(1)]
    pub name: String,
    /// The state's category, such as `Flower (packaged - each)`.
    #[n(2)]
    pub category: String,
    /// Brand, when known.
    #[n(3)]
    pub brand: Option<String>,
    /// Strain, when known.
    #[n(4)]
    pub strain: Option<String>,
    /// The shop's own article number, by which orders name it.
    #[n(5)]
    pub sku: Option<String>,
    /// The maker's product number, when there is one.
    #[n(6)]
    pub gtin: Option<Gtin>,
    /// What one unit holds, as far as a file has said so.
    #[n(7)]
    pub content: Option<Content>,
}

/// One tagged package: the unit the state counts by.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Package {
    /// The state's tag.
    #[n(0)]
    pub tag: PackageTag,
    /// What is inside.
    #[n(1)]
    pub item: ItemId,
    /// What it is counted in.
    #[n(2)]
    pub unit: UnitOfMeasure,
    /// All that ever came in under this tag.
    #[n(3)]
    pub received_total: Quantity,
    /// Where it is now; sorted by place, no place twice, no zero.
    #[n(4)]
    pub places: Vec<(Place, Quantity)>,
    /// Promised to orders and still on a shelf.
    #[n(5)]
    pub reserved: Quantity,
    /// Laboratory status.
    #[n(6)]
    pub lab: LabStatus,
    /// On administrative hold or recalled.
    #[n(7)]
    pub hold: bool,
    /// Day it was packaged.
    #[n(8)]
    pub packaged: Option<Day>,
    /// Day it came into the shop.
    #[n(9)]
    pub received: Option<Day>,
    /// Last day it may be sold, the earliest of the dates the state gives.
    #[n(10)]
    pub expires: Option<Day>,
    /// The maker's batch number.
    #[n(11)]
    pub batch: Option<String>,
    /// THC, once a laboratory file was read.
    #[n(12)]
    pub thc: Option<Potency>,
    /// CBD, once a laboratory file was read.
    #[n(13)]
    pub cbd: Option<Potency>,
    /// Unit numbers (from units' own codes) that have left the shelf, ascending; twice when two records claim
    /// the same unit.
    #[n(14)]
    pub units_taken: Vec<u64>,
    /// What the state system last said is left. The mirror, never the truth of this ledger.
    #[n(15)]
    pub state_quantity: Quantity,
    /// The shelf it stood on last, once none is left there: where a picker looks for what the record has lost,
    /// and where it goes back to.
    #[n(16)]
    pub stood: Option<LocationCode>,
    /// Whether the state holds it, while a hold of the shop's own lies on it too; `None`: `hold` is the state's word.
    #[n(17)]
    pub state_hold: Option<bool>,
    /// Day of the laboratory's test, once a laboratory file said it.
    #[n(18)]
    pub tested: Option<Day>,
}

/// Shelf life assumed for ordering when a package has no expiry date, in days.
///
/// Only the order of picking depends on it, never whether something may be sold.
const ASSUMED_SHELF_LIFE_DAYS: i32 = 365;

impl Package {
    /// Units at a place.
    #[must_use]
    pub fn at(&self, place: &Place) -> Quantity {
        self.places
            .binary_search_by(|(here, _)| here.cmp(place))
            .map_or(Quantity::ZERO, |index| self.places[index].1)
    }

    /// The shelf it stands on, if any of it is on a shelf.
    #[must_use]
    pub fn shelf(&self) -> Option<&LocationCode> {
        self.places
            .iter()
            .filter(|(_, quantity)| *quantity > Quantity::ZERO)
            .find_map(|(place, _)| as_shelf(place))
    }

    /// The shelf to look for it on: the one it stands on, or the one on which a count last missed it.
    #[must_use]
    pub fn stands_at(&self) -> Option<&LocationCode> {
        self.shelf().or(self.stood.as_ref())
    }

    /// All that is on shelves.
    #[must_use]
    pub fn on_shelves(&self) -> Quantity {
        self.places
            .iter()
            .filter(|(place, _)| as_shelf(place).is_some())
            .map(|(_, quantity)| *quantity)
            .sum()
    }

    /// On shelves and not promised to anybody.
    #[must_use]
    pub fn available(&self) -> Quantity {
        self.on_shelves() - self.reserved
    }

    /// Moves a quantity; what `from` does not have is drawn from [`Place::Disputed`], so that the sum stays.
    pub fn transfer(&mut self, from: &Place, to: &Place, quantity: Quantity) {
        let have = self.at(from).max(Quantity::ZERO);
        let taken = have.min(quantity);
        self.add(from, -taken);
        if !mutated("stock_makes_units") {
            self.add(&Place::Disputed, taken - quantity);
        }
        self.add(to, quantity);
        if let Place::Shelf(shelf) = from
            && self.shelf().is_none()
        {
            self.stood = Some(shelf.clone());
        }
    }

    /// Puts a unit back on a shelf, whose record it makes good first if that unit was one too many.
    pub fn shelve(&mut self, from: &Place, shelf: LocationCode) {
        let is_missing = self.at(&Place::Disputed) < Quantity::ZERO;
        let to = if is_missing {
            Place::Disputed
        } else {
            Place::Shelf(shelf)
        };
        self.transfer(from, &to, Quantity::ONE);
    }

    /// Puts newly received units at a place.
    pub fn receive(&mut self, place: &Place, quantity: Quantity) {
        self.received_total += quantity;
        self.add(place, quantity);
    }

    fn add(&mut self, place: &Place, quantity: Quantity) {
        match self.places.binary_search_by(|(here, _)| here.cmp(place)) {
            Ok(index) => {
                self.places[index].1 += quantity;
                if self.places[index].1 == Quantity::ZERO {
                    self.places.remove(index);
                }
            }
            Err(index) if quantity != Quantity::ZERO => {
                self.places.insert(index, (place.clone(), quantity));
            }
            Err(_) => {}
        }
    }

    /// Whether every unit that came in is at exactly one place.
    #[must_use]
    pub fn is_conserved(&self) -> bool {
        self.places
            .iter()
            .map(|(_, quantity)| *quantity)
            .sum::<Quantity>()
            == self.received_total
    }

    /// Why it may not be sold on a day; `None` when it may.
    #[must_use]
    pub fn unsellable(&self, today: Day) -> Option<Unsellable> {
        self.flaws(today).next()
    }

    /// All that keeps it from being sold on a day, the gravest first.
    pub fn flaws(&self, today: Day) -> impl Iterator<Item = Unsellable> {
        let is_expired = self.expires.is_some_and(|last| last < today);
        let is_untested = self.lab != LabStatus::Passed;
        let found = [
            self.hold.then_some(Unsellable::OnHold),
            is_expired.then_some(Unsellable::Expired),
            is_untested.then_some(Unsellable::NotTested),
        ];
        found.into_iter().flatten()
    }

    /// Whether it may be sold on some day, as far as hold and laboratory go.
    #[must_use]
    pub fn is_fit_for_sale(&self) -> bool {
        !self.hold && self.lab == LabStatus::Passed
    }

    /// Picking order of two packages of one product: what expires first, then what came first.
    #[must_use]
    pub fn oldest_first(&self, other: &Self) -> Ordering {
        self.age()
            .cmp(&other.age())
            .then_with(|| self.tag.cmp(&other.tag))
    }

    fn age(&self) -> (Day, Day) {
        let came = self.received.or(self.packaged).unwrap_or_default();
        (
            self.expires
                .unwrap_or(Day(came.0.saturating_add(ASSUMED_SHELF_LIFE_DAYS))),
            came,
        )
    }

    /// Whether this unit number has left the shelf before.
    #[must_use]
    pub fn has_taken(&self, unit: u64) -> bool {
        self.units_taken.binary_search(&unit).is_ok()
    }

    /// Whether two records claim this unit number.
    #[must_use]
    pub fn has_taken_twice(&self, unit: u64) -> bool {
        self.units_taken.windows(2).any(|pair| pair == [unit, unit])
    }

    /// Remembers that a unit left the shelf.
    pub fn take_unit(&mut self, unit: u64) {
        let index = self.units_taken.partition_point(|taken| *taken < unit);
        self.units_taken.insert(index, unit);
    }

    /// Forgets one record of a unit that went back.
    pub fn put_back_unit(&mut self, unit: u64) {
        if let Ok(index) = self.units_taken.binary_search(&unit) {
            self.units_taken.remove(index);
        }
    }
}

fn as_shelf(place: &Place) -> Option<&LocationCode> {
    match place {
        Place::Shelf(location) => Some(location),
        Place::Tote(_)
        | Place::Bag(_)
        | Place::Slot(..)
        | Place::Vehicle(_)
        | Place::Customer
        | Place::Quarantine
        | Place::Destroyed
        | Place::Disputed => None,
    }
}

/// Why a package may not be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsellable {
    /// Hold or recall.
    OnHold,
    /// Past its last day.
    Expired,
    /// No passed laboratory test.
    NotTested,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn package(tag: &str, units: u32) -> Package {
        let mut package = Package {
            tag: PackageTag::parse(tag).unwrap(),
            item: ItemId([1; 16]),
            unit: UnitOfMeasure::Each,
            received_total: Quantity::ZERO,
            places: Vec::new(),
            reserved: Quantity::ZERO,
            lab: LabStatus::Passed,
            hold: false,
            packaged: Day::parse("2026-05-01"),
            received: Day::parse("2026-06-01"),
            expires: None,
            batch: None,
            thc: None,
            cbd: None,
            units_taken: Vec::new(),
            state_quantity: Quantity::units(units),
            stood: None,
            state_hold: None,
            tested: None,
        };
        package.receive(
            &Place::Shelf(LocationCode::new("B-04-2")),
            Quantity::units(units),
        );
        package
    }

    fn place(number: u8) -> Place {
        match number % 5 {
            0 => Place::Shelf(LocationCode::new("B-04-2")),
            1 => Place::Tote(OrderId([number; 16])),
            2 => Place::Bag(OrderId([1; 16])),
            3 => Place::Customer,
            _ => Place::Quarantine,
        }
    }

    proptest! {
        #[test]
        fn whatever_is_moved_the_sum_stays(
            moves in prop::collection::vec((any::<u8>(), any::<u8>(), 0_u32..40), 0..60),
        ) {
            let mut package = package("1A4FF0300000C57000000101", 48);
            for (from, to, units) in moves {
                package.transfer(&place(from), &place(to), Quantity::units(units));
                prop_assert!(package.is_conserved());
                prop_assert!(package.places.windows(2).all(|pair| pair[0].0 < pair[1].0));
            }
        }
    }

    #[test]
    fn a_unit_taken_from_an_empty_shelf_is_in_dispute() {
        let mut package = package("1A4FF0300000C57000000101", 1);
        let shelf = Place::Shelf(LocationCode::new("B-04-2"));
        for order in [OrderId([1; 16]), OrderId([2; 16])] {
            package.transfer(&shelf, &Place::Tote(order), Quantity::ONE);
        }
        assert_eq!(package.at(&Place::Disputed), -Quantity::ONE);
        assert!(package.is_conserved());
    }

    #[test]
    fn the_package_that_expires_first_is_picked_before_the_one_that_came_first() {
        let early = package("1A4FF0300000C57000000101", 1);
        let mut perishable = package("1A4FF0300000C57000000102", 1);
        perishable.received = Day::parse("2026-09-01");
        perishable.expires = Day::parse("2026-12-01");
        let mut late = package("1A4FF0300000C57000000103", 1);
        late.received = Day::parse("2026-07-01");
        let mut all = [late.clone(), early.clone(), perishable.clone()];
        all.sort_by(Package::oldest_first);
        assert_eq!(all, [perishable, early, late]);
    }

    #[test]
    fn a_potency_prints_as_the_laboratory_wrote_it() {
        let percent = Potency {
            thousandths: 24_100,
            unit: PotencyUnit::Percent,
        };
        let milligrams = Potency {
            thousandths: 100_000,
            unit: PotencyUnit::MilligramsPerUnit,
        };
        assert_eq!(
            (percent.text(), milligrams.text()),
            ("24.1 %".into(), "100 mg".into())
        );
    }
}
