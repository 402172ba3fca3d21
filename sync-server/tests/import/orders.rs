//! Orders as sources send them: the sample feed, hostile ones, and the same one twice.

use std::collections::BTreeMap;

use domain::order::Channel;
use serde_json::{Value, json};
use sync_server::import::orders::{
    ASIDE_BYTES_MAX, Comparison, DocumentRefused, Fault, LINES_MAX, NOTE_BYTES_MAX, OrderInput,
    OrderRefused, Request, compare, read,
};

use crate::fixtures::{fixture, fixture_json};

fn order() -> Value {
    json!({
        "id": "PUB-1", "source": "web", "channel": "delivery",
        "placed_at": "2026-11-23T15:30:34-08:00",
        "promise": {"start": "2026-11-23T23:45:00-08:00", "end": "2026-11-24T00:15:00-08:00"},
        "customer": {
            "name": "A. Sample", "dob": "1980-02-29", "phone": "+15555550100",
            "address": {"street": "1 Quay", "city": "Windle", "state": "CA", "postal_code": "90001"},
        },
        "lines": [
            {"sku": "SKU-1", "product": "Night Ferry 1g", "quantity": 2, "unit_price_cents": 4209},
            {"sku": "SKU-2", "product": "Salted Plum Balm", "quantity": 1, "unit_price_cents": 0},
        ],
        "notes": "Ring twice",
    })
}

/// The order with one value replaced; the path is a JSON pointer. Null removes nothing, it is sent.
fn with(pointer: &str, value: Value) -> Value {
    let mut order = order();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = order.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        other => other[name] = value,
    }
    order
}

fn one(order: &Value) -> Result<OrderInput, OrderRefused> {
    read(order.to_string().as_bytes()).unwrap().remove(0)
}

fn content(order: &OrderInput) -> &sync_server::import::orders::OrderContent {
    match &order.request {
        Request::Fill(content) => content,
        Request::Cancel => panic!("cancelled"),
    }
}

#[track_caller]
fn refuse(pointer: &str, value: Value, path: &str, fault: Fault) {
    let errors = one(&with(pointer, value)).unwrap_err().errors;
    let found: Vec<_> = errors
        .iter()
        .map(|error| (error.path.as_str(), error.fault))
        .collect();
    assert_eq!(found, [(path, fault)]);
    assert!(errors[0].reason.ends_with('.') && errors[0].reason.len() < 200);
}

#[test]
fn the_sample_feed_is_understood_message_by_message() {
    let expected = fixture_json("orders.expected.json");
    let verdicts = read(&fixture("orders.json")).unwrap();
    assert_eq!(verdicts.len(), 50);
    let mut known: BTreeMap<_, OrderInput> = BTreeMap::new();
    for (verdict, expected) in verdicts
        .into_iter()
        .zip(expected["expected"].as_array().unwrap())
    {
        let order = match verdict {
            Ok(order) => order,
            Err(refused) => {
                assert_eq!(expected["action"], "refuse", "{refused}");
                assert_eq!(expected["id"], refused.key.unwrap().id);
                let [error] = &refused.errors[..] else {
                    panic!("{:?}", refused.errors)
                };
                assert_eq!(
                    (&expected["field"], &expected["reason"]),
                    (&json!(error.path), &json!(error.fault.code()))
                );
                continue;
            }
        };
        assert_eq!(expected["id"], order.key.id);
        let action = match known.get(&order.key).map(|old| compare(old, &order)) {
            None => "create",
            Some(Comparison::Same) => "same",
            Some(Comparison::Change { .. }) => "change",
            Some(Comparison::Cancel) => "cancel",
        };
        assert_eq!(expected["action"], action, "{}", order.key.id);
        if let Request::Fill(content) = &order.request {
            assert_eq!(expected["total_cents"], content.total_cents());
            assert_eq!(expected["units"], content.units());
            assert_eq!(expected["lines"], content.lines.len());
            let age = content.age_on_promise_day().unwrap();
            assert_eq!(expected["age_on_promise_day"], age);
            assert_eq!(expected["at_least_21"], age >= 21);
        }
        known.insert(order.key.clone(), order);
    }
}

