//! One fact of every kind with everything in it, and one more of those of which something may be left out.

use domain::code::Grade;
use domain::code::gtin::Gtin;
use domain::custody::agree::{Asked, ShortAgreed};
use domain::custody::allocate::{LineAllocation, LinesAllocated};
use domain::custody::arrive::{OrderArrived, OrderCancelled, OrderChanged, OrderedLine};
use domain::custody::claim::{
    Lease, LeaseGranted, LeaseReturned, LeasedOrder, LeasedPackage, OrderClaimed,
};
use domain::custody::hand_off::{IdSeen, OrderHandedOff};
use domain::custody::label::{LabelPrinted, LabelReadBack, ReprintReason};
use domain::custody::pick::{PackagePicked, PickVoided, ScanRefused, ScanTask};
use domain::custody::receive::{LabResult, LabResultsRecorded, PackageListed, StockImported};
use domain::custody::seal::BagSealed;
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut, ChainEnd, EpochOpened, OpenCause};
use domain::custody::stage::BagStaged;
use domain::custody::verify::{TicketRead, UnitVerified};
use domain::event::Body;
use domain::facility::{
    Actor, Device, KeyKind, Location, LocationCode, Role, Slot, SlotCode, Store,
};
use domain::id::{
    ActorId, DeviceId, Epoch, EventId, Hash, ItemId, LeaseId, OrderId, PackageTag, StoreId,
};
use domain::order::{Allocation, Channel};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::rules::{ReportAt, RulePack};
use domain::stock::{Item, LabStatus, Potency, PotencyUnit};
use domain::time::{Day, Millis};
use domain::verdict::Reason;

pub use super::envelopes::{bare, full, signed};
use super::{later, trouble};

pub const STORE: StoreId = StoreId([0x51; 16]);
pub const DEVICE: DeviceId = DeviceId([0xd1; 16]);
pub const EPOCH: Epoch = Epoch([0xe1; 16]);
pub const EVENT: EventId = EventId([0xf1; 16]);
pub const LEASE: LeaseId = LeaseId([0x1e; 16]);
pub const ORDER: OrderId = OrderId([0x0d; 16]);
pub const ITEM: ItemId = ItemId([0x17; 16]);
pub const HASH: Hash = Hash([0xab; 32]);
pub const ACTOR: ActorId = ActorId(300);

pub fn tag() -> PackageTag {
    PackageTag::parse("1A4FF0300000C57000000101").unwrap()
}

