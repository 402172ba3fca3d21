//! `GET /v1/stores/{store}/register`, and the same on the command line.

use domain::custody::set_up::Doer;
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::register::{Change, Changed, Register};

use crate::command_line::{custody, custody_told, said};
use crate::device::{Device, Key};
use crate::server::{ANA, ANA_PIN, Answer, Folder, Server, make_shop};

const ASSOCIATE: ActorId = ActorId(77);
const PIN: &str = "805142";
/// More than a minute of the server's clock, by which a test may run.
const SOON: i64 = 120_000;

fn ask(device: &Device, server: &Server, actor: ActorId) -> Answer {
    let path = format!("/v1/stores/{}/register?actor={}", device.store, actor.0);
    device.get(server.address, &path)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

/// Somebody whose name is written to be more than a name.
fn hostile() -> Actor {
    Actor {
        id: ASSOCIATE,
        name: "=cmd()\u{1b}[2J".to_owned(),
        role: Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    }
}

fn with_hostile(server: &Server) {
    let added = server.shop.put_person(hostile(), PIN.to_owned());
    runtime().block_on(added).unwrap();
}

#[test]
fn whoever_answers_for_people_sees_when_somebody_left_and_when_each_device_was_last_heard_of() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_hostile(&server);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let silent = Device::enrolled(&server);
    runtime()
        .block_on(server.shop.set_active(ASSOCIATE, false, Doer::default()))
        .unwrap();
    runtime()
        .block_on(server.shop.revoke(silent.id, Doer::default()))
        .unwrap();
    // A contact is noted beside the request that made it.
    let register = loop {
        let answer = ask(&device, &server, ANA);
        assert_eq!(answer.status, 200);
        let register: Register = answer.cbor();
        if !register.contacts.is_empty() {
            break register;
        }
    };
    let now = sync_server::clock::now_ms();
    let told: Vec<Change> = register.changes();
    let newest: Vec<&Changed> = told.iter().take(4).map(|change| &change.what).collect();
    let [
        Changed::Revoked(gone),
        Changed::Left(left),
        Changed::Enrolled(_),
        Changed::Enrolled(_),
    ] = newest[..]
    else {
        panic!("{newest:?}");
    };
    assert_eq!((gone.id, left.id), (silent.id, ASSOCIATE));
    assert!((now - SOON..=now).contains(&told[1].at), "{told:?}");
    let came =
        |change: &Change| matches!(&change.what, Changed::Came(actor) if actor.id == ASSOCIATE);
    assert!(told.iter().any(came));
    let heard = register.heard_of(device.id).unwrap();
    assert!((now - SOON..=now).contains(&heard));
    assert_eq!(register.heard_of(silent.id), None);
}

#[test]
fn nobody_else_is_shown_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    with_hostile(&server);
    let device = Device::enrolled(&server);
    device.proves(&server, ASSOCIATE, PIN);
    for actor in [ASSOCIATE, ActorId::SERVER, ActorId(99)] {
        let denied: Denied = ask(&device, &server, actor).cbor();
        assert_eq!(denied.code, DenialCode::UnknownActor, "{actor:?}");
    }
    let mut stranger = Device::enrolled(&server);
    stranger.key = Key::ed25519();
    let denied: Denied = ask(&stranger, &server, ANA).cbor();
    assert_eq!(denied.code, DenialCode::UnknownDevice);
}

#[test]
fn whoever_has_a_devices_key_is_not_the_manager_whom_it_names() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let thiefs = Device::enrolled(&server);
    let denied: Denied = ask(&thiefs, &server, ANA).cbor();
    assert_eq!(denied.code, DenialCode::UnknownActor);
    // On another device she has been; that says nothing of this one.
    let hers = Device::enrolled(&server);
    hers.proves(&server, ANA, ANA_PIN);
    assert_eq!(ask(&hers, &server, ANA).status, 200);
    assert_eq!(ask(&thiefs, &server, ANA).status, 403);
    // A start of the server forgets nothing; another PIN ends what was proven by the one before.
    let token = server.stop();
    let server = Server::open(&folder, token, false);
    assert_eq!(ask(&hers, &server, ANA).status, 200);
    let changed = server.shop.change_pin(ANA, PIN.to_owned(), Doer::default());
    assert!(runtime().block_on(changed).unwrap());
    assert_eq!(ask(&hers, &server, ANA).status, 403);
    hers.proves(&server, ANA, PIN);
    assert_eq!(ask(&hers, &server, ANA).status, 200);
}

#[test]
fn a_hostile_name_is_just_a_name_in_a_terminal_and_in_a_spreadsheet() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let words = [
        "user",
        "add",
        "--role",
        "associate",
        "--pin-from-stdin",
        "--name",
    ];
    said(&custody_told(
        &folder,
        &[&words[..], &["=cmd()\u{202e}\"x"]].concat(),
        PIN,
    ));
    let lines = said(&custody(&folder, &["store", "changes"]));
    assert!(lines.contains("=cmd()\\u202e\"x"), "{lines}");
    assert!(
        lines.lines().next().unwrap().contains("works here"),
        "{lines}"
    );
    let table = said(&custody(&folder, &["store", "changes", "--csv"]));
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(rows.headers().unwrap().len(), 5);
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), lines.lines().count());
    assert_eq!(&rows[0][2], "works here");
    let is_text = |cell: &str| !cell.starts_with(['=', '+', '-', '@']);
    assert!(rows.iter().flatten().all(is_text));
    for command in [&["store", "show"][..], &["device", "list"]] {
        let shown = said(&custody(&folder, command));
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
}
