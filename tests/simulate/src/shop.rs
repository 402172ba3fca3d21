//! The shop everything happens in: three products, seven packages, a few people, orders over the day.
//!
//! In: dice. Out: facts as the server records them. Must not: be larger than it needs to be; thousands are made
//! in a minute.

use domain::custody::arrive::{OrderArrived, OrderChanged, OrderedLine};
use domain::custody::receive::{PackageListed, StockImported};
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::event::Body;
use domain::facility::{
    Actor, Device, KeyKind, Location, LocationCode, Purpose, Role, Slot, SlotCode, Store,
};
use domain::id::{ActorId, DeviceId, ItemId, OrderId, PackageTag, StoreId};
use domain::order::Channel;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::rules::{ReportAt, RulePack};
use domain::stock::{Item, LabStatus};
use domain::sync::enrol::CustomerCard;
use domain::time::{Day, Millis};

use crate::dice::Dice;
use crate::keys;
use crate::limits;

/// The shop.
pub const STORE: StoreId = StoreId([9; 16]);
/// Another shop, whose events do not belong here.
pub const OTHER_STORE: StoreId = StoreId([8; 16]);
/// The server as a device.
pub const SERVER: DeviceId = DeviceId([0xff; 16]);
/// How the identifiers of drivers' phones end.
const PHONE: [u8; 8] = *b"on-route";
/// A morning in November, milliseconds since 1970.
pub const MORNING: i64 = 1_795_600_000_000;

/// Who works here, and as what. There are two managers, for nobody settles what is about an own act.
pub const PEOPLE: [(ActorId, Role); 6] = [
    (ActorId(1), Role::Associate),
    (ActorId(2), Role::Associate),
    (ActorId(3), Role::Associate),
    (ActorId(4), Role::FrontOfHouse),
    (ActorId(5), Role::GeneralManager),
    (ActorId(6), Role::GeneralManager),
];

/// Whoever comes to a device: one of the others, or the manager who works on such devices.
#[must_use]
pub fn somebody(dice: &mut Dice, device: usize) -> ActorId {
    let index = dice.index(PEOPLE.len() - 1);
    let is_second = PEOPLE[index].1 == Role::GeneralManager && device % 2 == 1;
    PEOPLE[index + usize::from(is_second)].0
}

/// Each package's product, units and shelf.
const PACKAGES: [(u8, u32, &str); 7] = [
    (1, 3, "A-01-1"),
    (1, 8, "B-04-2"),
    (1, 20, "C-01-1"),
    (2, 6, "A-02-1"),
    (2, 12, "C-02-1"),
    (3, 2, "B-01-1"),
    (3, 5, "B-02-1"),
];

fn item_id(number: u8) -> ItemId {
    ItemId([number; 16])
}

/// The tag of the package with a number.
#[must_use]
pub fn tag(number: usize) -> PackageTag {
    let text = format!("1A4FF0300000C5700000{number:04}");
    PackageTag::parse(&text).expect("BUG: a tag of this simulator is none")
}

/// The product of the package with a tag.
#[must_use]
pub fn item_of(known: &PackageTag) -> ItemId {
    let mut all = PACKAGES.iter().enumerate();
    let found = all.find(|(number, _)| tag(*number) == *known);
    item_id(found.map_or(0, |(_, (item, ..))| *item))
}

/// How many packages there are.
#[must_use]
pub fn package_count() -> usize {
    PACKAGES.len()
}

/// Units that came in with a package.
#[must_use]
pub fn received(number: usize) -> Quantity {
    PACKAGES
        .get(number)
        .map_or(Quantity::ZERO, |(_, units, _)| Quantity::units(*units))
}

/// What devices show of an order's customer.
#[must_use]
pub fn customer(order: OrderId) -> CustomerCard {
    CustomerCard {
        short_name: format!("Customer {}", order.0[0]),
        label_name: "Somebody".to_owned(),
        note: None,
        seal: None,
    }
}

fn listed(number: usize, is_held: bool) -> PackageListed {
    let (item, units, shelf) = PACKAGES[number];
    let month = 1 + number % 9;
    PackageListed {
        tag: tag(number),
        item: item_id(item),
        quantity: Quantity::units(units),
        unit: UnitOfMeasure::Each,
        location: LocationCode::new(shelf),
        lab: LabStatus::Passed,
        hold: is_held,
        packaged: None,
        received: Day::parse(&format!("2026-{month:02}-01")),
        expires: None,
        batch: None,
    }
}

/// The file of the state system, read again with one package on hold or released.
#[must_use]
pub fn held(number: usize, is_held: bool) -> Body {
    StockImported {
        file: "packages.csv".to_owned(),
        items: Vec::new(),
        locations: Vec::new(),
        packages: vec![listed(number, is_held)],
    }
    .into()
}

/// The driver's phone whose identifier begins like this one.
#[must_use]
pub fn phone(id: DeviceId) -> DeviceId {
    let mut phone = id;
    phone.0[8..].copy_from_slice(&PHONE);
    phone
}

