//! Procedures: steps the compliance officer keeps, shown as the work goes, and signed off as it goes: order by order, and
//! where a task has no order, once in a person's shift.
//!
//! In: steps with a version; who did which for which order or in which shift. Out: what is still to be done before the act.
//! Must not: change a version that somebody signed, or take a step as done because nobody asked; or keep anybody from work
//! who has begun no shift.

use minicbor::{Decode, Encode};

use crate::custody::shift::{STEP_CHARS_MAX, STEPS_MAX, has_begun};
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
    /// Before the first order: its steps stand behind the shop's own checklist.
    Begin,
    /// Goods that have come in are put away.
    Receive,
    /// A shelf is counted.
    Count,
    /// A bag goes into its slot.
    Stage,
    /// A bag goes to its customer.
    HandOver,
    /// A bag goes back to the vault.
    Return,
    /// A task this program does not know yet. It asks for nothing here.
    Newer(u32),
}

words_that_grow! {
    Task:
    Pick = 1
    Pack = 2
    Begin = 3
    Receive = 4
    Count = 5
    Stage = 6
    HandOver = 7
    Return = 8
}

impl Task {
    /// Who may sign a step of it.
    #[must_use]
    pub fn right(self) -> Right {
        match self {
            Self::Pick | Self::Pack | Self::Stage | Self::Return | Self::Newer(_) => Right::Fulfil,
            Self::Begin => Right::StartShift,
            Self::Receive | Self::Count => Right::Count,
            Self::HandOver => Right::HandOver,
        }
    }

    /// Whether its steps are signed for an order that stands so.
    fn is_at(self, status: Status) -> bool {
        match self {
            Self::Pick | Self::Pack => status < Status::Sealed,
            Self::Stage | Self::HandOver => matches!(status, Status::Sealed | Status::Staged),
            Self::Return => status == Status::Staged,
            Self::Begin | Self::Receive | Self::Count | Self::Newer(_) => false,
        }
    }
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

/// Somebody did a step of a task other than picking and packing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TaskSigned {
    /// The task.
    #[n(0)]
    pub task: Task,
    /// Version of its procedure.
    #[n(1)]
    pub version: u32,
    /// The step, as the person read it.
    #[n(2)]
    pub step: StationStep,
    /// The order; `None`: for what the person does in this shift.
    #[n(3)]
    pub order: Option<OrderId>,
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
    unsigned(ledger, order.signed.as_deref(), task)
}

/// Steps of a task without an order that a person has not signed in the shift begun today; none where none was begun.
#[must_use]
pub fn open_in_shift<'a>(
    ledger: &'a Ledger,
    situation: &Situation,
    task: Task,
) -> Vec<&'a StationStep> {
    let actor = ledger.actors.get(&situation.actor);
    let shift = actor.and_then(|actor| actor.shift.as_deref());
    let shift = shift.filter(|shift| has_begun(Some(shift), situation.today));
    shift.map_or_else(Vec::new, |shift| {
        unsigned(ledger, shift.signed.as_deref(), task)
    })
}

/// What is asked for before the first order of a shift: the shop's checklist, and behind it the procedure's steps.
#[must_use]
pub fn at_start(ledger: &Ledger) -> Vec<StationStep> {
    let own = ledger.store().and_then(|store| store.checklist.as_deref());
    let kept = in_force(ledger, Task::Begin).map(|kept| kept.steps.as_slice());
    let all = own.into_iter().chain(kept).flatten();
    let numbered = all.zip(1..).map(|(step, number)| StationStep {
        number,
        ..step.clone()
    });
    numbered.take(STEPS_MAX).collect()
}

fn unsigned<'a>(ledger: &'a Ledger, signed: Option<&[Signed]>, task: Task) -> Vec<&'a StationStep> {
    let Some(procedure) = in_force(ledger, task) else {
        return Vec::new();
    };
    let signed = signed.unwrap_or_default();
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

/// Refuses an act for an order while a step of its task is still to be done.
///
/// # Errors
/// When one is.
pub(crate) fn require_done(ledger: &Ledger, order: &Order, task: Task) -> Result<(), Refusal> {
    match open(ledger, order, task).is_empty() {
        true => Ok(()),
        false => Err(Refusal {
            order: Some(Box::new(order.id)),
            ..Refusal::because(Reason::StepsOpen)
        }),
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
    if let Err(refusal) = situation.require(ledger, task.right()) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let version = in_force(ledger, task).map(|procedure| procedure.version);
    let mut steps = open(ledger, order, task).into_iter();
    let step = steps.find(|step| step.number == number);
    let Some((version, step)) = version.zip(step).filter(|_| task.is_at(order.status)) else {
        return Reason::NotYet.into();
    };
    let (order, step) = (order.id, step.clone());
    Verdict::Accepted(match task {
        // Every app there ever was reads what is signed of picking and packing so.
        Task::Pick | Task::Pack => StepSigned {
            order,
            task,
            version,
            step,
        }
        .into(),
        Task::Begin
        | Task::Receive
        | Task::Count
        | Task::Stage
        | Task::HandOver
        | Task::Return
        | Task::Newer(_) => TaskSigned {
            task,
            version,
            step,
            order: Some(order),
        }
        .into(),
    })
}

/// May this person sign this step of a task off that has no order?
#[must_use]
pub fn decide_sign_in_shift(
    ledger: &Ledger,
    situation: &Situation,
    task: Task,
    number: u16,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, task.right()) {
        return Verdict::Refused(refusal);
    }
    let version = in_force(ledger, task).map(|procedure| procedure.version);
    let mut steps = open_in_shift(ledger, situation, task).into_iter();
    let step = steps.find(|step| step.number == number);
    let Some((version, step)) = version.zip(step) else {
        return Reason::NotYet.into();
    };
    let signed = TaskSigned {
        task,
        version,
        step: step.clone(),
        order: None,
    };
    Verdict::Accepted(signed.into())
}

/// The step is done for this order.
pub fn signed(ledger: &mut Ledger, fact: &Fact<'_>, done: &StepSigned) {
    let one = Signed {
        task: done.task,
        version: done.version,
        step: done.step.number,
        actor: fact.envelope.actor.actor,
    };
    if let Some(order) = ledger.order_mut(&done.order) {
        keep(order.signed.get_or_insert_default(), one);
    }
}

/// The step is done for this order, or in the person's shift.
pub fn task_signed(ledger: &mut Ledger, fact: &Fact<'_>, done: &TaskSigned) {
    let actor = fact.envelope.actor.actor;
    let one = Signed {
        task: done.task,
        version: done.version,
        step: done.step.number,
        actor,
    };
    if let Some(order) = done.order {
        if let Some(order) = ledger.order_mut(&order) {
            keep(order.signed.get_or_insert_default(), one);
        }
        return;
    }
    let actor = ledger.actor_mut(&actor);
    if let Some(shift) = actor.and_then(|actor| actor.shift.as_deref_mut()) {
        keep(shift.signed.get_or_insert_default(), one);
    }
}

fn keep(all: &mut Vec<Signed>, one: Signed) {
    let is_there = |known: &Signed| {
        (known.task, known.version, known.step) == (one.task, one.version, one.step)
    };
    // As many as a procedure can have, for each of its versions a shop works by while an order is open.
    if !all.iter().any(is_there) && all.len() < STEPS_MAX * 4 {
        all.push(one);
    }
}
