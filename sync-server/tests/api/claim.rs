//! `POST /v1/stores/{store}/claim`.

use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::ClaimAnswer;
use domain::verdict::Reason;

use crate::device::{Device, web_order};
use crate::server::{ANA, AVERY, Folder, Server, order};

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
    let answer = device.claim(&server, domain::id::ActorId(77), &[web_order("A-1")]);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownActor);
}
