//! The orders to pick as rows: what is shown of each, and in which order.
//!
//! In: the ledger. Out: rows, what must be begun first first. Must not: rank by itself; the plan does.

use domain::custody::agree::{WhyNot, not_to_be_had, why_not};
use domain::id::{DeviceId, OrderId};
use domain::ledger::Ledger;
use domain::order::{Channel, Concern, Line, Order, Status};
use domain::plan::pace::Pace;
use domain::plan::rank::{Reason, Standing, queue};
use domain::plan::vault::map_of;

use crate::device::device;
use crate::ui::parts::minutes_until;
use crate::ui::short_order::why_word;
use crate::ui::words::{Lang, Msg, queue as words, time};

const MINUTE: i64 = 60_000;

/// What a row shows.
#[derive(Clone, PartialEq)]
pub(in crate::ui) struct RowFacts {
    pub(in crate::ui) id: OrderId,
    pub(in crate::ui) code: String,
    pub(in crate::ui) channel: Channel,
    pub(super) lines: u32,
    pub(super) units: u32,
    pub(super) status: Status,
    pub(super) holder: Option<String>,
    pub(super) ours: bool,
    /// What it lacks, and why.
    pub(super) short: Option<(String, WhyNot)>,
    /// It is more than its customer may buy.
    pub(super) over: bool,
    pub(in crate::ui) standing: Standing,
    /// What a search finds it by, in capitals.
    pub(super) found_by: String,
}

impl RowFacts {
    /// What keeps it from being picked as it was ordered; nothing of most orders.
    pub(super) fn hitch(&self, lang: Lang) -> Option<String> {
        let lacks =
            |(item, why): &(String, WhyNot)| format!("{item}: {}", why_word(*why).say(lang));
        let over = self.over.then(|| Msg::OverLimitNow.say(lang).to_owned());
        self.short.as_ref().map(lacks).or(over)
    }

    /// Expected minutes until it is packed.
    pub(super) fn minutes(&self) -> i64 {
        self.standing.work.saturating_add(MINUTE - 1) / MINUTE
    }

    /// Why it stands where it does, now.
    pub(super) fn reason(&self) -> Reason {
        self.standing.reason(device().now())
    }
}

/// Whether an order is still to be picked.
pub(in crate::ui) fn is_waiting(order: &&Order) -> bool {
    order.status < Status::Picked || order.status == Status::Short
}

/// All rows, in their order.
pub(in crate::ui) fn rows(ledger: &Ledger, own: Option<DeviceId>) -> Vec<RowFacts> {
    let waiting = ledger.orders.values().filter(is_waiting);
    let standing = queue(ledger, &map_of(ledger), waiting, &Pace::TYPICAL);
    let row = |standing: Standing| {
        let order = ledger.orders.get(&standing.order)?;
        Some(row(ledger, own, order, standing))
    };
    standing.into_iter().filter_map(row).collect()
}

fn row(ledger: &Ledger, own: Option<DeviceId>, order: &Order, standing: Standing) -> RowFacts {
    let claim = order.claim.as_ref();
    let name_of = |line: &Line| {
        let item = ledger.items.get(&line.item);
        item.map_or_else(String::new, |item| item.name.clone())
    };
    let lacks = |line: &&Line| not_to_be_had(line) > 0;
    let short = (order.status == Status::Short).then(|| {
        let line = order.lines.iter().find(lacks);
        line.map_or((String::new(), WhyNot::NoneLeft), |line| {
            let what = format!("{} × {}", not_to_be_had(line), name_of(line));
            (what, why_not(ledger, line, device().today()))
        })
    });
    let names = order.lines.iter().map(name_of);
    let found_by: Vec<String> = [order.code.clone(), order.external_id.clone()]
        .into_iter()
        .chain(names)
        .collect();
    RowFacts {
        id: order.id,
        code: order.code.clone(),
        channel: order.channel,
        lines: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
        units: order.units_due(),
        status: order.status,
        holder: claim
            .and_then(|claim| ledger.actors.get(&claim.actor))
            .map(|actor| actor.name.clone()),
        ours: claim.is_some_and(|claim| Some(claim.device) == own),
        short,
        over: order.concerns.contains(&Concern::OverLimit),
        standing,
        found_by: found_by.join("\n").to_uppercase(),
    }
}

/// The reason for a place, as short as it can be said.
pub(in crate::ui) fn reason_words(lang: Lang, reason: Reason) -> String {
    match reason {
        Reason::Due { at, .. } => words::promise_in(lang, time::length(lang, minutes_until(at))),
        Reason::Late { due, by } => match minutes_until(due) {
            // Not late yet, and no way not to be.
            0.. => words::will_be_late(
                lang,
                time::length(lang, by.saturating_add(MINUTE - 1) / MINUTE),
            ),
            passed => time::left(lang, passed),
        },
        Reason::Waiting { since } => words::waiting_for(
            lang,
            time::length(lang, minutes_until(since).saturating_neg()),
        ),
    }
}
