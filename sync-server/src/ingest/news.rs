//! What other nodes recorded in the same log.
//!
//! In: word that the log has grown, or a look at it now and then. Out: a ledger, a directory and hints that know
//! of it. Must not: be needed for the truth; each transaction begins with taking in what others recorded.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use domain::id::Position;
use tokio::sync::{oneshot, watch};

use super::writer::Job;
use super::{Directory, Inner, Shop, Unavailable, lock};
use crate::log::Failed;
use crate::log::postgres::News;

/// Our own news within such a time are one word.
const COALESCE: Duration = Duration::from_millis(100);
/// How often the log is asked, in case a word was lost.
const POLL: Duration = Duration::from_secs(5);
/// Pause before another try when the server is away.
const PAUSE: Duration = Duration::from_millis(500);

impl Shop {
    /// Takes in what other nodes recorded.
    ///
    /// # Errors
    /// When the log cannot be asked.
    pub async fn refresh(&self) -> Result<(), Unavailable> {
        if !self.inner.database.is_shared() {
            return Ok(());
        }
        let newest = self.ask(|log| log.head()).await?;
        if newest <= *self.inner.head.borrow() {
            return Ok(());
        }
        let (done, is_done) = oneshot::channel();
        self.queue(Job::TakeIn {
            up_to: newest,
            done: Some(done),
        })?;
        is_done.await.map_err(|_| Unavailable::Closed)
    }

    /// Who is who, looked up again when what is sought is not there: another node may have heard of it first.
    pub async fn directory_with(&self, sought: impl Fn(&Directory) -> bool) -> Arc<Directory> {
        let directory = self.directory();
        if sought(&directory) {
            return directory;
        }
        if let Err(error) = self.refresh().await {
            tracing::warn!(%error, "what other nodes recorded could not be taken in");
        }
        self.directory()
    }

    /// Begins to listen to other nodes, and to tell them.
    pub(super) fn follow_others(&self, news: News) {
        let inner = Arc::downgrade(&self.inner);
        let follower = Follower {
            told: *self.inner.head.borrow(),
            heard: Position(0),
            due: Position(0),
            polled: Instant::now(),
            head: self.head(),
            news,
        };
        let thread = std::thread::Builder::new()
            .name("news".to_owned())
            .spawn(move || follower.run(&inner))
            .expect("BUG: the system has no thread left for the news");
        *lock(&self.inner.news) = Some(thread);
    }
}

/// Listens and tells, for as long as the shop is open.
struct Follower {
    news: News,
    /// Our newest place.
    head: watch::Receiver<Position>,
    /// The newest one all nodes have word of.
    told: Position,
    /// The last one another node gave word of.
    heard: Position,
    /// Up to where others' are still to be taken in.
    due: Position,
    polled: Instant,
}

impl Follower {
    fn run(mut self, shop: &Weak<Inner>) {
        let mut is_away = false;
        loop {
            let passed = self.pass();
            if let Err(failed) = &passed {
                if !is_away {
                    tracing::warn!(%failed, "other nodes are not heard; trying again");
                }
                std::thread::sleep(PAUSE);
            }
            is_away = passed.is_err();
            let Some(inner) = shop.upgrade() else {
                return;
            };
            let shop = Shop { inner };
            if self.due <= *self.head.borrow() {
                if lock(&shop.inner.jobs).is_none() {
                    return;
                }
                continue;
            }
            let job = Job::TakeIn {
                up_to: self.due,
                done: None,
            };
            match shop.queue(job) {
                // Asked for once; whatever a word says, the log has the last one.
                Ok(()) => self.due = Position(0),
                Err(Unavailable::Busy) => {}
                Err(_) => return,
            }
        }
    }

    /// Waits a little for word, looks now and then, tells of our own.
    fn pass(&mut self) -> Result<(), Failed> {
        if let Some(heard) = self.news.wait(COALESCE)? {
            self.heard = heard;
            self.due = self.due.max(heard);
        }
        if self.polled.elapsed() >= POLL {
            self.polled = Instant::now();
            self.due = self.due.max(self.news.head()?);
        }
        let ours = *self.head.borrow();
        if ours > self.told {
            // What we only took in was told by whoever recorded it.
            if ours != self.heard {
                self.news.tell(ours)?;
            }
            self.told = ours;
        }
        Ok(())
    }
}
