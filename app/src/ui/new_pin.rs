//! A person chooses another PIN: the old one, the new one, and the new one again.
//!
//! In: three PINs. Out: a PIN that opens the person's key from now on, here and at the server. Must not: take one that
//! anybody would try first, or change anything while the server is away.

use domain::pin;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{SignInFailed, device};
use crate::ui::choice::lang;
use crate::ui::enter::{count_down, failure_text};
use crate::ui::parts::Button;
use crate::ui::pin_pad::PinPad;
use crate::ui::words::Msg;

/// Which of the three is typed.
#[derive(Clone, Debug, PartialEq)]
enum Asks {
    Old,
    New { old: String },
    Again { old: String, new: String },
    Done,
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq)]
enum Wrong {
    Easy,
    Differ,
    Failed(SignInFailed),
}

/// The sheet.
#[component]
pub(super) fn NewPin(open: RwSignal<bool>) -> impl IntoView {
    move || open.get().then(|| view! { <Sheet open/> })
}

#[component]
fn Sheet(open: RwSignal<bool>) -> impl IntoView {
    let asks = RwSignal::new(Asks::Old);
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<SignInFailed>);
    let wrong = RwSignal::new(None::<Wrong>);
    let change = move |old: String, new: String| {
        busy.set(true);
        spawn_local(async move {
            let changed = device().change_pin(&old, &new).await;
            busy.set(false);
            asks.set(if changed.is_ok() {
                Asks::Done
            } else {
                Asks::Old
            });
            wrong.set(changed.clone().err().map(Wrong::Failed));
            failure.set(changed.err());
            count_down(failure);
        });
    };
    let next = move || {
        let text = typed.get_untracked();
        if busy.get_untracked() || !pin::DIGITS.contains(&text.len()) {
            return;
        }
        typed.set(String::new());
        wrong.set(None);
        match asks.get_untracked() {
            Asks::Old => asks.set(Asks::New { old: text }),
            Asks::New { .. } if pin::check(&text).is_err() => wrong.set(Some(Wrong::Easy)),
            Asks::New { old } => asks.set(Asks::Again { old, new: text }),
            Asks::Again { old, new } if new == text => change(old, new),
            Asks::Again { old, .. } => {
                wrong.set(Some(Wrong::Differ));
                asks.set(Asks::New { old });
            }
            Asks::Done => {}
        }
    };
    let title = move || {
        let msg = match asks.get() {
            Asks::Old => Msg::OldPin,
            Asks::New { .. } => Msg::ChooseNewPin,
            Asks::Again { .. } => Msg::TypePinAgain,
            Asks::Done => Msg::PinChanged,
        };
        msg.say(lang())
    };
    let answer = move || {
        if busy.get() {
            return Msg::CheckingPin.say(lang()).to_owned();
        }
        match wrong.get() {
            None => String::new(),
            Some(Wrong::Easy) => Msg::PinTooEasy.say(lang()).to_owned(),
            Some(Wrong::Differ) => Msg::PinsDiffer.say(lang()).to_owned(),
            Some(Wrong::Failed(SignInFailed::NeedsServer)) => {
                Msg::NewPinNeedsServer.say(lang()).to_owned()
            }
            Some(Wrong::Failed(cause)) => failure_text(lang(), &cause),
        }
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let is_done = Memo::new(move |_| asks.get() == Asks::Done);
    let none = Signal::derive(|| None);
    let pad = move || {
        (!is_done.get()).then(|| {
            view! {
                <p class="soft">{move || Msg::NewPinHow.say(lang())}</p>
                <PinPad pin=typed busy length=none whole=next waits=true/>
            }
        })
    };
    view! {
        <section class="sheet" data-new-pin="" role="dialog" aria-modal="false" aria-labelledby="new-pin-title">
            <header class="sheet-head"><h2 id="new-pin-title">{title}</h2></header>
            <div class="sheet-body">
                <div class="new-pin">{pad}<p class="pin-answer" role="status">{answer}</p></div>
            </div>
            <footer class="dock">
                <Button word=text(Msg::Close) act=move || open.set(false)/>
                {move || (!is_done.get()).then(|| view! {
                    <Button word=text(Msg::Next) primary=true act=next/>
                })}
            </footer>
        </section>
    }
}
