//! A word after a sign-in: this device could keep a passkey for whoever has none.
//!
//! In: who signed in, the server's list. Out: an offer, or nothing. Must not: nag; whoever says "later" is left alone for a
//! week.

use std::cell::Cell;

use domain::sync::proof::PasskeysAct;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Phase, device};
use crate::platform::{choice, clock, passkey};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::go;
use crate::ui::words::Msg;

/// Under this name the device keeps when somebody last said "later".
const LATER: &str = "passkey-later";
/// Where passkeys are made.
const PAGE: &str = "/passkeys";
/// Milliseconds until it is offered again.
const WEEK: i64 = 7 * 86_400_000;

thread_local! {
    /// Whether it is offered now.
    static OFFERED: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
}

/// Looks after each sign-in whether there is something to offer.
pub(in crate::ui) fn follow() {
    let offered = RwSignal::new(false);
    OFFERED.set(Some(offered));
    let who = Memo::new(|_| match device().phase.get() {
        Phase::SignedIn(actor) => Some(actor),
        Phase::Starting
        | Phase::OtherTab
        | Phase::Broken(_)
        | Phase::NotEnrolled
        | Phase::SignedOut => None,
    });
    Effect::new(move |_| {
        offered.set(false);
        let is_manager = who.get().is_some()
            && device()
                .actor()
                .is_some_and(|actor| actor.role.has_passkeys());
        if is_manager && passkey::is_supported() && has_name() && !is_later() {
            spawn_local(async move {
                let listed = device().own_passkeys(None, PasskeysAct::List).await;
                offered.set(listed.is_ok_and(|answer| answer.passkeys.is_empty()));
            });
        }
    });
}

/// There is nothing to offer any more.
pub(super) fn done() {
    if let Some(offered) = OFFERED.get() {
        offered.set(false);
    }
}

/// Whether the app's address has a name.
fn has_name() -> bool {
    let host = web_sys::window().and_then(|window| window.location().hostname().ok());
    let is_number = |host: &str| {
        host.starts_with('[') || host.chars().all(|one| one.is_ascii_digit() || one == '.')
    };
    host.is_some_and(|host| !is_number(&host))
}

fn is_at(page: &str) -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some(page)
}

fn is_later() -> bool {
    let said = choice::read(LATER).and_then(|at| at.parse::<i64>().ok());
    said.is_some_and(|at| clock::wall().saturating_sub(at) < WEEK)
}

/// The offer.
#[component]
pub(in crate::ui) fn PasskeyOffer() -> impl IntoView {
    let offered = OFFERED.get();
    // Where it would lead, nobody has to be led. Each page has its own offers, and the auditor's page has no router.
    let is_there = is_at(PAGE);
    let is_wanted = move || !is_there && offered.is_some_and(|offered| offered.get());
    let later = move |_| {
        choice::write(LATER, &clock::wall().to_string());
        done();
    };
    move || {
        is_wanted().then(|| {
            view! {
                <div class="notice" data-tone="here" data-offer-passkey="">
                    <Glyph icon=Icon::ShieldCheck/>
                    <span class="grow">{move || Msg::OfferPasskey.say(lang())}</span>
                    <button class="btn btn-small" type="button" on:click=later>
                        <span>{move || Msg::Later.say(lang())}</span>
                    </button>
                    <button class="btn btn-small" type="button" on:click=|_| go(PAGE)>
                        <span>{move || Msg::SetUp.say(lang())}</span>
                    </button>
                </div>
            }
        })
    }
}
