//! Which column of the file is which, by heading.
//!
//! In: the headings. Out: a map from METRC's columns to places in a record. Must not: know positions, map a
//! column nobody asked for.

use csv::StringRecord;

use super::super::table::{FileRefused, Table, heading_key};

/// A column Custody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Tag,
    SourceHarvests,
    SourcePackages,
    OriginalSource,
    ProcessingJobs,
    Location,
    Sublocation,
    Item,
    Category,
    Strain,
    Quantity,
    Unit,
    Batch,
    SourceBatch,
    LabStatus,
    FinishedGoods,
    Hold,
    Packaged,
    Received,
    LabExpires,
    Expires,
    SellBy,
    UseBy,
    Recall,
    Thc,
    Cbd,
}

/// Every column, METRC's heading for it, and the keys of all its headings, the surest first. A key is the
/// heading's letters and digits in lower case. The last keys are the grid's own names for its fields.
const COLUMNS: [(Column, &str, &[&str]); 26] = [
    (
        Column::Tag,
        "Tag",
        &["tag", "packagetag", "label", "package"],
    ),
    (
        Column::SourceHarvests,
        "Source Harvest(s)",
        &[
            "sourceharvests",
            "sourceharvest",
            "srchs",
            "sourceharvestnames",
        ],
    ),
    (
        Column::SourcePackages,
        "Source Package(s)",
        &[
            "sourcepackages",
            "sourcepackage",
            "srcpkgs",
            "sourcepackagelabels",
        ],
    ),
    (
        Column::OriginalSource,
        "Original Source Package Label",
        &["originalsourcepackagelabel"],
    ),
    (
        Column::ProcessingJobs,
        "Source Processing Job(s)",
        &["sourceprocessingjobs", "sourceprocessingjob", "srcpjs"],
    ),
    (
        Column::Location,
        "Location",
        &["location", "locationname", "room"],
    ),
    (
        Column::Sublocation,
        "Sublocation",
        &["sublocation", "sublocationname"],
    ),
    (Column::Item, "Item", &["item", "itemname"]),
    (
        Column::Category,
        "Category",
        &["category", "itemcategory", "itemproductcategoryname"],
    ),
    (
        Column::Strain,
        "Item Strain",
        &["itemstrain", "strain", "itemstrainname"],
    ),
    (Column::Quantity, "Quantity", &["quantity", "qty"]),
    (
        Column::Unit,
        "Unit Of Measure",
        &[
            "unitofmeasure",
            "uom",
            "unitofmeasureabbreviation",
            "unitofmeasurename",
        ],
    ),
    (
        Column::Batch,
        "Production Batch Number",
        &["productionbatchnumber", "pbno"],
    ),
    (
        Column::SourceBatch,
        "Source Production Batch",
        &["sourceproductionbatch"],
    ),
    (
        Column::LabStatus,
        "Lab Test Status",
        &[
            "labteststatus",
            "labtestingstatus",
            "labtesting",
            "ltstatus",
            "labtestingstate",
            "labtestingstatename",
        ],
    ),
    (
        Column::FinishedGoods,
        "Finished Goods",
        &["finishedgoods", "finishedgood", "isfinishedgood"],
    ),
    (
        Column::Hold,
        "Administrative Hold",
        &["administrativehold", "ah", "isonhold"],
    ),
    (
        Column::Packaged,
        "Packaged Date",
        &["packageddate", "packagedon", "date"],
    ),
    (
        Column::Received,
        "Received",
        &["received", "receiveddate", "rcvd", "receiveddatetime"],
    ),
    (
        Column::LabExpires,
        "Lab Test Expiration",
        &[
            "labtestexpiration",
            "lte",
            "labtestresultexpirationdatetime",
        ],
    ),
    (Column::Expires, "Expiration Date", &["expirationdate"]),
    (Column::SellBy, "Sell-By Date", &["sellbydate"]),
    (Column::UseBy, "Use-By Date", &["usebydate"]),
    (
        Column::Recall,
        "Administrative Recall",
        &["administrativerecall", "ar", "isonrecall"],
    ),
    (
        Column::Thc,
        "THC",
        &[
            "thc",
            "thcpercent",
            "totalthc",
            "thccontent",
            "itemunitthcpercent",
        ],
    ),
    (
        Column::Cbd,
        "CBD",
        &[
            "cbd",
            "cbdpercent",
            "totalcbd",
            "cbdcontent",
            "itemunitcbdpercent",
        ],
    ),
];

/// The columns that hold dates, in the order in which their forms are kept.
pub(super) const DATE_COLUMNS: [Column; 6] = [
    Column::Packaged,
    Column::Received,
    Column::LabExpires,
    Column::Expires,
    Column::SellBy,
    Column::UseBy,
];

/// Without these nothing can be imported.
const NEEDED: [Column; 3] = [Column::Tag, Column::Item, Column::Quantity];
/// METRC's own export has the first twenty columns of the list.
const USUAL_COLUMNS: usize = 20;
/// Headings that only the grid of packages no longer in stock has.
const INACTIVE_ONLY: [&str; 2] = ["finished", "discontinued"];

/// Whether a heading names a column Custody reads.
pub(super) fn is_known(heading: &str) -> bool {
    column_of(heading).is_some()
}

