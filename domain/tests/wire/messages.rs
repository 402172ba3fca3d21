//! One message of every kind, with every answer in it that can be given.

use domain::audit::checkpoint::{Checkpoint, KeyRef, Origin};
use domain::custody::sign_in::ChainEnd;
use domain::event::encode;
use domain::facility::{KeyKind, Role};
use domain::id::{Hash, Position};
use domain::label::Media;
use domain::ledger::{EntityKey, EntityKind};
use domain::permit::{Holder, Permit, PermitAnswer, PermitAsk};
use domain::sync::enrol::{
    CustomerCard, DenialCode, Denied, DevicesAct, EnrolAnswer, EnrolAsk, Hello, PersonChange,
    SignInAsk,
};
use domain::sync::message::{
    ChainAnswer, ChainPart, ClaimAnswer, ClaimAsk, ClaimRefused, Cursor, Incarnation, OrderChain,
    Outcome, PullAnswer, Push, PushAnswer, QuarantineReason, Receipt, Recorded, Row, Signed,
    SumsAnswer, VIEW_SCHEMA,
};
use domain::sync::page::{PageName, PageSum, Sum};
use domain::sync::printing::{PrintJob, PrintState, Printer, PrintersAnswer, Trouble};
use domain::sync::register::{Contact, Register};
use domain::sync::scope::ScopeHash;
use domain::sync::snapshot::{Chunk, Gone, Manifest};
use domain::sync::wipe::WipeOrder;
use domain::time::{Day, Millis};
use domain::verdict::Reason;

use super::events::{self, ACTOR, DEVICE, EPOCH, HASH, ORDER, STORE};
use super::managing::{changed, code_wanted, devices_answer, devices_ask, sign_in_answer};
use super::shelf::{Sample, plain};

const LIFE: Incarnation = Incarnation([0x11; 16]);

fn cursor() -> Cursor {
    Cursor {
        incarnation: LIFE,
        position: Position(1_000),
        schema: VIEW_SCHEMA,
        scope: None,
    }
}

/// The cursor of a driver's phone.
fn cursor_of_a_trip() -> Cursor {
    Cursor {
        scope: Some(ScopeHash([0x5c; 16])),
        ..cursor()
    }
}

fn push() -> Push {
    Push {
        chains: vec![
            ChainPart {
                device: DEVICE,
                epoch: EPOCH,
                from: 23,
                events: vec![events::signed()],
                lost: None,
                gone: None,
                after: None,
            },
            // Asks how far the server has the chain.
            ChainPart {
                device: DEVICE,
                epoch: EPOCH,
                from: 24,
                events: Vec::new(),
                lost: None,
                gone: None,
                after: None,
            },
        ],
        cursor: cursor(),
        build: "0.1.0".to_owned(),
    }
}

fn push_answer() -> PushAnswer {
    let outcomes = [
        Outcome::Applied,
        Outcome::AppliedWithExceptions(vec![16_000, 16_001]),
        Outcome::Quarantined(QuarantineReason::NotTheServers),
    ];
    let receipts = (23..).zip(outcomes).map(|(seq, outcome)| Receipt {
        seq,
        position: Position(seq + 1_000),
        outcome,
        hash: HASH,
    });
    PushAnswer {
        store: STORE,
        incarnation: LIFE,
        chains: vec![ChainAnswer {
            device: DEVICE,
            epoch: EPOCH,
            next: 26,
            head: HASH,
            receipts: receipts.collect(),
            lacks: None,
        }],
        head: Position(1_025),
        server_wall: 1_795_608_000_000,
    }
}

fn pull_answer() -> PullAnswer {
    let row = |id: u8, bytes| Row {
        key: EntityKey {
            kind: EntityKind::Order,
            id: vec![id],
        },
        changed: Position(1_001),
        bytes,
    };
    PullAnswer {
        from: Cursor::default(),
        next: cursor(),
        more: true,
        reset: true,
        rows: vec![row(1, Some(vec![0xa0])), row(2, None)],
        server_wall: 0,
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    }
}

const PAGE: PageName = PageName {
    kind: EntityKind::Order,
    number: 63,
};

fn summed_pull_answer() -> PullAnswer {
    PullAnswer {
        more: false,
        reset: false,
        sum: Some(Sum::of_bytes([0x5b; 16])),
        whole: vec![PAGE],
        began: Some(Position(990)),
        ..pull_answer()
    }
}

fn sums_answer() -> SumsAnswer {
    SumsAnswer {
        at: cursor(),
        pages: vec![PageSum {
            page: PAGE,
            sum: Sum::of_bytes([0x5b; 16]),
        }],
    }
}

