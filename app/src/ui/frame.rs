//! The strip above and the rail beside every screen.
//!
//! In: signals of the device. Out: who works, what is not sent, what is wrong; the ways to other screens.

use std::cell::RefCell;

use domain::custody::waiting::waiting_for;
use domain::facility::{Right, Role};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::device::{Phase, device};
use crate::ui::choice::{choices, lang};
use crate::ui::devices::InAgain;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::lifeboat::{TakeAlong, lateness, unsent_age};
use crate::ui::parts::{clock_text, go, home_of, minutes_since};
use crate::ui::passkeys::offer::PasskeyOffer;
use crate::ui::permit::PermitNotice;
use crate::ui::words::{Msg, shell, time};

thread_local! {
    static MINUTE: RwSignal<u64> = RwSignal::new(0);
    static TICKING: RefCell<Option<Interval>> = const { RefCell::new(None) };
}

/// Ticks often enough for every age on screen to be true to the minute.
pub fn minute() -> RwSignal<u64> {
    MINUTE.with(|minute| {
        let minute = *minute;
        TICKING.with_borrow_mut(|ticking| {
            ticking.get_or_insert_with(|| {
                Interval::new(10_000, move || minute.update(|count| *count += 1))
            });
        });
        minute
    })
}

/// Who works, what is not sent, what is wrong. One button, which opens Status.
#[component]
pub(super) fn Strip() -> impl IntoView {
    let who = move || {
        device().phase.track();
        match device().actor() {
            Some(actor) => actor.name,
            None => Msg::NobodySignedIn.say(lang()).to_owned(),
        }
    };
    let shop = move || {
        device().store().map(|store| store.name).or_else(|| {
            device()
                .certificate()
                .map(|certificate| certificate.store_name)
        })
    };
    let now = move || {
        minute().track();
        // The shop's zone is known once the shop is.
        device().ledger(|_| ());
        clock_text(device().now())
    };
    let open = move |_| {
        if matches!(device().phase.get_untracked(), Phase::SignedIn(_)) {
            go("/status");
        }
    };
    view! {
        <button class="strip" type="button" on:click=open>
            <span class="sr">{move || Msg::OpensStatus.say(lang())}</span>
            <span class="strip-item" data-tone="strong"><Glyph icon=Icon::User/>{who}</span>
            <span class="strip-item" data-tone="quiet" data-from="landscape">
                <Glyph icon=Icon::Store/>{shop}
            </span>
            <span class="grow"></span>
            <Trouble/>
            <Unsent/>
            <Muted/>
            <span class="strip-item" data-tone="strong" data-from="portrait">{now}</span>
        </button>
    }
}

/// No network is amber, and says that work goes on; a tablet that cannot save is red.
#[component]
fn Trouble() -> impl IntoView {
    let cannot_save = move || device().cannot_save.get().is_some();
    let offline = move || !device().report.get().connected;
    // What is said of the server is about this device's own exchange with it; before and after, there is none.
    let is_outside = move || {
        device().phase.track();
        device().certificate().is_none() || device().revoked.get()
    };
    move || {
        if cannot_save() {
            view! {
                <span class="strip-item" data-tone="refuse">
                    <Glyph icon=Icon::OctagonAlert/>
                    {move || Msg::NotSavingStop.say(lang())}
                </span>
            }
            .into_any()
        } else if is_outside() {
            ().into_any()
        } else if offline() {
            view! {
                <span class="strip-item" data-tone="attend">
                    <Glyph icon=Icon::CloudOff/>
                    {move || Msg::NoNetwork.say(lang())}
                    <span data-from="portrait">{move || format!("· {}", Msg::WorkGoesOn.say(lang()))}</span>
                </span>
            }
            .into_any()
        } else {
            let age = move || {
                minute().track();
                let minutes = device().answered_at.get().map_or(0, minutes_since);
                shell::server_age(lang(), time::age(lang(), minutes))
            };
            view! {
                <span class="strip-item" data-from="phone"><Glyph icon=Icon::RefreshCw/>{age}</span>
            }
            .into_any()
        }
    }
}

#[component]
fn Unsent() -> impl IntoView {
    let unsent = Memo::new(|_| device().report.get().unsent);
    let tone = || match lateness() {
        "bad" => "refuse",
        "late" => "attend",
        _ => "strong",
    };
    let said = |count| match lateness() {
        "ok" => shell::not_sent(lang(), count),
        _ => shell::not_sent_since(lang(), count, unsent_age()),
    };
    move || match unsent.get() {
        0 => view! {
            <span class="strip-item">
                <Glyph icon=Icon::Check/>{move || Msg::AllSent.say(lang())}
            </span>
        }
        .into_any(),
        count => view! {
            <span class="strip-item" data-tone=tone data-unsent=count>
                <Glyph icon=Icon::CloudUpload/>{move || said(count)}
            </span>
        }
        .into_any(),
    }
}

