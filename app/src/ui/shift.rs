//! The start of a shift: how everything is that the work needs, what can still be done, and the station's checklist; signed.
//!
//! In: what the device knows of itself, a person's ticks. Out: the start of the shift as a fact. Must not: keep anybody from
//! work; or say of something that it is well which nobody has tried.

use domain::custody::shift::{Checked, Condition, Part, Ticked, decide, has_begun};
use domain::custody::sop::at_start;
use domain::facility::{Right, StationStep};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::platform::locale;
use crate::scan::{self, Step};
use crate::ui::choice::lang;
use crate::ui::frame::{Back, Offers, Strip, home};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, clock_text, go, locale_of};
use crate::ui::shift::checks::{Measured, checks, measure};
use crate::ui::shift::printer::TestLabel;
use crate::ui::status::Health;
use crate::ui::words::{Lang, Msg, shift, time};

/// What each part says.
mod checks;
/// A label, to see whether the printer prints.
mod printer;
/// When something was last tried on this device.
pub(super) mod tried;

fn text(msg: Msg) -> Signal<String> {
    Signal::derive(move || msg.say(lang()).to_owned())
}

/// Whether the person who is signed in has begun a shift today; `None` for whoever begins none.
fn begun() -> Option<bool> {
    let situation = device().situation()?;
    device().ledger(|ledger| {
        let actor = ledger.actors.get(&situation.actor)?;
        let may = actor.role.may(Right::StartShift);
        may.then(|| has_begun(actor.shift.as_deref(), situation.today))
    })
}

/// The row above the work that says the shift is not begun yet.
#[component]
pub(super) fn NotBegun() -> impl IntoView {
    let is_missing = Memo::new(|_| begun() == Some(false));
    move || {
        is_missing.get().then(|| {
            view! {
                <p class="shift-row" data-shift="missing">
                    <Glyph icon=Icon::ClipboardCheck/>
                    <span class="grow">{move || Msg::ShiftNotBegun.say(lang())}</span>
                    <button class="btn btn-small" type="button" on:click=|_| go("/shift")>
                        <span>{move || Msg::ShiftOpen.say(lang())}</span>
                    </button>
                </p>
            }
        })
    }
}

/// The page.
#[component]
pub(super) fn Shift() -> impl IntoView {
    scan::expect(Step::Anything);
    let measured = RwSignal::new(Measured::default());
    spawn_local(async move { measured.set(measure().await) });
    let all = Memo::new(move |_| checks(&measured.get()));
    let done = RwSignal::new(Vec::<u16>::new());
    let said = RwSignal::new(None::<String>);
    let sign = move || {
        let (checks, ticked) = (all.get_untracked(), ticked(&done.get_untracked()));
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    decide(ledger, situation, checks, ticked)
                })
                .await;
            match outcome {
                Outcome::Saved(_) => go(home()),
                Outcome::Refused(_) | Outcome::NotKept(_) => {
                    said.set(Some(Msg::ShiftNotKept.say(lang()).to_owned()));
                }
            }
        });
    };
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head" data-task="">
                <Back path=home() word=Msg::Back/>
                <h1>{move || Msg::ShiftPage.say(lang())}</h1>
            </header>
            <main class="main status" data-shift-page="" tabindex="0">
                <section>
                    <p class="status-say" role="status">{move || verdict(lang(), &all.get())}</p>
                    <ul class="health">{Part::ALL.map(|part| view! { <Row part all measured/> }).collect_view()}</ul>
                </section>
                <aside class="status-side">
                    <Steps done/>
                    <Without/>
                </aside>
            </main>
            <footer class="dock">
                <p class="dock-note" role="alert">{move || said.get().or_else(last)}</p>
                <Button word=text(Msg::GoToQueue) act=|| go(home())/>
                <Button icon=Icon::Check word=text(Msg::ShiftBegin) primary=true act=sign/>
            </footer>
        </div>
    }
}

/// What the last start said, when there was one today.
fn last() -> Option<String> {
    let is_begun = begun()?;
    is_begun.then(|| Msg::ShiftBegun.say(lang()).to_owned())
}

/// Can I work? And if not all is well, what is not.
fn verdict(lang: Lang, all: &[Checked]) -> String {
    let is = |condition: Condition| {
        let of = all.iter().filter(move |one| one.condition == condition);
        of.map(|one| part_word(one.part).say(lang))
            .collect::<Vec<_>>()
    };
    let (late, bad) = (is(Condition::Late), is(Condition::Bad));
    let cannot_save = all
        .iter()
        .any(|one| one.part == Part::Storage && one.condition == Condition::Bad);
    if cannot_save {
        Msg::YouCannotWork.say(lang).to_owned()
    } else if !bad.is_empty() {
        shift::works_without(lang, bad.join(", "))
    } else if !late.is_empty() {
        shift::works_see_to(lang, late.join(", "))
    } else {
        Msg::ShiftAllWell.say(lang).to_owned()
    }
}

