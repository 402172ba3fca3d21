//! Orders to pick, in the order they are due, each with the reason for its place.

use domain::custody::claim;
use domain::facility::Right;
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Channel, Order, Status};
use domain::sync::device::Input;
use domain::sync::message::ClaimAsk;
use domain::verdict::Reason;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::scan::{self, Step};
use crate::sync::run;
use crate::ui::band::{Refusing, answer, words_of};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Rail, Strip, minute};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{
    Button, channel_icon, channel_word, clock_text, go, minutes_until, status_word,
};
use crate::ui::short_order::ShortOrder;
use crate::ui::words::{Lang, Msg, queue, shell, time};

/// Expected minutes for an order: a fixed part and a part per unit and per line. Reasoned from 60 to 80
/// lines in an hour; to be replaced by a shop's own figures.
fn work_minutes(order: &Order) -> u32 {
    let lines = u32::try_from(order.lines.len()).unwrap_or(u32::MAX);
    1 + (lines * 45 + order.units_due() * 8).div_ceil(60)
}

#[derive(Clone, PartialEq)]
struct RowFacts {
    id: OrderId,
    code: String,
    channel: Channel,
    due: domain::time::Millis,
    lines: u32,
    units: u32,
    minutes: u32,
    status: Status,
    holder: Option<String>,
    ours: bool,
    short: Option<String>,
}

fn rows(ledger: &Ledger, own: Option<domain::id::DeviceId>) -> Vec<RowFacts> {
    let mut rows: Vec<RowFacts> = ledger
        .orders
        .values()
        .filter(|order| order.status < Status::Picked || order.status == Status::Short)
        .map(|order| {
            let claim = order.claim.as_ref();
            let short = (order.status == Status::Short).then(|| {
                let line = order
                    .lines
                    .iter()
                    .find(|line| line.unallocated() > line.short);
                let item = line.and_then(|line| ledger.items.get(&line.item));
                item.map_or_else(String::new, |item| item.name.clone())
            });
            RowFacts {
                id: order.id,
                code: order.code.clone(),
                channel: order.channel,
                due: order.promise_end,
                lines: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
                units: order.units_due(),
                minutes: work_minutes(order),
                status: order.status,
                holder: claim
                    .and_then(|claim| ledger.actors.get(&claim.actor))
                    .map(|actor| actor.name.clone()),
                ours: claim.is_some_and(|claim| Some(claim.device) == own),
                short,
            }
        })
        .collect();
    // Time left less the work it needs: what must be begun first stands first.
    rows.sort_by_key(|row| {
        (
            row.due.plus(-i64::from(row.minutes) * 60_000),
            row.code.clone(),
        )
    });
    rows
}

fn own_device() -> Option<domain::id::DeviceId> {
    let certificate = device().certificate()?;
    Some(certificate.device.id)
}

/// The order to pick next among those that this device has taken.
pub(super) fn next_of_ours(besides: Option<OrderId>) -> Option<OrderId> {
    let rows = device().ledger_now(|ledger| rows(ledger, own_device()));
    let next = |row: &&RowFacts| row.ours && Some(row.id) != besides;
    rows.iter().find(next).map(|row| row.id)
}

