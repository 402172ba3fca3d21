//! Who is working? A name or a badge, then a PIN.

use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::pin::DIGITS;
use gloo_timers::future::TimeoutFuture;
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{SignInFailed, device};
use crate::platform::sound;
use crate::scan::{self, Step};
use crate::ui::choice::{choices, lang};
use crate::ui::denied;
use crate::ui::frame::Strip;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::clock_text;
use crate::ui::passkeys;
use crate::ui::pin_pad::PinPad;
use crate::ui::way_back::WayBack;
use crate::ui::words::{Lang, Msg, enter};

pub(super) fn role_word(role: Role) -> Msg {
    match role {
        Role::Associate => Msg::RoleAssociate,
        Role::FrontOfHouse => Msg::RoleFrontOfHouse,
        Role::Driver => Msg::RoleDriver,
        Role::DeliveryCoordinator => Msg::RoleDeliveryCoordinator,
        Role::InventoryManager => Msg::RoleInventoryManager,
        Role::ComplianceOfficer => Msg::RoleCompliance,
        Role::GeneralManager => Msg::RoleGeneralManager,
        Role::Auditor => Msg::RoleAuditor,
    }
}

pub(super) fn failure_text(lang: Lang, failure: &SignInFailed) -> String {
    match failure {
        SignInFailed::Wrong(left) => enter::wrong_pin(lang, left.unwrap_or(0)),
        SignInFailed::Wait(seconds) => enter::wait_seconds(lang, seconds),
        SignInFailed::Locked => Msg::LockedOnThisTablet.say(lang).to_owned(),
        SignInFailed::NeedsServer => Msg::FirstSignInNeedsServer.say(lang).to_owned(),
        SignInFailed::Denied(code) => denied::word(*code).say(lang).to_owned(),
        SignInFailed::Passkey(cause) => passkeys::failed_word(cause).say(lang).to_owned(),
        SignInFailed::Broken(cause) => format!("{} ({cause})", Msg::CannotSave.say(lang)),
    }
}

