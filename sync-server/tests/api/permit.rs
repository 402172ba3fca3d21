//! `POST /v1/stores/{store}/permit`.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::facility::{KeyKind, Role};
use domain::id::{ActorId, DeviceId};
use domain::permit::{
    Holder, PERMIT_ACTORS_MAX, Permit, PermitAnswer, PermitAsk, Permitted, Watch, permit_hash,
};
use domain::signature::verifies;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::Signed;
use sync_server::rules;

use crate::device::{Device, enrol_ask};
use crate::server::{ANA, ANA_PIN, AVERY, Answer, Folder, Server};

const AVERYS_PIN: &str = "805142";
const NONCE: [u8; 16] = [5; 16];

fn ask(device: &Device, server: &Server, actors: &[ActorId]) -> Answer {
    let ask = PermitAsk {
        actors: actors.to_vec(),
        nonce: NONCE,
    };
    let path = format!("/v1/stores/{}/permit", device.store);
    device.post(server.address, &path, &encode(&ask))
}

/// The permits of an answer, each checked against the pinned key.
fn permits(device: &Device, answer: &Answer) -> Vec<Permit> {
    assert_eq!(answer.status, 200);
    let holder = Holder {
        store: device.store,
        device: device.id,
        generation: 1,
    };
    let PermitAnswer { permits } = answer.cbor();
    let read = |signed: Signed| {
        let hash = permit_hash(&signed.bytes);
        let key = &device.server_key;
        assert!(verifies(KeyKind::Ed25519, key, &hash, &signed.signature));
        Permit::read(&signed.bytes, holder).unwrap()
    };
    permits.into_iter().map(read).collect()
}

fn set_active(server: &Server, actor: ActorId, active: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let set = server.shop.set_active(actor, active, Doer::default());
    assert!(runtime.block_on(set).unwrap());
}

#[test]
fn whoever_works_here_gets_a_permit_signed_by_the_server_for_as_long_as_the_rules_say() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let given = permits(&device, &ask(&device, &server, &[ANA, ActorId(99)]));
    let [permit] = given.as_slice() else {
        panic!("{given:?}");
    };
    let rules = rules::permits();
    assert_eq!((permit.actor, permit.nonce), (ANA, NONCE));
    assert_eq!(permit.role, Role::GeneralManager);
    assert_eq!(permit.rules, rules.file);
    assert_eq!(
        permit.decisions_until.since(permit.issued),
        rules.decisions_ms
    );
    assert_eq!(
        permit.customers_until.since(permit.issued),
        rules.customers_ms
    );
    assert_eq!(permit.capture_until.since(permit.issued), rules.capture_ms);
    // The next one is a later one, and outlasts a start of the server.
    let token = server.stop();
    let server = Server::open(&folder, token, false);
    let later = permits(&device, &ask(&device, &server, &[ANA]));
    assert_eq!(later[0].serial, permit.serial + 1);
}

#[test]
fn who_does_not_work_here_any_more_gets_none() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let changed = server
        .shop
        .change_pin(AVERY, AVERYS_PIN.to_owned(), Doer::default());
    assert!(runtime.block_on(changed).unwrap());
    device.proves(&server, AVERY, AVERYS_PIN);
    set_active(&server, ANA, false);
    let answer = ask(&device, &server, &[ANA, AVERY, ActorId::SERVER]);
    let given = permits(&device, &answer);
    assert_eq!(given.len(), 1);
    assert_eq!((given[0].actor, given[0].role), (AVERY, Role::FrontOfHouse));
}

#[test]
fn a_device_gets_none_for_somebody_who_was_never_there() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let (thiefs, hers) = (Device::enrolled(&server), Device::enrolled(&server));
    hers.proves(&server, ANA, ANA_PIN);
    let given = |device: &Device| permits(device, &ask(device, &server, &[ANA])).len();
    assert_eq!((given(&thiefs), given(&hers)), (0, 1));
    // Nor does asking for it make anybody known there.
    let path = format!("/v1/stores/{}/register?actor={}", thiefs.store, ANA.0);
    assert_eq!(thiefs.get(server.address, &path).status, 403);
}

#[test]
fn whoever_had_a_permit_before_proofs_were_noted_is_not_turned_away() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let id = device.id;
    // What a server of before kept of her here, and nothing else.
    of_before(&server, id, true);
    assert_eq!(permits(&device, &ask(&device, &server, &[ANA])).len(), 1);
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    assert_eq!(device.get(server.address, &path).status, 200);
    // Which enrolment it was for nobody noted: it counts until the device is enrolled again.
    enrol_again(&device, &server);
    of_before(&server, id, false);
    assert_eq!(permits_of(&device, &server, 2), 0);
    assert_eq!(device.get(server.address, &path).status, 403);
}

/// Ana's permit as it was kept before it said for which enrolment it was, on a device of then or of now.
fn of_before(server: &Server, id: DeviceId, device_too: bool) {
    let kept = server.shop.change(1, move |work| {
        let of_before = Permitted {
            serial: 1,
            ..Permitted::default()
        };
        work.log().put_permitted((id, ANA), &encode(&of_before))?;
        let unwatched = encode(&Watch::default());
        match device_too {
            true => work.log().put_permitted((id, ActorId::SERVER), &unwatched),
            false => Ok(()),
        }
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(kept).unwrap();
}

fn enrol_again(device: &Device, server: &Server) {
    let ask = encode(&enrol_ask(&device.key, ""));
    assert_eq!(server.post("/v1/enrol", &[], &ask).status, 200);
}

/// How many permits Ana gets, each of this enrolment.
fn permits_of(device: &Device, server: &Server, generation: u32) -> usize {
    let PermitAnswer { permits } = ask(device, server, &[ANA]).cbor();
    let holder = Holder {
        store: device.store,
        device: device.id,
        generation,
    };
    let is_its = |one: &Signed| Permit::read(&one.bytes, holder).is_some();
    assert!(permits.iter().all(is_its));
    permits.len()
}

#[test]
fn a_permit_of_an_earlier_enrolment_proves_nothing_in_this_one() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    assert_eq!(permits_of(&device, &server, 1), 1);
    enrol_again(&device, &server);
    // Whoever enrolled it may be somebody else than whom it was given to before.
    assert_eq!(permits_of(&device, &server, 2), 0);
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    assert_eq!(device.get(server.address, &path).status, 403);
    device.proves(&server, ANA, ANA_PIN);
    assert_eq!(permits_of(&device, &server, 2), 1);
    assert_eq!(device.get(server.address, &path).status, 200);
}

#[test]
fn a_revoked_device_gets_none_and_too_many_people_are_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let crowd: Vec<ActorId> = (0..).map(ActorId).take(PERMIT_ACTORS_MAX + 1).collect();
    let answer = ask(&device, &server, &crowd);
    assert_eq!(answer.status, 413);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::TooLarge);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(server.shop.revoke(device.id, Doer::default()))
        .unwrap();
    let answer = ask(&device, &server, &[ANA]);
    assert_eq!(answer.status, 403);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::RevokedDevice);
}
