//! What one unit of each product holds, in Custody's own CSV or METRC's list of items.
//!
//! METRC's packages say neither how much is in a unit nor which code a maker prints on it, and purchase limits count by
//! the one and scans are told apart by the other. A shop writes both down in this form.
//!
//! In: the file's bytes. Out: exact figures per product, and findings. Must not: guess a unit, know the database.
//!
//! # The file
//!
//! UTF-8 with comma, semicolon or tab; a workbook with the same headings works too. Headings in any order, letter case
//! and blanks do not matter, other columns are ignored:
//!
//! | heading | METRC's | holds |
//! |---|---|---|
//! | `Item` | `Item` | the name, as the state or the orders spell it; needed |
//! | `SKU` | | the shop's article number; of one product only |
//! | `Brand` | `Brand` | |
//! | `Category` | `Category` | the state's category |
//! | `GTIN` | | the maker's number, also under `UPC`: 8, 12, 13 or 14 digits |
//! | `Net Weight` | `Unit Weight` | with its unit behind it: `mg`, `g`, `kg`, `oz` |
//! | `Net Weight Unit` | `Unit Weight Unit of Measure` | that unit, when it is not behind the number |
//! | `Volume` | `Unit Volume` | likewise: `ul`, `ml`, `l`, `fl oz` |
//! | `Volume Unit` | `Unit Volume Unit of Measure` | |
//! | `THC mg` | `Unit THC Content` | in one unit |
//! | | `Unit THC Content Unit of Measure` | nothing but `mg` |
//! | `Concentrate mg` | | contained in one unit |
//! | `Units` | | things in it: six for a tray of six plants. METRC's `Number of Doses` is something else |
//! | `Serving THC mg` | | in one serving |
//!
//! ```text
//! Item,SKU,GTIN,Net Weight,THC mg,Concentrate mg
//! Copper Kettle Static Melon 3.5g Jar,SKU-1,,3.5 g,,
//! Salted Plum Gummies 10pk 100mg,SKU-2,09521234543213,,100,150
//! ```
//!
//! A unit is what one customer buys: the jar or the pouch. An empty cell changes nothing that is known. What is not known
//! is never nothing, so a weight, a volume or a number of things is never 0.
//!
//! One record per product. An exact repeat is skipped with a warning; the same product with other figures is refused and
//! the first one stands. More THC or concentrate than the net weight, or more THC in a serving than in the whole, is refused.

mod columns;
mod measure;
mod row;

use std::collections::BTreeMap;

use csv::StringRecord;
use domain::code::gtin::Gtin;
use domain::stock::Content;

use super::finding::{Finding, FindingKind, Findings, Place, quoted};
use super::table::{Entry, FileRefused, Table, heading_key};
use columns::{Column, Columns};

/// What a file says of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// The name as the file spells it.
    pub item: String,
    /// The shop's article number.
    pub sku: Option<String>,
    /// Brand.
    pub brand: Option<String>,
    /// The state's category.
    pub category: Option<String>,
    /// The maker's number.
    pub gtin: Option<Gtin>,
    /// What one unit holds, as far as the file says so.
    pub content: Content,
}

/// A product and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// Its record.
    pub at: Place,
    /// The product.
    pub product: Product,
}

/// What one file holds.
#[derive(Debug)]
pub struct ProductFile {
    /// The products, in the order of the file.
    pub rows: Vec<ProductRow>,
    /// What is wrong with the others, and what is odd about these.
    pub findings: Vec<Finding>,
    /// Findings beyond the number that is kept.
    pub findings_left_out: usize,
    /// Records behind the headings, blank lines not counted.
    pub records: u32,
}

/// Reads a file of products.
///
/// # Errors
/// When the file cannot be understood as a whole.
pub fn read(bytes: &[u8]) -> Result<ProductFile, FileRefused> {
    let table = Table::open(bytes, &columns::is_known)?;
    let mut import = Import {
        columns: Columns::of(&table)?,
        is_comma_suspect: !table.is_comma_separated(),
        findings: Findings::default(),
        kept: Vec::new(),
        by_name: BTreeMap::new(),
        by_sku: BTreeMap::new(),
    };
    let records = table.visit(|at, entry| {
        import.take(at, entry);
        Ok(())
    })?;
    let (findings, findings_left_out) = import.findings.into_parts();
    Ok(ProductFile {
        rows: import.kept,
        findings,
        findings_left_out,
        records,
    })
}

struct Import {
    columns: Columns,
    /// Whether `1,250` may be one and a quarter.
    is_comma_suspect: bool,
    findings: Findings,
    kept: Vec<ProductRow>,
    /// Which row has this name, and which this article number.
    by_name: BTreeMap<String, usize>,
    by_sku: BTreeMap<String, usize>,
}

impl Import {
    fn take(&mut self, at: Place, entry: Entry<'_>) {
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
            Entry::Cells(cells) if self.columns.are_again(cells) => (
                FindingKind::NotARecord,
                "The headings come again; this is no product.".to_owned(),
            ),
            Entry::Cells(cells) if cells.len() != self.columns.width() => (
                FindingKind::FieldCount,
                format!(
                    "The record has {} fields and the headings are {}.",
                    cells.len(),
                    self.columns.width()
                ),
            ),
            Entry::Cells(cells) => return self.take_cells(at, cells),
        };
        self.findings.note(at, kind, None, reason);
    }

    fn take_cells(&mut self, at: Place, cells: &StringRecord) {
        let mut record = row::RecordReader {
            columns: &self.columns,
            is_comma_suspect: self.is_comma_suspect,
            at,
            cells,
            findings: &mut self.findings,
        };
        if let Some(product) = record.product() {
            self.keep(ProductRow { at, product });
        }
    }

    fn keep(&mut self, row: ProductRow) {
        let key = heading_key(&row.product.item);
        let known = |place: Option<&usize>| place.map(|place| &self.kept[*place]);
        let (kind, column, reason) = if let Some(first) = known(self.by_name.get(&key)) {
            let line = first.at.line;
            if first.product == row.product {
                let reason = format!("The record repeats line {line} and was skipped.");
                (FindingKind::ProductDuplicateSame, Column::Item, reason)
            } else {
                let reason = format!("The product stands on line {line} too, with other figures.");
                (FindingKind::ProductDuplicateConflict, Column::Item, reason)
            }
        } else if let Some(sku) = &row.product.sku
            && let Some(first) = known(self.by_sku.get(sku))
        {
            let (sku, line) = (quoted(sku), first.at.line);
            let reason = format!("The article number {sku} is that of the product on line {line}.");
            (FindingKind::SkuOfAnother, Column::Sku, reason)
        } else {
            let place = self.kept.len();
            self.by_name.insert(key, place);
            if let Some(sku) = &row.product.sku {
                self.by_sku.insert(sku.clone(), place);
            }
            self.kept.push(row);
            return;
        };
        let field = Some(self.columns.heading(column));
        self.findings.note(row.at, kind, field, reason);
    }
}
