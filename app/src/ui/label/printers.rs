//! The shop's printers, as the server last said, and what became of an order's labels there.
//!
//! In: the server's word, while there is a network. Out: printers to choose from, a line about a print. Must not: wait for the network
//! before a label is printed; without it the browser's own dialog is always there.

use core::time::Duration;

use domain::id::OrderId;
use domain::sync::printing::{PrintState, PrintersAnswer, Trouble};
use gloo_timers::future::sleep;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::ui::words::Msg;

/// Between two questions, as long as a label bench is open.
const ASK_EVERY: Duration = Duration::from_secs(2);

thread_local! {
    static KNOWN: ArcRwSignal<PrintersAnswer> = ArcRwSignal::new(PrintersAnswer::default());
}

/// What the server last said. Counted, not owned by the page that asked first: it outlasts it.
pub(super) fn known() -> ArcRwSignal<PrintersAnswer> {
    KNOWN.with(Clone::clone)
}

/// Asks as long as the bench is open.
pub(super) fn follow() {
    let open = StoredValue::new(());
    spawn_local(async move {
        // What the bench stored is gone with the bench.
        while open.try_get_value().is_some() {
            let answer = match device().caller() {
                Some(caller) => caller.printers().await.ok(),
                None => None,
            };
            // Without the server there is no printer but the browser's dialog; what was printed stays known.
            let answer = answer.unwrap_or_else(|| PrintersAnswer {
                printers: Vec::new(),
                jobs: known().with_untracked(|before| before.jobs.clone()),
            });
            if known().with_untracked(|before| *before != answer) {
                known().set(answer);
            }
            sleep(ASK_EVERY).await;
        }
    });
}

/// What became of an order's newest print, and what is in its way. `None`: no printer was given it, or the server is not heard.
pub(super) fn of(order: OrderId, copy: u32) -> Option<(Msg, Option<Msg>, String)> {
    known().with(|known| {
        let is_it =
            |job: &&domain::sync::printing::PrintJob| job.order == order && job.copy == copy;
        let job = known.jobs.iter().rev().find(is_it)?;
        let word = match job.state {
            PrintState::Queued => Msg::PrintQueued,
            PrintState::Sending => Msg::PrinterPrinting,
            PrintState::OutOfPaper => Msg::PrintStuck,
            PrintState::Printed => Msg::PrintedOut,
            PrintState::Unproven | PrintState::Newer(_) => Msg::PrintUnproven,
            PrintState::Failed | PrintState::Replaced => Msg::PrintFailed,
        };
        Some((
            word,
            job.trouble.and_then(trouble_word),
            job.printer.clone(),
        ))
    })
}

fn trouble_word(trouble: Trouble) -> Option<Msg> {
    Some(match trouble {
        Trouble::Unreached => Msg::PrinterSilent,
        Trouble::Silent => Msg::PrinterLookAt,
        Trouble::Paper => Msg::PrinterNoPaper,
        Trouble::Ribbon => Msg::PrinterNoRibbon,
        Trouble::Open => Msg::PrinterOpen,
        Trouble::Paused => Msg::PrinterPaused,
        Trouble::Busy => Msg::PrinterBusy,
        Trouble::Sick => Msg::PrinterSick,
        Trouble::Changed => Msg::PrintChanged,
        Trouble::Gone => Msg::PrinterGone,
        Trouble::Stopped => Msg::PrintUnproven,
        Trouble::Refusing => Msg::PrinterRefusing,
        Trouble::Cancelled => Msg::PrintCancelled,
        Trouble::QueueGone => Msg::PrinterQueueGone,
        Trouble::Newer(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::Lang;

    #[test]
    fn a_printer_whose_queue_is_gone_is_still_the_shops_and_its_label_is_not_lost() {
        let say = |trouble, lang| trouble_word(trouble).map(|word| word.say(lang)).unwrap();
        assert_ne!(
            say(Trouble::QueueGone, Lang::En),
            say(Trouble::Gone, Lang::En)
        );
        assert!(say(Trouble::QueueGone, Lang::En).contains("is not lost: print it"));
        assert!(say(Trouble::QueueGone, Lang::Es).contains("no se pierde: imprímala"));
    }
}
