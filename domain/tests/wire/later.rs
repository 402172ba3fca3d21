//! What was added to a kind of event after it was released, and kinds that came later.

use domain::custody::agree::{Asked, ShortAgreed, WithoutUnits};
use domain::custody::allocate::LinesAllocated;
use domain::custody::arrive::{OrderArrived, OrderChanged};
use domain::custody::draw_map::MapDrawn;
use domain::custody::found::ShortWithdrawn;
use domain::custody::hand_off::{IdCheck, IdSeen, OrderHandedOff};
use domain::custody::label::{LabelPrinted, ReprintReason};
use domain::custody::limit::{CameTo, Judged};
use domain::custody::passkeys::{PasskeyChange, PasskeysChanged, passkey_hash};
use domain::custody::pick::PickVoided;
use domain::custody::secrets::{SecretChange, SecretChanged};
use domain::custody::set_up::{ActorAdded, DeviceEnrolled, Doer};
use domain::custody::short::{Missed, ShortReason};
use domain::custody::sign_for::SignedFor;
use domain::custody::tell::{MessageSent, Word};
use domain::custody::tokens::{TokenChange, TokenChanged, TokenScope};
use domain::custody::verify::{TicketRead, UnitVerified};
use domain::custody::wiped::DeviceWiped;
use domain::event::{Body, Sealed};
use domain::facility::{Actor, Device};
use domain::id::{ActorId, Hash};
use domain::identity::CheckedBy;
use domain::label::{Language, Media};
use domain::limits::Program;
use domain::order::Buyer;
use domain::sync::wipe::Wiped;
use domain::time::{Day, Millis};

use super::events::{self, ACTOR, DEVICE, EVENT, HASH, ORDER, STORE};
use super::trouble::vault;

/// Facts with what was added to their kind after it was released.
pub fn ones() -> Vec<Body> {
    let check = IdCheck {
        by: CheckedBy::Eye,
        likeness: Some(1_000),
        name_seen: true,
        under_21_format: true,
        card: Some(HASH),
        patient_card: None,
    };
    let handed_off = OrderHandedOff {
        order: ORDER,
        bag: "CUSX0D482X7".to_owned(),
        id: IdSeen {
            seen: true,
            age_min: 21,
            check: Some(check),
        },
        judged: None,
        signed: None,
    };
    let mut all = vec![handed_off.clone().into()];
    all.extend(judged(handed_off.clone()));
    all.push(on_a_printer().into());
    all.push(signed_for(handed_off.clone()).into());
    all.push(drawn_over_another().into());
    all.push(done_without().into());
    all.push(unlocked());
    all.push(revoked());
    all.push(in_a_car().into());
    all.push(to_a_patient(handed_off, check).into());
    all
}

/// A patient's card was seen.
fn to_a_patient(handed_off: OrderHandedOff, check: IdCheck) -> OrderHandedOff {
    let check = IdCheck {
        patient_card: Some(true),
        ..check
    };
    OrderHandedOff {
        id: IdSeen {
            check: Some(check),
            ..handed_off.id
        },
        ..handed_off
    }
}

/// A customer waits in a car.
fn in_a_car() -> MessageSent {
    MessageSent {
        car: Some(Sealed {
            commitment: HASH,
            ciphertext: vec![0x5a; 40],
        }),
        ..MessageSent::of(ORDER, Word::CustomerHere)
    }
}

/// Who reported a package missing, and why.
pub fn missed() -> Missed {
    Missed {
        reason: ShortReason::Damaged,
        actor: ACTOR,
        event: EVENT,
        units: None,
        spare: None,
    }
}

/// The same of a spare, in a form that can be undone.
pub fn missed_as_a_spare() -> Missed {
    Missed {
        units: Some(2),
        spare: Some(true),
        ..missed()
    }
}

/// What was missing is there.
pub fn found_after_all() -> Body {
    ShortWithdrawn {
        order: ORDER,
        line: 1,
        tag: events::tag(),
        report: EVENT,
    }
    .into()
}

/// What a customer does without, as apps said it first.
pub fn without() -> WithoutUnits {
    WithoutUnits {
        line: 1,
        units: 2,
        missed: None,
    }
}

/// A customer does without what a picker missed.
fn done_without() -> ShortAgreed {
    ShortAgreed {
        order: ORDER,
        without: vec![WithoutUnits {
            line: 1,
            units: 0,
            missed: Some(2),
        }],
        asked: Asked::ByPhone,
    }
}

/// A map drawn over another, by whoever had looked at a third.
fn drawn_over_another() -> MapDrawn {
    MapDrawn {
        vault: vault(),
        over: Some(HASH),
        settles: Some(Hash([0xcd; 32])),
    }
}

/// A customer signed on the screen.
fn signed_for(handed_off: OrderHandedOff) -> OrderHandedOff {
    OrderHandedOff {
        signed: Some(SignedFor {
            drawn: Some(Sealed {
                commitment: HASH,
                ciphertext: vec![0x5a; 40],
            }),
        }),
        ..handed_off
    }
}

