//! What waits for a decision: acts that broke a rule, those that hold up a bag first, then what has to be
//! counted, and what was passed over.
//!
//! In: the ledger's exceptions. Out: two lists, and the one that was chosen. Must not: hide one that is open to
//! somebody's decision, or what only the record has.

use domain::custody::exception::{Exception, Resolver, Rule, resolver};
use domain::id::{EventId, OrderId};
use domain::ledger::Ledger;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::orders::Desk;
use crate::ui::passed_over::PassedOver;
use crate::ui::recount::ToCount;
use crate::ui::settle::{Detail, decided_word, name_of, rule_word, when};
use crate::ui::words::{Lang, Msg, settle};

/// Settled exceptions, and those that are for the record only, listed at most, the latest first.
const FOLDED_SHOWN_MAX: usize = 100;

/// Whether somebody, or the server, still has to settle it.
fn is_open(one: &Exception) -> bool {
    !one.resolved && resolver(one.rule) != Resolver::Nobody
}

/// The page.
#[component]
pub(super) fn Exceptions() -> impl IntoView {
    scan::expect(Step::Anything);
    let params = use_params_map();
    let chosen = Memo::new(move |_| {
        params
            .get()
            .get("number")
            .map(|text| text.parse::<u64>().ok())
    });
    let mine = RwSignal::new(None::<u64>);
    let place = NodeRef::<leptos::html::Section>::new();
    // Whoever opens one from the list goes on reading there, also without seeing the screen.
    Effect::new(move |_| {
        if let (Some(_), Some(section)) = (chosen.get(), place.get()) {
            let _unfocused = section.focus();
        }
    });
    let title = Signal::derive(|| Msg::NeedsYou.say(lang()).to_owned());
    let detail = move || match chosen.get() {
        Some(number) => view! { <Detail number=number.unwrap_or(u64::MAX) mine/> }.into_any(),
        None => view! {
            <div class="empty">
                <h2>{move || Msg::ChooseOne.say(lang())}</h2>
                <p>{move || Msg::ChooseOneWhy.say(lang())}</p>
            </div>
        }
        .into_any(),
    };
    view! {
        <Desk title>
            <main class="page-main split" data-open=move || chosen.get().map(|_| "")>
                <section class="inbox" tabindex="0" aria-label=move || Msg::NeedsYou.say(lang())>
                    <Lists/>
                </section>
                <section node_ref=place class="detail" tabindex="0" aria-label=move || Msg::WhatIsDecided.say(lang())>
                    {detail}
                </section>
            </main>
        </Desk>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let of = |fits: fn(&Exception) -> bool| {
        Memo::new(move |_| {
            device().ledger(|ledger| {
                let all = ledger.exceptions.values();
                all.filter(|one| fits(one)).cloned().collect::<Vec<_>>()
            })
        })
    };
    let blocking = of(|one| is_open(one) && one.blocks_hand_off());
    let other = of(|one| is_open(one) && !one.blocks_hand_off());
    let settled = of(|one| one.resolved);
    let record = of(|one| !one.resolved && resolver(one.rule) == Resolver::Nobody);
    let nothing = move || blocking.with(Vec::is_empty) && other.with(Vec::is_empty);
    view! {
        <Show when=nothing>
            <div class="empty">
                <h2>{move || Msg::NothingToSettle.say(lang())}</h2>
                <p>{move || Msg::NothingToSettleWhy.say(lang())}</p>
            </div>
        </Show>
        <Rows head=Msg::HoldsABag rows=Signal::derive(move || blocking.get())/>
        <Rows head=Msg::HoldsNoBag rows=Signal::derive(move || other.get())/>
        <ToCount/>
        <PassedOver/>
        <Folded name="record" head=settle::recorded_n rows=record/>
        <Folded name="settled" head=settle::settled_n rows=settled/>
    }
}

/// Exceptions nobody has to do anything about, the latest first.
#[component]
fn Folded(
    name: &'static str,
    head: fn(Lang, usize) -> String,
    rows: Memo<Vec<Exception>>,
) -> impl IntoView {
    let latest = move || {
        let mut rows = rows.get();
        rows.sort_by_key(|one| {
            let done = one.resolution.map(|done| done.position);
            core::cmp::Reverse(done.unwrap_or(one.position))
        });
        rows.truncate(FOLDED_SHOWN_MAX);
        rows
    };
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
            <details class="folded" data-folded=name>
                <summary>{move || head(lang(), rows.with(Vec::len))}</summary>
                <ul>
                    <For each=latest key=|one| one.number let:one><Row one/></For>
                </ul>
            </details>
        </Show>
    }
}

