//! Orders to pick, what must be begun first first, each with the reason for its place.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::OrderId;
use domain::order::{Channel, Status};
use domain::plan::rank::Reason;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Rail, Strip, minute};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::messages::News;
use crate::ui::more::{PAGE, ShowMore};
use crate::ui::parts::{channel_icon, channel_word, clock_text, status_word};
use crate::ui::queue::dock::QueueDock;
use crate::ui::queue::outlook::OutlookLine;
use crate::ui::queue::rows::{RowFacts, reason_words, rows};
use crate::ui::queue::still::Still;
use crate::ui::shift::NotBegun;
use crate::ui::walk::joining::seen;
use crate::ui::words::{Msg, queue, shell};

/// The orders as rows.
pub(super) mod rows;
/// Nothing moves under a finger.
mod still;
/// When they will all be gone.
mod outlook;
/// Which go together.
mod company;
/// Taking some.
mod dock;

pub(super) use dock::take;

/// What is on the screen.
#[derive(Clone, Default, PartialEq)]
struct Shown {
    /// Rows, each with its place in the queue.
    rows: Vec<(usize, RowFacts)>,
    /// How many more there are.
    beyond: usize,
}

pub(super) fn own_device() -> Option<domain::id::DeviceId> {
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
    let search = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<OrderId>);
    let answer = RwSignal::new(None::<String>);
    let still = Still::new();
    // Nothing moves under a finger: new ones wait until somebody asks for them, and the others until it is gone.
    let standing = RwSignal::new(Vec::<OrderId>::new());
    let let_in =
        move || standing.set(rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect()));
    let_in();
    settle(rows, standing, still);
    // Whoever walks is told of those that came after.
    Effect::new(move |_| seen().set(standing.with(|standing| standing.iter().copied().collect())));
    let new = Memo::new(move |_| {
        let standing: BTreeSet<OrderId> = standing.with(|all| all.iter().copied().collect());
        rows.with(|rows| {
            rows.iter()
                .filter(|row| !standing.contains(&row.id))
                .count()
        })
    });
    let limit = RwSignal::new(PAGE);
    let shown = showing(rows, standing, (filter, search), limit);
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head">
                <h1>{move || Msg::Orders.say(lang())}</h1>
                <Filters rows filter/>
                <Search search/>
                <span class="grow"></span>
                <NewChip new let_in/>
            </header>
            <Rail/>
            <main
                class="main"
                data-queue=""
                tabindex="0"
                on:pointerdown=move |_| still.down()
                on:pointerup=move |_| still.up()
                on:pointercancel=move |_| still.up()
                on:pointerleave=move |_| still.up()
                on:pointermove=move |_| still.moved()
                on:scroll=move |_| still.moved()
                on:keydown=move |_| still.moved()
            >
                <News/>
                <NotBegun/>
                <OutlookLine count=Signal::derive(move || rows.with(Vec::len))/>
                <Show
                    when=move || shown.with(|shown| !shown.rows.is_empty())
                    fallback=move || view! { <NoOrders none=Signal::derive(move || rows.with(Vec::is_empty))/> }
                >
                    <ul>
                        <For
                            each=move || shown.get().rows
                            key=|(_, row)| row.id
                            children=move |(_, row)| view! { <QueueRow id=row.id shown chosen/> }
                        />
                    </ul>
                    <ShowMore beyond=Signal::derive(move || shown.with(|shown| shown.beyond)) limit/>
                </Show>
            </main>
            <QueueDock rows chosen answer/>
        </div>
    }
}

/// Once no finger is near: what is gone goes, and what stands is in its order again.
fn settle(rows: Memo<Vec<RowFacts>>, standing: RwSignal<Vec<OrderId>>, still: Still) {
    Effect::new(move |_| {
        if still.is_held() {
            return;
        }
        let before = standing.get_untracked();
        let stood: BTreeSet<&OrderId> = before.iter().collect();
        let stays = |row: &&RowFacts| stood.is_empty() || stood.contains(&row.id);
        let settled: Vec<OrderId> =
            rows.with(|rows| rows.iter().filter(stays).map(|row| row.id).collect());
        if settled != before {
            standing.set(settled);
        }
    });
}

