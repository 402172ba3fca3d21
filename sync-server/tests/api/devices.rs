//! `POST /v1/stores/{store}/devices`.

use domain::event::encode;
use domain::facility::Purpose;
use domain::id::ActorId;
use domain::sync::enrol::{
    DenialCode, Denied, DevicesAct, DevicesAnswer, DevicesAsk, EnrolAnswer, check_code,
};

use crate::device::{Device, Key, enrol_ask};
use crate::server::{ANA, ANA_PIN, AVERY, Answer, Folder, Server};

const ASSOCIATE: ActorId = ActorId(77);
const ASSOCIATE_PIN: &str = "805142";

fn ask(device: &Device, server: &Server, actor: ActorId, pin: &str, act: DevicesAct) -> Answer {
    let path = format!("/v1/stores/{}/devices", device.store);
    let pin = pin.to_owned();
    device.post(
        server.address,
        &path,
        &encode(&DevicesAsk { actor, pin, act }),
    )
}

fn code(drivers_phone: bool) -> DevicesAct {
    DevicesAct::Code {
        drivers_phone,
        address: "https://shop.example/#enrol=".to_owned(),
    }
}

fn denied(answer: &Answer) -> DenialCode {
    assert_eq!(answer.status / 100, 4);
    answer.cbor::<Denied>().code
}

fn with_an_associate(server: &Server) {
    let associate = domain::facility::Actor {
        id: ASSOCIATE,
        name: "Marcus T.".to_owned(),
        role: domain::facility::Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let added = server.shop.put_person(associate, ASSOCIATE_PIN.to_owned());
    runtime.block_on(added).unwrap();
}

#[test]
fn a_manager_makes_a_code_that_lets_one_device_in_and_both_show_the_same_six_digits() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let answer = ask(&device, &server, ANA, ANA_PIN, code(true));
    assert_eq!(answer.status, 200);
    let made = answer.cbor::<DevicesAnswer>().code.unwrap();
    assert!(made.side > 20 && made.lasts == 600_000);
    let key = Key::ed25519();
    let typed = made.code.to_lowercase().replace('-', "");
    let enrol = |key: &Key| server.post("/v1/enrol", &[], &encode(&enrol_ask(key, &typed)));
    let enrolled: EnrolAnswer = enrol(&key).cbor();
    assert_eq!(enrolled.device.purpose, Some(Purpose::DriversPhone));
    let known = server.shop.directory().devices[&enrolled.device.id].clone();
    let (here, there) = (
        check_code(&made.code, &known.public_key),
        check_code(&typed, &enrolled.device.public_key),
    );
    assert_eq!(here, there);
    assert_eq!(here.len(), 6);
    // Another device, or another code, shows other digits.
    assert_ne!(here, check_code(&made.code, &[7; 32]));
    assert_ne!(here, check_code("AAAA", &known.public_key));
    assert_eq!(denied(&enrol(&Key::ed25519())), DenialCode::WrongCode);
}

#[test]
fn a_code_needs_a_managers_own_pin_whatever_the_device_says() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_an_associate(&server);
    let device = Device::enrolled(&server);
    for (actor, pin, expected) in [
        (ANA, "000001", DenialCode::WrongPin),
        (ANA, "", DenialCode::WrongPin),
        (ANA, "000000000", DenialCode::Unreadable),
        (ASSOCIATE, ASSOCIATE_PIN, DenialCode::UnknownActor),
        (AVERY, ANA_PIN, DenialCode::UnknownActor),
        (ActorId::SERVER, ANA_PIN, DenialCode::UnknownActor),
        (ActorId(99), ANA_PIN, DenialCode::UnknownActor),
    ] {
        let answer = ask(&device, &server, actor, pin, code(false));
        assert_eq!(denied(&answer), expected, "{actor:?} {pin}");
    }
    // Wrong ones count like those of a sign-in, and lock.
    for _ in 0..8 {
        ask(&device, &server, ANA, "000001", code(false));
    }
    let answer = ask(&device, &server, ANA, ANA_PIN, code(false));
    assert_eq!(denied(&answer), DenialCode::Locked);
}

#[test]
fn a_lost_device_is_revoked_at_once_and_nobody_revokes_what_is_not_there() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let lost = Device::enrolled(&server);
    let revoke = |device_id| DevicesAct::Revoke { device: device_id };
    let path = format!("/v1/stores/{}/pull", lost.store);
    assert_eq!(lost.get(server.address, &path).status, 200);
    let answer = ask(&device, &server, ANA, ANA_PIN, revoke(lost.id));
    assert_eq!(
        (answer.status, answer.cbor::<DevicesAnswer>().code),
        (200, None)
    );
    assert_eq!(
        denied(&lost.get(server.address, &path)),
        DenialCode::RevokedDevice
    );
    // A revoked device makes no codes.
    let answer = ask(&lost, &server, ANA, ANA_PIN, code(false));
    assert_eq!(denied(&answer), DenialCode::RevokedDevice);
    let nobody = domain::id::DeviceId([9; 16]);
    let answer = ask(&device, &server, ANA, ANA_PIN, revoke(nobody));
    assert_eq!(denied(&answer), DenialCode::NotFound);
    let server_itself = server
        .shop
        .directory()
        .devices
        .values()
        .find(|known| known.is_server)
        .map(|known| known.id);
    let answer = ask(
        &device,
        &server,
        ANA,
        ANA_PIN,
        revoke(server_itself.unwrap()),
    );
    assert_eq!(denied(&answer), DenialCode::NotFound);
}
