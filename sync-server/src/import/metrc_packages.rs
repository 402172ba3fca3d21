//! METRC's Active Packages export: the stock of one licence on one day.
//!
//! In: the file a person exported from the grid Packages, Active as `.xlsx` or CSV, its name, and the
//! shop's date. Out: package rows that keep every rule, findings, and what was assumed about the file.
//! Must not: load columns it does not know (other grids hold patients' data), guess a value, know the
//! database.
//!
//! # The file
//!
//! Row 1 holds the headings; the grid exports the columns its user sees, in that order, so columns are found
//! by heading. `Tag`, `Item` and `Quantity` are needed. Letter case, blanks and punctuation of a heading do
//! not matter, and the grid's short headings are known too (`UoM`, `LT Status`, `A.H.`, `L.T.E.` …). The
//! licence stands only in the file's name: `Metrc-<State>-<Licence>-Packages-Active.xlsx`.
//!
//! Dates are `M/D/YYYY`, ISO or a spreadsheet's day number, one form for each column: the one most of its
//! cells fit. `Received` is the shop's local time without a zone. Quantities may group thousands with
//! commas; a decimal comma is refused. In a file that is not comma-separated, a quantity like `1,250` is
//! refused as well when another one of the file is certainly written with a decimal comma and none with a
//! point: it could be one and a quarter.
//!
//! # What costs a row, and what does not
//!
//! A row is refused for: a tag that is not 24 hexadecimal digits; no item, quantity, unit or packaged date;
//! a quantity that is negative, no number, above 1,000,000,000, finer than four decimals, or a fraction of
//! `ea`; an unknown unit; a date that does not exist, or a packaged or received date ahead; a control
//! character other than CR, LF and TAB, which read as one blank; a flag that is neither yes nor no; a number
//! of fields that differs from the headings'; bytes that are not UTF-8; a quote never closed. The same tag
//! with other values is refused and the first one that was taken stands.
//!
//! A row is kept with a warning for: a lower-case tag, blanks round it, no location, an unknown lab status,
//! being received before it was packaged. An exact repeat, headings that come again and a row of totals are
//! skipped with a warning.

mod columns;
mod file_name;
mod lab_status;
mod oddities;
mod repeats;
mod row;

pub use lab_status::LabStatus;

use csv::StringRecord;
use domain::id::PackageTag;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::time::Day;

use super::amount;
use super::calendar::{DateForm, LocalTime, Votes};
use super::finding::{Finding, FindingKind, Findings, Place};
use super::table::{Entry, FileRefused, Table};
use columns::{Column, ColumnMap, DATE_COLUMNS};
use repeats::{Repeat, Repeats};
use row::RowReader;

/// One package as the state's system shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are METRC's headings")]
pub struct PackageRow {
    pub tag: PackageTag,
    pub item: String,
    pub category: Option<String>,
    pub strain: Option<String>,
    pub quantity: Quantity,
    pub unit: UnitOfMeasure,
    pub location: Option<String>,
    pub sublocation: Option<String>,
    /// The tags this package was made from.
    pub source_packages: Vec<String>,
    pub source_harvests: Option<String>,
    pub original_source_package: Option<String>,
    pub source_processing_jobs: Option<String>,
    /// The production batch number.
    pub batch: Option<String>,
    pub source_batch: Option<String>,
    /// None when the file does not say; such a package is not sellable.
    pub lab: Option<LabStatus>,
    pub finished_good: Option<bool>,
    pub hold: Option<bool>,
    pub recall: Option<bool>,
    pub packaged: Day,
    /// The shop's clock when it arrived; None for packages made here.
    pub received: Option<LocalTime>,
    pub lab_expires: Option<Day>,
    pub expires: Option<Day>,
    pub sell_by: Option<Day>,
    pub use_by: Option<Day>,
    /// Potency as the file writes it, where a state's grid has such a column.
    pub thc: Option<String>,
    pub cbd: Option<String>,
}

/// What one file holds.
#[derive(Debug)]
pub struct PackageFile {
    /// The licence, if the file's name tells it.
    pub license: Option<String>,
    /// The packages, in the order of the file.
    pub rows: Vec<PackageRow>,
    /// What is wrong with the others, and what is odd about these.
    pub findings: Vec<Finding>,
    /// Findings beyond the number that is kept.
    pub findings_left_out: usize,
    /// Records behind the headings, blank lines not counted.
    pub records: u32,
    /// The form taken for each date column, by its heading in the file.
    pub date_forms: Vec<(String, DateForm)>,
    /// Headings of METRC's usual twenty that the file lacks.
    pub missing_headings: Vec<&'static str>,
}

