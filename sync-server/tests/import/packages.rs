//! Exports of the Active Packages grid that are good, in every form they come in.

use std::time::Instant;

use sync_server::import::calendar::DateForm;
use sync_server::import::finding::{FindingKind, WARNINGS_MAX};
use sync_server::import::metrc_packages::read;
use sync_server::import::table::FileRefused;

use crate::fixtures::{
    as_json, fixture, fixture_json, found, heading_line, line, one_blank, record, today,
};

#[test]
fn all_two_hundred_packages_of_the_sample_arrive_as_they_are() {
    let bytes = fixture("metrc-active-packages.csv");
    let file = read("Metrc-MA-MR281234-Packages-Active (1).csv", &bytes, today()).unwrap();
    let expected = fixture_json("metrc-active-packages.expected.json");
    assert_eq!(found(&file), []);
    assert_eq!((file.records, file.rows.len()), (200, 200));
    assert_eq!(file.license.as_deref(), Some("MR281234"));
    assert!(file.missing_headings.is_empty());
    for (row, expected) in file.rows.iter().zip(expected["rows"].as_array().unwrap()) {
        assert_eq!(as_json(row), one_blank(expected));
    }
}

#[test]
fn three_forms_of_one_export_mean_the_same_packages() {
    let expected = fixture_json("metrc-variants/expected.json");
    let expected = expected["rows"].as_array().unwrap();
    for (name, form, missing) in [
        (
            "grid-headings.csv",
            DateForm::MonthFirst,
            &["finished_good"][..],
        ),
        ("iso-dates-lf.csv", DateForm::Iso, &[]),
        (
            "excel-serials-reordered-semicolon.csv",
            DateForm::Serial,
            &[],
        ),
    ] {
        let bytes = fixture(&format!("metrc-variants/{name}"));
        let file = read(name, &bytes, today()).unwrap();
        assert_eq!(found(&file), [], "{name}");
        assert_eq!(file.rows.len(), expected.len(), "{name}");
        assert!(
            file.date_forms.iter().all(|(_, taken)| *taken == form),
            "{:?}",
            file.date_forms
        );
        for (row, expected) in file.rows.iter().zip(expected) {
            let mut expected = one_blank(expected);
            // The file lacks these headings, so nothing is known.
            missing
                .iter()
                .for_each(|field| expected[*field] = serde_json::Value::Null);
            assert_eq!(as_json(row), expected, "{name}");
        }
    }
}

#[test]
fn the_form_of_dates_is_told_for_each_column() {
    let changes: &[(&str, &str)] = &[
        ("Packaged Date", "2026-06-09"),
        ("Received", "46210.5"),
        ("Lab Test Expiration", ""),
    ];
    let text = heading_line() + &line(&record(1, changes));
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    assert_eq!(found(&file), []);
    let forms: Vec<_> = file
        .date_forms
        .iter()
        .map(|(name, form)| (name.as_str(), *form))
        .collect();
    let expected = [
        ("Packaged Date", DateForm::Iso),
        ("Received", DateForm::Serial),
        ("Lab Test Expiration", DateForm::MonthFirst),
    ];
    assert_eq!(forms, expected);
    assert_eq!(
        file.rows[0].received.unwrap().to_string(),
        "2026-07-07T12:00"
    );
}

#[test]
fn an_old_export_with_number_and_unit_in_one_cell_is_read() {
    let text = "Package Tag,Item,Qty,Packaged On,Room,Expiration Date,THC\n\
                1A4FF0300000C57000000001,Bulk Flower,\"1,234.5 g\",6/9/2026,Vault,12/31/2026,22.4%\n";
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    assert_eq!(found(&file), []);
    let row = &file.rows[0];
    assert_eq!(row.quantity.to_string(), "1234.5");
    assert_eq!(row.unit.abbreviation(), "g");
    assert_eq!(row.location.as_deref(), Some("Vault"));
    assert_eq!(row.expires.unwrap().to_string(), "2026-12-31");
    assert_eq!(row.thc.as_deref(), Some("22.4%"));
    assert_eq!((row.hold, row.lab.as_ref()), (None, None));
    assert!(file.missing_headings.contains(&"Administrative Hold"));
}

#[test]
fn patients_and_other_columns_nobody_asked_for_are_not_loaded() {
    let text = "Tag,Patient,Item,Quantity,UoM,Packaged Date\n\
                1A4FF0300000C57000000001,PATIENT-77,Gummies,5,ea,6/9/2026\n\
                1A4FF0300000C57000000001,PATIENT-78,Gummies,5,ea,6/9/2026\n";
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    assert!(!format!("{file:?}").contains("PATIENT-7"));
    assert_eq!(file.findings[0].kind, FindingKind::TagDuplicateSame);
}

