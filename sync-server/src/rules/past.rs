//! What orders of the past come to under a pack: also under one that is not in force yet.
//!
//! In: orders with their baskets. Out: a verdict for each. Must not: judge an order by what came after it.
//!
//! A file of orders is a JSON list:
//!
//! ```json
//! [{"id": "K7-482", "at": "2026-11-01T10:00:00-08:00", "who": "c-17", "basket": {"program": "adult", "…": "…"}}]
//! ```
//!
//! `who` stands for one customer; what the same one took home earlier in the file is history of the later orders, beside
//! whatever `history` their baskets have. It may be null.

use std::collections::BTreeMap;

use domain::limits::{Basket, Book, Moment, Outcome, Verdict, Visit, judge};
use domain::time::Day;
use serde::Deserialize;

use super::basket::{BASKET_BYTES_MAX, LINES_MAX, Written, moment};
use super::pack::Pack;
use super::verdict;

/// Orders in one file.
pub const ORDERS_MAX: usize = 100_000;
/// Orders of one customer in one file.
pub const ORDERS_OF_ONE_MAX: usize = 1_000;

/// What is to be done about orders that could not be judged.
const UNKNOWN: &str = "Unknown is neither within the limits nor over them: see to what is said to be missing and judge again, or have a \
    person work those orders out by hand.";

/// An order that changed hands.
#[derive(Clone, Debug)]
pub struct Past {
    /// What people call it.
    pub id: String,
    /// When it changed hands.
    pub when: Moment,
    /// Whose it was, when that is known.
    pub who: Option<String>,
    /// What was in it.
    pub basket: Basket,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOrder {
    id: String,
    at: String,
    who: Option<String>,
    basket: Written,
}

/// Reads a file of orders.
///
/// # Errors
/// With a sentence about the first order that is wrong.
pub fn read(bytes: &[u8], time_zone: &str) -> Result<Vec<Past>, String> {
    if bytes.len() > BASKET_BYTES_MAX {
        return Err(format!(
            "the orders have more than {BASKET_BYTES_MAX} bytes"
        ));
    }
    let written: Vec<WrittenOrder> = serde_json::from_slice(bytes)
        .map_err(|error| format!("the orders cannot be read: {error}"))?;
    if written.len() > ORDERS_MAX {
        return Err(format!(
            "there are {} orders; {ORDERS_MAX} is the most",
            written.len()
        ));
    }
    let mut names = std::collections::BTreeSet::new();
    let mut orders = Vec::new();
    for (index, order) in written.into_iter().enumerate() {
        let number = index + 1;
        if !names.insert(order.id.clone()) {
            return Err(format!(
                "order {number} has the id {:?} of an earlier one",
                order.id
            ));
        }
        let when = moment(&order.at, time_zone)
            .map_err(|what| format!("order {number} ({}): at {what}", order.id))?;
        let basket = order.basket.check(when, time_zone);
        orders.push(Past {
            basket: basket.map_err(|what| format!("order {number} ({}): {what}", order.id))?,
            id: order.id,
            when,
            who: order.who,
        });
    }
    Ok(orders)
}

/// Which orders are judged, and by which day's rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// Judge by what is in force on this day, not on each order's own.
    pub rules_of: Option<Day>,
}

/// A verdict for each order of the days asked for, the earliest first.
///
/// # Errors
/// When one customer has more orders than can be judged.
pub fn judged(
    book: &Book,
    mut orders: Vec<Past>,
    asked: Asked,
) -> Result<Vec<(Past, Verdict)>, String> {
    let book = match asked.rules_of {
        Some(day) => book.as_of(day),
        None => book.clone(),
    };
    // The name decides between orders of one instant, so that the file's order does not.
    orders.sort_by(|one, other| (one.when, &one.id).cmp(&(other.when, &other.id)));
    let mut earlier: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
    let mut found = Vec::new();
    for mut order in orders {
        if let Some(who) = &order.who {
            let visits = earlier.entry(who.clone()).or_default();
            if visits.len() >= ORDERS_OF_ONE_MAX {
                return Err(format!("{who:?} has more than {ORDERS_OF_ONE_MAX} orders"));
            }
            let own = Visit {
                when: order.when,
                lines: order.basket.lines.clone(),
            };
            let history = order.basket.history.get_or_insert_default();
            history.extend(visits.iter().cloned());
            if history.iter().map(|visit| visit.lines.len()).sum::<usize>() > LINES_MAX {
                return Err(format!("{who:?} has more than {LINES_MAX} lines"));
            }
            visits.push(own);
        }
        let day = order.when.day;
        let is_asked =
            asked.from.is_none_or(|from| from <= day) && asked.to.is_none_or(|to| day <= to);
        if is_asked {
            let verdict = judge(&book, &order.basket, order.when);
            // Only the verdict is wanted from here on.
            order.basket.history = None;
            found.push((order, verdict));
        }
    }
    Ok(found)
}

/// An order and what it came to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What people call the order.
    pub id: String,
    /// The day on which it changed hands.
    pub day: Day,
    /// The verdict.
    pub verdict: Verdict,
    /// The names of its lines, where they have any.
    pub goods: Vec<String>,
}

/// What orders came to under a pack, as lines: what does not pass, and how many of each; or a JSON object for each order.
#[must_use]
pub fn lines(pack: &Pack, found: &[Judged], as_json: bool) -> Vec<String> {
    if as_json {
        let object = |one: &Judged| {
            let judged = verdict::write(&one.verdict, &one.goods);
            serde_json::json!({"id": one.id, "day": one.day.to_string(), "judged": judged})
        };
        return found.iter().map(|one| object(one).to_string()).collect();
    }
    let mut lines = Vec::new();
    for one in found {
        let findings = one.verdict.findings.iter();
        for finding in findings.filter(|finding| finding.outcome != Outcome::Pass) {
            lines.push(format!(
                "{} of {}: {}: {}, {}: {} ({})",
                one.id,
                one.day,
                verdict::word(finding.outcome),
                finding.limit,
                finding.bucket,
                verdict::why(finding, &one.goods),
                finding.source
            ));
        }
    }
    let count = |outcome| {
        let same = found.iter().filter(|one| one.verdict.outcome == outcome);
        same.count()
    };
    if count(Outcome::Unknown) > 0 {
        lines.push(UNKNOWN.to_owned());
    }
    lines.push(format!(
        "{} orders: {} pass, {} fail, {} unknown; by {} {}, sha256 {}",
        found.len(),
        count(Outcome::Pass),
        count(Outcome::Fail),
        count(Outcome::Unknown),
        pack.id,
        pack.version,
        pack.hash
    ));
    lines
}
