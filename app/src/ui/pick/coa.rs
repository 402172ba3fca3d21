//! What the laboratory said of the package in hand: one tap away, kept on the device; and a word when its label says otherwise.
//!
//! In: the package's own row. Out: facts on a sheet; a report that keeps the order here. Must not: correct a figure; a label and a
//! certificate that differ are for the compliance officer.

use domain::custody::exception::Rule;
use domain::custody::raise;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::stock::{LabStatus, Potency};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, Tag};
use crate::ui::words::{Lang, Msg};

/// What the report says; it is read by managers, and the record has one language.
const NOTE: &str = "The label's potency is not the certificate's.";

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

/// The button, and the sheet it opens.
#[component]
pub(super) fn Coa(order: OrderId, tag: PackageTag) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button class="btn btn-small btn-quiet" type="button" data-coa="" on:click=move |_| open.set(true)>
            <Glyph icon=Icon::FileCheck/>
            <span>{move || Msg::Coa.say(lang())}</span>
        </button>
        {move || open.get().then(|| view! { <Sheet order tag=tag.clone() open/> })}
    }
}

#[component]
fn Sheet(order: OrderId, tag: PackageTag, open: RwSignal<bool>) -> impl IntoView {
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
    let report = move || {
        let tag = of.clone();
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    let about = (Some(order), Some(&tag));
                    raise::decide(ledger, situation, Rule::HeldOrRecalled, about, NOTE)
                })
                .await;
            said.set(match band::answer(&outcome) {
                Ok(()) => Msg::CoaReported.say(lang()).to_owned(),
                Err(why) => why,
            });
        });
    };
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
                <p role="status">{said}</p>
            </div>
            <footer class="dock">
                <Button icon=Icon::Flag word=text(Msg::LabelDiffers) act=report/>
                <Button word=text(Msg::BackToPick) primary=true act=move || open.set(false)/>
            </footer>
        </section>
    }
}
