//! What to set on common models of scanners.
//!
//! In: nothing. Out: a list to unfold. Must not: say of a model what its kind does not do; where makers' manuals could not
//! be read, the page says that names may differ.

use leptos::prelude::*;

use crate::ui::choice::lang;
use crate::ui::words::Msg;

/// Models by their makers' names, and what to set, from makers' manuals and what shops report of them.
const MODELS: [(&str, &[Msg]); 6] = [
    (
        "Zebra DS2208, DS8178",
        &[Msg::ModelZebraEnd, Msg::ModelZebraKeys, Msg::ModelZebraCaps],
    ),
    (
        "Zebra TC5x, DataWedge",
        &[
            Msg::ModelWedgeEnd,
            Msg::ModelWedgeGroup,
            Msg::ModelWedgeSlow,
        ],
    ),
    (
        "Honeywell 1902, Voyager",
        &[Msg::ModelEndsWell, Msg::ModelHoneywellKeys],
    ),
    (
        "Datalogic QuickScan, Gryphon, PowerScan",
        &[
            Msg::ModelEndsWell,
            Msg::ModelDatalogicKeys,
            Msg::AdviseLayout,
        ],
    ),
    (
        "Socket Mobile",
        &[
            Msg::ModelSocketMode,
            Msg::ModelEndsWell,
            Msg::ModelSocketPad,
        ],
    ),
    (
        "Inateck BCST",
        &[
            Msg::ModelEndsWell,
            Msg::ModelInateckSlow,
            Msg::ModelInateckBurst,
        ],
    ),
];

/// The list.
#[component]
pub(super) fn Models() -> impl IntoView {
    let row = |(name, says): (&'static str, &'static [Msg])| {
        let words = move || {
            let words = says.iter().map(|word| word.say(lang()));
            words.map(|word| view! { <li>{word}</li> }).collect_view()
        };
        view! {
            <details class="scanner-model" data-model=name>
                <summary>{name}</summary>
                <ul>{words}</ul>
            </details>
        }
    };
    view! {
        <section class="scanner-models">
            <h2>{move || Msg::ByModel.say(lang())}</h2>
            <p class="soft">{move || Msg::ByModelSay.say(lang())}</p>
            {MODELS.map(row).collect_view()}
        </section>
    }
}
