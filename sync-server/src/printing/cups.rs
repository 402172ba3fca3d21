//! One job in a raw queue of CUPS, over the Internet Printing Protocol.
//!
//! In: a queue, labels. Out: what became of them, as far as the queue says. Must not: give a queue the same labels twice. From the moment
//! the request is on its way they may come out, and only the queue's own word says otherwise.
//!
//! All labels of a print are one job with the format `application/vnd.cups-raw`, which CUPS hands to the printer as it is. CUPS calls a job
//! done when the printer has taken all of it: for a printer that lies behind a cable without an answer, that is before the last label
//! is out. Reading the label back from the bag stays the proof.
//!
//! A queue of CUPS 2.4 whose printer is off takes the job, says that it is at work on it without any reason against, and prints it when the
//! printer is back. Only its message in words says why: those of CUPS are known here. A queue that says it in other words, or not at all,
//! is looked at when it is at work on a label for much longer than one takes.
//!
//! Source: RFC 8011 (states and their reasons), RFC 8010 3.8 (over HTTP), "CUPS Implementation of IPP".

use core::time::Duration;

use axum::body::{Body, to_bytes};
use domain::sync::printing::Trouble;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::address::CupsQueue;
use super::ipp::{self, Answer, Operation};
use super::line::{Came, Patience};

/// Bytes of an answer at most.
const ANSWER_BYTES_MAX: usize = 64 * 1_024;
/// Questions about a job in a row without an answer, after which nobody can say what became of it.
const UNHEARD_MAX: u32 = 5;
const RAW: &[u8] = b"application/vnd.cups-raw";
/// A printer's states: at work on a job, stopped.
const PROCESSING: i32 = 4;
const STOPPED: i32 = 5;
/// A job's states: held by somebody or by the queue, at work, not any more.
const HELD: i32 = 4;
const AT_WORK: i32 = 5;
const JOB_STOPPED: i32 = 6;
const CANCELLED: i32 = 7;
const ABORTED: i32 = 8;
const COMPLETED: i32 = 9;

/// What CUPS 2.4 says of a printer that it cannot reach, in its message and nowhere else.
const OFF: [&str; 3] = [
    "may not exist or is unavailable",
    "is unreachable",
    "is not responding",
];

/// What a queue is asked.
enum Question<'a> {
    /// To print labels.
    Print { title: &'a str, labels: &'a str },
    /// What became of a job.
    Job(i32),
    /// How its printer is.
    Printer,
}

impl Question<'_> {
    /// The bytes of the question. What it is about comes first: the queue, then the job (RFC 8011 4.1.5).
    fn request(&self, queue: &CupsQueue) -> Vec<u8> {
        let uri = queue.to_string();
        let printer = (ipp::URI, "printer-uri", uri.as_bytes());
        let user = (ipp::NAME, "requesting-user-name", b"custody".as_slice());
        match self {
            Self::Print { title, labels } => {
                let name = (ipp::NAME, "job-name", title.as_bytes());
                let format = (ipp::FORMAT, "document-format", RAW);
                let asked = [printer, user, name, format];
                ipp::request(Operation::PrintJob, &asked, labels.as_bytes())
            }
            Self::Job(id) => {
                let id = id.to_be_bytes();
                let job = (ipp::INTEGER, "job-id", id.as_slice());
                let wanted = (
                    ipp::KEYWORD,
                    "requested-attributes",
                    b"job-state".as_slice(),
                );
                let asked = [printer, job, user, wanted];
                ipp::request(Operation::JobAttributes, &asked, b"")
            }
            Self::Printer => {
                let wanted = (
                    ipp::KEYWORD,
                    "requested-attributes",
                    b"printer-state".as_slice(),
                );
                let more = |name: &'static [u8]| (ipp::KEYWORD, "", name);
                let asked = [
                    printer,
                    user,
                    wanted,
                    more(b"printer-state-reasons"),
                    more(b"printer-state-message"),
                    more(b"printer-is-accepting-jobs"),
                ];
                ipp::request(Operation::PrinterAttributes, &asked, b"")
            }
        }
    }
}

