//! Delimited text: headings, then records with the line each begins on.
//!
//! In: bytes, not yet known to be UTF-8. Out: records one at a time. Must not: copy the text.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::super::finding::Place;
use super::{Entry, FileRefused, RECORDS_MAX};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// A first line `sep=;` tells a spreadsheet the delimiter; it is no record.
const SEPARATOR_LINE: &[u8] = b"sep=";
/// In order of preference when two fit equally.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The records behind the headings.
#[derive(Debug)]
pub(super) struct Body<'a> {
    text: Cow<'a, [u8]>,
    /// Where the first record may begin, and on which line.
    start: usize,
    line: u64,
    delimiter: u8,
    /// For a workbook, the sheet's row of every record.
    rows: Option<Vec<u32>>,
}

/// Finds the headings. None when there is no record at all.
pub(super) fn open<'a>(
    text: Cow<'a, [u8]>,
    rows: Option<Vec<u32>>,
    is_known: &dyn Fn(&str) -> bool,
) -> Option<(Vec<String>, Body<'a>)> {
    let mut first = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let declares_separator = text[first..]
        .get(..SEPARATOR_LINE.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(SEPARATOR_LINE));
    if declares_separator {
        first += text[first..]
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(0);
    }
    // A workbook was written out with commas by ourselves; a guess could only be wrong.
    let delimiters = if rows.is_some() {
        &DELIMITERS[..1]
    } else {
        &DELIMITERS[..]
    };
    let mut best: Option<(usize, Vec<String>, usize, u8)> = None;
    for delimiter in delimiters {
        let (headings, end) = headings(&text[first..], *delimiter)?;
        let known = headings.iter().filter(|heading| is_known(heading)).count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, headings, first + end, *delimiter));
        }
    }
    let (_, headings, mut start, delimiter) = best?;
    // The reader stops between CR and LF, which are one line end.
    if text[..start].ends_with(b"\r") && text[start..].starts_with(b"\n") {
        start += 1;
    }
    let line = 1 + line_ends(&text[..start]);
    Some((
        headings,
        Body {
            text,
            start,
            line,
            delimiter,
            rows,
        },
    ))
}

fn headings(text: &[u8], delimiter: u8) -> Option<(Vec<String>, usize)> {
    let mut reader = reader(text, delimiter);
    let mut record = ByteRecord::new();
    loop {
        if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
            return None;
        }
        let headings: Vec<String> = record
            .iter()
            .map(|cell| {
                let text = String::from_utf8_lossy(cell);
                text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
                    .to_owned()
            })
            .collect();
        if headings.iter().any(|heading| !heading.is_empty()) {
            return Some((headings, offset(reader.position())));
        }
    }
}

fn reader(text: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text)
}

fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).expect("BUG: a position inside a slice fits usize")
}

/// How many lines end in the text: LF, CR LF, or CR alone as old spreadsheets write it.
fn line_ends(text: &[u8]) -> u64 {
    let mut ends = 0;
    let mut after_return = false;
    for byte in text {
        match byte {
            b'\r' => ends += 1,
            b'\n' if !after_return => ends += 1,
            _ => {}
        }
        after_return = *byte == b'\r';
    }
    ends
}

/// Whether the text ends inside quotes: then a further record is swallowed by the one before it.
fn ends_inside_quotes(record: &[u8], delimiter: u8) -> bool {
    let mut probe = record.to_vec();
    probe.extend_from_slice(b"\nx\n");
    reader(&probe, delimiter).byte_records().count() < 2
}

