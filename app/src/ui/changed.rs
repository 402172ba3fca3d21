//! What has become of an order while somebody worked on it.
//!
//! In: an order. Out: a notice while it is cancelled, changed or more than one person may buy. Must not: say what it was changed to;
//! the goods that were picked are still those of before.

use domain::order::{Concern, Order, Status};
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::Msg;

/// Whether what was picked may not be what is ordered now, as far as anybody has looked.
pub(super) fn is_changed(order: &Order) -> bool {
    order.concerns.contains(&Concern::ChangedUpstream)
}

/// What happened, and what to do about it where goods are picked or packed.
fn words(order: &Order, packs: bool) -> Option<(Msg, Msg)> {
    let changed = match packs {
        true => Msg::OrderChangedPack,
        false => Msg::OrderChangedDo,
    };
    if order.status == Status::Cancelled {
        Some((Msg::OrderCancelledNow, Msg::OrderCancelledDo))
    } else if is_changed(order) {
        Some((Msg::OrderChangedNow, changed))
    } else if order.concerns.contains(&Concern::OverLimit) {
        Some((Msg::OverLimitNow, Msg::OverLimitDo))
    } else {
        None
    }
}

/// The notice.
#[component]
pub(super) fn WhatChanged(
    order: Memo<Option<Order>>,
    #[prop(optional)] packs: bool,
) -> impl IntoView {
    let said = Memo::new(move |_| order.with(|order| words(order.as_ref()?, packs)));
    move || {
        said.get().map(|(now, act)| {
            view! {
                <div class="notice" data-tone="attend" role="alert">
                    <Glyph icon=Icon::TriangleAlert/>
                    <span class="grow"><b>{now.say(lang())}</b>" "{act.say(lang())}</span>
                </div>
            }
        })
    }
}
