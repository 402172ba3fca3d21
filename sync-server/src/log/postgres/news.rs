//! Word from node to node that a store's log has grown.
//!
//! In: our newest place, others' words. Out: the same. Must not: speak inside a transaction that writes; a
//! notification takes a lock of the whole server at its commit.

use std::time::{Duration, Instant};

use domain::id::{Position, StoreId};
use postgres::fallible_iterator::FallibleIterator as _;

use super::wire::Wire;
use super::{Address, Postgres};
use crate::log::{Facts as _, Failed};

/// Where word is given. The text is the store and the place.
const CHANNEL: &str = "custody_head";

/// A connection that listens and speaks.
#[derive(Debug)]
pub struct News {
    log: Postgres,
    ear: Option<Ear>,
}

/// The connection as it listens, or does not: some engines cannot.
struct Ear {
    wire: Wire,
    is_deaf: bool,
}

impl core::fmt::Debug for Ear {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ear")
            .field("is_deaf", &self.is_deaf)
            .finish_non_exhaustive()
    }
}

impl News {
    /// Word about a store.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn open(address: &Address, store: StoreId) -> Result<Self, Failed> {
        Ok(Self {
            log: Postgres::open_reader(address, store)?,
            ear: None,
        })
    }

    /// Waits so long for word of a place, and returns the newest one heard of.
    ///
    /// # Errors
    /// When the connection is lost; the next call opens it anew.
    pub fn wait(&mut self, at_most: Duration) -> Result<Option<Position>, Failed> {
        let ear = match &mut self.ear {
            Some(ear) => ear,
            none => none.insert(Ear::open(&self.log.address, self.log.store)?),
        };
        let heard = ear.listen(self.log.store, at_most);
        if heard.is_err() {
            self.ear = None;
        }
        heard
    }

    /// Tells all nodes of a place.
    ///
    /// # Errors
    /// When the server was not reached.
    pub fn tell(&self, head: Position) -> Result<(), Failed> {
        let word = format!("{} {}", self.log.store, head.0);
        self.log
            .rows("SELECT pg_notify($1, $2)", &[&CHANNEL, &word])?;
        Ok(())
    }

    /// The newest place, for words that were lost.
    ///
    /// # Errors
    /// When the server was not reached.
    pub fn head(&self) -> Result<Position, Failed> {
        self.log.head()
    }
}

impl Ear {
    fn open(address: &Address, store: StoreId) -> Result<Self, Failed> {
        let mut wire = Wire::open(address, store)?;
        let listening = wire.batch(&format!("LISTEN {CHANNEL}"));
        let is_deaf = match listening {
            Err(failed) if wire.is_lost() => return Err(failed),
            Err(failed) => {
                tracing::warn!(%failed, "this database gives no word of news; it is asked now and then");
                true
            }
            Ok(()) => false,
        };
        Ok(Self { wire, is_deaf })
    }

    fn listen(&mut self, store: StoreId, at_most: Duration) -> Result<Option<Position>, Failed> {
        if self.is_deaf {
            std::thread::sleep(at_most);
            return Ok(None);
        }
        let until = Instant::now() + at_most;
        let mut notifications = self.wire.client().notifications();
        let first = notifications.timeout_iter(at_most).next()?;
        if first.is_none() && Instant::now() < until {
            // It ended before its time: there is nobody at the other end.
            return Err(Failed::Lost);
        }
        let mut newest = first.and_then(|word| place(word.payload(), store));
        while let Some(word) = notifications.iter().next()? {
            newest = newest.max(place(word.payload(), store));
        }
        Ok(newest)
    }
}

/// The place a word is about, when it is about this store.
fn place(word: &str, store: StoreId) -> Option<Position> {
    let (of, place) = word.split_once(' ')?;
    let is_ours = StoreId::parse(of) == Ok(store);
    is_ours.then(|| place.parse().ok().map(Position))?
}
