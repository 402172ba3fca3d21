//! The next step of the shop's procedure, while the work goes on: shown, done, signed off.
//!
//! In: the order in front. Out: one step at a time, signed by whoever did it. Must not: stop a scan; what is not signed
//! stops the bag from being closed, and nothing before.

use domain::custody::sop::{self, Task};
use domain::facility::StationStep;
use domain::id::OrderId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan;
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::{Lang, Msg, procedure};

/// A step in the language of the screen.
pub(super) fn step_text(lang: Lang, step: &StationStep) -> String {
    match lang {
        Lang::En => step.english.clone(),
        Lang::Es => step.spanish.clone(),
    }
}

/// The step, and the button that signs it.
#[component]
pub(super) fn NextStep(
    /// The order it is for; none: for what the person does in this shift.
    order: Option<OrderId>,
    tasks: &'static [Task],
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let next = Memo::new(move |_| {
        device().ledger(|ledger| {
            let situation = device().situation()?;
            let known = order.and_then(|order| ledger.orders.get(&order));
            let of_task = |task: &Task| {
                let open = match order {
                    Some(_) => sop::open(ledger, known?, *task),
                    None => sop::open_in_shift(ledger, &situation, *task),
                };
                let version = sop::in_force(ledger, *task)?.version;
                let first = (*open.first()?).clone();
                Some((*task, first, open.len(), version))
            };
            tasks.iter().find_map(of_task)
        })
    });
    let sign = move |task: Task, number: u16| {
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| match order {
                    Some(order) => sop::decide_sign(ledger, situation, order, task, number),
                    None => sop::decide_sign_in_shift(ledger, situation, task, number),
                })
                .await;
            // What was refused because of it can be done now.
            scan::clear();
            said.set(band::said(&outcome));
        });
    };
    let view = move || {
        let (task, step, left, version) = next.get()?;
        let number = step.number;
        let of = procedure::step_of(lang(), version, left);
        Some(view! {
            <div class="ask" data-step=number.to_string()>
                <span><b>{step_text(lang(), &step)}</b><span class="soft">{of}</span></span>
                <button class="btn btn-small" type="button" on:click=move |_| sign(task, number)>
                    <Glyph icon=Icon::Check/>
                    <span>{Msg::StepDone.say(lang())}</span>
                </button>
            </div>
        })
    };
    view! {
        {view}
        <p class="sr" role="status">{said}</p>
    }
}
