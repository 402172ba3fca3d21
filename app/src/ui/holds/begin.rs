//! Putting something on hold: find a package, say how much of it, and why.

use domain::custody::hold::{self, Held, HoldReason};
use domain::id::PackageTag;
use domain::ledger::Ledger;
use domain::stock::Package;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::holds::{covered, held_word, reason_word, text};
use crate::ui::icons::Icon;
use crate::ui::parts::{Button, NoteField};
use crate::ui::words::{Msg, hold as words};

/// Packages offered at most; who sees as many types a figure more.
const FOUND_MAX: usize = 12;

const REASONS: [HoldReason; 6] = [
    HoldReason::Recall,
    HoldReason::Laboratory,
    HoldReason::Quality,
    HoldReason::Labelling,
    HoldReason::Investigation,
    HoldReason::Other,
];

/// What is being entered.
#[derive(Clone, Copy)]
struct Entered {
    open: RwSignal<bool>,
    search: RwSignal<String>,
    what: RwSignal<Option<Held>>,
    package: RwSignal<Option<PackageTag>>,
    /// Nobody's yet: a recall by mistake would call bags back.
    reason: RwSignal<Option<HoldReason>>,
    note: RwSignal<String>,
}

impl Entered {
    fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            search: RwSignal::new(String::new()),
            what: RwSignal::new(None),
            package: RwSignal::new(None),
            reason: RwSignal::new(None),
            note: RwSignal::new(String::new()),
        }
    }

    fn clear(self) {
        self.open.set(false);
        self.search.set(String::new());
        self.what.set(None);
        self.package.set(None);
        self.reason.set(None);
        self.note.set(String::new());
    }

    /// What is still missing.
    fn lacks(self) -> Option<Msg> {
        let bare = self.note.with(|note| note.trim().is_empty());
        if self.what.with(Option::is_none) {
            Some(Msg::HoldChooseOne)
        } else if self.reason.get().is_none() {
            Some(Msg::HoldChooseWhy)
        } else if bare && self.reason.get() == Some(HoldReason::Other) {
            Some(Msg::HoldSayWhy)
        } else {
            None
        }
    }
}

/// The button, and the form it opens.
#[component]
pub(super) fn Begin(said: RwSignal<String>) -> impl IntoView {
    let entered = Entered::new();
    let confirm = move || {
        let chosen = entered
            .what
            .get_untracked()
            .zip(entered.reason.get_untracked());
        let Some((what, reason)) = chosen else {
            return;
        };
        let note = entered.note.get_untracked();
        entered.clear();
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    hold::decide(ledger, situation, what, reason, &note)
                })
                .await;
            said.set(band::said(&outcome));
        });
    };
    move || {
        match entered.open.get() {
        false => view! {
            <Button icon=Icon::OctagonAlert word=text(Msg::PutOnHold) act=move || entered.open.set(true)/>
        }
        .into_any(),
        true => view! { <Form entered confirm/> }.into_any(),
    }
    }
}

#[component]
fn Form(entered: Entered, confirm: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let options = REASONS
        .iter()
        .enumerate()
        .map(|(index, reason)| {
            let (reason, is_chosen) = (*reason, Some(*reason) == entered.reason.get_untracked());
            view! {
                <option value=index.to_string() selected=is_chosen>
                    {move || reason_word(reason).say(lang())}
                </option>
            }
        })
        .collect_view();
    let choose = move |text: String| {
        let chosen = text
            .parse()
            .ok()
            .and_then(|index: usize| REASONS.get(index));
        entered.reason.set(chosen.copied());
    };
    let lacks = move || entered.lacks().map(|msg| msg.say(lang()));
    view! {
        <form class="card" data-begin="" on:submit=|event| event.prevent_default()>
            <label class="field">
                {move || Msg::HoldWhat.say(lang())}
                <input
                    type="search"
                    autocomplete="off"
                    prop:value=entered.search
                    on:input=move |event| entered.search.set(event_target_value(&event))
                />
                <small>{move || Msg::HoldFind.say(lang())}</small>
            </label>
            <Found entered/>
            <Scope entered/>
            <label class="field">
                {move || Msg::HoldWhy.say(lang())}
                <select on:change=move |event| choose(event_target_value(&event))>
                    <option value="">{move || Msg::HoldChooseWhy.say(lang())}</option>
                    {options}
                </select>
            </label>
            <NoteField note=entered.note/>
            <p>{move || Msg::HoldOfReason.say(lang())}</p>
            <p role="status">{lacks}</p>
            <div class="page-acts">
                <Button
                    icon=Icon::OctagonAlert
                    word=text(Msg::PutOnHold)
                    primary=true
                    disabled=Signal::derive(move || entered.lacks().is_some())
                    act=confirm
                />
                <Button word=text(Msg::Cancel) act=move || entered.clear()/>
            </div>
        </form>
    }
}

