//! Every value of a pack by its place, so that two packs can be compared.
//!
//! In: a document. Out: places such as `limit[ca.adult].bucket[flower].max`, and values. Must not: depend on the order
//! of tables in the text.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::fields::Fields;

/// The fields that name a table of a list, in this order.
const NAMES: [&str; 8] = ["id", "event", "class", "p", "c", "w", "when", "from"];

pub(super) fn of(document: &Fields<'_, '_>) -> BTreeMap<String, String> {
    let mut walk = Walk::default();
    walk.table(document.whole(), "");
    walk.found
}

#[derive(Default)]
struct Walk {
    found: BTreeMap<String, String>,
    /// How many tables of one list had this name so far.
    named: BTreeMap<String, usize>,
}

impl Walk {
    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        for (key, value) in table {
            let key = key.get_ref();
            let place = if path.is_empty() {
                key.to_string()
            } else {
                format!("{path}.{key}")
            };
            self.leaf(value.get_ref(), place);
        }
    }

    fn leaf(&mut self, value: &DeValue<'_>, place: String) {
        match value {
            DeValue::Table(table) => self.table(table, &place),
            DeValue::Array(array) if array.iter().any(|entry| entry.get_ref().is_table()) => {
                for (index, entry) in array.iter().enumerate() {
                    let name = entry.get_ref().as_table().map(name).unwrap_or_default();
                    let name = if name.is_empty() {
                        index.to_string()
                    } else {
                        name
                    };
                    let at = format!("{place}[{name}]");
                    // Two of one name are told apart by their order.
                    let copies = self.named.entry(at.clone()).or_default();
                    *copies += 1;
                    let at = match copies {
                        1 => at,
                        copy => format!("{place}[{name} #{copy}]"),
                    };
                    self.leaf(entry.get_ref(), at);
                }
            }
            DeValue::Array(array) => {
                let mut entries: Vec<String> =
                    array.iter().map(|entry| text(entry.get_ref())).collect();
                entries.sort();
                self.found.insert(place, entries.join(" "));
            }
            _ => {
                self.found.insert(place, text(value));
            }
        }
    }
}

fn name(table: &DeTable<'_>) -> String {
    let values = NAMES.iter().filter_map(|name| table.get(*name));
    let values = values.filter(|value| !value.get_ref().is_table());
    let values: Vec<String> = values.map(|value| text(value.get_ref())).collect();
    values.join(" ")
}

fn text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
