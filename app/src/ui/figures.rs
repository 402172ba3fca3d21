//! The pad of ten figures, where a PIN or a day is typed.
//!
//! In: touches, and figures on a keyboard. Out: one figure, or a word to take back. Must not: open the system's own
//! keyboard.

use leptos::ev::keydown;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::Msg;

/// Ten figures, a button that takes back the last one and one that takes back all.
#[component]
pub(super) fn Figures(
    digit: impl Fn(char) + Copy + 'static,
    erase: impl Fn() + Copy + 'static,
    clear: impl Fn() + 'static,
) -> impl IntoView {
    let typing = window_event_listener(keydown, move |event| match event.key().as_str() {
        "Backspace" => erase(),
        key => {
            if let Some(typed) = key.chars().next().filter(char::is_ascii_digit)
                && key.len() == 1
                && !event.default_prevented()
            {
                digit(typed);
            }
        }
    });
    on_cleanup(move || typing.remove());
    let key = move |letter: char| {
        view! {
            <button type="button" data-key=letter.to_string() on:click=move |_| digit(letter)>
                {letter.to_string()}
            </button>
        }
    };
    view! {
        <div class="keypad">
            {"123456789".chars().map(key).collect_view()}
            <button class="keypad-word" type="button" on:click=move |_| clear()>
                {move || Msg::Clear.say(lang())}
            </button>
            {key('0')}
            <button
                type="button"
                aria-label=move || Msg::DeleteDigit.say(lang())
                on:click=move |_| erase()
            >
                <Glyph icon=Icon::Delete/>
            </button>
        </div>
    }
}
