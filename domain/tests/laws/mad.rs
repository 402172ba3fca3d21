//! Records no device, and no server, in its right mind would make.

use domain::code::Grade;
use domain::custody::agree::{Asked, ShortAgreed, WithoutUnits};
use domain::custody::alarm::AlarmRaised;
use domain::custody::allocate::{LineAllocation, LinesAllocated};
use domain::custody::break_lease::LeaseBroken;
use domain::custody::claim::{
    Lease, LeaseGranted, LeaseReturned, LeasedOrder, LeasedPackage, OrderClaimed,
};
use domain::custody::count::CountObserved;
use domain::custody::escrow::LeaseRefilled;
use domain::custody::exception::Rule;
use domain::custody::found::{self, ShortWithdrawn};
use domain::custody::hand_off::{IdSeen, OrderHandedOff};
use domain::custody::health::{ClockObserved, StorageAlarm, StorageTrouble};
use domain::custody::hold::{Held, HoldReason, StockHeld, StockReleased, holds};
use domain::custody::label::{LabelPrinted, LabelReadBack};
use domain::custody::pick::{PackagePicked, PickVoided, ScanRefused, ScanTask};
use domain::custody::raise::ExceptionRaised;
use domain::custody::receive::StockImported;
use domain::custody::recount::RecountOpened;
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::custody::seal::BagSealed;
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, StoreConfigured};
use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::sign_in::{ActorSignedIn, ActorSignedOut, EpochOpened, OpenCause};
use domain::custody::stage::BagStaged;
use domain::custody::swap::Substituted;
use domain::custody::tote::ToteRead;
use domain::custody::verify::{TicketRead, UnitVerified};
use domain::event::{Body, LeaseRef};
use domain::facility::{Device, LocationCode, Role, SlotCode};
use domain::id::{ActorId, EventId, Hash, LeaseId, OrderId};
use domain::order::Allocation;
use domain::quantity::Quantity;
use domain::verdict::Reason;

use super::day::{
    CHANNELS, DEVICES, ITEMS, ORDERS, SHELVES, SLOTS, TAGS, Throw, an_event, one_of, somebody,
};
use super::goods::*;
use super::shop::Shop;

/// A device records something, whatever stands in its ledger, under a lease it has, has not, or made up.
pub fn device(shop: &mut Shop, throw: Throw) -> Vec<Rule> {
    let order = one_of(&ORDERS, throw[1]);
    let device = one_of(&DEVICES, throw[2]);
    let actor = if throw[3] < 200 {
        ANA
    } else {
        somebody(throw[3])
    };
    let lease = match throw[7] % 6 {
        0 => None,
        1 => some_lease(shop, throw),
        2 => Some(LeaseRef {
            lease: LeaseId([throw[7]; 16]),
            fence: u64::from(throw[6] % 4),
        }),
        _ => shop.lease(device, order),
    };
    let body = record(shop, order, throw);
    shop.record(actor, device, lease, body)
}

/// A unit off its shelf by its package's tag.
pub fn a_pick(order: OrderId, text: &str, shelf: &str) -> PackagePicked {
    PackagePicked {
        order,
        line: 1,
        tag: tag(text),
        unit: None,
        grade: Grade::Package,
        from: LocationCode::new(shelf),
    }
}

fn some_lease(shop: &Shop, throw: Throw) -> Option<LeaseRef> {
    let count = shop.ledger.leases.len().max(1);
    let lease = *shop
        .ledger
        .leases
        .keys()
        .nth(usize::from(throw[6]) % count)?;
    let fence = u64::from(throw[5] % 4);
    Some(LeaseRef { lease, fence })
}

