//! What the check of a file came to, on one sheet that can be printed.
//!
//! In: the report. Out: the verdict first, then everything it stands on. Must not: say that all is well about a report
//! with a flaw in it.

use std::rc::Rc;

use domain::audit::bundle::{Facts, Scope};
use domain::audit::verify::{FirstBad, HeadSeen, Report};
use domain::id::{DeviceId, Hash};
use domain::time::Millis;
use leptos::prelude::*;

use super::check::{Check, Found};
use super::flaw::{means, says};
use crate::platform::locale;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Lang, Msg, audit};

/// Characters of a device's identifier where its name stands beside it.
const ID_CHARS: usize = 8;
/// Digits of a key in one group.
const KEY_GROUP: usize = 8;

/// A number with its thousands apart.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn device_name(report: &Report, device: DeviceId) -> String {
    let id = device.to_string();
    let mut known = report
        .facts
        .iter()
        .flat_map(|facts| facts.devices.iter().rev());
    match known.find(|known| known.id == device) {
        Some(known) => {
            let short: String = id.chars().take(ID_CHARS).collect();
            format!("{} ({short})", known.name)
        }
        None => id,
    }
}

fn verdict(lang: Lang, report: &Report) -> String {
    let Some(bad) = report.first_bad else {
        let events = number(report.events);
        return match report.facts.as_ref().map(|facts| facts.scope) {
            Some(Scope::Whole | Scope::Range(..)) => audit::in_order_whole(lang, events),
            Some(Scope::Chosen) | None => audit::in_order_chosen(lang, events),
        };
    };
    let device = bad.device.map(|device| device_name(report, device));
    match (bad.position, device, bad.seq) {
        (Some(position), Some(device), Some(seq)) => {
            audit::broken_event(lang, number(seq), device, number(position.0))
        }
        (Some(position), _, _) => audit::broken_position(lang, number(position.0)),
        (None, Some(device), _) => audit::broken_device(lang, device),
        (None, None, _) => Msg::AuditBroken.say(lang).to_owned(),
    }
}

/// The page once a file was checked.
#[component]
pub(super) fn Sheet(found: Rc<Found>, check: Check) -> impl IntoView {
    let report = found.report.clone();
    let print = |_| {
        if let Some(window) = web_sys::window() {
            let _unprinted = window.print();
        }
    };
    view! {
        <article class="audit-sheet">
            <Verdict report=report.clone()/>
            <div class="acts">
                <button class="btn btn-primary" type="button" on:click=print>
                    <Glyph icon=Icon::Printer/>
                    <span>{move || Msg::Print.say(lang())}</span>
                </button>
                <button class="btn" type="button" on:click=move |_| check.give_up()>
                    <span>{move || Msg::AuditOther.say(lang())}</span>
                </button>
            </div>
            {report.facts.clone().map(|facts| view! { <Key facts/> })}
            <Figures report=report.clone() found/>
            <Devices report=report.clone()/>
            <Heads report/>
        </article>
    }
}

#[component]
fn Verdict(report: Report) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H2>::new();
    // Whoever waited without seeing the screen hears the verdict at once.
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _unfocused = heading.focus();
        }
    });
    let bad = report.first_bad;
    let (tone, icon) = match bad {
        Some(_) => ("refuse", Icon::Refused),
        None => ("accept", Icon::Accepted),
    };
    let events = report.events;
    let say = move || verdict(lang(), &report);
    view! {
        <section
            class="audit-verdict"
            data-tone=tone
            data-fault=bad.map(|bad| bad.flaw.code())
            data-position=bad.and_then(|bad| bad.position).map(|position| position.0)
        >
            <Glyph icon/>
            <h2 tabindex="-1" node_ref=heading>{say}</h2>
            {bad.map(|bad| view! { <Wrong bad events/> })}
        </section>
    }
}

#[component]
fn Wrong(bad: FirstBad, events: u64) -> impl IntoView {
    view! {
        <dl class="audit-facts">
            {row(Msg::AuditWhatIsWrong, move || says(bad.flaw).say(lang()).to_owned())}
            {row(Msg::AuditWhatItMeans, move || means(bad.flaw).say(lang()).to_owned())}
            {row(Msg::AuditByte, move || number(bad.byte))}
            {row(Msg::AuditBefore, move || number(events))}
        </dl>
    }
}

