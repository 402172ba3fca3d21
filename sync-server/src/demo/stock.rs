//! Twelve hundred tagged packages on the shelves, and what a laboratory said of them.
//!
//! In: products and shelves. Out: the facts by which the ledger takes them in. Must not: put units on a shelf
//! the vault does not have.

use domain::custody::receive::{
    LabResult, LabResultsRecorded, PACKAGES_PER_EVENT_MAX, PackageListed, StockImported,
};
use domain::facility::LocationCode;
use domain::id::PackageTag;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{Item, LabStatus, Potency, PotencyUnit};
use domain::time::Day;

use super::PACKAGES;
use super::catalogue::{Product, Strength};
use super::dice::Dice;
use super::tags::Tags;

/// A package and its laboratory result, if it has one.
pub(super) struct Stocked {
    listed: PackageListed,
    result: Option<LabResult>,
}

impl Stocked {
    /// Moves all its dates back, so that a last day that is near or past follows from a long life on the shelf.
    fn make_old(&mut self, expires: Day) {
        let back = |day: Option<Day>| day.map(|day| Day(day.0 - OLD_DAYS));
        self.listed.packaged = back(self.listed.packaged);
        self.listed.received = back(self.listed.received);
        self.listed.expires = Some(expires);
        if let Some(batch) = &self.listed.batch {
            let packaged = self.listed.packaged.unwrap_or_default();
            self.listed.batch = Some(batch_number(batch, packaged));
        }
        if let Some(result) = &mut self.result {
            result.tested = back(result.tested);
            result.expires = None;
        }
    }
}

/// How much older a package is whose last day is near or past.
const OLD_DAYS: i32 = 280;

/// Packages in each state that may not be sold: one in a hundred.
const UNSELLABLE_EACH: usize = PACKAGES / 100;
/// Packages that expire within three weeks.
const EXPIRING_SOON: usize = 36;
/// Nearly empty packages: of products with another package, and of products without.
const NEARLY_EMPTY_OLDER: usize = 40;
const NEARLY_EMPTY_ONLY: usize = 8;
/// Per mille of products with several packages whose second tag is easily taken for the first.
const LOOK_ALIKES: u32 = 180;
/// Units in a case as makers ship it.
const CASES: [u32; 5] = [24, 36, 48, 60, 72];

/// Product, tag, shelf and units of the packages in the training pictures, those that came first in front.
const IN_PICTURES: [(usize, &str, &str, u32); 5] = [
    (0, "1A4FF03000C0DE5000047218", "B-04-2", 17),
    (0, "1A4FF03000C0DE5000047281", "B-04-2", 48),
    (1, "1A4FF03000C0DE5000051066", "B-07-1", 9),
    (1, "1A4FF03000C0DE5000051902", "B-06-1", 40),
    (2, "1A4FF03000C0DE5000038840", "D-01-3", 31),
];

/// Products in the training pictures; they stand first in the catalogue.
const IN_PICTURES_PRODUCTS: usize = 3;

/// All packages, product by product.
pub(super) fn stocked(
    seed: u64,
    today: Day,
    products: &[Product],
    shelves: &[LocationCode],
) -> Vec<Stocked> {
    let mut dice = Dice::new(seed, "stock");
    let pictures = IN_PICTURES.iter().filter_map(pictured);
    let mut tags = Tags::new(pictures.map(|(tag, ..)| tag));
    // With the pictures' five packages these make twelve hundred, two to a product.
    let counts = dice.deck(&[(1, 149), (2, 298), (3, 150)]);
    let mut homes: Vec<&LocationCode> = shelves.iter().cycle().take(products.len()).collect();
    dice.shuffle(&mut homes);
    let mut stocked = Vec::new();
    for (place, product) in products.iter().enumerate() {
        let pictures = IN_PICTURES.iter().filter(|(of, ..)| *of == place);
        let places: Vec<PlacedTag> = if place < IN_PICTURES_PRODUCTS {
            pictures.filter_map(pictured).collect()
        } else {
            let count = counts[place - IN_PICTURES_PRODUCTS];
            places(&mut dice, &mut tags, count, homes[place], shelves)
        };
        stocked.extend(of_product(&mut dice, today, product, places));
    }
    make_awkward(&mut dice, today, &mut stocked);
    stocked
}

