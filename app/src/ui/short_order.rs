//! An order of which something cannot be had: what is missing, and going on without it, or with something else, once the
//! customer was asked.
//!
//! In: an order, how its customer was asked. Out: the customer's word, through `agree::decide` and `swap::decide`. Must
//! not: offer an order of nothing or what the shop does not swap, or speak for the customer.

use domain::custody::Situation;
use domain::custody::agree::{self, Asked, WhyNot, left_of, why_not, without};
use domain::custody::swap::{self, Candidate, candidates, lacking, to_ask};
use domain::custody::tell;
use domain::id::{ItemId, OrderId};
use domain::ledger::Ledger;
use domain::order::{Line, Order};
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::scan;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, pressed_one};
use crate::ui::words::{Msg, queue};

/// How customers are asked, with what is recorded.
const WAYS: [(Msg, Icon, Asked); 3] = [
    (Msg::AskedByPhone, Icon::Phone, Asked::ByPhone),
    (Msg::AskedByMessage, Icon::MessageSquare, Asked::ByMessage),
    (Msg::AskedInPerson, Icon::User, Asked::InPerson),
];

/// What an order lacks.
#[derive(Clone, PartialEq, Eq)]
struct Lacks {
    code: String,
    /// Units and product of each line that lacks some, and why.
    lines: Vec<(u32, String, WhyNot)>,
    /// Units left without them.
    left: u32,
    /// What the shop lets stand in.
    swaps: Vec<Swap>,
    /// The customer can do without it.
    can_go: bool,
}

/// Why something cannot be had, in words.
pub(super) fn why_word(why: WhyNot) -> Msg {
    match why {
        WhyNot::OnHold => Msg::OnHoldNow,
        WhyNot::NotTested => Msg::NotTestedNow,
        WhyNot::Expired => Msg::ExpiredNow,
        WhyNot::Missed => Msg::MissedNow,
        WhyNot::Promised => Msg::PromisedNow,
        WhyNot::NoneLeft => Msg::NoneLeftNow,
    }
}

/// Units of another product for those of a line.
#[derive(Clone, PartialEq, Eq)]
struct Swap {
    line: u16,
    item: ItemId,
    name: String,
    units: u32,
    cents: i64,
}

/// Products offered for a line at most.
const OFFERED: usize = 4;

fn swaps(ledger: &Ledger, order: &Order) -> Vec<Swap> {
    let today = device().situation().map(|situation| situation.today);
    let Some(today) = today else {
        return Vec::new();
    };
    let of_line = |line: &Line| {
        let found = candidates(ledger, order, line, today)
            .into_iter()
            .take(OFFERED);
        let swap = |one: Candidate<'_>| Swap {
            line: line.number,
            item: one.item.id,
            name: one.item.name.clone(),
            units: lacking(line).min(one.free),
            cents: one.unit_price_cents,
        };
        found.map(swap).collect::<Vec<_>>()
    };
    let short = order.lines.iter().filter(|line| lacking(line) > 0);
    short.flat_map(of_line).collect()
}

fn lacks(order: OrderId) -> Option<Lacks> {
    device().ledger(|ledger| {
        let order = ledger.orders.get(&order)?;
        let today = device().situation().map(|situation| situation.today);
        let short = order.lines.iter().filter(|line| lacking(line) > 0);
        let name = |item| ledger.items.get(item).map(|item| item.name.clone());
        let why = |line| why_not(ledger, line, device().today());
        let lines = short
            .map(|line| {
                let name = name(&line.item).unwrap_or_default();
                (lacking(line), name, why(line))
            })
            .collect();
        Some(Lacks {
            code: order.code.clone(),
            lines,
            left: left_of(order),
            swaps: swaps(ledger, order),
            can_go: today.is_some_and(|today| !without(ledger, order, today).is_empty()),
        })
    })
}

/// What a customer's word comes to.
type Decide = Box<dyn FnOnce(&Ledger, &Situation, OrderId, Asked) -> Verdict>;

/// Keeps the customer's word and shows what came of it; what front of house was told is answered by it.
async fn keep(
    decide: Decide,
    order: OrderId,
    how: Asked,
    answer: Option<RwSignal<Option<String>>>,
) {
    let act = device().act(None, |ledger, situation| {
        decide(ledger, situation, order, how)
    });
    let outcome = act.await;
    let is_saved = matches!(outcome, Outcome::Saved(_));
    match answer {
        Some(answer) => answer.set(Some(band::said(&outcome))),
        None => scan::shown(order, outcome),
    }
    if is_saved {
        let answered = device().act(None, |ledger, situation| {
            tell::decide_answered(ledger, situation, order)
        });
        answered.await;
    }
}

/// What a line lacks, and why.
fn missing_line((units, item, why): (u32, String, WhyNot)) -> impl IntoView {
    view! {
        <li>
            <b>{units}" × "{item}</b>
            <span class="soft">" · "{move || why_word(why).say(lang())}</span>
        </li>
    }
}

