//! Packages and laboratory figures from outside, as facts.
//!
//! In: checked rows. Out: facts of at most a hundred packages each, and where the state's figures and ours
//! differ. Must not: change what we have because the state says otherwise; a person looks at it.

use std::collections::{BTreeMap, BTreeSet};

use domain::custody::receive::{
    LabResult, LabResultsRecorded, PACKAGES_PER_EVENT_MAX, PackageListed, StockImported,
};
use domain::facility::{Location, LocationCode};
use domain::id::{Hash, ItemId};
use domain::ledger::Ledger;
use domain::quantity::Quantity;
use domain::stock::{Item, LabStatus, Package, Place};
use serde::{Deserialize, Serialize};

use super::products::judge_anew;
use super::{ServerFact, Shop, Unavailable, Work};
use crate::import::labs::LabRow;
use crate::import::metrc_packages::{LabStatus as MetrcStatus, PackageRow};
use crate::log::Failed;

/// Codes of shelves that stand for themselves, such as `B-04-2`: short, without blanks, with a digit.
const CODE_CHARS_MAX: usize = 12;

/// Where our figure and the state's differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The package.
    pub tag: String,
    /// What the state says is left.
    pub state: String,
    /// What is here: all of it that has not left the shop.
    pub ours: String,
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSummary {
    /// Packages not known before.
    pub new: usize,
    /// Packages known before, whose status and dates were renewed.
    pub renewed: usize,
    /// Packages of which the state says another quantity than ours.
    pub differences: Vec<Difference>,
    /// Rows about packages that are not here.
    pub unknown: Vec<String>,
}

/// A name reduced to what two spellings of it share: letters and digits, lower case.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The identifier of a product, always the same for the same name.
#[must_use]
pub fn item_id(name: &str) -> ItemId {
    let hash = Hash::of(&[b"item\n", name_key(name).as_bytes()]);
    let (id, _) = hash
        .0
        .split_first_chunk()
        .expect("BUG: a hash has more than sixteen bytes");
    ItemId(*id)
}

/// The shelf a row names.
fn shelf(row: &PackageRow) -> LocationCode {
    let is_code = |text: &&str| {
        text.chars().count() <= CODE_CHARS_MAX
            && text.contains(|letter: char| letter.is_ascii_digit())
            && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    match (row.location.as_deref(), row.sublocation.as_deref()) {
        (_, Some(code)) if is_code(&code) => LocationCode::new(code),
        (Some(location), Some(sublocation)) => {
            LocationCode::new(&format!("{location} \u{b7} {sublocation}"))
        }
        (Some(location), None) | (None, Some(location)) => LocationCode::new(location),
        (None, None) => LocationCode::new("?"),
    }
}

fn lab(status: Option<&MetrcStatus>) -> LabStatus {
    match status {
        Some(MetrcStatus::TestPassed | MetrcStatus::RetestPassed) => LabStatus::Passed,
        Some(MetrcStatus::TestFailed | MetrcStatus::RetestFailed) => LabStatus::Failed,
        Some(
            MetrcStatus::NotSubmitted
            | MetrcStatus::SubmittedForTesting
            | MetrcStatus::TestingInProgress
            | MetrcStatus::AwaitingConfirmation
            | MetrcStatus::Remediated
            | MetrcStatus::SelectedForRandomTesting
            | MetrcStatus::NotRequired
            | MetrcStatus::ProcessValidated
            | MetrcStatus::Decontaminated
            | MetrcStatus::RandDCompleted,
        ) => LabStatus::Pending,
        Some(MetrcStatus::Unknown(_)) | None => LabStatus::Unknown,
    }
}

fn listed(row: &PackageRow) -> PackageListed {
    let last_days = [row.lab_expires, row.expires, row.sell_by, row.use_by];
    PackageListed {
        tag: row.tag.clone(),
        item: item_id(&row.item),
        quantity: row.quantity,
        unit: row.unit,
        location: shelf(row),
        lab: lab(row.lab.as_ref()),
        hold: row.hold == Some(true) || row.recall == Some(true),
        packaged: Some(row.packaged),
        received: row.received.map(|received| received.day),
        expires: last_days.into_iter().flatten().min(),
        batch: row.batch.clone(),
    }
}

fn item(row: &PackageRow) -> Item {
    Item {
        id: item_id(&row.item),
        name: row.item.clone(),
        category: row.category.clone().unwrap_or_default(),
        brand: None,
        strain: row.strain.clone(),
        sku: None,
        gtin: None,
        content: None,
    }
}

/// A product not known before, or one that came in by another file without what the state says of it.
fn news_of(known: Option<&Item>, row: &PackageRow) -> Option<Item> {
    let Some(known) = known else {
        return Some(item(row));
    };
    let mut item = known.clone();
    if item.category.is_empty() {
        item.category = row.category.clone().unwrap_or_default();
    }
    item.strain = item.strain.or_else(|| row.strain.clone());
    (item != *known).then_some(item)
}

impl Shop {
    /// Takes packages in. Orders nobody could fill are looked at again.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn import_packages(
        &self,
        file: String,
        rows: Vec<PackageRow>,
    ) -> Result<ImportSummary, Unavailable> {
        self.change(rows.len() / PACKAGES_PER_EVENT_MAX + 1, move |work| {
            let items = &work.ledger().items;
            let tells_more = rows.iter().any(|row| {
                let known = items.get(&item_id(&row.item));
                known.is_some_and(|known| news_of(Some(known), row).is_some())
            });
            let summary = import(work, &file, &rows)?;
            if tells_more {
                judge_anew(work)?;
            }
            work.settle()?;
            Ok(summary)
        })
        .await
    }

    /// Takes laboratory figures in.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn import_labs(
        &self,
        file: String,
        rows: Vec<LabRow>,
    ) -> Result<ImportSummary, Unavailable> {
        self.change(rows.len() / PACKAGES_PER_EVENT_MAX + 1, move |work| {
            record_labs(work, &file, &rows)
        })
        .await
    }
}