/// Why there is no answer.
enum Missed {
    /// Nothing of the question left this machine.
    NotSent,
    /// The queue's server said no before it looked at the question.
    Denied(Trouble),
    /// The question, or part of it, was on its way.
    Unanswered,
}

/// Gives labels to a queue and waits until it is done with them. `stuck` is told when the queue has them and something is in its way.
pub async fn print(
    queue: &CupsQueue,
    labels: &[String],
    title: &str,
    patience: Patience,
    stuck: impl FnMut(Trouble),
) -> Came {
    match look(queue, patience).await {
        Ok(None) => {}
        Ok(Some(trouble)) | Err(trouble) => return Came::Nothing(trouble),
    }
    let document = labels.concat();
    let question = Question::Print {
        title,
        labels: &document,
    };
    let given = call(queue, &question, patience);
    let answer = match given.await {
        Ok(answer) => answer,
        Err(Missed::NotSent) => return Came::Nothing(Trouble::Unreached),
        Err(Missed::Denied(trouble)) => return Came::Nothing(trouble),
        Err(Missed::Unanswered) => return Came::Unproven(Some(Trouble::Unreached)),
    };
    if let Some(trouble) = refusal(&answer) {
        return Came::Nothing(trouble);
    }
    match answer.integer("job-id") {
        Some(job) => {
            let stall = patience.label * u32::try_from(labels.len()).unwrap_or(u32::MAX);
            follow(queue, job, (patience, stall), stuck).await
        }
        None => Came::Unproven(None),
    }
}

/// Waits until a queue is done with a job. At work on it for longer than `stall` without a reason, something is wrong all the same.
async fn follow(
    queue: &CupsQueue,
    job: i32,
    (patience, stall): (Patience, Duration),
    mut stuck: impl FnMut(Trouble),
) -> Came {
    let (begun, mut told, mut unheard) = (Instant::now(), None, 0);
    let mut working: Option<Instant> = None;
    loop {
        let answer = call(queue, &Question::Job(job), patience).await;
        let answer = answer.map(|answer| (refusal(&answer), answer.integer("job-state")));
        match answer {
            // It has the job no more, and does not say what it did with it.
            Ok((Some(Trouble::QueueGone), _)) => return Came::Unproven(told),
            Err(_) | Ok((Some(_), _)) => unheard += 1,
            Ok((None, Some(COMPLETED))) => return Came::Out,
            Ok((None, Some(CANCELLED | ABORTED))) => {
                return Came::Unproven(Some(Trouble::Cancelled));
            }
            // Waiting, held, at work, stopped.
            Ok((None, Some(state @ 3..=6))) => {
                unheard = 0;
                let is_working = state == AT_WORK;
                working = is_working.then(|| working.unwrap_or_else(Instant::now));
                let is_stalled = working.is_some_and(|since| since.elapsed() > stall);
                let own = match state {
                    HELD | JOB_STOPPED => Some(Trouble::Paused),
                    _ => is_stalled.then_some(Trouble::Silent),
                };
                let trouble = look(queue, patience).await.ok().flatten();
                // It has this job, whether it takes another one or not.
                let trouble = trouble.filter(|trouble| *trouble != Trouble::Refusing);
                let trouble = trouble.or(own.filter(|_| told.is_none()));
                if let Some(trouble) = trouble.filter(|trouble| told != Some(*trouble)) {
                    told = Some(trouble);
                    stuck(trouble);
                }
            }
            Ok((None, _)) => return Came::Unproven(told),
        }
        if unheard >= UNHEARD_MAX {
            return Came::Unproven(told.or(Some(Trouble::Unreached)));
        }
        if begun.elapsed() > patience.print {
            return Came::Unproven(told);
        }
        sleep(patience.between).await;
    }
}

/// What a queue says is in its way now.
///
/// # Errors
/// Why nothing can be said.
pub async fn look(queue: &CupsQueue, patience: Patience) -> Result<Option<Trouble>, Trouble> {
    match call(queue, &Question::Printer, patience).await {
        Ok(answer) => match refusal(&answer) {
            Some(trouble) => Err(trouble),
            None => Ok(in_the_way(&answer)),
        },
        Err(Missed::Denied(trouble)) => Err(trouble),
        Err(Missed::NotSent) => Err(Trouble::Unreached),
        Err(Missed::Unanswered) => Err(Trouble::Silent),
    }
}

