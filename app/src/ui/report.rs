//! Reporting by hand, on an order's page, what no rule can see.
//!
//! In: an order, a person's word. Out: a report, through `raise::decide`, which opens what has to be settled. Must not:
//! offer what the server finds by itself, or take a word about a customer.

use domain::custody::exception::Rule;
use domain::custody::raise;
use domain::id::OrderId;
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::{Button, NoteField};
use crate::ui::words::Msg;

/// What a person can see that no rule does.
const KINDS: [(Msg, Rule); 4] = [
    (Msg::ReportLimit, Rule::LimitExceeded),
    (Msg::ReportHeld, Rule::HeldOrRecalled),
    (Msg::ReportActor, Rule::ActorInvalid),
    (Msg::ReportTwice, Rule::LineFilledTwice),
];

/// The button, and the form it opens, for whoever may report.
#[component]
pub(super) fn Report(order: OrderId) -> impl IntoView {
    let kind = RwSignal::new(0_usize);
    let note = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let rule = move || {
        let chosen = KINDS.get(kind.get());
        chosen.map_or(Rule::LimitExceeded, |(_, rule)| *rule)
    };
    let may = Memo::new(move |_| {
        let situation = device().situation();
        situation.is_some_and(|situation| {
            let about = (Some(order), None);
            device().ledger(|ledger| {
                let is_open = ledger
                    .orders
                    .get(&order)
                    .is_some_and(|order| !order.status.is_closed());
                let verdict = raise::decide(ledger, &situation, rule(), about, "");
                is_open && matches!(verdict, Verdict::Accepted(_))
            })
        })
    });
    let confirm = move || {
        let (rule, text) = untrack(|| (rule(), note.get()));
        open.set(false);
        note.set(String::new());
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    raise::decide(ledger, situation, rule, (Some(order), None), &text)
                })
                .await;
            said.set(band::said(&outcome));
        });
    };
    let word = Signal::derive(|| Msg::Report.say(lang()).to_owned());
    let view = move || {
        may.get().then(|| match open.get() {
            true => view! { <Form kind note open confirm/> }.into_any(),
            false => view! { <Button icon=Icon::TriangleAlert word act=move || open.set(true)/> }
                .into_any(),
        })
    };
    view! {
        <div class="order-act" data-report="">{view}<p class="saved" role="status">{said}</p></div>
    }
}

#[component]
fn Form(
    kind: RwSignal<usize>,
    note: RwSignal<String>,
    open: RwSignal<bool>,
    confirm: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let options = KINDS
        .iter()
        .enumerate()
        .map(|(index, (word, _))| {
            let word = *word;
            let is_chosen = index == kind.get_untracked();
            view! {
                <option value=index.to_string() selected=is_chosen>{move || word.say(lang())}</option>
            }
        })
        .collect_view();
    let choose = move |text: String| kind.set(text.parse().unwrap_or(0));
    view! {
        <form class="card" on:submit=|event| event.prevent_default()>
            <label class="field">
                {move || Msg::ReportWhat.say(lang())}
                <select on:change=move |event| choose(event_target_value(&event))>{options}</select>
            </label>
            <NoteField note/>
            <p>{move || Msg::ReportHolds.say(lang())}</p>
            <div class="acts">
                <Button icon=Icon::Check word=text(Msg::ReportIt) primary=true act=confirm/>
                <Button word=text(Msg::Cancel) act=move || open.set(false)/>
            </div>
        </form>
    }
}