fn part_word(part: Part) -> Msg {
    match part {
        Part::Server => Msg::HealthServer,
        Part::Unsent => Msg::HealthNotSent,
        Part::Printer => Msg::PartPrinter,
        Part::Scanner => Msg::PartScanner,
        Part::Camera => Msg::PartCamera,
        Part::Clock => Msg::PartClock,
        Part::Storage => Msg::PartStorage,
        Part::Newer(_) => Msg::PartOther,
    }
}

fn state_of(condition: Condition) -> &'static str {
    match condition {
        Condition::Well => "ok",
        Condition::Late => "late",
        Condition::Bad | Condition::Newer(_) => "bad",
    }
}

#[component]
fn Row(part: Part, all: Memo<Vec<Checked>>, measured: RwSignal<Measured>) -> impl IntoView {
    let one = Memo::new(move |_| all.with(|all| all.iter().find(|one| one.part == part).copied()));
    let state = Signal::derive(move || one.get().map_or("late", |one| state_of(one.condition)));
    let value = Signal::derive(move || {
        let said = one.get().map(|one| checks::said(lang(), &one));
        said.unwrap_or_default()
    });
    let age = Signal::derive(move || {
        let minutes = one.get().and_then(|one| one.minutes);
        minutes.map_or_else(String::new, |minutes| time::age(lang(), minutes.into()))
    });
    let act = match part {
        Part::Printer => Some(view! { <TestLabel measured/> }.into_any()),
        Part::Scanner => Some(
            view! {
                <button class="btn btn-small" type="button" on:click=|_| go("/scanner")>
                    <span>{move || Msg::TryScanner.say(lang())}</span>
                </button>
            }
            .into_any(),
        ),
        Part::Server
        | Part::Unsent
        | Part::Camera
        | Part::Clock
        | Part::Storage
        | Part::Newer(_) => None,
    };
    let act = act.map(|act| view! { <li class="health-act">{act}</li> });
    view! { <Health state name=part_word(part) value age part=part_name(part)/>{act} }
}

/// How stories and styles find a part.
fn part_name(part: Part) -> String {
    format!("{part:?}").to_lowercase()
}

/// The shop's own list, and what its procedure asks for.
fn steps() -> Vec<StationStep> {
    device().ledger(at_start)
}

fn ticked(done: &[u16]) -> Vec<Ticked> {
    let steps = untrack(steps).into_iter();
    steps
        .map(|step| Ticked {
            done: done.contains(&step.number),
            step,
        })
        .collect()
}

#[component]
fn Steps(done: RwSignal<Vec<u16>>) -> impl IntoView {
    let steps = Memo::new(|_| steps());
    let row = move |step: StationStep| {
        let number = step.number;
        let is_done = move || done.with(|done| done.contains(&number));
        let press = move |_| {
            done.update(|done| match done.iter().position(|one| *one == number) {
                Some(index) => {
                    done.remove(index);
                }
                None => done.push(number),
            });
        };
        let words = move || match lang() {
            Lang::En => step.english.clone(),
            Lang::Es => step.spanish.clone(),
        };
        view! {
            <li>
                <label class="shift-step">
                    <input type="checkbox" prop:checked=is_done on:change=press/>
                    <span>{words}</span>
                </label>
            </li>
        }
    };
    view! {
        <fieldset class="setting">
            <legend>{move || Msg::BeforeFirstOrder.say(lang())}</legend>
            <Show
                when=move || !steps.with(Vec::is_empty)
                fallback=|| view! { <p class="soft">{move || Msg::NoChecklist.say(lang())}</p> }
            >
                <ul class="shift-steps">{move || steps.get().into_iter().map(row).collect_view()}</ul>
            </Show>
        </fieldset>
    }
}

/// What goes on without a network, and until when.
#[component]
fn Without() -> impl IntoView {
    let orders = Memo::new(|_| {
        let own = device()
            .certificate()
            .map(|certificate| certificate.device.id);
        let count = device().ledger(|ledger| {
            let orders = ledger.orders.values();
            let is_ours = |order: &&domain::order::Order| {
                let claim = order.claim.as_ref().map(|claim| claim.device);
                !order.status.is_closed() && claim.is_some() && claim == own
            };
            orders.filter(is_ours).count()
        });
        u32::try_from(count).unwrap_or(u32::MAX)
    });
    let ends = move || {
        crate::ui::frame::minute().track();
        let ends = device().permit_ends()?;
        let day = locale::short_day(locale_of(lang()), &device().zone(), ends);
        Some(shift::names_until(lang(), day, clock_text(ends)))
    };
    view! {
        <div class="setting" data-without="">
            <h2>{move || Msg::IfNetworkGoes.say(lang())}</h2>
            <p>{move || match orders.get() {
                0 => Msg::NoneTakenHere.say(lang()).to_owned(),
                count => shift::goes_on(lang(), count),
            }}</p>
            <p class="soft">{move || Msg::TakesNoOthers.say(lang())}</p>
            <p class="soft">{ends}</p>
        </div>
    }
}
