//! Who works in the shop, what stands on its shelves, and what scanners read there.

use domain::code::gtin::{Gtin, Scheme};
use domain::code::own::{OwnCode, OwnKind};
use domain::code::retail_id::Encoding;
use domain::code::{Code, Reason as Unread};
use domain::custody::arrive::{OrderArrived, OrderedLine};
use domain::custody::receive::{PackageListed, StockImported};
use domain::custody::scan::Scan;
use domain::event::Body;
use domain::facility::{
    Actor, Device, KeyKind, Location, LocationCode, Role, Slot, SlotCode, Store,
};
use domain::id::{ActorId, DeviceId, ItemId, OrderId, PackageTag, StoreId};
use domain::identity::Shown;
use domain::order::{Channel, Order};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::rules::{ReportAt, RulePack};
use domain::stock::{Item, LabStatus, Place};
use domain::time::{Day, Millis};
use domain::verdict::{Reason, Refusal, Verdict};

pub const ANA: ActorId = ActorId(1);
pub const BEN: ActorId = ActorId(2);
pub const FAY: ActorId = ActorId(3);
pub const DAN: ActorId = ActorId(4);
pub const DEE: ActorId = ActorId(5);
pub const IVY: ActorId = ActorId(6);
pub const CLEO: ActorId = ActorId(7);
pub const GUS: ActorId = ActorId(8);
pub const AUDRA: ActorId = ActorId(9);
/// Left last month.
pub const OTTO: ActorId = ActorId(10);

pub const SERVER: DeviceId = DeviceId([0xff; 16]);
pub const TABLET: DeviceId = DeviceId([1; 16]);
pub const PHONE: DeviceId = DeviceId([2; 16]);
pub const COUNTER: DeviceId = DeviceId([3; 16]);
/// Was stolen; a manager has revoked it.
pub const STOLEN: DeviceId = DeviceId([4; 16]);

pub const JARS: ItemId = ItemId([1; 16]);
pub const GUMMIES: ItemId = ItemId([2; 16]);
pub const VAPES: ItemId = ItemId([3; 16]);

pub const OLD_JARS: &str = "1A4FF0300000C57000000101";
pub const NEW_JARS: &str = "1A4FF0300000C57000000102";
pub const GUMS: &str = "1A4FF0300000C57000000201";
pub const PENS: &str = "1A4FF0300000C57000000301";
/// On no shelf and in no file.
pub const STRANGE: &str = "1A4FF0300000C57000000999";

pub const JARS_GTIN: &str = "00012345600012";
pub const GUMS_GTIN: &str = "00012345600029";

pub const TODAY: &str = "2026-11-25";
pub const NOON: i64 = 1_795_608_000_000;

pub const FIRST: OrderId = OrderId([0x11; 16]);
pub const SECOND: OrderId = OrderId([0x22; 16]);
pub const THIRD: OrderId = OrderId([0x33; 16]);

