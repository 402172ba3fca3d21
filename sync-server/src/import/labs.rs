//! Lab figures per package, in Custody's own CSV.
//!
//! METRC's grid has no potency, so a shop writes it down, or its lab's system does, in this form.
//!
//! In: the file's bytes and the shop's date. Out: exact figures per tag, and findings. Must not: convert one
//! unit into another, know the database.
//!
//! # The file
//!
//! UTF-8 with comma, semicolon or tab; a workbook with the same headings works too. Headings in any order,
//! letter case does not matter, other columns are ignored:
//!
//! | heading | holds |
//! |---|---|
//! | `tag` | the package's 24 hexadecimal characters; needed |
//! | `thc` | total THC, a number with a point and at most three decimals |
//! | `cbd` | total CBD, likewise. One of the two may be empty, which means not measured |
//! | `units` | `percent`, `mg_per_g`, `mg_per_unit` or `mg_per_package`; needed |
//! | `tested` | the day of the test, `2026-05-06`; needed, not ahead |
//! | `expires` | the day the result stops counting; may be empty or left out; not before the test |
//!
//! ```text
//! tag,thc,cbd,units,tested,expires
//! 1A4FF0300000C57000000101,22.4,0.08,percent,2026-05-06,2027-05-06
//! 1A4FF0300000C57000000102,100,,mg_per_package,2026-06-01,
//! ```
//!
//! Percent is by weight. A unit is what one customer buys, the jar or the pouch, never the tagged package;
//! labels often call it a package, so `mg_per_package` means the same as `mg_per_unit`.
//!
//! One record per tag. An exact repeat is skipped with a warning; the same tag with other figures is
//! refused and the first one stands.

use std::collections::BTreeMap;

use csv::StringRecord;
use domain::id::PackageTag;
use domain::stock::{Potency, PotencyUnit};
use domain::time::Day;

use super::calendar::iso_day;
use super::finding::{Finding, FindingKind, Findings, Place, quoted};
use super::table::{Entry, FileRefused, Table, heading_key};

const HEADINGS: [&str; 6] = ["tag", "thc", "cbd", "units", "tested", "expires"];
const NEEDED: [&str; 3] = ["tag", "units", "tested"];
const TAG_CHARS: usize = 24;
/// Decimals of a figure.
const DECIMALS_MAX: usize = 3;
/// A hundred percent, and all of a gram, in thousandths.
const PERCENT_MAX: i64 = 100_000;
const MG_PER_GRAM_MAX: i64 = 1_000_000;
/// A kilogram in milligrams, in thousandths: more than any package for sale holds.
const MG_MAX: i64 = 1_000_000_000;

/// The words of the column `units`, what each means, and the largest figure, in thousandths.
const UNITS: [(&str, PotencyUnit, i64); 4] = [
    ("percent", PotencyUnit::Percent, PERCENT_MAX),
    ("mg_per_g", PotencyUnit::MilligramsPerGram, MG_PER_GRAM_MAX),
    ("mg_per_unit", PotencyUnit::MilligramsPerUnit, MG_MAX),
    ("mg_per_package", PotencyUnit::MilligramsPerUnit, MG_MAX),
];

/// One package's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabRow {
    /// Which package.
    pub tag: PackageTag,
    /// Total THC; None when not measured.
    pub thc: Option<Potency>,
    /// Total CBD; None when not measured.
    pub cbd: Option<Potency>,
    /// The day of the test.
    pub tested: Day,
    /// The day the result stops counting.
    pub expires: Option<Day>,
}

/// What one file holds.
#[derive(Debug)]
pub struct LabFile {
    /// The figures, in the order of the file.
    pub rows: Vec<LabRow>,
    /// What is wrong with the others, and what is odd about these.
    pub findings: Vec<Finding>,
    /// Findings beyond the number that is kept.
    pub findings_left_out: usize,
    /// Records behind the headings, blank lines not counted.
    pub records: u32,
}

