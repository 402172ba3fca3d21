//! Long lists, a page at a time: on a day with thousands of orders nobody reads them all, and no browser draws them at once.
//!
//! In: how many rows are not shown. Out: a button that shows the next of them. Must not: choose which come first.

use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::parts::Button;
use crate::ui::words::queue;

/// Rows that are shown at first, and at each asking.
pub(super) const PAGE: usize = 100;

/// Shows the next page, where there is one.
#[component]
pub(super) fn ShowMore(beyond: Signal<usize>, limit: RwSignal<usize>) -> impl IntoView {
    let word = Signal::derive(move || {
        let left = u32::try_from(beyond.get()).unwrap_or(u32::MAX);
        queue::show_more(lang(), left)
    });
    move || {
        (beyond.get() > 0).then(|| {
            view! {
                <p class="show-more">
                    <Button word act=move || limit.update(|limit| *limit += PAGE)/>
                </p>
            }
        })
    }
}