fn record(shop: &Shop, order: OrderId, throw: Throw) -> Body {
    let tag = tag(one_of(&TAGS, throw[4]));
    let line = u16::from(throw[6] % 4);
    let unit = (!throw[5].is_multiple_of(3)).then_some(u64::from(throw[5] % 5));
    let grade = Grade::Package;
    match throw[5] % 30 {
        0..=5 => PackagePicked {
            order,
            line,
            tag,
            unit,
            grade,
            from: LocationCode::new(one_of(&SHELVES, throw[6])),
        }
        .into(),
        6 => UnitVerified {
            order,
            pick: an_event(shop, order, throw[6]),
            tag,
            unit,
            grade,
            judged: None,
        }
        .into(),
        8 => PickVoided {
            order,
            pick: an_event(shop, order, throw[6]),
            judged: None,
        }
        .into(),
        9 => ShortPicked {
            order,
            line,
            tag,
            units: u32::MAX >> (throw[7] % 32),
            reason: ShortReason::Damaged,
        }
        .into(),
        7 => ShortAgreed {
            order,
            without: vec![WithoutUnits {
                line,
                units: u32::MAX >> (throw[7] % 32),
                missed: throw[6]
                    .is_multiple_of(2)
                    .then(|| u32::MAX >> (throw[5] % 32)),
            }],
            asked: Asked::ByPhone,
        }
        .into(),
        _ => later_record(shop, order, throw),
    }
}

fn later_record(shop: &Shop, order: OrderId, throw: Throw) -> Body {
    let standing = shop.ledger.orders.get(&order);
    let content = standing.map_or(Hash::default(), |standing| standing.ticket_hash());
    let bag = "CUSXNOTHING0".to_owned();
    let actor = somebody(throw[6]);
    match throw[5] % 30 {
        10 => TicketRead {
            order,
            version: 1,
            content: [content, Hash::default()][usize::from(throw[6] / 128)],
            judged: None,
        }
        .into(),
        11 => LabelPrinted {
            order,
            code: bag,
            content,
            copy: u32::MAX,
            reason: None,
            rules: None,
            language: None,
            media: None,
            printer: None,
            sold: None,
        }
        .into(),
        12 => LabelReadBack { order, code: bag }.into(),
        13 => BagSealed { order, bag }.into(),
        14 => BagStaged {
            order,
            slot: SlotCode::new(one_of(&SLOTS, throw[6])),
        }
        .into(),
        15 => OrderHandedOff {
            order,
            bag,
            id: IdSeen {
                seen: false,
                age_min: 0,
                check: None,
            },
            judged: None,
            signed: None,
        }
        .into(),
        16 => OrderClaimed { order }.into(),
        17 => LeaseReturned {
            lease: some_lease(shop, throw).map_or(LeaseId::default(), |lease| lease.lease),
            order,
        }
        .into(),
        18 => ActorSignedIn {
            actor,
            online: false,
        }
        .into(),
        19 => odd_record(shop, order, throw),
        _ => troubled_record(shop, order, throw),
    }
}

/// What is rarer, and by whoever it is.
fn odd_record(shop: &Shop, order: OrderId, throw: Throw) -> Body {
    let actor = somebody(throw[6]);
    match throw[6] {
        0..64 => ActorSignedOut { actor }.into(),
        64..128 => a_hold(shop, throw),
        128..144 => ToteRead {
            order,
            code: ["A03", "A04"][usize::from(throw[7] % 2)].to_owned(),
            number: throw[7] % 9,
        }
        .into(),
        144..160 => ShortWithdrawn {
            order,
            line: u16::from(throw[7] % 3),
            tag: tag(one_of(&TAGS, throw[4])),
            report: a_report(shop, order, throw[7]),
        }
        .into(),
        160..192 => Substituted {
            order,
            line: u16::from(throw[7] % 3),
            item: one_of(&ITEMS, throw[4]),
            units: u32::MAX >> (throw[7] % 32),
            unit_price_cents: i64::from(throw[7]),
            asked: Asked::InPerson,
        }
        .into(),
        192.. => ScanRefused {
            task: ScanTask::HandOff,
            order: Some(order),
            reason: Reason::WrongBatch,
            grade: Grade::None,
            scanned: String::new(),
            expected: None,
        }
        .into(),
    }
}

