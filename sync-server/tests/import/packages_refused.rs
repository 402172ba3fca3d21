//! One record with one fault between two good ones, for every fault there is.

use sync_server::import::finding::FindingKind;
use sync_server::import::metrc_packages::read;

use crate::fixtures::{between_good_records, found, heading_line, line, record, today};

/// Replaces one cell and expects one finding about it.
fn check(heading: &str, cell: &str, code: &'static str, is_warning: bool) {
    let file = between_good_records(line(&record(2, &[(heading, cell)])).as_bytes());
    assert_eq!(
        found(&file),
        [(2, 3, Some(heading), code, is_warning)],
        "{heading} = {cell:?}"
    );
    assert_eq!(
        file.rows.len(),
        if is_warning { 3 } else { 2 },
        "{heading} = {cell:?}"
    );
}

fn refused(heading: &str, code: &'static str, cells: &[&str]) {
    cells
        .iter()
        .for_each(|cell| check(heading, cell, code, false));
}

fn warned(heading: &str, code: &'static str, cells: &[&str]) {
    cells
        .iter()
        .for_each(|cell| check(heading, cell, code, true));
}

#[test]
fn a_package_without_a_readable_tag_is_refused() {
    refused("Tag", "tag_missing", &["", "   "]);
    refused(
        "Tag",
        "tag_length",
        &["1A4FF0300000C5700000002", "1A4FF0300000C570000000022"],
    );
    // Sixteen digits are another system's tag, and METRC never exports one.
    refused(
        "Tag",
        "tag_length",
        &["1234567890123456", "1A4FF030 0000C57000000002"],
    );
    refused(
        "Tag",
        "tag_not_hex",
        &["1A4FF0300000C5700000000O", "1A4FF0300000C57-00000002"],
    );
    refused("Tag", "tag_not_hex", &["\u{661}A4FF0300000C57000000002"]);
    refused(
        "Tag",
        "tag_scientific",
        &["1.4E+23", "1.40E+23", "1E+24", "1,4E+23", "1.4e23"],
    );
}

#[test]
fn a_tag_in_lower_case_or_between_blanks_is_repaired_and_said() {
    warned(
        "Tag",
        "tag_lower_case",
        &["1a4ff0300000c57000000002", "1A4FF0300000c57000000002"],
    );
    let outer = [
        " 1A4FF0300000C57000000002",
        "1A4FF0300000C57000000002\u{a0}",
    ];
    warned("Tag", "tag_outer_space", &outer);
    let file = between_good_records(line(&record(2, &[("Tag", outer[0])])).as_bytes());
    assert_eq!(file.rows[1].tag.as_str(), "1A4FF0300000C57000000002");
}

#[test]
fn a_quantity_nobody_can_count_is_refused() {
    refused("Quantity", "quantity_missing", &["", " "]);
    refused(
        "Quantity",
        "quantity_not_number",
        &["twelve", "1e3", "#REF!", "12 g", "NaN", "3.00001"],
    );
    refused("Quantity", "quantity_negative", &["-1", "-1,000"]);
    refused("Quantity", "quantity_fraction_of_each", &["1.5", "0.0001"]);
    refused(
        "Quantity",
        "quantity_too_large",
        &["1000000001", "99999999999999999999999"],
    );
    refused(
        "Quantity",
        "quantity_decimal_comma",
        &["12,5", "0,125", "1.234,56"],
    );
}

#[test]
fn a_unit_metrc_does_not_use_is_refused() {
    refused("Unit Of Measure", "unit_missing", &[""]);
    refused("Unit Of Measure", "unit_unknown", &["boxes", "e a"]);
    for unit in ["Each", "EA", "Grams", "fl oz", "Fluid Ounces", "lb"] {
        let file = between_good_records(line(&record(2, &[("Unit Of Measure", unit)])).as_bytes());
        assert_eq!(found(&file), [], "{unit}");
    }
}

