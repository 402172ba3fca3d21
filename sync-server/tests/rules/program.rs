//! `custody limits` and `custody rules`, run as a person runs them.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use sync_server::rules::shelf::{PACKS, open};

use crate::counter::{adult, line};

fn custody(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_custody"))
        .args(words)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// A folder of this test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("custody-rules-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const AT: &str = "2026-11-25T12:00:00-08:00";

#[test]
fn a_basket_in_a_file_gets_its_verdict_as_json() {
    let folder = Folder::new("basket");
    let basket = r#"{"program":"adult","customer":{"age":34,"id_state":"CA","letter_mg":null,"card_holder":false},"lines":[{"class":"flower","quantity":1,"net_mg":28500,"thc_mg":null,"concentrate_mg":null,"volume_ul":null,"units":null}],"history":[{"at":"2026-11-01T10:00:00-08:00","lines":[]}]}"#;
    let file = folder.file("basket.json", basket);
    let answer = said(&custody(&[
        "limits", "--pack", "us-ca", "--basket", &file, "--at", AT,
    ]));
    let verdict: Value = serde_json::from_str(&answer).unwrap();
    let row = |bucket: &str, used: u64, max: u64, why: &str| {
        json!({"id": "ca.adult", "bucket": bucket, "used": used, "max": max, "margin": max - used, "why": why,
               "source": "4 CCR 15409"})
    };
    let expected = json!({"verdict": "pass", "limits": [
        row("flower", 28_500, 28_500, "28500 of 28500 mg: 0 mg left"),
        row("concentrate", 0, 8_000, "0 of 8000 mg of concentrate: 8000 mg of concentrate left"),
        row("plants", 0, 6, "0 of 6: 6 left"),
    ]});
    assert_eq!(verdict, expected);

    let over = folder.file("over.json", &basket.replace("28500", "28501"));
    let answer = said(&custody(&[
        "limits", "--pack", "CA", "--basket", &over, "--at", AT,
    ]));
    let verdict: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(verdict["verdict"], "fail");
    assert_eq!(verdict["limits"][0]["why"], "28501 of 28500 mg: 1 mg over");
}

#[test]
fn a_pack_may_be_a_file_and_a_shop_may_have_another_zone_than_most_of_its_state() {
    let folder = Folder::new("file");
    let florida = PACKS.iter().find(|(id, _)| *id == "us-fl").unwrap().1;
    let pack = folder.file("florida.toml", florida);
    let mut basket = adult(&[line("smoking", 1, &[("net_mg", 1)])]);
    basket["program"] = json!("medical");
    let smoked = line("smoking", 1, &[("net_mg", 70_875)]);
    // Half past midnight in New York is still yesterday in the Panhandle.
    basket["history"] = json!([{"at": "2026-10-01T12:00:00-04:00", "lines": [smoked]}]);
    let file = folder.file("basket.json", &basket.to_string());
    let judged = |more: &[&str]| {
        let mut words = vec![
            "limits",
            "--pack",
            &pack,
            "--basket",
            &file,
            "--at",
            "2026-11-05T00:30:00-05:00",
        ];
        words.extend(more);
        let verdict: Value = serde_json::from_str(&said(&custody(&words))).unwrap();
        verdict["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(judged(&[]), "pass");
    assert_eq!(judged(&["--time-zone", "America/Chicago"]), "fail");
}

#[test]
fn what_cannot_be_judged_is_said_and_nothing_is_printed_as_a_verdict() {
    let folder = Folder::new("refused");
    let good = folder.file("good.json", &adult(&[]).to_string());
    let bad = folder.file("bad.json", &adult(&[line("flower", 0, &[])]).to_string());
    for (words, told) in [
        (
            ["CA", good.as_str(), "2026-11-25T12:00:00"],
            "--at must be a time with its offset",
        ),
        (["CA", bad.as_str(), AT], "lines[0].quantity must be from 1"),
        (["CA", "nowhere.json", AT], "nowhere.json cannot be read"),
        (["XX", good.as_str(), AT], "XX is none of us-az"),
        ([good.as_str(), good.as_str(), AT], "good.json, line 1"),
    ] {
        let [pack, basket, at] = words;
        let output = custody(&["limits", "--pack", pack, "--basket", basket, "--at", at]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{words:?}"
        );
        assert!(error.contains(told), "{words:?}: {error}");
    }
}

#[test]
fn days_the_wrong_way_round_are_no_month_in_which_all_was_well() {
    let folder = Folder::new("days");
    let orders = folder.file("none.json", "[]");
    let judged = |from, to| {
        custody(&[
            "rules", "judge", "--pack", "CA", "--orders", &orders, "--from", from, "--to", to,
        ])
    };
    assert!(judged("2026-11-01", "2026-11-01").status.success());
    let refused = judged("2026-11-02", "2026-11-01");
    let error = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(
        error.contains("2026-11-02, is after the last, 2026-11-01"),
        "{error}"
    );
}

#[test]
fn packs_are_looked_over_and_compared() {
    let folder = Folder::new("lint");
    let all = said(&custody(&["rules", "lint"]));
    for (id, _) in PACKS {
        let version = open(id).unwrap().version;
        assert!(all.contains(&format!("{id} {version}: in order")), "{all}");
    }
    assert!(
        all.contains("co.medical, edible: 800 is used until 20000 is confirmed"),
        "{all}"
    );
    let california = PACKS.iter().find(|(id, _)| *id == "us-ca").unwrap().1;
    let raised = folder.file(
        "raised.toml",
        &california.replace("max = 28500", "max = 56700"),
    );
    let difference = said(&custody(&["rules", "diff", "CA", &raised]));
    assert_eq!(
        difference,
        "~ limit[ca.adult 2019-01-16].bucket[flower].max: 28500 -> 56700\n"
    );
    assert_eq!(
        said(&custody(&["rules", "diff", "CA", "CA"])),
        "There is no difference.\n"
    );
    let broken = folder.file(
        "broken.toml",
        &california.replace("max = 28500", "max = \"an ounce\""),
    );
    let output = custody(&["rules", "lint", &broken, "CA"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success());
    assert!(
        told.contains("broken.toml, line ") && told.contains("limit[0].bucket[0].max"),
        "{told}"
    );
    assert!(told.contains("us-ca 2026.11.0: in order"), "{told}");
}

#[test]
fn last_months_orders_are_judged_by_the_rules_of_their_day_and_by_rules_to_come() {
    let folder = Folder::new("past");
    let order = |id: &str, net_mg: u64| {
        let mut basket = adult(&[line("flower", 1, &[("net_mg", net_mg)])]);
        basket["customer"]["id_state"] = json!("NV");
        json!({"id": id, "at": "2023-12-10T12:00:00-08:00", "who": null, "basket": basket})
    };
    let orders = json!([
        order("small", 28_350),
        order("large", 28_351),
        order("huge", 70_876)
    ])
    .to_string();
    let orders = folder.file("orders.json", &orders);
    let words = [
        "rules",
        "judge",
        "--pack",
        "NV",
        "--orders",
        &orders,
        "--from",
        "2023-12-01",
        "--to",
        "2023-12-31",
    ];
    let own = said(&custody(&words));
    assert!(
        own.contains("large of 2023-12-10: fail: nv.adult.transaction, flower"),
        "{own}"
    );
    assert!(
        own.contains("3 orders: 1 pass, 2 fail, 0 unknown; by us-nv"),
        "{own}"
    );
    let coming = said(&custody(
        &[&words[..], &["--rules-of", "2024-01-01"]].concat(),
    ));
    assert!(
        coming.contains("3 orders: 2 pass, 1 fail, 0 unknown"),
        "{coming}"
    );
    let nothing = said(&custody(&[
        "rules",
        "judge",
        "--pack",
        "NV",
        "--orders",
        &orders,
        "--from",
        "2024-01-01",
    ]));
    assert!(nothing.contains("0 orders"), "{nothing}");
}