/// Reads a file of lab figures. `as_of` is the shop's date today.
///
/// # Errors
/// When the file cannot be understood as a whole.
pub fn read(bytes: &[u8], as_of: Day) -> Result<LabFile, FileRefused> {
    let is_known = |heading: &str| HEADINGS.contains(&heading_key(heading).as_str());
    let table = Table::open(bytes, &is_known)?;
    let mut places = BTreeMap::new();
    for (at, heading) in table.headings().iter().enumerate() {
        let key = heading_key(heading);
        if let Some(known) = HEADINGS.into_iter().find(|known| *known == key)
            && places.insert(known, at).is_some()
        {
            return Err(FileRefused::HeadingTwice {
                heading: heading.clone(),
            });
        }
    }
    let mut missing: Vec<_> = NEEDED
        .into_iter()
        .filter(|name| !places.contains_key(name))
        .collect();
    if !places.contains_key("thc") && !places.contains_key("cbd") {
        missing.push("thc");
    }
    if !missing.is_empty() {
        return Err(table.lacks(missing));
    }
    let width = table.headings().len();
    let mut import = Import {
        places,
        width,
        as_of,
        findings: Findings::default(),
        kept: Vec::new(),
    };
    let mut taken = BTreeMap::new();
    let records = table.visit(|at, entry| {
        import.take(at, entry, &mut taken);
        Ok(())
    })?;
    let (findings, findings_left_out) = import.findings.into_parts();
    Ok(LabFile {
        rows: import.kept,
        findings,
        findings_left_out,
        records,
    })
}

struct Import {
    places: BTreeMap<&'static str, usize>,
    width: usize,
    as_of: Day,
    findings: Findings,
    kept: Vec<LabRow>,
}

