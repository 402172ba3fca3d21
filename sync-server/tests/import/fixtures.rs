//! The sample files, and small files made from them.

use domain::time::Day;
use serde_json::{Value, json};
use sync_server::import::finding::Severity;
use sync_server::import::metrc_packages::{PackageFile, PackageRow, read};

/// The day the samples call today.
pub(crate) fn today() -> Day {
    Day::parse("2026-11-22").unwrap()
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/../tests/fixtures/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

pub(crate) fn fixture_json(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).unwrap()
}

/// The twenty headings METRC exports.
pub(crate) const HEADINGS: [&str; 20] = [
    "Tag",
    "Source Harvest(s)",
    "Source Package(s)",
    "Original Source Package Label",
    "Source Processing Job(s)",
    "Location",
    "Sublocation",
    "Item",
    "Category",
    "Item Strain",
    "Quantity",
    "Unit Of Measure",
    "Production Batch Number",
    "Source Production Batch",
    "Lab Test Status",
    "Finished Goods",
    "Administrative Hold",
    "Packaged Date",
    "Received",
    "Lab Test Expiration",
];

/// A record that keeps every rule, with some of its cells replaced.
pub(crate) fn record(number: u32, changes: &[(&str, &str)]) -> Vec<String> {
    let tag = format!("1A4FF0300000C57{number:09}");
    let good = [
        tag.as_str(),
        "Salted Plum 06.09.2026",
        "1A4FF013AC7567C586275786",
        "",
        "",
        "Vault B",
        "Bay 8 Bin 12",
        "Super Gummies",
        "Edible (weight - each)",
        "Salted Plum",
        "35",
        "ea",
        "PB-778298",
        "",
        "TestPassed",
        "Yes",
        "No",
        "06/09/2026",
        "07/07/2026 03:05 PM",
        "06/09/2027",
    ];
    let mut cells: Vec<String> = good.iter().map(|cell| (*cell).to_owned()).collect();
    for (heading, cell) in changes {
        let at = HEADINGS.iter().position(|known| known == heading).unwrap();
        (*cell).clone_into(&mut cells[at]);
    }
    cells
}

pub(crate) fn line(cells: &[String]) -> String {
    let quote = |cell: &String| {
        if cell.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    format!(
        "{}\r\n",
        cells.iter().map(quote).collect::<Vec<_>>().join(",")
    )
}

pub(crate) fn heading_line() -> String {
    format!("{}\r\n", HEADINGS.join(","))
}

/// A file with a good record, then the given text, then another good record.
pub(crate) fn between_good_records(text: &[u8]) -> PackageFile {
    let mut bytes = format!("\u{feff}{}{}", heading_line(), line(&record(1, &[]))).into_bytes();
    bytes.extend_from_slice(text);
    bytes.extend_from_slice(line(&record(999, &[])).as_bytes());
    read("packages.csv", &bytes, today()).unwrap()
}

/// What was found: record, line, heading, code, and whether it is a warning.
pub(crate) fn found(file: &PackageFile) -> Vec<(u32, u64, Option<&str>, &'static str, bool)> {
    let finding = |finding: &'_ sync_server::import::finding::Finding| {
        (
            finding.record,
            finding.line,
            finding.kind.code(),
            finding.severity == Severity::Warning,
        )
    };
    file.findings
        .iter()
        .map(|found| {
            let (record, line, code, is_warning) = finding(found);
            assert!(
                found.reason.ends_with('.'),
                "not a sentence: {}",
                found.reason
            );
            (record, line, found.field.as_deref(), code, is_warning)
        })
        .collect()
}

/// A row in the words of the expected files. `known` are the headings the file has.
pub(crate) fn as_json(row: &PackageRow) -> Value {
    json!({
        "tag": row.tag.as_str(),
        "item": row.item,
        "category": row.category,
        "strain": row.strain,
        "quantity": row.quantity.to_string(),
        "unit": row.unit.abbreviation(),
        "location": row.location,
        "sublocation": row.sublocation,
        "source_packages": row.source_packages,
        "batch": row.batch,
        "lab": row.lab.as_ref().map(|lab| lab.word().to_owned()),
        "finished_good": row.finished_good,
        "hold": row.hold,
        "packaged": row.packaged.to_string(),
        "received": row.received.map(|time| time.to_string()),
        "lab_expires": row.lab_expires.map(|day| day.to_string()),
    })
}

/// Text with runs of line breaks and tabs as one blank, which an importer may do.
pub(crate) fn one_blank(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let parts = text
                .split(['\r', '\n', '\t'])
                .filter(|part| !part.is_empty());
            Value::from(parts.collect::<Vec<_>>().join(" ").trim())
        }
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), one_blank(value)))
            .collect(),
        other => other.clone(),
    }
}