/// The sheet over a list or a task, which `back` names; `open` says for which order. `answer` gets what came of it; without
/// one the band shows it.
#[component]
pub(super) fn ShortOrder(
    open: RwSignal<Option<OrderId>>,
    #[prop(optional)] answer: Option<RwSignal<Option<String>>>,
    back: Msg,
) -> impl IntoView {
    let asked = RwSignal::new(None::<usize>);
    let facts = Memo::new(move |_| lacks(open.get()?).filter(|lacks| !lacks.lines.is_empty()));
    let close = move || {
        open.set(None);
        asked.set(None);
    };
    // The customer's word, in the way they were asked.
    let customer_said = move |decide: Decide| {
        let how = asked.get_untracked().and_then(|index| WAYS.get(index));
        let (Some(order), Some((_, _, how))) = (open.get_untracked(), how) else {
            return;
        };
        close();
        spawn_local(keep(decide, order, *how, answer));
    };
    let agree = move || customer_said(Box::new(agree::decide));
    let give = move |one: Swap| {
        customer_said(Box::new(move |ledger, situation, order, how| {
            swap::decide(ledger, situation, order, (one.line, one.item), how)
        }));
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        let Lacks {
            code,
            lines,
            left,
            swaps,
            can_go,
        } = facts.get()?;
        let lines = lines.into_iter().map(missing_line).collect_view();
        let may_ask = (left > 0 && can_go) || !swaps.is_empty();
        let goes_on = may_ask.then(|| view! { <Ways asked/> });
        let rest = move || match left {
            0 => Msg::NothingLeftOnIt.say(lang()).to_owned(),
            _ => queue::left_without(lang(), left),
        };
        let instead = offers(swaps, asked, give);
        let press = (left > 0 && can_go).then(|| {
            let disabled = Signal::derive(move || asked.get().is_none());
            view! { <Button word=text(Msg::SendWithoutIt) primary=true disabled act=agree/> }
        });
        Some(view! {
            <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="lacks-title" data-short="">
                <header class="sheet-head">
                    <h2 id="lacks-title">{move || queue::what_is_missing(lang(), &code)}</h2>
                </header>
                <div class="sheet-body" data-single=(!may_ask).then_some("")>
                    <div class="lacks">
                        <ul>{lines}</ul>
                        <p>{rest}</p>
                    </div>
                    {goes_on}
                    {instead}
                </div>
                <footer class="dock">
                    <Button word=text(back) act=close/>
                    {press}
                </footer>
            </section>
        })
    }
}

/// What may stand in, a button each; nothing happens before the customer was asked.
fn offers(
    swaps: Vec<Swap>,
    asked: RwSignal<Option<usize>>,
    give: impl Fn(Swap) + Copy + 'static,
) -> Option<impl IntoView> {
    let button = move |one: Swap| {
        let cents = one.cents.rem_euclid(100);
        let price = format!("{}.{cents:02}", one.cents.div_euclid(100));
        let (units, name) = (one.units, one.name.clone());
        let word = Signal::derive(move || queue::give_instead(lang(), units, &name, &price));
        let disabled = Signal::derive(move || asked.get().is_none());
        view! { <Button word disabled act=move || give(one.clone())/> }
    };
    (!swaps.is_empty()).then(|| {
        view! {
            <div class="instead" data-swaps="">
                <h3>{move || Msg::TakesInstead.say(lang())}</h3>
                {swaps.into_iter().map(button).collect_view()}
            </div>
        }
    })
}

/// How the customer was asked.
#[component]
fn Ways(asked: RwSignal<Option<usize>>) -> impl IntoView {
    let words = WAYS.iter().map(|(word, icon, _)| (*word, *icon));
    let ways = pressed_one(
        words,
        move || asked.get(),
        move |index| asked.set(Some(index)),
    );
    view! {
        <div>
            <h3 id="asked">{move || Msg::AskCustomerFirst.say(lang())}</h3>
            <div class="kinds" data-three="" role="group" aria-labelledby="asked">{ways}</div>
        </div>
    }
}

/// What the orders in hand lack for good, with a way to the customer's word. Work goes on meanwhile.
#[component]
pub(super) fn CannotBeHad(
    orders: Signal<Vec<OrderId>>,
    lacking: RwSignal<Option<OrderId>>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let orders = orders.get();
        device().ledger(|ledger| rows_of(ledger, &orders))
    });
    let row = move |(order, code, units, item): (OrderId, String, u32, String)| {
        let word = Signal::derive(|| Msg::WhatToDo.say(lang()).to_owned());
        let to_ask = code.clone();
        view! {
            <div class="notice" data-tone="attend" data-to-ask=to_ask>
                <Glyph icon=Icon::PackageX/>
                <span class="grow">{move || queue::cannot_be_had(lang(), &code, units, &item)}</span>
                <Button word act=move || lacking.set(Some(order))/>
            </div>
        }
    };
    move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(row).collect_view();
            view! { <div class="notices">{rows}</div> }
        })
    }
}

/// Order, code, units and product of each line whose customer has to be asked.
fn rows_of(ledger: &Ledger, orders: &[OrderId]) -> Vec<(OrderId, String, u32, String)> {
    let Some(situation) = device().situation() else {
        return Vec::new();
    };
    let known = orders.iter().filter_map(|order| ledger.orders.get(order));
    let lines = known.flat_map(|order| {
        let lines = to_ask(ledger, order, situation.today);
        lines.map(move |line| (order, line))
    });
    let row = |(order, line): (&Order, &Line)| {
        let item = ledger.items.get(&line.item);
        let name = item.map(|item| item.name.clone()).unwrap_or_default();
        (order.id, order.code.clone(), lacking(line), name)
    };
    lines.map(row).collect()
}
