//! `POST /api/v1/orders`, `GET /api/v1/orders/{source}/{id}`.

use std::collections::BTreeSet;

use domain::order::{Concern, Status};
use domain::quantity::Quantity;
use serde_json::{Value, json};
use sync_server::import::orders::read;
use sync_server::ingest::orders::Taking;

use crate::device::{Device, web_order};
use crate::server::{ANA, Folder, GUMMIES, NEW_JARS, OLD_JARS, Server, order, tag};

fn action(server: &Server, order: &Value) -> String {
    let answer = server.send_order(order).json();
    answer["results"][0]["action"].as_str().unwrap().to_owned()
}

#[test]
fn an_order_sent_twice_is_one_order_and_a_different_one_is_a_change() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let first = server.send_order(&order("A-1", 2));
    assert_eq!(first.status, 201);
    assert_eq!(
        first.json(),
        json!({"results": [{"id": "A-1", "code": "K7-401", "action": "created"}]})
    );
    let head = *server.shop.head().borrow();
    assert_eq!(action(&server, &order("A-1", 2)), "same");
    assert_eq!(*server.shop.head().borrow(), head);
    let changed = server.send_order(&order("A-1", 3));
    assert_eq!(
        (
            changed.status,
            changed.json()["results"][0]["action"].as_str()
        ),
        (200, Some("changed"))
    );
    let standing = server.standing("A-1").json();
    assert_eq!(
        (&standing["status"], &standing["version"]),
        (&json!("ready"), &json!(2))
    );
    assert_eq!(standing["units_due"], 3);
    assert_eq!(action(&server, &order("A-2", 1)), "created");
    assert_eq!(server.standing("A-2").json()["code"], "K7-402");
}

#[test]
fn a_cancelled_order_gives_its_jars_to_the_next_one_that_waits() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert_eq!(action(&server, &order("A-1", 43)), "created");
    assert_eq!(action(&server, &order("A-2", 1)), "created");
    assert_eq!(server.standing("A-2").json()["status"], "short");
    assert_eq!(server.standing("A-2").json()["lines"][0]["missing"], 1);
    let cancel = json!({"id": "A-1", "source": "web", "status": "cancelled"});
    assert_eq!(action(&server, &cancel), "cancelled");
    assert_eq!(action(&server, &cancel), "same");
    assert_eq!(server.standing("A-1").json()["status"], "cancelled");
    assert_eq!(server.standing("A-2").json()["status"], "ready");
    let unknown = json!({"id": "A-9", "source": "web", "status": "cancelled"});
    assert_eq!(server.send_order(&unknown).status, 422);
}

#[test]
fn a_change_after_the_first_pick_waits_for_a_person() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    device.pick(web_order("A-1"), OLD_JARS);
    device.push_all(&server);
    assert_eq!(action(&server, &order("A-1", 1)), "changed");
    device.pull(&server);
    let order = &device.ledger.orders[&web_order("A-1")];
    assert_eq!(order.concerns, [Concern::ChangedUpstream]);
    assert_eq!((order.status, order.lines[0].units), (Status::Picking, 2));
}

#[test]
fn a_product_nobody_knows_refuses_the_whole_order_and_every_such_line_is_named() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut bad = order("A-1", 1);
    bad["lines"] = json!([
        {"sku": "SKU-1", "product": "whatever the menu says", "quantity": 1, "unit_price_cents": 1},
        {"sku": "SKU-8", "product": "Nothing", "quantity": 1, "unit_price_cents": 1},
        {"sku": "SKU-9", "product": GUMMIES.to_uppercase(), "quantity": 1, "unit_price_cents": 1},
        {"sku": "SKU-7", "product": "Nothing else", "quantity": 1, "unit_price_cents": 1},
    ]);
    let answer = server.send_order(&bad);
    assert_eq!(answer.status, 422);
    let fields: Vec<Value> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].clone())
        .collect();
    assert_eq!(fields, ["lines[1].sku", "lines[3].sku"]);
    assert_eq!(server.standing("A-1").status, 404);
}

#[test]
fn one_bad_order_does_not_keep_the_good_ones_out() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut bad = order("A-2", 1);
    bad["channel"] = json!("drone");
    bad["lines"][0]["quantity"] = json!(0);
    let answer = server.send_order(&json!([order("A-1", 1), bad, order("A-3", 1)]));
    assert_eq!(answer.status, 422);
    let answer = answer.json();
    assert_eq!(answer["results"].as_array().unwrap().len(), 2);
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| error["id"] == "A-2"));
}

#[test]
fn a_note_of_five_megabytes_is_refused_and_nothing_of_a_customer_comes_back_in_an_error() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut long = order("A-1", 1);
    long["notes"] = json!("x".repeat(5_000_000));
    assert_eq!(server.send_order(&long).status, 413);
    long["notes"] = json!("x".repeat(100_000));
    let answer = server.send_order(&long);
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["errors"][0]["field"], "notes");
    assert!(
        !String::from_utf8(answer.body)
            .unwrap()
            .contains("Lanternwright")
    );
}

