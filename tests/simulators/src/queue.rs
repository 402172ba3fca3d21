//! A raw print queue of CUPS on a port of its own, and its bad days.
//!
//! A job begins to be one when its request has come in whole. A queue that is paused or has no paper keeps jobs and prints them later.
//!
//! Source: RFC 8010, RFC 8011, and CUPS' page on its own implementation of them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::listening::{Listening, lock};

/// How the queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mood {
    /// Somebody paused it: it takes jobs and keeps them.
    pub paused: bool,
    /// The printer has no paper; the queue keeps its jobs.
    pub no_paper: bool,
    /// It says what is in its way, or that it takes no jobs, only once a job is in it.
    pub says_it_late: bool,
    /// It takes no jobs.
    pub refusing: bool,
    /// Nobody has a queue of that name any more.
    pub gone: bool,
    /// It drops the line of a new job after so many bytes.
    pub drops_after: Option<usize>,
    /// It drops the line of a new job once it has it, without a word.
    pub drops_at_the_end: bool,
    /// Somebody cancels every job that it keeps.
    pub cancels: bool,
    /// The printer is off: the queue is at work on a job until it is back, and says so or not.
    pub off: Option<Off>,
    /// It holds every job, and its printer does nothing.
    pub holds: bool,
    /// So many times more it is too busy to say what became of a job.
    pub busy: u32,
}

/// How a queue speaks of a printer that is off, as CUPS 2.4.2 was seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// It says nothing at all.
    Unsaid,
    /// In its message, and without a reason.
    InWords,
    /// By a reason that is a mere report.
    ByReport,
}

#[derive(Debug, Default)]
struct Job {
    document: String,
    state: u32,
}

#[derive(Debug, Default)]
struct Inside {
    mood: Mood,
    jobs: Vec<Job>,
    printed: Vec<String>,
    asked_to_print: usize,
}

const PENDING: u32 = 3;
const HELD: u32 = 4;
const AT_WORK: u32 = 5;
const CANCELLED: u32 = 7;
const COMPLETED: u32 = 9;

impl Inside {
    fn work(&mut self) {
        for job in self.jobs.iter_mut().filter(|job| job.state <= AT_WORK) {
            if self.mood.cancels {
                job.state = CANCELLED;
            } else if self.mood.holds {
                job.state = HELD;
            } else if self.mood.off.is_some() {
                job.state = AT_WORK;
            } else if !self.mood.paused && !self.mood.no_paper {
                job.state = COMPLETED;
                self.printed.push(job.document.clone());
            }
        }
    }
}

/// A queue on a free port of this machine.
#[derive(Debug)]
pub struct Queue {
    /// Where it listens.
    pub address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
    _listening: Listening,
}

impl Queue {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn on() -> Self {
        Self::on_at(([127, 0, 0, 1], 0).into())
    }

    /// Starts one at an address. It knows nothing of jobs that another one had there.
    ///
    /// # Panics
    /// When somebody else listens there.
    #[must_use]
    pub fn on_at(address: SocketAddr) -> Self {
        let inside: Arc<Mutex<Inside>> = Arc::default();
        let within = Arc::clone(&inside);
        let listening = Listening::at(address, move |line| {
            // A line that ends early ends only itself.
            drop(serve(line, &within));
        });
        Self {
            address: listening.address,
            inside,
            _listening: listening,
        }
    }

    /// The queue's address as a printer of a shop has it.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("ipp://{}/printers/Zebra", self.address)
    }

    /// Puts it into a mood. What it keeps comes out as soon as it can.
    pub fn is(&self, mood: Mood) {
        let mut inside = lock(&self.inside);
        inside.mood = mood;
        inside.work();
    }

    /// The documents that were printed, in order.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        lock(&self.inside).printed.clone()
    }

    /// How often somebody began to give it a job.
    #[must_use]
    pub fn asked_to_print(&self) -> usize {
        lock(&self.inside).asked_to_print
    }
}