pub fn tag(text: &str) -> PackageTag {
    PackageTag::parse(text).unwrap()
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn shelf(code: &str) -> Place {
    Place::Shelf(LocationCode::new(code))
}

pub fn scan(code: Code) -> Scan {
    Scan { code }
}

/// The bar code on a package.
pub fn package(text: &str) -> Scan {
    scan(Code::Package(tag(text)))
}

/// The QR code on one unit.
pub fn unit(text: &str, index: u64) -> Scan {
    scan(Code::Unit {
        tag: tag(text),
        index,
        encoding: Encoding::Base36,
        host: "1a4.com".to_owned(),
    })
}

/// The maker's bar code.
pub fn product(gtin: &str) -> Scan {
    let candidates = vec![(Gtin::parse(gtin).unwrap(), Scheme::Gtin14)];
    scan(Code::Product { candidates })
}

/// One of Custody's own codes.
pub fn own(kind: OwnKind, id: &str) -> Scan {
    let id = id.to_owned();
    scan(Code::Own(OwnCode { kind, id }))
}

pub fn nonsense() -> Scan {
    let reason = Unread::Unknown;
    scan(Code::Nothing { reason })
}

/// The code printed on a label, without its frame.
pub fn label_of(order: &Order) -> Scan {
    let code = &order.label.as_ref().unwrap().code;
    own(OwnKind::Label, &code[4..code.len() - 1])
}

pub fn slot(code: &str) -> Scan {
    own(OwnKind::Slot, &SlotCode::new(code).scan_id())
}

#[track_caller]
pub fn refused(verdict: &Verdict) -> &Refusal {
    match verdict {
        Verdict::Refused(refusal) => refusal,
        Verdict::Accepted(body) => panic!("accepted: {body:?}"),
    }
}

#[track_caller]
pub fn reason(verdict: &Verdict) -> Reason {
    refused(verdict).reason
}

#[track_caller]
pub fn accepted(verdict: Verdict) -> Body {
    match verdict {
        Verdict::Accepted(body) => body,
        Verdict::Refused(refusal) => panic!("refused: {refusal:?}"),
    }
}

pub fn item(id: ItemId, name: &str, gtin: Option<&str>) -> Item {
    Item {
        id,
        name: name.to_owned(),
        category: "Flower (packaged - each)".to_owned(),
        brand: None,
        strain: None,
        sku: None,
        gtin: gtin.map(|digits| Gtin::parse(digits).unwrap()),
        content: None,
    }
}

/// A package as the state lists it: passed, received in June, no last day.
pub fn listed(text: &str, item: ItemId, units: u32, location: &str) -> PackageListed {
    PackageListed {
        tag: tag(text),
        item,
        quantity: Quantity::units(units),
        unit: UnitOfMeasure::Each,
        location: LocationCode::new(location),
        lab: LabStatus::Passed,
        hold: false,
        packaged: None,
        received: Day::parse("2026-06-01"),
        expires: None,
        batch: None,
    }
}

pub fn imported(packages: Vec<PackageListed>) -> StockImported {
    StockImported {
        file: "packages.csv".to_owned(),
        items: Vec::new(),
        locations: Vec::new(),
        packages,
    }
}

pub fn lines(ordered: &[(ItemId, u32)]) -> Vec<OrderedLine> {
    (1..)
        .zip(ordered)
        .map(|(number, (item, units))| OrderedLine {
            number,
            item: *item,
            units: *units,
            unit_price_cents: 2_500,
        })
        .collect()
}

pub fn arrival(order: OrderId, channel: Channel, ordered: &[(ItemId, u32)]) -> OrderArrived {
    OrderArrived {
        order,
        source: "web".to_owned(),
        external_id: order.to_string(),
        code: format!("K7-4{:02}", order.0[0]),
        channel,
        placed_at: Millis(NOON + i64::from(order.0[0])),
        promise_start: Millis(NOON),
        promise_end: Millis(NOON + 3_600_000),
        lines: lines(ordered),
        buyer: None,
    }
}

pub fn store() -> Store {
    Store {
        id: StoreId([9; 16]),
        business: "Green Door LLC".to_owned(),
        name: "Green Door".to_owned(),
        license: "C10-0000001-LIC".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        rules: RulePack {
            state: "CA".to_owned(),
            effective: day("2026-01-01"),
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

pub fn location(code: &str, walk: u32) -> Location {
    let code = LocationCode::new(code);
    Location { code, walk }
}

pub fn free(code: &str, channel: Channel) -> Slot {
    Slot {
        code: SlotCode::new(code),
        channel,
        holds: None,
        since: None,
    }
}

pub fn actor(id: ActorId, role: Role) -> Actor {
    Actor {
        id,
        name: format!("Person {}", id.0),
        role,
        active: id != OTTO,
        pin_changes: None,
        shift: None,
        unlocks: None,
    }
}

pub fn device(id: DeviceId) -> Device {
    Device {
        id,
        name: format!("Device {}", id.0[0]),
        generation: 1,
        key_kind: KeyKind::Ed25519,
        public_key: vec![id.0[0]; 32],
        active: id != STOLEN,
        is_server: id == SERVER,
        purpose: None,
    }
}

/// What a customer of age shows: read by a person, in date, with the name of the order.
pub fn grown_up() -> Shown {
    Shown::by_eye(day("1984-07-19"), day("2031-07-19"), true)
}

/// Everybody who works here, and as what.
pub const PEOPLE: [(ActorId, Role); 10] = [
    (ANA, Role::Associate),
    (BEN, Role::Associate),
    (FAY, Role::FrontOfHouse),
    (DAN, Role::Driver),
    (DEE, Role::DeliveryCoordinator),
    (IVY, Role::InventoryManager),
    (CLEO, Role::ComplianceOfficer),
    (GUS, Role::GeneralManager),
    (AUDRA, Role::Auditor),
    (OTTO, Role::Associate),
];
