//! The pad on which a PIN is typed.
//!
//! In: touches and keys. Out: digits, and word that they are whole. Must not: show a digit, or open the system's own
//! keyboard.

use domain::pin::DIGITS;
use gloo_timers::callback::Timeout;
use leptos::ev::keydown;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::figures::Figures;
use crate::ui::words::enter;

/// Pause after which a PIN of unknown length counts as whole, in milliseconds: it may have more digits.
const PAUSE: u32 = 700;

/// The dots and the pad. `length`: digits of the PIN where they are known. `whole` is called when the PIN is, by itself
/// where `waits` does not say that a button does that.
#[component]
pub(super) fn PinPad(
    pin: RwSignal<String>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] length: Signal<Option<usize>>,
    whole: impl Fn() + Copy + Send + Sync + 'static,
    #[prop(optional)] waits: bool,
) -> impl IntoView {
    let pause = StoredValue::new_local(None::<Timeout>);
    let stop = move || drop(pause.try_update_value(Option::take));
    on_cleanup(stop);
    let is_whole = move || DIGITS.contains(&pin.get_untracked().len());
    let done = move || {
        stop();
        if !busy.get_untracked() && is_whole() {
            whole();
        }
    };
    let digit = move |digit: char| {
        if busy.get_untracked() {
            return;
        }
        stop();
        pin.update(|pin| {
            if pin.len() < *DIGITS.end() {
                pin.push(digit);
            }
        });
        let typed = pin.get_untracked().len();
        match length.get_untracked() {
            _ if waits => {}
            Some(known) if typed == known => done(),
            None if typed == *DIGITS.end() => done(),
            None if is_whole() => pause.set_value(Some(Timeout::new(PAUSE, done))),
            Some(_) | None => {}
        }
    };
    let erase = move || {
        stop();
        pin.update(|pin| {
            pin.pop();
        });
    };
    let clear = move || {
        stop();
        pin.set(String::new());
    };
    let typing = window_event_listener(keydown, move |event| {
        if event.key() == "Enter" {
            done();
        }
    });
    on_cleanup(move || typing.remove());
    view! { <Dots pin length/><Figures digit erase clear/> }
}

#[component]
fn Dots(pin: RwSignal<String>, length: Signal<Option<usize>>) -> impl IntoView {
    let of = move || length.get().unwrap_or(*DIGITS.start());
    let dots = move || {
        let entered = pin.get().len();
        (0..of().max(entered))
            .map(|index| view! { <i data-on=(index < entered).then_some("")></i> })
            .collect_view()
    };
    view! {
        <div
            class="pin-dots"
            role="status"
            aria-label=move || enter::pin_entered(lang(), pin.get().len(), of())
        >
            {dots}
        </div>
    }
}
