//! Taking an order back from the device that has it.
//!
//! In: an order. Out: a broken lease, through `break_lease::decide`, after saying what happens to what was picked
//! under it. Must not: ask the device, which may be gone.

use domain::custody::break_lease;
use domain::id::OrderId;
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::Button;
use crate::ui::settle::{device_name, name_of};
use crate::ui::words::{Msg, settle};

/// Who has an order, and how many units of it.
#[derive(Clone, PartialEq)]
struct Held {
    device: String,
    who: Option<String>,
    units: u32,
}

/// Who has the order elsewhere, when the person who is signed in may take it away.
fn held(id: OrderId) -> Option<Held> {
    device().permits.allowed.track();
    let situation = device().situation()?;
    device().ledger(|ledger| {
        let Verdict::Accepted(_) = break_lease::decide(ledger, &situation, id) else {
            return None;
        };
        let order = ledger.orders.get(&id)?;
        let granted = ledger.leases.values().find(|lease| lease.may_hand_off(id));
        let claim = order.claim.as_ref();
        let holder = granted
            .map(|lease| lease.device)
            .or_else(|| claim.map(|claim| claim.device))?;
        (holder != situation.device).then(|| Held {
            device: device_name(ledger, holder),
            who: claim.map(|claim| name_of(ledger, claim.actor)),
            units: order.units_picked(),
        })
    })
}

/// The button, and the confirmation it opens.
#[component]
pub(super) fn TakeBack(order: OrderId) -> impl IntoView {
    let holder = Memo::new(move |_| held(order));
    let open = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let confirm = move || {
        open.set(false);
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    break_lease::decide(ledger, situation, order)
                })
                .await;
            said.set(band::said(&outcome));
        });
    };
    let view = move || {
        let held = holder.get()?;
        Some(if open.get() {
            view! { <Confirm held open confirm/> }.into_any()
        } else {
            let word = Signal::derive(move || settle::take_back_from(lang(), &held.device));
            view! { <Button icon=Icon::Undo word act=move || open.set(true)/> }.into_any()
        })
    };
    view! {
        <div class="order-act">{view}<p class="saved" role="status">{said}</p></div>
    }
}

#[component]
fn Confirm(
    held: Held,
    open: RwSignal<bool>,
    confirm: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let Held { device, who, units } = held;
    let name = device.clone();
    let later = device.clone();
    view! {
        <section class="card" aria-labelledby="take-back-title">
            <h2 id="take-back-title">{move || settle::take_back_from(lang(), &name)}</h2>
            {who.map(|who| view! { <p>{move || settle::held_by(lang(), &who, &device)}</p> })}
            <p>{move || match units {
                0 => Msg::NothingPickedYet.say(lang()).to_owned(),
                units => settle::picks_stay(lang(), units),
            }}</p>
            <p>{move || settle::later_picks(lang(), &later)}</p>
            <div class="acts">
                <Button icon=Icon::Undo word=text(Msg::BreakLease) primary=true act=confirm/>
                <Button word=text(Msg::Cancel) act=move || open.set(false)/>
            </div>
        </section>
    }
}
