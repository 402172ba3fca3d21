//! Screens for when the device cannot be worked on: starting, another tab, broken storage, no such page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Phase, device};
use crate::store::beside;
use crate::store::idb::StoreFailed;
use crate::ui::choice::lang;
use crate::ui::frame::home;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::go;
use crate::ui::words::Msg;

/// Reading the storage; seen for a moment at most.
#[component]
pub(super) fn Starting() -> impl IntoView {
    view! {
        <main class="halted" aria-busy="true">
            <Glyph icon=Icon::Mark/>
            <p class="sr">{move || Msg::Loading.say(lang())}</p>
        </main>
    }
}

/// Another tab works.
#[component]
pub(super) fn OtherTab() -> impl IntoView {
    let take_over = |_| spawn_local(device().start(true));
    view! {
        <main class="halted">
            <Glyph icon=Icon::Mark/>
            <h1>{move || Msg::OtherTabWrites.say(lang())}</h1>
            <button class="btn btn-primary" type="button" on:click=take_over>
                <span>{move || Msg::WorkHere.say(lang())}</span>
            </button>
        </main>
    }
}

/// Why the storage does not work, in words.
fn cause_word(cause: &StoreFailed) -> Msg {
    match cause {
        StoreFailed::Full => Msg::CauseFull,
        StoreFailed::ConnectionLost(_) => Msg::CauseLost,
        StoreFailed::Aborted(_) => Msg::CauseAborted,
        StoreFailed::Unavailable(_) => Msg::CauseUnavailable,
    }
}

/// The storage does not work: nothing may be called saved. One that does not open again and again may be left as it
/// is, and another begun beside it.
#[component]
pub(super) fn Broken() -> impl IntoView {
    let again = |_| spawn_local(device().start(false));
    let cause = move || match device().phase.get() {
        Phase::Broken(cause) => cause_word(&cause).say(lang()),
        _ => "",
    };
    let does_not_open = move || {
        device().phase.track();
        beside::may_begin()
    };
    let begin = |_| {
        beside::begin();
        if let Some(window) = web_sys::window() {
            let _leaving = window.location().reload();
        }
    };
    view! {
        <main class="halted" data-tone="refuse" role="alert">
            <Glyph icon=Icon::Refused/>
            <h1>{move || Msg::CannotSave.say(lang())}</h1>
            <p>{move || Msg::StoreDoesNotOpen.say(lang())}</p>
            <p>{move || Msg::StoreDoesNotOpenDo.say(lang())}</p>
            <p class="faint">{cause}</p>
            <button class="btn btn-primary" type="button" on:click=again>
                <span>{move || Msg::TryAgain.say(lang())}</span>
            </button>
            {move || does_not_open().then(|| view! {
                <p>{move || Msg::StoreBesideHow.say(lang())}</p>
                <button class="btn" type="button" data-beside="" on:click=begin>
                    <span>{move || Msg::StoreBeside.say(lang())}</span>
                </button>
            })}
        </main>
    }
}

/// No such page.
#[component]
pub(super) fn NotFound() -> impl IntoView {
    view! {
        <main class="halted">
            <Glyph icon=Icon::SearchX/>
            <h1>{move || Msg::NotFound.say(lang())}</h1>
            <p>{move || Msg::NotFoundDo.say(lang())}</p>
            <button class="btn btn-primary" type="button" on:click=|_| go(home())>
                <span>{move || Msg::Back.say(lang())}</span>
            </button>
        </main>
    }
}
