//! What one person may buy, on the bench and at the counter: how much of each limit is used, and the list every bag passes.
//!
//! In: an order, what purchase limits say of it. Out: a row for each limit that matters, in shape, colour and words; the
//! unit to take off. Must not: decide, or show what is not known as good.

use domain::custody::gate::{self, Check};
use domain::custody::limit::{self, CameTo, Judged, Judgement};
use domain::custody::{Situation, take_off};
use domain::event::Body;
use domain::id::{ItemId, OrderId};
use domain::identity::Shown;
use domain::ledger::Ledger;
use domain::limits::tally::Gap;
use domain::limits::{Customer, Finding, Outcome, Why};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::words::{Lang, Msg, limits};

/// Digits of a hash that tell two packs apart at a glance.
const HASH_DIGITS: usize = 8;

/// What is in the tote of an order, as limits see it.
#[derive(Clone, PartialEq)]
struct Stand {
    judgement: Option<Judgement>,
    rows: Vec<Row>,
    checks: Vec<Check>,
    off: Option<Off>,
}

/// A limit and its words.
#[derive(Clone, PartialEq)]
struct Row {
    finding: Finding,
    product: String,
}

/// The unit that has to come off, and where it goes.
#[derive(Clone, PartialEq)]
struct Off {
    pick: domain::id::EventId,
    product: String,
    slot: String,
}

fn stand(ledger: &Ledger, situation: &Situation, order: OrderId) -> Option<Stand> {
    let order = ledger.orders.get(&order)?;
    let judgement = limit::picked(ledger, situation, order, Customer::default());
    let checks = gate::check(ledger, order, situation.today, judgement.as_ref(), None);
    let off = limit::to_take_off(ledger, situation, order).and_then(|event| {
        let pick = order.picks.iter().find(|pick| pick.event == event)?;
        let item = ledger.item_of(&pick.tag);
        Some(Off {
            pick: event,
            product: item.map_or_else(String::new, |item| item.name.clone()),
            slot: pick.from.to_string(),
        })
    });
    let rows = judgement
        .as_ref()
        .map_or_else(Vec::new, |judgement| rows(ledger, judgement));
    Some(Stand {
        judgement,
        rows,
        checks,
        off,
    })
}

/// The limits the order has to do with, and whatever does not pass.
fn rows(ledger: &Ledger, judgement: &Judgement) -> Vec<Row> {
    let findings = judgement.verdict.iter().flat_map(|one| &one.findings);
    let matters = |finding: &&Finding| finding.used > 0 || finding.outcome != Outcome::Pass;
    let name = |item: &ItemId| ledger.items.get(item).map(|item| item.name.clone());
    let row = |finding: &Finding| {
        let line = match &finding.why {
            Why::Gap(Gap::Figure(spot, _) | Gap::Equivalence(spot)) => {
                spot.visit.is_none().then_some(spot.line)
            }
            _ => None,
        };
        let product = line.and_then(|line| name(judgement.products.get(line)?));
        Row {
            finding: finding.clone(),
            product: product.unwrap_or_else(|| class_of(finding)),
        }
    };
    findings.filter(matters).map(row).collect()
}

fn class_of(finding: &Finding) -> String {
    match &finding.why {
        Why::ClassNotListed(class) => class.clone(),
        _ => "?".to_owned(),
    }
}

/// The mark of a limit: its tone, its shape, its word.
fn mark(finding: &Finding) -> (&'static str, Icon, Msg) {
    match finding.outcome {
        Outcome::Fail => ("refuse", Icon::Close, Msg::OverTheLimit),
        Outcome::Unknown => ("attend", Icon::TriangleAlert, Msg::NotKnown),
        Outcome::Pass if is_near(finding) => ("attend", Icon::TriangleAlert, Msg::NearTheLimit),
        Outcome::Pass => ("accept", Icon::Check, Msg::Within),
    }
}

/// Less than a tenth is left.
fn is_near(finding: &Finding) -> bool {
    let (Some(max), Some(margin)) = (finding.max, finding.margin) else {
        return false;
    };
    finding.used > 0 && margin.saturating_mul(10) < i128::from(max)
}