/// A label for one of the shop's printers, under a state's rules.
fn on_a_printer() -> LabelPrinted {
    LabelPrinted {
        order: ORDER,
        code: "CUSX0D482X7".to_owned(),
        content: HASH,
        copy: 2,
        reason: Some(ReprintReason::Lost),
        rules: Some(HASH),
        language: Some(Language::Spanish),
        media: Media::parse("2.25x1.25", 300),
        printer: Some("Bench 1".to_owned()),
        sold: Some("11/24/2026 2:12 pm".to_owned()),
    }
}

/// What purchase limits decided.
pub fn judged_by(came_to: CameTo) -> Judged {
    Judged {
        pack: HASH,
        day: Day(20_782),
        came_to,
        by_hand: (came_to == CameTo::Unknown).then_some(true),
    }
}

/// For whom an order is.
pub fn buyer() -> Buyer {
    Buyer {
        program: Some(Program::Medical),
        who: Some(HASH),
    }
}

/// Facts with what purchase limits said of them.
fn judged(handed_off: OrderHandedOff) -> Vec<Body> {
    let all = events::all_at_first();
    let judged = |body: Body| match body {
        Body::OrderArrived(done) => Some(Body::from(OrderArrived {
            buyer: Some(buyer()),
            ..done
        })),
        Body::OrderChanged(done) => Some(Body::from(OrderChanged {
            buyer: Some(buyer()),
            ..done
        })),
        Body::LinesAllocated(done) => Some(Body::from(LinesAllocated {
            judged: Some(judged_by(CameTo::Over)),
            ..done
        })),
        Body::PickVoided(done) => Some(Body::from(PickVoided {
            judged: Some(judged_by(CameTo::Over)),
            ..done
        })),
        Body::TicketRead(done) => Some(Body::from(TicketRead {
            judged: Some(judged_by(CameTo::Within)),
            ..done
        })),
        Body::UnitVerified(done) => Some(Body::from(UnitVerified {
            judged: Some(judged_by(CameTo::Newer(9))),
            ..done
        })),
        _ => None,
    };
    let mut facts: Vec<Body> = all.into_iter().filter_map(judged).collect();
    facts.push(
        OrderHandedOff {
            judged: Some(judged_by(CameTo::Unknown)),
            ..handed_off
        }
        .into(),
    );
    facts
}

/// A manager who had lost every passkey was let in again.
pub fn passkeys_changed() -> Body {
    PasskeysChanged {
        actor: ACTOR,
        change: PasskeyChange::MadeAnew,
        device: Some(DEVICE),
        passkey: Some(passkey_hash(b"number")),
        vouched: vec![ActorId(4), ActorId(301)],
        by_code: Some(true),
    }
    .into()
}

/// Whoever runs the server forgot a manager's passkeys.
pub fn passkeys_forgotten() -> Body {
    PasskeysChanged {
        actor: ACTOR,
        change: PasskeyChange::Forgotten,
        device: None,
        passkey: None,
        vouched: Vec::new(),
        by_code: None,
    }
    .into()
}

/// A secret of an outside system was kept in place of another.
pub fn secret_changed() -> Body {
    SecretChanged {
        name: "metrc/ca/user-key".to_owned(),
        change: SecretChange::Replaced,
        operator: Some("root".to_owned()),
    }
    .into()
}

/// One was forgotten, and the machine names nobody who did it.
pub fn secret_forgotten() -> Body {
    SecretChanged {
        name: "pos/webhook".to_owned(),
        change: SecretChange::Forgotten,
        operator: None,
    }
    .into()
}

/// A code was made, with everything that can be said of one.
pub fn token_made() -> Body {
    TokenChanged {
        name: "orders".to_owned(),
        scope: TokenScope::Recovery,
        change: TokenChange::Made,
        operator: Some("root".to_owned()),
        actor: Some(ActorId(9)),
        whose: Some(ActorId(9)),
    }
    .into()
}

/// A token was withdrawn, and the machine names nobody who did it.
pub fn token_withdrawn_by_nobody() -> Body {
    TokenChanged {
        change: TokenChange::Withdrawn,
        ..TokenChanged::made("till", TokenScope::Orders)
    }
    .into()
}

/// A revoked device has forgotten what it held.
pub fn device_wiped() -> Body {
    let told = Wiped {
        store: STORE,
        device: DEVICE,
        generation: 2,
        ordered: Some(Millis(1_795_608_000_000)),
        wiped: Millis(1_795_608_001_000),
        acts: 300,
    };
    DeviceWiped {
        device: DEVICE,
        statement: told.to_bytes(),
        signature: vec![0xab; 64],
    }
    .into()
}

/// A person whose PIN was changed.
pub fn changed_pin() -> Body {
    let actor = Actor {
        pin_changes: Some(3),
        ..events::actor()
    };
    ActorAdded::from(actor).into()
}

/// A person whom a manager unlocked.
fn unlocked() -> Body {
    ActorAdded {
        by: Some(Box::new(Doer::person(ACTOR))),
        ..ActorAdded::from(Actor {
            unlocks: Some(2),
            ..events::actor()
        })
    }
    .into()
}

/// A device that somebody at the server revoked.
fn revoked() -> Body {
    let device = Device {
        active: false,
        ..events::device()
    };
    DeviceEnrolled {
        device,
        by: Some(Box::new(Doer::at_the_server(Some("root".to_owned())))),
    }
    .into()
}
