//! The evening: bags that nobody came for go back to the vault.
//!
//! In: the staged bags whose promise is over. Out: the list at the side of staging, and a screen on which each bag that is taken
//! is scanned. Must not: take a bag off the list before it was scanned.

use domain::custody::return_to_vault::overdue;
use domain::custody::sop::Task;
use domain::id::OrderId;
use domain::time::Millis;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Feedback, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Offers, Rail, Strip, minute};
use crate::ui::icons::Icon;
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::parts::{Button, go, minutes_since};
use crate::ui::sop::NextStep;
use crate::ui::words::{Msg, pack, time};

/// A bag nobody came for.
#[derive(Clone, PartialEq)]
struct Left {
    id: OrderId,
    code: String,
    slot: String,
    since: Option<Millis>,
}

fn left() -> Vec<Left> {
    minute().track();
    let now = device().now();
    device().ledger(|ledger| {
        let bags = overdue(ledger, now).into_iter();
        bags.map(|order| {
            let slot = order.slot.as_ref();
            let since = slot.and_then(|slot| ledger.slots.get(slot)?.since);
            Left {
                id: order.id,
                code: order.code.clone(),
                slot: slot.map(ToString::to_string).unwrap_or_default(),
                since,
            }
        })
        .collect()
    })
}

fn rows(bags: Vec<Left>, asks: bool) -> impl IntoView {
    let row = |bag: Left| {
        let since = bag.since;
        let note = move || {
            minute().track();
            let age = since.map(|since| time::age(lang(), minutes_since(since)));
            let said = Msg::NobodyCame.say(lang());
            age.map_or_else(|| said.to_owned(), |age| format!("{said}, {age}"))
        };
        view! {
            <li data-code=bag.code.clone()>
                <b>{format!("{} · {}", bag.code, bag.slot)}</b>
                <span class="soft">{note}</span>
                {asks.then(|| view! { <NextStep order=Some(bag.id) tasks=&[Task::Return]/> })}
            </li>
        }
    };
    view! { <ul>{bags.into_iter().map(row).collect_view()}</ul> }
}

/// The list at the side of staging, while there is anything on it.
#[component]
pub(super) fn Side() -> impl IntoView {
    let bags = Memo::new(|_| left());
    move || {
        let bags = bags.get();
        (!bags.is_empty()).then(|| {
            view! {
                <aside class="staging-side">
                    <h2>{move || Msg::BackToVaultTonight.say(lang())}</h2>
                    {rows(bags, false)}
                    <Button
                        icon=Icon::Lock
                        word=Signal::derive(|| Msg::ToVault.say(lang()).to_owned())
                        act=|| go("/evening")
                    />
                </aside>
            }
        })
    }
}

/// The screen on which bags are scanned back.
#[component]
pub(in crate::ui) fn Evening() -> impl IntoView {
    scan::expect(Step::Evening);
    let bags = Memo::new(|_| left());
    let keypad = RwSignal::new(false);
    // The refusal lies over the list; the step that is asked for has to be within reach.
    let refused = Memo::new(|_| {
        let Feedback::Refused(refusal) = scan::signals().feedback.get() else {
            return None;
        };
        refusal.order.as_deref().copied()
    });
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let count = move || u32::try_from(bags.with(Vec::len)).unwrap_or(u32::MAX);
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head" data-task="">
                <Back path="/stage" word=Msg::Staging/>
                <h1>{move || Msg::BackToVaultTonight.say(lang())}</h1>
                <span class="head-note">{move || pack::bags(lang(), count())}</span>
            </header>
            <Rail/>
            <main class="main staging-side" tabindex="0" data-evening="">
                <Show
                    when=move || count() != 0
                    fallback=|| view! {
                        <div class="empty">
                            <h2>{move || Msg::NothingLeft.say(lang())}</h2>
                            <p>{move || Msg::NothingLeftHow.say(lang())}</p>
                        </div>
                    }
                >
                    {move || rows(bags.get(), true)}
                </Show>
            </main>
            <Band word=text(Msg::ScanToVault) what=text(Msg::ScanToVaultHow) low=true/>
            <Refusing/>
            <footer class="dock dock-steps">
                {move || refused.get().map(|order| {
                    view! { <NextStep order=Some(order) tasks=&[Task::Return]/> }
                })}
                <Button icon=Icon::Rows word=text(Msg::Staging) act=|| go("/stage")/>
                <TypeIt keypad primary=true/>
            </footer>
            <Keypad open=keypad/>
        </div>
    }
}