/// The queue.
#[component]
pub(super) fn Queue() -> impl IntoView {
    scan::expect(Step::Anything);
    let own = own_device();
    let rows = Memo::new(move |_| device().ledger(|ledger| rows(ledger, own)));
    let filter = RwSignal::new(None::<Channel>);
    let chosen = RwSignal::new(None::<OrderId>);
    let answer = RwSignal::new(None::<String>);
    // Nothing moves under a finger: the order stands until somebody asks for the new ones.
    let standing = RwSignal::new(Vec::<OrderId>::new());
    let let_in =
        move || standing.set(rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect()));
    let_in();
    Effect::new(move |_| {
        if rows.with(|rows| !rows.is_empty()) && standing.with_untracked(Vec::is_empty) {
            let_in();
        }
    });
    let new = Memo::new(move |_| {
        rows.with(|rows| {
            standing.with(|standing| {
                rows.iter()
                    .filter(|row| !standing.contains(&row.id))
                    .count()
            })
        })
    });
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        let fits = |row: &(usize, RowFacts)| filter.is_none_or(|channel| row.1.channel == channel);
        rows.with(|rows| {
            standing.with(|standing| {
                let row = |id: &OrderId| rows.iter().find(|row| row.id == *id).cloned();
                standing
                    .iter()
                    .filter_map(row)
                    .enumerate()
                    .filter(fits)
                    .collect::<Vec<_>>()
            })
        })
    });
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head">
                <h1>{move || Msg::Orders.say(lang())}</h1>
                <Filters rows filter/>
                <span class="grow"></span>
                <NewChip new let_in/>
            </header>
            <Rail/>
            <main class="main" data-queue="" tabindex="0">
                <Show when=move || !shown.get().is_empty() fallback=|| view! { <NoOrders/> }>
                    <ul>
                        <For
                            each=move || shown.get()
                            key=|(_, row)| row.id
                            children=move |(_, row)| view! { <QueueRow id=row.id shown chosen/> }
                        />
                    </ul>
                </Show>
                <Refusing/>
            </main>
            <QueueDock rows chosen answer/>
        </div>
    }
}

/// How many orders came in since the list was set; they join it when somebody asks.
#[component]
fn NewChip(new: Memo<usize>, let_in: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    let count = move || u32::try_from(new.get()).unwrap_or(u32::MAX);
    move || {
        (new.get() > 0).then(|| {
            view! {
                <button class="btn btn-small btn-pill" type="button" on:click=move |_| let_in()>
                    <Glyph icon=Icon::Plus/>
                    <span>{move || shell::new_orders(lang(), count())}</span>
                </button>
            }
        })
    }
}

#[component]
fn NoOrders() -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{move || Msg::NoOrders.say(lang())}</h2>
            <p>{move || Msg::NoOrdersYet.say(lang())}</p>
        </div>
    }
}

#[component]
fn Filters(rows: Memo<Vec<RowFacts>>, filter: RwSignal<Option<Channel>>) -> impl IntoView {
    let count = move |channel: Option<Channel>| {
        rows.with(|rows| {
            rows.iter()
                .filter(|row| channel.is_none_or(|only| row.channel == only))
                .count()
        })
    };
    let word = move |channel: Option<Channel>| match channel {
        None => queue::all_orders(lang(), count(channel)),
        Some(Channel::Pickup) => queue::pickup_orders(lang(), count(channel)),
        Some(Channel::Curbside) => queue::curbside_orders(lang(), count(channel)),
        Some(Channel::Delivery) => queue::delivery_orders(lang(), count(channel)),
        Some(Channel::InStore) => queue::in_store_orders(lang(), count(channel)),
    };
    let choices = [
        None,
        Some(Channel::Pickup),
        Some(Channel::Curbside),
        Some(Channel::Delivery),
    ];
    let buttons = choices
        .into_iter()
        .map(|channel| {
            view! {
                <button
                    class="btn"
                    type="button"
                    aria-pressed=move || (filter.get() == channel).to_string()
                    on:click=move |_| filter.set(channel)
                >
                    {channel.map(|channel| view! { <Glyph icon=channel_icon(channel)/> })}
                    <span>{move || word(channel)}</span>
                </button>
            }
        })
        .collect_view();
    view! { <div class="filters" data-from="portrait">{buttons}</div> }
}

fn due_note(lang: Lang, row: &RowFacts) -> String {
    time::left(lang, minutes_until(row.due))
}

