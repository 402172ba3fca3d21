//! What a lost device may have taken: each package is counted once, and is off the list.
//!
//! In: the open recount tasks. Out: counts, through `count::decide`. Must not: say how many there should be; whoever
//! counts must not know.

use domain::custody::sop;
use domain::custody::{count, recount};
use domain::facility::{LocationCode, Right};
use domain::id::PackageTag;
use domain::quantity::Quantity;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::band::answer;
use crate::ui::choice::lang;
use crate::ui::icons::Icon;
use crate::ui::parts::Button;
use crate::ui::settle::{Figure, Shelf};
use crate::ui::sop::NextStep;
use crate::ui::words::{Msg, acts, settle};

/// A package to count, and the units that may be missing.
type Task = (PackageTag, u32);

/// The list; nothing where nothing has to be counted.
#[component]
pub(super) fn ToCount() -> impl IntoView {
    let said = RwSignal::new(String::new());
    let tasks = Memo::new(|_| {
        device().ledger(|ledger| {
            let mut tasks: Vec<Task> = Vec::new();
            for task in recount::open_tasks(ledger) {
                match tasks.iter_mut().find(|(tag, _)| tag == task.tag) {
                    Some((_, units)) => *units = units.saturating_add(task.units_max),
                    None => tasks.push((task.tag.clone(), task.units_max)),
                }
            }
            tasks
        })
    });
    view! {
        <p class="saved" role="status">{said}</p>
        <Show when=move || !tasks.with(Vec::is_empty)>
            <h2>{move || Msg::ToCount.say(lang())}</h2>
            <NextStep order=None tasks=&[sop::Task::Count]/>
            <ul>
                <For each=move || tasks.get() key=Clone::clone let:task><OneTask task said/></For>
            </ul>
        </Show>
    }
}

#[component]
fn OneTask(task: Task, said: RwSignal<String>) -> impl IntoView {
    let (tag, units) = task;
    let (item, shelf) = device().ledger_now(|ledger| {
        let item = ledger.item_of(&tag).map(|item| item.name.clone());
        let package = ledger.packages.get(&tag);
        let shelf = package
            .and_then(|package| package.stands_at())
            .map(ToString::to_string);
        (item, shelf.unwrap_or_default())
    });
    let (tail, name) = (tag.tail().to_owned(), tag.to_string());
    let place = shelf.clone();
    view! {
        <li class="task" data-tag=name>
            <div>
                <b>{item}</b>
                <span>{move || format!("…{tail} · {place} · {}", settle::may_be_missing(lang(), units))}</span>
            </div>
            <CountThis tag shelf said/>
        </li>
    }
}

/// The button of a row that names a package to count, and behind it the count, for whoever may.
#[component]
pub(super) fn CountThis(tag: PackageTag, shelf: String, said: RwSignal<String>) -> impl IntoView {
    let actor = device().actor();
    let open = RwSignal::new(false);
    let may = actor.is_some_and(|actor| actor.role.may(Right::Count));
    may.then(|| {
        view! {
            <button
                class="btn"
                type="button"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span>{move || Msg::CountThis.say(lang())}</span>
            </button>
            <Show when=move || open.get()>
                <Counting tag=tag.clone() shelf=shelf.clone() said/>
            </Show>
        }
    })
}

/// Counts one package on the shelf that is chosen. `said` is told what came of it.
#[component]
fn Counting(tag: PackageTag, shelf: String, said: RwSignal<String>) -> impl IntoView {
    let (shelf, figure) = (RwSignal::new(shelf), RwSignal::new(String::new()));
    let counted = move || Quantity::parse(figure.get().trim());
    let save = move || {
        let Some(counted) = untrack(counted) else {
            return;
        };
        let (tag, shelf) = (tag.clone(), LocationCode::new(&shelf.get_untracked()));
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    count::decide(ledger, situation, &tag, &shelf, counted)
                })
                .await;
            said.set(answer(&outcome).map_or_else(
                |why| why,
                |()| {
                    let act = acts::counted(lang(), counted, tag.tail(), &shelf);
                    format!("{} · {act}", Msg::Saved.say(lang()))
                },
            ));
        });
    };
    view! {
        <form class="counting" on:submit=|event| event.prevent_default()>
            <Shelf chosen=shelf/>
            <Figure word=Msg::CountedThere text=figure/>
            <Button
                icon=Icon::Check
                word=Signal::derive(|| Msg::Save.say(lang()).to_owned())
                disabled=Signal::derive(move || counted().is_none())
                act=save
            />
        </form>
    }
}
