//! What the labels of one order say, as far as the shop knows it.
//!
//! In: the ledger, an order, and what never stands in the ledger. Out: facts. Must not: decide what of it is printed.

use super::{LabelRules, Language};
use crate::custody::label::{label_code, rules_in_force};
use crate::ledger::Ledger;
use crate::order::Order;
use crate::stock::{Content, Potency};

/// What is known for the labels of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Business and shop.
    pub seller: String,
    /// The state's licence number.
    pub license: String,
    /// The customer's name as the label prints it, where it is known here.
    pub customer: Option<String>,
    /// Day and time of the sale, in the shop's zone.
    pub sold: String,
    /// The order's short code.
    pub order: String,
    /// The label's own code.
    pub code: String,
    /// 1 for the first print.
    pub copy: u32,
    /// The rules it is printed by, such as `us-ca 2026.11.0`.
    pub rules: String,
    /// The language of its captions.
    pub language: Language,
    /// Sentences the shop prints on every bag.
    pub sentences: Vec<String>,
    /// Products.
    pub rows: Vec<Row>,
}

/// One package's units in the bag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The product.
    pub product: String,
    /// The tracking system's category.
    pub category: String,
    /// Its class in the state's rules, when they know the category.
    pub class: Option<String>,
    /// The package's tag.
    pub tag: String,
    /// THC as the laboratory stated it.
    pub thc: Option<String>,
    /// CBD likewise.
    pub cbd: Option<String>,
    /// What one unit holds.
    pub net: Option<String>,
    /// The maker's batch.
    pub batch: Option<String>,
    /// Day it was packed.
    pub packed: Option<String>,
    /// Last day it may be sold.
    pub expires: Option<String>,
    /// Units in the bag.
    pub units: u32,
}

/// How a label is printed, beside what is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// The customer's name as the label prints it, where it is known here.
    pub customer: Option<String>,
    /// Day and time of the sale as the label prints it.
    pub sold: String,
    /// 1 for the first print.
    pub copy: u32,
    /// The language of its captions.
    pub language: Language,
}

impl Facts {
    /// What people, shops and makers are called, and the shop's own sentences: whatever may be in any letters.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let named = self.customer.as_deref().into_iter();
        let rows = self.rows.iter().flat_map(|row| {
            [
                row.product.as_str(),
                row.batch.as_deref().unwrap_or_default(),
            ]
        });
        let sentences = self.sentences.iter().map(String::as_str);
        named
            .chain(rows)
            .chain([self.seller.as_str()])
            .chain(sentences)
    }

    /// What is known for an order's labels; `None` when the shop or a package is not known here.
    #[must_use]
    pub fn of(ledger: &Ledger, order: &Order, print: Print) -> Option<Self> {
        let store = ledger.store()?;
        let code = label_code(ledger, order, print.copy, print.language);
        let limits = store.rules.limits.as_deref();
        let rules = limits.map_or_else(
            || format!("{} {}", store.rules.state, store.rules.effective),
            |pack| format!("{} {}", pack.id, pack.version),
        );
        Some(Self {
            seller: format!("{} · {}", store.business, store.name),
            license: store.license.clone(),
            customer: print.customer.filter(|name| !name.trim().is_empty()),
            sold: print.sold,
            order: order.code.clone(),
            code,
            copy: print.copy,
            rules,
            language: print.language,
            sentences: store.rules.label_sentences.clone(),
            rows: rows(ledger, order)?,
        })
    }
}

/// What the state wants on this shop's labels; the house's label where nothing is known of it.
#[must_use]
pub fn wanted(ledger: &Ledger) -> LabelRules {
    let labels = rules_in_force(ledger).and_then(|pack| pack.labels.as_deref());
    labels.and_then(LabelRules::read).unwrap_or_default()
}

/// The language a label is printed in when this one is chosen: English where the state's rules do not allow it.
#[must_use]
pub fn allowed(ledger: &Ledger, chosen: Language) -> Language {
    let languages = wanted(ledger).languages();
    match languages.contains(&chosen) {
        true => chosen,
        false => Language::English,
    }
}

fn rows(ledger: &Ledger, order: &Order) -> Option<Vec<Row>> {
    let figures = rules_in_force(ledger).and_then(|pack| pack.read());
    let mut rows: Vec<(u16, Row)> = Vec::new();
    for pick in &order.picks {
        let known = rows
            .iter_mut()
            .find(|(line, row)| *line == pick.line && row.tag == pick.tag.as_str());
        if let Some((_, row)) = known {
            row.units = row.units.saturating_add(1);
            continue;
        }
        let package = ledger.packages.get(&pick.tag)?;
        let item = ledger.items.get(&package.item)?;
        let class = figures
            .as_ref()
            .and_then(|figures| figures.class_of(&item.category));
        let row = Row {
            product: item.name.clone(),
            category: item.category.clone(),
            class: class.map(str::to_owned),
            tag: pick.tag.to_string(),
            thc: package.thc.map(Potency::text),
            cbd: package.cbd.map(Potency::text),
            net: item.content.as_ref().and_then(net),
            batch: package.batch.clone(),
            packed: package.packaged.map(|day| day.to_string()),
            expires: package.expires.map(|day| day.to_string()),
            units: 1,
        };
        rows.push((pick.line, row));
    }
    rows.sort_by_key(|(line, _)| *line);
    Some(rows.into_iter().map(|(_, row)| row).collect())
}

/// What one unit holds, as a label prints it.
fn net(content: &Content) -> Option<String> {
    let thousandths = |figure: u64, unit: &str| {
        let (whole, part) = (figure / 1000, figure % 1000);
        let part = format!("{part:03}");
        match part.trim_end_matches('0') {
            "" => format!("{whole} {unit}"),
            part => format!("{whole}.{part} {unit}"),
        }
    };
    let mass = content.net_mg.map(|mass| thousandths(mass, "g"));
    mass.or_else(|| content.volume_ul.map(|volume| thousandths(volume, "ml")))
}
