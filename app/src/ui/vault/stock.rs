//! What stands where it should not, and where something goes best.
//!
//! In: the ledger. Out: two lists with what to do. Must not: move anything; whoever has carried it counts both places.

use domain::custody::hold::Held;
use domain::custody::sop::Task;
use domain::id::ItemId;
use domain::ledger::Ledger;
use domain::plan::near::{Astray, Because, best_place, strays};
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::holds::held_word;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::sop::NextStep;
use crate::ui::words::{Lang, Msg, vault};

/// Packages named at most; the others are counted.
const NAMED: usize = 12;
/// Products offered at most.
const OFFERED: usize = 6;

/// Where a product goes best, in words.
fn hint(lang: Lang, ledger: &Ledger, item: ItemId) -> Option<String> {
    let (shelf, because) = best_place(ledger, item)?;
    Some(match because {
        Because::ItsOwn => vault::best_with_its_own(lang, shelf),
        Because::Empty => vault::best_where_empty(lang, shelf),
        Because::LeastFull => vault::best_where_least(lang, shelf),
    })
}

/// Packages that stand wrong, each with where it goes.
#[component]
pub(super) fn Strays() -> impl IntoView {
    let found = Memo::new(|_| {
        device().ledger(|ledger| {
            let all = strays(ledger);
            let more = all.len().saturating_sub(NAMED);
            let named = all.into_iter().take(NAMED).map(|stray| {
                let what = held_word(lang(), ledger, &Held::Package(stray.tag.clone()));
                let said = match &stray.why {
                    Astray::NoPlace => {
                        let item = ledger.packages.get(&stray.tag).map(|package| package.item);
                        let hint = item.and_then(|item| hint(lang(), ledger, item));
                        let said = vault::without_a_place(lang(), what);
                        format!("{said} {}", hint.unwrap_or_default())
                    }
                    Astray::FromItsOwn(home) => {
                        vault::away_from_its_own(lang(), what, &stray.shelf, home)
                    }
                };
                (stray.tag.to_string(), said)
            });
            (named.collect::<Vec<_>>(), more)
        })
    });
    let rows = move || {
        let (named, more) = found.get();
        if named.is_empty() {
            return view! {
                <p data-tone="accept"><Glyph icon=Icon::CircleCheck/>" "{Msg::NothingAstray.say(lang())}</p>
            }
            .into_any();
        }
        let row = |(tag, said): (String, String)| view! { <li data-stray=tag>{said}</li> };
        let rest = (more > 0).then(|| view! { <li>{vault::more_to_mend(lang(), more)}</li> });
        view! {
            <ul class="vault-findings">{named.into_iter().map(row).collect_view()}{rest}</ul>
            <p class="faint">{Msg::CountBothPlaces.say(lang())}</p>
        }
        .into_any()
    };
    view! {
        <section class="card" data-strays="">
            <h2>{move || Msg::StandsWrong.say(lang())}</h2>
            {rows}
        </section>
    }
}

/// Products whose name has what was typed, each with where it goes.
fn offered(lang: Lang, ledger: &Ledger, wanted: &str) -> Vec<(String, String)> {
    let wanted = wanted.trim().to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let items = ledger.items.values();
    let fits = items.filter(|item| item.name.to_lowercase().contains(&wanted));
    let said = fits.take(OFFERED).filter_map(|item| {
        let hint = hint(lang, ledger, item.id)?;
        Some((item.name.clone(), hint))
    });
    said.collect()
}

/// Where something that has come in goes best.
#[component]
pub(super) fn PutAway() -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.get();
        device().ledger(|ledger| offered(lang(), ledger, &wanted))
    });
    let row = |(name, hint): (String, String)| view! { <li><b>{name}</b>" "{hint}</li> };
    view! {
        <section class="card" data-put-away="">
            <h2>{move || Msg::PutAwayWhere.say(lang())}</h2>
            <NextStep order=None tasks=&[Task::Receive]/>
            <label class="field">
                {move || Msg::PutAwayWhat.say(lang())}
                <input
                    type="search"
                    autocomplete="off"
                    prop:value=search
                    on:input=move |event| search.set(event_target_value(&event))
                />
            </label>
            <ul class="vault-findings">{move || found.get().into_iter().map(row).collect_view()}</ul>
        </section>
    }
}