#[test]
fn text_with_control_characters_is_refused_and_line_breaks_are_not() {
    refused("Item", "item_missing", &["", "\t \r\n"]);
    refused(
        "Item",
        "item_control_character",
        &["a\u{0}b", "a\u{1b}[2Jb", "a\u{85}b", "a\u{7f}b"],
    );
    refused("Sublocation", "text_control_character", &["Bay\u{7}1"]);
    refused("Item", "text_too_long", &["x".repeat(5_000).as_str()]);
    let item = "Two\r\nlines\tand \"quotes\", =1+1 \u{202e}drawkcab \u{1f33f} ^XZ";
    let file = between_good_records(line(&record(2, &[("Item", item)])).as_bytes());
    assert_eq!(found(&file), []);
    assert_eq!(
        file.rows[1].item,
        "Two lines and \"quotes\", =1+1 \u{202e}drawkcab \u{1f33f} ^XZ"
    );
}

#[test]
fn a_date_that_does_not_exist_or_lies_ahead_is_refused() {
    refused("Packaged Date", "packaged_date_missing", &[""]);
    let wrong = [
        "02/30/2026",
        "13/01/2026",
        "05/06/26",
        "46128",
        "2026-05-06",
        "yesterday",
    ];
    refused("Packaged Date", "packaged_date_unreadable", &wrong);
    refused(
        "Packaged Date",
        "packaged_date_future",
        &["11/23/2026", "06/09/2062"],
    );
    refused(
        "Received",
        "received_unreadable",
        &["07/32/2026 03:05 PM", "07/07/2026 15:05 PM", "?"],
    );
    refused("Received", "received_future", &["11/23/2026 08:00 AM"]);
    refused(
        "Lab Test Expiration",
        "date_unreadable",
        &["02/29/2027", "soon"],
    );
    warned(
        "Received",
        "received_before_packaged",
        &["06/08/2026 11:59 PM"],
    );
    let today = &[
        ("Packaged Date", "11/22/2026"),
        ("Received", "11/22/2026 11:59 PM"),
    ];
    assert_eq!(
        found(&between_good_records(line(&record(2, today)).as_bytes())),
        []
    );
}

#[test]
fn missing_places_and_strange_lab_words_are_said_and_kept() {
    warned("Location", "location_missing", &["", "  "]);
    warned(
        "Lab Test Status",
        "lab_status_unknown",
        &["Sparkling", "Passed", ""],
    );
    refused(
        "Administrative Hold",
        "flag_unreadable",
        &["maybe", "2", "-"],
    );
    refused("Finished Goods", "flag_unreadable", &["perhaps"]);
}

#[test]
fn a_record_with_too_few_or_too_many_fields_is_refused() {
    let cells = record(2, &[]);
    for wrong in [
        cells[..19].to_vec(),
        [cells.clone(), vec![String::new()]].concat(),
    ] {
        let file = between_good_records(line(&wrong).as_bytes());
        assert_eq!(found(&file), [(2, 3, None, "field_count", false)]);
        assert_eq!(file.rows.len(), 2);
    }
}

#[test]
fn bytes_in_an_old_encoding_cost_their_record_and_no_other() {
    let mut latin_1 = line(&record(2, &[("Item", "Creme")])).into_bytes();
    let at = latin_1
        .windows(5)
        .position(|window| window == b"Creme")
        .unwrap();
    latin_1[at + 2] = 0xe8;
    let file = between_good_records(&latin_1);
    assert_eq!(
        found(&file),
        [(2, 3, Some("Item"), "encoding_invalid", false)]
    );
    assert_eq!(file.rows.len(), 2);
}

#[test]
fn a_quote_that_is_never_closed_is_said_with_what_it_swallows() {
    let open = line(&record(2, &[])).replace("Super Gummies", "\"Super Gummies");
    let file = between_good_records(open.as_bytes());
    assert_eq!(found(&file), [(2, 3, None, "quote_unterminated", false)]);
    assert_eq!((file.rows.len(), file.records), (1, 2));
    assert!(
        file.findings[0].reason.contains("last 2 lines"),
        "{}",
        file.findings[0].reason
    );
}

