//! A document that no reader reads: a person types its two days and compares the name.
//!
//! In: figures on the screen's own pad, or on a keyboard. Out: two days. Must not: open the system's keyboard, or take
//! a day the calendar does not have.

use domain::id::OrderId;
use domain::identity::typed;
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan::counter;
use crate::ui::choice::lang;
use crate::ui::figures::Figures;
use crate::ui::parts::{Answer, Button};
use crate::ui::words::{Msg, identity};

/// Figures of a day: month, day, year.
const DIGITS: usize = 8;

/// The sheet. Scanning works on while it is open.
#[component]
pub(super) fn ByEye(order: OrderId, open: RwSignal<bool>) -> impl IntoView {
    move || open.get().then(|| view! { <Sheet order open/> })
}

#[component]
fn Sheet(order: OrderId, open: RwSignal<bool>) -> impl IntoView {
    let days = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let at = RwSignal::new(0_usize);
    let name_fits = RwSignal::new(false);
    let digit = move |digit: char| {
        let here = at.get_untracked();
        days[here].update(|text| {
            if text.len() < DIGITS {
                text.push(digit);
            }
        });
        if here == 0 && days[0].with_untracked(|text| typed(text).is_some()) {
            at.set(1);
        }
    };
    let erase = move || {
        if at.get_untracked() == 1 && days[1].with_untracked(String::is_empty) {
            at.set(0);
        }
        days[at.get_untracked()].update(|text| {
            text.pop();
        });
    };
    let clear = move || days[at.get_untracked()].set(String::new());
    let typing = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" {
            open.set(false);
        }
    });
    on_cleanup(move || typing.remove());
    let read = move || {
        let [birth, expiry] = days.map(|day| day.with(|text| typed(text)));
        birth.zip(expiry)
    };
    let missing = Signal::derive(move || read().is_none() || !name_fits.get());
    let done = move || {
        if let Some((birth, expiry)) = read() {
            open.set(false);
            spawn_local(counter::by_eye(birth, expiry, name_fits.get_untracked()));
        }
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let name = move || {
        let known = device().customer(order);
        known.map(|card| identity::name_on_order(lang(), card.label_name))
    };
    view! {
        <section class="sheet" data-by-eye="" role="dialog" aria-modal="false" aria-labelledby="by-eye-title">
            <header class="sheet-head">
                <h2 id="by-eye-title">{move || Msg::CheckByEyeHead.say(lang())}</h2>
                <span class="grow"></span>
                <span class="soft text-18">{move || Msg::ByEyeHow.say(lang())}</span>
            </header>
            <div class="sheet-body">
                <ul class="facts-list">
                    <Typed word=Msg::Born text=days[0] mine=0 at/>
                    <Typed word=Msg::GoodUntil text=days[1] mine=1 at/>
                    <li class="soft text-18">{name}</li>
                    <Answer word=Msg::NameFitsAsk given=name_fits/>
                </ul>
                <Figures digit erase clear/>
            </div>
            <footer class="dock">
                <Button word=text(Msg::Close) act=move || open.set(false)/>
                <Button word=text(Msg::Done) primary=true disabled=missing act=done/>
            </footer>
        </section>
    }
}

/// A day as it is typed: touched, it takes the next figures.
#[component]
fn Typed(word: Msg, text: RwSignal<String>, mine: usize, at: RwSignal<usize>) -> impl IntoView {
    let shown = move || match text.get() {
        text if text.is_empty() => Msg::DateForm.say(lang()).to_owned(),
        text => dated(&text),
    };
    let is_wrong = move || text.with(|text| text.len() == DIGITS && typed(text).is_none());
    view! {
        <li>
            <button
                class="id-day"
                type="button"
                aria-pressed=move || (at.get() == mine).to_string()
                on:click=move |_| at.set(mine)
            >
                <span>{move || word.say(lang())}</span>
                <output data-empty=move || text.with(String::is_empty).then_some("")>{shown}</output>
                <small role="alert">{move || is_wrong().then(|| Msg::NoSuchDay.say(lang()))}</small>
            </button>
        </li>
    }
}

/// `07191984` as cards print it: `07/19/1984`.
fn dated(digits: &str) -> String {
    let mut dated = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place == 2 || place == 4 {
            dated.push('/');
        }
        dated.push(digit);
    }
    dated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_shown_as_it_stands_on_the_card_while_it_is_typed() {
        let steps = ["0", "07", "071", "0719", "07191", "07191984"].map(dated);
        let expected = ["0", "07", "07/1", "07/19", "07/19/1", "07/19/1984"];
        assert_eq!(steps, expected);
    }
}