#[component]
fn Rows(head: Msg, rows: Signal<Vec<Exception>>) -> impl IntoView {
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
            <h2>{move || head.say(lang())}</h2>
            <ul>
                <For each=move || rows.get() key=|one| one.number let:one><Row one/></For>
            </ul>
        </Show>
    }
}

#[component]
fn Row(one: Exception) -> impl IntoView {
    let (icon, tone) = if one.resolved || resolver(one.rule) == Resolver::Nobody {
        (Icon::Check, "plain")
    } else if one.blocks_hand_off() {
        (Icon::OctagonAlert, "refuse")
    } else {
        (Icon::TriangleAlert, "attend")
    };
    let (rule, number) = (one.rule, one.number);
    let facts = move || device().ledger(|ledger| facts(lang(), ledger, &one));
    view! {
        <li data-rule=rule.code()>
            <A href=format!("/exceptions/{number}")>
                <span class="inbox-sign" data-tone=tone><Glyph icon/></span>
                <span class="inbox-what">
                    <b>{move || rule_word(rule).say(lang())}</b>
                    <span>{facts}</span>
                </span>
                <span class="inbox-due code">{rule.code()}</span>
            </A>
        </li>
    }
}

/// Who, for which order, with which package, when; once it is settled, what was decided, by whom, when.
fn facts(lang: Lang, ledger: &Ledger, one: &Exception) -> String {
    let order = one.order.and_then(|order| ledger.orders.get(&order));
    let code = order.map(|order| order.code.clone());
    let tail = one.tag.as_ref().map(|tag| format!("…{}", tag.tail()));
    let parts = match one.resolution {
        Some(done) => [
            decided_word(one).map(|word| word.say(lang).to_owned()),
            Some(name_of(ledger, done.actor)),
            code,
            Some(when(lang, done.event)),
        ],
        None => [
            Some(name_of(ledger, one.actor)),
            code,
            tail,
            Some(when(lang, one.event)),
        ],
    };
    let said: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    said.join(" · ")
}

/// On an order's own page: what of it waits for a decision.
#[component]
pub(super) fn OfOrder(order: OrderId) -> impl IntoView {
    let open = Memo::new(move |_| {
        device().ledger(|ledger| {
            let Some(order) = ledger.orders.get(&order) else {
                return Vec::new();
            };
            let all = ledger.exceptions.values();
            all.filter(|one| is_open(one) && one.concerns(ledger, order))
                .map(|one| (one.number, one.rule, one.blocks_hand_off()))
                .collect::<Vec<_>>()
        })
    });
    let link = |(number, rule, blocks): (u64, Rule, bool)| {
        view! {
            <p class="notice" data-tone=blocks.then_some("attend")>
                <Glyph icon=Icon::TriangleAlert/>
                <A href=format!("/exceptions/{number}")>
                    {move || format!("{} · {}", rule.code(), rule_word(rule).say(lang()))}
                </A>
            </p>
        }
    };
    move || open.get().into_iter().map(link).collect_view()
}

/// Beside an act of the chain: the ways to what it opened or settled.
#[component]
pub(super) fn OfEvent(event: EventId) -> impl IntoView {
    let numbers = device().ledger_now(|ledger| {
        let about = |one: &&Exception| {
            let settled_by = one.resolution.map(|done| done.event);
            let is_listed = resolver(one.rule) != Resolver::Nobody;
            is_listed && (one.event == event || settled_by == Some(event))
        };
        let all = ledger.exceptions.values().filter(about);
        all.map(|one| (one.number, one.rule)).collect::<Vec<_>>()
    });
    numbers
        .into_iter()
        .map(|(number, rule)| {
            view! {
                <A href=format!("/exceptions/{number}") attr:class="evidence-rule">
                    {move || format!("{} · {}", rule.code(), rule_word(rule).say(lang()))}
                </A>
            }
        })
        .collect_view()
}
