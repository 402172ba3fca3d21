//! A workbook as delimited text plus the sheet's row of every record.
//!
//! In: the bytes of an `.xlsx`. Out: what its cells hold, numbers as a spreadsheet shows them, dates as day
//! numbers. Must not: trust a size the file declares. The declared range of METRC's sheets names one
//! column; a packed file can unpack to anything; a declared count of texts is reserved in memory by the
//! reader before it sees one.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader as _, Xlsx};

use super::{COLUMNS_MAX, FileRefused, RECORDS_MAX};

/// Parts of a workbook; an ordinary one has about ten.
const PARTS_MAX: usize = 1_000;
/// Unpacked bytes of the table of texts, which is held in memory whole.
const TEXTS_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Unpacked bytes of all parts together.
const UNPACKED_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// `<si/>`, the shortest entry in the table of texts.
const TEXT_ENTRY_BYTES_MIN: usize = 5;
/// The day numbers of a workbook that counts from 1904 are this much smaller.
const DAYS_FROM_1900_TO_1904: f64 = 1462.0;

/// One sheet, written out.
pub(super) struct Sheet {
    pub(super) text: Vec<u8>,
    /// The row of each record behind the headings.
    pub(super) rows: Vec<u32>,
}

fn damaged(cause: impl core::fmt::Display) -> FileRefused {
    FileRefused::WorkbookDamaged {
        cause: cause.to_string(),
    }
}

/// Reads the first sheet that shows most known headings.
pub(super) fn read(bytes: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Sheet, FileRefused> {
    check_sizes(bytes)?;
    // The reader computes a cell's column without a bound, and overflows on `ZZZZZZZZ1`.
    catch_unwind(AssertUnwindSafe(|| read_best_sheet(bytes, is_known)))
        .unwrap_or_else(|_| Err(damaged("a cell lies outside any sheet")))
}

fn read_best_sheet(bytes: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Sheet, FileRefused> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = book.sheet_names();
    let mut best: Option<(usize, String)> = None;
    for name in names {
        let known = known_headings(&mut book, &name, is_known)?;
        if best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, name));
        }
    }
    let (_, name) = best.ok_or_else(|| damaged("it has no sheet"))?;
    write_out(&mut book, &name)
}

/// Unpacks everything once and throws it away, so that no later step meets more than it can hold.
fn check_sizes(bytes: &[u8]) -> Result<(), FileRefused> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(FileRefused::TooLarge);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        if part
            .name()
            .map_err(damaged)?
            .to_ascii_lowercase()
            .ends_with("sharedstrings.xml")
        {
            let mut texts = Vec::new();
            let read = part
                .take(TEXTS_BYTES_MAX + 1)
                .read_to_end(&mut texts)
                .map_err(damaged)?;
            let read = u64::try_from(read).unwrap_or(u64::MAX);
            if read > TEXTS_BYTES_MAX.min(left) {
                return Err(FileRefused::TooLarge);
            }
            left -= read;
            check_declared_texts(&texts)?;
        } else {
            let mut part = part.take(left + 1);
            let read = std::io::copy(&mut part, &mut std::io::sink()).map_err(damaged)?;
            if read > left {
                return Err(FileRefused::TooLarge);
            }
            left -= read;
        }
    }
    Ok(())
}

fn check_declared_texts(part: &[u8]) -> Result<(), FileRefused> {
    let name = b"uniqueCount";
    for (at, window) in part.windows(name.len()).enumerate() {
        if window != name {
            continue;
        }
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let behind = part[at + name.len()..]
            .iter()
            .skip_while(|byte| !is_digit(byte));
        let digits: Vec<u8> = behind.take_while(is_digit).copied().collect();
        let is_beyond_counting = |_| if digits.is_empty() { 0 } else { usize::MAX };
        let declared = String::from_utf8_lossy(&digits)
            .parse()
            .unwrap_or_else(is_beyond_counting);
        if declared > part.len() / TEXT_ENTRY_BYTES_MIN {
            return Err(damaged("it declares more texts than it holds"));
        }
    }
    Ok(())
}

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

