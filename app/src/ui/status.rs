//! Status and choices: what is well, what is late, what can be done; language, hand, screen, sound.

use domain::sync::device::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{BUILD, device};
use crate::platform::sound::{self, Sound};
use crate::scan::{self, Step};
use crate::sync::{carry, run};
use crate::ui::choice::{LOCK_AFTER, choices, lang, theme};
use crate::ui::frame::{Back, Offers, Strip, home, minute};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::lifeboat::{Boats, LeavingUnsent, lateness, unsent_age};
use crate::ui::new_pin::NewPin;
use crate::ui::parts::{Button, go, minutes_since};
use crate::ui::witness::{Proof, Seen};
use crate::ui::words::{Lang, Msg, desk, shell, time};

/// The page.
#[component]
pub(super) fn Status() -> impl IntoView {
    scan::expect(Step::Anything);
    let leaving = RwSignal::new(false);
    let new_pin = RwSignal::new(false);
    let sign_out = move || {
        let unsent = device().report.get_untracked().unsent;
        if unsent > 0 && !leaving.get_untracked() {
            leaving.set(true);
        } else {
            spawn_local(async {
                device().sign_out().await;
            });
        }
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let say = move || {
        let msg = if device().cannot_save.get().is_some() {
            Msg::YouCannotWork
        } else {
            Msg::YouCanWork
        };
        msg.say(lang())
    };
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <LeavingUnsent asked=leaving/>
            <header class="head" data-task="">
                <Back path=home() word=Msg::Back/>
                <h1>{move || Msg::StatusPage.say(lang())}</h1>
            </header>
            <main class="main status" tabindex="0">
                <section>
                    <p class="status-say">{say}</p>
                    <ul class="health"><Server/><NotSent/><Shown/><SetAside/><Seen/><Version/></ul>
                    <Boats/>
                    <Proof/>
                </section>
                <Settings new_pin/>
            </main>
            <footer class="dock">
                <Button
                    icon=Icon::LogOut
                    word=text(Msg::SignOut)
                    act=sign_out
                />
                <Button word=text(Msg::Back) primary=true act=|| go(home())/>
            </footer>
            <NewPin open=new_pin/>
        </div>
    }
}

#[component]
pub(super) fn Health(
    #[prop(into)] state: Signal<&'static str>,
    name: Msg,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] age: Signal<String>,
    #[prop(optional, into)] part: Option<String>,
) -> impl IntoView {
    let tone = move || match state.get() {
        "ok" => "well",
        "late" => "attend",
        _ => "refuse",
    };
    let icon = move || match state.get() {
        "ok" => Icon::Check,
        _ => Icon::TriangleAlert,
    };
    view! {
        <li data-state=move || state.get() data-part=part>
            <span class="mark" data-tone=tone>{move || view! { <Glyph icon=icon()/> }}</span>
            <span class="health-name">{move || name.say(lang())}</span>
            <span class="health-value">{move || value.get()}</span>
            <span class="health-age">{move || age.get()}</span>
        </li>
    }
}

#[component]
fn Server() -> impl IntoView {
    let state = Signal::derive(|| {
        if device().report.get().connected {
            "ok"
        } else {
            "late"
        }
    });
    let value = Signal::derive(|| {
        let msg = if device().report.get().connected {
            Msg::HealthAllSent
        } else {
            Msg::HealthNoAnswer
        };
        msg.say(lang()).to_owned()
    });
    let age = Signal::derive(|| {
        minute().track();
        device()
            .answered_at
            .get()
            .map(|at| time::age(lang(), minutes_since(at)))
            .unwrap_or_default()
    });
    view! { <Health state name=Msg::HealthServer value age/> }
}

fn send_now(_: leptos::ev::MouseEvent) {
    run::step(device(), Input::Wake);
    carry::wake(device());
}

#[component]
fn NotSent() -> impl IntoView {
    let unsent = || device().report.get().unsent;
    let state = Signal::derive(lateness);
    let age = Signal::derive(unsent_age);
    let value = Signal::derive(move || match unsent() {
        0 => Msg::AllSent.say(lang()).to_owned(),
        count => shell::not_sent(lang(), count),
    });
    view! {
        <Health state name=Msg::HealthNotSent value age/>
        <li data-state="ok">
            <button class="btn btn-small" type="button" on:click=send_now>
                <span>{move || Msg::SendNow.say(lang())}</span>
            </button>
        </li>
    }
}

/// Shown only when the view is not what the server has, and fetching it again by itself did not help.
#[component]
fn Shown() -> impl IntoView {
    let differs = Memo::new(|_| device().report.get().differs);
    move || {
        differs.get().then(|| {
            let value = Signal::derive(|| Msg::HealthViewDiffers.say(lang()).to_owned());
            let state = Signal::derive(|| "bad");
            view! {
                <Health state name=Msg::HealthView value age=Signal::derive(String::new)/>
                <li data-state="bad">
                    <button class="btn btn-small" type="button" on:click=|_| run::fetch_all_again(device())>
                        <span>{move || Msg::GetAllAgain.say(lang())}</span>
                    </button>
                </li>
            }
        })
    }
}