/// A tag, its shelf, and its units if they are known beforehand.
type PlacedTag = (PackageTag, LocationCode, Option<u32>);

fn pictured((_, tag, shelf, units): &(usize, &str, &str, u32)) -> Option<PlacedTag> {
    let tag = PackageTag::parse(tag).ok()?;
    Some((tag, LocationCode::new(shelf), Some(*units)))
}

/// Packages of one product, the oldest first.
fn of_product(
    dice: &mut Dice,
    today: Day,
    product: &Product,
    places: Vec<PlacedTag>,
) -> Vec<Stocked> {
    // Drawn once for the product, so that what came first also expires first.
    let habits = Habits::of(dice, product.strength.unit);
    let mut received = Day(today.0 - days(dice.between(2, 30)));
    let mut stocked = Vec::new();
    // The newest is drawn first and each older one some weeks before it.
    for (age, (tag, location, units)) in places.into_iter().rev().enumerate() {
        let is_pictured = units.is_some();
        let units = units.unwrap_or_else(|| units_left(dice, age));
        let packaged = Day(received.0 - habits.days_to_shop);
        let listed = PackageListed {
            tag,
            item: product.item.id,
            quantity: Quantity::units(units),
            unit: UnitOfMeasure::Each,
            location,
            lab: LabStatus::Passed,
            hold: false,
            packaged: Some(packaged),
            received: Some(received),
            expires: habits.life.map(|life| Day(packaged.0 + life)),
            batch: Some(batch_number(&product.item.name, packaged)),
        };
        let mut result = tested(dice, product.strength, &listed);
        if is_pictured {
            result.thc = Some(exactly(product.strength.unit, product.strength.thc_tenths));
            result.cbd = Some(exactly(product.strength.unit, product.strength.cbd_tenths));
        }
        stocked.push(Stocked {
            listed,
            result: Some(result),
        });
        received = Day(received.0 - days(dice.between(14, 45)));
    }
    stocked.reverse();
    stocked
}

/// How one maker's product comes in.
struct Habits {
    /// Days from packaging to the shop.
    days_to_shop: i32,
    /// Days it may be sold; the state's file leaves the date out for some goods.
    life: Option<i32>,
}

impl Habits {
    fn of(dice: &mut Dice, unit: PotencyUnit) -> Self {
        let life = match unit {
            PotencyUnit::Percent => dice.between(300, 365),
            PotencyUnit::MilligramsPerUnit | PotencyUnit::MilligramsPerGram => {
                dice.between(360, 540)
            }
        };
        Self {
            days_to_shop: days(dice.between(5, 30)),
            life: (!dice.per_mille(60)).then_some(days(life)),
        }
    }
}

/// Tags and shelves of one product's packages, the oldest first.
fn places(
    dice: &mut Dice,
    tags: &mut Tags,
    count: usize,
    home: &LocationCode,
    shelves: &[LocationCode],
) -> Vec<PlacedTag> {
    let mut places: Vec<PlacedTag> = Vec::new();
    let are_alike = dice.per_mille(LOOK_ALIKES);
    for _ in 0..count {
        let tag = match places.last() {
            Some((before, _, _)) if are_alike => tags.like(dice, before),
            _ => tags.any(dice),
        };
        let is_elsewhere = !places.is_empty() && dice.per_mille(350);
        let shelf = if is_elsewhere {
            dice.one(shelves)
        } else {
            home
        };
        places.push((tag, shelf.clone(), None));
    }
    places
}

/// A case that came last is nearly full; older ones have been sold from.
fn units_left(dice: &mut Dice, age: usize) -> u32 {
    let case = *dice.one(&CASES);
    let per_cent = if age == 0 {
        dice.between(55, 100)
    } else {
        dice.between(15, 85)
    };
    (case * per_cent / 100).max(1)
}

/// The maker's batch number: the first two letters of a text, month and year.
fn batch_number(text: &str, packaged: Day) -> String {
    let letters: String = text
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(2)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let (year, month, _) = packaged.civil();
    format!("{letters}-{month:02}{:02}", year % 100)
}