fn manifest() -> Manifest {
    Manifest {
        store: STORE,
        at: cursor(),
        root: Some(HASH),
        chunks: vec![Chunk {
            hash: HASH,
            bytes: 524_288,
        }],
        made_at: 1_795_608_000_000,
        sum: None,
    }
}

/// As it is since devices add its rows up.
fn summed_manifest() -> Manifest {
    Manifest {
        sum: Some(Sum::of_bytes([0x5b; 16])),
        ..manifest()
    }
}

/// The end of a pull by a reader that said what it has seen.
fn last_pull_answer() -> PullAnswer {
    PullAnswer {
        more: false,
        reset: false,
        rows: Vec::new(),
        head: Some(sheet(1_000)),
        proof: Some(vec![HASH, Hash([0xfe; 32])]),
        ..pull_answer()
    }
}

/// A signed head, co-signed by a device.
pub fn sheet(size: u64) -> String {
    let origin = Origin {
        store: STORE,
        incarnation: LIFE,
    };
    let root = HASH;
    let key = KeyRef {
        kind: KeyKind::Ed25519,
        bytes: &[0x33; 32],
    };
    let mut note = Checkpoint { origin, size, root }.signed(key, &[0x44; 64]);
    note.add_witness(DEVICE, key, &[0x55; 64]);
    note.render()
}

fn order_chain() -> OrderChain {
    OrderChain {
        order: ORDER,
        events: vec![Recorded {
            position: Position(9),
            recorded_at: 1_795_608_000_000,
            event: events::signed(),
            outcome: Outcome::Applied,
            subject: true,
        }],
    }
}

fn claim_answer() -> ClaimAnswer {
    let refused = |holder| ClaimRefused {
        order: ORDER,
        reason: Reason::SomebodyElses,
        holder,
    };
    ClaimAnswer {
        granted: vec![ORDER],
        refused: vec![refused(Some(ACTOR)), refused(None)],
        position: Position(7),
    }
}

/// A chain with a hole, which goes on after another.
fn torn_push() -> Push {
    let part = ChainPart {
        device: DEVICE,
        epoch: EPOCH,
        from: 2,
        events: vec![events::signed()],
        lost: Some(true),
        gone: Some(1),
        after: Some(ChainEnd {
            epoch: EPOCH,
            seq: 255,
            hash: HASH,
        }),
    };
    Push {
        chains: vec![part],
        ..push()
    }
}

/// What is said between devices and server.
pub fn all() -> Vec<Sample> {
    let mut all = vec![
        plain("cursor", &cursor()),
        plain("cursor-scope", &cursor_of_a_trip()),
        plain("push", &push()),
        plain("push-torn", &torn_push()),
        plain("push-answer", &push_answer()),
        plain("pull-answer", &pull_answer()),
        plain("pull-answer-head", &last_pull_answer()),
        plain("pull-answer-last", &summed_pull_answer()),
        plain("sums-answer", &sums_answer()),
        plain("gone", &Gone { incarnation: LIFE }),
        plain("manifest", &manifest()),
        plain("manifest-summed", &summed_manifest()),
        plain(
            "signed",
            &Signed {
                bytes: vec![0xa0],
                signature: vec![0x5e; 64],
            },
        ),
        plain(
            "claim-ask",
            &ClaimAsk {
                actor: ACTOR,
                orders: vec![ORDER, ORDER],
                device: None,
            },
        ),
        plain(
            "claim-ask-device",
            &ClaimAsk {
                actor: ACTOR,
                orders: vec![ORDER],
                device: Some(DEVICE),
            },
        ),
        plain("claim-answer", &claim_answer()),
        plain("order-chain", &order_chain()),
    ];
    all.extend(managing());
    all.extend(enrolment());
    all.extend(customers());
    all.extend(permits());
    all.extend(printers());
    all.extend(super::proof::all());
    all
}

/// What a manager asks.
fn managing() -> Vec<Sample> {
    vec![
        plain("devices-ask-code", &devices_ask(code_wanted())),
        plain(
            "devices-ask-revoke",
            &devices_ask(DevicesAct::Revoke { device: DEVICE }),
        ),
        plain(
            "devices-ask-unlock",
            &devices_ask(changed(PersonChange::Unlock)),
        ),
        plain(
            "devices-ask-leave",
            &devices_ask(changed(PersonChange::Leave)),
        ),
    ]
}

