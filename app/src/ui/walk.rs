//! Several orders in one walk, each in a tote with a number, a shape and a colour.
//!
//! In: the orders this device has. Out: the next shelf of the way over all of them, as the pick screen shows it. Must not:
//! have a state of its own; whoever comes back to it goes on where the ledger is.

use domain::custody::pick::targets;
use domain::custody::tote::is_unread;
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::plan::way::next_order;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Strip};
use crate::ui::icons::{Icon, ToteToken};
use crate::ui::parts::{Button, go};
use crate::ui::pick::PickOrder;
use crate::ui::short_order::{CannotBeHad, ShortOrder};
use crate::ui::walk::bind::Bind;
use crate::ui::walk::joining::{Joining, NewForWalk, OnWalk};
use crate::ui::walk::totes::{Carried, totes};
use crate::ui::words::{Msg, pick, queue};

/// A tote for each order.
mod bind;
/// One order more.
pub(super) mod joining;
/// Which order is in which tote.
pub(super) mod totes;

/// The totes on this device's cart.
pub(super) fn carried() -> Memo<Vec<Carried>> {
    let own = device().certificate().map(|own| own.device.id);
    Memo::new(move |_| device().ledger(|ledger| totes(ledger, own)))
}

/// The walk.
#[component]
pub(super) fn Walk() -> impl IntoView {
    let carried = carried();
    let on = OnWalk::new(carried);
    let now = Memo::new(move |_| {
        let carried = carried.get();
        device().ledger(|ledger| now(ledger, &carried))
    });
    move || match now.get() {
        Now::Bind(one) => view! { <Bind on id=one.order tote=one.tote/> }.into_any(),
        Now::Pick(id) => view! { <PickOrder id walk=Some(on)/> }.into_any(),
        Now::Done => view! { <Done on/> }.into_any(),
    }
}

/// What a walk comes to now.
#[derive(Clone, Copy, PartialEq)]
enum Now {
    /// An order needs a tote before anything is picked.
    Bind(Carried),
    /// Something is to be done for an order.
    Pick(OrderId),
    /// Everything is in its tote.
    Done,
}

fn now(ledger: &Ledger, carried: &[Carried]) -> Now {
    let orders = carried.iter();
    let orders: Vec<_> = orders
        .filter_map(|one| ledger.orders.get(&one.order))
        .collect();
    let is_open = |one: &&Carried| {
        let order = ledger.orders.get(&one.order);
        order.is_some_and(|order| targets(ledger, order).next().is_some())
    };
    // What is in the hand goes into its tote first, whoever joins meanwhile.
    if let Some(order) = orders.iter().find(|order| is_unread(order)) {
        return Now::Pick(order.id);
    }
    // One order alone is in nobody's way.
    let mut unbound = carried.iter().filter(|one| !one.bound);
    match unbound.find(is_open).filter(|_| carried.len() > 1) {
        Some(one) => Now::Bind(*one),
        None => next_order(ledger, &orders).map_or(Now::Done, Now::Pick),
    }
}

/// The totes beside the work; the one to put into is marked.
#[component]
pub(super) fn Cart(carried: Memo<Vec<Carried>>, now: Option<OrderId>) -> impl IntoView {
    let row = move |one: Carried| {
        let facts = device().ledger(|ledger| {
            let order = ledger.orders.get(&one.order)?;
            Some((order.code.clone(), order.units_picked(), order.units_due()))
        });
        let (code, picked, due) = facts.unwrap_or_default();
        let is_now = now == Some(one.order);
        let words = move || match is_now {
            true => Msg::PutHereTote.say(lang()).to_owned(),
            false => pick::units_in(lang(), picked, due),
        };
        view! {
            <li data-tote=one.tote.to_string() data-now=is_now.then_some("")>
                <ToteToken number=one.tote label=pick::tote(lang(), one.tote)/>
                <span><b class="code">{code}</b><span>{words}</span></span>
            </li>
        }
    };
    view! {
        <ul class="cart" aria-label=move || Msg::TotesOnCart.say(lang())>
            {move || carried.get().into_iter().map(row).collect_view()}
        </ul>
    }
}

/// Everything is in its tote.
#[component]
fn Done(on: OnWalk) -> impl IntoView {
    scan::go_on(Step::Anything);
    let carried = on.carried;
    let count = move || u32::try_from(carried.with(Vec::len)).unwrap_or(u32::MAX);
    let word = Signal::derive(move || Msg::ToPacking.say(lang()).to_owned());
    let lacking = RwSignal::new(None);
    let orders = Signal::derive(move || {
        carried.with(|all| all.iter().map(|one| one.order).collect::<Vec<_>>())
    });
    view! {
        <div class="frame">
            <Strip/>
            <header class="head" data-task="">
                <Back path="/queue" word=Msg::Queue/>
                <h1>{move || queue::walk_of(lang(), count())}</h1>
                <span class="grow"></span>
                <NewForWalk on/>
            </header>
            <CannotBeHad orders lacking/>
            <main class="pick" data-walk="">
                <section class="target">
                    <p class="target-go">{move || Msg::PickDone.say(lang())}</p>
                    <p class="target-way">{move || Msg::WalkDoneDo.say(lang())}</p>
                </section>
                <Cart carried now=None/>
            </main>
            <footer class="dock">
                <Button icon=Icon::PackageCheck word primary=true act=|| go("/pack")/>
            </footer>
            <ShortOrder open=lacking back=Msg::BackToPick/>
            <Joining on/>
        </div>
    }
}