#[test]
fn one_order_a_list_and_an_envelope_are_all_documents() {
    let order = order();
    for document in [
        order.clone(),
        json!([order]),
        json!({"count": 1, "orders": [order]}),
    ] {
        assert_eq!(read(document.to_string().as_bytes()).unwrap().len(), 1);
    }
    assert_eq!(read(b"[]").unwrap(), []);
    assert_eq!(
        read(format!("\u{feff}{order}").as_bytes()).unwrap().len(),
        1
    );
    assert_eq!(read(b"7").unwrap_err(), DocumentRefused::NotOrders);
    assert_eq!(
        read(br#"{"orders": 7}"#).unwrap_err(),
        DocumentRefused::NotOrders
    );
    let Err(DocumentRefused::NotJson { line, column, .. }) = read(b"{\n \"id\": ") else {
        panic!()
    };
    assert_eq!((line, column), (2, 7));
    assert_eq!(read(&[b'['; 100_000]).unwrap_err().code(), "not_json");
}

#[test]
fn times_are_instants_that_remember_the_local_clock() {
    let order = one(&order()).unwrap();
    let content = content(&order);
    assert_eq!(content.placed_at.at.0, 1_795_476_634_000);
    assert_eq!(content.placed_at.offset_minutes, -480);
    assert_eq!(content.promise.start.local_day().to_string(), "2026-11-23");
    assert_eq!(content.promise.end.local_day().to_string(), "2026-11-24");
}

#[test]
fn a_window_over_the_hour_that_comes_twice_is_no_mistake() {
    let window = json!({"start": "2026-11-01T01:45:00-07:00", "end": "2026-11-01T01:15:00-08:00"});
    let order = one(&with("/promise", window)).unwrap();
    let promise = content(&order).promise;
    assert_eq!(promise.end.at.since(promise.start.at), 30 * 60_000);
    let reversed = json!({"start": "2026-11-01T02:00:00Z", "end": "2026-11-01T01:59:59Z"});
    refuse("/promise", reversed, "promise.end", Fault::PromiseReversed);
}

#[test]
fn a_quantity_that_is_no_number_of_units_is_refused() {
    for (value, fault) in [
        (json!(0), Fault::QuantityZero),
        (json!(-1), Fault::QuantityNegative),
        (json!(1.5), Fault::QuantityFraction),
        (json!(1_000_000), Fault::QuantityTooLarge),
        (json!("2"), Fault::NotNumber),
        (json!(true), Fault::NotNumber),
        (json!(null), Fault::Missing),
    ] {
        refuse("/lines/1/quantity", value, "lines[1].quantity", fault);
    }
    refuse(
        "/lines/0/unit_price_cents",
        json!(-1),
        "lines[0].unit_price_cents",
        Fault::PriceNegative,
    );
    refuse(
        "/lines/0/unit_price_cents",
        json!(9.5),
        "lines[0].unit_price_cents",
        Fault::PriceFraction,
    );
}

#[test]
fn an_order_without_a_clear_name_channel_or_time_is_refused_with_the_field() {
    for (pointer, value, path, fault) in [
        ("/id", json!(" "), "id", Fault::Blank),
        ("/id", json!(7), "id", Fault::NotText),
        ("/id", json!("a\u{1b}b"), "id", Fault::ControlCharacter),
        (
            "/source",
            json!("a\u{0}b"),
            "source",
            Fault::ControlCharacter,
        ),
        ("/source", json!(null), "source", Fault::Missing),
        (
            "/channel",
            json!("teleport"),
            "channel",
            Fault::ChannelUnknown,
        ),
        ("/status", json!("shipped"), "status", Fault::StatusUnknown),
        (
            "/placed_at",
            json!("2026-11-23T15:30:34"),
            "placed_at",
            Fault::TimeUnreadable,
        ),
        (
            "/placed_at",
            json!("0026-11-23T15:30:34Z"),
            "placed_at",
            Fault::TimeUnreadable,
        ),
        ("/promise", json!(null), "promise", Fault::Missing),
        (
            "/promise/end",
            json!("soon"),
            "promise.end",
            Fault::TimeUnreadable,
        ),
    ] {
        refuse(pointer, value, path, fault);
    }
    let [verdict] = &read(b"[7]").unwrap()[..] else {
        panic!("one order")
    };
    assert_eq!(
        verdict.as_ref().unwrap_err().errors[0].fault,
        Fault::NotAnObject
    );
}

#[test]
fn an_order_for_nobody_or_to_nowhere_is_refused_with_the_field() {
    for (pointer, value, path, fault) in [
        ("/customer", json!("Ann"), "customer", Fault::NotAnObject),
        (
            "/customer/name",
            json!("\u{a0} "),
            "customer.name",
            Fault::NameMissing,
        ),
        (
            "/customer/name",
            json!(null),
            "customer.name",
            Fault::NameMissing,
        ),
        (
            "/customer/dob",
            json!("02/29/1980"),
            "customer.dob",
            Fault::DateUnreadable,
        ),
        (
            "/customer/dob",
            json!("1981-02-29"),
            "customer.dob",
            Fault::DateUnreadable,
        ),
        (
            "/customer/dob",
            json!("2026-11-24"),
            "customer.dob",
            Fault::DateFuture,
        ),
        (
            "/customer/address",
            json!(null),
            "customer.address",
            Fault::AddressMissing,
        ),
        (
            "/customer/address/street",
            json!(""),
            "customer.address.street",
            Fault::Blank,
        ),
    ] {
        refuse(pointer, value, path, fault);
    }
}

#[test]
fn an_order_without_readable_lines_is_refused_with_the_field() {
    let too_many = json!(vec![order()["lines"][0].clone(); LINES_MAX + 1]);
    for (pointer, value, path, fault) in [
        ("/lines", json!([]), "lines", Fault::NoLines),
        ("/lines", json!({}), "lines", Fault::NotAList),
        ("/lines", too_many, "lines", Fault::TooManyLines),
        ("/lines/0", json!(1), "lines[0]", Fault::NotAnObject),
        (
            "/lines/0/sku",
            json!("a\nb"),
            "lines[0].sku",
            Fault::ControlCharacter,
        ),
        (
            "/lines/0/product",
            json!(" "),
            "lines[0].product",
            Fault::Blank,
        ),
    ] {
        refuse(pointer, value, path, fault);
    }
}

#[test]
fn a_note_of_five_megabytes_is_refused_by_name() {
    refuse(
        "/notes",
        json!("x".repeat(5_000_000)),
        "notes",
        Fault::TooLong,
    );
    assert!(one(&with("/notes", json!("x".repeat(NOTE_BYTES_MAX)))).is_ok());
}

#[test]
fn hostile_text_is_kept_as_text() {
    for text in [
        "^XZ~JR",
        "=HYPERLINK(\"x\")",
        "<script>",
        "\u{202e}x\u{202c}",
        "a\r\nb\tc\u{1b}@",
        "\u{1f33f}",
    ] {
        let order = one(&with("/notes", json!(text))).unwrap();
        assert_eq!(content(&order).notes, text);
        let order = one(&with("/customer/name", json!(text))).unwrap();
        assert_eq!(content(&order).customer.name, text);
    }
    let order = one(&with("/notes", json!(" a\u{0}b "))).unwrap();
    assert_eq!(content(&order).notes, "a\u{fffd}b");
}

#[test]
fn what_a_shop_may_leave_out_may_be_left_out() {
    let mut order = with("/channel", json!("in_store"));
    order["customer"] = json!({"name": "Walk-in"});
    order.as_object_mut().unwrap().remove("notes");
    order["source"] = json!("a_new_marketplace");
    let order = one(&order).unwrap();
    let content = content(&order);
    assert_eq!(
        (content.channel, content.notes.as_str()),
        (Channel::InStore, "")
    );
    assert_eq!(
        (content.customer.born, &content.customer.phone),
        (None, &None)
    );
    assert_eq!(content.age_on_promise_day(), None);
}

#[test]
fn fields_nobody_knows_are_set_aside_whole() {
    let mut order = order();
    order["loyalty"] = json!({"points": 7});
    order["lines"][1]["thc"] = json!("22%");
    order["blob"] = json!("x".repeat(ASIDE_BYTES_MAX));
    let order = one(&order).unwrap();
    let mut paths: Vec<_> = order
        .aside
        .fields
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["lines[1].thc", "loyalty"]);
    assert_eq!(order.aside.dropped, ["blob"]);
}

