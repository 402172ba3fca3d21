//! Baskets on both sides of every edge, and what each comes to: the table is `vectors.txt`.

use serde_json::{Map, Value, json};
use sync_server::rules::shelf::PACKS;

use crate::counter::{NOON, adult, judged, line, patient, row};

/// One row of the table.
struct Case {
    claim: String,
    state: String,
    at: String,
    basket: Value,
    verdict: String,
    margin: Option<(String, i64)>,
}

fn goods(text: &str) -> Vec<Value> {
    let lines = text
        .split(';')
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines
        .map(|text| {
            let mut words = text.split_whitespace();
            let mut found = line(words.next().unwrap(), 1, &[]);
            for word in words {
                match word.split_once('=') {
                    Some((figure, amount)) => found[figure] = amount.parse::<u64>().unwrap().into(),
                    None => {
                        found["quantity"] = word
                            .strip_prefix('x')
                            .unwrap()
                            .parse::<u32>()
                            .unwrap()
                            .into()
                    }
                }
            }
            found
        })
        .collect()
}

fn case(row: &str) -> Case {
    let columns: Vec<&str> = row.split('|').map(str::trim).collect();
    let [claim, who, now, before, verdict, margin] = columns[..] else {
        panic!("six columns in {row}");
    };
    let mut who = who.split_whitespace();
    let state = who.next().unwrap();
    let mut basket = match who.next() {
        Some("adult") => adult(&goods(now)),
        _ => patient(&goods(now)),
    };
    let mut at = NOON;
    for word in who {
        let (key, value) = word.split_once('=').unwrap();
        match key {
            "at" => at = value,
            "known_to" => basket["history_known_to"] = value.into(),
            // A state is no JSON by itself.
            _ => {
                basket["customer"][key] =
                    serde_json::from_str(value).unwrap_or_else(|_| value.into())
            }
        }
    }
    if let Some((when, lines)) = before.split_once(' ') {
        basket["history"] = json!([{"at": when, "lines": goods(lines)}]);
    }
    let margin = margin.split_once(' ');
    Case {
        claim: claim.to_owned(),
        state: state.to_owned(),
        at: at.to_owned(),
        basket,
        verdict: verdict.to_owned(),
        margin: margin.map(|(cap, margin)| (cap.to_owned(), margin.parse().unwrap())),
    }
}

fn table() -> Vec<Case> {
    let rows = include_str!("vectors.txt").lines();
    let rows = rows.filter(|row| !row.is_empty() && !row.starts_with('#'));
    rows.map(case).collect()
}

#[test]
fn every_basket_of_the_table_comes_to_what_the_table_says() {
    let table = table();
    assert!(table.len() > 80, "{} rows", table.len());
    let mut wrong = Vec::new();
    for case in table {
        let found = judged(&case.state, &case.at, &case.basket);
        let rows = found["limits"].as_array().unwrap();
        let has_margin = |(cap, margin): &(String, i64)| {
            rows.iter()
                .any(|row| row["bucket"] == **cap && row["margin"] == *margin)
        };
        if found["verdict"] != case.verdict || !case.margin.iter().all(has_margin) {
            wrong.push(format!("{} {}: {found}", case.state, case.claim));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_of_a_baskets_lines_changes_nothing_in_any_state() {
    for mut case in table() {
        let figures = |verdict: Value| -> Vec<Map<String, Value>> {
            let rows = verdict["limits"].as_array().unwrap().clone();
            let rows = rows.into_iter().map(|row| row.as_object().unwrap().clone());
            // Which line a reason names is all that may differ.
            rows.map(|mut row| {
                row.remove("why");
                row
            })
            .collect()
        };
        let one = figures(judged(&case.state, &case.at, &case.basket));
        case.basket["lines"].as_array_mut().unwrap().reverse();
        let other = figures(judged(&case.state, &case.at, &case.basket));
        assert_eq!(one, other, "{} {}", case.state, case.claim);
    }
}

#[test]
fn a_verdict_says_why_with_its_figures() {
    let why = |state: &str, basket: &Value, cap: &str| {
        let verdict = judged(state, NOON, basket);
        row(&verdict, cap)["why"].as_str().unwrap().to_owned()
    };
    let edible = |thc_mg| [line("edible", 1, &[("thc_mg", thc_mg)])];
    assert_eq!(
        why("CO", &patient(&edible(800)), "edible"),
        "800 of 800 mg of THC: 0 mg of THC left; 800 is used until 20000 is confirmed"
    );
    assert_eq!(
        why("CO", &adult(&[line("edible", 1, &[])]), "edible"),
        "line 1 has no thc_mg"
    );
    let mut old = patient(&[line("smoking", 1, &[("net_mg", 1)])]);
    old["history_known_to"] = json!("2026-11-25T11:25:00-08:00");
    let said = why("FL", &old, "smoking");
    assert!(said.contains("35 minutes old"), "{said}");
}

#[test]
fn a_class_no_limit_knows_blocks_in_every_state() {
    for (state, _) in PACKS {
        let strange = [line("spaceship", 1, &[("net_mg", 1)])];
        let blank = [line("flower ", 1, &[])];
        for basket in [adult(&strange), patient(&blank)] {
            let verdict = judged(state, NOON, &basket);
            assert_eq!(verdict["verdict"], "unknown", "{state}: {verdict}");
        }
    }
}