/// Something that was reported missing for an order, or an event nobody knows.
pub fn a_report(shop: &Shop, order: OrderId, throw: u8) -> EventId {
    let standing = shop.ledger.orders.get(&order);
    let all = standing.map(found::reports).unwrap_or_default();
    match all.get(usize::from(throw) % (all.len() + 1)) {
        Some(one) => one.report,
        None => EventId([throw; 16]),
    }
}

/// Goods held, or let go, by whoever it is.
fn a_hold(shop: &Shop, throw: Throw) -> Body {
    let what = match throw[7] % 3 {
        0 => Held::Package(tag(one_of(&TAGS, throw[4]))),
        1 => Held::Batch("BD-1".to_owned()),
        _ => Held::Product(one_of(&ITEMS, throw[4])),
    };
    let known = holds(&shop.ledger).first().map(|hold| hold.event);
    match known.filter(|_| throw[6] < 96) {
        Some(hold) => StockReleased {
            hold,
            what,
            note: None,
        }
        .into(),
        None => StockHeld {
            what,
            reason: HoldReason::Recall,
            note: None,
        }
        .into(),
    }
}

/// What is said of shelves, leases and breaches by somebody who has no idea.
fn troubled_record(shop: &Shop, order: OrderId, throw: Throw) -> Body {
    let tag = tag(one_of(&TAGS, throw[4]));
    let order = Some(order).filter(|_| throw[7] < 200);
    let counted = Quantity(i64::from(throw[6]) * 2_500 - 50_000);
    let location = LocationCode::new(one_of(&SHELVES, throw[7]));
    match throw[5] % 30 {
        20 | 21 => CountObserved {
            tag,
            location,
            counted: if throw[7] == 0 {
                Quantity(i64::MAX)
            } else {
                counted
            },
        }
        .into(),
        22 => LeaseBroken {
            order: order.unwrap_or_default(),
            lease: some_lease(shop, throw).map(|lease| lease.lease),
            fence: u64::from(throw[4] % 4),
        }
        .into(),
        23 => ExceptionRaised {
            rule: one_of(&REPORTED, throw[6]),
            order,
            tag: Some(tag).filter(|_| throw[7] < 100),
            note: String::new(),
        }
        .into(),
        24..=27 => ExceptionResolved {
            exception: an_exception(shop, throw[6]),
            order,
            tag: None,
            decision: one_of(&DECISIONS, throw[4]),
            reason: ResolveReason::Other,
            note: None,
            shelf: Some(location).filter(|_| throw[7] < 128),
            counted: Some(counted).filter(|_| throw[7] > 240),
        }
        .into(),
        28 => EpochOpened {
            generation: u32::from(throw[6] % 3),
            before: None,
            cause: OpenCause::StorageDoubt,
            build: String::new(),
            durability: String::new(),
            persisted: false,
            quota: 0,
            time_zone: String::new(),
            clock_offset: None,
        }
        .into(),
        _ if throw[6] < 128 => ClockObserved {
            offset: i64::MIN,
            error: u64::MAX,
            jump: i64::MAX,
        }
        .into(),
        _ => StorageAlarm {
            trouble: StorageTrouble::Damaged,
            unsent: u64::MAX,
            used: None,
            quota: None,
        }
        .into(),
    }
}

const REPORTED: [Rule; 6] = [
    Rule::DoublePick,
    Rule::Overdraw,
    Rule::HeldOrRecalled,
    Rule::LimitExceeded,
    Rule::Fork,
    Rule::ClockSuspect,
];

pub const DECISIONS: [Decision; 7] = [
    Decision::KeepFirst,
    Decision::KeepThis,
    Decision::Recounted,
    Decision::ReturnToStock,
    Decision::Quarantine,
    Decision::Accept,
    Decision::Replayed,
];

/// One of the exceptions there are, or a number nobody gave.
pub fn an_exception(shop: &Shop, throw: u8) -> u64 {
    let numbers: Vec<u64> = shop.ledger.exceptions.keys().copied().collect();
    let index = usize::from(throw) % (numbers.len() + 1);
    numbers.get(index).copied().unwrap_or(u64::MAX)
}

