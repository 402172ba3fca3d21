//! The one writer of a log: the ledger, the server's own chain, one transaction at a time.
//!
//! In: facts. Out: places in the log. Must not: leave the ledger other than the log would make it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::audit::merkle::{Frontier, Leaf, decision_hash};
use crate::custody::exception::subjects;
use crate::custody::sign_in::{ChainEnd, EpochOpened, OpenCause};
use crate::custody::{Fact, admit, evolve, take_in};
use crate::event::{ActorRef, Body, Envelope, Readable, Sealed, SignedEvent, event_hash};
use crate::id::{ActorId, DeviceId, Epoch, EventId, Hash, OrderId, Position, StoreId};
use crate::ledger::{EntityKey, Ledger};
use crate::mutated;
use crate::sync::chain::{Chain, Circumstances};
use crate::sync::message::{Outcome, QuarantineReason};
use crate::sync::server::Outside;
use crate::sync::server::log::{ChainKey, Kept, Log, NewEvent};
use crate::sync::server::permit::Known;
use crate::sync::server::view::keep_sums;
use crate::time::Day;

/// What the log says, whatever this writer believed.
mod catch_up;
/// What a transaction changed, as rows.
mod rows;

use catch_up::whole_edge;
pub use rows::customer_row;

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
    /// Orders of which a picker missed something that another package may still give; `None`: they have to be looked for.
    pub(super) missed: Option<BTreeSet<OrderId>>,
    readable: Readable,
    /// There may be events that were too new when they came.
    pub(super) may_be_behind: bool,
    /// The exceptions about such events were looked at up to this number.
    pub(super) looked_through: u64,
    /// When a head was last signed, and its size.
    pub(super) signed: Option<(u64, u64)>,
    /// Orders whose leases may want more to take from.
    pub(super) refill_due: BTreeSet<OrderId>,
    /// What the transaction changed, and where last. Its rows are written before the commit.
    unkept: BTreeMap<EntityKey, Position>,
    /// What the transaction has learnt of permits.
    permits: Known,
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
        keep_sums(&log)?;
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
            missed: None,
            readable: Readable::today(),
            may_be_behind: true,
            looked_through: 0,
            signed: None,
            refill_due: BTreeSet::new(),
            unkept: BTreeMap::new(),
            permits: Known::default(),
        })
    }

    /// The same writer in a program that can read more or less than this one.
    #[must_use]
    pub fn reading(self, readable: Readable) -> Self {
        Self { readable, ..self }
    }

    /// What this program can read.
    #[must_use]
    pub fn readable(&self) -> &Readable {
        &self.readable
    }

    /// What the transaction has learnt of permits.
    pub(super) fn known_permits(&mut self) -> &mut Known {
        &mut self.permits
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
        self.permits = Known::default();
        if self.is_lost {
            self.give_up()?;
        }
        let head = self.log.begin()?;
        if mutated("writer_does_not_catch_up") {
            self.head = head;
        } else if head != self.head || !self.edge.still_ends(&Kept(&self.log)) {
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
        let outcome = self.outcome_of(body, position)?;
        self.keep(&event, hash, &envelope, body, position, &outcome)?;
        Ok(position)
    }

    /// What became of a fact of the server's own: one that was taken in may have broken rules. Whoever asks for the
    /// chain of custody then finds it at both of its places.
    fn outcome_of(&self, body: &Body, position: Position) -> Result<Outcome, L::Failed> {
        let Body::EventTakenIn(done) = body else {
            return Ok(Outcome::Applied);
        };
        let (orders, tags) = subjects(body);
        self.log.note_subjects(done.position, &orders, &tags)?;
        let exceptions = take_in::opened(&self.ledger, position);
        Ok(match exceptions.is_empty() {
            true => Outcome::Applied,
            false => Outcome::AppliedWithExceptions(exceptions),
        })
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