#[test]
fn the_same_order_twice_is_one_order() {
    let first = one(&order()).unwrap();
    assert_eq!(compare(&first, &first), Comparison::Same);
    let mut again = order();
    again["lines"].as_array_mut().unwrap().reverse();
    again["sent"] = json!(2);
    assert_eq!(compare(&first, &one(&again).unwrap()), Comparison::Same);
}

#[test]
fn a_change_names_what_changed() {
    let first = one(&order()).unwrap();
    for (pointer, value, field) in [
        ("/lines/0/quantity", json!(3), "lines"),
        ("/notes", json!(""), "notes"),
        ("/channel", json!("pickup"), "channel"),
        ("/customer/phone", json!(null), "customer"),
        (
            "/promise/end",
            json!("2026-11-24T01:00:00-08:00"),
            "promise",
        ),
    ] {
        let second = one(&with(pointer, value)).unwrap();
        assert_eq!(
            compare(&first, &second),
            Comparison::Change {
                fields: vec![field]
            }
        );
    }
}

#[test]
fn a_withdrawn_order_needs_only_its_name() {
    let first = one(&order()).unwrap();
    for cancel in [
        json!({"id": "PUB-1", "source": "web", "cancelled": true}),
        json!({"id": "PUB-1", "source": "web", "status": "cancelled"}),
        with("/status", json!("cancelled")),
    ] {
        let cancel = one(&cancel).unwrap();
        assert_eq!(cancel.request, Request::Cancel);
        assert!(cancel.aside.fields.is_empty());
        assert_eq!(compare(&first, &cancel), Comparison::Cancel);
        assert_eq!(compare(&cancel, &cancel), Comparison::Same);
        assert_eq!(
            compare(&cancel, &first),
            Comparison::Change {
                fields: vec!["status"]
            }
        );
    }
    assert!(matches!(
        one(&with("/cancelled", json!(false))).unwrap().request,
        Request::Fill(_)
    ));
}

#[test]
fn an_order_printed_into_a_log_names_nobody() {
    let order = one(&order()).unwrap();
    let printed = format!("{order:?}");
    for private in ["Sample", "1980", "5555", "Quay", "Ring"] {
        assert!(!printed.contains(private), "{private} in {printed}");
    }
}

#[test]
fn every_wrong_field_is_named_at_once_and_within_bounds() {
    let mut order = with("/channel", json!("teleport"));
    order["lines"] = json!(vec![json!({"sku": "", "quantity": 0}); 100]);
    let errors = one(&order).unwrap_err().errors;
    assert_eq!(errors[0].path, "channel");
    assert_eq!(errors.last().unwrap().fault, Fault::MoreErrors);
    assert_eq!(errors.len(), 51);
}