/// The column a heading names, and how sure the heading is; 0 is METRC's own.
fn column_of(heading: &str) -> Option<(Column, usize)> {
    let key = heading_key(heading);
    COLUMNS.iter().find_map(|(column, _, keys)| {
        keys.iter()
            .position(|known| *known == key)
            .map(|rank| (*column, rank))
    })
}

/// Where each column stands in this file.
#[derive(Debug)]
pub(super) struct ColumnMap {
    headings: Vec<String>,
    places: [Option<usize>; COLUMNS.len()],
}

impl ColumnMap {
    pub(super) fn of(table: &Table<'_>) -> Result<Self, FileRefused> {
        let headings = table.headings().to_vec();
        let named: Vec<_> = headings.iter().map(|heading| column_of(heading)).collect();
        let mut places = [None; COLUMNS.len()];
        for (column, ..) in COLUMNS {
            let of_column = |(at, named): (usize, &Option<(Column, usize)>)| {
                named
                    .filter(|(named, _)| *named == column)
                    .map(|(_, rank)| (rank, at))
            };
            let mut found: Vec<_> = named.iter().enumerate().filter_map(of_column).collect();
            found.sort_unstable();
            if let [(first, _), (second, at), ..] = found[..]
                && first == second
                && column != Column::Unit
            {
                return Err(FileRefused::HeadingTwice {
                    heading: headings[at].clone(),
                });
            }
            places[column as usize] = found.first().map(|(_, at)| *at);
        }
        // Other grids repeat UoM behind each amount: the one that belongs to the quantity follows it.
        if let Some(quantity) = places[Column::Quantity as usize]
            && matches!(named.get(quantity + 1), Some(Some((Column::Unit, _))))
        {
            places[Column::Unit as usize] = Some(quantity + 1);
        }
        let map = Self { headings, places };
        let missing: Vec<_> = NEEDED
            .into_iter()
            .filter(|column| !map.has(*column))
            .map(metrc_heading)
            .collect();
        if !missing.is_empty() {
            return Err(table.lacks(missing));
        }
        let keys: Vec<_> = map
            .headings
            .iter()
            .map(|heading| heading_key(heading))
            .collect();
        if INACTIVE_ONLY
            .iter()
            .all(|only| keys.iter().any(|key| key == only))
        {
            return Err(FileRefused::OtherGrid {
                grid: "Packages, Inactive".to_owned(),
            });
        }
        Ok(map)
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.places[column as usize].is_some()
    }

    /// How many fields a record has.
    pub(super) fn width(&self) -> usize {
        self.headings.len()
    }

    /// The cell as it stands, or None when the file lacks the column or the record ends before it.
    pub(super) fn cell<'r>(&self, cells: &'r StringRecord, column: Column) -> Option<&'r str> {
        cells.get(self.places[column as usize]?)
    }

    /// The heading in the file, or METRC's when the file lacks the column.
    pub(super) fn heading(&self, column: Column) -> &str {
        match self.places[column as usize] {
            Some(at) => &self.headings[at],
            None => metrc_heading(column),
        }
    }

    /// The heading over a field, if it is one Custody reads.
    pub(super) fn heading_at(&self, at: usize) -> Option<&str> {
        self.headings
            .get(at)
            .map(String::as_str)
            .filter(|heading| is_known(heading))
    }

    pub(super) fn missing(&self) -> Vec<&'static str> {
        let usual = COLUMNS[..USUAL_COLUMNS].iter();
        usual
            .filter(|(column, ..)| !self.has(*column))
            .map(|(_, heading, _)| *heading)
            .collect()
    }

    /// Whether the cells are this file's headings again, column by column.
    pub(super) fn is_same_order(&self, cells: &StringRecord) -> bool {
        self.headings.len() == cells.len()
            && self
                .headings
                .iter()
                .zip(cells)
                .all(|(ours, cell)| heading_key(ours) == heading_key(cell))
    }
}

fn metrc_heading(column: Column) -> &'static str {
    COLUMNS[column as usize].1
}

/// Whether a cell is a heading of this column.
pub(super) fn is_heading_of(column: Column, cell: &str) -> bool {
    column_of(cell).is_some_and(|(named, _)| named == column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_columns_is_in_the_order_of_their_numbers() {
        for (number, (column, heading, keys)) in COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, number, "{heading}");
            assert_eq!(keys.first().copied(), Some(heading_key(heading).as_str()));
        }
    }

    #[test]
    fn no_heading_names_two_columns() {
        let mut keys: Vec<_> = COLUMNS
            .iter()
            .flat_map(|(_, _, keys)| keys.iter())
            .collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn the_unit_is_the_column_behind_the_quantity() {
        let table = Table::open(b"UoM,Tag,Item,Quantity,UoM,Gross,UoM\n", &is_known).unwrap();
        let map = ColumnMap::of(&table).unwrap();
        assert_eq!(map.places[Column::Unit as usize], Some(4));
    }

    #[test]
    fn the_full_heading_wins_over_a_short_one() {
        let table = Table::open(b"Date,Packaged Date,Tag,Item,Qty\n", &is_known).unwrap();
        let map = ColumnMap::of(&table).unwrap();
        assert_eq!(map.heading(Column::Packaged), "Packaged Date");
        let twice = Table::open(b"Tag,Item,Item,Quantity\n", &is_known).unwrap();
        let refused = ColumnMap::of(&twice).unwrap_err();
        assert_eq!(
            refused,
            FileRefused::HeadingTwice {
                heading: "Item".to_owned()
            }
        );
    }
}
