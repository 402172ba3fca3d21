//! Lab figures in Custody's own CSV.

use domain::stock::PotencyUnit;
use sync_server::import::labs::{LabFile, read};

use crate::fixtures::today;

const HEADINGS: &str = "tag,thc,cbd,units,tested,expires\n";

fn import(lines: &str) -> LabFile {
    read(format!("{HEADINGS}{lines}").as_bytes(), today()).unwrap()
}

fn codes(file: &LabFile) -> Vec<(u32, u64, Option<&str>, &'static str)> {
    let findings = file.findings.iter();
    findings
        .map(|one| (one.record, one.line, one.field.as_deref(), one.kind.code()))
        .collect()
}

#[test]
fn figures_arrive_to_the_last_digit() {
    let file = import(
        "1A4FF0300000C57000000101,22.4,0.085,percent,2026-05-06,2027-05-06\n\
         1a4ff0300000c57000000102,100,,mg_per_package,2026-06-01,\n\
         1A4FF0300000C57000000103,,5,MG_PER_G,2026-06-01,\n",
    );
    assert_eq!(codes(&file), []);
    let [flower, gummies, oil] = &file.rows[..] else {
        panic!("three rows")
    };
    assert_eq!(flower.thc.unwrap().text(), "22.4 %");
    assert_eq!(flower.cbd.unwrap().thousandths, 85);
    assert_eq!(flower.expires.unwrap().to_string(), "2027-05-06");
    assert_eq!(gummies.tag.as_str(), "1A4FF0300000C57000000102");
    assert_eq!(gummies.thc.unwrap().unit, PotencyUnit::MilligramsPerUnit);
    assert_eq!((gummies.cbd, gummies.expires), (None, None));
    assert_eq!(oil.cbd.unwrap().unit, PotencyUnit::MilligramsPerGram);
}

#[test]
fn headings_may_stand_in_any_order_beside_others() {
    let text = "Lab;Tested;Units;THC;Tag\nAcme;2026-05-06;percent;22.4;1A4FF0300000C57000000101\n";
    let file = read(text.as_bytes(), today()).unwrap();
    assert_eq!(codes(&file), []);
    assert_eq!(file.rows[0].thc.unwrap().thousandths, 22_400);
    let refused = read(b"tag,thc,tested\n", today()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The file has no heading units. It has: \u{201c}tag\u{201d}, \u{201c}thc\u{201d}, \u{201c}tested\u{201d}."
    );
    assert_eq!(
        read(b"tag,units,tested\n", today()).unwrap_err().code(),
        "headings_missing"
    );
    assert_eq!(
        read(b"tag,tag,thc,units,tested\n", today())
            .unwrap_err()
            .code(),
        "heading_twice"
    );
}

#[test]
fn a_figure_that_cannot_be_right_is_refused() {
    for (cells, field, code) in [
        (",22.4,1,percent,2026-05-06,", "tag", "tag_missing"),
        ("1A4,22.4,1,percent,2026-05-06,", "tag", "tag_length"),
        (
            "1A4FF0300000C5700000010G,22.4,1,percent,2026-05-06,",
            "tag",
            "tag_not_hex",
        ),
        ("T,101,1,percent,2026-05-06,", "thc", "potency_too_large"),
        (
            "T,1000.001,,mg_per_g,2026-05-06,",
            "thc",
            "potency_too_large",
        ),
        ("T,1,ND,percent,2026-05-06,", "cbd", "potency_not_number"),
        ("T,22.4%,1,percent,2026-05-06,", "thc", "potency_not_number"),
        ("T,,,percent,2026-05-06,", "thc", "potency_missing"),
        ("T,22.4,1,,2026-05-06,", "units", "potency_units_missing"),
        ("T,22.4,1,%,2026-05-06,", "units", "potency_units_unknown"),
        ("T,22.4,1,percent,,", "tested", "tested_date_missing"),
        ("T,22.4,1,percent,05/06/2026,", "tested", "date_unreadable"),
        (
            "T,22.4,1,percent,2026-11-23,",
            "tested",
            "tested_date_future",
        ),
        (
            "T,22.4,1,percent,2026-05-06,2026-02-30",
            "expires",
            "date_unreadable",
        ),
        (
            "T,22.4,1,percent,2026-05-06,2026-05-05",
            "expires",
            "expires_before_tested",
        ),
    ] {
        let file = import(&format!(
            "{}\n",
            cells.replace("T,", "1A4FF0300000C57000000101,")
        ));
        assert_eq!(codes(&file), [(1, 2, Some(field), code)], "{cells}");
        assert!(file.rows.is_empty(), "{cells}");
    }
}

#[test]
fn a_record_that_is_no_record_costs_nothing_else() {
    let good = "1A4FF0300000C57000000101,22.4,1,percent,2026-05-06,\n";
    let file = import(&format!(
        "{HEADINGS},,,,,\n{good}{good}{}1,2\n",
        good.replace("22.4", "22.5")
    ));
    let expected = [
        (1, 2, None, "not_a_record"),
        (2, 3, None, "not_a_record"),
        (4, 5, Some("tag"), "tag_duplicate_same"),
        (5, 6, Some("tag"), "tag_duplicate_conflict"),
        (6, 7, None, "field_count"),
    ];
    assert_eq!(codes(&file), expected);
    assert_eq!((file.rows.len(), file.records), (1, 6));
    assert_eq!(
        codes(&import(&format!("{good}\"x"))),
        [(2, 3, None, "quote_unterminated")]
    );
}
