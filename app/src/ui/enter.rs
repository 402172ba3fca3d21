//! Who is working? A name or a badge, then a PIN.

use domain::facility::{Actor, Role};
use domain::id::ActorId;
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{SignInFailed, device};
use crate::platform::sound;
use crate::scan::{self, Step};
use crate::ui::choice::{choices, lang};
use crate::ui::frame::Strip;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Lang, Msg, enter};

/// Shortest and longest PIN.
const PIN_LENGTH: std::ops::RangeInclusive<usize> = 6..=8;

fn role_word(role: Role) -> Msg {
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

fn failure_text(lang: Lang, failure: &SignInFailed) -> String {
    match failure {
        SignInFailed::Wrong(left) => enter::wrong_pin(lang, left.unwrap_or(0)),
        SignInFailed::Locked => Msg::LockedOnThisTablet.say(lang).to_owned(),
        SignInFailed::NeedsServer => Msg::FirstSignInNeedsServer.say(lang).to_owned(),
        SignInFailed::Denied(_) => Msg::NotOnTheRoster.say(lang).to_owned(),
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
    let badge = scan::signals().badge;
    Effect::new(move |_| {
        let Some(id) = badge.get() else { return };
        let same = |actor: &&Actor| format!("{:03}", actor.id.0) == id;
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

#[component]
fn Pin(actor: Actor, chosen: RwSignal<Option<Actor>>) -> impl IntoView {
    let pin = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<SignInFailed>);
    let id = actor.id;
    let try_it = move || {
        if busy.get_untracked() || !PIN_LENGTH.contains(&pin.get_untracked().len()) {
            return;
        }
        busy.set(true);
        sound::unlock();
        let typed = pin.get_untracked();
        spawn_local(async move {
            let answer = device().sign_in(id, &typed).await;
            busy.set(false);
            pin.set(String::new());
            failure.set(answer.err());
        });
    };
    let digit = move |digit: char| {
        if busy.get_untracked() {
            return;
        }
        failure.set(None);
        pin.update(|pin| {
            if pin.len() < *PIN_LENGTH.end() {
                pin.push(digit);
            }
        });
        if pin.get_untracked().len() == *PIN_LENGTH.start() {
            try_it();
        }
    };
    let erase = move || {
        pin.update(|pin| {
            pin.pop();
        })
    };
    let typing = window_event_listener(keydown, move |event| match event.key().as_str() {
        "Backspace" => erase(),
        "Escape" => chosen.set(None),
        key => {
            if let Some(typed) = key.chars().next().filter(char::is_ascii_digit)
                && key.len() == 1
                && !event.default_prevented()
            {
                digit(typed);
            }
        }
    });
    on_cleanup(move || typing.remove());
    let dots = move || {
        let entered = pin.get().len();
        (0..*PIN_LENGTH.start())
            .map(|index| view! { <i data-on=(index < entered).then_some("")></i> })
            .collect_view()
    };
    let key = move |letter: char| {
        view! { <button type="button" on:click=move |_| digit(letter)>{letter.to_string()}</button> }
    };
    let answer = move || {
        if busy.get() {
            return Msg::CheckingPin.say(lang()).to_owned();
        }
        failure
            .get()
            .map(|failure| failure_text(lang(), &failure))
            .unwrap_or_default()
    };
    view! {
        <section class="enter-pin" aria-label="PIN">
            <p class="pin-for">
                <b>{actor.name.clone()}</b>" "
                <span class="soft">{move || enter::pin_for(lang(), PIN_LENGTH.start())}</span>
            </p>
            <div
                class="pin-dots"
                role="status"
                aria-label=move || enter::pin_entered(lang(), pin.get().len(), PIN_LENGTH.start())
            >
                {dots}
            </div>
            <div class="keypad">
                {"123456789".chars().map(key).collect_view()}
                <button class="keypad-word" type="button" on:click=move |_| pin.set(String::new())>
                    {move || Msg::Clear.say(lang())}
                </button>
                {key('0')}
                <button
                    type="button"
                    aria-label=move || Msg::DeleteDigit.say(lang())
                    on:click=move |_| erase()
                >
                    <Glyph icon=Icon::Delete/>
                </button>
            </div>
            <p class="pin-answer" role="status">{answer}</p>
        </section>
    }
}