#[test]
fn a_program_without_a_token_is_not_listened_to() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let body = order("A-1", 1).to_string();
    assert_eq!(
        server.post("/api/v1/orders", &[], body.as_bytes()).status,
        401
    );
    let wrong = [("authorization", "Bearer custody-0000")];
    assert_eq!(
        server
            .post("/api/v1/orders", &wrong, body.as_bytes())
            .status,
        401
    );
    assert_eq!(server.get("/api/v1/orders/web/A-1", &wrong).status, 401);
    assert_eq!(server.send_order(&json!("no order")).status, 400);
}

#[test]
fn an_order_that_cannot_be_filled_is_taken_and_shown_as_short_before_anybody_walks() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert_eq!(server.send_order(&order("A-1", 50)).status, 201);
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let known = &device.ledger.orders[&web_order("A-1")];
    assert_eq!(known.status, Status::Short);
    assert_eq!(device.claim(&server, ANA, &[known.id]).status, 200);
}

const SAMPLES: &str = include_str!("../../../tests/fixtures/orders.json");
const EXPECTED: &str = include_str!("../../../tests/fixtures/orders.expected.json");

#[test]
fn the_sample_orders_come_to_what_the_samples_say() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let samples: Value = serde_json::from_str(SAMPLES).unwrap();
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    let bearer = format!("Bearer {}", server.token);
    let headers = [("authorization", bearer.as_str())];
    let expected = expected["expected"].as_array().unwrap();
    for (order, expected) in samples["orders"].as_array().unwrap().iter().zip(expected) {
        let path = "/api/v1/orders?products=add";
        let answer = server.post(path, &headers, order.to_string().as_bytes());
        let json = answer.json();
        let action = match json["results"][0]["action"].as_str() {
            Some("created") => "create",
            Some("changed") => "change",
            Some("cancelled") => "cancel",
            Some(other) => other,
            None => "refuse",
        };
        assert_eq!(action, expected["action"], "{}: {json}", expected["id"]);
        if action == "refuse" {
            assert_eq!(json["errors"][0]["field"], expected["field"], "{json}");
        }
        if action == "create" {
            let source = order["source"].as_str().unwrap();
            let path = format!(
                "/api/v1/orders/{source}/{}",
                expected["id"].as_str().unwrap()
            );
            assert_eq!(
                server.get(&path, &headers).json()["units_due"],
                expected["units"]
            );
        }
    }
}

#[test]
fn lists_within_lists_are_refused_at_once_and_bring_nobody_down() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let bearer = format!("Bearer {}", server.token);
    for (opening, closing) in [("[", "]"), (r#"{"id":"#, "}")] {
        for depth in [1_000, 10_000] {
            let deep = format!("{}1{}", opening.repeat(depth), closing.repeat(depth));
            let within = format!(r#"{{"id": "A-1", "source": "web", "new": {deep}}}"#);
            for body in [deep, within, opening.repeat(depth)] {
                let headers = [("authorization", bearer.as_str())];
                let answer = server.post("/api/v1/orders", &headers, body.as_bytes());
                assert_eq!(answer.status / 100, 4, "{depth} of {opening}");
            }
        }
    }
    assert_eq!(action(&server, &order("A-1", 1)), "created");
}

/// As many as a morning after a campaign brings, in one file, and stock for a few of them.
#[test]
fn of_five_thousand_orders_at_once_each_is_taken_once_and_none_is_promised_what_another_has() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let all: Vec<Value> = (0..5_000)
        .map(|number| order(&format!("A-{number}"), 1))
        .collect();
    let document = read(json!(all).to_string().as_bytes()).unwrap();
    let taking = Taking {
        keep_good: false,
        add_products: false,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let taken = runtime.block_on(server.shop.accept_document(document, taking));
    let (outcomes, _) = taken.unwrap();
    let codes: BTreeSet<String> = outcomes.into_iter().map(|one| one.unwrap().code).collect();
    assert_eq!(codes.len(), 5_000);
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    let standing = |status| {
        let orders = device.ledger.orders.values();
        orders.filter(|order| order.status == status).count()
    };
    // Three old jars and forty new ones.
    assert_eq!(
        [Status::Ready, Status::Short].map(standing),
        [43, 5_000 - 43]
    );
    for (text, units) in [(OLD_JARS, 3), (NEW_JARS, 40)] {
        let package = &device.ledger.packages[&tag(text)];
        assert_eq!(package.reserved, Quantity::units(units));
    }
}

#[test]
fn a_request_of_more_orders_than_it_may_hold_is_refused_whole() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let cancelled =
        |number: usize| json!({"id": format!("A-{number}"), "source": "web", "cancelled": true});
    let many = |count| json!((0..count).map(cancelled).collect::<Vec<Value>>());
    assert_eq!(server.send_order(&many(501)).status, 413);
    assert_ne!(server.send_order(&many(500)).status, 413);
}