/// The sign-in screen.
#[component]
pub(super) fn Enter() -> impl IntoView {
    scan::expect(Step::SignIn);
    let chosen = RwSignal::new(None::<Actor>);
    let people = Memo::new(|_| {
        device().ledger(|ledger| {
            ledger
                .actors
                .values()
                .filter(|actor| actor.active && actor.id != ActorId::SERVER)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    // Whoever was there before a pause goes on with the PIN alone.
    let paused = device().paused.get_untracked();
    let before = |actor: &&Actor| Some(actor.id) == paused;
    chosen.set(people.get_untracked().iter().find(before).cloned());
    let badge = scan::signals().badge;
    Effect::new(move |_| {
        let Some(id) = badge.get() else { return };
        let same = |actor: &&Actor| scan::badge_id(actor.id) == id;
        if let Some(actor) = people.get_untracked().iter().find(same) {
            chosen.set(Some(actor.clone()));
        }
        badge.set(None);
    });
    let other_language = move |_| choices().lang.update(|lang| *lang = lang.other());
    let step = move || chosen.get().map(|_| "pin");
    view! {
        <div class="frame">
            <Strip/>
            <main class="main enter" data-step=step>
                <section class="enter-people">
                    <div class="enter-head">
                        <h1>{move || Msg::WhoIsWorking.say(lang())}</h1>
                        <button class="btn btn-small" type="button" on:click=other_language>
                            <Glyph icon=Icon::Languages/>
                            <span>{move || Msg::OtherLanguage.say(lang())}</span>
                        </button>
                    </div>
                    <p class="ask">
                        <Glyph icon=Icon::ScanBarcode/>
                        {move || Msg::ScanBadgeOrName.say(lang())}
                    </p>
                    {move || device().turned_out.get().map(|at| {
                        let at = clock_text(at);
                        view! {
                            <p class="ask" data-turned-out="">
                                <Glyph icon=Icon::Lock/>{move || enter::left_at(lang(), &at)}
                            </p>
                        }
                    })}
                    {paused.map(|_| view! {
                        <p class="ask" data-paused=""><Glyph icon=Icon::Lock/>{move || Msg::AutoLocked.say(lang())}</p>
                    })}
                    <People people chosen/>
                </section>
                {move || chosen.get().map(|actor| view! { <Pin actor chosen/> })}
            </main>
        </div>
    }
}

#[component]
fn People(people: Memo<Vec<Actor>>, chosen: RwSignal<Option<Actor>>) -> impl IntoView {
    let is_chosen = move |id| chosen.with(|chosen| chosen.as_ref().is_some_and(|one| one.id == id));
    move || {
        let people = people.get();
        if people.is_empty() {
            return view! {
                <div class="empty">
                    <h2>{move || Msg::NobodyYet.say(lang())}</h2>
                    <p>{move || Msg::NobodyYetDo.say(lang())}</p>
                </div>
            }
            .into_any();
        }
        let cards = people
            .into_iter()
            .map(|actor| {
                let (id, role, name) = (actor.id, actor.role, actor.name.clone());
                view! {
                    <li>
                        <button
                            class="person"
                            type="button"
                            aria-pressed=move || is_chosen(id).to_string()
                            on:click=move |_| chosen.set(Some(actor.clone()))
                        >
                            <b>{name}</b>
                            <span>{move || role_word(role).say(lang())}</span>
                        </button>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="people">{cards}</ul> }.into_any()
    }
}

/// Seconds to wait, second by second, until a PIN is looked at again or somebody types.
pub(super) fn count_down(failure: RwSignal<Option<SignInFailed>>) {
    spawn_local(async move {
        while let Some(Some(SignInFailed::Wait(left))) = failure.try_get_untracked() {
            TimeoutFuture::new(1_000).await;
            if failure.try_get_untracked() == Some(Some(SignInFailed::Wait(left))) {
                let left = left.saturating_sub(1);
                failure.try_set((left > 0).then_some(SignInFailed::Wait(left)));
            }
        }
    });
}

#[component]
fn Pin(actor: Actor, chosen: RwSignal<Option<Actor>>) -> impl IntoView {
    let pin = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<SignInFailed>);
    let lost = RwSignal::new(false);
    let id = actor.id;
    // Known when the person was here before.
    let length = RwSignal::new(None::<usize>);
    spawn_local(async move {
        length.try_set(device().pin_digits(id).await);
    });
    let try_it = move || {
        busy.set(true);
        sound::unlock();
        let typed = pin.get_untracked();
        spawn_local(async move {
            let answer = device().sign_in(id, &typed).await;
            busy.set(false);
            pin.set(String::new());
            failure.set(answer.err());
            count_down(failure);
        });
    };
    let leaving = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" {
            chosen.set(None);
        }
    });
    on_cleanup(move || leaving.remove());
    Effect::new(move |_| {
        if pin.with(|pin| !pin.is_empty()) && !busy.get_untracked() {
            failure.set(None);
        }
    });
    let of = move || length.get().unwrap_or(*DIGITS.start());
    let answer = move || {
        if busy.get() {
            return Msg::CheckingPin.say(lang()).to_owned();
        }
        failure
            .get()
            .map(|failure| failure_text(lang(), &failure))
            .unwrap_or_default()
    };
    let pad = move || (!lost.get()).then(|| view! { <PinPad pin busy length whole=try_it/> });
    view! {
        <section class="enter-pin" aria-label="PIN">
            <p class="pin-for">
                <b>{actor.name.clone()}</b>" "
                <span class="soft">{move || enter::pin_for(lang(), of())}</span>
            </p>
            {pad}
            <p class="pin-answer" role="status">{answer}</p>
            {move || failure.get().filter(passkeys::is_about).map(|_| view! {
                <button class="btn btn-small" type="button" on:click=move |_| lost.set(true)>
                    <span>{move || Msg::LostPasskey.say(lang())}</span>
                </button>
            })}
            <WayBack actor=id open=lost/>
        </section>
    }
}
