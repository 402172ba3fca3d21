//! Labels for shelves and for the totes of a cart: the code to read, and the same in bars for a scanner.
//!
//! In: shelves, a cart's letter. Out: one label each, on its own piece of paper. Must not: print bars that no reader of ours takes.

use domain::code::own::{OwnCode, OwnKind};
use domain::facility::LocationCode;
use domain::plan::pace::ORDERS_MAX;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::choice::{choices, lang};
use crate::ui::icons::{Icon, ToteToken};
use crate::ui::label::put_on_paper;
use crate::ui::parts::{Bars, Button, tote_name};
use crate::ui::words::{Msg, pick};

/// Carts that can be told apart by a letter.
const CARTS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// Prints labels through the browser. A shelf whose code has too few or too many letters for bars has none.
pub(super) fn print_labels(shelves: Vec<LocationCode>) {
    let label = |shelf: LocationCode| {
        let bars = OwnCode::make(OwnKind::Location, &shelf.scan_id());
        view! {
            <div class="shelf-label" data-shelf=shelf.to_string()>
                <b>{shelf.to_string()}</b>
                {bars.map(|bars| {
                    let below = bars.clone();
                    view! { <Bars text=bars/><span>{below}</span> }
                })}
            </div>
        }
    };
    let labels = shelves.into_iter().map(label).collect_view();
    spawn_local(put_on_paper("shelf-label", labels));
}

/// Prints the labels of one cart's totes: number and shape for people, the code for scanners.
fn print_totes(cart: &str) {
    let lang = choices().lang.get_untracked();
    let numbers = 1..=u8::try_from(ORDERS_MAX).unwrap_or(u8::MAX);
    let label = |number: u8| {
        let id = format!("{cart}{number:02}");
        let bars = OwnCode::make(OwnKind::Tote, &id);
        view! {
            <div class="shelf-label tote-label" data-tote-label=id>
                <ToteToken number label=pick::tote(lang, number)/>
                <b>{tote_name(lang, number)}</b>
                {bars.map(|bars| {
                    let below = bars.clone();
                    view! { <Bars text=bars/><span>{below}</span> }
                })}
            </div>
        }
    };
    let labels = numbers.map(label).collect_view();
    spawn_local(put_on_paper("shelf-label", labels));
}

/// Which cart, and its labels.
#[component]
pub(super) fn ToteLabels() -> impl IntoView {
    let cart = RwSignal::new(CARTS[0].to_owned());
    let word = Signal::derive(move || Msg::PrintToteLabels.say(lang()).to_owned());
    let option = |letter: &'static str| view! { <option value=letter>{letter}</option> };
    view! {
        <label class="tote-labels">
            <span>{move || Msg::Cart.say(lang())}</span>
            <select prop:value=cart on:change=move |event| cart.set(event_target_value(&event))>
                {CARTS.map(option).collect_view()}
            </select>
        </label>
        <Button icon=Icon::Printer word act=move || print_totes(&cart.get_untracked())/>
    }
}
