//! `POST /v1/stores/{store}/claim`.

use domain::custody::short::{ShortPicked, ShortReason};
use domain::custody::swap;
use domain::custody::tell::{Word, messages};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::ClaimAnswer;
use domain::verdict::Reason;

use crate::device::{Device, web_order};
use crate::server::{ANA, AVERY, Folder, OLD_JARS, Server, order, tag};

#[test]
fn an_order_goes_to_one_device_and_the_other_hears_who_has_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert_eq!(server.send_order(&order("A-1", 2)).status, 201);
    let mut first = Device::enrolled(&server);
    let second = Device::enrolled(&server);
    first.take(&server, web_order("A-1"));
    let lease = first.lease_on(web_order("A-1")).unwrap();
    assert_eq!(lease.fence, 1);
    assert_eq!(first.ledger.leases[&lease.lease].packages.len(), 1);

    let answer: ClaimAnswer = second.claim(&server, ANA, &[web_order("A-1")]).cbor();
    assert!(answer.granted.is_empty());
    assert_eq!(answer.refused[0].reason, Reason::SomebodyElses);
    assert_eq!(answer.refused[0].holder, Some(ANA));
}

#[test]
fn an_order_that_cannot_be_filled_is_not_given_to_anybody() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 99));
    let device = Device::enrolled(&server);
    let orders = [web_order("A-1"), web_order("nowhere"), web_order("nowhere")];
    let answer: ClaimAnswer = device.claim(&server, ANA, &orders).cbor();
    let reasons: Vec<_> = answer.refused.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [Reason::NotYet, Reason::Unknown]);
}

#[test]
fn whoever_may_not_fulfil_gets_no_order_and_a_stranger_not_even_an_answer() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    let device = Device::enrolled(&server);
    let answer: ClaimAnswer = device.claim(&server, AVERY, &[web_order("A-1")]).cbor();
    assert_eq!(answer.refused[0].reason, Reason::NotYourRole);
    let answer = device.claim(&server, ActorId(77), &[web_order("A-1")]);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownActor);
}

#[test]
fn a_customer_is_asked_by_itself_when_another_order_has_the_last_that_could_have_stood_in() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    let id = web_order("A-1");
    device.take(&server, id);
    // Without a network Ana misses both jars; there are others, as far as her tablet knows.
    let misses = ShortPicked {
        order: id,
        line: 1,
        tag: tag(OLD_JARS),
        units: 2,
        reason: ShortReason::NotThere,
    };
    let lease = device.lease_on(id);
    let spares = device.ledger.leases[&lease.unwrap().lease].spares.iter();
    let spares: u32 = spares.map(|one| one.units).sum();
    device.write_under(misses.into(), lease);
    // Meanwhile all others are promised to another order, but for the spare of her lease.
    assert_eq!(server.send_order(&order("B-1", 41 - spares)).status, 201);
    let situation = device.situation();
    assert_eq!(device.ledger.orders[&id].lines[0].short, 2);
    let known = swap::to_ask(&device.ledger, &device.ledger.orders[&id], situation.today);
    assert_eq!(known.count(), 0, "her tablet would not have asked");
    let said = |device: &mut Device| {
        device.push_all(&server);
        device.pull(&server);
        let all = messages(&device.ledger.orders[&id]);
        all.map(|one| (one.word, one.from)).collect::<Vec<_>>()
    };
    let asked = [(Word::ItemShort, ActorId::SERVER)];
    assert_eq!(said(&mut device), asked);
    // It is said once.
    server.send_order(&order("C-1", 1));
    assert_eq!(said(&mut device), asked);
}
