//! `custody rules use`: the limits of a rule pack come into force in a shop. `custody rules judge`: what would have come of
//! what was handed over, by another.
//!
//! In: a pack's text. Out: a fact that every device gets with the shop's own row; verdicts. Must not: take a pack that has a flaw, is
//! of another state, or is more than devices are given.

use domain::custody::limit;
use domain::custody::second::BenchRules;
use domain::custody::set_up::StoreConfigured;
use domain::custody::swap::SwapRule;
use domain::facility::Store;
use domain::limits::{Figures, LimitPack};
use domain::order::Order;
use domain::time::Day;

use super::Report;
use crate::ingest::{ServerFact, Shop, Unavailable};
use crate::rules::past::{self, Asked};
use crate::rules::{bench, checklist, pack};

/// The largest limits that go to devices, in bytes: well below the largest event. California's have some 2 000.
const FIGURES_BYTES_MAX: usize = 128 * 1024;

/// Takes a pack's limits into use.
pub(super) async fn take(shop: &Shop, name: &str, text: &[u8]) -> Result<Report, Unavailable> {
    let pack = match pack::read(name, text) {
        Ok(pack) => pack,
        Err(refused) => {
            let lines = refused.lines();
            return Ok(Report {
                is_done: false,
                lines,
            });
        }
    };
    let limits = pack.travelling();
    if limits.figures.len() > FIGURES_BYTES_MAX {
        return Ok(Report::refused(format!(
            "The limits of {} are {} bytes; {FIGURES_BYTES_MAX} is the most that devices are given.",
            pack.id,
            limits.figures.len()
        )));
    }
    configure(shop, move |store| {
        if store.rules.state != pack.state {
            return Err(Report::refused(format!(
                "{} is of {}, and this shop is in {}.",
                pack.id, pack.state, store.rules.state
            )));
        }
        let named = told(&limits);
        if store.rules.limits.as_deref() == Some(&limits) {
            return Err(Report::done(format!("{named} is in use already.")));
        }
        store.rules.limits = Some(Box::new(limits));
        Ok(format!("{named} is in use."))
    })
    .await
}

/// Has a list of steps seen to before the first order of a shift.
pub(super) async fn ask_for(shop: &Shop, text: &[u8]) -> Result<Report, Unavailable> {
    let steps = match checklist::parse(text) {
        Ok(steps) => steps,
        Err(refused) => return Ok(Report::refused(refused.to_string())),
    };
    configure(shop, move |store| {
        let count = steps.len();
        if store.checklist.as_ref() == Some(&steps) {
            return Err(Report::done("This checklist is in use already."));
        }
        store.checklist = Some(steps);
        Ok(format!("The checklist has {count} steps now."))
    })
    .await
}

/// Lets products of the same category stand in for each other, or nothing.
pub(super) async fn swap(shop: &Shop, within: Option<u16>) -> Result<Report, Unavailable> {
    configure(shop, move |store| {
        store.swaps = Some(SwapRule {
            allowed: within.is_some(),
            price_within: within.unwrap_or_default().saturating_mul(10),
        });
        Ok(match within {
            Some(percent) => format!(
                "Once the customer has said so, a product of the same category may stand in whose price is within {percent} %."
            ),
            None => "Nothing stands in for what cannot be had.".to_owned(),
        })
    })
    .await
}

/// Has a shop ask something of its pack stations.
pub(super) async fn ask_of_bench(shop: &Shop, text: &[u8]) -> Result<Report, Unavailable> {
    let rules = match bench::parse(text) {
        Ok(rules) => rules,
        Err(refused) => return Ok(Report::refused(refused.to_string())),
    };
    configure(shop, move |store| {
        // Who is new stays so.
        let begun = store.bench.as_ref().map(|bench| bench.begun.clone());
        let rules = BenchRules {
            begun: begun.unwrap_or_default(),
            ..rules
        };
        if store.bench.as_deref() == Some(&rules) {
            return Err(Report::done("These rules of the bench are in use already."));
        }
        let asks = match rules.second {
            Some(_) => "A second person looks at bags",
            None => "Nobody looks at bags a second time",
        };
        store.bench = Some(Box::new(rules));
        Ok(format!("{asks} from now on."))
    })
    .await
}

/// Changes what is set for a shop. `change` says what is so now, or why there is nothing to record.
async fn configure(
    shop: &Shop,
    change: impl FnOnce(&mut Store) -> Result<String, Report> + Send + 'static,
) -> Result<Report, Unavailable> {
    shop.change(1, move |work| {
        let Some(mut store) = work.ledger().store().cloned() else {
            return Ok(Report::refused("There is no shop here yet."));
        };
        let said = match change(&mut store) {
            Ok(said) => said,
            Err(instead) => return Ok(instead),
        };
        work.record(ServerFact::plain(StoreConfigured {
            store,
            locations: Vec::new(),
            slots: Vec::new(),
        }))?;
        Ok(Report::done(format!(
            "{said} Devices have it at their next contact."
        )))
    })
    .await
}

/// Judges what was handed over in the shop, the earliest first.
pub(super) async fn judge(
    shop: &Shop,
    (name, text): (&str, &[u8]),
    asked: Asked,
    json: bool,
) -> Result<Report, Unavailable> {
    let pack = match pack::read(name, text) {
        Ok(pack) => pack,
        Err(refused) => {
            let lines = refused.lines();
            return Ok(Report {
                is_done: false,
                lines,
            });
        }
    };
    shop.change(0, move |work| {
        let book = match asked.rules_of {
            Some(day) => pack.book.as_of(day),
            None => pack.book.clone(),
        };
        let figures = Figures {
            book,
            classes: pack.classes.clone(),
        };
        let is_asked = |day: &Day| {
            asked.from.is_none_or(|from| from <= *day) && asked.to.is_none_or(|to| *day <= to)
        };
        let ledger = work.ledger();
        let handed = ledger.orders.values();
        let mut handed: Vec<(Day, &Order)> = handed
            .filter_map(|order| Some((order.handed_on.filter(is_asked)?, order)))
            .collect();
        handed.sort_by_key(|(day, order)| (*day, order.placed_at, order.id));
        let name = |item| {
            ledger
                .items
                .get(&item)
                .map_or("not known", |item| item.name.as_str())
        };
        let judged = |(day, order): (Day, &Order)| past::Judged {
            id: order.code.clone(),
            day,
            verdict: limit::past(ledger, &figures, order, day),
            goods: limit::past_products(ledger, order)
                .into_iter()
                .map(|item| name(item).to_owned())
                .collect(),
        };
        let found: Vec<past::Judged> = handed.into_iter().map(judged).collect();
        Ok(Report {
            is_done: true,
            lines: past::lines(&pack, &found, json),
        })
    })
    .await
}

/// What a person calls limits.
pub(super) fn told(limits: &LimitPack) -> String {
    format!("{} {}, sha256 {}", limits.id, limits.version, limits.hash)
}
