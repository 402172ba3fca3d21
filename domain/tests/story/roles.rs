//! Who may do what: the whole matrix, and everybody in every place of it.
//!
//! The table is written out here a second time, so that a change of one is looked at.

use domain::code::Grade;
use domain::code::gtin::Gtin;
use domain::custody::acknowledge::ChangeAcknowledged;
use domain::custody::agree::{Asked, ShortAgreed};
use domain::custody::break_lease::LeaseBroken;
use domain::custody::claim::OrderClaimed;
use domain::custody::compare::LabelCompared;
use domain::custody::count::CountObserved;
use domain::custody::draw_map::MapDrawn;
use domain::custody::exception::Rule;
use domain::custody::found::ShortWithdrawn;
use domain::custody::hand_off::{IdSeen, OrderHandedOff};
use domain::custody::hold::{Held, HoldReason, StockHeld, StockReleased};
use domain::custody::label::{LabelPrinted, LabelReadBack};
use domain::custody::pick::{PackagePicked, PickVoided};
use domain::custody::raise::ExceptionRaised;
use domain::custody::return_to_vault::BagReturned;
use domain::custody::seal::BagSealed;
use domain::custody::second::SecondChecked;
use domain::custody::shift::ShiftStarted;
use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::sign_in::ActorSignedIn;
use domain::custody::sop::{Procedure, ProcedureKept, StepSigned, Task, TaskSigned};
use domain::custody::stage::BagStaged;
use domain::custody::tell::{MessageSeen, MessageSent, Word};
use domain::custody::tote::ToteRead;
use domain::custody::verify::{TicketRead, UnitVerified};
use domain::custody::wrap::BagChosen;
use domain::event::Body;
use domain::facility::{LocationCode, Right, Role, SlotCode, StationStep};
use domain::id::{ActorId, DeviceId, EventId, Hash};
use domain::order::Concern;
use domain::plan::vault::Vault;
use domain::quantity::Quantity;

use super::goods::*;
use super::shop::Shop;

const NOBODY: ActorId = ActorId(99);
const UNKNOWN: DeviceId = DeviceId([0x77; 16]);

