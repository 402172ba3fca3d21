//! Whose midnight it is.

use serde_json::{Value, json};

use crate::counter::{adult, judged, line};

fn after(at: &str, first: u64, then: u64) -> Value {
    let mut basket = adult(&[line("flower", 1, &[("net_mg", then)])]);
    basket["history"] = json!([{"at": at, "lines": [line("flower", 1, &[("net_mg", first)])]}]);
    basket
}

#[test]
fn the_day_is_the_shops_also_when_it_has_twenty_three_or_twenty_five_hours() {
    // Both clocks of both changes of 2026, and how each wrote the offset.
    for (first, second, is_same_day) in [
        (
            "2026-03-08T00:00:00-08:00",
            "2026-03-08T23:59:59-07:00",
            true,
        ),
        (
            "2026-03-07T23:59:59-08:00",
            "2026-03-08T00:00:00-08:00",
            false,
        ),
        (
            "2026-03-08T23:59:59-07:00",
            "2026-03-09T00:00:00-07:00",
            false,
        ),
        (
            "2026-11-01T00:00:00-07:00",
            "2026-11-01T23:59:59-08:00",
            true,
        ),
        (
            "2026-11-01T23:59:59-08:00",
            "2026-11-02T00:00:00-08:00",
            false,
        ),
        // The same instants, written by a clock in London.
        ("2026-11-01T07:00:00Z", "2026-11-02T07:59:59Z", true),
        ("2026-11-02T07:59:59Z", "2026-11-02T08:00:00Z", false),
    ] {
        let verdict = judged("CA", second, &after(first, 28_500, 1));
        let expected = if is_same_day { "fail" } else { "pass" };
        assert_eq!(
            verdict["verdict"], expected,
            "{first} and {second}: {verdict}"
        );
    }
}

#[test]
fn two_orders_of_one_day_come_to_what_one_does() {
    for (first, then, expected) in [(14_250, 14_250, "pass"), (14_250, 14_251, "fail")] {
        let two = judged(
            "CA",
            "2026-11-25T18:00:00-08:00",
            &after("2026-11-25T09:00:00-08:00", first, then),
        );
        let lines = [first, then].map(|net_mg| line("flower", 1, &[("net_mg", net_mg)]));
        let one = judged("CA", "2026-11-25T18:00:00-08:00", &adult(&lines));
        assert_eq!(two, one);
        assert_eq!(one["verdict"], expected);
    }
}

#[test]
fn an_order_that_is_on_its_way_at_midnight_is_judged_by_the_rules_of_the_new_year() {
    let basket = adult(&[line("flower", 1, &[("net_mg", 50_000)])]);
    let left = judged("NV", "2023-12-31T23:50:00-08:00", &basket);
    let arrived = judged("NV", "2024-01-01T00:10:00-08:00", &basket);
    assert_eq!(
        (&left["verdict"], &arrived["verdict"]),
        (&json!("fail"), &json!("pass"))
    );
}
