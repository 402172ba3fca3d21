//! From the log to jobs, and from jobs to labels.
//!
//! In: facts, the ledger, a customer's card. Out: jobs with their states, labels in the printer's language. Must not: print what is no longer so.

use domain::custody::label::is_true;
use domain::event::{Body, Envelope};
use domain::id::Position;
use domain::label::facts::{Facts, Print, wanted};
use domain::label::{Face, LabelRules, compose, zpl};
use domain::ledger::{EntityKey, EntityKind};
use domain::order::Status;
use domain::sync::enrol::CustomerCard;
use domain::sync::printing::{PrintState, Trouble};
use domain::sync::server::writer::customer_row;

use super::{Job, Printer, Queue, keep_queue, printers, queue};
use crate::ingest::{Work, customer};
use crate::log::{Failed, Log, Logged};

/// Facts read at once.
const READ_MAX: usize = 500;
/// The label's typeface, as the app has it.
pub(crate) const TEXT: &[u8] = include_bytes!("../../../public/fonts/label-text.ttf");
pub(crate) const STRONG: &[u8] = include_bytes!("../../../public/fonts/label-strong.ttf");

/// Everything a job's labels are made from.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The job.
    pub job: Job,
    /// Where it goes.
    pub printer: Printer,
    facts: Facts,
    rules: LabelRules,
}

impl Ready {
    /// Its labels, one text each.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let face = Face::parse(TEXT, STRONG).expect("BUG: the typeface comes with the program");
        let pages = compose(&face, &self.rules, &self.facts, self.printer.media);
        pages.iter().map(|page| zpl::encode(page, &face)).collect()
    }
}

/// What the log says of labels behind a place, and up to where that was read.
///
/// # Errors
/// When the log cannot be read.
pub fn look(log: &dyn Log, from: Position) -> Result<(Vec<(Position, Body)>, Position), Failed> {
    let logged = log.logged_after(from, READ_MAX)?;
    let last = logged
        .last()
        .map_or(from, |logged| logged.recorded.position);
    let body = |logged: &Logged| {
        let body = Envelope::parse(&logged.recorded.event.bytes).ok()?;
        let body = Body::parse(body.kind, &body.body).ok()?;
        let is_ours = matches!(body, Body::LabelPrinted(_) | Body::LabelReadBack(_));
        is_ours.then_some((logged.recorded.position, body))
    };
    Ok((logged.iter().filter_map(body).collect(), last))
}

/// Takes in what the log said of labels up to a place.
///
/// # Errors
/// When the log cannot be read or written.
pub fn take(work: &mut Work, found: &[(Position, Body)], up_to: Position) -> Result<(), Failed> {
    let Some(mut queue) = queue(work.log())? else {
        return Ok(());
    };
    let now = work.now();
    // Another node may have read further meanwhile.
    for (at, body) in found
        .iter()
        .filter(|(at, _)| *at > queue.read)
        .cloned()
        .collect::<Vec<_>>()
    {
        take_in(&mut queue, at, &body, now);
    }
    queue.read = queue.read.max(up_to);
    queue.tidy();
    keep_queue(work.log(), &queue)
}

fn take_in(queue: &mut Queue, at: Position, body: &Body, now: i64) {
    match body {
        Body::LabelPrinted(done) => {
            // A later print of the same order takes the place of one that nothing has come of yet.
            let earlier = queue.jobs.iter_mut().filter(|job| job.order == done.order);
            for job in earlier.filter(|job| job.state == PrintState::Queued) {
                job.becomes(PrintState::Replaced, None, now);
            }
            queue.jobs.extend(Job::of(at, done, now));
        }
        Body::LabelReadBack(done) => {
            // Read back from the bag: it came out, whatever the printer said.
            let known = queue.jobs.iter_mut();
            for job in known.filter(|job| job.order == done.order && job.code == done.code) {
                job.becomes(PrintState::Printed, None, now);
            }
        }
        _ => {}
    }
}

