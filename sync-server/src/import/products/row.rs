//! One record as one product, or the reasons why not.
//!
//! In: the cells of a record of the right width. Out: a product, with every finding about it. Must not: stop at the first
//! fault; a person repairs a record once.

use csv::StringRecord;
use domain::code::gtin::Gtin;
use domain::quantity::UnitOfMeasure;
use domain::stock::Content;

use super::super::finding::{FindingKind, Findings, Place, quoted};
use super::super::table::heading_key;
use super::super::{amount, text};
use super::Product;
use super::columns::{Column, Columns};
use super::measure::{Measure, Wrong};

/// Reads one record.
pub(super) struct RecordReader<'r> {
    pub(super) columns: &'r Columns,
    pub(super) is_comma_suspect: bool,
    pub(super) at: Place,
    pub(super) cells: &'r StringRecord,
    pub(super) findings: &'r mut Findings,
}

impl<'r> RecordReader<'r> {
    /// The product, unless a finding costs it.
    pub(super) fn product(&mut self) -> Option<Product> {
        let refusals_before = self.findings.refusals();
        let item = self.item();
        let product = Product {
            sku: self.text(Column::Sku),
            brand: self.text(Column::Brand),
            category: self.text(Column::Category),
            gtin: self.gtin(),
            content: self.content(),
            // Last, because the reading ends when it is missing.
            item: item?,
        };
        (self.findings.refusals() == refusals_before).then_some(product)
    }

    fn note(&mut self, kind: FindingKind, column: Column, reason: String) {
        let field = Some(self.columns.heading(column));
        self.findings.note(self.at, kind, field, reason);
    }

    fn cell(&self, column: Column) -> &'r str {
        self.columns.cell(self.cells, column)
    }

    fn text(&mut self, column: Column) -> Option<String> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        match text::read(cell) {
            Ok(text) => Some(text),
            Err((kind, reason)) => {
                self.note(kind, column, reason);
                None
            }
        }
    }

    fn item(&mut self) -> Option<String> {
        let cell = self.cell(Column::Item);
        if heading_key(cell).is_empty() {
            let reason = match cell.is_empty() {
                true => "The record has no item.".to_owned(),
                false => format!("{} has neither a letter nor a digit.", quoted(cell)),
            };
            self.note(FindingKind::ItemMissing, Column::Item, reason);
            return None;
        }
        self.text(Column::Item)
    }

    fn gtin(&mut self) -> Option<Gtin> {
        let cell = self.cell(Column::Gtin);
        if cell.is_empty() {
            return None;
        }
        let gtin = Gtin::parse(cell);
        if gtin.is_none() {
            let reason = format!(
                "{} is no product number of 8, 12, 13 or 14 digits, the last of which proves the others.",
                quoted(cell)
            );
            self.note(FindingKind::GtinInvalid, Column::Gtin, reason);
        }
        gtin
    }

    fn content(&mut self) -> Content {
        let weight_unit = Some(Column::NetWeightUnit);
        let volume_unit = Some(Column::VolumeUnit);
        let content = Content {
            net_mg: self.figure(Column::NetWeight, weight_unit, Measure::Mass),
            thc_mg: self.figure(Column::Thc, Some(Column::ThcUnit), Measure::Milligrams),
            concentrate_mg: self.figure(Column::Concentrate, None, Measure::Milligrams),
            volume_ul: self.figure(Column::Volume, volume_unit, Measure::Volume),
            units: self.figure(Column::Units, None, Measure::Count),
            serving_thc_mg: self.figure(Column::ServingThc, None, Measure::Milligrams),
        };
        let (net, thc) = (content.net_mg, content.thc_mg);
        for (column, part, of, whole) in [
            (Column::Thc, thc, Column::NetWeight, net),
            (
                Column::Concentrate,
                content.concentrate_mg,
                Column::NetWeight,
                net,
            ),
            (Column::ServingThc, content.serving_thc_mg, Column::Thc, thc),
        ] {
            if let (Some(part), Some(whole)) = (part, whole)
                && part > whole
            {
                let of = self.columns.heading(of);
                let reason =
                    format!("{part} mg are more than {whole} mg under \u{201c}{of}\u{201d}.");
                self.note(FindingKind::FiguresContradict, column, reason);
            }
        }
        content
    }

    /// A figure with the unit behind it, else that of its own column.
    fn figure(
        &mut self,
        column: Column,
        unit_column: Option<Column>,
        measure: Measure,
    ) -> Option<u64> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        let amount = match amount::parse(cell, self.is_comma_suspect) {
            Ok(amount) => amount,
            Err(kind) => {
                self.note(kind, column, amount::reason(kind, cell));
                return None;
            }
        };
        let beside = unit_column.map_or("", |column| self.cell(column));
        let (kind, column, reason) = match unit(amount.unit, beside, measure) {
            None => {
                let reason = format!("{} has no unit: {}.", quoted(cell), measure.units());
                (FindingKind::UnitMissing, column, reason)
            }
            Some(unit) => match measure.whole(amount.quantity, unit) {
                Ok(_) if !agree(amount.unit, beside) => {
                    let reason = format!("{} has two units: {}.", quoted(cell), quoted(beside));
                    (FindingKind::UnitUnknown, column, reason)
                }
                Ok(0) if matches!(measure, Measure::Milligrams) => return Some(0),
                Ok(0) => {
                    let reason =
                        format!("{} is nothing; leave out what is not known.", quoted(cell));
                    (FindingKind::QuantityZero, column, reason)
                }
                Ok(whole) => return Some(whole),
                Err(Wrong::Unit) => {
                    let reason = format!("{} is none of {}.", quoted(unit), measure.units());
                    let at = unit_column.filter(|_| amount.unit.is_empty());
                    (FindingKind::UnitUnknown, at.unwrap_or(column), reason)
                }
                Err(Wrong::Fraction) => {
                    let kind = FindingKind::QuantityFractionOfEach;
                    (kind, column, amount::reason(kind, cell))
                }
                Err(Wrong::TooLarge) => {
                    let (max, unit) = (measure.max(), measure.unit());
                    let reason = format!("{} is more than {max} {unit}.", quoted(cell));
                    (FindingKind::QuantityTooLarge, column, reason)
                }
            },
        };
        self.note(kind, column, reason);
        None
    }
}

fn unit<'c>(behind: &'c str, beside: &'c str, measure: Measure) -> Option<&'c str> {
    let mut written = [behind, beside].into_iter().filter(|unit| !unit.is_empty());
    written.next().or(measure.usual_unit())
}

/// Whether two units of one figure are one: the other is not written, or it is the same.
fn agree(behind: &str, beside: &str) -> bool {
    let parsed = (UnitOfMeasure::parse(behind), UnitOfMeasure::parse(beside));
    let is_same = matches!(parsed, (Some(one), Some(other)) if one == other);
    behind.is_empty() || beside.is_empty() || is_same || behind.eq_ignore_ascii_case(beside)
}