impl Import {
    fn take(
        &mut self,
        at: Place,
        entry: Entry<'_>,
        taken: &mut BTreeMap<PackageTag, (usize, u64)>,
    ) {
        let (kind, reason) = match entry {
            Entry::NotUtf8(_) => (
                FindingKind::EncodingInvalid,
                "The record holds bytes that are not UTF-8.".to_owned(),
            ),
            Entry::QuoteOpen(lines) => (
                FindingKind::QuoteUnterminated,
                format!("A quotation mark is never closed; the last {lines} lines were not read."),
            ),
            Entry::Cells(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => (
                FindingKind::NotARecord,
                "All cells of the record are empty.".to_owned(),
            ),
            Entry::Cells(cells)
                if HEADINGS[..2]
                    .iter()
                    .all(|name| self.cell(cells, name) == *name) =>
            {
                (
                    FindingKind::NotARecord,
                    "The headings come again; this is no package.".to_owned(),
                )
            }
            Entry::Cells(cells) if cells.len() != self.width => (
                FindingKind::FieldCount,
                format!(
                    "The record has {} fields and the headings are {}.",
                    cells.len(),
                    self.width
                ),
            ),
            Entry::Cells(cells) => {
                if let Some(row) = self.row(at, cells) {
                    self.keep(at, row, taken);
                }
                return;
            }
        };
        self.findings.note(at, kind, None, reason);
    }

    fn keep(&mut self, at: Place, row: LabRow, taken: &mut BTreeMap<PackageTag, (usize, u64)>) {
        let Some((index, line)) = taken.get(&row.tag) else {
            taken.insert(row.tag.clone(), (self.kept.len(), at.line));
            self.kept.push(row);
            return;
        };
        let (kind, reason) = if self.kept[*index] == row {
            (
                FindingKind::TagDuplicateSame,
                format!("The record repeats line {line} and was skipped."),
            )
        } else {
            let reason = format!("The tag stands on line {line} too, with other figures.");
            (FindingKind::TagDuplicateConflict, reason)
        };
        self.findings.note(at, kind, Some("tag"), reason);
    }

    fn cell<'r>(&self, cells: &'r StringRecord, name: &str) -> &'r str {
        self.places
            .get(name)
            .and_then(|at| cells.get(*at))
            .unwrap_or("")
            .trim()
    }

    fn note(&mut self, at: Place, kind: FindingKind, name: &str, reason: String) {
        self.findings.note(at, kind, Some(name), reason);
    }

    fn row(&mut self, at: Place, cells: &StringRecord) -> Option<LabRow> {
        let refusals_before = self.findings.refusals();
        let tag = self.tag(at, self.cell(cells, "tag"));
        let units = self.units(at, self.cell(cells, "units"));
        let thc = self.figure(at, "thc", self.cell(cells, "thc"), units);
        let cbd = self.figure(at, "cbd", self.cell(cells, "cbd"), units);
        if self.cell(cells, "thc").is_empty() && self.cell(cells, "cbd").is_empty() {
            let reason = "The record has neither a THC nor a CBD figure.".to_owned();
            self.note(at, FindingKind::PotencyMissing, "thc", reason);
        }
        let tested = self.tested(at, self.cell(cells, "tested"));
        let expires = self.expires(at, self.cell(cells, "expires"), tested);
        let row = LabRow {
            tag: tag?,
            thc,
            cbd,
            tested: tested?,
            expires,
        };
        (self.findings.refusals() == refusals_before).then_some(row)
    }

    fn tag(&mut self, at: Place, cell: &str) -> Option<PackageTag> {
        let length = cell.chars().count();
        let kind = if cell.is_empty() {
            FindingKind::TagMissing
        } else if length != TAG_CHARS {
            FindingKind::TagLength
        } else if let Ok(tag) = PackageTag::parse(cell) {
            return Some(tag);
        } else {
            FindingKind::TagNotHex
        };
        let reason = format!(
            "{} is no tag of {TAG_CHARS} hexadecimal characters.",
            quoted(cell)
        );
        self.note(at, kind, "tag", reason);
        None
    }

    fn units(&mut self, at: Place, cell: &str) -> Option<(PotencyUnit, i64)> {
        let units = UNITS
            .into_iter()
            .find(|(word, ..)| cell.eq_ignore_ascii_case(word));
        if units.is_none() {
            let kind = if cell.is_empty() {
                FindingKind::PotencyUnitsMissing
            } else {
                FindingKind::PotencyUnitsUnknown
            };
            let words = UNITS.map(|(word, ..)| word).join(", ");
            self.note(
                at,
                kind,
                "units",
                format!("{} is none of {words}.", quoted(cell)),
            );
        }
        units.map(|(_, unit, figure_max)| (unit, figure_max))
    }

    fn figure(
        &mut self,
        at: Place,
        name: &str,
        cell: &str,
        units: Option<(PotencyUnit, i64)>,
    ) -> Option<Potency> {
        if cell.is_empty() {
            return None;
        }
        let Some(thousandths) = thousandths(cell) else {
            let reason = format!(
                "{} is not a number with a decimal point and at most {DECIMALS_MAX} decimals.",
                quoted(cell)
            );
            self.note(at, FindingKind::PotencyNotNumber, name, reason);
            return None;
        };
        let (unit, figure_max) = units?;
        if thousandths > figure_max {
            let most = Potency {
                thousandths: figure_max,
                unit,
            }
            .text();
            self.note(
                at,
                FindingKind::PotencyTooLarge,
                name,
                format!("{} is more than {most}.", quoted(cell)),
            );
            return None;
        }
        Some(Potency { thousandths, unit })
    }

    fn tested(&mut self, at: Place, cell: &str) -> Option<Day> {
        let date = iso_day(cell);
        let (kind, reason) = match date {
            Some(date) if date <= self.as_of => return Some(date),
            Some(date) => (
                FindingKind::TestedDateFuture,
                format!("{date} lies ahead; today is {}.", self.as_of),
            ),
            None if cell.is_empty() => (
                FindingKind::TestedDateMissing,
                "The record has no day of the test.".to_owned(),
            ),
            None => (
                FindingKind::DateUnreadable,
                format!("{} is no date like 2026-05-06.", quoted(cell)),
            ),
        };
        self.note(at, kind, "tested", reason);
        None
    }

    fn expires(&mut self, at: Place, cell: &str, tested: Option<Day>) -> Option<Day> {
        if cell.is_empty() {
            return None;
        }
        let date = iso_day(cell);
        if date.is_none() {
            let reason = format!("{} is no date like 2026-05-06.", quoted(cell));
            self.note(at, FindingKind::DateUnreadable, "expires", reason);
        }
        if let (Some(date), Some(tested)) = (date, tested)
            && date < tested
        {
            let reason = format!("The result expires on {date}, before the test on {tested}.");
            self.note(at, FindingKind::ExpiresBeforeTested, "expires", reason);
        }
        date
    }
}

/// Reads `22.4` as 22,400: digits, at most three decimals.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let significant = decimals.trim_end_matches('0');
    if !is_number(whole) || !is_number(decimals) || significant.len() > DECIMALS_MAX {
        return None;
    }
    let rest = format!("{significant:0<3}").parse::<i64>().ok()?;
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_kept_to_the_thousandth() {
        for (text, expected) in [
            ("22.4", 22_400),
            ("0.08", 80),
            ("100", 100_000),
            ("1.2340", 1_234),
        ] {
            assert_eq!(thousandths(text), Some(expected), "{text}");
        }
        for text in [
            "", "22,4", "-1", ".5", "5.", "0.0001", "ND", "<0.1", "1e2", "22.4%",
        ] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }
}
