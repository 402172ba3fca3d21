//! The thread that writes: takes what waits, writes it in one transaction, tells everybody.
//!
//! In: jobs. Out: commits, and word of the newest place. Must not: answer before the commit has lasted, or
//! go on with a ledger that is not the file's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::id::Position;
use domain::ledger::Ledger;
use tokio::sync::watch;

use super::{Directory, Work};
use crate::log::Failed;

/// Events in one transaction at most, give or take one job.
const BATCH_EVENTS_MAX: usize = 500;
/// Time after which a transaction takes no further job in.
const BATCH_TIME_MAX: Duration = Duration::from_millis(5);

/// Something for the writer to do.
pub(super) enum Job {
    /// Look at the ledger between two transactions.
    Read(Box<dyn FnOnce(&Ledger) + Send>),
    /// Change something.
    Change {
        /// How much, roughly.
        events: usize,
        /// The change.
        act: Box<dyn FnOnce(&mut Work) -> Verdict + Send>,
    },
}

/// What came of a change before the commit.
pub(super) struct Verdict {
    /// It could not be done; nothing of the transaction may stay.
    pub(super) failed: Option<Failed>,
    /// Tells whoever asked whether it lasted.
    pub(super) reply: Box<dyn FnOnce(bool) + Send>,
}

/// Works until nobody can ask any more.
pub(super) fn run(
    mut work: Work,
    jobs: &Receiver<Job>,
    directory: &RwLock<Arc<Directory>>,
    head: &watch::Sender<Position>,
) {
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Read(look) => look_at(&work, look),
            Job::Change { events, act } => {
                let reads = batch(&mut work, jobs, events, act, directory, head);
                reads.into_iter().for_each(|look| look_at(&work, look));
            }
        }
    }
    if let Err(failed) = work.log().tidy() {
        tracing::warn!(%failed, "the log could not be tidied");
    }
}

fn look_at(work: &Work, look: Box<dyn FnOnce(&Ledger) + Send>) {
    if work.is_lost() {
        // Nobody gets to see a ledger that may not be the log's.
        drop(look);
    } else if catch_unwind(AssertUnwindSafe(|| look(work.ledger()))).is_err() {
        tracing::error!("a look at the ledger panicked");
    }
}

type Act = Box<dyn FnOnce(&mut Work) -> Verdict + Send>;
type Look = Box<dyn FnOnce(&Ledger) + Send>;

/// Writes one transaction. Returns the looks at the ledger that came up meanwhile.
fn batch(
    work: &mut Work,
    jobs: &Receiver<Job>,
    events: usize,
    act: Act,
    directory: &RwLock<Arc<Directory>>,
    head: &watch::Sender<Position>,
) -> Vec<Look> {
    let begun = Instant::now();
    let mut total = events;
    let mut next = Some(act);
    let mut reads = Vec::new();
    let mut replies = Vec::new();
    let mut outcome = work.writer().start().and_then(|()| work.sign_head());
    while let Some(act) = next.take() {
        if outcome.is_ok() {
            outcome = perform(work, act, &mut replies);
        } else {
            drop(act);
        }
        while outcome.is_ok() && total < BATCH_EVENTS_MAX && begun.elapsed() < BATCH_TIME_MAX {
            match jobs.try_recv() {
                Ok(Job::Read(look)) => reads.push(look),
                Ok(Job::Change { events, act }) => {
                    total += events;
                    next = Some(act);
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
    }
    let outcome = outcome.and_then(|()| work.writer().finish());
    if let Err(failed) = &outcome {
        tracing::error!(%failed, transient = failed.is_transient(), "a transaction was rolled back");
        give_up(work);
    }
    if work.writer().take_directory_changed() {
        let fresh = Arc::new(Directory::of(work.ledger()));
        *directory.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
    head.send_if_modified(|known| std::mem::replace(known, work.head()) != work.head());
    for reply in replies {
        reply(outcome.is_ok());
    }
    reads
}

/// Goes back to what the log says.
fn give_up(work: &mut Work) {
    if let Err(failed) = work.writer().give_up() {
        tracing::error!(%failed, "the log cannot be read; the writer tries again with the next request");
    }
}

fn perform(
    work: &mut Work,
    act: Act,
    replies: &mut Vec<Box<dyn FnOnce(bool) + Send>>,
) -> Result<(), Failed> {
    match catch_unwind(AssertUnwindSafe(|| act(work))) {
        Ok(verdict) => {
            replies.push(verdict.reply);
            verdict.failed.map_or(Ok(()), Err)
        }
        Err(_) => Err(Failed::Bug),
    }
}
