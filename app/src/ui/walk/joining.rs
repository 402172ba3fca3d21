//! New orders for a walk that has begun: counted on the screen, shown when asked for, and put on the cart one by one.
//!
//! In: orders nobody had seen when the walk began. Out: one more on the cart, or why it does not fit. Must not: move
//! anything under a finger, or change what the person is doing; its tote is asked for once the hand is empty.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::plan::rush::{NotAboard, joining};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, channel_word, clock_text};
use crate::ui::queue::rows::{RowFacts, is_waiting, reason_words, rows};
use crate::ui::queue::{own_device, take};
use crate::ui::walk::totes::Carried;
use crate::ui::words::{Msg, queue, shell};

thread_local! {
    /// The orders that whoever works here has seen in the queue.
    static SEEN: OnceCell<ArcRwSignal<BTreeSet<OrderId>>> = const { OnceCell::new() };
}

/// The orders that were seen: those that stand in the queue, from when it was looked at last.
pub(in crate::ui) fn seen() -> ArcRwSignal<BTreeSet<OrderId>> {
    SEEN.with(|seen| {
        seen.get_or_init(|| ArcRwSignal::new(BTreeSet::new()))
            .clone()
    })
}

fn is_free(order: &Order) -> bool {
    order.status == Status::Ready && order.claim.is_none()
}

fn waiting(ledger: &Ledger) -> BTreeSet<OrderId> {
    let all = ledger.orders.values().filter(is_waiting);
    all.map(|order| order.id).collect()
}

/// The walk at hand, and whether its new orders are shown.
#[derive(Clone, Copy)]
pub(in crate::ui) struct OnWalk {
    pub(in crate::ui) carried: Memo<Vec<Carried>>,
    joining: RwSignal<bool>,
}

impl OnWalk {
    pub(super) fn new(carried: Memo<Vec<Carried>>) -> Self {
        if seen().with_untracked(BTreeSet::is_empty) {
            seen().set(device().ledger_now(waiting));
        }
        Self {
            carried,
            joining: RwSignal::new(false),
        }
    }

    /// Whether a walk of several goes on.
    fn is_walk(self) -> bool {
        self.carried.with(Vec::len) > 1
    }
}

/// How many orders are free that were not there when the queue was looked at.
#[component]
pub(in crate::ui) fn NewForWalk(on: OnWalk) -> impl IntoView {
    let new = Memo::new(move |_| {
        let seen = seen().get();
        let is_new = |order: &&Order| is_free(order) && !seen.contains(&order.id);
        device().ledger(|ledger| ledger.orders.values().filter(is_new).count())
    });
    move || {
        let count = u32::try_from(new.get()).unwrap_or(u32::MAX);
        (count > 0 && on.is_walk()).then(|| {
            view! {
                <button
                    class="btn btn-small btn-pill"
                    type="button"
                    data-new=""
                    on:click=move |_| on.joining.set(true)
                >
                    <Glyph icon=Icon::Plus/>
                    <span>{move || shell::new_orders(lang(), count)}</span>
                </button>
            }
        })
    }
}

/// What putting an order on the walk comes to.
fn comes_to(
    ledger: &Ledger,
    carried: &[Carried],
    order: OrderId,
) -> Option<Result<u64, NotAboard>> {
    let order = ledger.orders.get(&order)?;
    let on_cart = carried.iter();
    let on_cart: Vec<&Order> = on_cart
        .filter_map(|one| ledger.orders.get(&one.order))
        .collect();
    Some(joining(ledger, &on_cart, order, device().now()))
}

fn comes_to_words(ledger: &Ledger, found: Result<u64, NotAboard>) -> String {
    let code = |order: &OrderId| {
        let order = ledger.orders.get(order);
        order.map(|order| order.code.clone()).unwrap_or_default()
    };
    match found {
        Ok(millimetres) => queue::metres_more(lang(), millimetres.div_ceil(1_000)),
        Err(NotAboard::TooLate { order }) => queue::makes_late(lang(), code(&order)),
        Err(NotAboard::CartFull | NotAboard::TotesGone { .. } | NotAboard::AlreadyAboard) => {
            Msg::CartIsFull.say(lang()).to_owned()
        }
    }
}

/// The new orders, over the walk.
#[component]
pub(in crate::ui) fn Joining(on: OnWalk) -> impl IntoView {
    move || {
        on.joining.get().then(|| {
            let new = untrack(|| new_rows(&seen().get()));
            view! { <Sheet on new/> }
        })
    }
}

/// Free orders that were not seen, what must be begun first first.
fn new_rows(seen: &BTreeSet<OrderId>) -> Vec<RowFacts> {
    let is_new = |row: &RowFacts| !seen.contains(&row.id);
    let mut rows = device().ledger_now(|ledger| {
        let mut rows = rows(ledger, own_device());
        rows.retain(|row| ledger.orders.get(&row.id).is_some_and(is_free));
        rows
    });
    rows.retain(is_new);
    rows
}

#[component]
fn Sheet(on: OnWalk, new: Vec<RowFacts>) -> impl IntoView {
    let answer = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    // What was shown was seen; what comes in meanwhile is counted again.
    let shown: Vec<OrderId> = new.iter().map(|row| row.id).collect();
    let shown = StoredValue::new(shown);
    let close = move || {
        seen().update(|seen| seen.extend(shown.get_value()));
        on.joining.set(false);
    };
    let row = move |row: RowFacts| view! { <Row on row answer busy close/> };
    let rows = new.into_iter().map(row).collect_view();
    let back = Signal::derive(|| Msg::BackToPick.say(lang()).to_owned());
    view! {
        <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="new-title" data-joining="">
            <header class="sheet-head">
                <h2 id="new-title">{move || Msg::NewOrders.say(lang())}</h2>
            </header>
            <div class="sheet-body" data-single="">
                <p role="alert">{answer}</p>
                <ul class="history">{rows}</ul>
            </div>
            <footer class="dock">
                <Button word=back primary=true act=close/>
            </footer>
        </section>
    }
}

#[component]
fn Row(
    on: OnWalk,
    row: RowFacts,
    answer: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    close: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let (id, standing) = (row.id, row.standing);
    let found = Memo::new(move |_| {
        let carried = on.carried.get();
        device().ledger(|ledger| comes_to(ledger, &carried, id))
    });
    let facts = move || {
        let found = found.get()?;
        let due = queue::due(lang(), clock_text(standing.due));
        let why = reason_words(lang(), standing.reason(device().now()));
        let comes = device().ledger(|ledger| comes_to_words(ledger, found));
        Some(format!(
            "{} · {due} · {why} · {comes}",
            channel_word(row.channel).say(lang())
        ))
    };
    let fits = move || matches!(found.get(), Some(Ok(_) | Err(NotAboard::TooLate { .. })));
    let disabled = Signal::derive(move || busy.get() || !fits());
    let word = Signal::derive(|| Msg::PutOnWalk.say(lang()).to_owned());
    let put = move || {
        busy.set(true);
        spawn_local(async move {
            let taken = take(vec![id]).await;
            busy.set(false);
            match taken {
                Ok(()) => close(),
                Err(reason) => answer.set(Some(reason)),
            }
        });
    };
    view! {
        <li data-code=row.code.clone()>
            <div><b class="code">{row.code.clone()}</b><span class="soft">{facts}</span></div>
            <Button icon=Icon::Plus word disabled act=put/>
        </li>
    }
}
