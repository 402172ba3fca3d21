//! The counter: what is coming, what is ready, and the bag in hand.

use domain::custody::tell::{self, Word};
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Channel, Order, Status};
use domain::time::Millis;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::band::{Band, Refusing};
use crate::ui::car::{CarOf, WhichCar};
use crate::ui::choice::lang;
use crate::ui::frame::{Offers, Strip, minute};
use crate::ui::hand_over::HandOver;
use crate::ui::icons::Icon;
use crate::ui::keypad::{Keypad, TypeIt};
use crate::ui::messages::{News, Say, say};
use crate::ui::more::{PAGE, ShowMore};
use crate::ui::parts::{Button, channel_word, clock_text, go, minutes_since, status_word};
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
    since: Option<Millis>,
    waits: Option<Millis>,
}

/// The columns of the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Coming,
    Ready,
    Here,
}

fn column_of(order: &Order) -> Column {
    match (tell::waiting_since(order), order.status) {
        (Some(_), _) => Column::Here,
        (None, Status::Staged) => Column::Ready,
        (None, _) => Column::Coming,
    }
}

fn callers(ledger: &Ledger, column: Column) -> Vec<Caller> {
    let mut callers: Vec<Caller> = ledger
        .orders
        .values()
        .filter(|order| !order.status.is_closed() && order.status != Status::Out)
        .filter(|order| column_of(order) == column)
        .map(|order| Caller {
            id: order.id,
            tail: order.code.rsplit('-').next().unwrap_or_default().to_owned(),
            since: order
                .slot
                .as_ref()
                .and_then(|slot| ledger.slots.get(slot))
                .and_then(|slot| slot.since),
            waits: tell::waiting_since(order),
            order: order.clone(),
        })
        .collect();
    callers.sort_by_key(|caller| {
        let due = caller.order.promise_end;
        (caller.waits, due, caller.tail.clone())
    });
    callers
}

fn caller_note(lang: Lang, caller: &Caller) -> String {
    let stands = match (&caller.order.slot, caller.since) {
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
    };
    let Some(waits) = caller.waits else {
        return stands;
    };
    let place = match (&caller.order.slot, caller.order.status) {
        (Some(slot), _) => slot.to_string(),
        (None, status) => status_word(status).say(lang).to_owned(),
    };
    let waits = pack::waiting_for(lang, time::age(lang, minutes_since(waits)));
    let channel = channel_word(caller.order.channel).say(lang);
    format!("{channel} · {place} · {waits}")
}

#[component]
fn Columns() -> impl IntoView {
    let of = |column| Memo::new(move |_| device().ledger(|ledger| callers(ledger, column)));
    let (coming, ready, here) = (of(Column::Coming), of(Column::Ready), of(Column::Here));
    let (about, car) = (RwSignal::new(None), RwSignal::new(None));
    let view_of = move |callers: Memo<Vec<Caller>>| {
        let limit = RwSignal::new(PAGE);
        let view = move |caller: &Caller| caller_view(caller.clone(), about, car);
        let first =
            move || callers.with(|all| all.iter().take(limit.get()).map(view).collect_view());
        let beyond = Signal::derive(move || callers.with(Vec::len).saturating_sub(limit.get()));
        view! { <ul>{first}</ul><ShowMore beyond limit/> }
    };
    let keypad = RwSignal::new(false);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let count =
        move |callers: Memo<Vec<Caller>>| u32::try_from(callers.with(Vec::len)).unwrap_or(u32::MAX);
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <main class="main front" tabindex="0">
                <News/>
                <section class="front-column" data-column="coming">
                    <h2>
                        {move || Msg::Coming.say(lang())}" "
                        <small>{move || pack::orders_n(lang(), count(coming))}</small>
                    </h2>
                    {view_of(coming)}
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
                        {view_of(ready)}
                    </Show>
                </section>
                <Show when=move || count(here) != 0 fallback=|| ()>
                    <section class="front-column" data-column="here">
                        <h2>
                            {move || Msg::CustomerIsHere.say(lang())}" "
                            <small>{move || pack::people_n(lang(), count(here))}</small>
                        </h2>
                        {view_of(here)}
                    </section>
                </Show>
            </main>
            <Band word=text(Msg::ScanTheBagOf) what=text(Msg::ScanToHandOver) low=true/>
            <Refusing/>
            <footer class="dock">
                <Button icon=Icon::Search word=text(Msg::FindABag) act=|| go("/bags")/>
                <TypeIt keypad primary=true/>
            </footer>
            <Keypad open=keypad/>
            <Say about/>
            <WhichCar about=car/>
        </div>
    }
}

fn caller_view(
    caller: Caller,
    about: RwSignal<Option<OrderId>>,
    car: RwSignal<Option<OrderId>>,
) -> impl IntoView {
    let id = caller.id;
    let name = move || {
        let card = device().customer(id);
        card.map(|card| card.short_name).or_else(hidden_name)
    };
    let tail = caller.tail.clone();
    let code = caller.order.code.clone();
    let waits = caller.waits.is_some();
    let (word, said) = match waits {
        true => (Msg::CustomerHasLeft, Word::CustomerLeft),
        false => (Msg::CustomerArrived, Word::CustomerHere),
    };
    let is_curbside = caller.order.channel == Channel::Curbside;
    let tell = move || match said {
        Word::CustomerHere if is_curbside => car.set(Some(id)),
        _ => say(id, said),
    };
    let at_the_curb = (waits && is_curbside).then(|| {
        view! {
            <div class="caller-car">
                <CarOf order=id/>
                <Button word=Signal::derive(|| Msg::ChangeCar.say(lang()).to_owned()) act=move || car.set(Some(id))/>
            </div>
        }
    });
    let note = move || {
        minute().track();
        caller_note(lang(), &caller)
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    view! {
        <li class="caller" data-code=code data-waits=waits.then_some("")>
            <span class="caller-tail">{tail}</span>
            <span class="caller-who"><b><bdi>{name}</bdi></b><span>{note}</span></span>
            {at_the_curb}
            <div class="caller-acts">
                <Button word=text(Msg::Message) act=move || about.set(Some(id))/>
                <Button word=text(word) act=tell/>
            </div>
        </li>
    }
}