#[component]
fn SetAside() -> impl IntoView {
    move || {
        let count = device().set_aside.get();
        (count > 0).then(|| {
            let value = Signal::derive(move || {
                shell::acts_unread(lang(), u32::try_from(count).unwrap_or(u32::MAX))
            });
            let state = Signal::derive(|| "bad");
            view! { <Health state name=Msg::ProblemsOpen value age=Signal::derive(String::new)/> }
        })
    }
}

#[component]
fn Version() -> impl IntoView {
    let value = Signal::derive(|| {
        let position = device().ledger(|_| device().replica.borrow().cursor().position.0);
        format!("{BUILD} · {}", desk::from_log_position(lang(), position))
    });
    let state = Signal::derive(|| "ok");
    view! { <Health state name=Msg::HealthVersion value age=Signal::derive(String::new)/> }
}

#[component]
fn Settings(new_pin: RwSignal<bool>) -> impl IntoView {
    let choices = choices();
    let has_passkeys = device()
        .actor()
        .is_some_and(|actor| actor.role.has_passkeys());
    let set_lang = move |lang: Lang| choices.lang.set(lang);
    let three = |_| {
        sound::unlock();
        sound::play(Sound::Attend);
    };
    view! {
        <aside class="status-side">
            <fieldset class="setting">
                <legend>{move || Msg::Language.say(lang())}</legend>
                <div class="choice">
                    <Choice word="English" on=Signal::derive(move || choices.lang.get() == Lang::En) act=move || set_lang(Lang::En)/>
                    <Choice word="Español" on=Signal::derive(move || choices.lang.get() == Lang::Es) act=move || set_lang(Lang::Es)/>
                </div>
            </fieldset>
            <fieldset class="setting">
                <legend>{move || Msg::Theme.say(lang())}</legend>
                <div class="choice">
                    <Said word=Msg::ThemeVault on=Signal::derive(move || theme() == "vault") act=move || choices.theme.set(Some("vault"))/>
                    <Said word=Msg::ThemeDesk on=Signal::derive(move || theme() == "desk") act=move || choices.theme.set(Some("desk"))/>
                    <Said word=Msg::ThemeSun on=Signal::derive(move || theme() == "sun") act=move || choices.theme.set(Some("sun"))/>
                </div>
            </fieldset>
            <fieldset class="setting">
                <legend>{move || Msg::Hand.say(lang())}</legend>
                <div class="choice">
                    <Said word=Msg::HandLeft on=Signal::derive(move || choices.left.get()) act=move || choices.left.set(true)/>
                    <Said word=Msg::HandRight on=Signal::derive(move || !choices.left.get()) act=move || choices.left.set(false)/>
                </div>
            </fieldset>
            <fieldset class="setting">
                <legend>{move || Msg::HealthSound.say(lang())}</legend>
                <div class="choice">
                    <Said word=Msg::On on=Signal::derive(move || !choices.muted.get()) act=move || choices.muted.set(false)/>
                    <Said word=Msg::Off on=Signal::derive(move || choices.muted.get()) act=move || choices.muted.set(true)/>
                </div>
                <button class="btn btn-small" type="button" on:click=three>
                    <span>{move || Msg::PlayThree.say(lang())}</span>
                </button>
            </fieldset>
            <fieldset class="setting">
                <legend>{move || Msg::LockAfter.say(lang())}</legend>
                <div class="choice">{LOCK_AFTER.map(lock_after)}</div>
            </fieldset>
            <button class="btn" type="button" on:click=move |_| new_pin.set(true)>
                <Glyph icon=Icon::Lock/>
                <span>{move || Msg::ChangePin.say(lang())}</span>
            </button>
            {has_passkeys.then(|| view! {
                <button class="btn" type="button" on:click=|_| go("/passkeys")>
                    <Glyph icon=Icon::ShieldCheck/>
                    <span>{move || Msg::YourPasskeys.say(lang())}</span>
                </button>
            })}
            <button class="btn" type="button" on:click=|_| go("/shift")>
                <Glyph icon=Icon::ClipboardCheck/>
                <span>{move || Msg::ShiftOpen.say(lang())}</span>
            </button>
            <button class="btn" type="button" on:click=|_| go("/scanner")>
                <Glyph icon=Icon::ScanLine/>
                <span>{move || Msg::TryScanner.say(lang())}</span>
            </button>
            <p class="soft">{move || Msg::SignOutBlocked.say(lang())}</p>
        </aside>
    }
}

fn lock_after(minutes: u64) -> impl IntoView {
    let chosen = choices().lock_after;
    let on = Signal::derive(move || chosen.get() == minutes);
    view! { <Choice word=format!("{minutes} min") on act=move || chosen.set(minutes)/> }
}

#[component]
fn Choice(#[prop(into)] word: String, on: Signal<bool>, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button class="btn" type="button" aria-pressed=move || on.get().to_string() on:click=move |_| act()>
            <span>{word}</span>
        </button>
    }
}

#[component]
fn Said(word: Msg, on: Signal<bool>, act: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button class="btn" type="button" aria-pressed=move || on.get().to_string() on:click=move |_| act()>
            <span>{move || word.say(lang())}</span>
        </button>
    }
}