/// The server records something it never would.
pub fn server(shop: &mut Shop, throw: Throw) {
    let order = one_of(&ORDERS, throw[1]);
    let tag = tag(one_of(&TAGS, throw[2]));
    match throw[0] % 11 {
        0 => {
            let mut arrival = arrival(order, one_of(&CHANNELS, throw[3]), &[]);
            arrival.lines = lines(&[(one_of(&ITEMS, throw[4]), u32::MAX >> (throw[5] % 32)); 2]);
            // Two lines with one number.
            arrival.lines[1].number = 1;
            shop.server(arrival);
        }
        1 | 2 => {
            let units = u32::from(throw[3]) << (throw[4] % 24);
            let line = u16::from(throw[5] % 3);
            let packages = vec![
                Allocation {
                    missing: (throw[6] < 64).then_some(1),
                    ..Allocation::of(tag, units)
                };
                2
            ];
            let lines = vec![LineAllocation { line, packages }; 2];
            shop.server(LinesAllocated {
                order,
                lines,
                judged: None,
            });
        }
        3 => server_leases(shop, throw),
        4 => {
            let packages = vec![listed(tag.as_str(), one_of(&ITEMS, throw[3]), 3, "Z-99-9"); 2];
            shop.server(StockImported {
                items: vec![item(one_of(&ITEMS, throw[4]), "", None)],
                ..imported(packages)
            });
        }
        5 => {
            let device = Device {
                generation: u32::from(throw[3]),
                ..device_of(throw[5])
            };
            shop.server(DeviceEnrolled::from(device));
        }
        6 => {
            let mut slot = free(one_of(&SLOTS, throw[3]), one_of(&CHANNELS, throw[4]));
            slot.holds = Some(order);
            let (store, locations) = (store(), Vec::new());
            let slots = vec![slot.clone(), slot];
            shop.server(StoreConfigured {
                store,
                locations,
                slots,
            });
        }
        7..=9 => server_about_rights(shop, throw),
        _ => {
            let actor = actor(ActorId(u32::from(throw[3])), Role::Associate);
            shop.server(ActorAdded::from(actor));
        }
    }
}

/// A lease of anything to anybody.
fn server_leases(shop: &mut Shop, throw: Throw) {
    let order = one_of(&ORDERS, throw[1]);
    let tag = tag(one_of(&TAGS, throw[2]));
    let leased = LeasedOrder {
        order,
        fence: u64::MAX >> (throw[3] % 64),
    };
    let lease = Lease {
        id: LeaseId([throw[4]; 16]),
        device: one_of(&DEVICES, throw[5]),
        generation: u32::from(throw[6] % 3),
        actor: somebody(throw[7]),
        orders: vec![leased; 2],
        packages: vec![LeasedPackage::new(tag.clone(), u32::from(throw[6])); 2],
        spares: vec![LeasedPackage::new(tag, u32::MAX >> (throw[7] % 32)); 2],
        recount: None,
        hand_off: (throw[7] < 64).then(|| vec![order; 2]),
        broken: None,
    };
    shop.server(LeaseGranted { lease });
}

/// Refills, lists and alarms out of nothing.
fn server_about_rights(shop: &mut Shop, throw: Throw) {
    let order = one_of(&ORDERS, throw[1]);
    let tag = tag(one_of(&TAGS, throw[2]));
    if throw[0] % 11 > 7 {
        let mut alarm = AlarmRaised::about(one_of(&REPORTED, throw[3]), DEVICES[0]);
        alarm.orders = vec![order; usize::from(throw[4] % 3)];
        shop.server(alarm);
        return;
    }
    let lease = some_lease(shop, throw).map_or(LeaseId::default(), |lease| lease.lease);
    let units = u32::MAX >> (throw[3] % 32);
    let rights = vec![LeasedPackage::new(tag, units); 2];
    if throw[4] < 128 {
        let spares = rights;
        shop.server(LeaseRefilled { lease, spares });
    } else {
        let packages = rights;
        shop.server(RecountOpened { lease, packages });
    }
}

fn device_of(throw: u8) -> Device {
    super::goods::device(one_of(&DEVICES, throw))
}
