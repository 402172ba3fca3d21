//! The in-app keypad: the last way to enter a code, when nothing can read it.
//!
//! Characters stand in groups, so that a long tag can be compared at a glance. The system's own keyboard
//! never opens.

use domain::code::near_miss::mistaken;
use leptos::prelude::*;

use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, groups};
use crate::ui::words::{Msg, pick};

const KEYS: &str = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Longest code typed: a tag or one of our own.
const LENGTH_MAX: usize = 32;

/// What to look at again in a tag that is being typed: the first letter that no tag has.
fn doubt(typed: &str) -> Option<String> {
    let first = mistaken(typed).into_iter().next()?;
    Some(pick::not_in_a_tag(
        lang(),
        first.read.to_ascii_uppercase(),
        first.looks_like,
    ))
}

/// The button that opens the keypad.
#[component]
pub(super) fn TypeIt(keypad: RwSignal<bool>, #[prop(optional)] primary: bool) -> impl IntoView {
    let word = Signal::derive(|| Msg::TypeTheCode.say(lang()).to_owned());
    view! { <Button icon=Icon::Tag word primary act=move || keypad.set(true)/> }
}

/// The keypad sheet. Scanning works on while it is open.
#[component]
pub(super) fn Keypad(open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let enter = move || {
        let typed = text.get_untracked();
        if !typed.is_empty() {
            text.set(String::new());
            open.set(false);
            scan::typed(typed);
        }
    };
    let key = move |letter: char| {
        text.update(|text| {
            if text.len() < LENGTH_MAX {
                text.push(letter);
            }
        });
    };
    move || {
        open.get().then(|| {
            view! {
                <section class="sheet" data-keypad="" role="dialog" aria-modal="false" aria-labelledby="keypad-title">
                    <header class="sheet-head">
                        <h2 id="keypad-title">{move || Msg::TypeTheCode.say(lang())}</h2>
                        <span class="grow"></span>
                        <output class="typed" aria-live="polite">{move || groups(&text.get()).join(" ")}</output>
                    </header>
                    <div class="sheet-body">
                        <p class="typed-doubt" role="status">{move || doubt(&text.get())}</p>
                        <div class="letters">
                            {KEYS.chars().map(|letter| view! {
                                <button type="button" data-key=letter.to_string() on:click=move |_| key(letter)>
                                    {letter.to_string()}
                                </button>
                            }).collect_view()}
                            <button
                                type="button"
                                aria-label=move || Msg::DeleteDigit.say(lang())
                                on:click=move |_| text.update(|text| { text.pop(); })
                            >
                                <Glyph icon=Icon::Delete/>
                            </button>
                        </div>
                    </div>
                    <footer class="dock">
                        <button class="btn" type="button" on:click=move |_| open.set(false)>
                            <span>{move || Msg::Close.say(lang())}</span>
                        </button>
                        <button class="btn btn-primary" type="button" data-enter="" on:click=move |_| enter()>
                            <span>{move || Msg::Done.say(lang())}</span>
                        </button>
                    </footer>
                </section>
            }
        })
    }
}
