//! What a job may do while it is its turn: read the ledger, record facts, ask the log.
//!
//! In: facts. Out: places in the log. Must not: let a customer's data into a fact in clear.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::event::Body;
use domain::id::{EventId, Hash, Position};
use domain::ledger::Ledger;
use domain::sync::server::Outside;
use domain::sync::server::writer::{Signatory, Writer};
use domain::time::Day;

use super::customer;
use crate::clock;
use crate::keys::{ServerKeys, random};
use crate::log::{Failed, Identity, Log};

/// A fact of the server's own.
#[derive(Clone, Debug)]
pub struct ServerFact {
    /// The fact.
    pub body: Body,
    /// The customer it is about, for orders that arrive or change.
    pub customer: Option<customer::CustomerData>,
}

impl ServerFact {
    /// A fact about no customer.
    #[must_use]
    pub fn plain(body: impl Into<Body>) -> Self {
        Self {
            body: body.into(),
            customer: None,
        }
    }
}

/// The machine's clock, chance, and the server's key.
#[derive(Debug)]
pub(super) struct Machine {
    keys: Arc<ServerKeys>,
    opened: Instant,
    /// Milliseconds by which this server's clock runs ahead of the machine's.
    ahead: Cell<i64>,
}

impl Outside for Machine {
    fn now(&self) -> i64 {
        clock::now_ms().saturating_add(self.ahead.get())
    }

    fn mono(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn day(&self, zone: &str, now: i64) -> Day {
        clock::day_at(zone, now)
    }

    fn event_id(&self) -> EventId {
        random::event_id()
    }

    fn random_id(&self) -> [u8; 16] {
        random::bytes()
    }

    fn sign(&self, hash: &Hash) -> Vec<u8> {
        self.keys.sign(hash)
    }
}

/// The writer's hands.
pub struct Work {
    writer: Writer<Box<dyn Log>, Machine>,
    keys: Arc<ServerKeys>,
    identity: Identity,
    /// When what is gone was last looked through.
    swept: Option<Instant>,
}

/// What is gone is told for so many milliseconds: 90 days, the age up to which an app may come back.
const GONE_TOLD_MS: i64 = 90 * 86_400_000;
/// Between two looks at what may be forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// What is forgotten in one transaction at most.
const SWEPT_MAX: usize = 200;

impl Work {
    pub(super) fn begin(
        log: Box<dyn Log>,
        keys: Arc<ServerKeys>,
        identity: Identity,
    ) -> Result<Self, Failed> {
        let machine = Machine {
            keys: Arc::clone(&keys),
            opened: Instant::now(),
            ahead: Cell::new(0),
        };
        let who = Signatory {
            store: identity.store,
            server: identity.server,
        };
        let writer = Writer::open(log, machine, who, crate::BUILD)?;
        Ok(Self {
            writer,
            keys,
            identity,
            swept: None,
        })
    }

    /// Has the clock of facts and codes run ahead of the machine's from the next turn on, for tests of what ends.
    pub fn run_ahead(&mut self, milliseconds: i64) {
        self.writer.outside().ahead.set(milliseconds);
    }

    /// The protocol's hands.
    pub(super) fn writer(&mut self) -> &mut Writer<Box<dyn Log>, Machine> {
        &mut self.writer
    }

    /// Signs the tree over all that lasted before this transaction, at most once a second.
    pub(super) fn sign_head(&mut self) -> Result<(), Failed> {
        self.writer.sign_head(self.identity.incarnation)
    }

    /// Forgets some of what is gone and was told to all, now and then.
    pub(super) fn sweep(&mut self) -> Result<(), Failed> {
        if self.swept.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            return Ok(());
        }
        self.swept = Some(Instant::now());
        let forgotten = self.writer.sweep(GONE_TOLD_MS, SWEPT_MAX)?;
        if forgotten > 0 {
            tracing::info!(forgotten, "rows that were gone are forgotten");
        }
        Ok(())
    }

    /// The state as it is now.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.writer.ledger()
    }

    /// Whether the ledger may not be what the log says.
    pub(super) fn is_lost(&self) -> bool {
        self.writer.is_lost()
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &dyn Log {
        &**self.writer.log()
    }

    pub(super) fn shared_keys(&self) -> Arc<ServerKeys> {
        Arc::clone(&self.keys)
    }

    /// The server's keys.
    #[must_use]
    pub fn keys(&self) -> &ServerKeys {
        &self.keys
    }

    /// Who this log is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// The newest place.
    #[must_use]
    pub fn head(&self) -> Position {
        self.writer.head()
    }

    /// The server's clock when the transaction began.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.writer.now()
    }

    /// The day in the shop.
    #[must_use]
    pub fn today(&self) -> Day {
        self.writer.today()
    }

    /// Records a fact of the server's own and what follows from it, save for [`Work::settle`].
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn record(&mut self, fact: ServerFact) -> Result<Position, Failed> {
        let Some(data) = &fact.customer else {
            return self.writer.record(fact.body, None);
        };
        let sealed = customer::keep(self, data)?;
        let position = self.writer.note(&fact.body, Some(sealed))?;
        customer::show(self, data, position)?;
        self.writer.follow(&fact.body)?;
        Ok(position)
    }

    /// Looks again at orders nobody could fill, once per job.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn settle(&mut self) -> Result<(), Failed> {
        self.writer.settle()
    }
}
