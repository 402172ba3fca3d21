//! Printed commands: what a button in front does, on paper.
//!
//! In: a command's code. Out: the act. Must not: obey a code that only a camera has seen; a ticket on the table before
//! it wants nothing. It is shown, and the person says.

use std::cell::RefCell;

use domain::code::Channel;
use domain::code::own::OwnKind;
use domain::custody::scan::{Evidence, Scan};
use domain::id::OrderId;
use domain::order::Status;
use domain::verdict::{Reason, Refusal};
use gloo_timers::callback::Timeout;
use leptos::prelude::{GetUntracked as _, Set as _};
use wasm_bindgen_futures::spawn_local;

use super::open::{Open, go};
use super::{STEP, Step, heard, short_here, show_refusal, signals, undo};
use crate::device::device;
use crate::platform::sound::Sound;

/// How long a question about a command stands, in milliseconds: long enough to put down what is in the hand.
const ASKED_FOR: u32 = 15_000;

/// A command of the pick ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Takes back the last pick.
    Undo,
    /// Nothing is left where the next unit should be.
    Short,
    /// On to packing.
    Done,
    /// Prints the bag's label.
    Print,
    /// On to the next order.
    Next,
}

thread_local! {
    static LAPSE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

impl Command {
    fn of(id: &str) -> Option<Self> {
        match id {
            "UNDO" => Some(Self::Undo),
            "SHORT" => Some(Self::Short),
            "DONE" => Some(Self::Done),
            "PRINT" => Some(Self::Print),
            "NEXT" => Some(Self::Next),
            _ => None,
        }
    }

    /// Whether the screen in front has a button for it.
    fn belongs_to(self, step: Step) -> bool {
        match self {
            Self::Undo | Self::Short => matches!(step, Step::Pick(_)),
            // A walk that is over waits for nothing, and goes on to packing too.
            Self::Done => matches!(step, Step::Pick(_) | Step::Anything),
            Self::Print => matches!(step, Step::Pack(_)),
            Self::Next => matches!(
                step,
                Step::Pick(_) | Step::Pack(_) | Step::Stage(_) | Step::Anything
            ),
        }
    }
}

/// The command on a code that the step in front obeys.
#[must_use]
pub fn here(scan: &Scan) -> Option<Command> {
    match scan.evidence() {
        Evidence::Own(OwnKind::Command, id) => {
            Command::of(&id).filter(|command| command.belongs_to(STEP.get()))
        }
        _ => None,
    }
}

/// Takes a command. A scanner was pointed at it; a camera's view may have been of another step a moment ago.
pub(super) async fn take(command: Command, from: Channel) {
    match from {
        Channel::Camera => ask(command),
        Channel::Wedge | Channel::Keypad => obey(command).await,
    }
}

/// Asks the person about a command that a camera sees.
pub fn ask(command: Command) {
    heard(Sound::Attend);
    signals().asked.set(Some(command));
    LAPSE.set(Some(Timeout::new(ASKED_FOR, unask)));
}

/// The question is answered, or no longer asked.
pub fn unask() {
    LAPSE.take();
    if signals().asked.get_untracked().is_some() {
        signals().asked.set(None);
    }
}

/// The person meant it.
pub fn confirm() {
    let asked = signals().asked.get_untracked();
    unask();
    if let Some(command) = asked.filter(|command| command.belongs_to(STEP.get())) {
        spawn_local(obey(command));
    }
}

async fn obey(command: Command) {
    let order = match STEP.get() {
        Step::Pick(order) | Step::Pack(order) => Some(order),
        Step::Stage(order) => order,
        Step::Tote(_)
        | Step::Anything
        | Step::SignIn
        | Step::Evening
        | Step::Counter
        | Step::Try => None,
    };
    match (command, order) {
        (Command::Undo, _) => undo::last().await,
        (Command::Short, Some(order)) => short_here(order).await,
        (Command::Done, Some(order)) => go(Open::Pack(order)),
        (Command::Done, None) => go(Open::Bench),
        (Command::Print, Some(order)) => print(order),
        (Command::Next, order) => go(Open::Next { besides: order }),
        (Command::Short | Command::Print, None) => {}
    }
}

/// A bag's first label. Another copy needs a reason, and a code has none.
fn print(order: OrderId) {
    let status = device().ledger_now(|ledger| ledger.orders.get(&order).map(|order| order.status));
    if status == Some(Status::Verified) {
        go(Open::Print(order));
    } else {
        show_refusal(Refusal::because(Reason::NotYet));
    }
}
