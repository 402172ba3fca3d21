//! One row of every kind, as a device of an earlier release gets it.

use domain::code::Grade;
use domain::code::gtin::Gtin;
use domain::custody::claim::{Lease, LeasedPackage};
use domain::custody::count::Difference;
use domain::custody::exception::{Exception, Orphan, Rule};
use domain::custody::resolve::{Decision, Resolution, ResolveReason};
use domain::custody::second::{Bench, Second};
use domain::custody::shift::Shift;
use domain::custody::sop::{Signed, Task};
use domain::custody::tell::{Message, Word};
use domain::custody::tote::Tote;
use domain::event::{Sealed, encode};
use domain::facility::{Actor, Device, LocationCode, Purpose, SlotCode};
use domain::id::Position;
use domain::ledger::{EntityKey, EntityKind};
use domain::order::{Allocation, Channel, Claim, Concern, Line, Order, Pick, PrintedLabel, Status};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{Content, Item, LabStatus, Package, Place};
use domain::time::{Day, Millis};
use minicbor::Encode;

use super::events::{
    ACTOR, DEVICE, EVENT, HASH, ITEM, LEASE, ORDER, actor, device, item, lease, location, potency,
    slot, store, tag,
};
use super::{later, shops};

fn row<Id: Encode<()>, Entity: Encode<()>>(
    kind: EntityKind,
    id: &Id,
    entity: &Entity,
) -> (EntityKey, Vec<u8>) {
    let id = encode(id);
    (EntityKey { kind, id }, encode(entity))
}

/// A package with units at every place there is.
fn package() -> Package {
    let places = [
        Place::Shelf(LocationCode::new("B-04-2")),
        Place::Tote(ORDER),
        Place::Bag(ORDER),
        Place::Slot(SlotCode::new("P4"), ORDER),
        Place::Vehicle(ORDER),
        Place::Customer,
        Place::Quarantine,
        Place::Destroyed,
    ];
    let mut places: Vec<_> = places.map(|place| (place, Quantity::ONE)).into();
    places.push((Place::Disputed, -Quantity::ONE));
    Package {
        tag: tag(),
        item: ITEM,
        unit: UnitOfMeasure::Each,
        received_total: Quantity::units(7),
        places,
        reserved: Quantity::ONE,
        lab: LabStatus::Passed,
        hold: false,
        packaged: Some(Day(20_600)),
        received: Some(Day(20_700)),
        expires: Some(Day(21_000)),
        batch: Some("BD-2026-11".to_owned()),
        thc: Some(potency()),
        cbd: Some(potency()),
        units_taken: vec![1, 7, 7, 268_435_456],
        state_quantity: Quantity(481_234),
        stood: None,
        state_hold: None,
        tested: None,
    }
}

/// The same, after a count found nothing on its last shelf.
fn package_not_found() -> Package {
    Package {
        stood: Some(LocationCode::new("B-04-2")),
        ..package()
    }
}

fn order() -> Order {
    Order {
        id: ORDER,
        source: "web".to_owned(),
        external_id: "A-1".to_owned(),
        code: "K7-482".to_owned(),
        channel: Channel::Pickup,
        placed_at: Millis(1),
        promise_start: Millis(2),
        promise_end: Millis(3),
        version: 2,
        status: Status::Staged,
        lines: vec![Line {
            number: 1,
            item: ITEM,
            units: 3,
            unit_price_cents: 2_500,
            allocations: vec![Allocation::of(tag(), 2)],
            short: 1,
            instead_of: None,
            done_without: None,
        }],
        claim: Some(Claim {
            actor: ACTOR,
            device: DEVICE,
            lease: Some(LEASE),
            fence: 3,
        }),
        picks: vec![Pick {
            event: EVENT,
            line: 1,
            tag: tag(),
            unit: Some(7),
            grade: Grade::Unit,
            from: LocationCode::new("B-04-2"),
            verified: true,
        }],
        ticket_read: true,
        label: Some(PrintedLabel {
            code: "CUSXK7482AB12CD9".to_owned(),
            content: HASH,
            copies: 1,
            read_back: true,
            language: None,
        }),
        slot: Some(SlotCode::new("P4")),
        concerns: vec![
            Concern::ChangedUpstream,
            Concern::CancelledAfterPick,
            Concern::Missing,
        ],
        fence: 3,
        buyer: None,
        handed_on: None,
        tote: None,
        signed: None,
        bench: None,
        messages: None,
        car: None,
    }
}

/// The same, after a picker searched in vain for one unit more.
fn order_with_a_miss() -> Order {
    let mut order = order();
    order.lines[0].allocations[0].missing = Some(1);
    order
}

/// The same, since it is kept who said so, and why.
fn order_with_a_reason() -> Order {
    let mut order = order_with_a_miss();
    order.lines[0].allocations[0].missed = Some(later::missed());
    order
}

