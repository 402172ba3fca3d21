//! Taking the order that was chosen, and going on with one's own.

use domain::custody::claim;
use domain::facility::Right;
use domain::id::OrderId;
use domain::order::Status;
use domain::sync::device::Input;
use domain::sync::enrol::DenialCode;
use domain::sync::message::ClaimAsk;
use domain::verdict::Reason;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::sync::http::HttpFailed;
use crate::sync::run;
use crate::ui::band::answer;
use crate::ui::choice::lang;
use crate::ui::denied;
use crate::ui::frame::minute;
use crate::ui::icons::Icon;
use crate::ui::parts::{Button, clock_text, go};
use crate::ui::queue::company::company;
use crate::ui::queue::rows::{RowFacts, reason_words};
use crate::ui::short_order::ShortOrder;
use crate::ui::walk::carried;
use crate::ui::words::refuse::words_of;
use crate::ui::words::{Lang, Msg, queue, time};

#[component]
pub(super) fn QueueDock(
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
            let taken = take(vec![row.id]).await;
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
                        time::rank_reason(lang(), &clock_text(row.standing.due), &reason_words(lang(), row.reason()), row.minutes())
                    })}
                </span>
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <ShortOrder open=lacking answer back=Msg::BackToTheQueue/>
        <footer class="dock">
            {note}
            {may.then(|| view! { <WalkButton rows answer busy/> })}
            <Button icon=Icon::Hand word primary=true disabled act/>
        </footer>
    }
}

/// Takes several orders for one walk, or goes on with those on the cart.
#[component]
fn WalkButton(
    rows: Memo<Vec<RowFacts>>,
    answer: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let carried = carried();
    let offer = Memo::new(move |_| {
        minute().track();
        let now = device().now();
        rows.with(|rows| device().ledger_now(|ledger| company(ledger, rows, now)))
    });
    let begun = move || carried.with(Vec::len) > 1;
    let disabled = Signal::derive(move || busy.get());
    let word = Signal::derive(move || {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match offer.get().filter(|_| !begun()) {
            Some(company) => queue::take_these(lang(), count(company.orders.len())),
            None => queue::walk_of(lang(), count(carried.with(Vec::len))),
        }
    });
    let act = move || {
        if untrack(begun) {
            go("/walk");
            return;
        }
        let Some(company) = offer.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let taken = take(company.orders).await;
            busy.set(false);
            match taken {
                Ok(()) => go("/walk"),
                Err(reason) => answer.set(Some(reason)),
            }
        });
    };
    let facts = move || {
        let company = offer.get().filter(|_| !begun())?;
        Some(queue::walk_length(lang(), company.metres, company.minutes))
    };
    let shown = Memo::new(move |_| begun() || offer.with(Option::is_some));
    move || {
        shown.get().then(|| {
            view! {
                <div class="dock-walk" data-walk="">
                    <Button word disabled act/>
                    <span class="soft">{facts}</span>
                </div>
            }
        })
    }
}

/// Why an order could not be taken, in words for whoever chose it from the list.
fn not_taken(order: Option<OrderId>, reason: Reason, lang: Lang) -> String {
    let is_short = || {
        device().ledger_now(|ledger| {
            let known = order.and_then(|order| ledger.orders.get(&order));
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

/// Takes orders: a lease from the server where there is one, the claim in any case. Those that somebody else took
/// meanwhile are left out, as long as one remains.
pub(in crate::ui) async fn take(orders: Vec<OrderId>) -> Result<(), String> {
    let own = device()
        .certificate()
        .map(|certificate| certificate.device.id);
    let is_ours = |order: &OrderId| {
        device().ledger_now(|ledger| {
            let order = ledger.orders.get(order);
            let claim = order.and_then(|order| order.claim.as_ref());
            claim.is_some_and(|claim| Some(claim.device) == own)
        })
    };
    let mut wanted: Vec<OrderId> = orders.into_iter().filter(|id| !is_ours(id)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let lang = || crate::ui::choice::choices().lang.get_untracked();
    if let (Some(caller), Some(situation)) = (device().caller(), device().situation()) {
        let ask = ClaimAsk {
            actor: situation.actor,
            orders: wanted.clone(),
            device: None,
        };
        match caller.claim(&ask).await {
            Ok(answer) => {
                run::step(device(), Input::Wake);
                wanted.retain(|order| answer.granted.contains(order));
                if wanted.is_empty() {
                    let refused = answer.refused.first();
                    let reason = refused.map_or(Reason::Unknown, |no| no.reason);
                    return Err(not_taken(refused.map(|no| no.order), reason, lang()));
                }
                // The lease comes with the next pull; the claims are recorded under it.
                run::until_read(device(), answer.position).await;
            }
            // Without a network the claim is recorded without a lease, and flagged.
            Err(cause) if cause.is_transient() => {}
            Err(HttpFailed::Denied(no)) => {
                if no.code == DenialCode::UnknownActor {
                    // The next sign-in proves it, also where an earlier permit would have been enough.
                    device().permits.forget_of(situation.actor);
                }
                return Err(denied::claim_word(no.code).say(lang()).to_owned());
            }
            Err(_) => return Err(Msg::ClaimNeedsServer.say(lang()).to_owned()),
        }
    }
    for order in wanted {
        let outcome = device()
            .act(None, |ledger, situation| {
                claim::decide(ledger, situation, order)
            })
            .await;
        match &outcome {
            Outcome::Refused(refusal) => {
                return Err(not_taken(Some(order), refusal.reason, lang()));
            }
            Outcome::Saved(_) | Outcome::NotKept(_) => answer(&outcome)?,
        }
    }
    Ok(())
}
