//! How tasks are done in this shop: read by those who answer for them, changed by the compliance officer.
//!
//! In: the procedures in force, what is typed. Out: a new version as a fact. Must not: change a version that is kept; old
//! ones stay in the record with whoever signed them.

use domain::custody::shift::STEP_CHARS_MAX;
use domain::custody::sop::{self, Task};
use domain::facility::{Right, StationStep};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::{Outcome, device};
use crate::scan::{self, Step};
use crate::ui::band;
use crate::ui::choice::lang;
use crate::ui::halted::NotFound;
use crate::ui::icons::Icon;
use crate::ui::orders::Desk;
use crate::ui::parts::Button;
use crate::ui::words::{Msg, procedure};

/// The tasks that have procedures, with their words.
const TASKS: [(Task, Msg); 8] = [
    (Task::Begin, Msg::TaskBegin),
    (Task::Receive, Msg::TaskReceive),
    (Task::Count, Msg::TaskCount),
    (Task::Pick, Msg::TaskPick),
    (Task::Pack, Msg::TaskPack),
    (Task::Stage, Msg::TaskStage),
    (Task::HandOver, Msg::TaskHandOver),
    (Task::Return, Msg::TaskReturn),
];

/// A step as it is typed.
#[derive(Clone, Copy, PartialEq)]
struct Typed {
    english: RwSignal<String>,
    spanish: RwSignal<String>,
}

impl Typed {
    fn new(english: &str, spanish: &str) -> Self {
        Self {
            english: RwSignal::new(english.to_owned()),
            spanish: RwSignal::new(spanish.to_owned()),
        }
    }

    fn is_empty(self) -> bool {
        let is_empty = |text: &String| text.trim().is_empty();
        self.english.with(is_empty) && self.spanish.with(is_empty)
    }
}

/// What is typed as steps; a step without words in either language is left out.
fn typed_steps(typed: &[Typed]) -> Vec<StationStep> {
    let said = typed.iter().filter(|one| !one.is_empty());
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let step = |(one, number): (&Typed, u16)| StationStep {
        number,
        english: text(one.english),
        spanish: text(one.spanish),
    };
    said.zip(1..).map(step).collect()
}

fn text(msg: Msg) -> Signal<String> {
    Signal::derive(move || msg.say(lang()).to_owned())
}

/// The page.
#[component]
pub(super) fn Procedures() -> impl IntoView {
    scan::expect(Step::Anything);
    let may = |right| {
        let actor = device().actor();
        actor.is_some_and(|actor| actor.role.may(right))
    };
    if !may(Right::ReadChain) {
        return view! { <NotFound/> }.into_any();
    }
    let changes = may(Right::ChangeProcedures);
    let parts = TASKS.map(|(task, word)| view! { <OfTask task word changes/> });
    view! {
        <Desk title=text(Msg::ProceduresPage)>
            <main class="page-main" data-procedures="" tabindex="0">
                <p>{move || {
                    let msg = if changes { Msg::ProceduresHow } else { Msg::ProceduresWho };
                    msg.say(lang())
                }}</p>
                {parts.into_iter().collect_view()}
            </main>
        </Desk>
    }
    .into_any()
}

/// One task's procedure.
#[component]
fn OfTask(task: Task, word: Msg, changes: bool) -> impl IntoView {
    let kept = Memo::new(move |_| device().ledger(|ledger| sop::in_force(ledger, task).cloned()));
    let lines = RwSignal::new(Vec::<Typed>::new());
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let steps = kept.get().map(|kept| kept.steps).unwrap_or_default();
        let typed = steps
            .iter()
            .map(|step| Typed::new(&step.english, &step.spanish));
        lines.set(typed.collect());
    });
    let version = move || match kept.with(|kept| kept.as_ref().map(|kept| kept.version)) {
        Some(version) => procedure::version(lang(), version),
        None => Msg::NoProcedure.say(lang()).to_owned(),
    };
    let keep = move || {
        let steps = lines.with_untracked(|lines| untrack(|| typed_steps(lines)));
        if steps
            .iter()
            .any(|step| step.english.is_empty() || step.spanish.is_empty())
        {
            said.set(Msg::BothLanguages.say(lang()).to_owned());
            return;
        }
        spawn_local(async move {
            let outcome = device()
                .act(None, |ledger, situation| {
                    sop::decide_keep(ledger, situation, task, steps)
                })
                .await;
            said.set(match &outcome {
                Outcome::Saved(_) => Msg::ProcedureKept.say(lang()).to_owned(),
                Outcome::Refused(_) | Outcome::NotKept(_) => band::said(&outcome),
            });
        });
    };
    let is_same = Signal::derive(move || {
        let steps = lines.with(|lines| typed_steps(lines));
        kept.with(|kept| {
            kept.as_ref()
                .map_or(steps.is_empty(), |kept| kept.steps == steps)
        })
    });
    let row = move |(place, one): (usize, Typed)| view! { <Line place one changes/> };
    view! {
        <section class="card procedure" data-task=format!("{task:?}")>
            <h2>{move || word.say(lang())}" "<small>{version}</small></h2>
            <ol>{move || lines.get().into_iter().enumerate().map(row).collect_view()}</ol>
            {changes.then(|| view! {
                <div class="page-acts">
                    <Button word=text(Msg::AddStep) act=move || lines.update(|lines| lines.push(Typed::new("", "")))/>
                    <Button icon=Icon::Check word=text(Msg::KeepProcedure) primary=true disabled=is_same act=keep/>
                </div>
            })}
            <p role="status">{said}</p>
        </section>
    }
}

/// A step in both languages.
#[component]
fn Line(place: usize, one: Typed, changes: bool) -> impl IntoView {
    let field = move |word: Msg, lang_tag: &'static str, typed: RwSignal<String>| {
        let label = move || procedure::step_in(lang(), place + 1, word.say(lang()));
        view! {
            <input
                type="text"
                lang=lang_tag
                aria-label=label
                maxlength=STEP_CHARS_MAX.to_string()
                readonly=!changes
                autocomplete="off"
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
        }
    };
    view! {
        <li class="field">
            {field(Msg::InEnglish, "en", one.english)}
            {field(Msg::InSpanish, "es", one.spanish)}
        </li>
    }
}
