//! Which product a line means: by the shop's article number, else by the name as the menu spells it.
//!
//! In: the ledger's products. Out: one of them or none. Must not: guess between two.

use std::collections::BTreeMap;

use domain::custody::receive::StockImported;
use domain::id::ItemId;
use domain::ledger::Ledger;
use domain::stock::Item;

use crate::import::orders::{OrderInput, Request};
use crate::ingest::stock::{item_id, name_key};
use crate::ingest::{ServerFact, Work};
use crate::log::Failed;

/// The shop's products, to be found by number or name.
pub(super) struct Catalogue {
    by_sku: BTreeMap<String, ItemId>,
    by_name: BTreeMap<String, Option<ItemId>>,
}

impl Catalogue {
    pub(super) fn of(ledger: &Ledger) -> Self {
        let mut by_sku = BTreeMap::new();
        let mut by_name = BTreeMap::new();
        for item in ledger.items.values() {
            if let Some(sku) = &item.sku {
                by_sku.insert(sku.clone(), item.id);
            }
            by_name
                .entry(name_key(&item.name))
                .and_modify(|known| *known = None)
                .or_insert(Some(item.id));
        }
        Self { by_sku, by_name }
    }

    /// Adds the products of an order that nobody knows yet, under the names the order gives them.
    pub(super) fn add_products(
        &mut self,
        work: &mut Work,
        input: &OrderInput,
    ) -> Result<(), Failed> {
        let Request::Fill(content) = &input.request else {
            return Ok(());
        };
        let mut items = Vec::new();
        for line in &content.lines {
            let id = item_id(&line.product);
            let is_known = self.find(&line.sku, &line.product).is_some()
                || work.ledger().items.contains_key(&id);
            if is_known {
                continue;
            }
            self.by_sku.insert(line.sku.clone(), id);
            self.by_name.insert(name_key(&line.product), Some(id));
            items.push(Item {
                id,
                name: line.product.clone(),
                category: String::new(),
                brand: None,
                strain: None,
                sku: Some(line.sku.clone()),
                gtin: None,
                content: None,
            });
        }
        if !items.is_empty() {
            work.record(ServerFact::plain(StockImported {
                file: format!("order {}", input.key.id),
                items,
                locations: Vec::new(),
                packages: Vec::new(),
            }))?;
        }
        Ok(())
    }

    /// The product, unless nothing or more than one thing fits.
    pub(super) fn find(&self, sku: &str, name: &str) -> Option<ItemId> {
        let by_name = || self.by_name.get(&name_key(name)).copied().flatten();
        self.by_sku.get(sku).copied().or_else(by_name)
    }
}
