//! Older packages that were reported missing while a younger one was taken, and that the record still has on their shelf.
//!
//! In: the ledger. Out: a folded list, and the count that takes a package off it. Must not: say who is to blame; the reason that
//! was given stands there, and a count shows what it is worth.

use domain::custody::passed_over::{self, PassedOver as Found};
use domain::custody::short::{Missed, ShortReason};
use domain::facility::Right;
use domain::id::{OrderId, PackageTag};
use domain::ledger::Ledger;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::recount::CountThis;
use crate::ui::settle::{name_of, when};
use crate::ui::words::{Lang, Msg, settle};

/// Packages listed at most, what was reported last first.
const SHOWN_MAX: usize = 100;

/// What the picker saw, in words.
pub(super) fn missed_word(reason: ShortReason) -> Msg {
    match reason {
        ShortReason::NotThere => Msg::MissedNotThere,
        ShortReason::Damaged => Msg::MissedDamaged,
        ShortReason::TagUnreadable => Msg::MissedUnreadable,
        ShortReason::OtherPackage => Msg::MissedOther,
        ShortReason::Newer(_) => Msg::WhyNewer,
    }
}

/// A package that was passed over, as it is listed.
#[derive(Clone, PartialEq)]
struct Passed {
    order: OrderId,
    code: String,
    older: PackageTag,
    shelf: String,
    younger: PackageTag,
    units: u32,
    missed: Option<Missed>,
}

impl Passed {
    fn of(found: &Found<'_>) -> Self {
        let shelf = found.older.stands_at().map(ToString::to_string);
        Self {
            order: found.order.id,
            code: found.order.code.clone(),
            older: found.older.tag.clone(),
            shelf: shelf.unwrap_or_default(),
            younger: found.younger.tag.clone(),
            units: found.units,
            missed: found.missed,
        }
    }

    fn key(&self) -> (OrderId, PackageTag, PackageTag, u32, String) {
        let tags = (self.older.clone(), self.younger.clone());
        (self.order, tags.0, tags.1, self.units, self.shelf.clone())
    }

    /// What was taken, the reason that was given, who gave it, and when.
    fn facts(&self, lang: Lang, ledger: &Ledger) -> String {
        let taken = settle::taken_instead(lang, self.units, self.younger.tail());
        let Some(missed) = self.missed else {
            return taken;
        };
        let parts = [
            taken,
            missed_word(missed.reason).say(lang).to_owned(),
            name_of(ledger, missed.actor),
            when(lang, missed.event),
        ];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join(" · ")
    }
}

/// The list, folded.
#[component]
pub(super) fn PassedOver() -> impl IntoView {
    let said = RwSignal::new(String::new());
    let all = Memo::new(|_| {
        device().ledger(|ledger| {
            let found = passed_over::still_there(ledger);
            found.iter().map(Passed::of).collect::<Vec<_>>()
        })
    });
    let shown = move || all.with(|all| all.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>());
    view! {
        <details class="folded" data-folded="passed-over">
            <summary>{move || settle::older_ones_n(lang(), all.with(Vec::len))}</summary>
            <p class="saved" role="status">{said}</p>
            <Show when=move || all.with(Vec::is_empty)>
                <p class="task">{move || Msg::NoneLeftBehind.say(lang())}</p>
            </Show>
            <ul>
                <For each=shown key=Passed::key let:one><One one said/></For>
            </ul>
        </details>
    }
}

#[component]
fn One(one: Passed, said: RwSignal<String>) -> impl IntoView {
    let actor = device().actor();
    let may_read = actor.is_some_and(|actor| actor.role.may(Right::ReadChain));
    let (tag, shelf, name) = (one.older.clone(), one.shelf.clone(), one.older.to_string());
    let (path, code) = (format!("/orders/{}", one.order), one.code.clone());
    let link = may_read.then(|| {
        view! { <A href=path attr:class="evidence-rule">{move || settle::see_order(lang(), &code)}</A> }
    });
    let head = one.clone();
    let head = move || settle::older_stands(lang(), &head.code, head.older.tail(), &head.shelf);
    let facts = move || device().ledger(|ledger| one.facts(lang(), ledger));
    view! {
        <li class="task" data-passed=name>
            <div>
                <b>{head}</b>
                <span>{facts}</span>
                {link}
            </div>
            <CountThis tag shelf said/>
        </li>
    }
}
