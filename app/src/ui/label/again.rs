//! Why a label is printed again. Scanning works on while the sheet is open.

use domain::custody::label::ReprintReason;
use domain::id::OrderId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::print_label;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::words::Msg;

/// What people choose from, with what is recorded.
const REASONS: [(Msg, Icon, ReprintReason); 4] = [
    (
        Msg::ReprintJammed,
        Icon::Printer,
        ReprintReason::NothingCameOut,
    ),
    (
        Msg::ReprintSmudged,
        Icon::PackageOpen,
        ReprintReason::Damaged,
    ),
    (Msg::ReprintLost, Icon::PackageX, ReprintReason::Lost),
    (Msg::ReprintChanged, Icon::Layers, ReprintReason::Changed),
];

/// A reason in a few words.
pub(in crate::ui) fn word(reason: ReprintReason) -> Msg {
    let known = REASONS.iter().find(|(_, _, one)| *one == reason);
    known.map_or(Msg::ReprintSmudged, |(word, _, _)| *word)
}

/// The sheet.
#[component]
pub(in crate::ui) fn Again(order: OrderId, open: RwSignal<bool>) -> impl IntoView {
    let print = move |reason: ReprintReason| {
        open.set(false);
        spawn_local(async move { print_label(order, Some(reason)).await });
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        let reasons = open.get().then_some(REASONS)?;
        let reasons = reasons.map(|(word, icon, reason)| {
            view! {
                <button class="btn" type="button" data-reason=format!("{reason:?}") on:click=move |_| print(reason)>
                    <Glyph icon/>
                    <span>{move || word.say(lang())}</span>
                </button>
            }
        });
        Some(view! {
            <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="again-title">
                <header class="sheet-head">
                    <h2 id="again-title">{move || Msg::WhyPrintAgain.say(lang())}</h2>
                    <span class="grow"></span>
                    <span class="soft text-18">{move || Msg::OldLabelIsDead.say(lang())}</span>
                </header>
                <div class="sheet-body"><div class="kinds">{reasons.collect_view()}</div></div>
                <footer class="dock">
                    <Button word=text(Msg::Cancel) act=move || open.set(false)/>
                </footer>
            </section>
        })
    }
}
