//! The tote that comes next: what was picked last goes into it, and its code is scanned.
//!
//! In: the order in front. Out: its tote by number, shape and colour, and what the band waits for. Must not: ask for a
//! tote where none was bound.

use domain::custody::pick::next_target;
use domain::custody::tote;
use domain::id::OrderId;
use domain::ledger::Ledger;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::ToteToken;
use crate::ui::parts::tote_name;
use crate::ui::words::{Msg, pick};

/// The tote to scan before anything else.
#[derive(Clone, PartialEq)]
pub(super) struct Due {
    pub(super) number: u8,
    /// End of the tag of what goes into it.
    pub(super) tail: String,
}

/// The tote an order waits for.
pub(super) fn due(ledger: &Ledger, order: OrderId) -> Option<Due> {
    let order = ledger.orders.get(&order)?;
    let next = next_target(ledger, order).map(|target| &target.package.tag);
    let number = order.tote.as_ref()?.number;
    let last = order.picks.last()?;
    tote::is_due(order, next).then(|| Due {
        number,
        tail: last.tag.tail().to_owned(),
    })
}

/// What the band waits for while a tote is due.
pub(super) fn words(due: &Due) -> (String, String) {
    (
        pick::now_scan_tote(lang(), due.number),
        pick::tote_tells(lang(), &due.tail),
    )
}

/// The tote, as large as the shelf it came from was.
#[component]
pub(super) fn PutIn(due: Due) -> impl IntoView {
    let number = due.number;
    view! {
        <p class="target-go">{move || Msg::PutItIn.say(lang())}</p>
        <div class="put-in" data-put-in=number.to_string()>
            <ToteToken number label=pick::tote(lang(), number)/>
            <p class="target-say">{move || tote_name(lang(), number)}</p>
        </div>
    }
}
