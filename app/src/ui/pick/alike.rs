//! What stands beside the package to take and is easily taken instead.

use domain::id::PackageTag;
use domain::plan::near::{Alike, alike};
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::pick;

/// One line: the likest neighbour, by its tail and its place.
#[component]
pub(super) fn LookAlike(tag: PackageTag) -> impl IntoView {
    let found = Memo::new(move |_| {
        device().ledger(|ledger| {
            let near = alike(ledger, ledger.packages.get(&tag)?);
            let first = near.first()?;
            let item = ledger.items.get(&first.package.item);
            let shelf = first.package.shelf().map(ToString::to_string);
            Some((
                first.why,
                first.package.tag.tail().to_owned(),
                shelf.unwrap_or_default(),
                item.map(|item| item.name.clone()).unwrap_or_default(),
            ))
        })
    });
    move || {
        found.get().map(|(why, tail, shelf, name)| {
            let words = match why {
                Alike::OtherBatch => pick::beside_other_batch(lang(), tail, shelf),
                Alike::Name => pick::beside_other_name(lang(), name, shelf),
            };
            view! {
                <p class="target-alike" data-alike="">
                    <Glyph icon=Icon::TriangleAlert/>
                    <span>{words}</span>
                </p>
            }
        })
    }
}
