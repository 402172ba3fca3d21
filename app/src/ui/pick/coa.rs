//! What the laboratory said of the package in hand: one tap away, kept on the device; and whether its label says the same.
//!
//! In: the package's own row, the label's figures. Out: facts on a sheet; a package nobody picks when they differ. Must not:
//! correct a figure; a label and a certificate that differ are for the compliance officer.

use domain::custody::compare::{self, Figure, Said};
use domain::event::Body;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::stock::{LabStatus, Potency};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, Tag};
use crate::ui::words::{Lang, Msg};

fn lab_word(lab: LabStatus) -> Msg {
    match lab {
        LabStatus::Passed => Msg::LabPassed,
        LabStatus::Pending => Msg::LabPending,
        LabStatus::Failed => Msg::LabFailed,
        LabStatus::Unknown => Msg::LabUnknown,
    }
}

/// Each fact with its name; what nobody has entered says so.
fn facts(lang: Lang, ledger: &Ledger, tag: &PackageTag) -> Vec<(Msg, String)> {
    let Some(package) = ledger.packages.get(tag) else {
        return Vec::new();
    };
    let none = || Msg::NotEntered.say(lang).to_owned();
    let potency = |potency: Option<Potency>| potency.map_or_else(none, Potency::text);
    let day = |day: Option<domain::time::Day>| day.map_or_else(none, |day| day.to_string());
    vec![
        (Msg::CoaBatch, package.batch.clone().unwrap_or_else(none)),
        (Msg::CoaResult, lab_word(package.lab).say(lang).to_owned()),
        (Msg::CoaThc, potency(package.thc)),
        (Msg::CoaCbd, potency(package.cbd)),
        (Msg::CoaTested, day(package.tested)),
        (Msg::CoaExpires, day(package.expires)),
        (Msg::CoaPackaged, day(package.packaged)),
    ]
}

/// What a typed figure is: none, one, or nothing that can be compared.
fn figure(typed: &RwSignal<String>) -> Result<Option<Figure>, ()> {
    typed.with_untracked(|typed| match typed.trim() {
        "" => Ok(None),
        text => Figure::parse(text).map(Some).ok_or(()),
    })
}

/// What the comparison came to.
fn answer(outcome: &Outcome) -> String {
    let msg = match outcome {
        Outcome::Saved(body) if matches!(&**body, Body::LabelCompared(done) if done.agrees) => {
            Msg::CoaAgrees
        }
        Outcome::Saved(_) => Msg::CoaReported,
        Outcome::Refused(_) | Outcome::NotKept(_) => return band::said(outcome),
    };
    msg.say(lang()).to_owned()
}

/// One figure as the label has it.
#[component]
fn OnLabel(name: Msg, typed: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="field">
            {move || name.say(lang())}
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                maxlength="10"
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </label>
    }
}

/// The button. The sheet itself stands beside the screen's parts: a package that is stopped is no longer the one to take,
/// and what was said of it has to stay.
#[component]
pub(super) fn CoaButton(tag: PackageTag, open: RwSignal<Option<PackageTag>>) -> impl IntoView {
    view! {
        <button
            class="btn btn-small btn-quiet"
            type="button"
            data-coa=""
            on:click=move |_| open.set(Some(tag.clone()))
        >
            <Glyph icon=Icon::FileCheck/>
            <span>{move || Msg::Coa.say(lang())}</span>
        </button>
    }
}

/// The sheet of the package it was opened for.
#[component]
pub(super) fn Coa(order: OrderId, open: RwSignal<Option<PackageTag>>) -> impl IntoView {
    move || open.get().map(|tag| view! { <Sheet order tag open/> })
}

#[component]
fn Sheet(order: OrderId, tag: PackageTag, open: RwSignal<Option<PackageTag>>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let of = tag.clone();
    let rows = move || {
        let rows = device().ledger(|ledger| facts(lang(), ledger, &of));
        let row = |(name, value): (Msg, String)| {
            view! { <div><dt>{name.say(lang())}</dt><dd>{value}</dd></div> }
        };
        rows.into_iter().map(row).collect_view()
    };
    let of = tag.clone();
    let compare = move |on_label: Said| {
        let tag = of.clone();
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    compare::decide(ledger, situation, Some(order), &tag, on_label)
                })
                .await;
            said.set(answer(&outcome));
        });
    };
    let (thc, cbd) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let read = {
        let compare = compare.clone();
        move || match (figure(&thc), figure(&cbd)) {
            (Ok(thc), Ok(cbd)) => compare(Said::Figures { thc, cbd }),
            _ => said.set(Msg::NotAPotency.say(lang()).to_owned()),
        }
    };
    let nothing = Signal::derive(move || thc.with(String::is_empty) && cbd.with(String::is_empty));
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    view! {
        <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="coa-title">
            <header class="sheet-head">
                <h2 id="coa-title">{move || Msg::CoaTitle.say(lang())}</h2>
                <span class="grow"></span>
                <Tag tag/>
            </header>
            <div class="sheet-body">
                <dl class="coa">{rows}</dl>
                <div class="on-label">
                    <h3>{move || Msg::OnTheLabel.say(lang())}</h3>
                    <OnLabel name=Msg::CoaThc typed=thc/>
                    <OnLabel name=Msg::CoaCbd typed=cbd/>
                    <Button word=text(Msg::CompareLabel) disabled=nothing act=read/>
                </div>
            </div>
            <p class="sheet-said" role="status">{said}</p>
            <footer class="dock">
                <Button icon=Icon::Flag word=text(Msg::LabelDiffers) act=move || compare(Said::Differs)/>
                <Button word=text(Msg::BackToPick) primary=true act=move || open.set(None)/>
            </footer>
        </section>
    }
}
