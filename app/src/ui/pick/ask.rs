//! One cheap question after a place was emptied, or nearly: how many are left there?
//!
//! In: the last pick. Out: a count, by one tap. Must not: say what the record has, stop anybody, or ask twice of one place.

use std::cell::RefCell;

use domain::custody::count::{self, worth_asking};
use domain::custody::sop::Task;
use domain::facility::LocationCode;
use domain::id::{OrderId, PackageTag};
use domain::quantity::Quantity;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::ui::choice::lang;
use crate::ui::sop::NextStep;
use crate::ui::words::{Msg, pick};

/// Figures that can be tapped; more is not a cheap question any more.
const FIGURES: u32 = 6;

thread_local! {
    /// Places asked about since the app was opened. To ask again after that costs one look.
    static ASKED: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// A package on a shelf.
type Place = (PackageTag, LocationCode);

/// The question, when there is one.
#[component]
pub(super) fn HowManyLeft(order: OrderId) -> impl IntoView {
    let said = RwSignal::new(None::<Msg>);
    // Rises with every place that is done with.
    let asked = RwSignal::new(0_u32);
    let place = Memo::new(move |_| {
        asked.track();
        device().ledger(|ledger| {
            let pick = ledger.orders.get(&order)?.picks.last()?;
            let place = (pick.tag.clone(), pick.from.clone());
            let is_new = ASKED.with_borrow(|asked| !asked.contains(&place));
            let situation = device().situation()?;
            let may = worth_asking(ledger, &situation, &place.0, &place.1);
            (is_new && may).then_some(place)
        })
    });
    let skip = move || {
        if let Some(place) = place.get_untracked() {
            ASKED.with_borrow_mut(|asked| asked.push(place));
            asked.update(|count| *count += 1);
        }
    };
    let answer = move |figure: u32| {
        let Some((tag, shelf)) = place.get_untracked() else {
            return;
        };
        skip();
        spawn_local(async move {
            let counted = Quantity::units(figure);
            let outcome = device()
                .act(None, |ledger, situation| {
                    count::decide(ledger, situation, &tag, &shelf, counted)
                })
                .await;
            said.set(Some(match outcome {
                Outcome::Saved(_) => Msg::Saved,
                Outcome::Refused(_) | Outcome::NotKept(_) => Msg::CannotSave,
            }));
        });
    };
    let view = move || {
        let (tag, shelf) = place.get()?;
        let figures = (0..FIGURES).map(|figure| {
            view! {
                <button class="btn btn-small" type="button" on:click=move |_| answer(figure)>
                    <span>{figure}</span>
                </button>
            }
        });
        Some(view! {
            <div class="ask" data-ask=shelf.to_string()>
                <NextStep order=None tasks=&[Task::Count]/>
                <span>{pick::how_many_left(lang(), tag.tail(), &shelf)}</span>
                {figures.collect_view()}
                <button class="btn btn-small btn-quiet" type="button" on:click=move |_| skip()>
                    <span>{Msg::SkipQuestion.say(lang())}</span>
                </button>
            </div>
        })
    };
    view! {
        {view}
        <p class="sr" role="status">{move || said.get().map(|msg| msg.say(lang()))}</p>
    }
}
