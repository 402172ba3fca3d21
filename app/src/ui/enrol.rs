//! Setting up this device: once, with the server and a manager's code.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::access::enrol::EnrolFailed;
use crate::device::device;
use crate::store::beside;
use crate::sync::http::{self, HttpFailed};
use crate::ui::choice::lang;
use crate::ui::denied;
use crate::ui::devices::ENROL_MARK;
use crate::ui::frame::Strip;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::lifeboat::TakeAlong;
use crate::ui::parts::Button;
use crate::ui::words::{Lang, Msg, enter};

fn failure_text(lang: Lang, failure: &EnrolFailed) -> String {
    match failure {
        EnrolFailed::Http(HttpFailed::Denied(denied)) => {
            denied::enrol_word(denied.code).say(lang).to_owned()
        }
        EnrolFailed::Http(_) => Msg::EnrolNoServer.say(lang).to_owned(),
        EnrolFailed::Key(_) | EnrolFailed::Store(_) => Msg::CannotSave.say(lang).to_owned(),
        EnrolFailed::Forgetful => Msg::EnrolInstallFirst.say(lang).to_owned(),
    }
}

/// A name for a device nobody has named: what it is, by its screen.
fn first_name() -> String {
    let wide = web_sys::window()
        .and_then(|window| window.inner_width().ok())
        .and_then(|width| width.as_f64())
        .unwrap_or(0.0);
    let kind = if wide < 700.0 {
        "Phone"
    } else if wide < 1300.0 {
        "Tablet"
    } else {
        "Browser"
    };
    let number = crate::platform::random::number() % 900 + 100;
    format!("{kind} {number}")
}

/// The code in the address that a manager's picture led to.
fn code_in_address() -> Option<String> {
    let address = web_sys::window()?.location().href().ok()?;
    let (_, code) = address.split_once(ENROL_MARK)?;
    Some(code.to_owned())
}

/// Six digits that must be the same on the manager's screen.
#[component]
pub(super) fn Compare() -> impl IntoView {
    let differs = RwSignal::new(false);
    let check = device().check_code;
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let name = device()
        .certificate()
        .map(|own| own.device.name)
        .unwrap_or_default();
    view! {
        <div class="frame">
            <Strip/>
            <main class="main enrol">
                <h1>{move || Msg::CheckCode.say(lang())}</h1>
                <p class="check-code" data-check="">{check}</p>
                <p class="ask">
                    <Glyph icon=Icon::TabletSmartphone/>
                    {move || Msg::SameOnBothScreens.say(lang())}
                </p>
                <p class="soft">{move || enter::enrolled_as(lang(), &name)}</p>
                <p class="field-answer" role="alert">
                    {move || differs.get().then(|| Msg::EnrolDiffers.say(lang()))}
                </p>
            </main>
            <footer class="dock">
                <Button word=text(Msg::ItDiffers) act=move || differs.set(true)/>
                <Button
                    word=text(Msg::ItIsTheSame)
                    primary=true
                    disabled=Signal::derive(move || differs.get())
                    act=move || check.set(None)
                />
            </footer>
        </div>
    }
}

/// The set-up screen. Where enrolment is open (a demo shop), it sets itself up.
#[component]
pub(super) fn Enrol() -> impl IntoView {
    let code = RwSignal::new(code_in_address().unwrap_or_default());
    let name = RwSignal::new(first_name());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<EnrolFailed>);
    let set_up = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let (code, name) = (code.get_untracked(), name.get_untracked());
        spawn_local(async move {
            let answer = device().enrol(code.trim(), name.trim()).await;
            busy.set(false);
            failure.set(answer.err());
        });
    };
    spawn_local(async move {
        match http::hello().await {
            // Whom a manager sent away does not come back by itself, wherever the door is open.
            Ok(hello) if hello.open_enrolment && !device().revoked.get_untracked() => set_up(),
            Ok(_) => {}
            Err(cause) => failure.set(Some(EnrolFailed::Http(cause))),
        }
    });
    let answer = Signal::derive(move || {
        if busy.get() {
            return Msg::SettingUp.say(lang()).to_owned();
        }
        failure
            .get()
            .map(|failure| failure_text(lang(), &failure))
            .unwrap_or_default()
    });
    view! {
        <div class="frame">
            <Strip/>
            <main class="main enrol">
                <h1>{move || Msg::SetUpThisTablet.say(lang())}</h1>
                {beside::was_emptied().then(|| view! { <Emptied/> })}
                <Revoked/>
                <p class="ask">
                    <Glyph icon=Icon::QrCode/>
                    {move || Msg::EnrolAskManager.say(lang())}
                </p>
                <EnrolForm code name busy answer set_up/>
            </main>
        </div>
    }
}

/// The device was set up before.
#[component]
fn Emptied() -> impl IntoView {
    view! {
        <div class="notice" data-tone="attend" data-emptied="" role="alert">
            <Glyph icon=Icon::TriangleAlert/>
            <span class="grow">
                <b>{move || Msg::StoreEmptied.say(lang())}</b>
                " "
                {move || Msg::StoreEmptiedDo.say(lang())}
            </span>
        </div>
    }
}

/// A manager revoked the device. What it recorded and has not sent is on its way, or can be taken along.
#[component]
fn Revoked() -> impl IntoView {
    let said = RwSignal::new(String::new());
    move || {
        device().revoked.get().then(|| {
            view! {
                <div class="notice" data-tone="attend" data-revoked="" role="alert">
                    <Glyph icon=Icon::TriangleAlert/>
                    <span class="grow">
                        <b>{move || Msg::RevokedHere.say(lang())}</b>
                        " "
                        {move || Msg::RevokedHereDo.say(lang())}
                        " "
                        {move || said.get()}
                    </span>
                    <TakeAlong said/>
                </div>
            }
        })
    }
}

#[component]
fn EnrolForm(
    code: RwSignal<String>,
    name: RwSignal<String>,
    busy: RwSignal<bool>,
    answer: Signal<String>,
    set_up: impl Fn() + 'static,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        set_up();
    };
    view! {
                <form class="enrol-form" on:submit=submit>
                    <label class="field">
                        {move || Msg::EnrolOrType.say(lang())}
                        <input
                            data-code=""
                            autocomplete="off"
                            prop:value=code
                            on:input=move |event| code.set(event_target_value(&event))
                        />
                    </label>
                    <label class="field">
                        {move || Msg::DeviceName.say(lang())}
                        <input
                            autocomplete="off"
                            prop:value=name
                            on:input=move |event| name.set(event_target_value(&event))
                        />
                        <small>{move || Msg::DeviceNameHow.say(lang())}</small>
                    </label>
                    <button class="btn btn-primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || Msg::SetUp.say(lang())}
                    </button>
                    <p class="field-answer" role="status">{move || answer.get()}</p>
                </form>
    }
}
