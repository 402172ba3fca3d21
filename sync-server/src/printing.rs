//! Labels on the shop's printers: who they are, what waits for them, what became of it.
//!
//! In: facts of the log that name a printer. Out: bytes to a printer's port, states for pack stations. Must not: lose a label, or print
//! one twice without a mark. What a printer was given in full is never given again by itself, whatever became of the line: a person
//! looks, and prints again, and that print has another code and says so.
//!
//! The log is the queue's beginning: a device's `LabelPrinted` that names a printer is the job. This room keeps how far it has read
//! the log, and what became of each, in the shop's file under two names.

use domain::custody::label::LabelPrinted;
use domain::event::encode;
use domain::id::{OrderId, Position};
use domain::label::{Language, Media};
use domain::sync::printing::{PrintJob, PrintState, PrintersAnswer, Trouble};
use minicbor::{Decode, Encode};

use crate::log::{Failed, Log};

use self::way::Way;

/// Which addresses a printer may have.
pub mod address;
/// What a printer says of itself.
pub mod status;
/// One job over one line.
pub mod line;
/// The bytes of a print queue's protocol.
pub mod ipp;
/// One job in a queue of CUPS.
pub mod cups;
/// The way to a printer.
pub mod way;
/// From the log to jobs.
pub mod collect;
/// The queue at work.
pub mod run;

/// The name under which printers are kept.
const PRINTERS: &str = "printers";
/// The name under which the queue is kept.
const QUEUE: &str = "print_queue";
/// Printers of one shop at most.
pub const PRINTERS_MAX: usize = 64;
/// Jobs that are over and still shown.
const OVER_MAX: usize = 100;
/// Letters of a printer's name at most.
pub const NAME_LETTERS_MAX: usize = 40;

/// A printer of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Printer {
    /// Its name, by which devices know it.
    #[n(0)]
    pub name: String,
    /// Where labels for it go, as numbers: no name that somebody else could resolve otherwise.
    #[n(1)]
    pub address: String,
    /// The stock in it, and its head.
    #[n(2)]
    pub media: Media,
}

impl Printer {
    /// The way there; `None` when a newer program kept it.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        Way::kept(&self.address)
    }
}

/// One print of an order's labels.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Job {
    /// Place of the fact that asked for it: names it.
    #[n(0)]
    pub asked: Position,
    /// The order.
    #[n(1)]
    pub order: OrderId,
    /// The code that has to be on it.
    #[n(2)]
    pub code: String,
    /// Which print.
    #[n(3)]
    pub copy: u32,
    /// The printer's name.
    #[n(4)]
    pub printer: String,
    /// The captions' language.
    #[n(5)]
    pub language: Language,
    /// Day and time of the sale, as the device showed it.
    #[n(6)]
    pub sold: String,
    /// What became of it.
    #[n(7)]
    pub state: PrintState,
    /// What is in the way.
    #[n(8)]
    pub trouble: Option<Trouble>,
    /// When its state changed last, by the server's clock.
    #[n(9)]
    pub changed: i64,
}

/// What waits, and what became of the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Queue {
    /// How far the log was read.
    #[n(0)]
    pub read: Position,
    /// The jobs, oldest first.
    #[n(1)]
    pub jobs: Vec<Job>,
}

impl Job {
    /// A job out of its fact; `None` when the browser printed it.
    fn of(asked: Position, done: &LabelPrinted, now: i64) -> Option<Self> {
        Some(Self {
            asked,
            order: done.order,
            code: done.code.clone(),
            copy: done.copy,
            printer: done.printer.clone()?,
            language: done.language?,
            sold: done.sold.clone().unwrap_or_default(),
            state: PrintState::Queued,
            trouble: None,
            changed: now,
        })
    }

    /// Whether nothing will happen to it any more by itself.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self.state {
            PrintState::Queued | PrintState::Sending | PrintState::OutOfPaper => false,
            PrintState::Printed
            | PrintState::Unproven
            | PrintState::Failed
            | PrintState::Replaced
            | PrintState::Newer(_) => true,
        }
    }

    fn becomes(&mut self, state: PrintState, trouble: Option<Trouble>, now: i64) {
        self.state = state;
        self.trouble = trouble;
        self.changed = now;
    }
}

impl Queue {
    /// Forgets the oldest of what is over.
    fn tidy(&mut self) {
        let over = self.jobs.iter().filter(|job| job.is_over()).count();
        let mut spare = over.saturating_sub(OVER_MAX);
        self.jobs.retain(|job| {
            let goes = spare > 0 && job.is_over();
            spare -= usize::from(goes);
            !goes
        });
    }
}

/// The shop's printers.
///
/// # Errors
/// When the log cannot be read.
pub fn printers(log: &dyn Log) -> Result<Vec<Printer>, Failed> {
    let Some(bytes) = log.meta(PRINTERS)? else {
        return Ok(Vec::new());
    };
    minicbor::decode(&bytes).map_err(|_| Failed::Damaged("the list of printers"))
}

/// Begins the queue at a place of the log, when there is none: what was printed before is not printed again.
///
/// # Errors
/// When the log cannot be read or written.
pub fn begin(log: &dyn Log, at: Position) -> Result<(), Failed> {
    match queue(log)? {
        Some(_) => Ok(()),
        None => keep_queue(
            log,
            &Queue {
                read: at,
                jobs: Vec::new(),
            },
        ),
    }
}

/// Keeps the shop's printers.
///
/// # Errors
/// When the log cannot be written.
pub fn keep_printers(log: &dyn Log, printers: &Vec<Printer>) -> Result<(), Failed> {
    log.set_meta(PRINTERS, &encode(printers))
}

/// The queue; `None` when nothing was ever printed here.
///
/// # Errors
/// When the log cannot be read.
pub fn queue(log: &dyn Log) -> Result<Option<Queue>, Failed> {
    let Some(bytes) = log.meta(QUEUE)? else {
        return Ok(None);
    };
    let queue = minicbor::decode(&bytes).map_err(|_| Failed::Damaged("the print queue"))?;
    Ok(Some(queue))
}

/// Keeps the queue.
///
/// # Errors
/// When the log cannot be written.
fn keep_queue(log: &dyn Log, queue: &Queue) -> Result<(), Failed> {
    log.set_meta(QUEUE, &encode(queue))
}

/// What devices hear of both.
///
/// # Errors
/// When the log cannot be read.
pub fn shown(log: &dyn Log) -> Result<PrintersAnswer, Failed> {
    let printer = |printer: Printer| domain::sync::printing::Printer {
        name: printer.name,
        media: printer.media,
    };
    let job = |job: Job| PrintJob {
        order: job.order,
        copy: job.copy,
        printer: job.printer,
        state: job.state,
        trouble: job.trouble,
    };
    Ok(PrintersAnswer {
        printers: printers(log)?.into_iter().map(printer).collect(),
        jobs: queue(log)?
            .unwrap_or_default()
            .jobs
            .into_iter()
            .map(job)
            .collect(),
    })
}
