//! A PIN, before something is done that only this person may do.
//!
//! In: what is to be done. Out: it is done, or why not. Must not: keep the PIN longer than that takes.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{SignInFailed, device};
use crate::ui::choice::lang;
use crate::ui::enter::{count_down, failure_text};
use crate::ui::pin_pad::PinPad;
use crate::ui::words::Msg;

/// The pad, and what came of it. `why` stands over it.
#[component]
pub(super) fn Proving<F, Done>(run: F, why: Option<Msg>) -> impl IntoView
where
    F: Fn(String) -> Done + Copy + Send + Sync + 'static,
    Done: Future<Output = Result<(), SignInFailed>> + 'static,
{
    let pin = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<SignInFailed>);
    let length = RwSignal::new(None::<usize>);
    let actor = device().actor().map(|actor| actor.id);
    spawn_local(async move {
        if let Some(actor) = actor {
            length.try_set(device().pin_digits(actor).await);
        }
    });
    let prove = move || {
        busy.set(true);
        let typed = pin.get_untracked();
        pin.set(String::new());
        failure.set(None);
        spawn_local(async move {
            let done = run(typed).await;
            busy.try_set(false);
            if let Err(cause) = done {
                failure.try_set(Some(cause));
                count_down(failure);
            }
        });
    };
    let answer = move || {
        if busy.get() {
            return Msg::CheckingPin.say(lang()).to_owned();
        }
        match failure.get() {
            None => String::new(),
            Some(SignInFailed::NeedsServer) => Msg::EnrolNoServer.say(lang()).to_owned(),
            Some(cause) => failure_text(lang(), &cause),
        }
    };
    view! {
        <div class="new-pin">
            {why.map(|why| view! { <p>{move || why.say(lang())}</p> })}
            <p><b>{move || Msg::ProveItIsYou.say(lang())}</b></p>
            <PinPad pin busy length whole=prove/>
            <p class="pin-answer" role="status">{answer}</p>
        </div>
    }
}
