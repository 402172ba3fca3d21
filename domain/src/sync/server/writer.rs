//! The one writer of a log: the ledger, the server's own chain, one transaction at a time.
//!
//! In: facts. Out: places in the log. Must not: leave the ledger other than the log would make it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::audit::merkle::{Frontier, Leaf, decision_hash};
use crate::custody::exception::subjects;
use crate::custody::sign_in::{ChainEnd, EpochOpened, OpenCause};
use crate::custody::{Fact, admit, evolve};
use crate::event::{ActorRef, Body, Envelope, Sealed, SignedEvent, event_hash};
use crate::id::{ActorId, DeviceId, Epoch, EventId, Hash, OrderId, Position, StoreId};
use crate::ledger::{EntityKey, Ledger};
use crate::mutated;
use crate::sync::chain::{Chain, Circumstances};
use crate::sync::message::{Outcome, PULL_ROWS_MAX, QuarantineReason};
use crate::sync::server::Outside;
use crate::sync::server::log::{ChainKey, Kept, Log, NewEvent};
use crate::time::Day;

/// What a transaction changed, as rows.
mod rows;

pub use rows::customer_row;

/// Events whose leaves are read at once when a tree is grown over an older log.
const GROWN_AT_ONCE: usize = 1_000;

/// Which shop, and as which device the server signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// The shop.
    pub store: StoreId,
    /// The server as a device.
    pub server: DeviceId,
}

/// The writer.
#[derive(Debug)]
pub struct Writer<L, O> {
    log: L,
    outside: O,
    who: Signatory,
    build: String,
    ledger: Ledger,
    chain: Chain,
    head: Position,
    now: i64,
    /// The right edge of the tree over the log, and as it was when the transaction began.
    edge: Frontier,
    lasting_edge: Frontier,
    directory_changed: bool,
    /// The ledger may not be what the log says.
    is_lost: bool,
    pub(super) retry_short: bool,
    /// Orders whose leases may want more to take from.
    pub(super) refill_due: BTreeSet<OrderId>,
    /// What the transaction changed, and where last. Its rows are written before the commit.
    unkept: BTreeMap<EntityKey, Position>,
}

