//! Labels for shelves: the code to read, and the same in bars for a scanner.
//!
//! In: shelves. Out: one label each, on its own piece of paper. Must not: print bars that no reader of ours takes.

use domain::code::own::{OwnCode, OwnKind};
use domain::facility::LocationCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::label::put_on_paper;
use crate::ui::parts::Bars;

/// Prints labels through the browser. A shelf whose code has too few or too many letters for bars has none.
pub(super) fn print_labels(shelves: Vec<LocationCode>) {
    let label = |shelf: LocationCode| {
        let bars = OwnCode::make(OwnKind::Location, &shelf.scan_id());
        view! {
            <div class="shelf-label" data-shelf=shelf.to_string()>
                <b>{shelf.to_string()}</b>
                {bars.map(|bars| {
                    let below = bars.clone();
                    view! { <Bars text=bars/><span>{below}</span> }
                })}
            </div>
        }
    };
    let labels = shelves.into_iter().map(label).collect_view();
    spawn_local(put_on_paper("shelf-label", labels));
}
