//! When the queue will be empty, in a line above it.

use domain::plan::errand::Backlog;
use domain::plan::forecast::{Outlook, arrivals_per_hour, people_at_work};
use domain::plan::pace::{Cart, Crew, Pace};
use domain::plan::vault::map_of;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::frame::minute;
use crate::ui::parts::clock_text;
use crate::ui::queue::rows::is_waiting;
use crate::ui::words::queue;

/// What lies further away is said in words: a time of day alone would be taken for today's.
const A_SHIFT_MS: i64 = 12 * 60 * 60 * 1_000;

/// Orders up to which it is worked out what more people would come to: that is a plan for each of them.
const ORDERS_MAX: usize = 1_000;

/// What becomes of the queue if those who work now go on, and with how many it would be better. Orders are taken one at a
/// time.
fn outlook() -> Option<(Outlook, Option<Outlook>)> {
    let now = device().now();
    device().ledger_now(|ledger| {
        let orders = || ledger.orders.values();
        let backlog = Backlog::of(ledger, &map_of(ledger), orders().filter(is_waiting));
        let crew = Crew {
            people: people_at_work(orders()),
            cart: Cart::SINGLE,
            pace: Pace::TYPICAL,
        };
        let has_work = !backlog.errands.is_empty();
        has_work.then(|| {
            let (per_hour, by) = (arrivals_per_hour(orders(), now), now.plus(A_SHIFT_MS));
            let found = backlog.outlook(now, &crew, per_hour);
            let clears = found.clears_at.is_some_and(|at| at < by);
            let is_fine = clears && found.late == 0;
            let more = (!is_fine && backlog.errands.len() <= ORDERS_MAX)
                .then(|| backlog.with_more(now, &crew, per_hour, by))
                .flatten();
            (found, more.filter(|more| !clears || more.late < found.late))
        })
    })
}

/// The line. `count` says how many orders there are: the outlook is worked out anew with every one more or less, and
/// as time goes by.
#[component]
pub(super) fn OutlookLine(#[prop(into)] count: Signal<usize>) -> impl IntoView {
    let outlook = Memo::new(move |_| {
        count.track();
        minute().track();
        outlook()
    });
    let words = move || {
        let (now, more) = outlook.get()?;
        let Outlook {
            people,
            clears_at,
            late,
            ..
        } = now;
        let first = match clears_at {
            Some(at) if at.since(device().now()) < A_SHIFT_MS => {
                queue::clears_at(lang(), people, clock_text(at))
            }
            Some(_) => queue::not_today(lang(), people),
            None => queue::never_clears(lang(), people),
        };
        let late = (late > 0).then(|| queue::will_miss(lang(), late));
        let more = more.and_then(|more| {
            let at = clock_text(more.clears_at?);
            Some(queue::enough(lang(), more.people, at, more.late))
        });
        Some(
            [Some(first), late, more]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
        )
    };
    view! { <p class="queue-outlook" data-outlook="">{words}</p> }
}