impl<L: Log, O: Outside> Writer<L, O> {
    /// A writer that begins a chain of its own behind what the log has.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn open(log: L, outside: O, who: Signatory, build: &str) -> Result<Self, L::Failed> {
        // The place first: what another node records in between is then taken in twice, never left out.
        let head = log.head()?;
        let ledger = log.load_ledger()?;
        let chain = Chain::new(who.store, who.server, Epoch(outside.event_id().0));
        let now = outside.now();
        let edge = match Frontier::of(&Kept(&log), head.0) {
            Some(edge) => edge,
            None => {
                let head = log.begin()?;
                let edge = whole_edge(&log, head)?;
                log.commit()?;
                edge
            }
        };
        Ok(Self {
            lasting_edge: edge.clone(),
            edge,
            log,
            outside,
            who,
            build: build.to_owned(),
            ledger,
            chain,
            head,
            now,
            directory_changed: false,
            is_lost: false,
            retry_short: false,
            refill_due: BTreeSet::new(),
            unkept: BTreeMap::new(),
        })
    }

    /// The state as it is now.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The world around.
    #[must_use]
    pub fn outside(&self) -> &O {
        &self.outside
    }

    /// Which shop, and as whom.
    #[must_use]
    pub fn who(&self) -> Signatory {
        self.who
    }

    /// The newest place.
    #[must_use]
    pub fn head(&self) -> Position {
        self.head
    }

    /// The server's clock when the transaction began.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// The day in the shop.
    #[must_use]
    pub fn today(&self) -> Day {
        let zone = self
            .ledger
            .store()
            .map_or("UTC", |store| store.time_zone.as_str());
        self.outside.day(zone, self.now)
    }

    /// Begins a transaction. What another writer of the same log recorded meanwhile is taken in first.
    ///
    /// # Errors
    /// When the log cannot be asked.
    pub fn start(&mut self) -> Result<(), L::Failed> {
        self.now = self.outside.now();
        if self.is_lost {
            self.give_up()?;
        }
        let head = self.log.begin()?;
        if mutated("writer_does_not_catch_up") {
            self.head = head;
        } else if head != self.head {
            self.catch_up(head)?;
            self.edge = whole_edge(&self.log, head)?;
        }
        self.lasting_edge = self.edge.clone();
        Ok(())
    }

    /// The right edge of the tree over the log as it was when the transaction began: what can no longer be rolled
    /// back, and may be signed.
    #[must_use]
    pub fn lasting_edge(&self) -> &Frontier {
        &self.lasting_edge
    }

    /// Makes what was done since [`Writer::start`] last.
    ///
    /// # Errors
    /// When it is not certain that it lasts; then [`Writer::give_up`] is due.
    pub fn finish(&mut self) -> Result<(), L::Failed> {
        self.keep_rows()?;
        let committed = self.log.commit();
        if mutated("writer_answers_before_the_commit") {
            return Ok(());
        }
        committed
    }

    /// Goes back to what the log says. That may be more than before the transaction: a commit that failed can
    /// have lasted all the same.
    ///
    /// # Errors
    /// When the log cannot be read. Going on from a ledger that is not the log's would record lies, so the next
    /// transaction begins with another try.
    pub fn give_up(&mut self) -> Result<(), L::Failed> {
        self.is_lost = true;
        self.log.rollback();
        self.directory_changed = true;
        self.retry_short = false;
        self.refill_due.clear();
        self.unkept.clear();
        let head = self.log.head()?;
        if !mutated("writer_goes_on_after_a_failed_commit") {
            self.ledger = self.log.load_ledger()?;
        }
        self.head = head;
        self.edge = whole_edge(&self.log, head)?;
        let epoch = self.chain.epoch();
        let device = self.who.server;
        let end = self.log.chain_head(ChainKey { device, epoch })?;
        if !mutated("writer_goes_on_with_a_lost_chain") {
            self.chain.go_back_to(end.next, end.hash);
        }
        self.is_lost = false;
        Ok(())
    }

    fn catch_up(&mut self, head: Position) -> Result<(), L::Failed> {
        self.directory_changed = true;
        if head < self.head {
            self.ledger = self.log.load_ledger()?;
            self.head = head;
            return Ok(());
        }
        loop {
            let page = self.log.rows_after(self.head, PULL_ROWS_MAX)?;
            for row in &page.rows {
                let taken = match &row.bytes {
                    Some(bytes) => self.ledger.put(&row.key, bytes),
                    None => {
                        self.ledger.remove(&row.key);
                        Ok(())
                    }
                };
                if taken.is_err() {
                    // A row this program cannot read: the whole state says more clearly what is wrong.
                    self.ledger = self.log.load_ledger()?;
                    self.head = head;
                    return Ok(());
                }
                self.head = row.changed;
            }
            if !page.more {
                break;
            }
        }
        self.ledger.take_touched();
        self.head = head;
        Ok(())
    }

    /// Whether the log could not be read when it had to be: nothing can be recorded until it can.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Whether people, devices or the shop changed since the last call.
    pub fn take_directory_changed(&mut self) -> bool {
        std::mem::take(&mut self.directory_changed)
    }

    /// Records a fact of the server's own and what follows from it, save for [`Writer::settle`].
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn record(
        &mut self,
        body: impl Into<Body>,
        pii: Option<Sealed>,
    ) -> Result<Position, L::Failed> {
        let body = body.into();
        let position = self.note(&body, pii)?;
        self.follow(&body)?;
        Ok(position)
    }

    /// Records a fact of the server's own; what follows from it is [`Writer::follow`]'s.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note(&mut self, body: &Body, pii: Option<Sealed>) -> Result<Position, L::Failed> {
        if self.chain.next() == 0 && !mutated("writer_opens_no_epoch") {
            let opened = self.epoch_opened()?;
            self.record_one(&opened.into(), None)?;
        }
        self.record_one(body, pii)
    }

    fn epoch_opened(&self) -> Result<EpochOpened, L::Failed> {
        let before = self.log.last_chain(self.who.server, None)?;
        Ok(EpochOpened {
            generation: 1,
            before: before.map(|(epoch, seq, hash)| ChainEnd { epoch, seq, hash }),
            cause: OpenCause::Start,
            build: self.build.clone(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 0,
            time_zone: "UTC".to_owned(),
            clock_offset: Some(0),
        })
    }

    fn record_one(&mut self, body: &Body, pii: Option<Sealed>) -> Result<Position, L::Failed> {
        let position = self.head.next();
        let around = Circumstances {
            id: self.outside.event_id(),
            wall: self.now,
            mono: self.outside.mono(),
            actor: ActorRef {
                actor: ActorId::SERVER,
                session: 0,
            },
            basis: self.head,
            lease: None,
            pii,
        };
        let envelope = self.chain.append(body, around);
        let bytes = envelope.to_bytes();
        let hash = event_hash(&bytes);
        let event = SignedEvent {
            signature: self.outside.sign(&hash),
            bytes,
        };
        let fact = Fact {
            envelope: &envelope,
            body,
            position,
        };
        evolve(&mut self.ledger, &fact);
        self.keep(&event, hash, &envelope, body, position, &Outcome::Applied)?;
        Ok(position)
    }

    /// Records a device's event whose place in its chain is right. Returns its place in the log.
    pub(super) fn admit(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        envelope: &Envelope,
        body: &Body,
    ) -> Result<(Position, Outcome), L::Failed> {
        let position = self.head.next();
        let fact = Fact {
            envelope,
            body,
            position,
        };
        let ledger = &mut self.ledger;
        let Ok(exceptions) = catch_unwind(AssertUnwindSafe(|| admit(ledger, &fact))) else {
            // No event, however malformed, stops the events behind it: this one is kept and does nothing.
            self.ledger = self.retraced()?;
            let outcome = Outcome::Quarantined(QuarantineReason::Unreadable);
            let chain = chain_of(envelope);
            self.append(event, hash, chain, envelope.seq, label(envelope), &outcome)?;
            return Ok((position, outcome));
        };
        let outcome = if exceptions.is_empty() || mutated("writer_drops_exceptions") {
            Outcome::Applied
        } else {
            Outcome::AppliedWithExceptions(exceptions)
        };
        self.keep(event, hash, envelope, body, position, &outcome)?;
        Ok((position, outcome))
    }

    fn keep(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        envelope: &Envelope,
        body: &Body,
        position: Position,
        outcome: &Outcome,
    ) -> Result<(), L::Failed> {
        let chain = chain_of(envelope);
        self.append(event, hash, chain, envelope.seq, label(envelope), outcome)?;
        self.note_touched(position);
        if mutated("writer_notes_no_subjects") {
            return Ok(());
        }
        let (orders, tags) = subjects(body);
        self.log.note_subjects(position, &orders, &tags)
    }

    /// Gives an event its place, whether it was applied or not.
    pub(super) fn append(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        chain: ChainKey,
        seq: u64,
        label: Option<(EventId, u16, u16)>,
        outcome: &Outcome,
    ) -> Result<Position, L::Failed> {
        let position = self.head.next();
        self.log.append(&NewEvent {
            position,
            chain,
            seq,
            label,
            recorded_at: self.now,
            event,
            hash,
            outcome,
        })?;
        let leaf = Leaf {
            event: hash,
            decision: decision_hash(outcome),
            position,
            recorded_at: self.now,
        };
        for node in self.edge.append(leaf.hash()) {
            self.log.put_node(&node)?;
        }
        self.head = position;
        Ok(position)
    }
}

/// The right edge of the tree over a log. Where the log is older than its tree, the tree is grown first.
fn whole_edge<L: Log>(log: &L, head: Position) -> Result<Frontier, L::Failed> {
    if let Some(edge) = Frontier::of(&Kept(log), head.0) {
        return Ok(edge);
    }
    let mut edge = Frontier::default();
    while edge.size() < head.0 {
        let after = Position(edge.size());
        let events = log.logged_after(after, GROWN_AT_ONCE)?;
        if events.is_empty() {
            break;
        }
        for logged in events {
            for node in edge.append(Leaf::of(&logged.recorded).hash()) {
                log.put_node(&node)?;
            }
        }
    }
    Ok(edge)
}

fn chain_of(envelope: &Envelope) -> ChainKey {
    ChainKey {
        device: envelope.device,
        epoch: envelope.epoch,
    }
}

/// Identifier, kind and version of an event, by which it is found.
pub(super) fn label(envelope: &Envelope) -> Option<(EventId, u16, u16)> {
    Some((envelope.id, envelope.kind.kind, envelope.kind.version))
}
