//! Baskets that no shop has.

use serde_json::{Value, json};
use sync_server::rules::{basket, past, shelf};

use crate::counter::{NOON, adult, answer, judged, line, row};

fn read(text: &str) -> Result<(), String> {
    let now = basket::moment(NOON, "America/Los_Angeles").unwrap();
    let read = basket::read(text.as_bytes(), now, "America/Los_Angeles");
    read.map(drop).map_err(|refused| refused.to_string())
}

fn plain() -> String {
    adult(&[line("flower", 1, &[("net_mg", 28_500)])]).to_string()
}

#[test]
fn a_wrong_field_is_named_and_nothing_is_judged() {
    assert_eq!(read(&plain()), Ok(()));
    let rows = include_str!("slips.txt").lines();
    for row in rows.filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let [was, is, words] = columns[..] else {
            panic!("three columns in {row}");
        };
        assert!(plain().contains(was), "{was}");
        let said = read(&plain().replacen(was, is, 1)).unwrap_err();
        assert!(said.contains(words), "{is}: {said}");
    }
    for text in ["", "null", "[]", "{}", "{\"program\":", "\u{feff}{}", "0"] {
        assert!(read(text).is_err(), "{text:?}");
    }
    assert!(read(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn a_class_in_any_alphabet_is_a_class_nobody_knows() {
    for class in ["花", "زهرة", "цветок", "flower\u{202e}", "Flower", "🌿"] {
        let verdict = judged("CA", NOON, &adult(&[line(class, 1, &[("net_mg", 1)])]));
        assert_eq!(verdict["verdict"], "unknown");
        let why = row(&verdict, "class")["why"].as_str().unwrap();
        assert!(why.starts_with("no limit knows the class"), "{why}");
    }
}

#[test]
fn a_hundred_thousand_lines_are_judged_and_one_more_is_too_many() {
    let lines = |count| vec![line("flower", 1, &[("net_mg", 1)]); count];
    let pack = shelf::open("CA").unwrap();
    let most = answer(&pack, NOON, &adult(&lines(basket::LINES_MAX))).unwrap();
    assert_eq!(row(&most, "flower")["used"], 100_000);
    assert_eq!(most["verdict"], "fail");
    let more = answer(&pack, NOON, &adult(&lines(basket::LINES_MAX + 1))).unwrap_err();
    assert!(more.contains("100001 lines; 100000 is the most"), "{more}");
    let strange: Vec<Value> = (0..1_000)
        .map(|n| line(&format!("class {n}"), 1, &[]))
        .collect();
    let verdict = answer(&pack, NOON, &adult(&strange)).unwrap();
    assert!(verdict["limits"].as_array().unwrap().len() < 100);
}

#[test]
fn the_largest_figures_there_may_be_are_over_by_an_exact_amount() {
    let lines = vec![
        line(
            "flower",
            basket::QUANTITY_MAX,
            &[("net_mg", basket::FIGURE_MAX)]
        );
        1_000
    ];
    let verdict = judged("CA", NOON, &adult(&lines));
    assert_eq!(row(&verdict, "flower")["used"], 10_000_000_000_000_000_u64);
    assert_eq!(
        row(&verdict, "flower")["margin"],
        28_500_i64 - 10_000_000_000_000_000
    );
    let verdict = judged("NV", NOON, &adult(&lines));
    assert_eq!(verdict["verdict"], "fail");
    assert_eq!(row(&verdict, "flower")["used"], i64::MAX);
}

fn order(id: &str, at: &str, who: Option<&str>, net_mg: u64) -> Value {
    let basket = adult(&[line("flower", 1, &[("net_mg", net_mg)])]);
    json!({"id": id, "at": at, "who": who, "basket": basket})
}

#[test]
fn orders_of_the_past_are_history_of_later_ones_of_the_same_customer_and_of_no_other() {
    let pack = shelf::open("CA").unwrap();
    let orders = json!([
        order("third", "2026-11-25T15:00:00-08:00", Some("ana"), 1),
        order("first", "2026-11-25T10:00:00-08:00", Some("ana"), 28_000),
        order("second", "2026-11-25T12:00:00-08:00", Some("ben"), 28_500),
        order("before", "2026-11-24T12:00:00-08:00", Some("ana"), 28_500),
        order("last", "2026-11-25T16:00:00-08:00", Some("ana"), 500),
    ]);
    let read = past::read(orders.to_string().as_bytes(), &pack.time_zone).unwrap();
    let asked = past::Asked {
        from: domain::time::Day::parse("2026-11-25"),
        ..past::Asked::default()
    };
    let found = past::judged(&pack.book, read, asked).unwrap();
    let words: Vec<(&str, &str)> = found
        .iter()
        .map(|(order, verdict)| {
            (
                order.id.as_str(),
                sync_server::rules::verdict::word(verdict.outcome),
            )
        })
        .collect();
    let expected = [
        ("first", "pass"),
        ("second", "pass"),
        ("third", "pass"),
        ("last", "fail"),
    ];
    assert_eq!(words, expected);
}

#[test]
fn a_file_of_orders_names_the_order_that_is_wrong() {
    let twice = json!([order("a", NOON, None, 1), order("a", NOON, None, 1)]);
    let said = past::read(twice.to_string().as_bytes(), "UTC").unwrap_err();
    assert!(said.contains("order 2 has the id \"a\""), "{said}");
    let unzoned = json!([order("a", "2026-11-25T12:00:00", None, 1)]);
    let said = past::read(unzoned.to_string().as_bytes(), "UTC").unwrap_err();
    assert!(
        said.contains("order 1 (a)") && said.contains("offset"),
        "{said}"
    );
}
