//! What is in the tote, the latest first, and what was reported missing; each can be undone, however long ago it was done.
//!
//! In: the order's picks and reports. Out: an act that undoes one, through the scan path. Must not: delete anything; undoing
//! is an act of its own.

use domain::custody::found::{self, Reported};
use domain::custody::short::ShortReason;
use domain::id::{EventId, OrderId, PackageTag};
use domain::ledger::Ledger;
use domain::order::{Order, Pick};
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan::Undoable;
use crate::scan::undo::take_back;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::passed_over::missed_word;
use crate::ui::settle::when;
use crate::ui::ticket::PrintTicket;
use crate::ui::words::{Msg, pick, queue};

/// One unit in the tote.
#[derive(Clone, PartialEq)]
struct Taken {
    event: EventId,
    item: String,
    tail: String,
    from: String,
}

impl Taken {
    fn all(ledger: &Ledger, order: &Order) -> Vec<Self> {
        let of = |pick: &Pick| Self {
            event: pick.event,
            item: name_of(ledger, &pick.tag),
            tail: pick.tag.tail().to_owned(),
            from: pick.from.to_string(),
        };
        order.picks.iter().rev().map(of).collect()
    }
}

/// A package that was reported missing.
#[derive(Clone, PartialEq)]
struct Missing {
    report: EventId,
    units: u32,
    item: String,
    tail: String,
    why: ShortReason,
    /// Its line has room for it, and nobody else was promised it.
    may_undo: bool,
}

impl Missing {
    fn all(ledger: &Ledger, order: &Order) -> Vec<Self> {
        let situation = device().situation();
        let of = |one: Reported<'_>| {
            let verdict = |situation| found::decide(ledger, &situation, order.id, one.report);
            Some(Self {
                report: one.report,
                units: one.units,
                item: name_of(ledger, &one.of.tag),
                tail: one.of.tag.tail().to_owned(),
                why: one.of.missed?.reason,
                may_undo: matches!(situation.map(verdict), Some(Verdict::Accepted(_))),
            })
        };
        found::reports(order).into_iter().filter_map(of).collect()
    }
}

fn name_of(ledger: &Ledger, tag: &PackageTag) -> String {
    let item = ledger.item_of(tag);
    item.map(|item| item.name.clone()).unwrap_or_default()
}

/// The button in the head.
#[component]
pub(super) fn HistoryButton(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button class="btn btn-small btn-quiet" type="button" data-history="" on:click=move |_| open.set(true)>
            <Glyph icon=Icon::List/>
            <span class="sr">{move || Msg::InTheTote.say(lang())}</span>
        </button>
    }
}

/// The sheet.
#[component]
pub(super) fn History(order: OrderId, open: RwSignal<bool>) -> impl IntoView {
    let of_order = move |ledger: &Ledger| {
        let order = ledger.orders.get(&order);
        order.map(|order| (Taken::all(ledger, order), Missing::all(ledger, order)))
    };
    let all = Memo::new(move |_| device().ledger(of_order).unwrap_or_default());
    let taken = move || all.with(|(taken, _)| taken.clone());
    let missing = move || all.with(|(_, missing)| missing.clone());
    let row = move |one: Taken| {
        let (event, tail, from) = (one.event, one.tail, one.from);
        let facts = move || pick::taken_from(lang(), &tail, &from, when(lang(), event));
        view! {
            <li data-pick=event.to_string()>
                <div><b>{one.item}</b><span class="soft">{facts}</span></div>
                <UndoOne order what=Undoable::Pick(event)/>
            </li>
        }
    };
    let report = move |one: Missing| {
        let (event, units, tail, why) = (one.report, one.units, one.tail, one.why);
        let facts = move || {
            let units = queue::units(lang(), units);
            let parts = [missed_word(why).say(lang()).to_owned(), when(lang(), event)];
            format!("…{tail} · {units} · {}", parts.join(" · "))
        };
        view! {
            <li data-report=event.to_string()>
                <div><b>{one.item}</b><span class="soft">{facts}</span></div>
                {one.may_undo.then(|| view! { <UndoOne order what=Undoable::Report(event)/> })}
            </li>
        }
    };
    let back = Signal::derive(move || Msg::BackToPick.say(lang()).to_owned());
    move || {
        open.get().then(|| {
            view! {
                <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="history-title">
                    <header class="sheet-head">
                        <h2 id="history-title">{move || Msg::InTheTote.say(lang())}</h2>
                    </header>
                    <div class="sheet-body">
                        <div>
                            <Show
                                when=move || all.with(|(taken, _)| !taken.is_empty())
                                fallback=|| view! { <p>{move || Msg::NothingToUndo.say(lang())}</p> }
                            >
                                <ul class="history">
                                    <For each=taken key=|one| one.event children=row/>
                                </ul>
                            </Show>
                            <Show when=move || all.with(|(_, missing)| !missing.is_empty())>
                                <h3>{move || Msg::ReportedMissing.say(lang())}</h3>
                                <ul class="history">
                                    <For each=missing key=|one| (one.report, one.units, one.may_undo) children=report/>
                                </ul>
                            </Show>
                        </div>
                        <div class="on-paper"><PrintTicket order/></div>
                    </div>
                    <footer class="dock">
                        <Button word=back primary=true act=move || open.set(false)/>
                    </footer>
                </section>
            }
        })
    }
}

/// Undoes one act.
#[component]
fn UndoOne(order: OrderId, what: Undoable) -> impl IntoView {
    view! {
        <button class="btn btn-small" type="button" on:click=move |_| spawn_local(take_back(order, what))>
            <Glyph icon=Icon::Undo/>
            <span>{move || Msg::Undo.say(lang())}</span>
        </button>
    }
}
