//! Printed commands: what a button in front does, on paper.
//!
//! In: a command's code. Out: the act. Must not: obey a code that only a camera has seen; a ticket on the table before
//! it wants nothing. It is shown, and the person says.

use std::cell::RefCell;

use domain::code::own::OwnKind;
use domain::custody::scan::{Evidence, Scan};
use domain::id::OrderId;
use domain::verdict::{Reason, Refusal};
use gloo_timers::callback::Timeout;
use leptos::prelude::{GetUntracked as _, Set as _};
use wasm_bindgen_futures::spawn_local;

use super::{Open, STEP, Step, go, heard, short_here, show_refusal, signals, undo};
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
            _ => None,
        }
    }
}

/// The command on a code, and the order it is for, where the step in front has commands.
fn here(scan: &Scan) -> Option<(OrderId, Command)> {
    match (STEP.get(), scan.evidence()) {
        (Step::Pick(order), Evidence::Own(OwnKind::Command, id)) => {
            Some((order, Command::of(&id)?))
        }
        _ => None,
    }
}

/// Whether the step in front would obey this code, so that a camera must ask first.
#[must_use]
pub fn is_command(scan: &Scan) -> bool {
    here(scan).is_some()
}

/// Asks the person about a command that a camera sees.
pub fn ask(scan: &Scan) {
    if let Some((_, command)) = here(scan) {
        heard(Sound::Attend);
        signals().asked.set(Some(command));
        LAPSE.set(Some(Timeout::new(ASKED_FOR, unask)));
    }
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
    if let (Some(command), Step::Pick(order)) = (asked, STEP.get()) {
        spawn_local(obey(order, command));
    }
}

/// A command that somebody pointed a scanner at, or typed.
pub(super) async fn pointed_at(order: OrderId, id: &str) {
    match Command::of(id) {
        Some(command) => obey(order, command).await,
        None => show_refusal(Refusal::because(Reason::NotACode)),
    }
}

async fn obey(order: OrderId, command: Command) {
    match command {
        Command::Undo => undo().await,
        Command::Short => short_here(order).await,
        Command::Done => go(Open::Pack(order)),
    }
}
