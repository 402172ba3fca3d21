//! Saying that a change or a cancellation upstream was looked at.
//!
//! In: an order. Out: an acknowledgement, through `acknowledge::decide`. Must not: offer it to who may not, or before
//! the goods of a cancelled order are back.

use domain::custody::acknowledge;
use domain::id::OrderId;
use domain::order::Concern;
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::Button;
use crate::ui::words::Msg;

/// What the person who is signed in may acknowledge now.
fn due(id: OrderId) -> Option<Concern> {
    let situation = device().situation()?;
    device().ledger(|ledger| {
        let verdict = acknowledge::decide(ledger, &situation, id);
        let order = ledger.orders.get(&id)?;
        matches!(verdict, Verdict::Accepted(_))
            .then(|| acknowledge::due(order))
            .flatten()
    })
}

/// The button, while there is something to look at.
#[component]
pub(super) fn Seen(order: OrderId) -> impl IntoView {
    let concern = Memo::new(move |_| due(order));
    let said = RwSignal::new(String::new());
    let confirm = move || {
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    acknowledge::decide(ledger, situation, order)
                })
                .await;
            said.set(band::said(&outcome));
        });
    };
    let view = move || {
        let msg = match concern.get()? {
            Concern::CancelledAfterPick => Msg::CancelSeen,
            Concern::ChangedUpstream
            | Concern::Missing
            | Concern::OverLimit
            | Concern::Newer(_) => Msg::ChangeSeen,
        };
        let word = Signal::derive(move || msg.say(lang()).to_owned());
        Some(view! { <Button icon=Icon::Check word act=confirm/> })
    };
    view! {
        <div class="order-act">{view}<p class="saved" role="status">{said}</p></div>
    }
}
