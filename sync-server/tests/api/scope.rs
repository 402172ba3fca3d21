//! What a driver's phone is told, on every route.

use std::collections::BTreeMap;

use domain::custody::claim::LeaseReturned;
use domain::facility::Purpose;
use domain::id::{ActorId, OrderId};
use domain::ledger::EntityKind;
use domain::sync::enrol::{DenialCode, Denied};
use domain::sync::message::{ClaimAnswer, Cursor, PullAnswer, SumsAnswer};
use domain::sync::page::Sums;
use domain::sync::snapshot::Gone;
use domain::verdict::Reason;
use sync_server::ingest::tokens::Doer;

use crate::device::{Device, Key, sums_of, web_order};
use crate::server::{ANA, ANA_PIN, At as _, Folder, GUMMIES, OLD_JARS, Server, order, tag};

fn phone(server: &Server) -> Device {
    phone_with(server, Key::ed25519())
}

fn phone_with(server: &Server, key: Key) -> Device {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let purpose = Some(Purpose::DriversPhone);
    let code = runtime.block_on(server.shop.enrolment_code(purpose, Doer::default()));
    let phone = Device::enrolled_with(server.address, key, &code.unwrap());
    let known = server.shop.directory();
    assert_eq!(known.devices[&phone.id].purpose, purpose);
    phone.proves(server, ANA, ANA_PIN);
    phone
}

/// Two orders of other people's, one for the phone.
fn orders(server: &Server) {
    for id in ["A-1", "A-2", "A-3"] {
        assert_eq!(server.send_order(&order(id, 1)).status, 201);
    }
}

fn loads(server: &Server, tablet: &Device, phone: &Device, id: &str) {
    let answer: ClaimAnswer = tablet.load(server, phone.id, &[web_order(id)]).cbor();
    assert_eq!(answer.granted, [web_order(id)], "{:?}", answer.refused);
}

fn seen(phone: &Device) -> Vec<OrderId> {
    phone.ledger.orders.keys().copied().collect()
}

#[test]
fn a_drivers_phone_gets_the_order_it_was_loaded_with_and_all_that_goes_with_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let tablet = Device::enrolled(&server);
    let mut phone = phone(&server);
    phone.pull(&server);
    assert_eq!(phone.ledger.actors.len(), 2);
    assert!(seen(&phone).is_empty() && phone.customers.is_empty());
    assert!(phone.ledger.packages.is_empty() && phone.ledger.items.is_empty());

    loads(&server, &tablet, &phone, "A-2");
    let page = phone.pull_page(&server, phone.cursor);
    // What came along has not changed since, and comes all the same.
    assert!(!page.reset && !page.more && !page.whole.is_empty());
    phone.pull(&server);
    assert_eq!(seen(&phone), [web_order("A-2")]);
    assert_eq!(phone.customers.len(), 1);
    assert_eq!(phone.customers[&web_order("A-2")].short_name, "Zoë L.");
    assert_eq!(
        phone.ledger.packages.keys().collect::<Vec<_>>(),
        [&tag(OLD_JARS)]
    );
    assert_eq!(phone.ledger.items.len(), 1);
    assert!(phone.ledger.items.values().all(|item| item.name != GUMMIES));
    assert_eq!(phone.ledger.leases.len(), 1);
}

#[test]
fn what_happens_on_other_routes_is_not_told_and_what_happens_on_its_own_is_all_that_is() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let mut tablet = Device::enrolled(&server);
    let mut phone = phone(&server);
    loads(&server, &tablet, &phone, "A-2");
    phone.pull(&server);

    tablet.take(&server, web_order("A-1"));
    let page = phone.pull_page(&server, phone.cursor);
    assert!(page.rows.is_empty() && page.whole.is_empty() && !page.reset);
    assert!(page.next.position > phone.cursor.position);

    phone.pick(web_order("A-2"), OLD_JARS);
    phone.push_all(&server);
    let page = phone.pull_page(&server, phone.cursor);
    let mut kinds = BTreeMap::new();
    for row in &page.rows {
        *kinds.entry(row.key.kind).or_insert(0) += 1;
    }
    let expected = [EntityKind::Package, EntityKind::Order, EntityKind::Lease];
    assert_eq!(kinds, expected.map(|kind| (kind, 1)).into());
    assert!(page.whole.is_empty());
    phone.pull(&server);
}

#[test]
fn an_order_that_is_given_back_leaves_the_phone_and_its_customer_with_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let tablet = Device::enrolled(&server);
    let mut phone = phone(&server);
    loads(&server, &tablet, &phone, "A-1");
    loads(&server, &tablet, &phone, "A-2");
    phone.pull(&server);
    assert_eq!((seen(&phone).len(), phone.customers.len()), (2, 2));
    let order = web_order("A-1");
    let lease = phone.lease_on(order).unwrap().lease;
    phone.write(LeaseReturned { lease, order }.into());
    phone.push_all(&server);
    phone.pull(&server);
    assert_eq!(seen(&phone), [web_order("A-2")]);
    assert!(phone.customers.keys().eq([&web_order("A-2")]));
}

