//! What becomes of managers' passkeys is an event of the log.

use domain::custody::passkeys::{PasskeyChange, PasskeysChanged, passkey_hash};
use domain::event::{Body, Envelope};
use domain::id::{ActorId, DeviceId, Position};
use domain::sync::enrol::DenialCode;
use domain::sync::proof::PasskeysAct;

use crate::authenticator::Authenticator;
use crate::browser::{Browser, DANA, GWEN, SHOP, expect, runtime, shop};
use crate::device::Device;
use crate::server::{ANA, Folder, Server};

/// More events than any of these stories has.
const EVENTS_MAX: usize = 10_000;

/// All that the log tells of passkeys, oldest first; every one of them is the server's own word.
fn told(server: &Server) -> Vec<PasskeysChanged> {
    let read = server.shop.change(1, |work| {
        let mut told = Vec::new();
        for logged in work.log().logged_after(Position(0), EVENTS_MAX)? {
            let envelope = Envelope::parse(&logged.recorded.event.bytes).unwrap();
            let body = Body::parse(envelope.kind, &envelope.body).unwrap();
            if let Body::PasskeysChanged(done) = body {
                assert_eq!(envelope.actor.actor, ActorId::SERVER);
                told.push(done);
            }
        }
        Ok(told)
    });
    runtime().block_on(read).unwrap()
}

fn made(actor: ActorId, device: DeviceId, id: &[u8]) -> PasskeysChanged {
    PasskeysChanged {
        actor,
        change: PasskeyChange::Made,
        device: Some(device),
        passkey: Some(passkey_hash(id)),
        vouched: Vec::new(),
        by_code: None,
    }
}

#[test]
fn what_is_made_removed_and_forgotten_is_told_and_what_is_refused_is_not() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let (key, _) = ana.first();
    let first = made(ANA, device.id, &key.id);
    assert_eq!(told(&server), std::slice::from_ref(&first));

    let another = Authenticator::new(SHOP);
    let challenge = ana.begin(None);
    assert_eq!(ana.register(&another, &challenge).status, 200);
    let second = made(ANA, device.id, &another.id);
    // One that is there is registered by nobody else, and nobody removes what he does not have.
    let mut gwen = Browser::of(&server, &device, GWEN);
    let challenge = gwen.begin(None);
    expect(
        &gwen.register(&another, &challenge),
        DenialCode::WrongPasskey,
    );
    let id = b"no passkey".to_vec();
    expect(
        &ana.ask(true, PasskeysAct::Remove { id }),
        DenialCode::NotFound,
    );
    assert_eq!(told(&server), [first.clone(), second.clone()]);

    let id = another.id.clone();
    ana.done(true, PasskeysAct::Remove { id });
    let removed = PasskeysChanged {
        change: PasskeyChange::Removed,
        ..second.clone()
    };
    let forget = || {
        runtime()
            .block_on(server.shop.forget_passkeys(ANA))
            .unwrap()
    };
    assert_eq!((forget(), forget()), (1, 0));
    let forgotten = PasskeysChanged {
        change: PasskeyChange::Forgotten,
        device: None,
        passkey: None,
        ..first.clone()
    };
    assert_eq!(told(&server), [first, second, removed, forgotten]);
}

#[test]
fn a_way_back_names_everybody_who_opened_it() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    ana.first();
    ana.cookie = None;
    let mut gwen = Browser::of(&server, &device, GWEN);
    let mut dana = Browser::of(&server, &device, DANA);
    gwen.first();
    dana.first();
    gwen.done(true, PasskeysAct::Approve { person: ANA });
    dana.done(true, PasskeysAct::Approve { person: ANA });
    assert_eq!(
        told(&server).len(),
        3,
        "a word for somebody is no way back yet"
    );
    let challenge = ana.begin(None);
    let key = Authenticator::new(SHOP);
    let back = ana.register(&key, &challenge);
    assert_eq!(back.status, 200);
    let anew = PasskeysChanged {
        change: PasskeyChange::MadeAnew,
        vouched: vec![GWEN, DANA],
        ..made(ANA, device.id, &key.id)
    };
    assert_eq!(told(&server).last(), Some(&anew));

    let code = ana.done(true, PasskeysAct::Code).code;
    ana.cookie = None;
    gwen.done(true, PasskeysAct::Approve { person: ANA });
    let challenge = ana.begin(code);
    let newer = Authenticator::new(SHOP);
    assert_eq!(ana.register(&newer, &challenge).status, 200);
    let by_code = PasskeysChanged {
        vouched: vec![GWEN],
        by_code: Some(true),
        passkey: Some(passkey_hash(&newer.id)),
        ..anew
    };
    assert_eq!(told(&server).last(), Some(&by_code));
}