/// Why, in a line.
fn why(lang: Lang, row: &Row) -> String {
    let Row { finding, product } = row;
    let amount = |figure: u128| limits::amount(finding.measure, figure);
    let margin = finding.margin.unwrap_or(0);
    let max = u128::from(finding.max.unwrap_or(0));
    match &finding.why {
        Why::Within => limits::left(lang, amount(margin.unsigned_abs())),
        Why::Over | Why::OverSum => limits::over_by(lang, amount(margin.unsigned_abs())),
        Why::Taxed => Msg::Taxed.say(lang).to_owned(),
        Why::OverUnconfirmed => Msg::Unconfirmed.say(lang).to_owned(),
        Why::Gap(Gap::Figure(_, figure)) => {
            limits::figure_missing(lang, product, limits::figure(lang, *figure))
        }
        Why::Gap(Gap::Equivalence(_)) | Why::ClassNotListed(_) => {
            limits::not_counted(lang, product)
        }
        Why::NoLimit => Msg::NoLimitToday.say(lang).to_owned(),
        Why::CustomerNotKnown => Msg::DependsOnCustomer.say(lang).to_owned(),
        Why::HistoryNotKnown => Msg::HistoryNotKnown.say(lang).to_owned(),
        Why::HistoryOld(_) => Msg::HistoryOld.say(lang).to_owned(),
        Why::TooYoung => Msg::TooYoungToBuy.say(lang).to_owned(),
        Why::CardHolder => Msg::CardHolder.say(lang).to_owned(),
        Why::CardNotKnown => Msg::CardNotKnown.say(lang).to_owned(),
        Why::UnitOver => limits::one_unit_over(lang, amount(finding.used), amount(max)),
        Why::TooFine => Msg::TooFine.say(lang).to_owned(),
    }
}

/// What a refusal says of the limit an order is over.
pub(super) fn over(lang: Lang, finding: &Finding) -> String {
    let amount = |figure: u128| limits::amount(finding.measure, figure);
    let over = finding.margin.unwrap_or(0).unsigned_abs();
    let max = finding
        .max
        .map_or_else(|| "?".to_owned(), |max| amount(max.into()));
    let what = limits::bucket(lang, &finding.bucket);
    let said = limits::over_what(lang, what, amount(finding.used), max, amount(over));
    format!("{said} {}", limits::says(lang, &finding.source))
}

/// The limits of the order on the bench, and the list.
#[component]
pub(super) fn Limits(id: OrderId) -> impl IntoView {
    let found = Memo::new(move |_| {
        let situation = device().situation()?;
        device().ledger(|ledger| stand(ledger, &situation, id))
    });
    move || {
        let Stand {
            judgement,
            rows,
            checks,
            off,
        } = found.get()?;
        let off = off.map(|off| view! { <TakeOff order=id off/> });
        Some(view! {
            <section class="limits" data-limits="">
                <h2>{move || Msg::WhatOneMayBuy.say(lang())}</h2>
                <Rows judgement rows/>
                {off}
                <h2>{move || Msg::BeforeItLeaves.say(lang())}</h2>
                <Gate checks/>
            </section>
        })
    }
}

#[component]
fn Rows(judgement: Option<Judgement>, rows: Vec<Row>) -> impl IntoView {
    let plain = match &judgement {
        None => Some(Msg::NoLimitsHere),
        Some(judgement) if judgement.verdict.is_none() => Some(Msg::RulesTooNew),
        Some(_) if rows.is_empty() => Some(Msg::NothingLimited),
        Some(_) => None,
    };
    let plain = plain.map(|msg| view! { <p>{move || msg.say(lang())}</p> });
    let has_rows = !rows.is_empty();
    let rows = rows.into_iter().map(limit_row).collect_view();
    let rows = has_rows.then(|| view! { <ul>{rows}</ul> });
    view! { {plain}{rows} }
}

fn limit_row(row: Row) -> impl IntoView {
    let (tone, icon, word) = mark(&row.finding);
    let bucket = row.finding.bucket.clone();
    let named = bucket.clone();
    let measure = row.finding.measure;
    let figures = {
        let used = limits::amount(measure, row.finding.used);
        let max = row.finding.max;
        move || max.map(|max| limits::used_of(lang(), &used, limits::amount(measure, max.into())))
    };
    let unconfirmed = row.finding.unconfirmed;
    let stricter = move || {
        unconfirmed
            .map(|figure| limits::stricter(lang(), limits::amount(measure, figure.into())))
            .map(|text| view! { <small>{text}</small> })
    };
    let source = row.finding.source.clone();
    view! {
        <li data-tone=tone data-bucket=bucket>
            <span class="mark" data-tone=tone><Glyph icon/></span>
            <span class="grow">
                <b>{move || limits::bucket(lang(), &named)}</b>
                <span>{move || word.say(lang())}" · "{move || why(lang(), &row)}</span>
                {stricter}
                <small>{source}</small>
            </span>
            <b class="limits-figures">{figures}</b>
        </li>
    }
}

