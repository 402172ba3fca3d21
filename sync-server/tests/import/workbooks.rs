//! Workbooks as METRC exports them, as people save them again, and as nobody should send them.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sync_server::import::calendar::DateForm;
use sync_server::import::metrc_packages::{PackageFile, read};
use sync_server::import::table::FileRefused;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::fixtures::{HEADINGS, as_json, found, record, today};

const DATE_COLUMNS: [&str; 3] = ["Packaged Date", "Received", "Lab Test Expiration"];

fn import(bytes: &[u8]) -> PackageFile {
    read("Metrc-IL-284.000123-Packages-Active.xlsx", bytes, today()).unwrap()
}

/// A workbook whose cells are texts, except the quantity, which is a number.
fn workbook_of(records: &[Vec<String>]) -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = std::iter::once(HEADINGS.map(str::to_owned).to_vec()).chain(records.iter().cloned());
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) if HEADINGS[usize::from(column)] == "Quantity" => {
                    sheet.write_number(row, column, number).unwrap();
                }
                _ if cell.is_empty() => {}
                _ => {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    book
}

fn good_workbook() -> Vec<u8> {
    workbook_of(&[record(1, &[]), record(2, &[])])
        .save_to_buffer()
        .unwrap()
}

/// The same workbook with one part of it written anew.
fn with_part(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        if name == part {
            text = change(text);
        }
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_means_the_same_as_the_csv() {
    let file = import(&good_workbook());
    assert_eq!(found(&file), []);
    assert_eq!(file.license.as_deref(), Some("284.000123"));
    let text = crate::fixtures::between_good_records(b"");
    assert_eq!(as_json(&file.rows[0]), as_json(&text.rows[0]));
}

#[test]
fn a_declared_range_of_one_column_hides_nothing() {
    for range in ["A1:A3", "A1", "A1:XFD1048576"] {
        let lying = with_part(&good_workbook(), "xl/worksheets/sheet1.xml", |text| {
            let (before, rest) = text.split_once("<dimension ref=\"").unwrap();
            let (_, after) = rest.split_once('"').unwrap();
            format!("{before}<dimension ref=\"{range}\"{after}")
        });
        let file = import(&lying);
        assert_eq!(found(&file), [], "{range}");
        assert_eq!(file.rows.len(), 2, "{range}");
    }
}

#[test]
fn real_dates_of_a_spreadsheet_are_read_as_dates() {
    let mut book = workbook_of(&[record(1, &[]), record(2, &[])]);
    let sheet = book.worksheet_from_index(0).unwrap();
    let date = Format::new().set_num_format("m/d/yyyy");
    let time = Format::new().set_num_format("m/d/yyyy h:mm AM/PM");
    let columns = DATE_COLUMNS
        .map(|name| {
            HEADINGS
                .iter()
                .position(|heading| *heading == name)
                .unwrap()
        })
        .map(|column| u16::try_from(column).unwrap());
    for row in 1..=2 {
        let day = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
        let received = day(2026, 7, 7).and_hms(15, 5, 0).unwrap();
        sheet
            .write_datetime_with_format(row, columns[0], day(2026, 6, 9), &date)
            .unwrap();
        sheet
            .write_datetime_with_format(row, columns[1], &received, &time)
            .unwrap();
        sheet
            .write_datetime_with_format(row, columns[2], day(2027, 6, 9), &date)
            .unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let file = import(&bytes);
    assert_eq!(found(&file), []);
    assert!(
        file.date_forms
            .iter()
            .all(|(_, form)| *form == DateForm::Serial)
    );
    assert_eq!(
        as_json(&file.rows[0]),
        as_json(&import(&good_workbook()).rows[0])
    );

    let from_1904 = with_part(&bytes, "xl/workbook.xml", |text| {
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let shifted = import(&from_1904);
    assert!(
        shifted.rows.is_empty(),
        "four years and a day later lies ahead"
    );
    assert!(
        shifted.findings[0].reason.contains("2030-06-10"),
        "{}",
        shifted.findings[0].reason
    );
}

#[test]
fn numbers_flags_and_errors_in_cells_are_read_as_shown() {
    let mut book = workbook_of(&[record(1, &[]), record(2, &[]), record(3, &[])]);
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write_number(1, 10, 0.1 + 0.2).unwrap();
    sheet.write_string(1, 11, "g").unwrap();
    sheet.write_boolean(1, 16, true).unwrap();
    sheet.write_number(2, 0, 1.4e23).unwrap();
    sheet.write_number(3, 10, -4).unwrap();
    let file = import(&book.save_to_buffer().unwrap());
    assert_eq!(file.rows[0].quantity.to_string(), "0.3");
    assert_eq!(file.rows[0].hold, Some(true));
    let expected = [
        (2, 3, Some("Tag"), "tag_scientific", false),
        (3, 4, Some("Quantity"), "quantity_negative", false),
    ];
    assert_eq!(found(&file), expected);
}

#[test]
fn empty_rows_and_a_first_sheet_of_notes_do_not_matter() {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .write_string(0, 0, "Exported today")
        .unwrap();
    let sheet = book.add_worksheet();
    for (column, (heading, cell)) in (2..).zip(HEADINGS.iter().zip(record(1, &[("Item", "")]))) {
        sheet.write_string(3, column, *heading).unwrap();
        sheet.write_string(9, column, cell).unwrap();
    }
    let file = import(&book.save_to_buffer().unwrap());
    assert_eq!(found(&file), [(1, 10, Some("Item"), "item_missing", false)]);
}

#[test]
fn a_workbook_that_was_cut_off_is_refused_whole() {
    let whole = good_workbook();
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        let refused = read("a.xlsx", &whole[..length], today()).unwrap_err();
        assert_eq!(
            refused.code(),
            "workbook_damaged",
            "{length} of {}",
            whole.len()
        );
    }
}

#[test]
fn a_workbook_with_any_one_byte_wrong_never_stops_the_server() {
    let whole = good_workbook();
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x5a;
        // Whatever the verdict, there is one.
        drop(read("a.xlsx", &damaged, today()));
    }
}

#[test]
fn a_cell_with_an_impossible_name_never_stops_the_server() {
    for name in ["ZZZZZZZZZ2", "A99999999999", "A0", "2", "\u{e9}2"] {
        let strange = with_part(&good_workbook(), "xl/worksheets/sheet1.xml", |text| {
            text.replace("r=\"A2\"", &format!("r=\"{name}\""))
        });
        // Whatever the verdict, there is one.
        drop(read("a.xlsx", &strange, today()));
    }
}

#[test]
fn a_workbook_that_claims_more_texts_than_it_holds_is_refused_before_memory_is_set_aside() {
    let lying = with_part(&good_workbook(), "xl/sharedStrings.xml", |text| {
        let (before, rest) = text.split_once("uniqueCount=\"").unwrap();
        let (_, after) = rest.split_once('"').unwrap();
        format!("{before}uniqueCount=\"999999999999\"{after}")
    });
    assert_eq!(
        read("a.xlsx", &lying, today()).unwrap_err().code(),
        "workbook_damaged"
    );
}

#[test]
fn a_small_workbook_that_unpacks_to_hundreds_of_megabytes_of_text_is_refused() {
    let bomb = with_part(&good_workbook(), "xl/sharedStrings.xml", |text| {
        let filler = " ".repeat(257 * 1024 * 1024);
        text.replace("</sst>", &format!("{filler}</sst>"))
    });
    assert!(bomb.len() < 2_000_000);
    assert_eq!(
        read("a.xlsx", &bomb, today()).unwrap_err(),
        FileRefused::TooLarge
    );
}

#[test]
fn a_cell_far_outside_the_sheet_is_left_alone() {
    let mut book = workbook_of(&[record(1, &[])]);
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write_string(1_048_575, 16_383, "stray").unwrap();
    let file = import(&book.save_to_buffer().unwrap());
    assert_eq!((file.rows.len(), found(&file)), (1, vec![]));
}