#[test]
fn yes_and_no_are_read_in_all_their_spellings() {
    for (word, meaning) in [
        ("Yes", Some(true)),
        ("TRUE", Some(true)),
        ("1", Some(true)),
        ("no", Some(false)),
        ("False", Some(false)),
        ("0", Some(false)),
        ("", None),
    ] {
        let text = heading_line() + &line(&record(1, &[("Administrative Hold", word)]));
        let file = read("a.csv", text.as_bytes(), today()).unwrap();
        assert_eq!(found(&file), [], "{word}");
        assert_eq!(file.rows[0].hold, meaning, "{word}");
    }
}

#[test]
fn a_file_that_lacks_a_needed_heading_is_refused_and_told_what_it_has() {
    let refused = read("a.csv", b"Tag,Product,UoM\r\n1,2,3\r\n", today()).unwrap_err();
    let FileRefused::HeadingsMissing { missing, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(missing[..], ["Item", "Quantity"]);
    let sentence = refused.to_string();
    assert!(
        sentence.contains("Item, Quantity") && sentence.contains("Product"),
        "{sentence}"
    );
}

#[test]
fn files_that_are_something_else_are_refused_in_words() {
    let utf16: Vec<u8> = format!("\u{feff}{}", heading_line())
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let unmarked: Vec<u8> = heading_line()
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let old = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1][..], &[0; 600]].concat();
    for (bytes, code) in [
        (&b""[..], "file_empty"),
        (b"\r\n\r\n \r\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (&utf16, "file_utf16"),
        (&unmarked, "file_utf16"),
        (&old, "workbook_old"),
        (b"PK\x03\x04 and then nothing", "workbook_damaged"),
        (
            b"<!DOCTYPE html><html><body>Please log in</body></html>",
            "headings_missing",
        ),
        (b"%PDF-1.7 not a table", "headings_missing"),
    ] {
        assert_eq!(read("a.csv", bytes, today()).unwrap_err().code(), code);
    }
    let grid = read("Metrc-MA-MR281234-Packages-Inactive.csv", b"Tag", today()).unwrap_err();
    assert_eq!(grid.code(), "other_grid");
    let inactive = b"Tag,Item,Quantity,Finished,Discontinued\n";
    assert_eq!(
        read("a.csv", inactive, today()).unwrap_err().code(),
        "other_grid"
    );
}

#[test]
fn two_exports_joined_with_other_columns_are_not_mixed_up() {
    let text = "Tag,Item,Quantity,Location,Sublocation\n\
                Tag,Item,Quantity,Sublocation,Location\n";
    let refused = read("a.csv", text.as_bytes(), today()).unwrap_err();
    assert_eq!(refused, FileRefused::HeadingsChange { line: 2 });
}

#[test]
fn an_export_without_packages_is_an_empty_stock_not_an_error() {
    let file = read("a.csv", heading_line().as_bytes(), today()).unwrap();
    assert_eq!(
        (file.records, file.rows.len(), file.findings.len()),
        (0, 0, 0)
    );
}

#[test]
fn a_comma_that_may_be_a_decimal_mark_is_not_taken_for_thousands() {
    let text = "Tag;Item;Quantity;UoM;Packaged Date\n\
                1A4FF0300000C57000000001;Kief;1,250;kg;2026-06-09\n\
                1A4FF0300000C57000000002;Kief;12,5;g;2026-06-09\n";
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    let kinds: Vec<_> = file.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::QuantityDecimalComma; 2]);
    let with_points = text.replace("12,5", "12.5");
    let file = read("a.csv", with_points.as_bytes(), today()).unwrap();
    assert_eq!(file.rows[0].quantity.to_string(), "1250");
}

#[test]
fn two_hundred_thousand_packages_are_read_while_somebody_waits() {
    let mut text = heading_line();
    let (_, rest) = line(&record(0, &[]))
        .split_once(',')
        .map(|(tag, rest)| (tag.to_owned(), rest.to_owned()))
        .unwrap();
    for number in 0..200_000 {
        text += &format!("1A4FF0300000C57{number:09},{rest}");
    }
    let started = Instant::now();
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    eprintln!("200,000 records: {:?}", started.elapsed());
    assert_eq!(
        (file.records, file.rows.len(), file.findings.len()),
        (200_000, 200_000, 0)
    );
}

#[test]
fn a_file_full_of_warnings_is_reported_within_bounds() {
    let count = u32::try_from(WARNINGS_MAX).unwrap() + 10;
    let mut text = String::from("Tag,Item,Quantity,UoM,Packaged Date\n");
    for number in 0..count {
        text += &format!("1a4ff0300000c57{number:09},Kief,1,g,2026-06-09\n");
    }
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    assert_eq!(
        (file.findings.len(), file.findings_left_out),
        (WARNINGS_MAX, 10)
    );
    assert_eq!(file.rows.len(), WARNINGS_MAX + 10);
}

#[test]
fn more_than_a_million_records_are_refused_before_any_is_kept() {
    let mut text = String::from("Tag,Item,Quantity\n");
    text += &"a,b,1\n".repeat(1_000_001);
    assert_eq!(
        read("a.csv", text.as_bytes(), today()).unwrap_err(),
        FileRefused::TooManyRecords
    );
}
