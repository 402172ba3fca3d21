//! One record as one package, or the reasons why not.
//!
//! In: the cells of a record of the right width. Out: a row, with every finding about it. Must not: stop at
//! the first fault; a person repairs a record once.

use csv::StringRecord;
use domain::id::PackageTag;
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::time::Day;

use super::super::calendar::{DateForm, LocalTime};
use super::super::finding::{FindingKind, Findings, Place, quoted};
use super::super::{amount, text};
use super::columns::{Column, ColumnMap, DATE_COLUMNS};
use super::{LabStatus, PackageRow};

const TAG_CHARS: usize = 24;

/// Reads the records of one file.
pub(super) struct RowReader<'t> {
    pub(super) map: &'t ColumnMap,
    pub(super) forms: [DateForm; DATE_COLUMNS.len()],
    pub(super) as_of: Day,
    /// Whether `1,250` may be one and a quarter in this file.
    pub(super) is_comma_suspect: bool,
}

impl RowReader<'_> {
    /// The package, unless a finding costs it.
    pub(super) fn read(
        &self,
        at: Place,
        cells: &StringRecord,
        findings: &mut Findings,
    ) -> Option<PackageRow> {
        let refusals_before = findings.refusals();
        let mut record = RecordReader {
            file: self,
            at,
            cells,
            findings,
        };
        let tag = record.tag();
        let item = record.item();
        let amount = record.amount();
        let packaged = record.packaged();
        let received = record.received(packaged);
        let row = PackageRow {
            received,
            category: record.text(Column::Category),
            strain: record.text(Column::Strain),
            location: record.location(),
            sublocation: record.text(Column::Sublocation),
            source_packages: record.source_packages(),
            source_harvests: record.text(Column::SourceHarvests),
            original_source_package: record.text(Column::OriginalSource),
            source_processing_jobs: record.text(Column::ProcessingJobs),
            batch: record.text(Column::Batch),
            source_batch: record.text(Column::SourceBatch),
            lab: record.lab(),
            finished_good: record.flag(Column::FinishedGoods),
            hold: record.flag(Column::Hold),
            recall: record.flag(Column::Recall),
            lab_expires: record.date(Column::LabExpires),
            expires: record.date(Column::Expires),
            sell_by: record.date(Column::SellBy),
            use_by: record.date(Column::UseBy),
            thc: record.text(Column::Thc),
            cbd: record.text(Column::Cbd),
            // Last, because the first of these that is missing ends the reading.
            tag: tag?,
            item: item?,
            quantity: amount?.0,
            unit: amount?.1,
            packaged: packaged?,
        };
        (findings.refusals() == refusals_before).then_some(row)
    }
}

struct RecordReader<'r> {
    file: &'r RowReader<'r>,
    at: Place,
    cells: &'r StringRecord,
    findings: &'r mut Findings,
}

impl<'r> RecordReader<'r> {
    fn note(&mut self, kind: FindingKind, column: Column, reason: String) {
        self.findings
            .note(self.at, kind, Some(self.file.map.heading(column)), reason);
    }

