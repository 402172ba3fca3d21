//! One shop, open: whoever has a [`Shop`] can push to it, record in it and read from it.
//!
//! In: messages and files. Out: answers, once what they say is on the disk. Must not: know HTTP, or let two
//! writers near one log.
//!
//! One thread owns the writing connection and the ledger. Requests queue before it; what is waiting when it
//! becomes free is written in one transaction, and nobody hears of his own before all of it has lasted.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use domain::facility::Device;
use domain::id::{DeviceId, Position};
use domain::ledger::Ledger;
use domain::permit::{PermitAnswer, PermitAsk};
use domain::sync::enrol::DenialCode;
use domain::sync::message::{
    ChainAnswer, ClaimAnswer, ClaimAsk, Incarnation, Outcome, Push, PushAnswer, Signed,
};
use domain::sync::server::check::{CheckedPart, check};
use domain::sync::server::permit::was_there;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::clock;
use crate::config::DataDir;
use crate::keys::ServerKeys;
use crate::keys::signature::verifies;
use crate::log::{Database, Failed, Identity, Log};
use crate::rules::permits;

/// The thread that writes.
mod writer;
/// What a job may do while it is its turn.
mod work;
/// Customers' data, sealed and opened.
pub mod customer;
/// A new shop.
pub mod set_up;
/// Devices come and go.
pub mod devices;
/// People and their PINs.
pub mod people;
/// Managers' passkeys.
pub mod passkeys;
/// What other systems gave the shop.
pub mod secrets;
/// Tokens and codes of programs, devices and people.
pub mod tokens;
/// Orders from outside.
pub mod orders;
/// Packages and laboratory figures from outside.
pub mod stock;
/// What the shop says of its products.
pub mod products;
/// The invented shop, recorded like a real one.
mod demo_shop;
/// Who is who, for those who only need to know that.
mod directory;
/// Where a shop's log is, and what can be wrong with that.
mod opening;
/// Signed heads of the log, and who has seen them.
mod heads;
/// What other nodes recorded.
mod news;
/// What other nodes answered.
mod requests;
/// When devices were last heard of.
mod contacts;
/// Who has proven to be on a device.
mod proven;
/// What devices were told: snapshots, and how far each has read.
mod told;

pub use demo_shop::DemoFailed;
pub use directory::Directory;
pub use opening::{OpenFailed, database_of, is_set_up};
pub use work::{ServerFact, Work};

use writer::{Job, Shown, Verdict};

/// Jobs waiting before the writer; beyond that a request is told to come back later.
const JOBS_MAX: usize = 1_024;
/// Reading connections kept open. On a server it is also how many there are: it has only so many to give.
const READERS_MAX: usize = 8;

/// Why a request could not be answered.
#[derive(Debug)]
pub enum Unavailable {
    /// Too many are waiting.
    Busy,
    /// The shop is closed, or closing.
    Closed,
    /// The file could not be asked.
    Failed(Failed),
    /// What was asked together with this failed, and nothing of it was kept.
    RolledBack,
}

impl core::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Busy => f.write_str("too many requests are waiting"),
            Self::Closed => f.write_str("the shop is closed"),
            Self::Failed(failed) => write!(f, "{failed}"),
            Self::RolledBack => f.write_str("nothing was kept; see the log"),
        }
    }
}

impl core::error::Error for Unavailable {}

impl From<Failed> for Unavailable {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

/// An open shop. Cheap to copy; the last copy that goes closes it.
#[derive(Clone, Debug)]
pub struct Shop {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    identity: Identity,
    keys: Arc<ServerKeys>,
    dir: DataDir,
    database: Database,
    jobs: Mutex<Option<SyncSender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    news: Mutex<Option<JoinHandle<()>>>,
    directory: Arc<RwLock<Arc<Directory>>>,
    head: watch::Receiver<Position>,
    readers: Mutex<Vec<Box<dyn Log>>>,
    reading: Semaphore,
    told: told::Told,
    contacts: contacts::Contacts,
}

impl Shop {
    /// Opens the shop in a data directory. Blocks; a task must not call it.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(dir: &DataDir) -> Result<Self, OpenFailed> {
        let keys = ServerKeys::load(&dir.key_file()).map_err(OpenFailed::Key)?;
        let database = database_of(dir)?;
        let log = database.open()?;
        let identity = log.identity()?.ok_or(OpenFailed::NoStore)?;
        let keys = Arc::new(keys);
        let work = Work::begin(log, Arc::clone(&keys), identity)?;
        opening::check_key(&work)?;
        Ok(Self::start(dir, database, work)?)
    }