fn known_headings(
    book: &mut Book<'_>,
    sheet: &str,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<usize, FileRefused> {
    let from_1904 = book.has_1904_epoch();
    let Ok(mut cells) = book.worksheet_cells_reader(sheet) else {
        // A chart sheet has no cells.
        return Ok(0);
    };
    let mut heading_row = None;
    let mut known = 0;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let text = shown(cell.get_value(), from_1904);
        if text.trim().is_empty() {
            continue;
        }
        let row = cell.get_position().0;
        if *heading_row.get_or_insert(row) != row {
            break;
        }
        known += usize::from(is_known(&text));
    }
    Ok(known)
}

fn write_out(book: &mut Book<'_>, sheet: &str) -> Result<Sheet, FileRefused> {
    let from_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let mut rows = Vec::new();
    let mut columns = 0;
    let mut row: Vec<String> = Vec::new();
    let mut row_number = 0;
    loop {
        let cell = cells.next_cell().map_err(damaged)?;
        let next_row = cell.as_ref().map(|cell| cell.get_position().0);
        if next_row != Some(row_number) {
            if row.iter().any(|text| !text.trim().is_empty()) {
                // The first row written is the headings; behind it every record is as wide.
                columns = if columns == 0 { row.len() } else { columns };
                row.resize(columns.max(filled(&row)), String::new());
                writer.write_record(&row).map_err(damaged)?;
                rows.push(row_number.saturating_add(1));
                if rows.len() > usize::try_from(RECORDS_MAX).map_or(usize::MAX, |max| max + 1) {
                    return Err(FileRefused::TooManyRecords);
                }
            }
            row.clear();
        }
        let Some(cell) = cell else { break };
        row_number = cell.get_position().0;
        let text = shown(cell.get_value(), from_1904);
        let column = cell.get_position().1;
        if text.is_empty() || column >= COLUMNS_MAX {
            continue;
        }
        let index = usize::try_from(column).expect("BUG: a column number fits usize");
        if row.len() <= index {
            row.resize(index + 1, String::new());
        }
        row[index] = text;
    }
    if rows.is_empty() {
        return Err(FileRefused::Empty);
    }
    rows.remove(0);
    let text = writer
        .into_inner()
        .map_err(|error| damaged(error.error()))?;
    Ok(Sheet { text, rows })
}

/// How many cells remain when the empty ones at the end are left out.
fn filled(row: &[String]) -> usize {
    row.iter()
        .rposition(|text| !text.trim().is_empty())
        .map_or(0, |last| last + 1)
}

/// What a cell shows. A date is its day number, so that workbooks and CSV are read by the same rules.
fn shown(value: &DataRef<'_>, counts_from_1904: bool) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => number_text(*number),
        DataRef::DateTime(moment) if counts_from_1904 => {
            number_text(moment.as_f64() + DAYS_FROM_1900_TO_1904)
        }
        DataRef::DateTime(moment) => number_text(moment.as_f64()),
        other => Data::from(other.clone()).to_string(),
    }
}

/// Fifteen significant digits, as spreadsheets show them: `0.1 + 0.2` is stored as
/// 0.30000000000000004 and was meant as 0.3. What is longer before the point stays scientific, because its
/// last digits are lost.
fn number_text(number: f64) -> String {
    let scientific = format!("{number:.14E}");
    let shortest = scientific.parse::<f64>().unwrap_or(number);
    if shortest != 0.0 && (shortest.abs() >= 1e15 || shortest.abs() < 1e-9) {
        format!("{shortest:E}")
    } else {
        format!("{shortest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_the_spreadsheet_shows_it() {
        for (number, text) in [
            (188.0, "188"),
            (866.8079, "866.8079"),
            (0.1 + 0.2, "0.3"),
            (0.0001, "0.0001"),
            (-0.5, "-0.5"),
            (46129.302778, "46129.302778"),
            (1.4e23, "1.4E23"),
            (0.0, "0"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn a_declared_count_of_texts_is_believed_only_if_they_could_fit() {
        let part =
            |count: &str| format!("<sst uniqueCount=\"{count}\"><si/><si/></sst>").into_bytes();
        assert_eq!(check_declared_texts(&part("2")), Ok(()));
        assert!(check_declared_texts(&part("99999999999")).is_err());
        assert!(check_declared_texts(&part("99999999999999999999999999")).is_err());
    }
}
