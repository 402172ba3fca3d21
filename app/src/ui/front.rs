//! The counter: what is coming, what is ready, and the bag in hand.

use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Strip, minute};
use crate::ui::hand_over::HandOver;
use crate::ui::icons::Icon;
use crate::ui::keypad::Keypad;
use crate::ui::parts::{Button, clock_text, minutes_since, status_word};
use crate::ui::permit::hidden_name;
use crate::ui::words::{Lang, Msg, pack, queue, time};

/// The counter.
#[component]
pub(super) fn Counter() -> impl IntoView {
    scan::expect(Step::Counter);
    let bag = scan::signals().bag;
    on_cleanup(move || bag.set(None));
    move || match bag.get() {
        Some((order, _)) => view! { <HandOver order/> }.into_any(),
        None => view! { <Columns/> }.into_any(),
    }
}

#[derive(Clone, PartialEq)]
struct Caller {
    id: OrderId,
    tail: String,
    order: Order,
    since: Option<domain::time::Millis>,
}

fn callers(ledger: &Ledger, staged: bool) -> Vec<Caller> {
    let mut callers: Vec<Caller> = ledger
        .orders
        .values()
        .filter(|order| !order.status.is_closed() && order.status != Status::Out)
        .filter(|order| (order.status == Status::Staged) == staged)
        .map(|order| Caller {
            id: order.id,
            tail: order.code.rsplit('-').next().unwrap_or_default().to_owned(),
            since: order
                .slot
                .as_ref()
                .and_then(|slot| ledger.slots.get(slot))
                .and_then(|slot| slot.since),
            order: order.clone(),
        })
        .collect();
    callers.sort_by_key(|caller| (caller.order.promise_end, caller.tail.clone()));
    callers
}

fn caller_note(lang: Lang, caller: &Caller) -> String {
    match (&caller.order.slot, caller.since) {
        (Some(slot), Some(since)) => {
            pack::slot_and_age(lang, slot, time::age(lang, minutes_since(since)))
        }
        _ => {
            let status = status_word(caller.order.status).say(lang);
            format!(
                "{status} · {}",
                queue::due(lang, clock_text(caller.order.promise_end))
            )
        }
    }
}

#[component]
fn Columns() -> impl IntoView {
    let coming = Memo::new(|_| device().ledger(|ledger| callers(ledger, false)));
    let ready = Memo::new(|_| device().ledger(|ledger| callers(ledger, true)));
    let keypad = RwSignal::new(false);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let count =
        move |callers: Memo<Vec<Caller>>| u32::try_from(callers.with(Vec::len)).unwrap_or(u32::MAX);
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <main class="main front" tabindex="0">
                <section class="front-column" data-column="coming">
                    <h2>
                        {move || Msg::Coming.say(lang())}" "
                        <small>{move || pack::orders_n(lang(), count(coming))}</small>
                    </h2>
                    <ul>{move || coming.get().into_iter().map(caller_view).collect_view()}</ul>
                </section>
                <section class="front-column" data-column="ready">
                    <h2>
                        {move || Msg::Ready.say(lang())}" "
                        <small>{move || pack::bags(lang(), count(ready))}</small>
                    </h2>
                    <Show
                        when=move || count(ready) != 0
                        fallback=|| view! {
                            <div class="empty">
                                <h3>{move || Msg::NoBagsHere.say(lang())}</h3>
                                <p>{move || Msg::NoBagsHereYet.say(lang())}</p>
                            </div>
                        }
                    >
                        <ul>{move || ready.get().into_iter().map(caller_view).collect_view()}</ul>
                    </Show>
                </section>
                <Refusing/>
            </main>
            <Band word=text(Msg::ScanTheBagOf) what=text(Msg::ScanToHandOver) low=true/>
            <footer class="dock">
                <Button
                    icon=Icon::Tag
                    word=text(Msg::TypeTheCode)
                    primary=true
                    act=move || keypad.set(true)
                />
            </footer>
            <Keypad open=keypad/>
        </div>
    }
}

fn caller_view(caller: Caller) -> impl IntoView {
    let id = caller.id;
    let name = move || {
        let card = device().customer(id);
        card.map(|card| card.short_name).or_else(hidden_name)
    };
    let tail = caller.tail.clone();
    let code = caller.order.code.clone();
    let note = move || {
        minute().track();
        caller_note(lang(), &caller)
    };
    view! {
        <li class="caller" data-code=code>
            <span class="caller-tail">{tail}</span>
            <span class="caller-who"><b>{name}</b><span>{note}</span></span>
        </li>
    }
}