fn import(work: &mut Work, file: &str, rows: &[PackageRow]) -> Result<ImportSummary, Failed> {
    let summary = compare(work.ledger(), rows);
    let mut locations = new_locations(work.ledger(), rows);
    for part in rows.chunks(PACKAGES_PER_EVENT_MAX) {
        let mut items = BTreeMap::new();
        for row in part {
            let id = item_id(&row.item);
            if let Some(item) = news_of(work.ledger().items.get(&id), row) {
                items.entry(id).or_insert(item);
            }
        }
        let shelves: BTreeSet<LocationCode> = part.iter().map(shelf).collect();
        let locations = shelves
            .into_iter()
            .filter_map(|code| locations.remove(&code))
            .collect();
        work.record(ServerFact::plain(StockImported {
            file: file.to_owned(),
            items: items.into_values().collect(),
            locations,
            packages: part.iter().map(listed).collect(),
        }))?;
    }
    Ok(summary)
}

fn compare(ledger: &Ledger, rows: &[PackageRow]) -> ImportSummary {
    let mut summary = ImportSummary::default();
    for row in rows {
        let Some(package) = ledger.packages.get(&row.tag) else {
            summary.new += 1;
            continue;
        };
        summary.renewed += 1;
        let ours = in_the_shop(package);
        if ours != row.quantity {
            summary.differences.push(Difference {
                tag: row.tag.to_string(),
                state: row.quantity.to_string(),
                ours: ours.to_string(),
            });
        }
    }
    summary
}

/// All of a package that has not left: what the state's own figure counts until a sale is reported.
fn in_the_shop(package: &Package) -> Quantity {
    package
        .places
        .iter()
        .filter(|(place, _)| !matches!(place, Place::Customer | Place::Destroyed))
        .map(|(_, quantity)| *quantity)
        .sum()
}

/// Shelves not known before, each with its place in the walk: behind the known ones, in the order people
/// would read them.
fn new_locations(ledger: &Ledger, rows: &[PackageRow]) -> BTreeMap<LocationCode, Location> {
    let mut codes: Vec<LocationCode> = rows
        .iter()
        .map(shelf)
        .filter(|code| !ledger.locations.contains_key(code))
        .collect();
    codes.sort_by_key(|code| natural_key(code.as_str()));
    codes.dedup();
    let last = ledger.locations.values().map(|known| known.walk).max();
    let first = last.map_or(1, |last| last.saturating_add(1));
    (first..)
        .zip(codes)
        .map(|(walk, code)| (code.clone(), Location { code, walk }))
        .collect()
}

/// Sorts `Bay 2` before `Bay 10`: runs of digits count as numbers.
fn natural_key(text: &str) -> Vec<(u64, String)> {
    let mut key = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let words = rest.find(is_digit).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(words);
        let digits = behind
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, behind) = behind.split_at(digits);
        key.push((0, word.to_lowercase()));
        key.push((number.parse().unwrap_or(u64::MAX), number.to_owned()));
        rest = behind;
    }
    key
}

fn record_labs(work: &mut Work, file: &str, rows: &[LabRow]) -> Result<ImportSummary, Failed> {
    let mut summary = ImportSummary::default();
    let mut results = Vec::new();
    for row in rows {
        if !work.ledger().packages.contains_key(&row.tag) {
            summary.unknown.push(row.tag.to_string());
            continue;
        }
        summary.renewed += 1;
        results.push(LabResult {
            tag: row.tag.clone(),
            thc: row.thc,
            cbd: row.cbd,
            tested: Some(row.tested),
            expires: row.expires,
        });
    }
    for part in results.chunks(PACKAGES_PER_EVENT_MAX) {
        work.record(ServerFact::plain(LabResultsRecorded {
            file: file.to_owned(),
            results: part.to_vec(),
        }))?;
    }
    Ok(summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shelves_are_walked_in_the_order_people_read_them() {
        let mut codes = [
            "Bay 10 Bin 1",
            "Bay 2 Bin 10",
            "Bay 2 Bin 9",
            "B-04-2",
            "B-4-10",
        ];
        codes.sort_by_key(|code| natural_key(code));
        assert_eq!(
            codes,
            [
                "B-04-2",
                "B-4-10",
                "Bay 2 Bin 9",
                "Bay 2 Bin 10",
                "Bay 10 Bin 1"
            ]
        );
    }

    #[test]
    fn two_spellings_of_a_product_are_one_product() {
        assert_eq!(
            item_id("Night Ferry  1g Cartridge"),
            item_id("night-ferry 1G cartridge")
        );
        assert_ne!(item_id("Night Ferry 1g"), item_id("Night Ferry 2g"));
    }
}
