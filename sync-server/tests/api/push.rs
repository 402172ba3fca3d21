//! `POST /v1/stores/{store}/push`: events that are what they should be.

use domain::custody::exception::Rule;
use domain::custody::pick::{PackagePicked, PickVoided};
use domain::custody::set_up::Doer;
use domain::custody::short::{ShortPicked, ShortReason};
use domain::event::encode;
use domain::facility::LocationCode;
use domain::order::Status;
use domain::quantity::Quantity;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{ChainPart, Outcome, PUSH_EVENTS_MAX, Push};

use crate::device::{Device, Key, web_order};
use crate::server::{Folder, GUMMIES, NEW_JARS, OLD_JARS, Server, order, tag};

/// A server with one order for two jars, taken by one device.
fn with_order(folder: &Folder) -> (Server, Device) {
    let server = Server::start(folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    (server, device)
}

#[test]
fn picks_made_without_a_network_arrive_and_everybody_sees_them() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    device.pick(web_order("A-1"), OLD_JARS);
    let answer = device.push_all(&server);
    let chain = &answer.chains[0];
    assert_eq!((chain.next, chain.head), (4, device.chain.head()));
    assert_eq!(chain.receipts.len(), 4);
    for (receipt, event) in chain.receipts.iter().zip(&device.written) {
        assert_eq!(receipt.outcome, Outcome::Applied);
        assert_eq!(receipt.hash, event.hash());
    }
    assert_eq!(server.standing("A-1").json()["status"], "picked");

    let mut other = Device::enrolled(&server);
    other.pull(&server);
    let order = &other.ledger.orders[&web_order("A-1")];
    assert_eq!((order.status, order.units_picked()), (Status::Picked, 2));
    assert!(other.ledger.is_conserved());
    let shelf = other.ledger.packages[&tag(OLD_JARS)].on_shelves();
    assert_eq!(shelf, Quantity::units(1));
    // What the device thought is what the server says.
    let thought = device.ledger.orders[&web_order("A-1")].clone();
    assert_eq!(*order, thought);
}

#[test]
fn the_same_push_again_gets_the_same_receipts_and_changes_nothing() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    let first = device.push_all(&server);
    let second = device.push_all(&server);
    assert_eq!(first.chains, second.chains);
    assert_eq!(first.head, second.head);
    // A push that overlaps takes only what is new.
    device.pick(web_order("A-1"), OLD_JARS);
    let third = device.send(&server, &device.push_from(1));
    assert_eq!(third.chains[0].receipts[..2], first.chains[0].receipts[1..]);
    assert_eq!(third.chains[0].next, 4);
}

#[test]
fn a_push_that_leaves_a_gap_is_told_what_is_missing() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    let answer = device.send(&server, &device.push_from(2));
    assert_eq!(answer.chains[0].next, 0);
    assert!(answer.chains[0].receipts.is_empty());
    assert_eq!(device.push_all(&server).chains[0].next, 3);
}

#[test]
fn two_devices_that_take_the_last_jar_are_both_believed_and_a_manager_is_told() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 3));
    server.send_order(&order("A-2", 1));
    let mut first = Device::enrolled(&server);
    let mut second = Device::enrolled(&server);
    first.take(&server, web_order("A-1"));
    second.take(&server, web_order("A-2"));
    // The second one takes a jar that was promised to the first order.
    let taken = PackagePicked {
        order: web_order("A-2"),
        line: 1,
        tag: tag(OLD_JARS),
        unit: None,
        grade: domain::code::Grade::Package,
        from: LocationCode::new("B-04-2"),
    };
    let lease = second.lease_on(web_order("A-2"));
    second.write_under(taken.into(), lease);
    assert_eq!(second.push_all(&server).chains[0].next, 3);
    for _ in 0..3 {
        first.pick(web_order("A-1"), OLD_JARS);
    }
    let answer = first.push_all(&server);
    let last = answer.chains[0].receipts.last().unwrap();
    let Outcome::AppliedWithExceptions(numbers) = &last.outcome else {
        panic!("{last:?}");
    };
    first.pull(&server);
    assert_eq!(first.ledger.exceptions[&numbers[0]].rule, Rule::Overdraw);
    assert!(first.ledger.is_conserved());
}

#[test]
fn another_device_may_carry_the_events_of_one_that_is_dying() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    let carrier = Device::enrolled(&server);
    let answer = carrier.send(&server, &device.push_from(0));
    assert_eq!(answer.chains[0].device, device.id);
    assert_eq!(answer.chains[0].next, 3);
    assert_eq!(server.standing("A-1").json()["units_picked"], 1);
}