#[test]
fn the_sums_a_phone_is_told_are_of_what_it_has() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let tablet = Device::enrolled(&server);
    let mut phone = phone(&server);
    loads(&server, &tablet, &phone, "A-2");
    phone.pull(&server);
    let path = format!("/v1/stores/{}/sums", phone.store);
    let told: SumsAnswer = phone.get(server.at(), &path).cbor();
    assert_eq!(told.at, phone.cursor);
    let theirs = Sums::of(told.pages);
    assert_eq!(theirs, sums_of(&phone.ledger));

    // A row that got lost is found, and comes with its page.
    phone.ledger.packages.clear();
    let differing = sums_of(&phone.ledger).differing(&theirs);
    assert_eq!(differing.len(), 1);
    let answer = phone.pull_whole(&server, phone.cursor, &differing);
    assert_eq!((answer.rows.len(), answer.whole), (1, differing));
    // A page of something else is as empty as the phone has it.
    let all: Vec<_> = domain::sync::page::PageName::all_of(EntityKind::Slot).collect();
    assert!(
        phone
            .pull_whole(&server, phone.cursor, &all)
            .rows
            .is_empty()
    );
}

#[test]
fn a_phone_takes_no_orders_itself_and_does_not_hear_who_has_them() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let mut tablet = Device::enrolled(&server);
    tablet.take(&server, web_order("A-1"));
    let phone = phone(&server);
    let wanted = [web_order("A-1"), web_order("A-2"), web_order("nowhere")];
    let mut answers = vec![phone.claim(&server, ANA, &wanted)];
    answers.push(phone.load(&server, phone.id, &wanted));
    // A tablet takes for itself, or loads a phone; it takes nothing for another tablet.
    answers.push(phone.load(&server, tablet.id, &wanted));
    answers.push(Device::enrolled(&server).load(&server, tablet.id, &wanted));
    for answer in answers {
        let answer: ClaimAnswer = answer.cbor();
        assert!(answer.granted.is_empty());
        assert_eq!(answer.refused.len(), wanted.len());
        for refused in answer.refused {
            assert_eq!((refused.reason, refused.holder), (Reason::Unknown, None));
        }
    }
}

#[test]
fn snapshots_and_chains_of_custody_are_not_for_phones() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let tablet = Device::enrolled(&server);
    let phone = phone(&server);
    loads(&server, &tablet, &phone, "A-2");
    for device in [&tablet, &phone] {
        device.proves(&server, ANA, ANA_PIN);
    }
    let store = server.store();
    let chunk = "00".repeat(32);
    let ActorId(ana) = ANA;
    for path in [
        format!("/v1/stores/{store}/snapshot"),
        format!("/v1/stores/{store}/chunks/{chunk}"),
        format!(
            "/v1/stores/{store}/orders/{}/chain?actor={ana}",
            web_order("A-1")
        ),
        format!(
            "/v1/stores/{store}/orders/{}/chain?actor={ana}",
            web_order("A-2")
        ),
    ] {
        let denied = phone.get(server.at(), &path);
        assert_eq!(denied.status, 403, "{path}");
        assert_eq!(denied.cbor::<Denied>().code, DenialCode::OutOfScope);
        assert_ne!(tablet.get(server.at(), &path).status, 403, "{path}");
    }
}

#[test]
fn a_device_that_is_enrolled_for_something_else_begins_its_view_anew() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    orders(&server);
    let mut tablet = Device::enrolled(&server);
    tablet.pull(&server);
    assert_eq!(tablet.ledger.orders.len(), 3);
    let cursor = tablet.cursor;
    let mut phone = phone_with(&server, tablet.key);
    assert_eq!(phone.id, tablet.id);
    let page = phone.pull_page(&server, cursor);
    assert!(page.reset && page.next.scope.is_some());
    phone.cursor = cursor;
    phone.ledger = tablet.ledger;
    phone.pull(&server);
    assert!(seen(&phone).is_empty() && phone.ledger.packages.is_empty());

    let of_a_trip = phone.cursor;
    let again = Device::enrolled_with(server.address, phone.key, "");
    let page = again.pull_page(&server, of_a_trip);
    assert!(page.reset && page.next.scope.is_none());
    let orders = page.rows.iter();
    let orders = orders.filter(|row| row.key.kind == EntityKind::Order);
    assert_eq!(orders.count(), 3);
}

#[test]
fn a_phone_begins_with_its_trip_where_others_begin_with_a_snapshot() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server
        .shop
        .set_snapshot_limits(domain::sync::server::snapshot::Limits {
            rows: 2,
            ..Default::default()
        });
    let path = format!("/v1/stores/{}/pull?snapshots=true", server.store());
    let gone = Device::enrolled(&server).get(server.at(), &path);
    assert_eq!(gone.status, 410);
    let life = server.shop.identity().incarnation;
    assert_eq!(gone.cbor::<Gone>().incarnation, life);
    let page = phone(&server).get(server.at(), &path);
    assert_eq!(page.status, 200);
    let page: PullAnswer = page.cbor();
    assert_eq!(page.from, Cursor::default());
    assert!(page.reset && !page.more);
}
