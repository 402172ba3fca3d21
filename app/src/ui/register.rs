//! What changed about people, devices, passkeys, secrets and tokens, one by one, and when each device was last
//! heard of.
//!
//! In: the server's register. Out: the newest changes with their moments. Must not: guess one while the server does not
//! answer; the list is as old as its page.

use domain::id::DeviceId;
use domain::sync::register::{Change, Changed, Register};
use domain::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::platform::locale;
use crate::sync::http::HttpFailed;
use crate::ui::chain::told::{doer_text, passkeys_text, secret_text, token_text, wiped_text};
use crate::ui::choice::lang;
use crate::ui::denied;
use crate::ui::frame::minute;
use crate::ui::words::{Lang, Msg, acts, devices};

/// What the server said; nothing before it did.
pub(super) type Told = RwSignal<Option<Result<Register, HttpFailed>>>;

/// Which changes a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    People,
    Devices,
}

/// Asks the server, now, whenever the directory changes, and every minute: a device's word of its wipe changes no directory.
pub(super) fn asked() -> Told {
    let told: Told = RwSignal::new(None);
    let directory =
        Memo::new(|_| device().ledger(|ledger| (ledger.actors.clone(), ledger.devices.clone())));
    Effect::new(move |_| {
        // A memo that nobody reads follows nothing.
        directory.with(|_| ());
        minute().track();
        spawn_local(async move {
            let (caller, situation) = (device().caller(), device().situation());
            let (Some(caller), Some(situation)) = (caller, situation) else {
                return;
            };
            let answer = caller.register(situation.actor.0).await;
            told.try_set(Some(answer));
        });
    });
    told
}

/// When a device was last heard of, as far as the server said so.
pub(super) fn heard_of(told: Told, id: DeviceId) -> String {
    told.with(|told| match told {
        Some(Ok(register)) => match register.heard_of(id) {
            Some(at) => moment(at),
            None => Msg::NeverHeardOf.say(lang()).to_owned(),
        },
        Some(Err(_)) | None => String::new(),
    })
}

/// What a revoked device has said of its wipe, and when it was ordered, by its own signed word; that it said nothing yet.
pub(super) fn wiped(told: Told, id: DeviceId) -> String {
    told.with(|told| {
        let Some(Ok(register)) = told else {
            return String::new();
        };
        let changes = register.changes();
        let mut newest = changes.iter().filter_map(|change| match &change.what {
            Changed::Wiped(done) if done.device == id => done.told(),
            _ => None,
        });
        match newest.next() {
            Some(told) => devices::wiped_at(lang(), moment(told.wiped.0)),
            None => Msg::NotToldWiped.say(lang()).to_owned(),
        }
    })
}

fn moment(at: i64) -> String {
    locale::stamp(&device().zone(), Millis(at))
}

fn text(lang: Lang, what: &Changed) -> String {
    match what {
        Changed::Came(actor) => devices::came(lang, &actor.name),
        Changed::Left(actor) => devices::left(lang, &actor.name),
        Changed::CameBack(actor) => devices::came_back(lang, &actor.name),
        Changed::NewPin(actor) => devices::new_pin(lang, &actor.name),
        Changed::Unlocked(actor) => devices::unlocked(lang, &actor.name),
        Changed::Person(actor) => devices::changed(lang, &actor.name),
        Changed::Enrolled(known) => acts::device_enrolled(lang, &known.name),
        Changed::Revoked(known) => acts::device_revoked(lang, &known.name),
        Changed::Passkeys(done) => device().ledger_now(|ledger| passkeys_text(lang, ledger, done)),
        Changed::Secret(done) => secret_text(lang, done),
        Changed::Wiped(done) => device().ledger_now(|ledger| wiped_text(lang, ledger, done)),
        Changed::Token(done) => device().ledger_now(|ledger| token_text(lang, ledger, done)),
    }
}

fn is_of(of: Of, what: &Changed) -> bool {
    // What other systems know this one by stands beside the devices: neither is a person.
    let is_of_no_person = match what {
        Changed::Enrolled(_) | Changed::Revoked(_) | Changed::Secret(_) => true,
        Changed::Wiped(_) => true,
        Changed::Token(done) => done.whose.is_none(),
        _ => false,
    };
    is_of_no_person == (of == Of::Devices)
}

/// The list.
#[component]
pub(super) fn Changes(told: Told, of: Of) -> impl IntoView {
    let list = move || match told.get() {
        None => ().into_any(),
        Some(Err(cause)) => {
            let said = match cause {
                HttpFailed::Denied(no) => denied::sight_word(no.code),
                _ => Msg::EnrolNoServer,
            };
            view! { <p role="status">{move || said.say(lang())}</p> }.into_any()
        }
        Some(Ok(register)) => {
            let changes = register.changes().into_iter();
            let rows = changes.filter(|change| is_of(of, &change.what)).map(row);
            let rows = rows.collect_view();
            let more = register.more.then(|| {
                view! { <p class="faint">{move || Msg::EarlierChanges.say(lang())}</p> }
            });
            view! { <table class="table" data-changes=""><tbody>{rows}</tbody></table>{more} }
                .into_any()
        }
    };
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">{move || Msg::WhatChanged.say(lang())}</h2>
            {list}
        </section>
    }
}

fn row(change: Change) -> impl IntoView {
    let Change {
        at,
        what,
        position,
        by,
    } = change;
    let text = move |lang| {
        let what = text(lang, &what);
        match by.as_ref().map(|by| doer_text(lang, by)) {
            Some(by) => devices::done_by(lang, what, by),
            None => what,
        }
    };
    view! {
        <tr data-place=position.0.to_string()>
            <td class="faint">{move || moment(at)}</td>
            <td>{move || text(lang())}</td>
        </tr>
    }
}