/// The list, an answer a line.
#[component]
fn Gate(checks: Vec<Check>) -> impl IntoView {
    let row = |check: Check| {
        let (tone, icon, answer) = match check.outcome {
            Outcome::Pass => ("accept", Icon::Check, Msg::GateYes),
            Outcome::Fail => ("refuse", Icon::Close, Msg::GateNo),
            Outcome::Unknown => ("wait", Icon::Minus, Msg::GateOpen),
        };
        let shown_tone = (tone != "wait").then_some(tone);
        let tag = check.tag.map(|tag| format!(" …{}", tag.tail()));
        let item = limits::item(check.item);
        view! {
            <li data-tone=tone data-gate=format!("{:?}", check.item)>
                <span class="mark" data-tone=shown_tone><Glyph icon/></span>
                <span class="grow">{move || item.say(lang())}{tag}</span>
                <span>{move || answer.say(lang())}</span>
            </li>
        }
    };
    view! { <ul class="gate">{checks.into_iter().map(row).collect_view()}</ul> }
}

/// What one may buy, with how much is left, and the list at the counter, for whoever showed this document.
#[component]
pub(super) fn GateFor(id: OrderId, shown: Shown, card: RwSignal<bool>) -> impl IntoView {
    let checks = Memo::new(move |_| {
        let situation = device().situation()?;
        let shown = Shown {
            patient_card: card.get(),
            ..shown.clone()
        };
        device().ledger(|ledger| {
            let order = ledger.orders.get(&id)?;
            let found = domain::custody::hand_off::limits(ledger, &situation, order, Some(&shown));
            let checks = gate::check(ledger, order, situation.today, found.as_ref(), Some(&shown));
            let rows = found
                .as_ref()
                .map_or_else(Vec::new, |found| rows(ledger, found));
            Some((found, rows, checks))
        })
    });
    move || {
        let (judgement, rows, checks) = checks.get()?;
        Some(view! {
            <section class="limits" data-limits="">
                <h2>{move || Msg::WhatOneMayBuy.say(lang())}</h2>
                <Rows judgement rows/>
                <h2>{move || Msg::BeforeItLeaves.say(lang())}</h2>
                <Gate checks/>
            </section>
        })
    }
}

/// One unit comes off: which, where it goes, and the button.
#[component]
fn TakeOff(order: OrderId, off: Off) -> impl IntoView {
    let Off {
        pick,
        product,
        slot,
    } = off;
    let take = move || {
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    take_off::decide(ledger, situation, order, pick)
                })
                .await;
            scan::shown(order, outcome);
        });
    };
    let word = Signal::derive(|| Msg::TakeOneOff.say(lang()).to_owned());
    view! {
        <div class="limits-off">
            <p>{move || limits::taken_off(lang(), &product, &slot)}</p>
            <Button icon=Icon::Undo word act=take/>
        </div>
    }
}

/// What limits decided about a recorded act, for its chain of custody.
pub(super) fn decided(lang: Lang, body: &Body) -> Option<String> {
    let judged = judged_in(body)?;
    let came_to = match judged.came_to {
        CameTo::Within => Msg::Within,
        CameTo::Over => Msg::OverTheLimit,
        CameTo::Unknown if judged.by_hand == Some(true) => Msg::WorkedOut,
        CameTo::Unknown | CameTo::Newer(_) => Msg::NotKnown,
    };
    let pack: String = judged.pack.to_string().chars().take(HASH_DIGITS).collect();
    Some(limits::decided_by(lang, came_to.say(lang), pack))
}

fn judged_in(body: &Body) -> Option<Judged> {
    match body {
        Body::LinesAllocated(done) => done.judged,
        Body::PickVoided(done) => done.judged,
        Body::TicketRead(done) => done.judged,
        Body::UnitVerified(done) => done.judged,
        Body::OrderHandedOff(done) => done.judged,
        _ => None,
    }
}
