//! Checks an auditor's file, in this browser and with nothing but the file.
//!
//! In: a file. Out: that it is in order, or the event that breaks it. Must not: ask a server anything, or need somebody
//! who is signed in.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Event, File, HtmlInputElement};

use crate::scan::{self, Step};
use crate::ui::choice::{choices, lang};
use crate::ui::frame::Offers;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::orders::Desk;
use crate::ui::words::{Msg, audit};

/// One check, and how far it is.
mod check;
/// What is wrong, in words.
pub(super) mod flaw;
/// What was found.
mod sheet;

use check::{Check, Stage};
use sheet::{Sheet, number};

const PATH: &str = "/verify";

thread_local! {
    static ALONE: bool = web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .is_some_and(|path| path == PATH);
}

/// Whether the app was opened at this page. Then it is all the app does: an auditor has no PIN, and the tab in which
/// somebody works must not be put to sleep.
#[must_use]
pub fn is_alone() -> bool {
    ALONE.with(|alone| *alone)
}

/// The page for somebody who is signed in.
#[component]
pub(super) fn InDesk() -> impl IntoView {
    let title = Signal::derive(|| Msg::AuditPage.say(lang()).to_owned());
    view! { <Desk title><Page/></Desk> }
}

/// The page for somebody who opened its address.
#[component]
pub(super) fn Alone() -> impl IntoView {
    let other_language = move |_| choices().lang.update(|lang| *lang = lang.other());
    view! {
        <div class="shell audit-alone" data-density="desk">
            <div class="page">
                <header class="page-head">
                    <Glyph icon=Icon::Mark/>
                    <h1>{move || Msg::AuditPage.say(lang())}</h1>
                    <span class="grow"></span>
                    <button class="btn btn-small" type="button" on:click=other_language>
                        <Glyph icon=Icon::Languages/>
                        <span>{move || Msg::OtherLanguage.say(lang())}</span>
                    </button>
                    <a class="btn btn-small" href="/">{move || Msg::AuditSignIn.say(lang())}</a>
                </header>
                <div class="page-offers"><Offers/></div>
                <Page/>
            </div>
        </div>
    }
}

#[component]
fn Page() -> impl IntoView {
    scan::expect(Step::Anything);
    let check = Check::new();
    on_cleanup(move || check.stop());
    let drop_file = move |event: DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().and_then(|carried| carried.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            check.start(&file);
        }
    };
    let body = move || match check.stage.get() {
        Stage::Waiting => view! { <Choose check/> }.into_any(),
        Stage::Refused(what, next) => view! {
            <p class="notice" data-tone="refuse" role="alert">
                <Glyph icon=Icon::TriangleAlert/>
                <span>
                    <b>{move || what.say(lang())}</b>" "{move || next.say(lang())}
                </span>
            </p>
            <Choose check/>
        }
        .into_any(),
        Stage::Checking => view! { <Progress check/> }.into_any(),
        Stage::Done(found) => view! { <Sheet found check/> }.into_any(),
    };
    view! {
        <main
            class="page-main audit"
            tabindex="0"
            on:dragover=|event: DragEvent| event.prevent_default()
            on:drop=drop_file
        >
            {body}
        </main>
    }
}

#[component]
fn Choose(check: Check) -> impl IntoView {
    let chosen = move |event: Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file: Option<File> = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        if let Some(file) = file {
            check.start(&file);
        }
    };
    let depth = move |word: Msg, every: bool| {
        view! {
            <label>
                <input
                    type="radio"
                    name="depth"
                    prop:checked=move || check.every.get() == every
                    on:change=move |_| check.every.set(every)
                />
                <span>{move || word.say(lang())}</span>
            </label>
        }
    };
    view! {
        <section class="audit-choose">
            <p>{move || Msg::AuditPageWhy.say(lang())}</p>
            <p class="audit-file">
                <input id="audit-file" class="sr" type="file" on:change=chosen/>
                <label class="btn btn-primary" for="audit-file">
                    <Glyph icon=Icon::FileCheck/>
                    <span>{move || Msg::AuditChoose.say(lang())}</span>
                </label>
                <span class="soft">{move || Msg::AuditDrop.say(lang())}</span>
            </p>
            <fieldset class="audit-depth">
                <legend>{move || Msg::AuditDepth.say(lang())}</legend>
                {depth(Msg::AuditEvery, true)}
                {depth(Msg::AuditRuns, false)}
            </fieldset>
        </section>
    }
}

#[component]
fn Progress(check: Check) -> impl IntoView {
    let progress = check.progress;
    let say = move || {
        let (percent, events) = progress.get();
        audit::progress(lang(), percent, number(events))
    };
    view! {
        <section class="audit-progress" aria-busy="true">
            <h2 role="status">{move || Msg::AuditChecking.say(lang())}</h2>
            <progress
                max="100"
                prop:value=move || progress.get().0.to_string()
                aria-label=move || Msg::AuditChecking.say(lang())
            ></progress>
            <p>{say}</p>
            <button class="btn" type="button" on:click=move |_| check.give_up()>
                <Glyph icon=Icon::Close/>
                <span>{move || Msg::Cancel.say(lang())}</span>
            </button>
        </section>
    }
}
