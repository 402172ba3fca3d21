//! A vault with packages on its shelves, and orders that wait for them.

use domain::facility::LocationCode;
use domain::id::{ItemId, OrderId, PackageTag};
use domain::ledger::{Insert as _, Ledger};
use domain::order::{Allocation, Channel, Line, Order, Status};
use domain::plan::errand::Backlog;
use domain::plan::map::{Drawing, Map};
use domain::plan::pace::{Cart, Crew, Pace};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{LabStatus, Package, Place};
use domain::time::Millis;
use proptest::prelude::*;

use super::vaults::{any_vault, shelf};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const NOON: Millis = Millis(1_795_608_000_000);

/// An order to be made up: minutes from noon, and packages with units.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) placed: i64,
    pub(super) opens: i64,
    pub(super) due: i64,
    pub(super) lines: Vec<(usize, u32)>,
}

pub(super) fn wish(due: i64, lines: &[(usize, u32)]) -> Wish {
    Wish {
        placed: -10,
        opens: due - 30,
        due,
        lines: lines.to_vec(),
    }
}

pub(super) fn number(number: usize) -> OrderId {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    OrderId(id)
}

pub(super) fn tag(number: usize) -> PackageTag {
    PackageTag::parse(&format!("1A4FF03{number:017}")).unwrap()
}

/// A package of a hundred units on a shelf.
pub(super) fn package(number: usize, shelf: LocationCode) -> Package {
    let mut package = Package {
        tag: tag(number),
        item: ItemId([1; 16]),
        unit: UnitOfMeasure::Each,
        received_total: Quantity::ZERO,
        places: Vec::new(),
        reserved: Quantity::ZERO,
        lab: LabStatus::Passed,
        hold: false,
        packaged: None,
        received: None,
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
    package.receive(&Place::Shelf(shelf), Quantity::units(100));
    package
}

fn order(at: usize, wish: &Wish) -> Order {
    let minutes = |minutes: i64| NOON.plus(minutes.saturating_mul(MINUTE));
    let line = |(number, (package, units)): (u16, &(usize, u32))| Line {
        number,
        item: ItemId([1; 16]),
        units: *units,
        unit_price_cents: 100,
        allocations: vec![Allocation::of(tag(*package), *units)],
        short: 0,
        instead_of: None,
        done_without: None,
    };
    Order {
        id: number(at),
        source: "web".to_owned(),
        external_id: at.to_string(),
        code: format!("K-{at}"),
        channel: Channel::Pickup,
        placed_at: minutes(wish.placed),
        promise_start: minutes(wish.opens),
        promise_end: minutes(wish.due),
        version: 1,
        status: Status::Ready,
        lines: (1..).zip(&wish.lines).map(line).collect(),
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
    }
}

/// A shop with one package on each shelf of a list, by number, and orders for them.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) map: Map,
    pub(super) ledger: Ledger,
}

impl Queue {
    pub(super) fn of(drawing: &Drawing, shelves: &[LocationCode], wishes: &[Wish]) -> Self {
        let (map, _) = Map::check(drawing, shelves);
        let mut ledger = Ledger::default();
        for (number, shelf) in shelves.iter().enumerate() {
            let package = package(number, shelf.clone());
            ledger.insert(package.tag.clone(), package);
        }
        for (at, wish) in wishes.iter().enumerate() {
            let order = order(at, wish);
            ledger.insert(order.id, order);
        }
        Self { map, ledger }
    }

    pub(super) fn backlog(&self) -> Backlog {
        Backlog::waiting(&self.ledger, &self.map)
    }
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let lines = prop::collection::vec((0_usize..30, 1_u32..9), 0..5);
    let odd = prop_oneof![9 => -90_i64..300, 1 => Just(i64::MIN / 2), 1 => Just(i64::MAX / 2)];
    (-400_i64..0, -400_i64..120, odd, lines).prop_map(|(placed, opens, due, lines)| Wish {
        placed,
        opens,
        due,
        lines,
    })
}

/// Any queue in any vault. Some shelves are on no map, some packages are unknown, some orders are for nothing.
pub(super) fn any_queue() -> impl Strategy<Value = Queue> {
    let wishes = prop::collection::vec(any_wish(), 0..24);
    (any_vault(), wishes).prop_map(|(drawing, wishes)| {
        let places = (0..5).flat_map(|column| (0..5).map(move |row| shelf(column, row)));
        let shelves: Vec<LocationCode> = places.collect();
        Queue::of(&drawing, &shelves, &wishes)
    })
}

pub(super) fn any_crew() -> impl Strategy<Value = Crew> {
    let cart = (0_u32..12, 0_u32..10, 0_u32..12);
    (0_u32..5, cart, 0_u32..2_000).prop_map(|(people, (orders, totes, units), speed)| Crew {
        people,
        cart: Cart {
            orders,
            totes,
            units_per_tote: units,
        },
        pace: Pace {
            millimetres_per_second: speed,
            ..Pace::TYPICAL
        },
    })
}
