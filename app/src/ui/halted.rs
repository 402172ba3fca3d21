//! Screens for when the device cannot be worked on: starting, another tab, broken storage, no such page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Phase, device};
use crate::platform::update;
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

/// The storage does not work: nothing may be called saved. One that does not open again and again may be left as it
/// is, and another begun beside it.
#[component]
pub(super) fn Broken() -> impl IntoView {
    let words = move || match device().phase.get() {
        Phase::Broken(StoreFailed::Wiped) => (Msg::StorageCleared, Msg::StorageClearedDo),
        Phase::Broken(StoreFailed::Newer) => (Msg::StorageNewer, Msg::StorageNewerDo),
        _ => (Msg::CannotSave, Msg::CannotSaveDo),
    };
    // What the browser said, for whoever is asked for help.
    let cause = move || match device().phase.get() {
        Phase::Broken(
            StoreFailed::ConnectionLost(cause)
            | StoreFailed::Aborted(cause)
            | StoreFailed::Unavailable(cause),
        ) => cause,
        _ => String::new(),
    };
    let does_not_open = move || {
        device().phase.track();
        beside::may_begin()
    };
    let begin = |_| {
        beside::begin();
        update::reload();
    };
    view! {
        <main class="halted" data-tone="refuse" role="alert">
            <Glyph icon=Icon::Refused/>
            <h1>{move || words().0.say(lang())}</h1>
            <p>{move || words().1.say(lang())}</p>
            <p class="faint">{cause}</p>
            <button class="btn btn-primary" type="button" on:click=|_| update::reload()>
                <span>{move || Msg::TryAgain.say(lang())}</span>
            </button>
            {move || does_not_open().then(|| view! {
                <p>{move || Msg::StoreDoesNotOpen.say(lang())}</p>
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