/// The first of the rows that stand, as far as they fit filter and search. One that is gone keeps its place as it was, for
/// as long as it stands.
fn showing(
    rows: Memo<Vec<RowFacts>>,
    standing: RwSignal<Vec<OrderId>>,
    (filter, search): (RwSignal<Option<Channel>>, RwSignal<String>),
    limit: RwSignal<usize>,
) -> Memo<Shown> {
    Memo::new(move |before: Option<&Shown>| {
        let (filter, wanted) = (filter.get(), search.get().trim().to_uppercase());
        let fits = |(_, row): &(usize, &RowFacts)| {
            filter.is_none_or(|channel| row.channel == channel) && row.found_by.contains(&wanted)
        };
        rows.with(|rows| {
            let gone = before.iter().flat_map(|shown| &shown.rows);
            let known: BTreeMap<OrderId, &RowFacts> = gone
                .map(|(_, row)| row)
                .chain(rows)
                .map(|row| (row.id, row))
                .collect();
            let standing = standing.read();
            let placed = standing.iter().map(|id| known.get(id)).enumerate();
            let mut fitting = placed
                .filter_map(|(place, row)| Some((place, *row?)))
                .filter(fits);
            Shown {
                rows: (fitting.by_ref().take(limit.get()))
                    .map(|(place, row)| (place, row.clone()))
                    .collect(),
                beyond: fitting.count(),
            }
        })
    })
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

/// Nothing to show: because there is nothing, or because none is what was looked for.
#[component]
fn NoOrders(none: Signal<bool>) -> impl IntoView {
    let words = move || match none.get() {
        true => (Msg::NoOrders, Msg::NoOrdersYet),
        false => (Msg::NoneFound, Msg::NoneFoundDo),
    };
    view! {
        <div class="empty">
            <h2>{move || words().0.say(lang())}</h2>
            <p>{move || words().1.say(lang())}</p>
        </div>
    }
}

/// Finds orders by their code, their number elsewhere, or what is in them.
#[component]
fn Search(search: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="queue-search">
            <Glyph icon=Icon::Search/>
            <span class="sr">{move || Msg::Search.say(lang())}</span>
            <input
                type="search"
                autocomplete="off"
                placeholder=move || Msg::Search.say(lang())
                prop:value=search
                on:input=move |event| search.set(event_target_value(&event))
            />
        </label>
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
        Some(Channel::InStore),
    ];
    // Few shops take orders at the counter: no button for none.
    let is_idle = move |channel| {
        channel == Some(Channel::InStore) && filter.get() != channel && count(channel) == 0
    };
    let buttons = choices
        .into_iter()
        .map(|channel| {
            view! {
                <button
                    class="btn"
                    type="button"
                    hidden=move || is_idle(channel)
                    aria-pressed=move || (filter.get() == channel).to_string()
                    on:click=move |_| filter.set(channel)
                >
                    {channel.map(|channel| view! { <Glyph icon=channel_icon(channel)/> })}
                    <span>{move || word(channel)}</span>
                </button>
            }
        })
        .collect_view();
    view! { <div class="filters">{buttons}</div> }
}

#[component]
fn QueueRow(id: OrderId, shown: Memo<Shown>, chosen: RwSignal<Option<OrderId>>) -> impl IntoView {
    let facts = Memo::new(move |_| {
        shown.with(|shown| shown.rows.iter().find(|(_, row)| row.id == id).cloned())
    });
    let content = move || {
        let (index, row) = facts.get()?;
        let standing = row.standing;
        let reason = move || {
            minute().track();
            standing.reason(device().now())
        };
        let late = move || matches!(reason(), Reason::Late { .. }).then_some("");
        let note = move || reason_words(lang(), reason());
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
                        <b>{clock_text(standing.due)}</b>
                        <span data-reason="">{note}</span>
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
    let (lines, units, minutes) = (row.lines, row.units, row.minutes());
    match row.hitch(lang()) {
        Some(_) => {
            let row = row.clone();
            view! { <span class="order-work" data-why="">{move || row.hitch(lang())}</span> }
                .into_any()
        }
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
