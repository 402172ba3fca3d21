//! `GET /v1/stores/{store}/orders/{order}/chain`.

use std::collections::BTreeMap;

use domain::event::Envelope;
use domain::id::{ActorId, OrderId};
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::OrderChain;
use sync_server::keys::signature::verifies;

use crate::device::{Device, web_order};
use crate::server::{ANA, ANA_PIN, AVERY, Answer, Folder, OLD_JARS, Server, order};

fn ask(device: &Device, server: &Server, order: OrderId, actor: ActorId) -> Answer {
    let path = format!(
        "/v1/stores/{}/orders/{order}/chain?actor={}",
        device.store, actor.0
    );
    device.get(server.address, &path)
}

#[test]
fn an_orders_chain_can_be_followed_hash_by_hash_and_nothing_is_left_out_between() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    server.send_order(&order("A-2", 1));
    let mut device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    device.take(&server, web_order("A-1"));
    device.take(&server, web_order("A-2"));
    device.pick(web_order("A-1"), OLD_JARS);
    device.pick(web_order("A-2"), OLD_JARS);
    device.push_all(&server);
    // What happens later on another order is a link between two facts about this one.
    let mut changed = order("A-1", 2);
    changed["notes"] = "Knock".into();
    assert_eq!(
        server.send_order(&changed).json()["results"][0]["action"],
        "changed"
    );

    let chain: OrderChain = ask(&device, &server, web_order("A-1"), ANA).cbor();
    device.pull(&server);
    let about: Vec<u16> = chain
        .events
        .iter()
        .filter(|event| event.subject)
        .map(|event| Envelope::parse(&event.event.bytes).unwrap().kind.kind)
        .collect();
    // Arrived, allocated, leased, picked, changed.
    assert_eq!(about, [30, 33, 40, 50, 31]);
    assert!(chain.events.iter().any(|event| !event.subject));
    assert!(
        chain
            .events
            .windows(2)
            .all(|pair| pair[0].position < pair[1].position)
    );

    let mut last = BTreeMap::new();
    for recorded in &chain.events {
        let envelope = Envelope::parse(&recorded.event.bytes).unwrap();
        let signer = &device.ledger.devices[&envelope.device];
        let hash = recorded.event.hash();
        let signature = &recorded.event.signature;
        assert!(verifies(
            signer.key_kind,
            &signer.public_key,
            &hash,
            signature
        ));
        if let Some((seq, before)) =
            last.insert((envelope.device, envelope.epoch), (envelope.seq, hash))
        {
            assert_eq!((envelope.seq, envelope.prev), (seq + 1, before));
        }
    }
    assert_eq!(last.len(), 2);
}

#[test]
fn only_those_who_may_read_chains_of_custody_get_one() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    let device = Device::enrolled(&server);
    // Ana reads chains, but whoever has this device's key has not shown to be Ana.
    for actor in [AVERY, ActorId(99), ANA] {
        let answer = ask(&device, &server, web_order("A-1"), actor);
        assert_eq!(answer.status, 403);
        assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownActor);
    }
    device.proves(&server, ANA, ANA_PIN);
    assert_eq!(ask(&device, &server, web_order("A-1"), ANA).status, 200);
    assert_eq!(ask(&device, &server, web_order("B-1"), ANA).status, 404);
    let path = format!("/v1/stores/{}/orders/zz/chain?actor=1", device.store);
    assert_eq!(device.get(server.address, &path).status, 404);
}