/// Whether a device is a driver's phone.
#[must_use]
pub fn is_phone(id: DeviceId) -> bool {
    id.0[8..] == PHONE
}

/// A device as the directory has it.
#[must_use]
pub fn device(id: DeviceId, generation: u32, is_active: bool) -> Body {
    let device = device_of(id, generation, is_active);
    DeviceEnrolled::from(device).into()
}

/// A device and its key.
#[must_use]
pub fn device_of(id: DeviceId, generation: u32, is_active: bool) -> Device {
    Device {
        id,
        name: format!("Device {}", id.0[0]),
        generation,
        key_kind: KeyKind::Ed25519,
        public_key: keys::public(id.0),
        active: is_active,
        is_server: id == SERVER,
        purpose: is_phone(id).then_some(Purpose::DriversPhone),
    }
}

/// A person as the directory has them.
#[must_use]
pub fn person(index: usize, is_active: bool) -> Body {
    let (id, role) = PEOPLE[index];
    let actor = Actor {
        id,
        name: format!("Person {}", id.0),
        role,
        active: is_active,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    ActorAdded::from(actor).into()
}

/// What is recorded before the first device comes.
#[must_use]
pub fn first_facts() -> Vec<Body> {
    let slot = |(code, channel): (&str, Channel)| Slot {
        code: SlotCode::new(code),
        channel,
        holds: None,
        since: None,
    };
    let slots = [
        ("P1", Channel::Pickup),
        ("P2", Channel::Pickup),
        ("P3", Channel::Pickup),
        ("C1", Channel::Curbside),
    ];
    let item = |number: u8| Item {
        id: item_id(number),
        name: format!("Product {number}"),
        category: "Flower (packaged - each)".to_owned(),
        brand: None,
        strain: None,
        sku: None,
        gtin: None,
        content: None,
    };
    let mut facts = vec![
        device(SERVER, 1, true),
        StoreConfigured {
            store: store(),
            locations: (1..).zip(PACKAGES).map(location).collect(),
            slots: slots.into_iter().map(slot).collect(),
        }
        .into(),
    ];
    facts.extend((0..PEOPLE.len()).map(|index| person(index, true)));
    facts.push(
        StockImported {
            file: "packages.csv".to_owned(),
            items: (1..=3).map(item).collect(),
            locations: Vec::new(),
            packages: (0..PACKAGES.len())
                .map(|number| listed(number, false))
                .collect(),
        }
        .into(),
    );
    facts
}

fn location((walk, (_, _, shelf)): (u32, (u8, u32, &str))) -> Location {
    Location {
        code: LocationCode::new(shelf),
        walk,
    }
}

fn store() -> Store {
    Store {
        id: STORE,
        business: "Simulated LLC".to_owned(),
        name: "Simulated".to_owned(),
        license: "C10-0000000-LIC".to_owned(),
        time_zone: "UTC".to_owned(),
        rules: RulePack {
            state: "CA".to_owned(),
            effective: Day::default(),
            age_min: 21,
            report_at: ReportAt::HandOff,
            label_sentences: Vec::new(),
            citations: Vec::new(),
            limits: None,
        },
        vault: None,
        checklist: None,
        holds: None,
        swaps: None,
        procedures: None,
        bench: None,
        drawings: None,
    }
}

fn lines(dice: &mut Dice) -> Vec<OrderedLine> {
    (1..=1 + dice.below(2))
        .zip(1_u16..)
        .map(|(_, number)| OrderedLine {
            number,
            item: item_id(u8::try_from(1 + dice.below(3)).unwrap_or(1)),
            units: u32::try_from(1 + dice.below(3)).unwrap_or(1),
            unit_price_cents: 2_500,
        })
        .collect()
}

/// When a new order is promised: every fourth comes in a day late, as after a night in which the shop's
/// connector stood still.
fn promised(number: u32, now: i64) -> (Millis, Millis) {
    let late = i64::from(number.is_multiple_of(4)) * 86_400_000;
    (Millis(now - late), Millis(now - late + 3_600_000))
}

/// A new order.
pub fn order(dice: &mut Dice, number: u32, now: i64) -> Body {
    let id = OrderId(dice.id());
    let (promise_start, promise_end) = promised(number, now);
    OrderArrived {
        order: id,
        source: "web".to_owned(),
        external_id: id.to_string(),
        code: format!("K{}-{:03}", number / 1_000, number % 1_000),
        channel: Channel::Pickup,
        placed_at: Millis(now),
        promise_start,
        promise_end,
        lines: lines(dice),
        buyer: Some(limits::buyer(id)),
    }
    .into()
}

/// An order as the customer wants it now.
pub fn changed(dice: &mut Dice, order: OrderId, now: i64) -> Body {
    OrderChanged {
        order,
        channel: Channel::Pickup,
        promise_start: Millis(now),
        promise_end: Millis(now + 3_600_000),
        lines: lines(dice),
        buyer: None,
    }
    .into()
}