#[test]
fn a_picker_who_cannot_find_the_jars_gets_others_at_once() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    let missing = ShortPicked {
        order: web_order("A-1"),
        line: 1,
        tag: tag(OLD_JARS),
        units: 2,
        reason: ShortReason::NotThere,
    };
    let lease = device.lease_on(web_order("A-1"));
    device.write_under(missing.into(), lease);
    device.push_all(&server);
    device.pull(&server);
    let target = domain::custody::pick::next_target(
        &device.ledger,
        &device.ledger.orders[&web_order("A-1")],
    );
    let target = target.unwrap();
    assert_eq!((target.package.tag.as_str(), target.units), (NEW_JARS, 2));
}

#[test]
fn a_pick_that_was_undone_is_back_on_its_shelf() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    let pick = device.ledger.orders[&web_order("A-1")].picks[0].event;
    let undone = PickVoided {
        order: web_order("A-1"),
        pick,
        judged: None,
    };
    let lease = device.lease_on(web_order("A-1"));
    device.write_under(undone.into(), lease);
    device.push_all(&server);
    device.pull(&server);
    let package = &device.ledger.packages[&tag(OLD_JARS)];
    assert_eq!(package.on_shelves(), Quantity::units(3));
    assert_eq!(package.reserved, Quantity::units(2));
}

#[test]
fn a_browser_with_the_other_kind_of_key_pushes_just_as_well() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled_with(server.address, Key::p256(), "");
    device.take(&server, web_order("A-1"));
    device.pick(web_order("A-1"), OLD_JARS);
    assert_eq!(device.push_all(&server).chains[0].next, 3);
}

#[test]
fn what_a_revoked_device_did_before_is_kept_with_an_exception_but_it_learns_nothing_more() {
    let folder = Folder::new();
    let (server, mut device) = with_order(&folder);
    device.pick(web_order("A-1"), OLD_JARS);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(
        runtime
            .block_on(server.shop.revoke(device.id, Doer::default()))
            .unwrap()
    );
    let answer = device.push_all(&server);
    assert_eq!(answer.chains[0].next, 3);
    let outcome = &answer.chains[0].receipts[2].outcome;
    assert!(
        matches!(outcome, Outcome::AppliedWithExceptions(_)),
        "{outcome:?}"
    );
    let answer = device.claim(&server, crate::server::ANA, &[web_order("A-1")]);
    assert_eq!(answer.status, 403);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::RevokedDevice);
}

#[test]
fn five_hundred_events_are_one_push_and_one_more_is_too_many() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    while device.written.len() < PUSH_EVENTS_MAX {
        let out = domain::custody::sign_in::ActorSignedOut {
            actor: crate::server::ANA,
        };
        device.write(out.into());
    }
    let answer = device.push_all(&server);
    assert_eq!(answer.chains[0].receipts.len(), PUSH_EVENTS_MAX);
    let mut push = device.push_from(0);
    push.chains.push(ChainPart {
        device: device.id,
        epoch: device.chain.epoch(),
        from: 0,
        events: device.written[..1].to_vec(),
        lost: None,
        gone: None,
        after: None,
    });
    let path = format!("/v1/stores/{}/push", device.store);
    let answer = device.post(server.address, &path, &encode(&push));
    assert_eq!(answer.status, 413);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::TooLarge);
    let bulk = vec![0_u8; 600_000];
    assert_eq!(device.post(server.address, &path, &bulk).status, 413);
}

#[test]
fn a_request_sent_twice_word_for_word_is_refused_the_second_time() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/push", device.store);
    let body = encode(&device.push_from(0));
    let headers = device.proof("POST", &path, &body);
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(server.post(&path, &headers, &body).status, 200);
    let again = server.post(&path, &headers, &body);
    assert_eq!(again.status, 409);
    assert_eq!(again.cbor::<Denied>().code, DenialCode::Replayed);
}

#[test]
fn a_request_whose_body_path_or_shop_was_changed_on_the_way_is_not_believed() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/push", device.store);
    let body = encode(&device.push_from(0));
    let headers = device.proof("POST", &path, &body);
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let other = encode(&Push {
        build: "other".to_owned(),
        ..device.push_from(0)
    });
    assert_eq!(server.post(&path, &headers, &other).status, 401);
    let claim = format!("/v1/stores/{}/claim", device.store);
    assert_eq!(server.post(&claim, &headers, &body).status, 401);
    let elsewhere = format!("/v1/stores/{}/push", "0".repeat(32));
    assert_eq!(device.post(server.address, &elsewhere, &body).status, 404);
    assert_eq!(server.post(&path, &[], &body).status, 401);
    assert_eq!(
        device
            .post(server.address, &path, GUMMIES.as_bytes())
            .status,
        400
    );
}
