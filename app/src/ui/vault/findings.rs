//! What a person should mend about a drawing, in words, each with what to do.

use domain::plan::map::Finding;
use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::vault::{Desktop, checked};
use crate::ui::words::{Lang, Msg, vault};

/// So many are named; the others are counted.
const NAMED: usize = 12;

fn words(lang: Lang, finding: &Finding) -> String {
    match finding {
        Finding::TooManySpots { spots } => vault::too_many_spots(lang, spots),
        Finding::AisleTooLong { from, to, .. } => vault::aisle_too_long(lang, from, to),
        Finding::ShelfTwice { code, kept, .. } => vault::shelf_twice(lang, code, kept),
        Finding::NoWayTo { code } => vault::no_way_to(lang, code),
        Finding::NoWayBack { code } => vault::no_way_back(lang, code),
        Finding::NotDrawn { code } => vault::not_drawn(lang, code),
    }
}

/// The list, or that all is well.
#[component]
pub(super) fn Findings(desktop: Desktop) -> impl IntoView {
    let found = Memo::new(move |_| {
        let (map, findings) = checked(desktop);
        (map.shelves(), findings)
    });
    let list = move || {
        let (shelves, findings) = found.get();
        let reached = u32::try_from(shelves).unwrap_or(u32::MAX);
        if findings.is_empty() {
            return view! {
                <p data-tone="accept"><Glyph icon=Icon::CircleCheck/>" "{Msg::MapIsGood.say(lang())}</p>
            }
            .into_any();
        }
        let rest = findings.len().saturating_sub(NAMED);
        let rows = findings
            .iter()
            .take(NAMED)
            .map(|finding| words(lang(), finding));
        let rows = rows.map(|row| view! { <li>{row}</li> }).collect_view();
        let more = (rest > 0).then(|| view! { <li>{vault::more_to_mend(lang(), rest)}</li> });
        view! {
            <h2>{Msg::ToMend.say(lang())}</h2>
            <p class="faint">{vault::shelves_drawn(lang(), reached)}</p>
            <ul class="vault-findings">{rows}{more}</ul>
        }
        .into_any()
    };
    view! { <section class="card" data-findings="">{list}</section> }
}
