//! Who works here, for those who answer for them.
//!
//! In: the directory, the server's register, a manager's PIN. Out: everybody, and since when each is what he is; somebody
//! unlocked, or sent away. Must not: let anybody in, or give anybody more; that is done where the server is.

use domain::facility::{Actor, Right};
use domain::id::ActorId;
use domain::sync::enrol::{DevicesAct, PersonChange};
use leptos::prelude::*;

use crate::device::{SignInFailed, device};
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::enter::role_word;
use crate::ui::halted::NotFound;
use crate::ui::orders::Desk;
use crate::ui::parts::Button;
use crate::ui::proving::Proving;
use crate::ui::register::{Changes, Of, asked};
use crate::ui::words::{Msg, devices};

/// What the sheet is about.
#[derive(Clone, Debug, PartialEq)]
enum About {
    /// What may be changed about a person.
    Choosing(Actor),
    /// The PIN, before this is done.
    Proving(Actor, PersonChange),
    /// It is done.
    Done(Actor, PersonChange),
}

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
    let about = RwSignal::new(None::<About>);
    let title = Signal::derive(|| Msg::PeoplePage.say(lang()).to_owned());
    let told = asked();
    view! {
        <Desk title>
            <main class="page-main" data-people="" tabindex="0">
                <Table about/>
                <Changes told of=Of::People/>
            </main>
            <Sheet about/>
        </Desk>
    }
    .into_any()
}

#[component]
fn Sheet(about: RwSignal<Option<About>>) -> impl IntoView {
    let title = move || match about.get() {
        Some(About::Choosing(who)) => who.name,
        Some(About::Proving(who, PersonChange::Unlock)) => devices::unlock_named(lang(), who.name),
        Some(About::Proving(who, PersonChange::Leave)) => devices::leave_named(lang(), who.name),
        Some(About::Done(who, PersonChange::Unlock)) => devices::unlocked(lang(), who.name),
        Some(About::Done(who, PersonChange::Leave)) => devices::left(lang(), &who.name),
        None => String::new(),
    };
    let body = move || match about.get()? {
        About::Choosing(who) => Some(view! { <Choosing about who/> }.into_any()),
        About::Proving(who, change) => {
            let why = match change {
                PersonChange::Unlock => Msg::UnlockWhy,
                PersonChange::Leave => Msg::LeaveWhy,
            };
            let who = StoredValue::new(who);
            let run = move |pin: String| async move {
                let who = who.get_value();
                let act = DevicesAct::Person {
                    person: who.id,
                    change,
                };
                device().manage(&pin, act).await?;
                about.set(Some(About::Done(who, change)));
                Ok::<(), SignInFailed>(())
            };
            Some(view! { <Proving run why=Some(why)/> }.into_any())
        }
        About::Done(_, change) => {
            let next = match change {
                PersonChange::Unlock => Msg::UnlockedNext,
                PersonChange::Leave => Msg::LeftNext,
            };
            Some(view! { <p>{move || next.say(lang())}</p> }.into_any())
        }
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    move || {
        about.with(Option::is_some).then(|| {
            view! {
                <section class="sheet" data-person-sheet="" role="dialog" aria-modal="false" aria-labelledby="person-title">
                    <header class="sheet-head"><h2 id="person-title">{title}</h2></header>
                    <div class="sheet-body">{body}</div>
                    <footer class="dock">
                        <Button word=text(Msg::Close) act=move || about.set(None)/>
                    </footer>
                </section>
            }
        })
    }
}

/// What may be changed; whoever answers for people is not sent away by another who does.
#[component]
fn Choosing(about: RwSignal<Option<About>>, who: Actor) -> impl IntoView {
    let can_leave = !who.role.may(Right::Administer);
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let who = StoredValue::new(who);
    let ask = move |change| about.set(Some(About::Proving(who.get_value(), change)));
    view! {
        <div class="new-pin person-acts">
            <Button word=text(Msg::UnlockPerson) act=move || ask(PersonChange::Unlock)/>
            <p>{move || Msg::UnlockWhy.say(lang())}</p>
            {can_leave.then(|| view! {
                <Button word=text(Msg::SendAway) act=move || ask(PersonChange::Leave)/>
                <p>{move || Msg::LeaveWhy.say(lang())}</p>
            })}
            <p class="faint">{move || Msg::MoreAtTheServer.say(lang())}</p>
        </div>
    }
}

#[component]
fn Table(about: RwSignal<Option<About>>) -> impl IntoView {
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
        <table class="table table-folds">
            <thead>
                <tr>
                    <th scope="col">{move || Msg::ColumnPerson.say(lang())}</th>
                    <th scope="col">{move || Msg::ColumnWorksAs.say(lang())}</th>
                    <th scope="col">{move || Msg::StatusPage.say(lang())}</th>
                    <th scope="col"><span class="sr">{move || Msg::ChangePerson.say(lang())}</span></th>
                </tr>
            </thead>
            <tbody>{move || rows.get().into_iter().map(|known| row(known, about)).collect_view()}</tbody>
        </table>
    }
}

fn row(known: Actor, about: RwSignal<Option<About>>) -> impl IntoView {
    let (state, tone) = match known.active {
        true => (Msg::WorksHere, "accept"),
        false => (Msg::HasLeft, "quiet"),
    };
    let role = role_word(known.role);
    let is_self = device().actor().is_some_and(|own| own.id == known.id);
    let can_change = known.active && !is_self;
    let who = known.clone();
    let ask = move |_| about.set(Some(About::Choosing(who.clone())));
    view! {
        <tr data-person=known.id.0.to_string()>
            <td><b>{known.name}</b>" "<span class="faint code">{known.id.0}</span></td>
            <td>{move || role.say(lang())}</td>
            <td><span class="chip" data-tone=tone>{move || state.say(lang())}</span></td>
            <td>
                {can_change.then(|| view! {
                    <button class="btn btn-small" type="button" on:click=ask>
                        <span>{move || Msg::ChangePerson.say(lang())}</span>
                    </button>
                })}
            </td>
        </tr>
    }
}
