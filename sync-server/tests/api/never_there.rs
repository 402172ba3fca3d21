//! People in whose name a device does something, and who never signed in there.

use domain::custody::count::CountObserved;
use domain::custody::exception::{Exception, Rule};
use domain::custody::resolve::{Decision, ExceptionResolved, ResolveReason};
use domain::event::encode;
use domain::id::ActorId;
use domain::quantity::Quantity;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{ClaimAnswer, Outcome, QuarantineReason};
use sync_server::ingest::tokens::Doer;

use crate::device::{Device, Key, enrol_ask, web_order};
use crate::server::{ANA, ANA_PIN, Folder, OLD_JARS, Server, order, tag};

fn code(server: &Server) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = server.shop.enrolment_code(None, Doer::default());
    runtime.block_on(code).unwrap()
}

/// A device that a manager's code let in, and where nobody has signed in: Ana's name is all it has.
fn thiefs(server: &Server) -> Device {
    Device::enrolled_with(server.address, Key::ed25519(), &code(server))
}

fn counts(device: &mut Device, units: u32) {
    let count = CountObserved {
        tag: tag(OLD_JARS),
        location: domain::facility::LocationCode::new("B-04-2"),
        counted: Quantity::units(units),
    };
    device.write(count.into());
}

fn decides(device: &mut Device, exception: &Exception) {
    let decision = ExceptionResolved {
        exception: exception.number,
        order: exception.order,
        tag: exception.tag.clone(),
        decision: Decision::Accept,
        reason: ResolveReason::Other,
        note: Some("looked into".to_owned()),
        shelf: None,
        counted: None,
    };
    device.write(decision.into());
}

/// What Ana finds among what waits for her, on a device of her own.
fn seen(server: &Server) -> Vec<Exception> {
    let mut device = Device::enrolled(server);
    device.pull(server);
    let all = device.ledger.exceptions.into_values();
    all.filter(|one| one.rule == Rule::NeverThere).collect()
}

#[test]
fn an_order_is_given_to_nobody_who_has_not_proven_to_be_there() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert_eq!(server.send_order(&order("A-1", 1)).status, 201);
    let device = thiefs(&server);
    let denied = device.claim(&server, ANA, &[web_order("A-1")]);
    assert_eq!(denied.status, 403);
    assert_eq!(denied.cbor::<Denied>().code, DenialCode::UnknownActor);
    device.proves(&server, ANA, ANA_PIN);
    let answer: ClaimAnswer = device.claim(&server, ANA, &[web_order("A-1")]).cbor();
    assert_eq!(answer.granted, [web_order("A-1")]);
}

#[test]
fn a_device_from_before_anybody_had_to_prove_it_is_believed_until_its_app_asks_for_permits() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert_eq!(server.send_order(&order("A-1", 1)).status, 201);
    let mut device = Device::enrolled(&server);
    counts(&mut device, 2);
    device.push_all(&server);
    assert_eq!(seen(&server), []);
    let ask = domain::permit::PermitAsk {
        actors: vec![ANA],
        nonce: [1; 16],
    };
    let path = format!("/v1/stores/{}/permit", device.store);
    let permits = device.post(server.address, &path, &encode(&ask));
    assert_eq!(permits.status, 200);
    let denied = device.claim(&server, ANA, &[web_order("A-1")]);
    assert_eq!(denied.status, 403);
    counts(&mut device, 3);
    device.push_all(&server);
    assert_eq!(seen(&server).len(), 1);
}

#[test]
fn what_is_done_in_the_name_of_somebody_who_was_never_there_is_kept_and_a_manager_sees_it_once() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = thiefs(&server);
    device.pull(&server);
    counts(&mut device, 2);
    counts(&mut device, 1);
    let answer = device.push_all(&server);
    let outcomes = answer.chains[0].receipts.iter();
    // A count that is not the record's is one more thing to look at; both are entered.
    let entered = |outcome: &Outcome| !matches!(outcome, Outcome::Quarantined(_));
    assert_eq!(outcomes.filter(|one| entered(&one.outcome)).count(), 4);
    let seen = seen(&server);
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!((seen[0].actor, seen[0].device), (ANA, device.id));
    assert!(!seen[0].resolved && !seen[0].blocks_hand_off());
}

#[test]
fn a_decision_of_somebody_who_was_never_there_is_kept_and_decides_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = thiefs(&server);
    counts(&mut device, 2);
    device.push_all(&server);
    let open = seen(&server).remove(0);
    decides(&mut device, &open);
    let answer = device.push_all(&server);
    let last = answer.chains[0].receipts.last().unwrap();
    let aside = Outcome::Quarantined(QuarantineReason::NotTheServers);
    assert_eq!(last.outcome, aside);
    assert!(last.position.0 > 0, "it has its place in the log");
    assert!(!seen(&server)[0].resolved);
    // Once she has signed in there, her word counts there.
    device.proves(&server, ANA, ANA_PIN);
    decides(&mut device, &open);
    let answer = device.push_all(&server);
    let last = answer.chains[0].receipts.last().unwrap();
    assert_eq!(last.outcome, Outcome::Applied);
    assert!(seen(&server)[0].resolved);
}

#[test]
fn what_was_done_before_a_device_was_enrolled_anew_is_its_peoples_still() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = thiefs(&server);
    device.proves(&server, ANA, ANA_PIN);
    counts(&mut device, 2);
    let ask = encode(&enrol_ask(&device.key, &code(&server)));
    assert_eq!(server.post("/v1/enrol", &[], &ask).status, 200);
    device.push_all(&server);
    assert_eq!(seen(&server), []);
    // Her proof was for that enrolment: in this one she has not been there.
    let denied = device.claim(&server, ANA, &[web_order("A-1")]);
    assert_eq!(denied.cbor::<Denied>().code, DenialCode::UnknownActor);
    let nobody = ActorId(77);
    let denied = device.claim(&server, nobody, &[web_order("A-1")]);
    assert_eq!(denied.cbor::<Denied>().code, DenialCode::UnknownActor);
}
