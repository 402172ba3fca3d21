//! What is said of devices, leases, shelves and breaches that are not as they should be.

use domain::audit::checkpoint::{Contradiction, Rewritten};
use domain::code::gtin::Gtin;
use domain::custody::acknowledge::ChangeAcknowledged;
use domain::custody::agree::Asked;
use domain::custody::alarm::AlarmRaised;
use domain::custody::break_lease::LeaseBroken;
use domain::custody::claim::LeasedPackage;
use domain::custody::compare::{Figure, LabelCompared};
use domain::custody::count::CountObserved;
use domain::custody::draw_map::MapDrawn;
use domain::custody::escrow::LeaseRefilled;
use domain::custody::exception::Rule;
use domain::custody::health::{ClockObserved, StorageAlarm, StorageTrouble};
use domain::custody::hold::{Held, HoldReason, StockHeld, StockReleased};
use domain::custody::raise::ExceptionRaised;
use domain::custody::recount::RecountOpened;
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::custody::return_to_vault::BagReturned;
use domain::custody::second::{Cause, SecondChecked};
use domain::custody::shift::{Checked, Condition, Part, ShiftStarted, Ticked};
use domain::custody::sop::{Procedure, ProcedureKept, StepSigned, Task, TaskSigned};
use domain::custody::swap::Substituted;
use domain::custody::take_in::EventTakenIn;
use domain::custody::tell::{MessageSeen, MessageSent, Word};
use domain::custody::tote::ToteRead;
use domain::custody::wrap::BagChosen;
use domain::event::{Body, KindVersion};
use domain::facility::{LocationCode, SlotCode, StationStep};
use domain::id::Position;
use domain::order::Concern;
use domain::plan::map::{Aisle, Drawing};
use domain::plan::vault::{SpotAt, Vault};
use domain::quantity::Quantity;
use domain::time::Day;

use super::events::{DEVICE, EPOCH, EVENT, HASH, ITEM, LEASE, ORDER, potency, signed, tag};
use super::messages::sheet;

/// What was picked lies in the third tote of a cart.
fn in_its_tote() -> ToteRead {
    ToteRead {
        order: ORDER,
        code: "A03".to_owned(),
        number: 3,
    }
}

/// A label that does not say what its batch's certificate does.
fn compared() -> LabelCompared {
    let figure = |thousandths| Figure {
        thousandths,
        decimals: 1,
    };
    LabelCompared {
        order: Some(ORDER),
        tag: tag(),
        agrees: false,
        thc: Some(figure(21_400)),
        cbd: Some(figure(100)),
        certified_thc: Some(potency()),
        certified_cbd: None,
    }
}

/// What cannot be had, and what the customer takes instead.
fn substituted() -> Substituted {
    Substituted {
        order: ORDER,
        line: 1,
        item: ITEM,
        units: 2,
        unit_price_cents: 2_500,
        asked: Asked::ByPhone,
    }
}

/// How the bench works from now on, and one step of it done.
fn of_procedures() -> [Body; 3] {
    let kept = ProcedureKept {
        procedure: procedure(),
    };
    let signed = StepSigned {
        order: ORDER,
        task: Task::Pack,
        version: 2,
        step: step(1),
    };
    let of_task = TaskSigned {
        task: Task::HandOver,
        version: 2,
        step: step(1),
        order: Some(ORDER),
    };
    [kept.into(), signed.into(), of_task.into()]
}

/// How the bench works.
pub fn procedure() -> Procedure {
    Procedure {
        task: Task::Pack,
        version: 2,
        steps: vec![step(1), step(2)],
    }
}

/// One of each kind.
pub fn all() -> Vec<Body> {
    let mut all = of_devices_and_shelves();
    all.extend(of_breaches());
    all.extend(of_holds());
    all.push(in_its_tote().into());
    all.push(compared().into());
    all.push(substituted().into());
    all.extend(of_procedures());
    all.push(second_checked());
    all.push(returned());
    all.extend(told());
    all.push(bag_chosen());
    all
}

/// One aisle that may be walked one way only, and a shelf at its end.
pub fn vault() -> Vault {
    let spot = |name: &str, right, down| SpotAt {
        name: name.to_owned(),
        right,
        down,
    };
    Vault {
        drawing: Drawing {
            station: "pack station".to_owned(),
            aisles: vec![Aisle {
                from: "pack station".to_owned(),
                to: "B-4".to_owned(),
                millimetres: 2_400,
                one_way: true,
            }],
            shelves: vec![(LocationCode::new("B-04-2"), "B-4".to_owned())],
        },
        spots: vec![spot("pack station", 0, 0), spot("B-4", 2_400, 900)],
    }
}

/// Held by package, by batch and by product, and let go again.
fn of_holds() -> Vec<Body> {
    let held = |what, reason, note: Option<&str>| StockHeld {
        what,
        reason,
        note: note.map(str::to_owned),
    };
    let note = Some("mould on two jars");
    vec![
        held(Held::Package(tag()), HoldReason::Quality, note).into(),
        held(batch(), HoldReason::Recall, None).into(),
        StockReleased {
            hold: EVENT,
            what: Held::Product(ITEM),
            note: None,
        }
        .into(),
    ]
}

/// A maker's batch.
pub fn batch() -> Held {
    Held::Batch("BD-2026-11".to_owned())
}