impl Body<'_> {
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(super) fn visit(
        &self,
        take: &mut dyn FnMut(Place, Entry<'_>) -> Result<(), FileRefused>,
    ) -> Result<u32, FileRefused> {
        let text = &self.text[self.start..];
        let mut reader = reader(text, self.delimiter);
        let mut bytes = ByteRecord::new();
        let (mut counted_to, mut line) = (0, self.line);
        let mut count = 0;
        // Reading a slice with flexible lengths cannot fail.
        while matches!(reader.read_byte_record(&mut bytes), Ok(true)) {
            let end = offset(reader.position());
            let begins = bytes.position().map_or(0, offset);
            let is_line_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
            let begins = begins + text[begins..].iter().take_while(is_line_end).count();
            line += line_ends(&text[counted_to..begins]);
            counted_to = begins;
            if bytes.len() == 1 && bytes[0].trim_ascii().is_empty() {
                continue;
            }
            if count == RECORDS_MAX {
                return Err(FileRefused::TooManyRecords);
            }
            let at = Place {
                record: count + 1,
                line: self.line_of(count, line),
            };
            count += 1;
            if end == text.len() && ends_inside_quotes(&text[begins..], self.delimiter) {
                take(
                    at,
                    Entry::QuoteOpen(line_ends(text[begins..].trim_ascii_end()) + 1),
                )?;
                continue;
            }
            bytes = match StringRecord::from_byte_record(bytes) {
                Ok(cells) => {
                    take(at, Entry::Cells(&cells))?;
                    cells.into_byte_record()
                }
                Err(error) => {
                    take(at, Entry::NotUtf8(error.utf8_error().field()))?;
                    error.into_byte_record()
                }
            };
        }
        Ok(count)
    }

    fn line_of(&self, index: u32, line: u64) -> u64 {
        let rows = self.rows.as_deref();
        let row = usize::try_from(index)
            .ok()
            .and_then(|index| rows?.get(index).copied());
        row.map_or(line, u64::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &[u8]) -> (Vec<String>, Vec<(u32, u64, String)>) {
        let known = |heading: &str| ["Tag", "Item"].contains(&heading);
        let (headings, body) = open(Cow::Borrowed(text), None, &known).unwrap();
        let mut list = Vec::new();
        body.visit(&mut |at, entry| {
            let cells = match entry {
                Entry::Cells(cells) => cells.iter().collect::<Vec<_>>().join("|"),
                other => format!("{other:?}"),
            };
            list.push((at.record, at.line, cells));
            Ok(())
        })
        .unwrap();
        (headings, list)
    }

    #[test]
    fn a_record_is_found_on_the_line_where_it_begins() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\u{feff} Tag ,Item~~a,\"x~y\"~ ~b,\"z\"\"~~\"~~c,d~".replace('~', end);
            let (headings, list) = records(text.as_bytes());
            assert_eq!(headings, ["Tag", "Item"]);
            let lines: Vec<_> = list
                .iter()
                .map(|(record, line, _)| (*record, *line))
                .collect();
            assert_eq!(lines, [(1, 3), (2, 6), (3, 10)], "{end:?}");
        }
    }

    #[test]
    fn the_delimiter_is_the_one_that_shows_most_known_headings() {
        for text in [
            "Tag,Item\na,b",
            "Tag;Item\na;b",
            "Tag\tItem\na\tb",
            "sep=;\nTag;Item\na;b",
        ] {
            let (headings, list) = records(text.as_bytes());
            assert_eq!(headings, ["Tag", "Item"], "{text}");
            assert_eq!(list[0].2, "a|b", "{text}");
        }
        assert_eq!(records(b"sep=;\nTag;Item\na;b").1[0].1, 3);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_from_one_that_is() {
        assert_eq!(records(b"Tag,Item\na,\"b\"").1, [(1, 2, "a|b".to_owned())]);
        assert_eq!(
            records(b"Tag,Item\na,\"b\"\"\"").1,
            [(1, 2, "a|b\"".to_owned())]
        );
        let (_, list) = records(b"Tag,Item\na,b\nc,\"d\ne,f\n");
        assert_eq!(list[0], (1, 2, "a|b".to_owned()));
        assert_eq!(list[1], (2, 3, "QuoteOpen(2)".to_owned()));
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn bytes_that_are_not_utf_8_cost_one_record_only() {
        let (_, list) = records(b"Tag,Item\na,caf\xe9\nb,tea\n");
        assert_eq!(list[0].2, "NotUtf8(1)");
        assert_eq!(list[1].2, "b|tea");
    }
}