/// The same after a second report, since either can be undone.
fn order_missed_twice() -> Order {
    let mut order = order_with_a_reason();
    let allocation = &mut order.lines[0].allocations[0];
    allocation.earlier = allocation.missed.map(|missed| vec![missed]);
    allocation.missed = Some(later::missed_as_a_spare());
    order
}

fn exception() -> Exception {
    Exception {
        number: 16_001,
        rule: Rule::LateFromClosedDevice,
        event: EVENT,
        position: Position(1_000),
        order: Some(ORDER),
        tag: Some(tag()),
        actor: ACTOR,
        device: DEVICE,
        resolved: false,
        collides: None,
        pick: None,
        unit: None,
        orders: None,
        resolution: None,
        orphan: None,
        author: None,
        count: None,
    }
}

/// One that collided, was about several orders, and was settled.
fn settled_exception() -> Exception {
    Exception {
        resolved: true,
        collides: Some(true),
        pick: Some(EVENT),
        unit: Some(7),
        orders: Some(vec![ORDER]),
        resolution: Some(Resolution {
            event: EVENT,
            position: Position(1_001),
            actor: ACTOR,
            decision: Decision::KeepFirst,
            reason: ResolveReason::TwoAtOnce,
            alone: None,
        }),
        orphan: Some(Orphan {
            line: 1,
            grade: Grade::Unit,
            from: LocationCode::new("B-04-2"),
        }),
        ..exception()
    }
}

/// One about an own act that nobody else could settle.
fn exception_settled_alone() -> Exception {
    let settled = settled_exception();
    Exception {
        author: Some(ACTOR),
        resolution: settled.resolution.map(|resolution| Resolution {
            alone: Some(true),
            ..resolution
        }),
        ..settled
    }
}

/// One about a count that is off the record.
fn count_that_differs() -> Exception {
    Exception {
        rule: Rule::CountDiffers,
        order: None,
        author: Some(ACTOR),
        count: Some(Difference {
            shelf: LocationCode::new("B-04-2"),
            recorded: Quantity::units(24),
            counted: Quantity::units(22),
        }),
        ..exception()
    }
}

/// A lease that was partly used, then broken, and whose rest has to be counted.
fn broken_lease() -> Lease {
    let mut lease = lease();
    lease.packages[0].spent = Some(22);
    lease.recount = Some(vec![LeasedPackage::new(tag(), 2)]);
    lease.hand_off = Some(vec![ORDER]);
    lease.broken = Some(true);
    lease
}

/// A device that leaves the shop.
fn drivers_phone() -> Device {
    Device {
        purpose: Some(Purpose::DriversPhone),
        ..device()
    }
}

/// A product of which everything is known that limits count.
fn item_with_content() -> Item {
    Item {
        content: Some(Content {
            net_mg: Some(3_500),
            thc_mg: Some(900),
            concentrate_mg: Some(0),
            volume_ul: Some(70_000),
            units: Some(6),
            serving_thc_mg: Some(10),
        }),
        ..item()
    }
}

/// An order of a known buyer that was over a limit, and was handed over with less.
fn order_handed_over() -> Order {
    Order {
        concerns: vec![Concern::OverLimit],
        buyer: Some(later::buyer()),
        handed_on: Some(Day(20_782)),
        ..order()
    }
}

/// An order on a walk, with a unit that nobody has said is in its tote.
fn order_in_a_tote() -> Order {
    Order {
        status: Status::Picking,
        tote: Some(Tote {
            code: "A03".to_owned(),
            number: 3,
            unread: vec![EVENT],
        }),
        ..order()
    }
}

/// An order with a substitute on it.
fn order_with_a_swap() -> Order {
    let mut order = order();
    let swapped = Line {
        number: 2,
        instead_of: Some(1),
        ..order.lines[0].clone()
    };
    order.lines.push(swapped);
    order
}

/// An order whose customer does without what was missed.
fn order_done_without() -> Order {
    let mut order = order();
    order.lines[0].done_without = Some(1);
    order
}

/// An order of which one step was signed off.
fn order_signed() -> Order {
    Order {
        signed: Some(vec![Signed {
            task: Task::Pack,
            version: 2,
            step: 1,
            actor: ACTOR,
        }]),
        ..order()
    }
}

/// A person who signed a step in the shift.
fn actor_by_the_book() -> Actor {
    let mut actor = actor_at_work();
    if let Some(shift) = &mut actor.shift {
        shift.signed = Some(vec![Signed {
            task: Task::Count,
            version: 2,
            step: 1,
            actor: ACTOR,
        }]);
    }
    actor
}

/// A person who has begun a shift.
fn actor_at_work() -> Actor {
    Actor {
        shift: Some(Box::new(Shift {
            day: Day(20_782),
            device: DEVICE,
            troubled: 2,
            left_out: 1,
            signed: None,
        })),
        ..actor()
    }
}

