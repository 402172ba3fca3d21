//! Two nodes at one shop, its log on a PostgreSQL server.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use domain::custody::set_up::ActorAdded;
use domain::event::encode;
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::Cursor;
use sync_server::config::DataDir;
use sync_server::ingest::{OpenFailed, ServerFact, Shop};
use sync_server::keys::random;
use sync_server::log::Log;

use crate::device::{Device, Key, web_order};
use crate::hints::listen;
use crate::server::{Folder, OLD_JARS, Server, make_shop, order};
use crate::throwaway::Database;

/// A shop on a server, and the folders of two nodes.
pub(crate) struct Chain {
    pub(crate) database: Database,
    pub(crate) folders: [Folder; 2],
    pub(crate) token: String,
}

impl Chain {
    pub(crate) fn new() -> Self {
        let database = Database::new();
        let folders = [Folder::new(), Folder::new()];
        let first = folders[0].data().on(database.address());
        let token = make_shop(&first);
        let second = folders[1].data();
        std::fs::create_dir_all(second.path()).unwrap();
        std::fs::copy(first.key_file(), second.key_file()).unwrap();
        std::fs::copy(first.store_file(), second.store_file()).unwrap();
        Self {
            database,
            folders,
            token,
        }
    }

    pub(crate) fn dir(&self, node: usize) -> DataDir {
        self.folders[node].data().on(self.database.address())
    }

    fn nodes(&self) -> [Server; 2] {
        [0, 1].map(|node| Server::open_in(&self.dir(node), self.token.clone(), true))
    }
}

pub(crate) fn person(number: u32) -> ServerFact {
    let actor = Actor {
        id: ActorId(number),
        name: format!("Person {number}"),
        role: Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    ServerFact::plain(ActorAdded::from(actor))
}

#[test]
fn a_device_enrolled_at_one_node_is_known_to_the_other_at_once() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    for _ in 0..3 {
        let device = Device::enrolled(&one);
        assert_eq!(device.push_all(&other).chains[0].next, 2);
        let device = Device::enrolled(&other);
        assert_eq!(device.push_all(&one).chains[0].next, 2);
    }
    // A stranger is one everywhere.
    let elsewhere = Chain::new();
    let stranger = Device::enrolled(&elsewhere.nodes()[0]);
    let path = format!("/v1/stores/{}/push", one.store());
    let answer = stranger.post(one.address, &path, &encode(&stranger.push_from(0)));
    assert_eq!(answer.status, 401);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownDevice);
}

#[test]
fn a_request_answered_at_one_node_is_refused_at_the_other_when_it_is_sent_again() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    let device = Device::enrolled(&one);
    let path = format!("/v1/stores/{}/push", device.store);
    let body = encode(&device.push_from(0));
    let headers = device.proof("POST", &path, &body);
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(one.post(&path, &headers, &body).status, 200);
    for node in [&other, &one, &other] {
        let again = node.post(&path, &headers, &body);
        assert_eq!(again.status, 409);
        assert_eq!(again.cbor::<Denied>().code, DenialCode::Replayed);
    }
    // A node that starts anew remembers nothing by itself.
    let late = Server::open_in(&chain.dir(0), chain.token.clone(), true);
    assert_eq!(late.post(&path, &headers, &body).status, 409);
    assert_eq!(device.push_all(&late).chains[0].next, 2);
}

#[test]
fn what_nodes_tell_each_other_of_requests_is_forgotten_after_a_while() {
    let chain = Chain::new();
    let log = chain.dir(0);
    let shop = Shop::open(&log).unwrap();
    let device = domain::id::DeviceId([3; 16]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let old = shop.ask(move |log| {
        log.rollback();
        assert!(log.is_new_request(device, [1; 16], 1_000)?);
        assert!(log.is_new_request(device, [2; 16], 2_000)?);
        log.forget_requests(2_000)?;
        Ok([[1; 16], [2; 16]].map(|nonce| log.is_new_request(device, nonce, 3_000).unwrap()))
    });
    assert_eq!(runtime.block_on(old).unwrap(), [true, false]);
    shop.close();
}

#[test]
fn a_person_added_at_one_node_claims_an_order_at_the_other() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    other.send_order(&order("A-1", 2));
    let device = Device::enrolled(&one);
    device.push_all(&other);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let added = one.shop.record(vec![person(40)]);
    runtime.block_on(added).unwrap();
    let answer = device.claim(&other, ActorId(40), &[web_order("A-1")]);
    assert_eq!(answer.status, 200);
    let answer = device.claim(&other, ActorId(41), &[web_order("A-1")]);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownActor);
}

