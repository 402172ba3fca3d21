//! `POST /v1/stores/{store}/devices`.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::facility::{KeyKind, Purpose};
use domain::id::{ActorId, DeviceId, Hash};
use domain::permit::Holder;
use domain::signature::verifies;
use domain::sync::enrol::{
    DenialCode, Denied, DevicesAct, DevicesAnswer, DevicesAsk, EnrolAnswer, check_code,
    request_hash,
};
use domain::sync::wipe::{WipeOrder, wipe_hash};

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
        unlocks: None,
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
    let nobody = DeviceId([9; 16]);
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

/// What a device wipes itself by: an order to it, in answer to this request, that its server signed.
fn obeyed(device: &Device, generation: u32, request: Hash, denied: &Denied) -> bool {
    let holder = Holder {
        store: device.store,
        device: device.id,
        generation,
    };
    denied.wipe.as_ref().is_some_and(|signed| {
        let hash = wipe_hash(&signed.bytes);
        let key = &device.server_key;
        verifies(KeyKind::Ed25519, key, &hash, &signed.signature)
            && WipeOrder::read(&signed.bytes, holder, request).is_some()
    })
}

/// What a device asks and is denied, and the hash of its request.
fn asked(
    device: &Device,
    server: &Server,
    method: &str,
    path: &str,
    body: &[u8],
) -> (Hash, Answer) {
    let proof = device.proof(method, path, body);
    let of = |name| {
        proof
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
            .as_str()
    };
    let request = request_hash(method, path, of("custody-time"), of("custody-nonce"), body);
    let headers: Vec<_> = proof
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = match method {
        "GET" => server.get(path, &headers),
        _ => server.post(path, &headers, body),
    };
    (request, answer)
}

#[test]
fn the_order_to_wipe_is_signed_for_one_device_one_enrolment_and_the_request_just_made() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let [lost, other] =
        [Key::ed25519(), Key::p256()].map(|key| Device::enrolled_with(server.address, key, ""));
    let path = format!("/v1/stores/{}/pull", lost.store);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for device in [&lost, &other] {
        assert!(
            runtime
                .block_on(server.shop.revoke(device.id, Doer::default()))
                .unwrap()
        );
    }
    let (request, answer) = asked(&lost, &server, "GET", &path, &[]);
    let denied: Denied = answer.cbor();
    assert_eq!(
        (answer.status, denied.code),
        (403, DenialCode::RevokedDevice)
    );
    assert!(obeyed(&lost, 1, request, &denied));
    // Kept back, it answers no later request, no other device and no other enrolment.
    let (later, again) = asked(&lost, &server, "GET", &path, &[]);
    assert!(!obeyed(&lost, 1, later, &denied));
    assert!(obeyed(&lost, 1, later, &again.cbor()));
    assert!(!obeyed(&other, 1, request, &denied));
    assert!(!obeyed(&lost, 2, request, &denied));
    // Nor does one that another server signed, or the server for something else.
    let mut forged = denied.clone();
    forged.wipe.as_mut().unwrap().signature[0] ^= 1;
    assert!(!obeyed(&lost, 1, request, &forged));
    let receipts: domain::sync::message::Signed = {
        let push = encode(&lost.push_from(0));
        let path = format!("/v1/stores/{}/push", lost.store);
        lost.post(server.address, &path, &push).cbor()
    };
    forged.wipe.as_mut().unwrap().signature = receipts.signature;
    assert!(!obeyed(&lost, 1, request, &forged));
    // What is asked by posting is answered like it.
    let path = format!("/v1/stores/{}/claim", other.store);
    let ask = encode(&domain::sync::message::ClaimAsk {
        actor: ANA,
        orders: Vec::new(),
        device: None,
    });
    let (request, answer) = asked(&other, &server, "POST", &path, &ask);
    assert!(obeyed(&other, 1, request, &answer.cbor()));
}

#[test]
fn whoever_does_not_prove_to_be_the_revoked_device_is_given_no_order_to_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let lost = Device::enrolled(&server);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(
        runtime
            .block_on(server.shop.revoke(lost.id, Doer::default()))
            .unwrap()
    );
    let path = format!("/v1/stores/{}/pull", lost.store);
    let mut proof = lost.proof("GET", &path, &[]);
    proof.last_mut().unwrap().1 = "00".repeat(64);
    let headers: Vec<_> = proof
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let denied: Denied = server.get(&path, &headers).cbor();
    assert_eq!(
        (denied.code, denied.wipe),
        (DenialCode::UnknownDevice, None)
    );
    // A boot token proves nothing of a request.
    let path = format!("/v1/stores/{}/sign-in", lost.store);
    let ask = encode(&domain::sync::enrol::SignInAsk {
        actor: ANA,
        pin: ANA_PIN.to_owned(),
        new_pin: None,
    });
    let id = lost.id.to_string();
    let token = sync_server::keys::random::hex(&lost.boot_token);
    let headers = [
        ("custody-device", id.as_str()),
        ("custody-boot", token.as_str()),
    ];
    let denied: Denied = server.post(&path, &headers, &ask).cbor();
    assert_eq!(
        (denied.code, denied.wipe),
        (DenialCode::RevokedDevice, None)
    );
}
