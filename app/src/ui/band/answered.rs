//! The answer to a scan on a screen that waits for none: the queue, a manager's desk, the sign-in.
//!
//! In: what the last scan came to. Out: the same words, shapes and colours as in a band, over the lower part of the screen.
//! Must not: be there where a band is, nor stay when somebody closes it or scans again.

use leptos::ev::keydown;
use leptos::prelude::*;

use super::{NotKept, RefusalView, verdict};
use crate::scan::{self, Feedback};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::Msg;

thread_local! {
    /// Bands on the screen.
    static BANDS: ArcRwSignal<u32> = ArcRwSignal::new(0);
}

fn bands() -> ArcRwSignal<u32> {
    BANDS.with(Clone::clone)
}

/// Says that the screen in front has a band of its own, as long as it is in front.
pub(super) fn keep_away() {
    bands().update(|count| *count += 1);
    on_cleanup(|| bands().update(|count| *count = count.saturating_sub(1)));
}

/// The answer.
#[component]
pub(in crate::ui) fn Answered() -> impl IntoView {
    let feedback = scan::signals().feedback;
    let is_free = Memo::new(move |_| bands().get() == 0);
    let is_said = move || is_free.get() && feedback.with(|said| *said != Feedback::Waiting);
    let leaving = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" && untrack(is_said) {
            scan::clear();
        }
    });
    on_cleanup(move || leaving.remove());
    let said = move || match feedback.get() {
        Feedback::Refused(refusal) => view! { <RefusalView refusal/> }.into_any(),
        Feedback::NotKept => view! { <NotKept/> }.into_any(),
        other => verdict(other, Some("")).unwrap_or_else(|| ().into_any()),
    };
    // What was good goes by itself.
    let stays =
        move || feedback.with(|said| !matches!(said, Feedback::Accepted(_) | Feedback::Led(_)));
    move || {
        is_said().then(|| {
            view! {
                <aside class="answer" data-answer="">
                    {said}
                    {move || stays().then(|| view! {
                        <button class="btn btn-small" type="button" on:click=|_| scan::clear()>
                            <Glyph icon=Icon::Close/>
                            <span>{move || Msg::Close.say(lang())}</span>
                        </button>
                    })}
                </aside>
            }
        })
    }
}
