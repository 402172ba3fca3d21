//! What is in the tote, the latest first; each unit can be put back, however long ago it was taken.
//!
//! In: the order's picks. Out: a void, through the scan path. Must not: delete anything; putting back is an act of its own.

use domain::id::{EventId, OrderId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::settle::when;
use crate::ui::ticket::PrintTicket;
use crate::ui::words::{Msg, pick};

/// One unit in the tote.
#[derive(Clone, PartialEq)]
struct Taken {
    event: EventId,
    item: String,
    tail: String,
    from: String,
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
    let taken = Memo::new(move |_| {
        device().ledger(|ledger| {
            let Some(order) = ledger.orders.get(&order) else {
                return Vec::new();
            };
            let picks = order.picks.iter().rev();
            picks
                .map(|pick| Taken {
                    event: pick.event,
                    item: ledger
                        .item_of(&pick.tag)
                        .map(|item| item.name.clone())
                        .unwrap_or_default(),
                    tail: pick.tag.tail().to_owned(),
                    from: pick.from.to_string(),
                })
                .collect::<Vec<_>>()
        })
    });
    let row = move |one: Taken| {
        let (event, tail, from) = (one.event, one.tail, one.from);
        let facts = move || pick::taken_from(lang(), &tail, &from, when(lang(), event));
        let undo = move |_| spawn_local(scan::undo::put_back(order, event));
        view! {
            <li data-pick=event.to_string()>
                <div><b>{one.item}</b><span class="soft">{facts}</span></div>
                <button class="btn btn-small" type="button" on:click=undo>
                    <Glyph icon=Icon::Undo/>
                    <span>{move || Msg::Undo.say(lang())}</span>
                </button>
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
                        <Show
                            when=move || !taken.with(Vec::is_empty)
                            fallback=|| view! { <p>{move || Msg::NothingToUndo.say(lang())}</p> }
                        >
                            <ul class="history">
                                <For each=move || taken.get() key=|one| one.event children=row/>
                            </ul>
                        </Show>
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