/// Reads an Active Packages export. `as_of` is the shop's date today.
///
/// # Errors
/// When the file cannot be understood as a whole.
pub fn read(file_name: &str, bytes: &[u8], as_of: Day) -> Result<PackageFile, FileRefused> {
    if let Some(grid) = file_name::other_grid(file_name) {
        return Err(FileRefused::OtherGrid {
            grid: grid.to_owned(),
        });
    }
    let table = Table::open(bytes, &columns::is_known)?;
    let map = ColumnMap::of(&table)?;
    let survey = Survey::of(&table, &map)?;
    let rows = RowReader {
        map: &map,
        forms: survey.forms,
        as_of,
        is_comma_suspect: survey.is_comma_suspect,
    };
    let mut import = Import {
        map: &map,
        rows,
        findings: Findings::default(),
        kept: Vec::new(),
    };
    let mut repeats = Repeats::default();
    let records = table.visit(|at, entry| import.take(at, entry, &mut repeats))?;
    let (findings, findings_left_out) = import.findings.into_parts();
    Ok(PackageFile {
        license: file_name::license(file_name),
        rows: import.kept,
        findings,
        findings_left_out,
        records,
        date_forms: survey.named_forms(&map),
        missing_headings: map.missing(),
    })
}

/// What has to be known about a whole column before one cell of it can be read.
struct Survey {
    forms: [DateForm; DATE_COLUMNS.len()],
    is_comma_suspect: bool,
}

impl Survey {
    fn of(table: &Table<'_>, map: &ColumnMap) -> Result<Self, FileRefused> {
        let mut votes = [Votes::default(); DATE_COLUMNS.len()];
        let mut marks = amount::DecimalMarks::default();
        let is_comma_separated = table.is_comma_separated();
        table.visit(|_, entry| {
            if let Entry::Cells(cells) = entry {
                for (votes, column) in votes.iter_mut().zip(DATE_COLUMNS) {
                    votes.count(map.cell(cells, column).unwrap_or("").trim());
                }
                if !is_comma_separated {
                    marks.count(map.cell(cells, Column::Quantity).unwrap_or("").trim());
                }
            }
            Ok(())
        })?;
        Ok(Self {
            forms: votes.map(Votes::form),
            is_comma_suspect: marks.only_commas(),
        })
    }

    fn named_forms(&self, map: &ColumnMap) -> Vec<(String, DateForm)> {
        let columns = DATE_COLUMNS.into_iter().zip(self.forms);
        columns
            .filter(|(column, _)| map.has(*column))
            .map(|(column, form)| (map.heading(column).to_owned(), form))
            .collect()
    }
}

struct Import<'t> {
    map: &'t ColumnMap,
    rows: RowReader<'t>,
    findings: Findings,
    kept: Vec<PackageRow>,
}

impl Import<'_> {
    fn take(
        &mut self,
        at: Place,
        entry: Entry<'_>,
        repeats: &mut Repeats,
    ) -> Result<(), FileRefused> {
        match entry {
            Entry::Cells(cells) => self.take_cells(at, cells, repeats)?,
            Entry::NotUtf8(cell) => {
                let reason = "The record holds bytes that are not UTF-8. Export the file again as .xlsx, \
                              or save it as \u{201c}CSV UTF-8\u{201d}.";
                let heading = self.map.heading_at(cell);
                self.findings
                    .note(at, FindingKind::EncodingInvalid, heading, reason.to_owned());
            }
            Entry::QuoteOpen(lines) => {
                let reason = format!(
                    "A quotation mark is opened and never closed, so the last {lines} lines of the file \
                     cannot be told apart and were not read."
                );
                self.findings
                    .note(at, FindingKind::QuoteUnterminated, None, reason);
            }
        }
        Ok(())
    }

    fn take_cells(
        &mut self,
        at: Place,
        cells: &StringRecord,
        repeats: &mut Repeats,
    ) -> Result<(), FileRefused> {
        if oddities::are_headings(cells, self.map) {
            if !self.map.is_same_order(cells) {
                return Err(FileRefused::HeadingsChange { line: at.line });
            }
            self.skip(at, "The headings come again; this is no package.");
        } else if oddities::is_empty(cells) {
            self.skip(at, "All cells of the record are empty.");
        } else if oddities::is_total(cells, self.map) {
            self.skip(at, "This is a row of totals, no package.");
        } else if cells.len() != self.map.width() {
            let reason = format!(
                "The record has {} fields and the headings are {}.",
                cells.len(),
                self.map.width()
            );
            self.findings
                .note(at, FindingKind::FieldCount, None, reason);
        } else if let Some(row) = self.rows.read(at, cells, &mut self.findings) {
            match repeats.check(&row, at.line, &self.kept) {
                Repeat::First => self.kept.push(row),
                Repeat::Same { line } => {
                    let reason = format!("The record repeats line {line} exactly and was skipped.");
                    self.note_tag(at, FindingKind::TagDuplicateSame, reason);
                }
                Repeat::Conflict { line } => {
                    let reason = format!(
                        "The tag stands on line {line} too, with other values; that line was taken."
                    );
                    self.note_tag(at, FindingKind::TagDuplicateConflict, reason);
                }
            }
        }
        Ok(())
    }

    fn note_tag(&mut self, at: Place, kind: FindingKind, reason: String) {
        self.findings
            .note(at, kind, Some(self.map.heading(Column::Tag)), reason);
    }

    fn skip(&mut self, at: Place, reason: &str) {
        self.findings
            .note(at, FindingKind::NotARecord, None, reason.to_owned());
    }
}