#[component]
fn QueueRow(
    id: OrderId,
    shown: Memo<Vec<(usize, RowFacts)>>,
    chosen: RwSignal<Option<OrderId>>,
) -> impl IntoView {
    let facts =
        Memo::new(move |_| shown.with(|rows| rows.iter().find(|(_, row)| row.id == id).cloned()));
    let content = move || {
        let (index, row) = facts.get()?;
        let late = {
            let due = row.due;
            move || {
                minute().track();
                (minutes_until(due) < 0).then_some("")
            }
        };
        let note = {
            let row = row.clone();
            move || {
                minute().track();
                due_note(lang(), &row)
            }
        };
        let work = work_view(&row);
        let aria = row.code.clone();
        Some(view! {
                <button
                    class="order"
                    type="button"
                    data-code=aria
                    data-in=move || (chosen.get() == Some(id)).then_some("")
                    data-late=late
                    aria-pressed=move || (chosen.get() == Some(id)).to_string()
                    on:click=move |_| chosen.set(Some(id))
                >
                    <span class="order-rank">{index + 1}</span>
                    <span class="code">{row.code.clone()}</span>
                    <span class="order-channel">
                        <Glyph icon=channel_icon(row.channel)/>
                        {move || channel_word(row.channel).say(lang())}
                    </span>
                    <span class="order-due">
                        <b>{clock_text(row.due)}</b>
                        <span>{note}</span>
                    </span>
                    {work}
                    <span class="order-state"><StateChip row=row.clone()/></span>
                </button>
        })
    };
    // A keyed row needs an element of its own that stays.
    view! { <li>{content}</li> }
}

fn work_view(row: &RowFacts) -> AnyView {
    let (lines, units, minutes) = (row.lines, row.units, row.minutes);
    match row.short.clone() {
        Some(item) => view! {
            <span class="order-work" data-why="">
                {move || format!("{item}: {}", Msg::NoneSellable.say(lang()))}
            </span>
        }
        .into_any(),
        None => view! {
            <span class="order-work">
                <span>
                    {move || format!("{} · {}", queue::items(lang(), lines), queue::units(lang(), units))}
                </span>
                <span>{move || queue::about_minutes(lang(), minutes)}</span>
            </span>
        }
        .into_any(),
    }
}

#[component]
fn StateChip(row: RowFacts) -> impl IntoView {
    let status = row.status;
    if status == Status::Short {
        return view! {
            <span class="chip" data-tone="attend">
                <Glyph icon=Icon::TriangleAlert/>
                {move || queue::items_short(lang(), 1)}
            </span>
        }
        .into_any();
    }
    match row.holder.filter(|_| !row.ours) {
        Some(name) => view! {
            <span class="chip" data-tone="here">
                <Glyph icon=Icon::Hand/>
                {move || queue::picks_by(lang(), &name)}
            </span>
        }
        .into_any(),
        None if row.ours => view! {
            <span class="chip" data-tone="here">
                <Glyph icon=Icon::Hand/>
                {move || format!("{} · {}", Msg::Yours.say(lang()), status_word(status).say(lang()))}
            </span>
        }
        .into_any(),
        None => view! { <span class="chip">{move || status_word(status).say(lang())}</span> }.into_any(),
    }
}

