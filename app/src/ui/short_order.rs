//! An order of which something cannot be had: what is missing, and going on without it once the customer was asked.
//!
//! In: an order, how its customer was asked. Out: the customer's word, through `agree::decide`. Must not: offer an order
//! of nothing, or speak for the customer.

use domain::custody::agree::{self, Asked, left_of, not_to_be_had};
use domain::id::OrderId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::Button;
use crate::ui::words::{Msg, queue};

/// How customers are asked, with what is recorded.
const WAYS: [(Msg, Icon, Asked); 3] = [
    (Msg::AskedByPhone, Icon::Phone, Asked::ByPhone),
    (Msg::AskedByMessage, Icon::MessageSquare, Asked::ByMessage),
    (Msg::AskedInPerson, Icon::User, Asked::InPerson),
];

/// What an order lacks.
#[derive(Clone, PartialEq, Eq)]
struct Lacks {
    code: String,
    /// Units and product of each line that lacks some.
    lines: Vec<(u32, String)>,
    /// Units left without them.
    left: u32,
}

fn lacks(order: OrderId) -> Option<Lacks> {
    device().ledger(|ledger| {
        let order = ledger.orders.get(&order)?;
        let short = order.lines.iter().filter(|line| not_to_be_had(line) > 0);
        let name = |item| ledger.items.get(item).map(|item| item.name.clone());
        let lines = short
            .map(|line| (not_to_be_had(line), name(&line.item).unwrap_or_default()))
            .collect();
        Some(Lacks {
            code: order.code.clone(),
            lines,
            left: left_of(order),
        })
    })
}

/// The sheet over the queue; `open` says for which order. `answer` gets what came of it.
#[component]
pub(super) fn ShortOrder(
    open: RwSignal<Option<OrderId>>,
    answer: RwSignal<Option<String>>,
) -> impl IntoView {
    let asked = RwSignal::new(None::<usize>);
    let facts = Memo::new(move |_| lacks(open.get()?).filter(|lacks| !lacks.lines.is_empty()));
    let close = move || {
        open.set(None);
        asked.set(None);
    };
    let agree = move || {
        let how = asked.get_untracked().and_then(|index| WAYS.get(index));
        let (Some(order), Some((_, _, how))) = (open.get_untracked(), how) else {
            return;
        };
        close();
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    agree::decide(ledger, situation, order, *how)
                })
                .await;
            answer.set(Some(band::said(&outcome)));
        });
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        let Lacks { code, lines, left } = facts.get()?;
        let lines = lines
            .into_iter()
            .map(|(units, item)| view! { <li><b>{units}" × "{item}</b></li> })
            .collect_view();
        let goes_on = (left > 0).then(|| {
            view! {
                <div>
                    <h3 id="asked">{move || Msg::AskCustomerFirst.say(lang())}</h3>
                    <div class="kinds" data-three="" role="group" aria-labelledby="asked">{ways(asked)}</div>
                </div>
            }
        });
        let rest = move || match left {
            0 => Msg::NothingLeftOnIt.say(lang()).to_owned(),
            _ => queue::left_without(lang(), left),
        };
        let press = (left > 0).then(|| {
            let disabled = Signal::derive(move || asked.get().is_none());
            view! { <Button word=text(Msg::SendWithoutIt) primary=true disabled act=agree/> }
        });
        Some(view! {
            <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="lacks-title" data-short="">
                <header class="sheet-head">
                    <h2 id="lacks-title">{move || queue::what_is_missing(lang(), &code)}</h2>
                </header>
                <div class="sheet-body" data-single=(left == 0).then_some("")>
                    <div class="lacks">
                        <ul>{lines}</ul>
                        <p>{rest}</p>
                    </div>
                    {goes_on}
                </div>
                <footer class="dock">
                    <Button word=text(Msg::BackToTheQueue) act=close/>
                    {press}
                </footer>
            </section>
        })
    }
}

fn ways(asked: RwSignal<Option<usize>>) -> impl IntoView {
    WAYS.iter()
        .enumerate()
        .map(|(index, (word, icon, _))| {
            let (word, icon) = (*word, *icon);
            view! {
                <button
                    class="btn"
                    type="button"
                    aria-pressed=move || (asked.get() == Some(index)).to_string()
                    on:click=move |_| asked.set(Some(index))
                >
                    <Glyph icon/>
                    <span>{move || word.say(lang())}</span>
                </button>
            }
        })
        .collect_view()
}