/// A shift begun without a printer, with one step of two done.
fn shift_started() -> ShiftStarted {
    let said = |part, condition, minutes, figure| Checked {
        part,
        condition,
        minutes,
        figure,
    };
    let steps = [(1, true), (2, false)].map(|(number, done)| Ticked {
        step: step(number),
        done,
    });
    ShiftStarted {
        day: Day(20_782),
        checks: vec![
            said(Part::Server, Condition::Late, Some(41), Some(11)),
            said(Part::Printer, Condition::Bad, None, None),
            said(Part::Clock, Condition::Well, Some(1), Some(-400)),
        ],
        steps: steps.into(),
    }
}

/// A step of a checklist.
pub fn step(number: u16) -> StationStep {
    StationStep {
        number,
        english: "Scanner charged".to_owned(),
        spanish: "Escáner cargado".to_owned(),
    }
}

/// A bag of somebody new, which was dear too, looked at where nobody else works.
fn second_checked() -> Body {
    SecondChecked {
        order: ORDER,
        code: "CUSX0D482X7".to_owned(),
        causes: vec![Cause::NewStarter, Cause::HighValue],
        alone: Some(true),
    }
    .into()
}

/// A bag nobody came for.
fn returned() -> Body {
    BagReturned {
        order: ORDER,
        slot: SlotCode::new("P4"),
    }
    .into()
}

/// A customer waits, and somebody sees to it.
fn told() -> [Body; 2] {
    let (order, word) = (ORDER, Word::CustomerHere);
    let message = EVENT;
    [
        MessageSent::of(order, word).into(),
        MessageSeen { order, message }.into(),
    ]
}

/// The kind of bag an order went into.
fn bag_chosen() -> Body {
    BagChosen {
        order: ORDER,
        bag: Gtin::parse("012345678905").unwrap(),
        rules: Some(HASH),
    }
    .into()
}

fn of_devices_and_shelves() -> Vec<Body> {
    let leased = || vec![LeasedPackage::new(tag(), 2)];
    vec![
        ClockObserved {
            offset: -1_250,
            error: 40_000,
            jump: 3_000,
        }
        .into(),
        StorageAlarm {
            trouble: StorageTrouble::PersistenceLost,
            unsent: 24,
            used: Some(1 << 20),
            quota: Some(1 << 33),
        }
        .into(),
        Rewritten {
            how: Contradiction::NoContinuation,
            seen: sheet(1_000),
            shown: sheet(1_001),
            proof: vec![HASH],
        }
        .into(),
        CountObserved {
            tag: tag(),
            location: LocationCode::new("B-04-2"),
            counted: Quantity::units(23),
        }
        .into(),
        RecountOpened {
            lease: LEASE,
            packages: leased(),
        }
        .into(),
        LeaseBroken {
            order: ORDER,
            lease: Some(LEASE),
            fence: 3,
        }
        .into(),
        ChangeAcknowledged {
            order: ORDER,
            version: 2,
            concern: Concern::ChangedUpstream,
        }
        .into(),
        LeaseRefilled {
            lease: LEASE,
            spares: leased(),
        }
        .into(),
        MapDrawn {
            vault: vault(),
            over: None,
            settles: None,
        }
        .into(),
        shift_started().into(),
    ]
}

fn of_breaches() -> Vec<Body> {
    vec![
        ExceptionRaised {
            rule: Rule::LimitExceeded,
            order: Some(ORDER),
            tag: Some(tag()),
            note: "Two orders today.".to_owned(),
        }
        .into(),
        ExceptionResolved {
            exception: 16_001,
            order: Some(ORDER),
            tag: Some(tag()),
            decision: Decision::ReturnToStock,
            reason: ResolveReason::OutOfContact,
            note: Some("The tablet was in the vault.".to_owned()),
            shelf: Some(LocationCode::new("B-04-2")),
            counted: Some(Quantity::units(23)),
        }
        .into(),
        AlarmRaised {
            rule: Rule::Fork,
            device: DEVICE,
            epoch: Some(EPOCH),
            seq: Some(255),
            hash: Some(HASH),
            other: Some(HASH),
            kind: Some(KindVersion {
                kind: 999,
                version: 2,
            }),
            offset: Some(-1_250),
            error: Some(40_000),
            orders: vec![ORDER],
            until: None,
            actor: None,
        }
        .into(),
        EventTakenIn {
            position: Position(1_000),
            hash: signed().hash(),
            exception: 16_016,
            bytes: signed().bytes,
        }
        .into(),
    ]
}

/// The same, without what may be left out.
pub fn bare() -> Vec<Body> {
    vec![
        TaskSigned {
            task: Task::Count,
            version: 1,
            step: step(1),
            order: None,
        }
        .into(),
        StorageAlarm {
            trouble: StorageTrouble::QuotaShort,
            unsent: 0,
            used: None,
            quota: None,
        }
        .into(),
        LeaseBroken {
            order: ORDER,
            lease: None,
            fence: 0,
        }
        .into(),
        ExceptionRaised {
            rule: Rule::DoublePick,
            order: None,
            tag: None,
            note: String::new(),
        }
        .into(),
        ExceptionResolved {
            exception: 0,
            order: None,
            tag: None,
            decision: Decision::Accept,
            reason: ResolveReason::Other,
            note: None,
            shelf: None,
            counted: None,
        }
        .into(),
        AlarmRaised::about(Rule::ServerRollback, DEVICE).into(),
    ]
}