    /// The trimmed cell; empty when the file lacks the column.
    fn cell(&self, column: Column) -> &'r str {
        self.file.map.cell(self.cells, column).unwrap_or("").trim()
    }

    /// What to say of an empty cell, which differs when the whole column is missing.
    fn missing(&mut self, kind: FindingKind, column: Column, what: &str) {
        let reason = if self.file.map.has(column) {
            format!("The record has no {what}.")
        } else {
            let heading = self.file.map.heading(column);
            format!(
                "The file has no column \u{201c}{heading}\u{201d}, so the record has no {what}. Show that \
                 column in METRC's grid and export again."
            )
        };
        self.note(kind, column, reason);
    }

    fn tag(&mut self) -> Option<PackageTag> {
        let raw = self.file.map.cell(self.cells, Column::Tag).unwrap_or("");
        let tag = raw.trim();
        let length = tag.chars().count();
        let (kind, reason) = if tag.is_empty() {
            (FindingKind::TagMissing, "The record has no tag.".to_owned())
        } else if length < TAG_CHARS && is_scientific(tag) {
            let reason = format!(
                "A spreadsheet turned the tag into the number {} and lost its digits. Import the file as \
                 METRC exported it, without opening and saving it.",
                quoted(tag)
            );
            (FindingKind::TagScientific, reason)
        } else if length != TAG_CHARS {
            let reason = format!(
                "The tag {} has {length} characters; a tag has {TAG_CHARS}.",
                quoted(tag)
            );
            (FindingKind::TagLength, reason)
        } else if let Ok(parsed) = PackageTag::parse(tag) {
            if raw.len() != tag.len() {
                let reason = format!(
                    "The tag {} has blanks round it; they were dropped.",
                    quoted(tag)
                );
                self.note(FindingKind::TagOuterSpace, Column::Tag, reason);
            }
            if parsed.as_str() != tag {
                let reason = format!("The tag {} was turned to upper case.", quoted(tag));
                self.note(FindingKind::TagLowerCase, Column::Tag, reason);
            }
            return Some(parsed);
        } else {
            let reason = format!("The tag {} is not hexadecimal (0-9, A-F).", quoted(tag));
            (FindingKind::TagNotHex, reason)
        };
        self.note(kind, Column::Tag, reason);
        None
    }

    fn item(&mut self) -> Option<String> {
        let item = self.text(Column::Item);
        if self.cell(Column::Item).is_empty() {
            self.missing(FindingKind::ItemMissing, Column::Item, "item");
        }
        item
    }

    /// Free text with line breaks and tabs as one blank. None when empty, or noted as unfit.
    fn text(&mut self, column: Column) -> Option<String> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        match text::read(cell) {
            Ok(text) => Some(text),
            Err((kind, reason)) => {
                let is_item = column == Column::Item && kind == FindingKind::TextControlCharacter;
                let kind = match is_item {
                    true => FindingKind::ItemControlCharacter,
                    false => kind,
                };
                self.note(kind, column, reason);
                None
            }
        }
    }

    fn amount(&mut self) -> Option<(Quantity, UnitOfMeasure)> {
        let cell = self.cell(Column::Quantity);
        let amount = if cell.is_empty() {
            self.missing(FindingKind::QuantityMissing, Column::Quantity, "quantity");
            None
        } else {
            match amount::parse(cell, self.file.is_comma_suspect) {
                Ok(amount) => Some(amount),
                Err(kind) => {
                    self.note(kind, Column::Quantity, amount::reason(kind, cell));
                    None
                }
            }
        };
        let unit = self.unit(amount.as_ref().map_or("", |amount| amount.unit));
        let (quantity, unit) = (amount?.quantity, unit?);
        if unit == UnitOfMeasure::Each && !quantity.is_whole() {
            let kind = FindingKind::QuantityFractionOfEach;
            self.note(kind, Column::Quantity, amount::reason(kind, cell));
            return None;
        }
        Some((quantity, unit))
    }

    /// The unit of its own column, or the one behind the quantity when that column is empty.
    fn unit(&mut self, behind_quantity: &str) -> Option<UnitOfMeasure> {
        let cell = self.cell(Column::Unit);
        let text = if cell.is_empty() {
            behind_quantity
        } else {
            cell
        };
        if text.is_empty() {
            self.missing(FindingKind::UnitMissing, Column::Unit, "unit of measure");
            return None;
        }
        let Some(unit) = UnitOfMeasure::parse(text) else {
            let reason = format!("{} is no unit of measure METRC uses.", quoted(text));
            self.note(FindingKind::UnitUnknown, Column::Unit, reason);
            return None;
        };
        if !behind_quantity.is_empty() && UnitOfMeasure::parse(behind_quantity) != Some(unit) {
            let reason = format!(
                "The quantity names the unit {} and the record names {}.",
                quoted(behind_quantity),
                quoted(text)
            );
            self.note(FindingKind::QuantityNotNumber, Column::Quantity, reason);
            return None;
        }
        Some(unit)
    }

    fn form(&self, column: Column) -> DateForm {
        let index = DATE_COLUMNS.iter().position(|date| *date == column);
        self.file.forms[index.expect("BUG: a date column is listed")]
    }

    fn unreadable(&mut self, kind: FindingKind, column: Column) {
        let reason = format!(
            "{} is no date that exists, written as {} like the rest of the column.",
            quoted(self.cell(column)),
            self.form(column).words()
        );
        self.note(kind, column, reason);
    }

    fn packaged(&mut self) -> Option<Day> {
        let column = Column::Packaged;
        if self.cell(column).is_empty() {
            self.missing(FindingKind::PackagedDateMissing, column, "packaged date");
            return None;
        }
        let Some(date) = self.form(column).day(self.cell(column)) else {
            self.unreadable(FindingKind::PackagedDateUnreadable, column);
            return None;
        };
        if date > self.file.as_of {
            let reason = format!(
                "The packaged date {date} lies ahead; today is {}.",
                self.file.as_of
            );
            self.note(FindingKind::PackagedDateFuture, column, reason);
            return None;
        }
        Some(date)
    }

    fn received(&mut self, packaged: Option<Day>) -> Option<LocalTime> {
        let column = Column::Received;
        if self.cell(column).is_empty() {
            return None;
        }
        let Some(received) = self.form(column).time(self.cell(column)) else {
            self.unreadable(FindingKind::ReceivedUnreadable, column);
            return None;
        };
        let day = received.day;
        if day > self.file.as_of {
            let reason = format!(
                "The date received {day} lies ahead; today is {}.",
                self.file.as_of
            );
            self.note(FindingKind::ReceivedFuture, column, reason);
        } else if let Some(packaged) = packaged.filter(|packaged| day < *packaged) {
            let reason = format!("It was received on {day}, before it was packaged on {packaged}.");
            self.note(FindingKind::ReceivedBeforePackaged, column, reason);
        }
        Some(received)
    }

    fn date(&mut self, column: Column) -> Option<Day> {
        if self.cell(column).is_empty() {
            return None;
        }
        let date = self.form(column).day(self.cell(column));
        if date.is_none() {
            self.unreadable(FindingKind::DateUnreadable, column);
        }
        date
    }

    fn location(&mut self) -> Option<String> {
        let location = self.text(Column::Location);
        if self.file.map.has(Column::Location) && self.cell(Column::Location).is_empty() {
            let reason = "The record has no location, so nobody can be sent to the package.";
            self.note(
                FindingKind::LocationMissing,
                Column::Location,
                reason.to_owned(),
            );
        }
        location
    }

    fn source_packages(&mut self) -> Vec<String> {
        let list = self.text(Column::SourcePackages).unwrap_or_default();
        let tags = list.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        tags.filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn lab(&mut self) -> Option<LabStatus> {
        if !self.file.map.has(Column::LabStatus) {
            return None;
        }
        let Some(word) = self.text(Column::LabStatus) else {
            let reason = "The record has no lab status; the package cannot be sold.";
            self.note(
                FindingKind::LabStatusUnknown,
                Column::LabStatus,
                reason.to_owned(),
            );
            return None;
        };
        let status = LabStatus::parse(&word);
        if matches!(status, LabStatus::Unknown(_)) {
            let reason = format!(
                "{} is no lab status METRC lists; the package cannot be sold.",
                quoted(&word)
            );
            self.note(FindingKind::LabStatusUnknown, Column::LabStatus, reason);
        }
        Some(status)
    }

    fn flag(&mut self, column: Column) -> Option<bool> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        let is_any = |words: &[&str]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
        if is_any(&["yes", "true", "1", "y"]) {
            return Some(true);
        }
        if is_any(&["no", "false", "0", "n"]) {
            return Some(false);
        }
        let reason = format!("{} is neither yes nor no.", quoted(cell));
        self.note(FindingKind::FlagUnreadable, column, reason);
        None
    }
}

/// `1.4E+23`, also with a comma as some countries' spreadsheets write it. A real tag of digits and one E is
/// longer than any number a spreadsheet writes.
fn is_scientific(tag: &str) -> bool {
    let Some((mantissa, exponent)) = tag.split_once(['e', 'E']) else {
        return false;
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number(whole) && is_number(decimals) && is_number(exponent)
}