/// One question, and its answer.
fn serve(line: TcpStream, inside: &Mutex<Inside>) -> std::io::Result<()> {
    line.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(line.try_clone()?);
    let (mut text, mut length, mut is_ours) = (String::new(), 0, false);
    loop {
        text.clear();
        if reader.read_line(&mut text)? == 0 {
            return Ok(());
        }
        let head = text.trim().to_ascii_lowercase();
        if head.is_empty() {
            break;
        }
        is_ours |= head.starts_with("post /printers/zebra ");
        if let Some(given) = head.strip_prefix("content-length:") {
            length = given.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; 8];
    reader.read_exact(&mut body)?;
    let operation = body.get(3).copied().unwrap_or(0);
    let mood = lock(inside).mood;
    if operation == 2 {
        lock(inside).asked_to_print += 1;
        if let Some(most) = mood.drops_after {
            let mut some = vec![0; most];
            reader.read_exact(&mut some)?;
            return Ok(());
        }
    }
    let mut rest = vec![0; length - body.len()];
    reader.read_exact(&mut rest)?;
    if !is_ours {
        return reply(line, "404 Not Found", &[]);
    }
    let (asked, document) = read(&rest);
    let answer = answer(&mut lock(inside), operation, &asked, document);
    if operation == 2 && mood.drops_at_the_end {
        return Ok(());
    }
    reply(line, "200 OK", &answer)
}

fn reply(mut line: TcpStream, status: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    line.write_all(head.as_bytes())?;
    line.write_all(body)?;
    line.flush()
}

type Asked = Vec<(String, Vec<u8>)>;

/// The attributes of a question from its first group on, and the document behind them.
fn read(bytes: &[u8]) -> (Asked, String) {
    let mut asked = Asked::new();
    let mut at = 0;
    let length = |at: usize| usize::from(bytes[at]) * 256 + usize::from(bytes[at + 1]);
    while bytes[at] != 3 {
        if bytes[at] < 0x10 {
            at += 1;
            continue;
        }
        let name = length(at + 1);
        let value_at = at + 3 + name;
        let value = length(value_at);
        let own = String::from_utf8_lossy(&bytes[at + 3..value_at]).into_owned();
        asked.push((own, bytes[value_at + 2..value_at + 2 + value].to_vec()));
        at = value_at + 2 + value;
    }
    (
        asked,
        String::from_utf8_lossy(&bytes[at + 1..]).into_owned(),
    )
}

fn answer(inside: &mut Inside, operation: u8, asked: &Asked, document: String) -> Vec<u8> {
    let mood = inside.mood;
    let of = |name: &str| {
        asked
            .iter()
            .find(|own| own.0 == name)
            .map(|own| own.1.clone())
    };
    if mood.gone {
        return encode(0x0406, &[]);
    }
    let number = |number: usize| u32::try_from(number).unwrap_or(0).to_be_bytes().to_vec();
    match operation {
        2 if mood.refusing => encode(0x0506, &[]),
        2 if of("document-format").as_deref() != Some(b"application/vnd.cups-raw") => {
            encode(0x040a, &[])
        }
        2 => {
            inside.jobs.push(Job {
                document,
                state: PENDING,
            });
            inside.work();
            encode(0, &[(0x21, "job-id", number(inside.jobs.len()))])
        }
        9 if mood.busy > 0 => {
            inside.mood.busy -= 1;
            encode(0x0507, &[])
        }
        9 => {
            let id = of("job-id").and_then(|id| id.try_into().ok());
            let at = id
                .map(u32::from_be_bytes)
                .and_then(|id| usize::try_from(id).ok());
            let job = at.and_then(|at| inside.jobs.get(at.checked_sub(1)?));
            job.map_or_else(
                || encode(0x0406, &[]),
                |job| encode(0, &[(0x23, "job-state", job.state.to_be_bytes().to_vec())]),
            )
        }
        11 => encode(0, &standing(inside)),
        _ => encode(0x0501, &[]),
    }
}

/// How the queue's printer is.
fn standing(inside: &Inside) -> [Told; 5] {
    let mood = inside.mood;
    let tells = !mood.says_it_late || !inside.jobs.is_empty();
    let is_stopped = tells && (mood.paused || mood.no_paper);
    let is_working = inside.jobs.iter().any(|job| job.state == AT_WORK);
    let off = mood.off.filter(|_| is_working);
    let reason = match (is_stopped, mood.no_paper, off) {
        (true, true, _) => "media-empty-error",
        (true, false, _) => "paused",
        (false, _, Some(Off::ByReport)) => "offline-report",
        (false, ..) => "none",
    };
    let message = match off {
        Some(Off::InWords) => "The printer may not exist or is unavailable at this time.",
        Some(Off::Unsaid | Off::ByReport) | None => "",
    };
    let state: u32 = match (is_stopped, is_working) {
        (true, _) => 5,
        (false, true) => 4,
        (false, false) => 3,
    };
    let takes = vec![u8::from(!(tells && mood.refusing))];
    [
        (0x23, "printer-state", state.to_be_bytes().to_vec()),
        (0x44, "printer-state-reasons", b"media-low-warning".to_vec()),
        (0x44, "", reason.as_bytes().to_vec()),
        (0x41, "printer-state-message", message.as_bytes().to_vec()),
        (0x22, "printer-is-accepting-jobs", takes),
    ]
}

/// One value of an answer: its tag, its attribute's name, its bytes.
type Told = (u8, &'static str, Vec<u8>);

fn encode(status: u16, told: &[Told]) -> Vec<u8> {
    let mut bytes = vec![1, 1];
    bytes.extend(status.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 1]);
    let mut push = |tag: u8, name: &str, value: &[u8]| {
        bytes.push(tag);
        for part in [name.as_bytes(), value] {
            bytes.extend(u16::try_from(part.len()).unwrap_or(0).to_be_bytes());
            bytes.extend(part);
        }
    };
    push(0x47, "attributes-charset", b"utf-8");
    push(0x48, "attributes-natural-language", b"en");
    for (tag, name, value) in told {
        push(*tag, name, value);
    }
    bytes.push(3);
    bytes
}
