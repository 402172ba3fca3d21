//! What a shop says of its products, as facts.
//!
//! In: checked rows. Out: products with all that is known of them, and orders judged anew. Must not: take away what a file
//! leaves out, or give one article number to two products.

use std::collections::BTreeMap;

use domain::custody::allocate::judged_anew;
use domain::custody::receive::{PACKAGES_PER_EVENT_MAX, StockImported};
use domain::id::ItemId;
use domain::ledger::Ledger;
use domain::stock::{Content, Item};

use super::stock::{item_id, name_key};
use super::{ServerFact, Shop, Unavailable, Work};
use crate::import::finding::{Finding, FindingKind, Findings, quoted};
use crate::import::products::{Product, ProductRow};
use crate::log::Failed;

/// What an import of products came to.
#[derive(Debug, Default)]
pub struct ProductSummary {
    /// Products not known before.
    pub new: usize,
    /// Products of which more or other is known now.
    pub changed: usize,
    /// Products of which nothing new was said.
    pub same: usize,
    /// Rows whose article number is another product's here.
    pub refused: Vec<Finding>,
    /// Whether the others were taken.
    pub is_taken: bool,
}

impl Shop {
    /// Takes in what is said of products, and judges orders anew. With rows that are refused here, the others are taken
    /// only if `keep_good` says so.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn import_products(
        &self,
        file: String,
        rows: Vec<ProductRow>,
        keep_good: bool,
    ) -> Result<ProductSummary, Unavailable> {
        self.change(rows.len() / PACKAGES_PER_EVENT_MAX + 1, move |work| {
            let (mut summary, items) = compare(work.ledger(), &rows);
            if !summary.refused.is_empty() && !keep_good {
                return Ok(summary);
            }
            summary.is_taken = true;
            for part in items.chunks(PACKAGES_PER_EVENT_MAX) {
                work.record(ServerFact::plain(StockImported {
                    file: file.clone(),
                    items: part.to_vec(),
                    locations: Vec::new(),
                    packages: Vec::new(),
                }))?;
            }
            if !items.is_empty() {
                judge_anew(work)?;
                work.settle()?;
            }
            Ok(summary)
        })
        .await
    }
}

/// The products that the rows change, as they are then.
fn compare(ledger: &Ledger, rows: &[ProductRow]) -> (ProductSummary, Vec<Item>) {
    let mut by_name: BTreeMap<String, ItemId> = BTreeMap::new();
    let mut by_sku: BTreeMap<&str, ItemId> = BTreeMap::new();
    for item in ledger.items.values() {
        by_name.entry(name_key(&item.name)).or_insert(item.id);
        if let Some(sku) = &item.sku {
            by_sku.insert(sku, item.id);
        }
    }
    let mut summary = ProductSummary::default();
    let mut refused = Findings::default();
    let mut items = Vec::new();
    for ProductRow { at, product } in rows {
        let known = by_name.get(&name_key(&product.item)).copied();
        let id = known.unwrap_or_else(|| item_id(&product.item));
        let sku = product.sku.as_deref();
        let owner = sku.and_then(|sku| by_sku.get(sku));
        if let Some(owner) = owner.filter(|owner| **owner != id) {
            let name = ledger.items.get(owner).map_or("", |item| &item.name);
            let (sku, name) = (quoted(sku.unwrap_or("")), quoted(name));
            let reason = format!("The article number {sku} is that of {name} here.");
            refused.note(*at, FindingKind::SkuOfAnother, Some("SKU"), reason);
            continue;
        }
        let known = ledger.items.get(&id);
        let item = merged(id, known, product);
        match known {
            Some(known) if *known == item => summary.same += 1,
            Some(_) => summary.changed += 1,
            None => summary.new += 1,
        }
        if known != Some(&item) {
            items.push(item);
        }
    }
    (summary.refused, _) = refused.into_parts();
    (summary, items)
}

/// A product with what a file says, and for the rest with what is known of it.
fn merged(id: ItemId, known: Option<&Item>, said: &Product) -> Item {
    let mut item = known.cloned().unwrap_or_else(|| Item {
        id,
        name: said.item.clone(),
        category: String::new(),
        brand: None,
        strain: None,
        sku: None,
        gtin: None,
        content: None,
    });
    let before = item.content.unwrap_or_default();
    let content = Content {
        net_mg: said.content.net_mg.or(before.net_mg),
        thc_mg: said.content.thc_mg.or(before.thc_mg),
        concentrate_mg: said.content.concentrate_mg.or(before.concentrate_mg),
        volume_ul: said.content.volume_ul.or(before.volume_ul),
        units: said.content.units.or(before.units),
        serving_thc_mg: said.content.serving_thc_mg.or(before.serving_thc_mg),
    };
    item.content = (content != Content::default()).then_some(content);
    item.category = said.category.clone().unwrap_or(item.category);
    item.brand = said.brand.clone().or(item.brand);
    item.sku = said.sku.clone().or(item.sku);
    item.gtin = said.gtin.or(item.gtin);
    item
}

/// Says of the orders that wait what limits say of them now. One that is being picked is judged at the pack station.
pub(super) fn judge_anew(work: &mut Work) -> Result<(), Failed> {
    let (ledger, today) = (work.ledger(), work.today());
    let orders = ledger.orders.values();
    let news: Vec<_> = orders
        .filter_map(|order| judged_anew(ledger, order, today))
        .collect();
    news.into_iter()
        .try_for_each(|judged| work.record(ServerFact::plain(judged)).map(drop))
}
