//! `GET /v1/stores/{store}/pull`.

use domain::custody::receive::{PackageListed, StockImported};
use domain::event::encode;
use domain::id::{PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::card::{CardKeys, sealed_in};
use domain::sync::enrol::{CustomerCard, DenialCode, Denied, SignInAnswer, SignInAsk};
use domain::sync::message::{
    Cursor, Incarnation, PULL_ROWS_MAX, PullAnswer, SumsAnswer, VIEW_SCHEMA,
};
use domain::sync::page::{PageName, Sums};
use serde_json::json;
use sync_server::ingest::ServerFact;
use sync_server::keys::sealing::open;

use crate::device::{Device, sums_of, web_order};
use crate::server::{ANA, ANA_PIN, At as _, Folder, Server, order, stock};

#[test]
fn a_new_device_gets_everything_and_then_only_what_changed() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let first = device.pull_page(&server, Cursor::default());
    assert!(first.reset && !first.more);
    assert_eq!(first.from, Cursor::default());
    assert_eq!(first.next.schema, VIEW_SCHEMA);
    assert!(
        first
            .rows
            .windows(2)
            .all(|pair| pair[0].changed <= pair[1].changed)
    );
    device.pull(&server);
    let nothing = device.pull_page(&server, device.cursor);
    assert!(nothing.rows.is_empty() && !nothing.reset);
    assert_eq!(nothing.next, device.cursor);

    server.send_order(&order("A-1", 1));
    let news = device.pull_page(&server, device.cursor);
    // The order, its customer and the package it is filled from.
    assert_eq!(news.rows.len(), 3);
}

#[test]
fn a_reader_of_another_life_another_shape_or_a_later_day_begins_anew() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let known = device.cursor;
    for cursor in [
        Cursor {
            incarnation: Incarnation([9; 16]),
            ..known
        },
        Cursor {
            schema: 99,
            ..known
        },
        Cursor {
            position: Position(known.position.0 + 1),
            ..known
        },
    ] {
        let page = device.pull_page(&server, cursor);
        assert!(page.reset);
        assert_eq!((page.from, page.next), (cursor, known));
        assert!(page.rows.len() > 4);
    }
}

#[test]
fn three_thousand_packages_come_in_pages_that_never_cut_a_change_in_two() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let template = stock().packages.remove(0);
    let part = |part: u32| StockImported {
        file: "large.csv".to_owned(),
        items: Vec::new(),
        locations: Vec::new(),
        packages: (0..100)
            .map(|number| PackageListed {
                tag: PackageTag::parse(&format!("1A4FF0300000C5{:010}", part * 100 + number))
                    .unwrap(),
                ..template.clone()
            })
            .collect(),
    };
    let facts = (1..=30)
        .map(|number| ServerFact::plain(part(number)))
        .collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(server.shop.record(facts)).unwrap();
    let mut device = Device::enrolled(&server);
    let page = device.pull_page(&server, Cursor::default());
    assert!(page.more && page.rows.len() <= PULL_ROWS_MAX);
    assert_eq!(page.next.position, page.rows.last().unwrap().changed);
    device.pull(&server);
    assert_eq!(device.ledger.packages.len(), 3_004);
}

#[test]
fn devices_see_the_customer_while_the_order_is_open_and_not_after() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let card = &device.customers[&web_order("A-1")];
    assert_eq!(card.short_name, "Zoë L.");
    assert_eq!(card.label_name, "Zoë Lanternwright");
    assert_eq!(card.note.as_deref(), Some("Ring twice"));

    server.send_order(&json!({"id": "A-1", "source": "web", "status": "cancelled"}));
    device.pull(&server);
    assert!(device.customers.is_empty());
    // A device that comes later never hears of the customer.
    let mut late = Device::enrolled(&server);
    late.pull(&server);
    assert!(late.customers.is_empty() && late.ledger.orders.len() == 1);
    // The source takes the cancellation back: devices need the name again.
    server.send_order(&order("A-1", 1));
    device.pull(&server);
    assert_eq!(device.customers.len(), 1);
}

#[test]
fn nothing_of_a_customer_stands_in_the_file_in_clear() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    server.stop();
    let file = std::fs::read(folder.data().database()).unwrap();
    for secret in ["Lanternwright", "5555550100", "1980-02-29", "Ring twice"] {
        let found = file
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "{secret}");
    }
}

#[test]
fn a_stranger_gets_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let path = format!("/v1/stores/{}/pull?position=0", server.store());
    let answer = server.get(&path, &[]);
    assert_eq!(answer.status, 401);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::UnknownDevice);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/pull?incarnation=zz", server.store());
    assert_eq!(device.get(server.address, &path).status, 400);
}

