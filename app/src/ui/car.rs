//! The car a customer waits in at the curb, and where it stands.
//!
//! In: an order, what somebody at the counter types. Out: a line for whoever carries the bag out. Must not: keep what was typed anywhere
//! but sealed, or hold up the word that the customer is here.

use domain::custody::car::{CAR_CHARS_MAX, Car, SPACE_CHARS_MAX};
use domain::custody::tell::{self, Word};
use domain::id::OrderId;
use leptos::ev::keydown;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan::{self, counter};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::messages::say;
use crate::ui::parts::Button;
use crate::ui::words::{Msg, messages};

/// What is known here of a car.
#[derive(Clone, PartialEq)]
enum Known {
    /// Nobody has said.
    Nothing,
    /// It is on record, and this tablet or this person may not open it.
    Hidden,
    /// It is this one.
    Car(Car),
}

/// Follows an order's car.
fn known(order: OrderId) -> RwSignal<Known> {
    let known = RwSignal::new(Known::Nothing);
    let sealed = move || {
        let sealed = device().ledger(|ledger| ledger.orders.get(&order)?.car.clone());
        let may = device()
            .customer(order)
            .and_then(|card| card.seal)
            .is_some();
        (sealed, may)
    };
    let sealed = Memo::new(move |_| sealed());
    Effect::new(move |_| {
        let (Some(now), _) = sealed.get() else {
            known.set(Known::Nothing);
            return;
        };
        spawn_local(async move {
            let opened = counter::opened(order, &now).await;
            // Meanwhile it may have moved, or the page may be gone.
            let is_still = sealed
                .try_get_untracked()
                .is_some_and(|(still, _)| still == Some(now));
            if is_still {
                known.try_set(opened.map_or(Known::Hidden, Known::Car));
            }
        });
    });
    known
}

/// The car in a line, where there is one.
#[component]
pub(super) fn CarOf(order: OrderId) -> impl IntoView {
    let known = known(order);
    move || {
        let said = match known.get() {
            Known::Nothing => return None,
            Known::Hidden => Msg::CarHidden.say(lang()).to_owned(),
            Known::Car(car) => messages::car_at(lang(), car.car(), car.space()),
        };
        Some(view! {
            <p class="car" data-car="">
                <Glyph icon=Icon::Car/>
                <bdi>{said}</bdi>
            </p>
        })
    }
}

/// The sheet on which it is typed, with what is known already.
#[component]
pub(super) fn WhichCar(about: RwSignal<Option<OrderId>>) -> impl IntoView {
    move || {
        let order = about.get()?;
        Some(view! { <Sheet order about/> })
    }
}

#[component]
fn Sheet(order: OrderId, about: RwSignal<Option<OrderId>>) -> impl IntoView {
    let (car, space) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let before = known(order);
    Effect::new(move |_| {
        if let Known::Car(known) = before.get() {
            car.set(known.car().to_owned());
            space.set(known.space().to_owned());
        }
    });
    let keys = window_event_listener(keydown, move |event| {
        if event.key() == "Escape" {
            about.set(None);
        }
    });
    on_cleanup(move || keys.remove());
    let can_keep = move || {
        device()
            .customer(order)
            .is_some_and(|card| card.seal.is_some())
    };
    let done = move || {
        let (car, space) = (car.get_untracked(), space.get_untracked());
        about.set(None);
        tell_car(order, car, space);
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let fields = move || {
        if !can_keep() {
            return view! { <p class="text-24">{move || Msg::CarNotKept.say(lang())}</p> }
                .into_any();
        }
        view! {
            <Field word=Msg::WhichCar text=car chars_max=CAR_CHARS_MAX name="car"/>
            <Field word=Msg::WhichSpace text=space chars_max=SPACE_CHARS_MAX name="space"/>
        }
        .into_any()
    };
    view! {
        <section class="sheet" data-car-sheet="" role="dialog" aria-modal="false" aria-labelledby="car-title">
            <header class="sheet-head">
                <h2 id="car-title">{move || Msg::CustomerIsHere.say(lang())}</h2>
                <span class="grow"></span>
                <span class="soft text-18">{move || Msg::CarKept.say(lang())}</span>
            </header>
            <div class="sheet-body" data-single="">{fields}</div>
            <footer class="dock">
                <Button word=text(Msg::Cancel) act=move || about.set(None)/>
                <Button icon=Icon::UserCheck word=text(Msg::CustomerArrived) primary=true act=done/>
            </footer>
        </section>
    }
}

#[component]
fn Field(word: Msg, text: RwSignal<String>, chars_max: usize, name: &'static str) -> impl IntoView {
    view! {
        <label class="field">
            {move || word.say(lang())}
            <input
                type="text"
                name=name
                autocomplete="off"
                maxlength=chars_max.to_string()
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
        </label>
    }
}

/// Says that the customer is here, and in which car where somebody knows.
fn tell_car(order: OrderId, car: String, space: String) {
    spawn_local(async move {
        let Some(sealed) = counter::sealed_car(order, &car, &space).await else {
            let waits = device().ledger_now(|ledger| {
                let order = ledger.orders.get(&order);
                order.and_then(tell::waiting_since).is_some()
            });
            if !waits {
                say(order, Word::CustomerHere);
            }
            return;
        };
        let decide = |ledger: &_, here: &_| tell::decide_car(ledger, here, order, sealed.clone());
        scan::shown(order, device().act(None, decide).await);
    });
}