/// Packages in the shop that fit what was typed.
fn found(ledger: &Ledger, wanted: &str) -> Vec<(PackageTag, String)> {
    let wanted = wanted.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let name = |package: &Package| {
        let item = ledger.items.get(&package.item);
        item.map(|item| item.name.clone()).unwrap_or_default()
    };
    let fits = |package: &&Package| {
        let batch = package.batch.as_deref().unwrap_or_default();
        package.tag.as_str().to_lowercase().ends_with(&wanted)
            || batch.to_lowercase().contains(&wanted)
            || name(package).to_lowercase().contains(&wanted)
    };
    let packages = ledger.packages.values().filter(fits).take(FOUND_MAX);
    packages
        .map(|package| {
            let batch = package.batch.clone().unwrap_or_default();
            let shelf = package.stands_at().map(ToString::to_string);
            let facts = [name(package), batch, shelf.unwrap_or_default()];
            let facts = facts.into_iter().filter(|fact| !fact.is_empty());
            (package.tag.clone(), facts.collect::<Vec<_>>().join(" · "))
        })
        .collect()
}

#[component]
fn Found(entered: Entered) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let wanted = entered.search.get();
        device().ledger(|ledger| found(ledger, &wanted))
    });
    let row = move |(tag, facts): (PackageTag, String)| {
        let (tail, of, name) = (tag.tail().to_owned(), tag.clone(), tag.to_string());
        let is_chosen = move || entered.package.with(|chosen| chosen.as_ref() == Some(&of));
        let choose = move |_| {
            entered.what.set(Some(Held::Package(tag.clone())));
            entered.package.set(Some(tag.clone()));
        };
        view! {
            <li>
                <button
                    class="btn"
                    type="button"
                    data-tag=name
                    aria-pressed=move || is_chosen().to_string()
                    on:click=choose
                >
                    <span>{format!("…{tail} · {facts}")}</span>
                </button>
            </li>
        }
    };
    let is_vain =
        move || rows.with(Vec::is_empty) && !entered.search.with(|text| text.trim().is_empty());
    view! {
        <ul class="holds-found">{move || rows.get().into_iter().map(row).collect_view()}</ul>
        <p class="soft">{move || is_vain().then(|| Msg::HoldNothingFound.say(lang()))}</p>
    }
}

/// The package, its batch, or its product.
#[component]
fn Scope(entered: Entered) -> impl IntoView {
    let ways = move || {
        let Some(tag) = entered.package.get() else {
            return Vec::new();
        };
        device().ledger(|ledger| {
            let Some(package) = ledger.packages.get(&tag) else {
                return Vec::new();
            };
            let batch = package.batch.clone().map(Held::Batch);
            let ways = [
                Some(Held::Package(tag)),
                batch,
                Some(Held::Product(package.item)),
            ];
            let counted = |what: Held| {
                let said = held_word(lang(), ledger, &what);
                let count = words::packages_held(lang(), covered(ledger, &what));
                (what, format!("{said} · {count}"))
            };
            ways.into_iter().flatten().map(counted).collect()
        })
    };
    let button = move |(what, said): (Held, String)| {
        let of = what.clone();
        let is_chosen = move || entered.what.with(|chosen| chosen.as_ref() == Some(&of));
        view! {
            <button
                class="btn"
                type="button"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| entered.what.set(Some(what.clone()))
            >
                <span>{said}</span>
            </button>
        }
    };
    view! {
        <Show when=move || entered.package.with(Option::is_some)>
            <fieldset class="setting">
                <legend>{move || Msg::HoldScope.say(lang())}</legend>
                <div class="holds-found">{move || ways().into_iter().map(button).collect_view()}</div>
            </fieldset>
        </Show>
    }
}