#[component]
fn Muted() -> impl IntoView {
    let muted = choices().muted;
    move || {
        muted.get().then(|| {
            view! {
                <span class="strip-item" data-tone="attend">
                    <Glyph icon=Icon::VolumeOff/>{move || Msg::SoundOff.say(lang())}
                </span>
            }
        })
    }
}

/// The server turns this device away: nothing is lost, and a manager's code lets it in again.
#[component]
fn LetInOffer() -> impl IntoView {
    let act = |_| device().phase.set(Phase::NotEnrolled);
    let said = RwSignal::new(String::new());
    view! {
        <div class="notice" data-tone="attend" role="alert">
            <Glyph icon=Icon::TriangleAlert/>
            <span class="grow">{move || Msg::TurnedAway.say(lang())} " " {move || said.get()}</span>
            <TakeAlong said/>
            <button class="btn btn-small" type="button" on:click=act>
                <span>{move || Msg::SetUpAgain.say(lang())}</span>
            </button>
        </div>
    }
}

/// What waits for an answer where no order is open: a new enrolment, a newer build; and what has to wait.
#[component]
pub(super) fn Offers() -> impl IntoView {
    let is_turned_away = device().turned_away;
    let offer = move || match is_turned_away.get() {
        true => view! { <LetInOffer/> }.into_any(),
        false => view! { <UpdateOffer/><PasskeyOffer/> }.into_any(),
    };
    view! {
        {offer}
        <InAgain/>
        <PermitNotice/>
    }
}

/// A newer build waits; it is offered where no order is open.
#[component]
fn UpdateOffer() -> impl IntoView {
    let ready = device().update_ready;
    let act = |_| leptos::task::spawn_local(crate::platform::update::activate());
    move || {
        ready.get().then(|| {
            view! {
                <div class="notice" data-tone="here">
                    <Glyph icon=Icon::Download/>
                    <span class="grow">{move || Msg::UpdateAvailable.say(lang())}</span>
                    <button class="btn btn-small" type="button" on:click=act>
                        <span>{move || Msg::UpdateNow.say(lang())}</span>
                    </button>
                </div>
            }
        })
    }
}

/// The rail: what this person's role may do, and nothing else.
#[component]
pub(super) fn Rail() -> impl IntoView {
    let actor = device().actor();
    let role = actor.as_ref().map_or(Role::Auditor, |actor| actor.role);
    let mut places: Vec<(&'static str, Icon, Msg)> = Vec::new();
    if role.may(Right::Fulfil) {
        places.push(("/queue", Icon::List, Msg::Queue));
        places.push(("/pack", Icon::PackageCheck, Msg::Pack));
        places.push(("/stage", Icon::Rows, Msg::Stage));
    }
    if role.may(Right::HandOver) {
        places.push(("/counter", Icon::Users, Msg::HandOverTab));
    }
    if role.may(Right::ReadChain) {
        places.push(("/orders", Icon::ScrollText, Msg::OrdersPage));
    }
    let link = |(path, icon, word): (&'static str, Icon, Msg)| {
        view! { <A href=path><Glyph icon/><span>{move || word.say(lang())}</span></A> }
    };
    let links = places.into_iter().map(link).collect_view();
    let waits = Memo::new(move |_| {
        let count = |actor| device().ledger(|ledger| waiting_for(ledger, actor));
        actor.as_ref().map_or(0, count) > 0
    });
    let needed = move || {
        waits
            .get()
            .then(|| link(("/exceptions", Icon::Inbox, Msg::NeedsYou)))
    };
    view! { <nav class="rail" aria-label=move || Msg::MainMenu.say(lang())>{links}{needed}</nav> }
}

/// Back, at the head of a task.
#[component]
pub(super) fn Back(#[prop(into)] path: String, word: Msg) -> impl IntoView {
    let press = move |_| go(&path);
    view! {
        <button
            class="btn btn-small btn-quiet back"
            type="button"
            on:click=press
        >
            <Glyph icon=Icon::ChevronLeft/>
            <span class="sr">{move || Msg::Back.say(lang())}</span>
            <span data-from="portrait">{move || word.say(lang())}</span>
        </button>
    }
}

/// Where a person goes who leaves Status or a page that does not exist.
pub(super) fn home() -> &'static str {
    device()
        .actor()
        .map_or("/status", |actor| home_of(actor.role))
}
