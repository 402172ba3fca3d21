//! Procedures: steps the compliance officer keeps, shown as the work goes, and signed off order by order.
//!
//! In: steps with a version; who did which for which order. Out: what is still to be done before the bag is closed. Must
//! not: change a version that somebody signed, or take a step as done because nobody asked.

use minicbor::{Decode, Encode};

use crate::custody::shift::{STEP_CHARS_MAX, STEPS_MAX};
use crate::custody::{Fact, Situation, has_authority};
use crate::event::words_that_grow;
use crate::facility::{Right, StationStep};
use crate::id::{ActorId, OrderId};
use crate::ledger::Ledger;
use crate::order::{Order, Status};
use crate::verdict::{Reason, Refusal, Verdict};

/// The work a procedure is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// At the shelves.
    Pick,
    /// On the bench.
    Pack,
    /// A task this program does not know yet. It asks for nothing here.
    Newer(u32),
}

words_that_grow! {
    Task:
    Pick = 1
    Pack = 2
}

/// How a task is done in this shop, as of a version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Procedure {
    /// The task.
    #[n(0)]
    pub task: Task,
    /// Rises by one with every change, from 1.
    #[n(1)]
    pub version: u32,
    /// What is done for every order, in this order; none: nothing is asked.
    #[n(2)]
    pub steps: Vec<StationStep>,
}

/// The compliance officer kept a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProcedureKept {
    /// The procedure.
    #[n(0)]
    pub procedure: Procedure,
}

/// Somebody did a step for an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StepSigned {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The task.
    #[n(1)]
    pub task: Task,
    /// Version of its procedure.
    #[n(2)]
    pub version: u32,
    /// The step, as the person read it.
    #[n(3)]
    pub step: StationStep,
}

/// A step that was signed off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Signed {
    /// The task.
    #[n(0)]
    pub task: Task,
    /// Version of its procedure.
    #[n(1)]
    pub version: u32,
    /// Number of the step.
    #[n(2)]
    pub step: u16,
    /// By whom.
    #[n(3)]
    pub actor: ActorId,
}

/// The procedure of a task in force.
#[must_use]
pub fn in_force(ledger: &Ledger, task: Task) -> Option<&Procedure> {
    let procedures = ledger.store()?.procedures.as_deref()?;
    procedures.iter().find(|procedure| procedure.task == task)
}

/// Steps of a task nobody has signed for an order, by the version in force.
#[must_use]
pub fn open<'a>(ledger: &'a Ledger, order: &Order, task: Task) -> Vec<&'a StationStep> {
    let Some(procedure) = in_force(ledger, task) else {
        return Vec::new();
    };
    let signed = order.signed.as_deref().unwrap_or_default();
    let is_open = |step: &&StationStep| {
        !signed.iter().any(|one| {
            one.task == task && one.version == procedure.version && one.step == step.number
        })
    };
    procedure.steps.iter().filter(is_open).collect()
}

/// Refuses to close a bag for which a step is still to be done.
///
/// # Errors
/// When a step of picking or of packing is open.
pub(crate) fn require_signed(ledger: &Ledger, order: &Order) -> Result<(), Refusal> {
    let is_open = |task| !open(ledger, order, task).is_empty();
    match is_open(Task::Pick) || is_open(Task::Pack) {
        true => Err(Refusal::because(Reason::StepsOpen)),
        false => Ok(()),
    }
}

/// Whether steps say something in both languages, no more than fits, and each under its own number.
fn are_whole(steps: &[StationStep]) -> bool {
    let is_said = |text: &str| {
        let length = text.chars().count();
        !text.trim().is_empty() && length <= STEP_CHARS_MAX
    };
    let numbers = 1..;
    let mut numbered = steps.iter().zip(numbers);
    steps.len() <= STEPS_MAX
        && numbered.all(|(step, number)| {
            is_said(&step.english) && is_said(&step.spanish) && step.number == number
        })
}

/// May this person change how a task is done?
#[must_use]
pub fn decide_keep(
    ledger: &Ledger,
    situation: &Situation,
    task: Task,
    steps: Vec<StationStep>,
) -> Verdict {
    if let Err(refusal) = situation.require_decision(ledger, Right::ChangeProcedures) {
        return Verdict::Refused(refusal);
    }
    let before = in_force(ledger, task);
    let is_same = before.is_some_and(|before| before.steps == steps);
    if !are_whole(&steps) || is_same || matches!(task, Task::Newer(_)) {
        return Reason::NotYet.into();
    }
    let version = before.map_or(0, |before| before.version).saturating_add(1);
    let procedure = Procedure {
        task,
        version,
        steps,
    };
    Verdict::Accepted(ProcedureKept { procedure }.into())
}

/// From now on the task is done so. Two that were kept at once both count, one after the other.
pub fn kept(ledger: &mut Ledger, fact: &Fact<'_>, done: &ProcedureKept) {
    let may = has_authority(ledger, fact, Right::ChangeProcedures);
    if !may || !are_whole(&done.procedure.steps) {
        return;
    }
    let task = done.procedure.task;
    let before = in_force(ledger, task).map_or(0, |before| before.version);
    let Some(store) = ledger.store_mut(&0) else {
        return;
    };
    let mut procedure = done.procedure.clone();
    procedure.version = procedure.version.max(before.saturating_add(1));
    let procedures = store.procedures.get_or_insert_default();
    procedures.retain(|known| known.task != task);
    procedures.push(procedure);
    procedures.sort_by_key(|known| known.task);
}

/// May this person sign this step off?
#[must_use]
pub fn decide_sign(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    task: Task,
    number: u16,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let version = in_force(ledger, task).map(|procedure| procedure.version);
    let mut steps = open(ledger, order, task).into_iter();
    let step = steps.find(|step| step.number == number);
    match version.zip(step) {
        Some((version, step)) if order.status < Status::Sealed => Verdict::Accepted(
            StepSigned {
                order: order.id,
                task,
                version,
                step: step.clone(),
            }
            .into(),
        ),
        Some(_) | None => Reason::NotYet.into(),
    }
}

/// The step is done for this order.
pub fn signed(ledger: &mut Ledger, fact: &Fact<'_>, done: &StepSigned) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    let one = Signed {
        task: done.task,
        version: done.version,
        step: done.step.number,
        actor: fact.envelope.actor.actor,
    };
    let all = order.signed.get_or_insert_default();
    let is_there = |known: &Signed| {
        (known.task, known.version, known.step) == (one.task, one.version, one.step)
    };
    // As many as a procedure can have, for each of its versions a shop works by while an order is open.
    if !all.iter().any(is_there) && all.len() < STEPS_MAX * 4 {
        all.push(one);
    }
}
