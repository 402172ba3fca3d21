//! `GET /v1/hello`, `POST /v1/enrol`.

use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied, EnrolAnswer, Hello};
use sync_server::ingest::tokens::Doer;

use crate::device::{Device, Key, enrol_ask};
use crate::server::{Folder, Server, make_shop};

fn closed(folder: &Folder) -> Server {
    let token = make_shop(&folder.data());
    Server::open(folder, token, false)
}

fn code(server: &Server) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(server.shop.enrolment_code(None, Doer::default()))
        .unwrap()
}

fn enrol(server: &Server, key: &Key, code: &str) -> Result<EnrolAnswer, DenialCode> {
    let answer = server.post("/v1/enrol", &[], &encode(&enrol_ask(key, code)));
    if answer.status == 200 {
        Ok(answer.cbor())
    } else {
        Err(answer.cbor::<Denied>().code)
    }
}

#[test]
fn the_server_says_who_it_is_before_anybody_asks_for_more() {
    let folder = Folder::new();
    let server = closed(&folder);
    let hello: Hello = server.get("/v1/hello", &[]).cbor();
    assert_eq!(hello.store.to_string(), server.store());
    assert_eq!(hello.name, "Harbor Street");
    assert!(!hello.open_enrolment);
    assert_eq!(server.get("/healthz", &[]).status, 200);
}

#[test]
fn a_code_lets_one_device_in_and_no_second() {
    let folder = Folder::new();
    let server = closed(&folder);
    let code = code(&server);
    // Typed by hand it may lose its hyphens and its capitals.
    let typed = code.to_lowercase().replace('-', " ");
    assert!(enrol(&server, &Key::ed25519(), &typed).is_ok());
    assert_eq!(
        enrol(&server, &Key::ed25519(), &code),
        Err(DenialCode::WrongCode)
    );
}

#[test]
fn a_code_lets_nobody_in_once_its_ten_minutes_are_over() {
    let folder = Folder::new();
    let server = closed(&folder);
    let (early, late) = (code(&server), code(&server));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let passes = |milliseconds: i64| {
        let set = server.shop.change(1, move |work| {
            work.run_ahead(milliseconds);
            Ok(())
        });
        runtime.block_on(set).unwrap();
    };
    // What it takes to ask is no part of the ten minutes.
    passes(10 * 60_000 - 30_000);
    assert!(enrol(&server, &Key::ed25519(), &early).is_ok());
    passes(10 * 60_000 + 1);
    assert_eq!(
        enrol(&server, &Key::ed25519(), &late),
        Err(DenialCode::WrongCode)
    );
}

#[test]
fn without_a_code_nobody_gets_in_unless_the_demo_says_so() {
    let folder = Folder::new();
    let server = closed(&folder);
    for code in ["", "AAAA-BBBB-CCCC"] {
        assert_eq!(
            enrol(&server, &Key::ed25519(), code),
            Err(DenialCode::WrongCode)
        );
    }
    let other = Folder::new();
    let demo = Server::start(&other);
    assert!(enrol(&demo, &Key::ed25519(), "").is_ok());
    assert_eq!(
        enrol(&demo, &Key::ed25519(), "AAAA-BBBB-CCCC"),
        Err(DenialCode::WrongCode)
    );
}

#[test]
fn a_device_that_does_not_hold_the_key_it_brings_is_not_let_in() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut ask = enrol_ask(&Key::ed25519(), "");
    ask.public_key = Key::ed25519().public();
    let answer = server.post("/v1/enrol", &[], &encode(&ask));
    assert_eq!(answer.status, 401);
    assert_eq!(server.post("/v1/enrol", &[], b"not cbor").status, 400);
    assert_eq!(server.post("/v1/enrol", &[], &vec![0; 10_000]).status, 413);
}

#[test]
fn a_device_that_enrols_again_is_the_same_device_with_the_next_number() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let key = Key::p256();
    let first = enrol(&server, &key, "").unwrap();
    let second = enrol(&server, &key, "").unwrap();
    assert_eq!(first.device.id, second.device.id);
    assert_eq!((first.device.generation, second.device.generation), (1, 2));
    assert_ne!(first.boot_token, second.boot_token);
}

#[test]
fn an_open_door_is_not_for_a_device_that_was_revoked() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let key = Key::ed25519();
    let first = enrol(&server, &key, "").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let revoked = runtime.block_on(server.shop.revoke(first.device.id, Doer::default()));
    assert!(revoked.unwrap());
    assert_eq!(enrol(&server, &key, ""), Err(DenialCode::WrongCode));
    // A manager's code lets it in again, as what it was.
    let again = enrol(&server, &key, &code(&server)).unwrap();
    assert_eq!(again.device.id, first.device.id);
    assert!(again.device.active);
}

#[test]
fn a_device_with_either_kind_of_key_can_pull() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    for key in [Key::ed25519(), Key::p256()] {
        let mut device = Device::enrolled_with(server.address, key, "");
        device.pull(&server);
        assert_eq!(device.ledger.packages.len(), 4);
        assert!(device.ledger.devices.contains_key(&device.id));
    }
}