fn row(name: Msg, value: impl Fn() -> String + Send + 'static) -> impl IntoView {
    view! {
        <div>
            <dt>{move || name.say(lang())}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// The key everything hangs on, and whether it is the shop's: the file itself cannot know.
#[component]
fn Key(facts: Facts) -> impl IntoView {
    let key = Hash::of(&[&facts.log_key]).to_string();
    let given = RwSignal::new(String::new());
    let groups = key
        .as_bytes()
        .chunks(KEY_GROUP)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect::<Vec<_>>()
        .join(" ");
    let same = Memo::new(move |_| {
        let given: String = given.get().split_whitespace().collect();
        (!given.is_empty()).then(|| given.eq_ignore_ascii_case(&key))
    });
    let tone = move || match same.get() {
        Some(true) => Some("accept"),
        Some(false) => Some("refuse"),
        None => None,
    };
    let answer = move || match same.get() {
        Some(true) => Msg::AuditKeySame.say(lang()),
        Some(false) => Msg::AuditKeyDiffers.say(lang()),
        None => "",
    };
    view! {
        <section class="audit-part">
            <h3>{move || Msg::AuditKey.say(lang())}</h3>
            <p class="code audit-key">{groups}</p>
            <p>{move || Msg::AuditKeyWhy.say(lang())}</p>
            <label class="field">
                {move || Msg::AuditKeyGiven.say(lang())}
                <input
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=given
                    on:input=move |event| given.set(event_target_value(&event))
                />
            </label>
            <p class="audit-same" role="status" data-tone=tone>{answer}</p>
        </section>
    }
}

fn scope_word(scope: Scope) -> Msg {
    match scope {
        Scope::Whole => Msg::AuditWhole,
        Scope::Range(..) => Msg::AuditRange,
        Scope::Chosen => Msg::AuditChosen,
    }
}

#[component]
fn Figures(report: Report, found: Rc<Found>) -> impl IntoView {
    let facts = report.facts.as_ref().map(|facts| {
        let shop = facts.shop.as_ref();
        let zone = shop.map_or_else(locale::own_zone, |shop| shop.time_zone.clone());
        let name = shop.map(|shop| format!("{}, {}", shop.name, shop.business));
        let license = shop.map(|shop| shop.license.clone());
        let made = locale::stamp(&zone, Millis(facts.made_at));
        let (store, scope) = (facts.store.to_string(), scope_word(facts.scope));
        view! {
            {name.map(|name| row(Msg::AuditShop, move || name.clone()))}
            {license.map(|license| row(Msg::AuditLicense, move || license.clone()))}
            {row(Msg::AuditStore, move || store.clone())}
            {row(Msg::AuditMade, move || made.clone())}
            {row(Msg::AuditContents, move || scope.say(lang()).to_owned())}
        }
    });
    let positions = report.positions.map(|(first, last)| {
        let say = move || audit::positions(lang(), number(first.0), number(last.0));
        row(Msg::AuditPositions, say)
    });
    let (name, size) = (found.name.clone(), found.size);
    let at = locale::stamp(&locale::own_zone(), found.at);
    view! {
        <dl class="audit-facts">
            {facts}
            {row(Msg::AuditFile, move || format!("{name} · {}", audit::bytes(lang(), number(size))))}
            {row(Msg::AuditChecked, move || at.clone())}
            {positions}
            {row(Msg::AuditEvents, move || number(report.events))}
            {row(Msg::AuditExceptions, move || number(report.exceptions))}
            {row(Msg::AuditExceptionsOpen, move || number(report.open_exceptions))}
            {row(Msg::AuditPasskeys, move || number(report.passkeys))}
            {row(Msg::AuditWaysBack, move || number(report.ways_back))}
            {row(Msg::AuditHoles, move || number(report.holes))}
            {row(Msg::AuditAside, move || number(report.aside))}
            {row(Msg::AuditSignatures, move || number(report.signatures))}
        </dl>
    }
}

#[component]
fn Devices(report: Report) -> impl IntoView {
    let rows = report
        .devices
        .iter()
        .map(|(device, events)| {
            let name = device_name(&report, *device);
            view! { <tr><td>{name}</td><td data-number="">{number(*events)}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="audit-part">
            <h3>{move || Msg::AuditByDevice.say(lang())}</h3>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{move || Msg::AuditDevice.say(lang())}</th>
                        <th scope="col" data-number="">{move || Msg::AuditEvents.say(lang())}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Heads(report: Report) -> impl IntoView {
    let row = |head: &HeadSeen| {
        let names: Vec<String> = head
            .witnesses
            .iter()
            .map(|device| device_name(&report, *device))
            .collect();
        let names = move || match names.is_empty() {
            true => Msg::AuditNobody.say(lang()).to_owned(),
            false => names.join(", "),
        };
        let checkpoint = head.checkpoint;
        view! {
            <tr>
                <td>{number(checkpoint.size)}</td>
                <td class="code audit-root">{checkpoint.root.to_string()}</td>
                <td>{names}</td>
            </tr>
        }
    };
    let rows = report.heads.iter().map(row).collect_view();
    view! {
        <section class="audit-part">
            <h3>{move || Msg::AuditHeads.say(lang())}</h3>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{move || Msg::AuditHead.say(lang())}</th>
                        <th scope="col">{move || Msg::AuditRoot.say(lang())}</th>
                        <th scope="col">{move || Msg::AuditWitnesses.say(lang())}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}