fn enrolment() -> Vec<Sample> {
    let denied = |tries_left| Denied {
        tries_left,
        ..DenialCode::WrongPin.into()
    };
    let holder = Holder {
        store: STORE,
        device: DEVICE,
        generation: 2,
    };
    let order = WipeOrder::to(holder, HASH, Millis(1_795_608_000_000));
    let revoked = Denied {
        wipe: Some(Signed {
            bytes: order.to_bytes(),
            signature: vec![0x52; 64],
        }),
        ..DenialCode::RevokedDevice.into()
    };
    vec![
        plain(
            "hello",
            &Hello {
                store: STORE,
                name: "Green Door".to_owned(),
                incarnation: LIFE,
                server_key: vec![0x5a; 32],
                open_enrolment: true,
                build: "0.1.0".to_owned(),
                server_wall: 1_795_608_000_000,
            },
        ),
        plain(
            "enrol-ask",
            &EnrolAsk {
                code: "ABCD-EFGH-JKLM".to_owned(),
                name: "Vault tablet".to_owned(),
                key_kind: KeyKind::Ed25519,
                public_key: vec![0x7b; 32],
                proof: vec![0x5e; 64],
            },
        ),
        plain(
            "enrol-answer",
            &EnrolAnswer {
                store: STORE,
                device: events::device(),
                server_key: vec![0x5a; 32],
                boot_token: vec![0xb0; 32],
            },
        ),
        plain("sign-in-ask", &sign_in_ask(None)),
        plain("sign-in-ask-new-pin", &sign_in_ask(Some("80514297"))),
        plain("sign-in-answer", &sign_in_answer(None)),
        plain("sign-in-answer-changed", &sign_in_answer(Some(2))),
        plain("devices-answer", &devices_answer(true)),
        plain("devices-answer-bare", &devices_answer(false)),
        plain("register", &register()),
        plain("denied", &denied(Some(3))),
        plain("denied-bare", &denied(None)),
        plain("denied-wipe", &revoked),
        plain("wipe-order", &order),
    ]
}

fn customers() -> [Sample; 3] {
    let card = |note| CustomerCard {
        short_name: "Zoë B.".to_owned(),
        label_name: "Zoë Beispiel".to_owned(),
        note,
        seal: None,
    };
    let later = CustomerCard {
        seal: Some(vec![0x5e; 32]),
        ..card(None)
    };
    [
        plain("customer-card", &card(Some("No nuts".to_owned()))),
        plain("customer-card-bare", &card(None)),
        plain("customer-card-later", &later),
    ]
}

fn printers() -> Vec<Sample> {
    let job = |trouble: Option<Trouble>| PrintJob {
        order: ORDER,
        copy: 2,
        printer: "Bench 1".to_owned(),
        state: PrintState::OutOfPaper,
        trouble,
    };
    let answer = PrintersAnswer {
        printers: vec![Printer {
            name: "Bench 1".to_owned(),
            media: Media::default(),
        }],
        jobs: vec![job(Some(Trouble::Paper)), job(None)],
    };
    vec![
        plain("printers-answer", &answer),
        plain("printers-answer-bare", &PrintersAnswer::default()),
    ]
}

fn permits() -> Vec<Sample> {
    vec![
        plain(
            "permit-ask",
            &PermitAsk {
                actors: vec![ACTOR],
                nonce: [0x0e; 16],
            },
        ),
        plain("permit", &permit()),
        plain(
            "permit-answer",
            &PermitAnswer {
                permits: vec![Signed {
                    bytes: encode(&permit()),
                    signature: vec![0x51; 64],
                }],
            },
        ),
    ]
}

fn permit() -> Permit {
    let issued = Millis(1_795_608_000_000);
    Permit {
        store: STORE,
        device: DEVICE,
        generation: 2,
        actor: ACTOR,
        role: Role::GeneralManager,
        serial: 7,
        issued,
        effective: Day(20_786),
        rules: HASH,
        decisions_until: issued.plus(43_200_000),
        customers_until: issued.plus(86_400_000),
        capture_until: issued.plus(1_209_600_000),
        nonce: [0x0e; 16],
    }
}

fn sign_in_ask(new_pin: Option<&str>) -> SignInAsk {
    SignInAsk {
        actor: ACTOR,
        pin: "493817".to_owned(),
        new_pin: new_pin.map(str::to_owned),
    }
}

fn register() -> Register {
    Register {
        facts: order_chain().events,
        more: true,
        contacts: vec![Contact {
            device: DEVICE,
            at: 1_795_608_000_000,
        }],
    }
}