#[test]
fn a_large_page_travels_compressed() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let path = format!("/v1/stores/{}/pull?position=0", server.store());
    let mut headers = device.proof("GET", &path, &[]);
    headers.push(("accept-encoding", "br".to_owned()));
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(server.get(&path, &headers).header("content-encoding"), "br");
}

#[test]
fn a_device_that_misses_a_row_finds_its_page_and_gets_it_whole() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let (order, _) = device.ledger.orders.pop_first().unwrap();

    let path = format!("/v1/stores/{}/sums", device.store);
    let told: SumsAnswer = device.get(server.at(), &path).cbor();
    assert_eq!(told.at, device.cursor);
    let theirs = Sums::of(told.pages);
    let page = PageName::of(&EntityKey {
        kind: EntityKind::Order,
        id: encode(&order),
    });
    assert_eq!(sums_of(&device.ledger).differing(&theirs), [page]);

    let answer = device.pull_whole(&server, device.cursor, &[page]);
    assert!(!answer.reset && !answer.more);
    assert_eq!(answer.whole, [page]);
    assert_eq!(answer.next, device.cursor);
    for row in &answer.rows {
        let bytes = row.bytes.as_ref().unwrap();
        device.ledger.put(&row.key, bytes).unwrap();
    }
    assert_eq!(sums_of(&device.ledger), theirs);
}

#[test]
fn customers_come_whole_and_readable_when_their_pages_are_asked_for() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let pages: Vec<PageName> = PageName::all_of(EntityKind::Customer).collect();
    let answer = device.pull_whole(&server, device.cursor, &pages);
    let [row] = &answer.rows[..] else {
        panic!("one customer");
    };
    let card: CustomerCard = minicbor::decode(row.bytes.as_ref().unwrap()).unwrap();
    assert_eq!(Some(&card), device.customers.values().next());
}

#[test]
fn pages_that_are_none_or_too_many_are_not_read() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let many = vec!["8.1"; 65].join(",");
    for whole in ["8", "8.x", "99.1", "8.1,,x", &many] {
        let path = format!("/v1/stores/{}/pull?whole={whole}", device.store);
        let denied = device.get(server.at(), &path);
        assert_eq!(denied.status, 400, "{whole}");
    }
}

#[test]
fn cards_come_sealed_for_the_one_device_that_can_open_them() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 1));
    server.send_order(&order("A-2", 1));
    let (device, other) = (Device::enrolled(&server), Device::enrolled(&server));
    let path = format!("/v1/stores/{}/pull?sealed=true", device.store);
    let answer = device.get(server.at(), &path);
    let name = "Lanternwright".as_bytes();
    let is_there = |body: &[u8]| body.windows(name.len()).any(|part| part == name);
    assert!(!is_there(&answer.body), "a name travels in clear");
    let page: PullAnswer = answer.cbor();
    let sealed: Vec<(&[u8], &[u8])> = page
        .rows
        .iter()
        .filter(|row| row.key.kind == EntityKind::Customer)
        .map(|row| {
            (
                &row.key.id[..],
                sealed_in(row.bytes.as_ref().unwrap()).unwrap(),
            )
        })
        .collect();
    let [(first, one), (second, two)] = sealed[..] else {
        panic!("two customers");
    };
    let keys = CardKeys::of(&signed_in(&device, &server));
    for (row, card) in [(first, one), (second, two)] {
        let card = open(&keys.key(row), card).unwrap();
        let card: CustomerCard = minicbor::decode(&card).unwrap();
        assert!(card.label_name.contains("Lanternwright"));
    }
    assert_eq!(open(&keys.key(first), two), None, "another's card");
    let others = CardKeys::of(&signed_in(&other, &server));
    assert_eq!(open(&others.key(first), one), None, "another device's");
    // An app from before reads them as ever.
    let path = format!("/v1/stores/{}/pull", device.store);
    assert!(is_there(&device.get(server.at(), &path).body));
}

/// The unlock secret that Ana's PIN opens.
fn signed_in(device: &Device, server: &Server) -> Vec<u8> {
    let ask = encode(&SignInAsk {
        actor: ANA,
        pin: ANA_PIN.to_owned(),
        new_pin: None,
    });
    let path = format!("/v1/stores/{}/sign-in", device.store);
    let answer = device.post(server.at(), &path, &ask);
    answer.cbor::<SignInAnswer>().unlock
}