/// A result taken in the days after packaging, a little off the product's usual figures.
fn tested(dice: &mut Dice, strength: Strength, listed: &PackageListed) -> LabResult {
    let packaged = listed.packaged.unwrap_or_default();
    let tested = Day(packaged.0 + days(dice.between(1, 4)));
    LabResult {
        tag: listed.tag.clone(),
        thc: Some(potency(dice, strength.unit, strength.thc_tenths)),
        cbd: Some(potency(dice, strength.unit, strength.cbd_tenths)),
        tested: Some(tested),
        expires: Some(Day(tested.0 + 365)),
    }
}

fn potency(dice: &mut Dice, unit: PotencyUnit, tenths: u32) -> Potency {
    let tenths = match unit {
        PotencyUnit::Percent if tenths > 100 => dice.between(tenths - 14, tenths + 14),
        PotencyUnit::Percent => tenths,
        PotencyUnit::MilligramsPerUnit | PotencyUnit::MilligramsPerGram => {
            tenths * dice.between(955, 1_030) / 1_000
        }
    };
    exactly(unit, tenths)
}

fn exactly(unit: PotencyUnit, tenths: u32) -> Potency {
    Potency {
        thousandths: i64::from(tenths) * 100,
        unit,
    }
}

/// Holds, missing tests, old dates and nearly empty packages, none of them twice on one package.
fn make_awkward(dice: &mut Dice, today: Day, stocked: &mut [Stocked]) {
    let mut order: Vec<usize> = (IN_PICTURES.len()..stocked.len()).collect();
    dice.shuffle(&mut order);
    let mut order = order.into_iter();
    for place in order.by_ref().take(UNSELLABLE_EACH) {
        stocked[place].listed.hold = true;
    }
    for place in order.by_ref().take(UNSELLABLE_EACH) {
        stocked[place].listed.lab = LabStatus::Pending;
        stocked[place].result = None;
    }
    for place in order.by_ref().take(UNSELLABLE_EACH) {
        stocked[place].make_old(Day(today.0 - days(dice.between(2, 30))));
    }
    for place in order.by_ref().take(EXPIRING_SOON) {
        stocked[place].make_old(Day(today.0 + days(dice.between(3, 21))));
    }
    let (mut older, mut only) = (NEARLY_EMPTY_OLDER, NEARLY_EMPTY_ONLY);
    for place in order {
        let item = stocked[place].listed.item;
        let is_same =
            |other: Option<&Stocked>| other.is_some_and(|other| other.listed.item == item);
        let is_first = !is_same(place.checked_sub(1).and_then(|before| stocked.get(before)));
        let is_only = is_first && !is_same(stocked.get(place + 1));
        let left = if is_only { &mut only } else { &mut older };
        if is_first && *left > 0 {
            *left -= 1;
            stocked[place].listed.quantity = Quantity::units(dice.between(1, 3));
        }
    }
}

/// The packages as parts of one file of the state system, with each product where it is first needed.
pub(super) fn imported(products: &[Product], stocked: &[Stocked]) -> Vec<StockImported> {
    let mut items = products.iter().map(|product| &product.item).peekable();
    let mut parts = Vec::new();
    for chunk in stocked.chunks(PACKAGES_PER_EVENT_MAX) {
        let mut part = StockImported {
            file: "harbor-street-packages.csv".to_owned(),
            items: Vec::new(),
            locations: Vec::new(),
            packages: Vec::new(),
        };
        for package in chunk {
            let is_next = |item: &&Item| item.id == package.listed.item;
            part.items.extend(items.next_if(is_next).cloned());
            part.packages.push(package.listed.clone());
        }
        parts.push(part);
    }
    parts
}

/// The results as parts of one laboratory file.
pub(super) fn lab_results(stocked: &[Stocked]) -> Vec<LabResultsRecorded> {
    stocked
        .chunks(PACKAGES_PER_EVENT_MAX)
        .map(|chunk| LabResultsRecorded {
            file: "harbor-street-labs.csv".to_owned(),
            results: chunk
                .iter()
                .filter_map(|package| package.result.clone())
                .collect(),
        })
        .collect()
}

fn days(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
