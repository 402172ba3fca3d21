//! In again without any passkey: other managers have approved, or one has and there is a printed code.
//!
//! In: a code, a PIN, an authenticator. Out: a new passkey. Must not: let anybody in by itself; the PIN comes after.

use domain::id::ActorId;
use leptos::prelude::*;

use crate::device::{SignInFailed, device};
use crate::ui::choice::lang;
use crate::ui::parts::Button;
use crate::ui::passkeys::{Printed, usual_name};
use crate::ui::proving::Proving;
use crate::ui::words::Msg;

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum At {
    Code,
    Pin(String),
    Done(Option<String>),
}

/// The sheet, while it is open.
#[component]
pub(super) fn WayBack(actor: ActorId, open: RwSignal<bool>) -> impl IntoView {
    move || open.get().then(|| view! { <Sheet actor open/> })
}

#[component]
fn Sheet(actor: ActorId, open: RwSignal<bool>) -> impl IntoView {
    let at = RwSignal::new(At::Code);
    let code = RwSignal::new(String::new());
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let next = move || at.set(At::Pin(code.get_untracked()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        next();
    };
    let body = move || match at.get() {
        At::Code => view! {
            <form class="new-pin" on:submit=submit>
                <p>{move || Msg::WayBackHow.say(lang())}</p>
                <label class="field">
                    {move || Msg::WayBackCode.say(lang())}
                    <input
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        prop:value=code
                        on:input=move |event| code.set(event_target_value(&event))
                    />
                </label>
            </form>
        }
        .into_any(),
        At::Pin(code) => {
            let code = StoredValue::new(code);
            let run = move |pin: String| async move {
                let (code, name) = (code.get_value(), usual_name());
                let back = device().come_back(actor, &pin, &code, &name).await?;
                at.set(At::Done(back.code));
                Ok::<(), SignInFailed>(())
            };
            view! { <Proving run why=Some(Msg::WayBackPin)/> }.into_any()
        }
        At::Done(code) => view! {
            <p>{move || Msg::WayBackDone.say(lang())}</p>
            {code.map(|code| view! { <Printed code/> })}
        }
        .into_any(),
    };
    let is_code = Memo::new(move |_| at.get() == At::Code);
    view! {
        <section class="sheet" data-way-back="" role="dialog" aria-modal="false" aria-labelledby="way-back-title">
            <header class="sheet-head">
                <h2 id="way-back-title">{move || Msg::LostPasskey.say(lang())}</h2>
            </header>
            <div class="sheet-body">{body}</div>
            <footer class="dock">
                <Button word=text(Msg::Close) act=move || open.set(false)/>
                {move || is_code.get().then(|| view! {
                    <Button word=text(Msg::Next) primary=true act=next/>
                })}
            </footer>
        </section>
    }
}
