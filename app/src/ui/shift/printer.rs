//! A label, to see whether the printer prints: a browser does not say what became of a page.

use domain::code::own::{OwnCode, OwnKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::choice::lang;
use crate::ui::label::put_on_paper;
use crate::ui::parts::Bars;
use crate::ui::shift::checks::Measured;
use crate::ui::shift::tried::note;
use crate::ui::words::Msg;

/// What the bars of a test label say.
const TEST: &str = "TEST";

/// The button, and once the label went to the printer the question what came out.
#[component]
pub(super) fn TestLabel(measured: RwSignal<Measured>) -> impl IntoView {
    let asks = RwSignal::new(false);
    let print = move |_| {
        let bars = OwnCode::make(OwnKind::Location, TEST);
        let label = view! {
            <div class="shelf-label">
                <b>{Msg::PrintTestLabel.say(lang())}</b>
                {bars.map(|bars| {
                    let below = bars.clone();
                    view! { <Bars text=bars/><span>{below}</span> }
                })}
            </div>
        };
        spawn_local(async move {
            put_on_paper("shelf-label", label).await;
            asks.set(true);
        });
    };
    let answer = move |was_good: bool| {
        move |_| {
            note("printer", was_good);
            asks.set(false);
            measured.update(|measured| measured.tries += 1);
        }
    };
    let small = |word: Msg| view! { <span>{move || word.say(lang())}</span> };
    move || {
        match asks.get() {
        false => view! {
            <button class="btn btn-small" type="button" on:click=print>{small(Msg::PrintTestLabel)}</button>
        }
        .into_any(),
        true => view! {
            <span class="shift-asks">
                <span>{move || Msg::DidItPrint.say(lang())}</span>
                <button class="btn btn-small" type="button" on:click=answer(true)>{small(Msg::PrintedWell)}</button>
                <button class="btn btn-small" type="button" on:click=answer(false)>{small(Msg::PrintedBadly)}</button>
            </span>
        }
        .into_any(),
    }
    }
}
