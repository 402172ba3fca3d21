//! The shop at a glance.
//!
//! In: the ledger. Out: lines to print. Must not: name a customer.

use std::collections::BTreeMap;

use domain::facility::Actor;
use domain::ledger::Ledger;

use super::{Report, role_word};
use crate::ingest::{Shop, Unavailable};
use crate::projection::standing;
use crate::projection::witnesses::WitnessedBy;

/// Shows the shop.
pub(super) async fn show(shop: &Shop) -> Result<Report, Unavailable> {
    let mut lines = shop.read(lines).await?;
    let aside = shop.ask(|log| log.aside()).await?;
    let head = *shop.head().borrow();
    lines.push(format!(
        "Log      {} facts, {aside} events kept aside",
        head.0
    ));
    let witnesses = shop.witnesses().await?;
    lines.extend(witnesses.iter().map(|WitnessedBy { device, size }| {
        let size = size.unwrap_or(0);
        format!("Witness  {}: {size} facts seen and co-signed", device.name)
    }));
    Ok(Report {
        is_done: true,
        lines,
    })
}

fn lines(ledger: &Ledger) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(store) = ledger.store() {
        lines.push(format!("Shop     {} ({})", store.name, store.business));
        lines.push(format!(
            "Licence  {} in {}",
            store.license, store.rules.state
        ));
        lines.push(format!("Zone     {}", store.time_zone));
        lines.push(format!(
            "Rules    {} from {}, age {}",
            store.rules.state, store.rules.effective, store.rules.age_min
        ));
        let limits = store.rules.limits.as_deref().map(super::rules::told);
        let limits = limits.unwrap_or_else(|| "none: see `custody rules use`".to_owned());
        lines.push(format!("Limits   {limits}"));
        lines.push(format!("Store    {}", store.id));
    }
    lines.push(format!(
        "Stock    {} packages of {} products on {} shelves",
        ledger.packages.len(),
        ledger.items.len(),
        ledger.locations.len()
    ));
    let mut by_status: BTreeMap<_, usize> = BTreeMap::new();
    for order in ledger.orders.values() {
        *by_status.entry(order.status).or_default() += 1;
    }
    let counts: Vec<String> = by_status
        .iter()
        .map(|(status, count)| format!("{count} {}", standing::word(*status)))
        .collect();
    lines.push(format!(
        "Orders   {} ({})",
        ledger.orders.len(),
        counts.join(", ")
    ));
    let open = ledger
        .exceptions
        .values()
        .filter(|exception| !exception.resolved)
        .count();
    lines.push(format!("Open     {open} exceptions"));
    let person = |actor: &Actor| {
        let left = if actor.active { "" } else { " (left)" };
        format!(
            "Person   {:<4} {} {}{left}",
            actor.id.0,
            role_word(actor.role),
            actor.name
        )
    };
    lines.extend(ledger.actors.values().map(person));
    lines
}