/// A person who was let try PINs again.
fn actor_unlocked() -> Actor {
    Actor {
        unlocks: Some(2),
        ..actor()
    }
}

/// A package under a hold of the shop's own, which the state does not hold.
fn package_held() -> Package {
    Package {
        hold: true,
        state_hold: Some(false),
        ..package()
    }
}

/// A package of which a laboratory file said when it was tested.
fn package_tested() -> Package {
    Package {
        tested: Some(Day(20_650)),
        ..package()
    }
}

/// One that a second person looked at.
fn order_seen_by_a_second() -> Order {
    Order {
        bench: Some(Box::new(Bench {
            checked_by: vec![ACTOR],
            second: Some(Second {
                actor: ACTOR,
                code: "CUSXK7482AB12CD9".to_owned(),
                alone: Some(true),
            }),
            vaulted: None,
            bag: None,
        })),
        ..order()
    }
}

/// One whose bag went back to the vault.
fn order_in_the_vault() -> Order {
    Order {
        bench: Some(Box::new(Bench {
            vaulted: Some(Millis(1_795_608_000_000)),
            ..Bench::default()
        })),
        ..order()
    }
}

/// One whose customer waits, which somebody sees to.
fn order_waited_for() -> Order {
    Order {
        messages: Some(vec![Message {
            event: EVENT,
            word: Word::CustomerHere,
            from: ACTOR,
            at: Millis(1_795_608_000_000),
            seen_by: Some(ACTOR),
        }]),
        ..order()
    }
}

/// One whose customer waits in a car.
fn order_at_the_curb() -> Order {
    Order {
        car: Some(Sealed {
            commitment: HASH,
            ciphertext: vec![0x5a; 40],
        }),
        ..order_waited_for()
    }
}

/// One that went into that bag.
fn order_in_a_bag() -> Order {
    Order {
        bench: Some(Box::new(Bench {
            bag: Gtin::parse("012345678905"),
            ..Bench::default()
        })),
        ..order()
    }
}

/// What a view consists of.
pub fn all() -> Vec<(EntityKey, Vec<u8>)> {
    let mut all = vec![
        row(EntityKind::Store, &0_u8, &store()),
        row(EntityKind::Actor, &ACTOR, &actor()),
        row(EntityKind::Device, &DEVICE, &device()),
        row(EntityKind::Item, &ITEM, &item()),
        row(EntityKind::Location, &location().code, &location()),
        row(EntityKind::Slot, &slot().code, &slot()),
        row(EntityKind::Package, &tag(), &package()),
        row(EntityKind::Order, &ORDER, &order()),
        row(EntityKind::Lease, &LEASE, &lease()),
        row(EntityKind::Exception, &16_001_u64, &exception()),
        row(EntityKind::Device, &DEVICE, &drivers_phone()),
        row(EntityKind::Package, &tag(), &package_not_found()),
        row(EntityKind::Order, &ORDER, &order_with_a_miss()),
        row(EntityKind::Lease, &LEASE, &broken_lease()),
        row(EntityKind::Exception, &16_001_u64, &settled_exception()),
        row(
            EntityKind::Exception,
            &16_001_u64,
            &exception_settled_alone(),
        ),
        row(EntityKind::Exception, &16_001_u64, &count_that_differs()),
        row(EntityKind::Item, &ITEM, &item_with_content()),
        row(EntityKind::Order, &ORDER, &order_handed_over()),
        row(EntityKind::Actor, &ACTOR, &actor_at_work()),
        row(EntityKind::Package, &tag(), &package_held()),
        row(EntityKind::Package, &tag(), &package_tested()),
        row(EntityKind::Order, &ORDER, &order_in_a_tote()),
        row(EntityKind::Order, &ORDER, &order_with_a_swap()),
        row(EntityKind::Order, &ORDER, &order_signed()),
        row(EntityKind::Order, &ORDER, &order_seen_by_a_second()),
        row(EntityKind::Order, &ORDER, &order_in_the_vault()),
        row(EntityKind::Order, &ORDER, &order_waited_for()),
        row(EntityKind::Order, &ORDER, &order_in_a_bag()),
        row(EntityKind::Order, &ORDER, &order_done_without()),
        row(EntityKind::Actor, &ACTOR, &actor_by_the_book()),
        row(EntityKind::Actor, &ACTOR, &actor_unlocked()),
        row(EntityKind::Order, &ORDER, &order_at_the_curb()),
        row(EntityKind::Order, &ORDER, &order_with_a_reason()),
        row(EntityKind::Order, &ORDER, &order_missed_twice()),
    ];
    let shops = shops::later().into_iter();
    all.extend(shops.map(|shop| row(EntityKind::Store, &0_u8, &shop)));
    all
}
