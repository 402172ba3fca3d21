//! A made-up shop: a vault of aisles, packages on its shelves, orders for them.
//!
//! In: a seed and sizes. Out: a ledger in which every order has its packages, by the rules of the real one.

use std::time::{Duration, Instant};

use domain::custody::allocate;
use domain::facility::{Location, LocationCode};
use domain::id::{ItemId, OrderId, PackageTag};
use domain::ledger::{Insert as _, Ledger};
use domain::order::{Channel, Line, Order, Status};
use domain::plan::guess::{Spacing, by_codes};
use domain::plan::map::Map;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{LabStatus, Package, Place};
use domain::time::{Day, Millis};

use crate::dice::Dice;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const NOON: Millis = Millis(1_795_608_000_000);
pub(crate) const TODAY: Day = Day(20_782);
/// Shelves of a bay, one above the other.
const SHELVES_OF_BAY: u64 = 3;
/// Packages of a product, as shops have them.
const PACKAGES_OF_ITEM: u64 = 2;
/// Most lines of an order.
const LINES_MAX: u32 = 40;

pub(crate) struct Shop {
    pub(crate) ledger: Ledger,
    pub(crate) map: Map,
    /// Facts that were recorded.
    pub(crate) events: u64,
    /// Milliseconds by which the device's clock is wrong.
    pub(crate) clock_off: i64,
    items: u64,
    dice: Dice,
}

impl Shop {
    /// A vault of some aisles with so many shelves, the packages spread over it.
    pub(crate) fn open(seed: u64, packages: u64, shelves: u64) -> Self {
        let mut dice = Dice::of(seed);
        let mut ledger = Ledger::default();
        let codes = shelves_of(shelves);
        for (walk, code) in (1..).zip(&codes) {
            let code = code.clone();
            ledger.insert(code.clone(), Location { code, walk });
        }
        for number in 0..packages {
            let shelf = codes[dice.place(codes.len())].clone();
            let package = package(number, shelf, &mut dice);
            ledger.insert(package.tag.clone(), package);
        }
        let (map, findings) = Map::check(&by_codes(&codes, Spacing::TYPICAL), &codes);
        assert_eq!(findings, [], "every shelf is on the map");
        Self {
            ledger,
            map,
            events: 0,
            clock_off: 0,
            items: (packages / PACKAGES_OF_ITEM).max(1),
            dice,
        }
    }

    /// So many orders come in, each due within the next hours, and get their packages. How long that took.
    pub(crate) fn arrive(&mut self, orders: u64) -> Duration {
        let mut took = Duration::ZERO;
        for number in 0..orders {
            let due = NOON.plus((30 + i64::from(self.dice.small(210))) * MINUTE);
            took += self.order(number, NOON.plus(-MINUTE), due);
        }
        took
    }

    /// An order comes in and gets its packages. How long that took.
    pub(crate) fn order(&mut self, number: u64, placed_at: Millis, due: Millis) -> Duration {
        let mut id = [0; 16];
        id[8..].copy_from_slice(&number.to_be_bytes());
        let lines = self.lines();
        let order = Order {
            id: OrderId(id),
            source: "bench".to_owned(),
            external_id: number.to_string(),
            code: format!("B-{number}"),
            channel: Channel::Pickup,
            placed_at,
            promise_start: due.plus(-20 * MINUTE),
            promise_end: due,
            version: 1,
            status: Status::New,
            lines,
            claim: None,
            picks: Vec::new(),
            ticket_read: false,
            label: None,
            slot: None,
            concerns: Vec::new(),
            fence: 0,
            buyer: None,
            handed_on: None,
            tote: None,
            signed: None,
            bench: None,
            messages: None,
            car: None,
        };
        let begun = Instant::now();
        let planned = allocate::plan(&self.ledger, &order, TODAY);
        let took = begun.elapsed();
        self.ledger.insert(order.id, order);
        allocate::evolve(&mut self.ledger, &planned);
        took
    }

    /// Three lines on the average, one in a hundred orders with fifteen and more; what sells well is ordered more.
    fn lines(&mut self) -> Vec<Line> {
        let mut count = 1;
        while count < LINES_MAX && self.dice.percent(67) {
            count += 1;
        }
        let mut lines: Vec<Line> = Vec::new();
        for number in 1..=count {
            let half = if self.dice.percent(60) { 5 } else { 1 };
            let item = item(self.dice.below((self.items / half).max(1)));
            if lines.iter().all(|line| line.item != item) {
                lines.push(Line {
                    number: u16::try_from(number).unwrap_or(u16::MAX),
                    item,
                    units: 1 + u32::from(self.dice.percent(25)),
                    unit_price_cents: 2_500,
                    allocations: Vec::new(),
                    short: 0,
                    instead_of: None,
                    done_without: None,
                });
            }
        }
        lines
    }
}

/// Aisles of about ten bays, longer ones in a large vault; each aisle is walked the other way than the one before.
fn shelves_of(count: u64) -> Vec<LocationCode> {
    let bays = count.div_ceil(SHELVES_OF_BAY);
    let deep = (10..).find(|deep| deep * deep >= bays).unwrap_or(10);
    let mut codes = Vec::new();
    for aisle in 0..bays.div_ceil(deep) {
        let first = aisle * deep;
        let mut own: Vec<u64> = (first..bays.min(first + deep)).collect();
        if aisle % 2 == 1 {
            own.reverse();
        }
        for bay in own {
            for shelf in 1..=SHELVES_OF_BAY {
                let code = format!("{aisle:03}-{:02}-{shelf}", bay - first + 1);
                codes.push(LocationCode::new(&code));
            }
        }
    }
    codes
}

fn item(number: u64) -> ItemId {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    ItemId(id)
}

fn package(number: u64, shelf: LocationCode, dice: &mut Dice) -> Package {
    let tag = PackageTag::parse(&format!("1A4FF03{number:017}"));
    let mut package = Package {
        tag: tag.unwrap_or_else(|_| unreachable!("twenty-four characters")),
        item: item(number / PACKAGES_OF_ITEM),
        unit: UnitOfMeasure::Each,
        received_total: Quantity::ZERO,
        places: Vec::new(),
        reserved: Quantity::ZERO,
        lab: LabStatus::Passed,
        hold: false,
        packaged: None,
        received: Some(Day(TODAY.0 - i32::try_from(dice.below(90)).unwrap_or(0))),
        expires: None,
        batch: None,
        thc: None,
        cbd: None,
        units_taken: Vec::new(),
        state_quantity: Quantity::ZERO,
        stood: None,
        state_hold: None,
        tested: None,
    };
    package.receive(&Place::Shelf(shelf), Quantity::units(48));
    package
}