pub fn store() -> Store {
    Store {
        id: STORE,
        business: "Green Door LLC".to_owned(),
        name: "Grüne Tür".to_owned(),
        license: "C10-0000001-LIC".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        rules: RulePack {
            state: "CA".to_owned(),
            effective: Day(20_782),
            age_min: 21,
            report_at: ReportAt::Departure,
            label_sentences: vec!["Keep away from children.".to_owned()],
            citations: vec!["BPC 26120".to_owned()],
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

pub fn location() -> Location {
    Location {
        code: LocationCode::new("B-04-2"),
        walk: 70_000,
    }
}

pub fn slot() -> Slot {
    Slot {
        code: SlotCode::new("P4"),
        channel: Channel::Curbside,
        holds: Some(ORDER),
        since: Some(Millis(1_795_608_000_000)),
    }
}

pub fn actor() -> Actor {
    Actor {
        id: ACTOR,
        name: "Ana K.".to_owned(),
        role: Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    }
}

pub fn device() -> Device {
    Device {
        id: DEVICE,
        name: "Vault tablet".to_owned(),
        generation: 2,
        key_kind: KeyKind::P256,
        public_key: vec![4; 65],
        active: true,
        is_server: false,
        purpose: None,
    }
}

pub fn item() -> Item {
    Item {
        id: ITEM,
        name: "Blue Dream 3.5 g".to_owned(),
        category: "Flower (packaged - each)".to_owned(),
        brand: Some("North".to_owned()),
        strain: Some("Blue Dream".to_owned()),
        sku: Some("BD-35".to_owned()),
        gtin: Gtin::parse("00012345600012"),
        content: None,
    }
}

pub fn potency() -> Potency {
    Potency {
        thousandths: 24_100,
        unit: PotencyUnit::Percent,
    }
}

pub fn lease() -> Lease {
    let leased = |units| LeasedPackage::new(tag(), units);
    Lease {
        id: LEASE,
        device: DEVICE,
        generation: 2,
        actor: ACTOR,
        orders: vec![LeasedOrder {
            order: ORDER,
            fence: 3,
        }],
        packages: vec![leased(24)],
        spares: vec![leased(2)],
        recount: None,
        hand_off: None,
        broken: None,
    }
}

fn listed() -> PackageListed {
    PackageListed {
        tag: tag(),
        item: ITEM,
        quantity: Quantity(481_234),
        unit: UnitOfMeasure::Each,
        location: LocationCode::new("B-04-2"),
        lab: LabStatus::Passed,
        hold: true,
        packaged: Some(Day(20_600)),
        received: Some(Day(20_700)),
        expires: Some(Day(-1)),
        batch: Some("BD-2026-11".to_owned()),
    }
}

fn ordered() -> OrderedLine {
    OrderedLine {
        number: 1,
        item: ITEM,
        units: 24,
        unit_price_cents: 2_500,
    }
}

/// One of each kind, then those that can also be said with less.
pub fn all() -> Vec<Body> {
    let mut all = directory();
    all.extend(stock_and_orders());
    all.extend(rights());
    all.extend(picking());
    all.extend(packing());
    all.extend(trouble::all());
    all.extend(bare_ones());
    all.extend(trouble::bare());
    all.extend(later::ones());
    all
}

/// One of each kind of what is done with stock and orders, as they were released.
pub fn all_at_first() -> Vec<Body> {
    let mut all = stock_and_orders();
    all.extend(picking());
    all.extend(packing());
    all
}

fn directory() -> Vec<Body> {
    vec![
        EpochOpened {
            generation: 2,
            before: Some(ChainEnd {
                epoch: EPOCH,
                seq: 255,
                hash: HASH,
            }),
            cause: OpenCause::LockTaken,
            build: "0.1.0".to_owned(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 1 << 33,
            time_zone: "America/Los_Angeles".to_owned(),
            clock_offset: Some(-1_250),
        }
        .into(),
        ActorSignedIn {
            actor: ACTOR,
            online: true,
        }
        .into(),
        ActorSignedOut { actor: ACTOR }.into(),
        StoreConfigured {
            store: store(),
            locations: vec![location()],
            slots: vec![slot()],
        }
        .into(),
        ActorAdded::from(actor()).into(),
        DeviceEnrolled::from(device()).into(),
        later::passkeys_changed(),
        later::secret_changed(),
        later::token_made(),
        later::device_wiped(),
    ]
}

fn stock_and_orders() -> Vec<Body> {
    let (start, end) = (Millis(1_795_608_000_000), Millis(1_795_611_600_000));
    vec![
        StockImported {
            file: "packages.csv".to_owned(),
            items: vec![item()],
            locations: vec![location()],
            packages: vec![listed()],
        }
        .into(),
        LabResultsRecorded {
            file: "lab.csv".to_owned(),
            results: vec![LabResult {
                tag: tag(),
                thc: Some(potency()),
                cbd: Some(potency()),
                tested: Some(Day(20_650)),
                expires: Some(Day(21_000)),
            }],
        }
        .into(),
        OrderArrived {
            order: ORDER,
            source: "web".to_owned(),
            external_id: "A-1".to_owned(),
            code: "K7-482".to_owned(),
            channel: Channel::Delivery,
            placed_at: Millis(-1),
            promise_start: start,
            promise_end: end,
            lines: vec![ordered()],
            buyer: None,
        }
        .into(),
        OrderChanged {
            order: ORDER,
            channel: Channel::InStore,
            promise_start: start,
            promise_end: end,
            lines: vec![ordered()],
            buyer: None,
        }
        .into(),
        OrderCancelled { order: ORDER }.into(),
        LinesAllocated {
            order: ORDER,
            lines: vec![LineAllocation {
                line: 1,
                packages: vec![Allocation::of(tag(), 24)],
            }],
            judged: None,
        }
        .into(),
    ]
}

fn rights() -> Vec<Body> {
    vec![
        LeaseGranted { lease: lease() }.into(),
        LeaseReturned {
            lease: LEASE,
            order: ORDER,
        }
        .into(),
        OrderClaimed { order: ORDER }.into(),
    ]
}

pub fn picking() -> Vec<Body> {
    let order = ORDER;
    let (pick, unit, grade) = (EVENT, Some(268_435_456), Grade::Unit);
    vec![
        PackagePicked {
            order,
            line: 1,
            tag: tag(),
            unit,
            grade,
            from: LocationCode::new("B-04-2"),
        }
        .into(),
        PickVoided {
            order,
            pick,
            judged: None,
        }
        .into(),
        ScanRefused {
            task: ScanTask::Verify,
            order: Some(order),
            reason: Reason::WrongBatch,
            grade,
            scanned: "1A4FF0300000C57000000102".to_owned(),
            expected: Some(tag()),
        }
        .into(),
        ShortPicked {
            order,
            line: 1,
            tag: tag(),
            units: 2,
            reason: ShortReason::OtherPackage,
        }
        .into(),
        later::found_after_all(),
        ShortAgreed {
            order,
            without: vec![later::without()],
            asked: Asked::InPerson,
        }
        .into(),
    ]
}

fn packing() -> Vec<Body> {
    let (order, code) = (ORDER, "CUSXK7482AB12CD9".to_owned());
    let (pick, unit, grade) = (EVENT, Some(268_435_456), Grade::Unit);
    vec![
        TicketRead {
            order,
            version: 2,
            content: HASH,
            judged: None,
        }
        .into(),
        UnitVerified {
            order,
            pick,
            tag: tag(),
            unit,
            grade,
            judged: None,
        }
        .into(),
        LabelPrinted {
            order,
            code: code.clone(),
            content: HASH,
            copy: 2,
            reason: Some(ReprintReason::Damaged),
            rules: None,
            language: None,
            media: None,
            printer: None,
            sold: None,
        }
        .into(),
        LabelReadBack {
            order,
            code: code.clone(),
        }
        .into(),
        BagSealed {
            order,
            bag: code.clone(),
        }
        .into(),
        BagStaged {
            order,
            slot: SlotCode::new("P4"),
        }
        .into(),
        OrderHandedOff {
            order,
            bag: code,
            id: IdSeen {
                seen: true,
                age_min: 21,
                check: None,
            },
            judged: None,
            signed: None,
        }
        .into(),
    ]
}

/// Facts without what may be left out.
fn bare_ones() -> Vec<Body> {
    vec![
        later::changed_pin(),
        later::passkeys_forgotten(),
        later::secret_forgotten(),
        later::token_withdrawn_by_nobody(),
        EpochOpened {
            generation: 0,
            before: None,
            cause: OpenCause::Start,
            build: String::new(),
            durability: String::new(),
            persisted: false,
            quota: 0,
            time_zone: String::new(),
            clock_offset: None,
        }
        .into(),
        StockImported {
            file: String::new(),
            items: vec![Item {
                brand: None,
                strain: None,
                sku: None,
                gtin: None,
                ..item()
            }],
            locations: Vec::new(),
            packages: vec![PackageListed {
                packaged: None,
                received: None,
                expires: None,
                batch: None,
                ..listed()
            }],
        }
        .into(),
        PackagePicked {
            order: ORDER,
            line: 1,
            tag: PackageTag::parse("1234567890123456").unwrap(),
            unit: None,
            grade: Grade::Package,
            from: LocationCode::new("?"),
        }
        .into(),
        ScanRefused {
            task: ScanTask::Pick,
            order: None,
            reason: Reason::NotACode,
            grade: Grade::None,
            scanned: String::new(),
            expected: None,
        }
        .into(),
        LabelPrinted {
            order: ORDER,
            code: String::new(),
            content: HASH,
            copy: 1,
            reason: None,
            rules: None,
            language: None,
            media: None,
            printer: None,
            sold: None,
        }
        .into(),
    ]
}
