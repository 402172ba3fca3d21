//! The queue at work: one job a printer at a time, until the server is to end.
//!
//! In: word of the log's newest place. Out: labels. Must not: hold up the writer; what takes time is done beside it.

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::Position;
use domain::sync::printing::{PrintState, Trouble};
use tokio::sync::watch;

use super::collect::{self, Ready};
use super::line::{Came, Patience};
use crate::clock;
use crate::ingest::{Shop, Unavailable};

/// After so long without word the queue is looked at anyway.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After so many milliseconds a printer that did not print is tried again.
const AGAIN_AFTER_MS: i64 = 3_000;
/// Facts about other things that are read without noting how far.
const LAG_MAX: u64 = 10_000;
/// On a shared log another node may be at a job for so many milliseconds, a little longer than the longest patience.
const OTHERS_MS: i64 = 40 * 60_000;

/// Works until the server is to end.
pub async fn run(shop: Shop, patience: Patience, mut stopping: watch::Receiver<bool>) {
    let before = match shop.is_shared() {
        true => clock::now_ms() - OTHERS_MS,
        false => i64::MAX,
    };
    let begun = shop
        .change(0, move |work| collect::after_a_stop(work, before))
        .await;
    if let Err(error) = begun {
        tracing::error!(%error, "the print queue could not be looked at");
    }
    let busy: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut head = shop.head();
    let mut read = Position(0);
    loop {
        if let Err(error) = turn(&shop, &busy, patience, &mut read).await {
            tracing::error!(%error, "the print queue could not be worked on");
        }
        let looked = tokio::time::timeout(LOOK_EVERY, head.changed());
        tokio::select! {
            changed = looked => if matches!(changed, Ok(Err(_))) { return },
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Reads on, and begins what can be begun. `read` is how far this process has read; what is kept lags behind it as long as nothing
/// concerns labels, so that a busy shop's log is not written twice.
async fn turn(
    shop: &Shop,
    busy: &Arc<Mutex<Vec<String>>>,
    patience: Patience,
    read: &mut Position,
) -> Result<(), Unavailable> {
    let kept = shop.ask(|log| super::queue(log)).await?;
    // No printer was ever added here.
    let Some(kept) = kept else { return Ok(()) };
    *read = (*read).max(kept.read);
    let mut waits = kept.jobs.iter().any(|job| job.state == PrintState::Queued);
    loop {
        let from = *read;
        let (found, last) = shop.ask(move |log| collect::look(log, from)).await?;
        if last == from {
            break;
        }
        waits |= !found.is_empty();
        if !found.is_empty() || last.0.saturating_sub(kept.read.0) > LAG_MAX {
            shop.change(0, move |work| collect::take(work, &found, last))
                .await?;
        }
        *read = last;
    }
    if !waits {
        return Ok(());
    }
    let at_work = names(busy).clone();
    let not_before = clock::now_ms() - AGAIN_AFTER_MS;
    let ready = shop
        .change(0, move |work| collect::next(work, &at_work, not_before))
        .await?;
    for ready in ready {
        names(busy).push(ready.job.printer.clone());
        let (shop, busy) = (shop.clone(), Arc::clone(busy));
        tokio::spawn(async move {
            if let Err(error) = carry_out(&shop, &ready, patience).await {
                tracing::error!(%error, "what became of a label could not be noted");
            }
            names(&busy).retain(|name| *name != ready.job.printer);
        });
    }
    Ok(())
}

fn names(busy: &Mutex<Vec<String>>) -> std::sync::MutexGuard<'_, Vec<String>> {
    busy.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints one job, and notes what became of it.
async fn carry_out(shop: &Shop, ready: &Ready, patience: Patience) -> Result<(), Unavailable> {
    let came = match ready.printer.way() {
        None => Came::Nothing(Trouble::Gone),
        Some(way) => {
            let drawn = ready.clone();
            let labels = tokio::task::spawn_blocking(move || drawn.labels()).await;
            let labels = labels.map_err(|_| Unavailable::Closed)?;
            let title = format!("Custody {}", ready.job.code);
            let (shop, job) = (shop.clone(), ready.job.clone());
            let stuck = move |trouble| {
                let (shop, job) = (shop.clone(), job.clone());
                tokio::spawn(async move {
                    noted(&shop, job, PrintState::OutOfPaper, Some(trouble)).await
                });
            };
            way.print(&labels, &title, patience, stuck).await
        }
    };
    let (state, trouble) = match came {
        Came::Out => (PrintState::Printed, None),
        Came::Nothing(trouble @ (Trouble::Gone | Trouble::QueueGone)) => {
            (PrintState::Failed, Some(trouble))
        }
        Came::Nothing(trouble) => (PrintState::Queued, Some(trouble)),
        Came::Unproven(trouble) => (PrintState::Unproven, trouble),
    };
    noted(shop, ready.job.clone(), state, trouble).await
}

async fn noted(
    shop: &Shop,
    job: super::Job,
    state: PrintState,
    trouble: Option<Trouble>,
) -> Result<(), Unavailable> {
    let note = move |work: &mut crate::ingest::Work| collect::note(work, &job, state, trouble);
    shop.change(0, note).await
}