#[test]
fn the_same_tag_twice_counts_once() {
    let again = line(&record(1, &[]));
    let file = between_good_records(again.as_bytes());
    assert_eq!(
        found(&file),
        [(2, 3, Some("Tag"), "tag_duplicate_same", true)]
    );
    assert_eq!(file.rows.len(), 2);
    for (heading, cell) in [
        ("Quantity", "34"),
        ("Location", "Vault A"),
        ("Source Harvest(s)", ""),
    ] {
        let other = line(&record(1, &[(heading, cell)]));
        let file = between_good_records(other.as_bytes());
        assert_eq!(
            found(&file),
            [(2, 3, Some("Tag"), "tag_duplicate_conflict", false)],
            "{heading}"
        );
        assert_eq!(file.rows[0].quantity.to_string(), "35");
    }
    let same = line(&record(
        1,
        &[("Quantity", "35.0"), ("Item", " Super\r\nGummies ")],
    ));
    assert_eq!(
        found(&between_good_records(same.as_bytes()))[0].3,
        "tag_duplicate_same"
    );
}

#[test]
fn a_refused_record_does_not_stand_in_the_way_of_the_same_tag_below() {
    let bad = line(&record(2, &[("Quantity", "-1")]));
    let file = between_good_records((bad + &line(&record(2, &[]))).as_bytes());
    assert_eq!(found(&file).len(), 1);
    assert_eq!(file.rows.len(), 3);
}

#[test]
fn headings_again_totals_and_empty_records_are_skipped() {
    let commas = ",".repeat(19);
    let sum_only = format!("{}12,345.5{}\r\n", ",".repeat(10), ",".repeat(9));
    for text in [
        heading_line(),
        format!("\u{feff}{}", heading_line()),
        heading_line().to_uppercase(),
        format!("Total{commas}\r\n"),
        format!("Grand Total:,,,,,,,,,,\"1,234.5\"{}\r\n", ",".repeat(9)),
        "Total Records: 200\r\n".to_owned(),
        sum_only.replace("12,345.5", "\"12,345.5\""),
        format!("{commas}\r\n"),
    ] {
        let file = between_good_records(text.as_bytes());
        assert_eq!(found(&file), [(2, 3, None, "not_a_record", true)], "{text}");
        assert_eq!((file.rows.len(), file.records), (2, 3), "{text}");
    }
}

#[test]
fn a_product_whose_name_begins_with_total_is_a_product() {
    for changes in [
        &[("Item", "Total Eclipse 1g"), ("Tag", "")][..],
        &[("Item", "Quantity"), ("Tag", "")],
    ] {
        let file = between_good_records(line(&record(2, changes)).as_bytes());
        assert_eq!(found(&file), [(2, 3, Some("Tag"), "tag_missing", false)]);
    }
}

#[test]
fn every_fault_of_a_record_is_named_at_once() {
    let changes = &[
        ("Tag", "1.4E+23"),
        ("Quantity", "12,5"),
        ("Unit Of Measure", ""),
        ("Item", ""),
    ];
    let file = between_good_records(line(&record(2, changes)).as_bytes());
    let mut codes: Vec<_> = found(&file)
        .into_iter()
        .map(|(_, _, _, code, _)| code)
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "item_missing",
            "quantity_decimal_comma",
            "tag_scientific",
            "unit_missing"
        ]
    );
}

#[test]
fn blank_lines_are_lines_but_not_records() {
    let text = format!("\r\n  \r\n{}\r\n", line(&record(2, &[("Quantity", "")])));
    let file = between_good_records(text.as_bytes());
    assert_eq!(
        found(&file),
        [(2, 5, Some("Quantity"), "quantity_missing", false)]
    );
}

#[test]
fn a_line_break_inside_quotes_does_not_shift_the_reported_line() {
    let broken =
        line(&record(2, &[("Item", "a\r\nb\nc")])) + &line(&record(3, &[("Quantity", "x")]));
    let file = between_good_records(broken.as_bytes());
    assert_eq!(
        found(&file),
        [(3, 6, Some("Quantity"), "quantity_not_number", false)]
    );
}

#[test]
fn a_file_without_a_column_says_so_in_the_reason() {
    let text = "Tag,Item,Quantity\n1A4FF0300000C57000000001,Kief,5\n";
    let file = read("a.csv", text.as_bytes(), today()).unwrap();
    let kinds: Vec<_> = file.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(
        kinds,
        [FindingKind::UnitMissing, FindingKind::PackagedDateMissing]
    );
    assert!(
        file.findings[0]
            .reason
            .contains("no column \u{201c}Unit Of Measure\u{201d}")
    );
}