#[component]
fn QueueDock(
    rows: Memo<Vec<RowFacts>>,
    chosen: RwSignal<Option<OrderId>>,
    answer: RwSignal<Option<String>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let row = Memo::new(move |_| {
        let chosen = chosen.get();
        rows.with(|rows| {
            rows.iter()
                .find(|row| Some(row.id) == chosen)
                .or_else(|| rows.iter().find(|row| row.ours))
                .cloned()
        })
    });
    let lacking = RwSignal::new(None::<OrderId>);
    let takes = move || row.get().is_some_and(|row| !row.ours);
    let lacks = move || row.get().is_some_and(|row| row.short.is_some());
    let may = device()
        .actor()
        .is_some_and(|actor| actor.role.may(Right::Fulfil));
    let disabled = Signal::derive(move || !may || busy.get() || row.get().is_none());
    let word = Signal::derive(move || {
        let msg = if lacks() {
            Msg::WhatToDo
        } else if takes() {
            Msg::TakeThis
        } else {
            Msg::ContinueOrder
        };
        msg.say(lang()).to_owned()
    });
    let act = move || {
        let Some(row) = row.get_untracked() else {
            return;
        };
        if row.short.is_some() {
            return lacking.set(Some(row.id));
        }
        busy.set(true);
        spawn_local(async move {
            let taken = take(row.id).await;
            busy.set(false);
            match taken {
                Ok(()) => go(&format!("/pick/{}", row.id)),
                Err(reason) => answer.set(Some(reason)),
            }
        });
    };
    let note = move || {
        match answer.get() {
        Some(answer) => view! { <p class="dock-note" role="alert"><b>{answer}</b></p> }.into_any(),
        None => view! {
            <p class="dock-note">
                <b class="code">{move || row.get().map(|row| row.code)}</b>
                <br/>
                <span class="soft">
                    {move || row.get().map(|row| {
                        minute().track();
                        time::rank_reason(lang(), &clock_text(row.due), minutes_until(row.due), row.minutes)
                    })}
                </span>
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <ShortOrder open=lacking answer/>
        <footer class="dock">
            {note}
            <Button icon=Icon::Hand word primary=true disabled act/>
        </footer>
    }
}

/// Why an order could not be taken, in words for whoever chose it from the list.
fn not_taken(order: OrderId, reason: Reason, lang: Lang) -> String {
    let is_short = || {
        device().ledger_now(|ledger| {
            let known = ledger.orders.get(&order);
            known.is_some_and(|order| order.status == Status::Short)
        })
    };
    let words = match reason {
        Reason::SomebodyElses => Msg::ClaimGone.say(lang),
        Reason::NotYet if is_short() => Msg::ClaimShort.say(lang),
        Reason::NotYet => Msg::ClaimPicked.say(lang),
        other => words_of(other).what(lang),
    };
    words.to_owned()
}

/// Takes an order: a lease from the server where there is one, the claim in any case.
async fn take(order: OrderId) -> Result<(), String> {
    let has_lease = |ledger: &Ledger| {
        let own = device()
            .certificate()
            .map(|certificate| certificate.device.id);
        let claim = ledger
            .orders
            .get(&order)
            .and_then(|order| order.claim.clone());
        claim.is_some_and(|claim| Some(claim.device) == own)
    };
    if device().ledger_now(has_lease) {
        return Ok(());
    }
    let lang = || crate::ui::choice::choices().lang.get_untracked();
    if let (Some(caller), Some(situation)) = (device().caller(), device().situation()) {
        let ask = ClaimAsk {
            actor: situation.actor,
            orders: vec![order],
            device: None,
        };
        match caller.claim(&ask).await {
            Ok(answer) if answer.granted.contains(&order) => {
                run::step(device(), Input::Wake);
                // The lease comes with the next pull; the claim is recorded under it.
                run::until_read(device(), answer.position).await;
            }
            Ok(answer) => {
                run::step(device(), Input::Wake);
                let reason = answer
                    .refused
                    .first()
                    .map_or(Reason::Unknown, |no| no.reason);
                return Err(not_taken(order, reason, lang()));
            }
            // Without a network the claim is recorded without a lease, and flagged.
            Err(cause) if cause.is_transient() => {}
            Err(_) => return Err(Msg::ClaimNeedsServer.say(lang()).to_owned()),
        }
    }
    let outcome = device()
        .act(None, |ledger, situation| {
            claim::decide(ledger, situation, order)
        })
        .await;
    match &outcome {
        Outcome::Refused(refusal) => Err(not_taken(order, refusal.reason, lang())),
        Outcome::Saved(_) | Outcome::NotKept(_) => answer(&outcome),
    }
}