#[test]
fn work_begun_at_one_node_goes_on_at_the_other() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    one.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&other);
    device.take(&one, web_order("A-1"));
    device.pick(web_order("A-1"), OLD_JARS);
    let first = device.push_all(&one);
    device.pick(web_order("A-1"), OLD_JARS);
    let second = device.push_all(&other);
    assert_eq!(second.chains[0].receipts[..3], first.chains[0].receipts);
    assert_eq!(second.chains[0].next, 4);
    for node in [&one, &other] {
        assert_eq!(device.push_all(node).chains, second.chains);
        assert_eq!(node.standing("A-1").json()["status"], "picked");
    }
    let mut pages = [&one, &other].map(|node| device.pull_page(node, Cursor::default()));
    assert_eq!(pages[0].next, pages[1].next);
    assert_eq!(std::mem::take(&mut pages[0].rows), pages[1].rows);
    // The same order again is the same at whichever node, and the next one has the next number.
    let same = other.send_order(&order("A-1", 2)).json();
    assert_eq!(same["results"][0]["action"], "same");
    let codes = [&other, &one].map(|node| {
        let id = format!("B-{}", node.address.port());
        node.send_order(&order(&id, 1)).json()["results"][0]["code"].clone()
    });
    assert_eq!(codes, ["K7-402", "K7-403"]);
}

#[test]
fn a_device_hears_at_one_node_what_was_recorded_at_the_other() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    let device = Device::enrolled(&one);
    let mut next_hint = listen(&other, &device);
    next_hint();
    let begun = Instant::now();
    for number in 0..5 {
        one.send_order(&order(&format!("A-{number}"), 1));
        let newest = one.shop.head().borrow().0;
        while next_hint() < newest {}
        assert_eq!(other.shop.head().borrow().0, newest);
        let known = |ledger: &domain::ledger::Ledger| ledger.orders.len();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let orders = runtime.block_on(other.shop.read(known)).unwrap();
        assert_eq!(orders, number + 1);
    }
    // By the look at the log that makes up for lost words, each would have taken up to five seconds.
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn news_that_nobody_told_is_found_within_seconds() {
    let chain = Chain::new();
    let [one, _] = chain.nodes();
    let device = Device::enrolled(&one);
    let mut next_hint = listen(&one, &device);
    let now = next_hint();
    // From here on no word gets through.
    let shop = Shop::open(&chain.dir(1)).unwrap();
    let mut superuser = chain.database.superuser();
    superuser
        .batch_execute("REVOKE EXECUTE ON FUNCTION pg_notify(TEXT, TEXT) FROM PUBLIC")
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(shop.record(vec![person(40)])).unwrap();
    let (heard, hears) = mpsc::channel();
    std::thread::spawn(move || heard.send(next_hint()));
    let newest = hears.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(newest > now);
    shop.close();
}

#[test]
fn however_many_ask_at_once_a_node_takes_few_of_the_servers_connections() {
    let chain = Chain::new();
    let shop = Shop::open(&chain.dir(0)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (now, most) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
    let reads = (0..200).map(|_| {
        let (shop, now, most) = (shop.clone(), Arc::clone(&now), Arc::clone(&most));
        let look = move |log: &dyn Log| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            for _ in 0..5 {
                log.load_ledger()?;
            }
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        runtime.spawn(async move { shop.ask(look).await.unwrap() })
    });
    for read in reads.collect::<Vec<_>>() {
        runtime.block_on(read).unwrap();
    }
    assert!((1..=8).contains(&most.load(Ordering::SeqCst)));
    // One that writes and two for the news come to those that read.
    assert!((4..=11).contains(&chain.database.cut()));
    shop.close();
}

#[test]
fn a_node_whose_connections_are_cut_again_and_again_loses_nothing_and_goes_on() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    let mut device = Device::enrolled(&one);
    for round in 0..6 {
        let out = domain::custody::sign_in::ActorSignedOut {
            actor: crate::server::ANA,
        };
        device.write(out.into());
        assert!(chain.database.cut() > 0);
        let node = if round % 2 == 0 { &one } else { &other };
        let answer = device.push_all(node);
        assert_eq!(answer.chains[0].next, device.chain.next());
    }
    device.pull(&other);
    device.push_all(&one);
    // Word is given again, too.
    let mut next_hint = listen(&other, &device);
    let now = next_hint();
    one.send_order(&order("A-1", 1));
    assert!(next_hint() > now);
}

