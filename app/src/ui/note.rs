//! What a customer wrote to the shop.
//!
//! In: an order. Out: the note in the customer's own words, where this person may see customers' data. Must not: take a word of it
//! for more than text.

use domain::id::OrderId;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::icons::{Glyph, Icon};

/// The note in a line, where there is one.
#[component]
pub(super) fn NoteOf(order: OrderId) -> impl IntoView {
    let note = Memo::new(move |_| {
        let note = device().customer(order)?.note?;
        (!note.trim().is_empty()).then_some(note)
    });
    move || {
        let note = note.get()?;
        Some(view! {
            <p class="note" data-note="">
                <Glyph icon=Icon::MessageSquare/>
                <bdi>{note}</bdi>
            </p>
        })
    }
}
