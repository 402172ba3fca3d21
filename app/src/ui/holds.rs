//! What the shop holds or recalls: what, why, since when, and the orders that have some of it.
//!
//! In: the ledger's holds. Out: holds and releases, through `hold::decide`. Must not: move a unit; or hide an order that has
//! some, also one whose bag has left.

use domain::custody::hold::{self, Held, Hold, HoldReason, Taken, holds, taken};
use domain::facility::Right;
use domain::id::EventId;
use domain::ledger::Ledger;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::halted::NotFound;
use crate::ui::holds::begin::Begin;
use crate::ui::icons::Icon;
use crate::ui::orders::Desk;
use crate::ui::parts::{Button, status_word};
use crate::ui::settle::{name_of, when};
use crate::ui::words::{Lang, Msg, hold as words, queue};

/// Putting something on hold.
mod begin;

fn text(msg: Msg) -> Signal<String> {
    Signal::derive(move || msg.say(lang()).to_owned())
}

fn may(right: Right) -> bool {
    device().actor().is_some_and(|actor| actor.role.may(right))
}

/// What is held, as people say it.
pub(super) fn held_word(lang: Lang, ledger: &Ledger, what: &Held) -> String {
    match what {
        Held::Package(tag) => {
            let item = ledger.item_of(tag).map(|item| item.name.clone());
            words::package_of(lang, tag.tail(), item.unwrap_or_default())
        }
        Held::Batch(batch) => words::batch_of(lang, batch),
        Held::Product(item) => {
            let item = ledger.items.get(item).map(|item| item.name.clone());
            words::product_of(lang, item.unwrap_or_default())
        }
    }
}

fn reason_word(reason: HoldReason) -> Msg {
    match reason {
        HoldReason::Recall => Msg::ReasonRecall,
        HoldReason::Laboratory => Msg::ReasonLaboratory,
        HoldReason::Quality => Msg::ReasonQuality,
        HoldReason::Labelling => Msg::ReasonLabelling,
        HoldReason::Investigation => Msg::ReasonInvestigation,
        HoldReason::Other => Msg::ReasonOtherHold,
        HoldReason::Newer(_) => Msg::ReasonNewerHold,
    }
}

fn covered(ledger: &Ledger, what: &Held) -> u32 {
    let packages = ledger.packages.values();
    let count = packages.filter(|package| what.covers(package)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The page, with all holds or with the one that the address names.
#[component]
pub(super) fn Holds() -> impl IntoView {
    scan::expect(Step::Anything);
    if !may(Right::ReadChain) {
        return view! { <NotFound/> }.into_any();
    }
    let params = use_params_map();
    let named = Memo::new(move |_| {
        params
            .get()
            .get("event")
            .map(|text| EventId::parse(&text).ok())
    });
    let all = Memo::new(|_| device().ledger(|ledger| holds(ledger).to_vec()));
    let shown = move || {
        let mut shown = all.get();
        if let Some(named) = named.get() {
            shown.retain(|hold| Some(hold.event) == named);
        }
        shown.reverse();
        shown
    };
    let said = RwSignal::new(String::new());
    let none = move || match named.get() {
        Some(_) => view! { <h2>{Msg::NoSuchHold.say(lang())}</h2> }.into_any(),
        None => view! {
            <h2>{Msg::NoHolds.say(lang())}</h2>
            <p>{Msg::NoHoldsWhy.say(lang())}</p>
        }
        .into_any(),
    };
    view! {
        <Desk title=text(Msg::HoldsPage)>
            <main class="page-main" data-holds="" tabindex="0">
                {may(Right::Hold).then(|| view! { <Begin said/> })}
                <p class="saved" role="status">{said}</p>
                <Show when=move || !shown().is_empty() fallback=move || view! { <div class="empty">{none}</div> }>
                    <ul class="holds">
                        <For each=shown key=|hold| hold.event let:hold><One hold said/></For>
                    </ul>
                </Show>
            </main>
        </Desk>
    }
    .into_any()
}

#[component]
fn One(hold: Hold, said: RwSignal<String>) -> impl IntoView {
    let (event, reason, note) = (hold.event, hold.reason, hold.note.clone());
    let what = hold.what.clone();
    let title = move || device().ledger(|ledger| held_word(lang(), ledger, &what));
    let what = hold.what.clone();
    let packages = move || {
        let count = device().ledger(|ledger| covered(ledger, &what));
        words::packages_held(lang(), count)
    };
    let who = move || {
        let name = device().ledger(|ledger| name_of(ledger, hold.actor));
        words::held_by(lang(), name, when(lang(), event))
    };
    view! {
        <li class="card" data-hold=event.to_string()>
            <h2><A href=format!("/holds/{event}")>{title}</A></h2>
            <p>
                <b>{move || reason_word(reason).say(lang())}</b>" · "{packages}" · "{who}
            </p>
            {note.map(|note| view! { <p class="soft">{note}</p> })}
            <Orders what=hold.what.clone()/>
            {may(Right::ReleaseHold).then(|| view! { <LetGo event said/> })}
        </li>
    }
}

/// The orders that have some of it.
#[component]
fn Orders(what: Held) -> impl IntoView {
    let has = Memo::new(move |_| {
        device().ledger(|ledger| {
            let row = |taken: Taken| {
                let order = ledger.orders.get(&taken.order)?;
                Some((
                    order.id,
                    order.code.clone(),
                    order.status,
                    taken.units,
                    taken.is_gone,
                ))
            };
            let all = taken(ledger, &what).into_iter();
            all.filter_map(row).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let rows = has.get().into_iter();
        rows.map(|(id, code, status, units, is_gone)| {
            let word = move || match is_gone {
                true => Msg::WithTheCustomer.say(lang()),
                false => status_word(status).say(lang()),
            };
            let name = code.clone();
            view! {
                <li data-code=name>
                    <A href=format!("/orders/{id}")><b class="code">{code.clone()}</b></A>
                    <span>{move || queue::units(lang(), units)}</span>
                    <span class="chip" data-tone=is_gone.then_some("attend")>{word}</span>
                </li>
            }
        })
        .collect_view()
    };
    view! {
        <Show
            when=move || !has.with(Vec::is_empty)
            fallback=|| view! { <p class="soft">{move || Msg::NobodyHasSome.say(lang())}</p> }
        >
            <h3>{move || Msg::OrdersHaveSome.say(lang())}</h3>
            <ul class="holds-orders">{rows}</ul>
        </Show>
    }
}

#[component]
fn LetGo(event: EventId, said: RwSignal<String>) -> impl IntoView {
    let (open, note) = (RwSignal::new(false), RwSignal::new(String::new()));
    let confirm = move || {
        let text = note.get_untracked();
        open.set(false);
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    hold::decide_release(ledger, situation, event, &text)
                })
                .await;
            said.set(band::said(&outcome));
        });
    };
    move || {
        match open.get() {
        false => view! { <Button icon=Icon::Check word=text(Msg::Release) act=move || open.set(true)/> }
            .into_any(),
        true => view! {
            <label class="field">
                {move || Msg::ReleaseWhy.say(lang())}
                <input autocomplete="off" prop:value=note on:input=move |event| note.set(event_target_value(&event))/>
            </label>
            <div class="page-acts">
                <Button icon=Icon::Check word=text(Msg::Release) primary=true act=confirm/>
                <Button word=text(Msg::Cancel) act=move || open.set(false)/>
            </div>
        }
        .into_any(),
    }
    }
}