/// Takes the oldest job of each idle printer, noting that it is being sent before a byte of it is.
///
/// # Errors
/// When the log cannot be read or written.
pub fn next(work: &mut Work, busy: &[String], not_before: i64) -> Result<Vec<Ready>, Failed> {
    let Some(mut queue) = queue(work.log())? else {
        return Ok(Vec::new());
    };
    let printers = printers(work.log())?;
    let (now, before) = (work.now(), queue.clone());
    let mut taken: Vec<Ready> = Vec::new();
    for job in &mut queue.jobs {
        let is_taken = taken.iter().any(|ready| ready.job.printer == job.printer);
        // What could not be printed a moment ago is tried again after a while.
        let rests = job.trouble.is_some() && job.changed > not_before;
        if job.state != PrintState::Queued || is_taken || busy.contains(&job.printer) || rests {
            continue;
        }
        let Some(printer) = printers.iter().find(|printer| printer.name == job.printer) else {
            job.becomes(PrintState::Failed, Some(Trouble::Gone), now);
            continue;
        };
        let Some((facts, rules)) = labels_of(work, job)? else {
            job.becomes(PrintState::Failed, Some(Trouble::Changed), now);
            continue;
        };
        job.becomes(PrintState::Sending, None, now);
        taken.push(Ready {
            job: job.clone(),
            printer: printer.clone(),
            facts,
            rules,
        });
    }
    if queue != before {
        keep_queue(work.log(), &queue)?;
    }
    Ok(taken)
}

/// What a job's labels say; `None` when it is not what the device showed.
fn labels_of(work: &Work, job: &Job) -> Result<Option<(Facts, LabelRules)>, Failed> {
    let customer = card(work, job)?.map(|card| card.label_name);
    let ledger = work.ledger();
    let Some(order) = ledger.orders.get(&job.order) else {
        return Ok(None);
    };
    let label = order.label.as_ref().filter(|label| label.code == job.code);
    let is_so = label.is_some_and(|label| is_true(ledger, order, label));
    if !is_so || order.status != Status::Labelled {
        return Ok(None);
    }
    let print = Print {
        customer,
        sold: job.sold.clone(),
        copy: job.copy,
        language: job.language,
    };
    let facts = Facts::of(ledger, order, print).filter(|facts| facts.code == job.code);
    Ok(facts.map(|facts| (facts, wanted(ledger))))
}

/// The customer's card, while the order is open.
fn card(work: &Work, job: &Job) -> Result<Option<CustomerCard>, Failed> {
    let wanted = customer_row(job.order);
    let is_wanted = |key: &EntityKey| *key == wanted;
    let rows = work.log().rows_of(EntityKind::Customer, &is_wanted)?;
    let Some(sealed) = rows.into_iter().next().and_then(|row| row.bytes) else {
        return Ok(None);
    };
    let plain = customer::open_card(work.log(), work.keys(), &wanted.id, &sealed)?;
    Ok(plain.and_then(|plain| minicbor::decode(&plain).ok()))
}

/// Notes what became of a job.
///
/// # Errors
/// When the log cannot be read or written.
pub fn note(
    work: &mut Work,
    job: &Job,
    state: PrintState,
    trouble: Option<Trouble>,
) -> Result<(), Failed> {
    let now = work.now();
    let Some(mut queue) = queue(work.log())? else {
        return Ok(());
    };
    let known = queue.jobs.iter_mut().find(|known| known.asked == job.asked);
    // What was read back from the bag meanwhile is printed.
    let Some(known) = known.filter(|known| !known.is_over()) else {
        return Ok(());
    };
    known.becomes(state, trouble, now);
    keep_queue(work.log(), &queue)
}

/// What a server that stopped was in the middle of: nobody can say whether it came out.
///
/// # Errors
/// When the log cannot be read or written.
pub fn after_a_stop(work: &mut Work, before: i64) -> Result<(), Failed> {
    let now = work.now();
    let Some(mut queue) = queue(work.log())? else {
        return Ok(());
    };
    for job in &mut queue.jobs {
        let is_left = matches!(job.state, PrintState::Sending | PrintState::OutOfPaper);
        if is_left && job.changed < before {
            job.becomes(PrintState::Unproven, Some(Trouble::Stopped), now);
        }
    }
    keep_queue(work.log(), &queue)
}
