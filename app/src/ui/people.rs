//! Who works here, for those who answer for them.
//!
//! In: the directory, the server's register. Out: everybody, and since when each is what he is. Must not: change anybody;
//! that is done where the server is.

use domain::facility::{Actor, Right};
use domain::id::ActorId;
use leptos::prelude::*;

use crate::device::device;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::enter::role_word;
use crate::ui::halted::NotFound;
use crate::ui::orders::Desk;
use crate::ui::register::{Changes, Of, asked};
use crate::ui::words::Msg;

/// The page.
#[component]
pub(super) fn People() -> impl IntoView {
    scan::expect(Step::Anything);
    let may = device()
        .actor()
        .is_some_and(|actor| actor.role.may(Right::Administer));
    if !may {
        return view! { <NotFound/> }.into_any();
    }
    let title = Signal::derive(|| Msg::PeoplePage.say(lang()).to_owned());
    let told = asked();
    view! {
        <Desk title>
            <main class="page-main" data-people="" tabindex="0">
                <Table/>
                <Changes told of=Of::People/>
            </main>
        </Desk>
    }
    .into_any()
}

#[component]
fn Table() -> impl IntoView {
    let rows = Memo::new(|_| {
        device().ledger(|ledger| {
            let is_person = |known: &&Actor| known.id != ActorId::SERVER;
            let all = ledger.actors.values().filter(is_person);
            let mut rows: Vec<Actor> = all.cloned().collect();
            rows.sort_by_key(|known| (!known.active, known.name.to_lowercase(), known.id));
            rows
        })
    });
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{move || Msg::ColumnPerson.say(lang())}</th>
                    <th scope="col">{move || Msg::ColumnWorksAs.say(lang())}</th>
                    <th scope="col">{move || Msg::StatusPage.say(lang())}</th>
                </tr>
            </thead>
            <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(known: Actor) -> impl IntoView {
    let (state, tone) = match known.active {
        true => (Msg::WorksHere, "accept"),
        false => (Msg::HasLeft, "quiet"),
    };
    let role = role_word(known.role);
    view! {
        <tr data-person=known.id.0.to_string()>
            <td><b>{known.name}</b>" "<span class="faint code">{known.id.0}</span></td>
            <td>{move || role.say(lang())}</td>
            <td><span class="chip" data-tone=tone>{move || state.say(lang())}</span></td>
        </tr>
    }
}