/// Every right, and the roles that have it.
const MATRIX: [(Right, &[Role]); 16] = [
    (Right::ChangeProcedures, &[Role::ComplianceOfficer]),
    (
        Right::Fulfil,
        &[
            Role::Associate,
            Role::InventoryManager,
            Role::GeneralManager,
        ],
    ),
    (Right::HandOver, &[Role::FrontOfHouse, Role::GeneralManager]),
    (
        Right::AskCustomer,
        &[
            Role::Associate,
            Role::FrontOfHouse,
            Role::DeliveryCoordinator,
            Role::InventoryManager,
            Role::GeneralManager,
        ],
    ),
    (
        Right::ReadChain,
        &[
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
            Role::Auditor,
        ],
    ),
    (
        Right::Count,
        &[
            Role::Associate,
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (
        Right::Acknowledge,
        &[
            Role::Associate,
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (
        Right::Report,
        &[
            Role::Associate,
            Role::FrontOfHouse,
            Role::Driver,
            Role::DeliveryCoordinator,
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (
        Right::StartShift,
        &[
            Role::Associate,
            Role::FrontOfHouse,
            Role::Driver,
            Role::DeliveryCoordinator,
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (
        Right::BreakLease,
        &[Role::InventoryManager, Role::GeneralManager],
    ),
    (
        Right::DrawMap,
        &[Role::InventoryManager, Role::GeneralManager],
    ),
    (
        Right::Resolve,
        &[
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (
        Right::Hold,
        &[
            Role::InventoryManager,
            Role::ComplianceOfficer,
            Role::GeneralManager,
        ],
    ),
    (Right::ReleaseHold, &[Role::ComplianceOfficer]),
    (
        Right::OverrideLimit,
        &[Role::ComplianceOfficer, Role::GeneralManager],
    ),
    (
        Right::Administer,
        &[Role::ComplianceOfficer, Role::GeneralManager],
    ),
];

const SHELF: &str = "A-01-1";
const CODE: &str = "CUSX1";
const PICK: EventId = EventId([1; 16]);

/// Every act of a person, with the right it needs.
pub fn acts() -> Vec<(Body, Option<Right>)> {
    let fulfils = picks().into_iter().chain(packs());
    let fulfils = fulfils.map(|act| (act, Some(Right::Fulfil)));
    fulfils
        .chain(decides())
        .chain([compares()])
        .chain(follows())
        .collect()
}

fn follows() -> [(Body, Option<Right>); 4] {
    let kept = ProcedureKept {
        procedure: Procedure {
            task: Task::Pack,
            version: 1,
            steps: Vec::new(),
        },
    };
    let step = StationStep {
        number: 1,
        english: String::new(),
        spanish: String::new(),
    };
    let of_task = |task, order| TaskSigned {
        task,
        version: 1,
        step: step.clone(),
        order,
    };
    let (counting, handing) = (
        of_task(Task::Count, None),
        of_task(Task::HandOver, Some(FIRST)),
    );
    let signed = StepSigned {
        order: FIRST,
        task: Task::Pack,
        version: 1,
        step,
    };
    [
        (counting.into(), Some(Right::Count)),
        (handing.into(), Some(Right::HandOver)),
        (kept.into(), Some(Right::ChangeProcedures)),
        (signed.into(), Some(Right::Fulfil)),
    ]
}

fn compares() -> (Body, Option<Right>) {
    let compared = LabelCompared {
        order: Some(FIRST),
        tag: tag(OLD_JARS),
        agrees: true,
        thc: None,
        cbd: None,
        certified_thc: None,
        certified_cbd: None,
    };
    (compared.into(), Some(Right::Report))
}

fn picks() -> [Body; 6] {
    let order = FIRST;
    let picked = PackagePicked {
        order,
        line: 1,
        tag: tag(OLD_JARS),
        unit: None,
        grade: Grade::Package,
        from: LocationCode::new(SHELF),
    };
    let short = ShortPicked {
        order,
        line: 1,
        tag: tag(OLD_JARS),
        units: 1,
        reason: ShortReason::NotThere,
    };
    [
        OrderClaimed { order }.into(),
        picked.into(),
        PickVoided {
            order,
            pick: PICK,
            judged: None,
        }
        .into(),
        short.into(),
        ShortWithdrawn {
            order,
            line: 1,
            tag: tag(OLD_JARS),
            report: PICK,
        }
        .into(),
        ToteRead {
            order,
            code: "A03".to_owned(),
            number: 3,
        }
        .into(),
    ]
}

fn packs() -> [Body; 9] {
    let (order, content) = (FIRST, Hash::default());
    let (code, bag) = (CODE.to_owned(), CODE.to_owned());
    let verified = UnitVerified {
        order,
        pick: PICK,
        tag: tag(OLD_JARS),
        unit: None,
        grade: Grade::Package,
        judged: None,
    };
    let printed = LabelPrinted {
        order,
        code: code.clone(),
        content,
        copy: 1,
        reason: None,
        rules: None,
        language: None,
        media: None,
        printer: None,
        sold: None,
    };
    let read = TicketRead {
        order,
        version: 1,
        content,
        judged: None,
    };
    let slot = SlotCode::new("P1");
    let chosen = BagChosen {
        order,
        bag: Gtin::parse(JARS_GTIN).unwrap(),
        rules: None,
    };
    let seconded = SecondChecked {
        order,
        code: code.clone(),
        causes: Vec::new(),
        alone: None,
    };
    [
        read.into(),
        verified.into(),
        printed.into(),
        LabelReadBack { order, code }.into(),
        chosen.into(),
        seconded.into(),
        BagSealed { order, bag }.into(),
        BagReturned {
            order,
            slot: slot.clone(),
        }
        .into(),
        BagStaged { order, slot }.into(),
    ]
}

fn held_and_released() -> (StockHeld, StockReleased) {
    let what = Held::Package(tag(OLD_JARS));
    let held = StockHeld {
        what: what.clone(),
        reason: HoldReason::Recall,
        note: None,
    };
    let released = StockReleased {
        hold: PICK,
        what,
        note: None,
    };
    (held, released)
}

fn draws() -> MapDrawn {
    MapDrawn {
        vault: Vault::default(),
        over: None,
        settles: None,
    }
}

fn decides() -> [(Body, Option<Right>); 13] {
    let order = FIRST;
    let agreed = ShortAgreed {
        order,
        without: Vec::new(),
        asked: Asked::ByPhone,
    };
    let id = IdSeen {
        seen: true,
        age_min: 21,
        check: None,
    };
    let handed = OrderHandedOff {
        order,
        bag: CODE.to_owned(),
        id,
        judged: None,
        signed: None,
    };
    let counted = CountObserved {
        tag: tag(OLD_JARS),
        location: LocationCode::new(SHELF),
        counted: Quantity::ONE,
    };
    let acknowledged = ChangeAcknowledged {
        order,
        version: 1,
        concern: Concern::ChangedUpstream,
    };
    let broken = LeaseBroken {
        order,
        lease: None,
        fence: 0,
    };
    let raised = ExceptionRaised {
        rule: Rule::LimitExceeded,
        order: Some(order),
        tag: None,
        note: String::new(),
    };
    let begun = ShiftStarted {
        day: day(TODAY),
        checks: Vec::new(),
        steps: Vec::new(),
    };
    let (held, released) = held_and_released();
    let (word, message) = (Word::CallMe, PICK);
    let sent = MessageSent::of(order, word);
    let seen = MessageSeen { order, message };
    let signed_in = ActorSignedIn {
        actor: ANA,
        online: true,
    };
    [
        (agreed.into(), Some(Right::AskCustomer)),
        (sent.into(), Some(Right::AskCustomer)),
        (seen.into(), Some(Right::AskCustomer)),
        (handed.into(), Some(Right::HandOver)),
        (counted.into(), Some(Right::Count)),
        (acknowledged.into(), Some(Right::Acknowledge)),
        (broken.into(), Some(Right::BreakLease)),
        (draws().into(), Some(Right::DrawMap)),
        (raised.into(), Some(Right::Report)),
        (begun.into(), Some(Right::StartShift)),
        (held.into(), Some(Right::Hold)),
        (released.into(), Some(Right::ReleaseHold)),
        // Whoever works here may sign in; the next act tells what for.
        (signed_in.into(), None),
    ]
}

#[test]
fn every_role_has_the_rights_of_the_table_and_no_others() {
    for (right, holders) in MATRIX {
        for (_, role) in PEOPLE {
            assert_eq!(
                role.may(right),
                holders.contains(&role),
                "{role:?} {right:?}"
            );
        }
    }
    let roles: std::collections::BTreeSet<Role> = PEOPLE.iter().map(|(_, role)| *role).collect();
    assert_eq!(roles.len(), 8, "everybody's role is somebody's here");
}

#[test]
fn an_act_is_marked_exactly_when_the_person_or_the_device_may_not_do_it_and_is_kept_whoever_did_it()
{
    let mut shop = Shop::open();
    shop.arrives(FIRST, &[(JARS, 1)]);
    let people = PEOPLE.map(|(id, role)| (id, Some(role).filter(|_| id != OTTO)));
    let everybody = people.into_iter().chain([(NOBODY, None)]);
    for (actor, role) in everybody {
        for (act, right) in acts() {
            let may = right.is_none_or(|right| {
                let holders = MATRIX.iter().find(|(known, _)| *known == right).unwrap().1;
                role.is_some_and(|role| holders.contains(&role))
            });
            for (device, is_late) in [(TABLET, false), (STOLEN, true), (UNKNOWN, true)] {
                let mut shop = shop.clone();
                let before = shop.log.len();
                let rules = shop.did(actor, device, FIRST, act.clone());
                let said = format!("{actor:?} {device} {act:?}: {rules:?}");
                assert_eq!(rules.contains(&Rule::ActorInvalid), !may, "{said}");
                let is_told = rules.contains(&Rule::LateFromClosedDevice);
                assert_eq!(is_told, is_late, "{said}");
                assert_eq!(shop.log.len(), before + 1);
            }
        }
    }
}

#[test]
fn whoever_breaks_into_a_lease_without_the_right_to_takes_nothing_from_anybody() {
    for (actor, role) in PEOPLE {
        let mut shop = Shop::open();
        shop.arrives(FIRST, &[(JARS, 1)]);
        shop.takes(ANA, TABLET, &[FIRST]);
        let claim = shop.order(FIRST).claim.clone().unwrap();
        let broken = LeaseBroken {
            order: FIRST,
            lease: claim.lease,
            fence: claim.fence,
        };
        let may = actor != OTTO && matches!(role, Role::InventoryManager | Role::GeneralManager);
        for (device, counts) in [(STOLEN, false), (UNKNOWN, false), (PHONE, may)] {
            shop.record(actor, device, None, broken);
            let is_taken = shop.order(FIRST).claim.is_none();
            assert_eq!(is_taken, counts, "{role:?} on {device}");
        }
    }
}
