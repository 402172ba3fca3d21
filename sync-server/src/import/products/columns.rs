//! Which column of a file of products is which, by heading.
//!
//! In: the headings. Out: where each column stands. Must not: choose between two columns that say the same.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::super::table::{FileRefused, Table, heading_key};

/// A column Custody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Item,
    Sku,
    Brand,
    Category,
    Gtin,
    NetWeight,
    NetWeightUnit,
    Volume,
    VolumeUnit,
    Thc,
    ThcUnit,
    Concentrate,
    Units,
    ServingThc,
}

/// Every column, Custody's heading for it, and the keys of all its headings: letters and digits, lower case. The longer
/// ones are METRC's.
const COLUMNS: [(Column, &str, &[&str]); 14] = [
    (Column::Item, "Item", &["item", "itemname"]),
    (Column::Sku, "SKU", &["sku"]),
    (
        Column::Brand,
        "Brand",
        &["brand", "itembrand", "itembrandname"],
    ),
    (Column::Category, "Category", &["category", "itemcategory"]),
    (Column::Gtin, "GTIN", &["gtin", "upc"]),
    (
        Column::NetWeight,
        "Net Weight",
        &["netweight", "unitweight", "itemunitweight"],
    ),
    (
        Column::NetWeightUnit,
        "Net Weight Unit",
        &[
            "netweightunit",
            "unitweightunitofmeasure",
            "unitweightuom",
            "itemunitweightunitofmeasure",
        ],
    ),
    (
        Column::Volume,
        "Volume",
        &["volume", "unitvolume", "itemunitvolume"],
    ),
    (
        Column::VolumeUnit,
        "Volume Unit",
        &[
            "volumeunit",
            "unitvolumeunitofmeasure",
            "unitvolumeuom",
            "itemunitvolumeunitofmeasure",
        ],
    ),
    (
        Column::Thc,
        "THC mg",
        &["thcmg", "unitthccontent", "itemunitthccontent"],
    ),
    (
        Column::ThcUnit,
        "THC Unit",
        &[
            "thcunit",
            "unitthccontentunitofmeasure",
            "unitthccontentuom",
            "itemunitthccontentunitofmeasure",
        ],
    ),
    (Column::Concentrate, "Concentrate mg", &["concentratemg"]),
    (Column::Units, "Units", &["units"]),
    (Column::ServingThc, "Serving THC mg", &["servingthcmg"]),
];

/// Whether a heading names a column Custody reads.
pub(super) fn is_known(heading: &str) -> bool {
    column_of(heading).is_some()
}

fn column_of(heading: &str) -> Option<Column> {
    let key = heading_key(heading);
    let mut columns = COLUMNS.iter();
    columns
        .find(|(_, _, keys)| keys.contains(&key.as_str()))
        .map(|(column, ..)| *column)
}

/// Where each column stands in this file.
#[derive(Debug)]
pub(super) struct Columns {
    headings: Vec<String>,
    places: BTreeMap<Column, usize>,
}

impl Columns {
    pub(super) fn of(table: &Table<'_>) -> Result<Self, FileRefused> {
        let headings = table.headings().to_vec();
        let mut places = BTreeMap::new();
        for (at, heading) in headings.iter().enumerate() {
            if let Some(column) = column_of(heading)
                && places.insert(column, at).is_some()
            {
                let heading = heading.clone();
                return Err(FileRefused::HeadingTwice { heading });
            }
        }
        if !places.contains_key(&Column::Item) {
            return Err(table.lacks(vec!["Item"]));
        }
        // A file of packages has these two as well, and says nothing new of a product.
        let is_of_packages = |column: &Column| matches!(column, Column::Item | Column::Category);
        if places.keys().all(is_of_packages) {
            return Err(table.lacks(vec!["Net Weight"]));
        }
        Ok(Self { headings, places })
    }

    /// How many fields a record has.
    pub(super) fn width(&self) -> usize {
        self.headings.len()
    }

    /// The trimmed cell; empty when the file lacks the column.
    pub(super) fn cell<'r>(&self, cells: &'r StringRecord, column: Column) -> &'r str {
        let at = self.places.get(&column);
        at.and_then(|at| cells.get(*at)).unwrap_or("").trim()
    }

    /// The heading in the file, or Custody's when the file lacks the column.
    pub(super) fn heading(&self, column: Column) -> &str {
        let known = || COLUMNS.iter().find(|(known, ..)| *known == column);
        match self.places.get(&column) {
            Some(at) => &self.headings[*at],
            None => known().map_or("", |(_, heading, _)| heading),
        }
    }

    /// Whether the cells are this file's headings again.
    pub(super) fn are_again(&self, cells: &StringRecord) -> bool {
        self.headings.iter().eq(cells.iter().map(str::trim))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_names_one_column() {
        let mut keys: Vec<_> = COLUMNS.iter().flat_map(|(.., keys)| keys.iter()).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        for (column, heading, _) in COLUMNS {
            assert_eq!(column_of(heading), Some(column), "{heading}");
        }
    }
}