#[test]
fn a_node_whose_database_is_away_says_so_and_goes_on_when_it_is_back() {
    let chain = Chain::new();
    let [one, _] = chain.nodes();
    let mut device = Device::enrolled(&one);
    let database = chain.database.clone();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lost = one.shop.change(1, move |work| {
        work.record(person(50))?;
        database.open_doors(false);
        database.cut();
        Ok(())
    });
    assert!(runtime.block_on(lost).is_err());
    let known = |ledger: &domain::ledger::Ledger| ledger.actors.len();
    // What was not kept is not shown either.
    assert!(runtime.block_on(one.shop.read(known)).is_err());
    let path = format!("/v1/stores/{}/push", device.store);
    let answer = device.post(one.address, &path, &encode(&device.push_from(0)));
    assert_eq!(answer.status, 503);
    assert_eq!(one.get("/healthz", &[]).status, 503);

    chain.database.open_doors(true);
    assert_eq!(one.get("/healthz", &[]).status, 200);
    assert_eq!(runtime.block_on(one.shop.read(known)).unwrap(), 2);
    assert_eq!(device.push_all(&one).chains[0].next, 2);
    device.pull(&one);
    assert_eq!(device.ledger.actors.len(), 2);
}

#[test]
fn a_shop_is_not_looked_for_in_another_database_nor_served_with_another_key() {
    let chain = Chain::new();
    let nowhere = chain.folders[0].data();
    let refused = Shop::open(&nowhere).unwrap_err();
    assert!(matches!(refused, OpenFailed::NeedsServer), "{refused}");

    let in_a_file = Folder::new();
    make_shop(&in_a_file.data());
    let refused = Shop::open(&in_a_file.data().on(chain.database.address())).unwrap_err();
    assert!(matches!(refused, OpenFailed::NeedsNoServer), "{refused}");

    let dir = chain.dir(1);
    std::fs::copy(in_a_file.data().key_file(), dir.key_file()).unwrap();
    let refused = Shop::open(&dir).unwrap_err();
    assert!(matches!(refused, OpenFailed::WrongKey), "{refused}");

    std::fs::write(dir.store_file(), random::id()).unwrap();
    let refused = Shop::open(&dir).unwrap_err();
    assert!(matches!(refused, OpenFailed::NoStore), "{refused}");
    std::fs::write(dir.store_file(), "harbor street").unwrap();
    let refused = Shop::open(&dir).unwrap_err();
    assert!(matches!(refused, OpenFailed::StoreFile(_)), "{refused}");
}

#[test]
fn a_device_signs_in_at_either_node_and_wrong_pins_are_counted_at_both_together() {
    let chain = Chain::new();
    let [one, other] = chain.nodes();
    let device = Device::enrolled_with(one.address, Key::ed25519(), "");
    let path = format!("/v1/stores/{}/sign-in", device.store);
    let ask = |pin: &str| {
        encode(&domain::sync::enrol::SignInAsk {
            actor: crate::server::ANA,
            pin: pin.to_owned(),
            new_pin: None,
        })
    };
    for round in 0..4 {
        let node = if round % 2 == 0 { &one } else { &other };
        let answer = device.post(node.address, &path, &ask("000000"));
        assert_ne!(answer.status, 200);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let counted = one.shop.ask(|log| log.person(crate::server::ANA));
    let person = runtime.block_on(counted).unwrap().unwrap();
    assert_eq!(person.failures, 4);
    let answer = device.post(other.address, &path, &ask(crate::server::ANA_PIN));
    assert_eq!(answer.status, 200);
}
