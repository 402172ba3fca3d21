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
use tokio::sync::{oneshot, watch};

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
    /// Take in what other nodes recorded.
    TakeIn {
        /// At least up to this place.
        up_to: Position,
        /// Told when it has been done.
        done: Option<oneshot::Sender<()>>,
    },
}

/// What came of a change before the commit.
pub(super) struct Verdict {
    /// It could not be done; nothing of the transaction may stay.
    pub(super) failed: Option<Failed>,
    /// Tells whoever asked whether it lasted.
    pub(super) reply: Box<dyn FnOnce(bool) + Send>,
}

/// What everybody may look at between two transactions.
pub(super) struct Shown {
    /// Who is who.
    pub(super) directory: Arc<RwLock<Arc<Directory>>>,
    /// The newest place.
    pub(super) head: watch::Sender<Position>,
}

impl Shown {
    fn show(&self, work: &mut Work) {
        if work.writer().take_directory_changed() {
            let fresh = Arc::new(Directory::of(work.ledger()));
            let directory = self.directory.write();
            *directory.unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        let newest = work.head();
        let is_news = |known: &mut Position| std::mem::replace(known, newest) != newest;
        self.head.send_if_modified(is_news);
    }
}

/// Works until nobody can ask any more.
pub(super) fn run(mut work: Work, jobs: &Receiver<Job>, shown: &Shown) {
    take_in_what_was_too_new(&mut work, shown);
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Change { events, act } => {
                let between = batch(&mut work, jobs, events, act, shown);
                for job in between {
                    aside(&mut work, job, shown);
                }
            }
            Job::Read(_) | Job::TakeIn { .. } => aside(&mut work, job, shown),
        }
    }
    if let Err(failed) = work.log().tidy() {
        tracing::warn!(%failed, "the log could not be tidied");
    }
}

/// Takes in what came while the server was older than the app that sent it. What cannot be done now is done with the
/// next change.
fn take_in_what_was_too_new(work: &mut Work, shown: &Shown) {
    while work.writer().is_behind() {
        let done = work.writer().start().and_then(|()| work.writer().take_in());
        let done = done.and_then(|()| work.writer().finish());
        let found = match &done {
            Ok(()) => Ok(()),
            Err(_) => work.writer().give_up(),
        };
        shown.show(work);
        if let Err(failed) = done.and(found) {
            tracing::error!(%failed, "what was too new when it came still waits");
            return;
        }
    }
}

/// Does what changes nothing.
fn aside(work: &mut Work, job: Job, shown: &Shown) {
    let done = match job {
        Job::Read(look) => find_back(work).map(|()| look_at(work, look)),
        Job::TakeIn { up_to, done } => take_in(work, up_to, shown).map(|()| {
            // Whoever asked may have gone away.
            let _asker_is_there = done.map(|done| done.send(()));
        }),
        Job::Change { .. } => Ok(()),
    };
    if let Err(failed) = done {
        tracing::error!(%failed, transient = failed.is_transient(), "the log could not be asked");
    }
}

fn look_at(work: &Work, look: Box<dyn FnOnce(&Ledger) + Send>) {
    if catch_unwind(AssertUnwindSafe(|| look(work.ledger()))).is_err() {
        tracing::error!("a look at the ledger panicked");
    }
}

/// Takes in what other nodes recorded, at least up to a place.
fn take_in(work: &mut Work, up_to: Position, shown: &Shown) -> Result<(), Failed> {
    find_back(work)?;
    if work.head() >= up_to {
        return Ok(());
    }
    let started = work.writer().start();
    if started.is_err() {
        work.writer().give_up()?;
    } else {
        work.log().rollback();
    }
    shown.show(work);
    started
}

type Act = Box<dyn FnOnce(&mut Work) -> Verdict + Send>;

/// Writes one transaction. Returns the jobs that came up meanwhile and change nothing.
fn batch(
    work: &mut Work,
    jobs: &Receiver<Job>,
    events: usize,
    act: Act,
    shown: &Shown,
) -> Vec<Job> {
    let begun = Instant::now();
    let mut total = events;
    let mut next = Some(act);
    let mut between = Vec::new();
    let mut replies = Vec::new();
    let mut outcome = work.writer().start().and_then(|()| work.sign_head());
    outcome = outcome.and_then(|()| work.writer().take_in());
    outcome = outcome.and_then(|()| work.sweep());
    while let Some(act) = next.take() {
        if outcome.is_ok() {
            outcome = perform(work, act, &mut replies);
        } else {
            drop(act);
        }
        while outcome.is_ok() && total < BATCH_EVENTS_MAX && begun.elapsed() < BATCH_TIME_MAX {
            match jobs.try_recv() {
                Ok(Job::Change { events, act }) => {
                    total += events;
                    next = Some(act);
                    break;
                }
                Ok(job @ (Job::Read(_) | Job::TakeIn { .. })) => between.push(job),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
    }
    let outcome = outcome.and_then(|()| work.writer().finish());
    let found = match &outcome {
        Ok(()) => Ok(()),
        Err(failed) => {
            let transient = failed.is_transient();
            tracing::error!(%failed, transient, "a transaction was rolled back");
            work.writer().give_up()
        }
    };
    match found {
        Ok(()) => shown.show(work),
        Err(failed) => {
            tracing::error!(%failed, "the log cannot be read; the next request tries again");
        }
    }
    for reply in replies {
        reply(outcome.is_ok());
    }
    between
}

/// Goes back to what the log says, where that is still due.
fn find_back(work: &mut Work) -> Result<(), Failed> {
    match work.is_lost() {
        true => work.writer().give_up(),
        false => Ok(()),
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
