//! The camera's picture, and what it says.
//!
//! In: the camera's signals. Out: a picture to aim by, one line of words or one question, the ways on
//! when there is none. Must not:
//! stand in the way: scanners and the keypad work on beside it.

use gloo_timers::callback::Timeout;
use leptos::html::Div;
use leptos::prelude::*;

use crate::capture::camera::{self, Note, Seeing};
use crate::platform::camera::CameraFailed;
use crate::scan::{self, Command, command};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::Msg;

/// How long a question stands before it takes an answer, in milliseconds.
const ANSWERED_AFTER: u32 = 400;

/// Switches the camera on; not there while it is on.
#[component]
pub(super) fn OpenCamera() -> impl IntoView {
    let seeing = camera::signals().seeing;
    move || {
        (seeing.get() == Seeing::Off).then(|| {
            view! {
                <button class="btn btn-small" type="button" data-camera="" on:click=|_| camera::start()>
                    <Glyph icon=Icon::Camera/>
                    <span>{move || Msg::Camera.say(lang())}</span>
                </button>
            }
        })
    }
}

/// What the camera sees, while it is on or has something to say.
#[component]
pub(super) fn Viewfinder() -> impl IntoView {
    let seeing = camera::signals().seeing;
    let is_off = Memo::new(move |_| seeing.get() == Seeing::Off);
    move || (!is_off.get()).then(|| view! { <Open seeing/> })
}

#[component]
fn Open(seeing: RwSignal<Seeing>) -> impl IntoView {
    let can_read = Memo::new(move |_| can_read(seeing.get()));
    let asked = scan::signals().asked;
    view! {
        <section class="view" aria-label=move || Msg::Camera.say(lang())>
            {move || can_read.get().then(|| view! { <Picture seeing/> })}
            {move || match asked.get() {
                Some(command) => view! { <Asked command/> }.into_any(),
                None => view! { <Says seeing/> }.into_any(),
            }}
        </section>
    }
}

/// How it is, and what can be done with it.
#[component]
fn Says(seeing: RwSignal<Seeing>) -> impl IntoView {
    let signals = camera::signals();
    let can_read = Memo::new(move |_| can_read(seeing.get()));
    let small = |icon, word: Msg, act: fn()| {
        view! {
            <button class="btn btn-small" type="button" on:click=move |_| act()>
                <Glyph icon/>
                <span>{move || word.say(lang())}</span>
            </button>
        }
    };
    let switch = move |icon, word: Msg, on: RwSignal<Option<bool>>, act: fn()| {
        move || {
            on.get().map(|on| {
                view! {
                    <button
                        class="btn btn-small"
                        type="button"
                        aria-pressed=on.to_string()
                        on:click=move |_| act()
                    >
                        <Glyph icon/>
                        <span>{move || word.say(lang())}</span>
                    </button>
                }
            })
        }
    };
    view! {
        <p class="view-says" role="status" data-seeing=move || state_name(seeing.get())>
            {move || {
                let (what, next) = said(seeing.get(), signals.note.get());
                view! { <b>{what.say(lang())}</b>{next.map(|next| next.say(lang()))} }
            }}
        </p>
        <div class="view-acts">
            {switch(Icon::Flashlight, Msg::Light, signals.light, camera::switch_light)}
            {switch(Icon::Search, Msg::CameraNearer, signals.nearer, camera::switch_nearer)}
            {move || if can_read.get() {
                small(Icon::Close, Msg::StopCamera, camera::stop).into_any()
            } else {
                view! {
                    {small(Icon::RefreshCw, Msg::TryAgain, camera::start)}
                    {small(Icon::Close, Msg::Close, camera::stop)}
                }
                .into_any()
            }}
        </div>
    }
}

/// A printed command is in the frame: what it does, and whether it is meant. A finger on its way to a button that was
/// here before must not answer.
#[component]
fn Asked(command: Command) -> impl IntoView {
    let (word, what) = match command {
        Command::Undo => (Msg::Undo, Msg::CommandUndo),
        Command::Short => (Msg::NotHere, Msg::CommandShort),
        Command::Done => (Msg::Done, Msg::CommandDone),
        Command::Print => (Msg::PrintLabel, Msg::CommandPrint),
        Command::Next => (Msg::NextOrder, Msg::CommandNext),
    };
    let is_new = RwSignal::new(true);
    let settles = Timeout::new(ANSWERED_AFTER, move || {
        is_new.try_set(false);
    });
    let settles = StoredValue::new_local(Some(settles));
    on_cleanup(move || drop(settles.try_update_value(Option::take)));
    let answer = move |act: fn()| {
        move |_| {
            if !is_new.get_untracked() {
                act();
            }
        }
    };
    view! {
        <div class="view-asks" role="alertdialog" aria-labelledby="asks-title" aria-describedby="asks-what">
            <p class="view-says" id="asks-what">
                <b id="asks-title">{move || Msg::CommandSeen.say(lang())}</b>
                {move || what.say(lang())}
            </p>
            <button class="btn" type="button" on:click=answer(command::unask)>
                <span>{move || Msg::CommandNo.say(lang())}</span>
            </button>
            <button class="btn btn-primary" type="button" data-confirm="" on:click=answer(command::confirm)>
                <span>{move || word.say(lang())}</span>
            </button>
        </div>
    }
}

fn can_read(seeing: Seeing) -> bool {
    matches!(seeing, Seeing::Opening | Seeing::On)
}

/// The element is the camera's own and moves from screen to screen: a new one would start anew.
#[component]
fn Picture(seeing: RwSignal<Seeing>) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let (Seeing::On, Some(place), Some(video)) = (seeing.get(), place.get(), camera::video())
        {
            let moved = place.append_child(&video);
            debug_assert!(moved.is_ok(), "a picture fits into any place");
        }
    });
    view! { <div class="viewfinder" node_ref=place></div> }
}

fn state_name(seeing: Seeing) -> &'static str {
    match seeing {
        Seeing::Off => "off",
        Seeing::Opening => "opening",
        Seeing::On => "on",
        Seeing::Failed(CameraFailed::NotAllowed) => "not-allowed",
        Seeing::Failed(CameraFailed::Missing) => "missing",
        Seeing::Failed(CameraFailed::Busy) => "busy",
        Seeing::Lost => "lost",
        Seeing::NoReader => "no-reader",
    }
}

/// How it is, and what to do about it.
fn said(seeing: Seeing, note: Note) -> (Msg, Option<Msg>) {
    match (seeing, note) {
        (Seeing::Off | Seeing::Opening, _) => (Msg::CameraOpening, None),
        (Seeing::On, Note::Aim) => (Msg::CameraAim, None),
        (Seeing::On, Note::Counted) => (Msg::CameraCounted, None),
        (Seeing::On, Note::Several) => (Msg::CameraSeveral, None),
        (Seeing::On, Note::Black) => (Msg::CameraBlack, None),
        (Seeing::Failed(CameraFailed::NotAllowed), _) => (Msg::CameraOff, Some(Msg::CameraOffDo)),
        (Seeing::Failed(CameraFailed::Missing), _) => {
            (Msg::CameraMissing, Some(Msg::CameraMissingDo))
        }
        (Seeing::Failed(CameraFailed::Busy), _) => (Msg::CameraBusy, Some(Msg::CameraBusyDo)),
        (Seeing::Lost, _) => (Msg::CameraLost, Some(Msg::CameraLostDo)),
        (Seeing::NoReader, _) => (Msg::CameraNoReader, Some(Msg::CameraMissingDo)),
    }
}
