//! Before a walk of several orders: each gets a tote, by a scan of the tote's own code.
//!
//! In: the order that has none yet. Out: the tote it is offered, and what its scan said. Must not: let anything be
//! picked into a tote that nobody has named.

use domain::id::OrderId;
use domain::plan::errand::Backlog;
use domain::plan::pace::{Cart as CartSize, Crew, ORDERS_MAX, Pace};
use domain::plan::vault::map_of;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Strip};
use crate::ui::icons::ToteToken;
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::parts::tote_name;
use crate::ui::walk::Cart;
use crate::ui::walk::joining::{Joining, NewForWalk, OnWalk};
use crate::ui::walk::totes::Carried;
use crate::ui::words::{Msg, pick, queue};

/// The screen for one order. `tote` is the number it is offered; any free tote will do.
#[component]
pub(super) fn Bind(on: OnWalk, id: OrderId, tote: u8) -> impl IntoView {
    let carried = on.carried;
    scan::go_on(Step::Tote(id));
    let keypad = RwSignal::new(false);
    let code = device().ledger_now(|ledger| ledger.orders.get(&id).map(|order| order.code.clone()));
    let count = move || u32::try_from(carried.with(Vec::len)).unwrap_or(u32::MAX);
    let saves = Memo::new(move |_| carried.with(|carried| saves(carried)));
    let word = Signal::derive(move || Msg::ScanItsCode.say(lang()).to_owned());
    let what = Signal::derive(move || Msg::NoToteLabel.say(lang()).to_owned());
    view! {
        <div class="frame">
            <Strip/>
            <header class="head" data-task="">
                <Back path="/queue" word=Msg::Queue/>
                <h1>{move || queue::walk_of(lang(), count())}</h1>
                {move || saves.get().map(|(metres, minutes)| view! {
                    <span class="soft" data-from="landscape" data-saves="">
                        {queue::walk_saves(lang(), metres, minutes)}
                    </span>
                })}
                <span class="grow"></span>
                <NewForWalk on/>
            </header>
            <main class="pick" data-bind=id.to_string()>
                <section class="target">
                    <p class="target-go">{move || Msg::TakeATote.say(lang())}</p>
                    <p class="slot">{code}</p>
                    <div class="put-in">
                        <ToteToken number=tote label=pick::tote(lang(), tote)/>
                        <p class="target-way">{move || tote_name(lang(), tote)}</p>
                    </div>
                </section>
                <Cart carried now=Some(id)/>
            </main>
            <Band word=word what=what/>
            <Refusing/>
            <footer class="dock">
                <TypeIt keypad/>
            </footer>
            <Keypad open=keypad/>
            <Joining on/>
        </div>
    }
}

/// Metres and minutes that the walk is shorter than its orders one by one; nothing where it saves nothing.
fn saves(carried: &[Carried]) -> Option<(u64, i64)> {
    let crew = Crew {
        people: 1,
        cart: CartSize {
            orders: ORDERS_MAX,
            ..CartSize::TYPICAL
        },
        pace: Pace::TYPICAL,
    };
    device().ledger_now(|ledger| {
        let orders = carried.iter();
        let orders = orders.filter_map(|one| ledger.orders.get(&one.order));
        let walk = Backlog::of(ledger, &map_of(ledger), orders).one_walk(device().now(), &crew)?;
        let metres = walk.saved().saturating_add(500) / 1_000;
        let minutes = walk.saved_time(&crew.pace).saturating_add(30_000) / 60_000;
        (metres > 0).then_some((metres, minutes))
    })
}
