//! CSV text or a workbook as one stream of records under headings.
//!
//! In: a file's bytes and a way to tell headings that mean something. Out: the headings and, as often as
//! asked, every record with its place. Must not: know what a column means, trust a workbook's claims about
//! its own size, hold a second copy of the records.
//!
//! CSV is UTF-8 with or without a byte order mark; comma, semicolon, tab or bar between the fields; any
//! line ends; quotes doubled inside quotes. A workbook is `.xlsx`; its first sheet with the known headings
//! counts, and each record's line is the sheet's row.

mod delimited;
mod workbook;

use core::fmt;
use std::borrow::Cow;

use csv::StringRecord;

use super::finding::Place;

/// A file longer than this is refused unread.
pub const FILE_BYTES_MAX: usize = 512 * 1024 * 1024;
/// A file with more records is refused; the largest licence known keeps fewer packages.
pub const RECORDS_MAX: u32 = 1_000_000;
/// Columns of a workbook that are read.
pub const COLUMNS_MAX: u32 = 512;
/// Headings that a refusal lists.
const HEADINGS_SHOWN_MAX: usize = 40;

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRefused {
    /// Nothing in it.
    Empty,
    /// More bytes than [`FILE_BYTES_MAX`], packed or unpacked.
    TooLarge,
    /// UTF-16 text, which spreadsheets call "Unicode Text".
    Utf16,
    /// The workbook format before 2007.
    OldWorkbook,
    /// It begins like a workbook and cannot be read as one.
    WorkbookDamaged {
        /// What the reader said.
        cause: String,
    },
    /// A heading without which nothing can be imported is not there.
    HeadingsMissing {
        /// The headings that are needed and missing.
        missing: Vec<&'static str>,
        /// The headings that were found.
        found: Vec<String>,
    },
    /// The same heading stands over two columns, so nobody can tell which one is meant.
    HeadingTwice {
        /// The heading.
        heading: String,
    },
    /// The headings come again with other columns: two exports in one file.
    HeadingsChange {
        /// The line of the second headings.
        line: u64,
    },
    /// An export of another grid, whose packages are not in stock.
    OtherGrid {
        /// What the grid is called.
        grid: String,
    },
    /// More records than [`RECORDS_MAX`].
    TooManyRecords,
}

impl FileRefused {
    /// The word that names this refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge => "file_too_large",
            Self::Utf16 => "file_utf16",
            Self::OldWorkbook => "workbook_old",
            Self::WorkbookDamaged { .. } => "workbook_damaged",
            Self::HeadingsMissing { .. } => "headings_missing",
            Self::HeadingTwice { .. } => "heading_twice",
            Self::HeadingsChange { .. } => "headings_change",
            Self::OtherGrid { .. } => "other_grid",
            Self::TooManyRecords => "too_many_records",
        }
    }
}

impl fmt::Display for FileRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The file is empty."),
            Self::TooLarge => write!(
                f,
                "The file holds more than {} MB.",
                FILE_BYTES_MAX / (1024 * 1024)
            ),
            Self::Utf16 => f.write_str(
                "The file is UTF-16 text. Export it again as .xlsx, or save it as \u{201c}CSV UTF-8\u{201d}.",
            ),
            Self::OldWorkbook => f.write_str(
                "The file is a workbook of the old .xls form. Save it as .xlsx and import that.",
            ),
            Self::WorkbookDamaged { cause } => write!(
                f,
                "The file begins like an .xlsx workbook but cannot be read; it may be incomplete. \
                 Download it again. ({cause})"
            ),
            Self::HeadingsMissing { missing, found } => write!(
                f,
                "The file has no heading {}. It has: {}.",
                missing.join(", "),
                if found.is_empty() { "none".to_owned() } else { found.join(", ") }
            ),
            Self::HeadingTwice { heading } => write!(
                f,
                "The heading \u{201c}{heading}\u{201d} stands over two columns. Remove one of them."
            ),
            Self::HeadingsChange { line } => write!(
                f,
                "Line {line} holds headings again, in another order than the first ones. The file seems \
                 to be two exports joined; import them one by one."
            ),
            Self::OtherGrid { grid } => write!(
                f,
                "The file is an export of METRC's grid {grid}. Export Packages, Active instead."
            ),
            Self::TooManyRecords => write!(f, "The file holds more than {RECORDS_MAX} records."),
        }
    }
}

impl core::error::Error for FileRefused {}

/// One record as it stands in the file.
#[derive(Debug)]
pub enum Entry<'r> {
    /// Its cells, as many as it has.
    Cells(&'r StringRecord),
    /// The cell with this number, from 0, is not UTF-8.
    NotUtf8(usize),
    /// A quote is opened and never closed, so the rest of the file belongs to it: this many lines.
    QuoteOpen(u64),
}

/// A file with headings, ready to be walked through.
#[derive(Debug)]
pub struct Table<'a> {
    headings: Vec<String>,
    body: delimited::Body<'a>,
}

impl<'a> Table<'a> {
    /// Finds the headings of a file. `is_known` tells headings that mean something to the caller; the
    /// delimiter and the sheet under which most of them appear are taken.
    ///
    /// # Errors
    /// When the bytes are neither CSV text nor a workbook that can be read.
    pub fn open(bytes: &'a [u8], is_known: &dyn Fn(&str) -> bool) -> Result<Self, FileRefused> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FileRefused::TooLarge);
        }
        match bytes {
            [] => Err(FileRefused::Empty),
            [b'P', b'K', 3 | 5, ..] => {
                let sheet = workbook::read(bytes, is_known)?;
                Self::build(Cow::Owned(sheet.text), Some(sheet.rows), is_known)
            }
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(FileRefused::OldWorkbook),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
                Err(FileRefused::Utf16)
            }
            _ => Self::build(Cow::Borrowed(bytes), None, is_known),
        }
    }

    fn build(
        text: Cow<'a, [u8]>,
        rows: Option<Vec<u32>>,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Result<Self, FileRefused> {
        let (headings, body) = delimited::open(text, rows, is_known).ok_or(FileRefused::Empty)?;
        Ok(Self { headings, body })
    }

    /// The headings as the file writes them, outer blanks and byte order marks removed.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Whether a comma separates the fields, as METRC writes it. Otherwise a spreadsheet of a country that
    /// writes decimals with a comma may have saved the file.
    #[must_use]
    pub fn is_comma_separated(&self) -> bool {
        self.body.delimiter() == b','
    }

    /// Hands every record to `take`, in the order of the file, and returns how many there were.
    ///
    /// # Errors
    /// When there are more than [`RECORDS_MAX`]; or what `take` returns.
    pub fn visit(
        &self,
        mut take: impl FnMut(Place, Entry<'_>) -> Result<(), FileRefused>,
    ) -> Result<u32, FileRefused> {
        self.body.visit(&mut take)
    }

    /// The refusal of a file without these headings.
    #[must_use]
    pub fn lacks(&self, missing: Vec<&'static str>) -> FileRefused {
        let shown = self.headings.iter().filter(|heading| !heading.is_empty());
        let found = shown
            .take(HEADINGS_SHOWN_MAX)
            .map(|heading| super::finding::quoted(heading))
            .collect();
        FileRefused::HeadingsMissing { missing, found }
    }
}

/// What makes two spellings of a heading the same: letters and digits, in lower case.
#[must_use]
pub fn heading_key(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
