//! People changed by a manager on a device, by `POST /v1/stores/{store}/devices`.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied, DevicesAct, DevicesAsk, PersonChange, SignInAsk};
use domain::sync::register::{Changed, Register};

use crate::device::Device;
use crate::server::{ANA, ANA_PIN, Answer, Folder, Server};

const MARCUS: ActorId = ActorId(77);
const CORA: ActorId = ActorId(78);
const PIN: &str = "805142";

fn with_others(server: &Server) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (id, name, role) in [
        (MARCUS, "Marcus T.", Role::Associate),
        (CORA, "Cora M.", Role::ComplianceOfficer),
    ] {
        let person = Actor {
            id,
            name: name.to_owned(),
            role,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        };
        let added = server.shop.put_person(person, PIN.to_owned());
        runtime.block_on(added).unwrap();
    }
}

fn change(
    device: &Device,
    server: &Server,
    (actor, pin): (ActorId, &str),
    (person, change): (ActorId, PersonChange),
) -> Answer {
    let path = format!("/v1/stores/{}/devices", device.store);
    let ask = DevicesAsk {
        actor,
        pin: pin.to_owned(),
        act: DevicesAct::Person { person, change },
    };
    device.post(server.address, &path, &encode(&ask))
}

fn sign_in(device: &Device, server: &Server, actor: ActorId, pin: &str) -> Answer {
    let ask = SignInAsk {
        actor,
        pin: pin.to_owned(),
        new_pin: None,
    };
    let path = format!("/v1/stores/{}/sign-in", device.store);
    device.post(server.address, &path, &encode(&ask))
}

fn denied(answer: &Answer) -> DenialCode {
    answer.cbor::<Denied>().code
}

/// The newest change, and whose doing it was.
fn newest(device: &Device, server: &Server) -> (Changed, Option<Doer>) {
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    let register: Register = device.get(server.address, &path).cbor();
    let change = register.changes().swap_remove(0);
    (change.what, change.by)
}

#[test]
fn a_manager_unlocks_a_person_whose_pin_stays_the_same_and_the_log_says_who_did() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_others(&server);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    for _ in 0..10 {
        sign_in(&device, &server, MARCUS, "000001");
    }
    assert_eq!(
        denied(&sign_in(&device, &server, MARCUS, PIN)),
        DenialCode::Locked
    );
    let unlock = (MARCUS, PersonChange::Unlock);
    assert_eq!(change(&device, &server, (ANA, ANA_PIN), unlock).status, 200);
    assert_eq!(sign_in(&device, &server, MARCUS, PIN).status, 200);
    let known = server.shop.directory().actors[&MARCUS].clone();
    assert_eq!((known.pin_changes, known.unlocks), (None, Some(1)));
    assert_eq!(
        newest(&device, &server),
        (Changed::Unlocked(known), Some(Doer::person(ANA)))
    );
}

#[test]
fn a_manager_sends_somebody_away_and_the_log_says_who_did() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_others(&server);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let leave = (MARCUS, PersonChange::Leave);
    assert_eq!(change(&device, &server, (ANA, ANA_PIN), leave).status, 200);
    assert_eq!(
        denied(&sign_in(&device, &server, MARCUS, PIN)),
        DenialCode::UnknownActor
    );
    let (what, by) = newest(&device, &server);
    assert!(matches!(what, Changed::Left(gone) if gone.id == MARCUS));
    assert_eq!(by, Some(Doer::person(ANA)));
}

#[test]
fn nobody_unlocks_himself_and_managers_do_not_send_each_other_away() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_others(&server);
    let device = Device::enrolled(&server);
    let manager = (ANA, ANA_PIN);
    for (person, what) in [
        (ANA, PersonChange::Unlock),
        (ANA, PersonChange::Leave),
        (CORA, PersonChange::Leave),
        (ActorId::SERVER, PersonChange::Leave),
        (ActorId::SERVER, PersonChange::Unlock),
        (ActorId(99), PersonChange::Leave),
        (ActorId(99), PersonChange::Unlock),
    ] {
        let answer = change(&device, &server, manager, (person, what));
        assert_eq!(denied(&answer), DenialCode::NotFound, "{person:?} {what:?}");
    }
    for (actor, pin, expected) in [
        (MARCUS, PIN, DenialCode::UnknownActor),
        (ANA, "000001", DenialCode::WrongPin),
    ] {
        let answer = change(&device, &server, (actor, pin), (CORA, PersonChange::Unlock));
        assert_eq!(denied(&answer), expected);
    }
    let directory = server.shop.directory();
    let actors = [ANA, MARCUS, CORA].map(|who| directory.actors[&who].clone());
    assert!(actors.iter().all(|who| who.active && who.unlocks.is_none()));
}