/// What is in the way, by a printer's state and its reasons. What it only reports or warns of does not keep it from printing. That it is
/// off does, however that is put, while the queue is at work on a job; of an idle one it is what it said last.
fn in_the_way(answer: &Answer) -> Option<Trouble> {
    let known = [
        ("cover-open", Trouble::Open),
        ("door-open", Trouble::Open),
        ("interlock-open", Trouble::Open),
        ("media-empty", Trouble::Paper),
        ("media-needed", Trouble::Paper),
        ("media-jam", Trouble::Sick),
        ("marker-supply-empty", Trouble::Ribbon),
        ("paused", Trouble::Paused),
        ("moving-to-paused", Trouble::Paused),
        ("hold-new-jobs", Trouble::Paused),
        ("offline", Trouble::Unreached),
        ("shutdown", Trouble::Unreached),
        ("timed-out", Trouble::Unreached),
    ];
    let reasons = answer.words("printer-state-reasons");
    let is_so = |reason: &str| {
        let mut given = reasons.iter();
        given.any(|given| given.strip_suffix("-error").unwrap_or(given) == reason)
    };
    let named = known.iter().find(|(reason, _)| is_so(reason));
    if let Some((_, trouble)) = named {
        return Some(*trouble);
    }
    if answer.integer("printer-state") == Some(STOPPED) {
        return Some(Trouble::Paused);
    }
    if answer.integer("printer-state") == Some(PROCESSING) {
        let said = answer.words("printer-state-message");
        let is_off = said
            .iter()
            .any(|said| OFF.iter().any(|off| said.contains(off)));
        if is_off || reasons.iter().any(|reason| reason.starts_with("offline")) {
            return Some(Trouble::Unreached);
        }
    }
    let is_refusing = answer.is("printer-is-accepting-jobs") == Some(false);
    is_refusing.then_some(Trouble::Refusing)
}

/// Why a queue did not do what it was asked; `None`: it did.
fn refusal(answer: &Answer) -> Option<Trouble> {
    Some(match answer.status {
        0..0x0100 => return None,
        // client-error-not-found, client-error-gone.
        0x0406 | 0x0407 => Trouble::QueueGone,
        // server-error-service-unavailable, -temporary-error, -busy.
        0x0502 | 0x0505 | 0x0507 => Trouble::Busy,
        // server-error-internal-error, -device-error.
        0x0500 | 0x0504 => Trouble::Sick,
        // Not accepting jobs, this format or this machine.
        _ => Trouble::Refusing,
    })
}

/// Asks once, over a line of its own.
async fn call(
    queue: &CupsQueue,
    question: &Question<'_>,
    patience: Patience,
) -> Result<Answer, Missed> {
    let body = Body::from(question.request(queue));
    let request = Request::post(queue.path())
        .header(HOST, queue.socket.to_string())
        .header(CONTENT_TYPE, "application/ipp")
        .body(body)
        .map_err(|_| Missed::NotSent)?;
    let connected = timeout(patience.connect, TcpStream::connect(queue.socket)).await;
    let Ok(Ok(line)) = connected else {
        return Err(Missed::NotSent);
    };
    let (mut sender, line) = http1::handshake(TokioIo::new(line))
        .await
        .map_err(|_| Missed::NotSent)?;
    // Ends with `sender`, which ends with this question.
    let line = tokio::spawn(line);
    let answered = timeout(patience.take, async {
        let answer = sender.send_request(request).await.ok()?;
        let status = answer.status();
        let bytes = to_bytes(Body::new(answer.into_body()), ANSWER_BYTES_MAX).await;
        Some((status, bytes.ok()?))
    });
    let answered = answered.await.ok().flatten();
    line.abort();
    match answered {
        None => Err(Missed::Unanswered),
        Some((StatusCode::OK, bytes)) => Answer::parse(&bytes).ok_or(Missed::Unanswered),
        Some((StatusCode::NOT_FOUND, _)) => Err(Missed::Denied(Trouble::QueueGone)),
        Some((status, _)) if status.is_client_error() => Err(Missed::Denied(Trouble::Refusing)),
        Some(_) => Err(Missed::Unanswered),
    }
}