    /// Starts the threads. Blocks.
    fn start(dir: &DataDir, database: Database, work: Work) -> Result<Self, Failed> {
        let news = database.news()?;
        let identity = work.identity();
        let keys = work.shared_keys();
        let directory = Arc::new(RwLock::new(Arc::new(Directory::of(work.ledger()))));
        let (head_sender, head) = watch::channel(work.head());
        let (jobs, queue) = std::sync::mpsc::sync_channel(JOBS_MAX);
        let shown = Shown {
            directory: Arc::clone(&directory),
            head: head_sender,
        };
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer::run(work, &queue, &shown))
            .expect("BUG: the system has no thread left for the writer");
        let readers_max = match database.is_shared() {
            true => READERS_MAX,
            false => Semaphore::MAX_PERMITS,
        };
        let shop = Self {
            inner: Arc::new(Inner {
                identity,
                keys,
                dir: dir.clone(),
                database,
                jobs: Mutex::new(Some(jobs)),
                writer: Mutex::new(Some(writer)),
                news: Mutex::new(None),
                directory,
                head,
                readers: Mutex::new(Vec::new()),
                reading: Semaphore::new(readers_max),
                told: told::Told::default(),
                contacts: contacts::Contacts::default(),
            }),
        };
        if let Some(news) = news {
            shop.follow_others(news);
        }
        Ok(shop)
    }

    /// Who this log is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.inner.identity
    }

    /// The server's keys.
    #[must_use]
    pub fn keys(&self) -> &Arc<ServerKeys> {
        &self.inner.keys
    }

    /// The directory the shop lives in.
    #[must_use]
    pub fn dir(&self) -> &DataDir {
        &self.inner.dir
    }

    /// Who is who, as of the last commit.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        let guard = self.inner.directory.read();
        Arc::clone(&guard.unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether other nodes work on the same log.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.inner.database.is_shared()
    }

    /// The newest place, and word of every later one.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<Position> {
        self.inner.head.clone()
    }

    /// Records events of devices, whoever carries them. The answer is signed.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn push(&self, carrier: DeviceId, push: Push) -> Result<Signed, Unavailable> {
        let directory = self.directory();
        let life = push.cursor.incarnation;
        let has_read = life != Incarnation::default();
        let is_other = has_read && life != self.inner.identity.incarnation;
        let reader = (has_read && !is_other).then_some(push.cursor);
        let of_another_life = is_other.then_some(carrier);
        let store = self.inner.identity.store;
        let checked = tokio::task::spawn_blocking(move || {
            let parts = push.chains.into_iter();
            parts
                .map(|part| part.carried_by(Some(carrier)))
                .map(|part| check(&directory.devices, store, part, verifies))
                .collect::<Vec<_>>()
        })
        .await
        .map_err(|_| Unavailable::RolledBack)?;
        let events = checked.iter().map(CheckedPart::len).sum();
        let (chains, head) = self
            .change(events, move |work| {
                if let Some(device) = of_another_life {
                    work.writer().saw_another_life(device)?;
                }
                if let Some(cursor) = reader {
                    work.writer().note_reader(carrier, cursor)?;
                }
                let mut answers = Vec::with_capacity(checked.len());
                for part in &checked {
                    answers.push(work.writer().push(part)?);
                }
                Ok((answers, work.head()))
            })
            .await?;
        chains.iter().for_each(tell_of_quarantine);
        let answer = PushAnswer {
            store,
            incarnation: self.inner.identity.incarnation,
            chains,
            head,
            server_wall: clock::now_ms(),
        };
        Ok(self.inner.keys.sign_answer(domain::event::encode(&answer)))
    }

    /// Gives a device the right to work some orders, as far as they can be had.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn claim(
        &self,
        device: Device,
        ask: ClaimAsk,
    ) -> Result<Result<ClaimAnswer, DenialCode>, Unavailable> {
        self.change(1, move |work| {
            if !work.writer().may_be_there(&device, ask.actor)? {
                return Ok(Err(DenialCode::UnknownActor));
            }
            work.writer().grant(device.id, &ask).map(Ok)
        })
        .await
    }

    /// Gives a device permits for the people on it who work here.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn permit(
        &self,
        device: Device,
        ask: PermitAsk,
    ) -> Result<PermitAnswer, Unavailable> {
        let rules = permits();
        self.change(1, move |work| {
            let PermitAsk { actors, nonce } = ask;
            let mut known = Vec::with_capacity(actors.len());
            for actor in actors {
                if was_there(work.log(), &device, actor, 0)? {
                    known.push(actor);
                }
            }
            let ask = PermitAsk {
                actors: known,
                nonce,
            };
            work.writer().note_asked(device.id)?;
            work.writer().permit(device.id, &ask, &rules)
        })
        .await
    }

    /// Records facts of the server's own. Returns their places.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn record(&self, facts: Vec<ServerFact>) -> Result<Vec<Position>, Unavailable> {
        self.change(facts.len(), move |work| {
            let positions = facts
                .into_iter()
                .map(|fact| work.record(fact))
                .collect::<Result<Vec<_>, _>>()?;
            work.settle()?;
            Ok(positions)
        })
        .await
    }

    /// Looks at the ledger as of the last commit.
    ///
    /// # Errors
    /// When the shop is closed or too many are waiting.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Ledger) -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Read(Box::new(move |ledger| {
            // Whoever asked may have gone away.
            drop(answer.send(look(ledger)));
        })))?;
        answered.await.map_err(|_| Unavailable::Closed)
    }

    /// Does something in the writer's transaction, together with what else is waiting. The answer comes once
    /// it has lasted. `events` says roughly how much it is.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn change<T: Send + 'static>(
        &self,
        events: usize,
        act: impl FnOnce(&mut Work) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let (answer, answered) = oneshot::channel();
        let act = move |work: &mut Work| {
            let done = act(work);
            let (failed, done) = match done {
                Ok(done) => (None, Some(done)),
                Err(failed) => (Some(failed), None),
            };
            let reply = move |lasted: bool| {
                let done = done.filter(|_| lasted).ok_or(Unavailable::RolledBack);
                drop(answer.send(done));
            };
            Verdict {
                failed,
                reply: Box::new(reply),
            }
        };
        self.queue(Job::Change {
            events,
            act: Box::new(act),
        })?;
        answered.await.map_err(|_| Unavailable::Closed)?
    }

    /// Reads from the file, in one moment of it, beside the writer.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Log) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let turn = self.inner.reading.acquire().await;
        let _turn = turn.map_err(|_| Unavailable::Closed)?;
        let shop = self.clone();
        let answer = tokio::task::spawn_blocking(move || shop.ask_here(ask)).await;
        Ok(answer.map_err(|_| Unavailable::Closed)??)
    }

    fn ask_here<T>(&self, ask: impl FnOnce(&dyn Log) -> Result<T, Failed>) -> Result<T, Failed> {
        self.with_connection(|reader| {
            reader.begin_reading()?;
            let answer = ask(reader);
            reader.rollback();
            answer
        })
    }

    /// Lends one of the connections beside the writer's. One that failed is not lent again.
    fn with_connection<T>(
        &self,
        ask: impl FnOnce(&dyn Log) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let idle = lock(&self.inner.readers).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => self.inner.database.open_reader()?,
        };
        let answer = ask(&*reader)?;
        let mut readers = lock(&self.inner.readers);
        if readers.len() < READERS_MAX {
            readers.push(reader);
        }
        Ok(answer)
    }

    fn queue(&self, job: Job) -> Result<(), Unavailable> {
        let jobs = lock(&self.inner.jobs);
        let jobs = jobs.as_ref().ok_or(Unavailable::Closed)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Unavailable::Busy,
            TrySendError::Disconnected(_) => Unavailable::Closed,
        })
    }

    /// Lets the writer finish what waits, and empties the write-ahead log. Blocks.
    pub fn close(&self) {
        lock(&self.inner.readers).clear();
        drop(lock(&self.inner.jobs).take());
        if let Some(writer) = lock(&self.inner.writer).take()
            && writer.join().is_err()
        {
            tracing::error!("the writer had died");
        }
        if let Some(news) = lock(&self.inner.news).take()
            && news.join().is_err()
        {
            tracing::error!("whoever listens to other nodes had died");
        }
    }
}

/// Somebody who looks after the server wants to know.
fn tell_of_quarantine(answer: &ChainAnswer) {
    for receipt in &answer.receipts {
        if let Outcome::Quarantined(reason) = receipt.outcome {
            let seq = receipt.seq;
            tracing::warn!(device = %answer.device, seq, ?reason, "an event was not applied");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
