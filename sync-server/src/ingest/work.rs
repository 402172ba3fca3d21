//! What a job may do while it is its turn: read the ledger, record facts.
//!
//! In: facts. Out: places in the log. Must not: leave the ledger other than the file would make it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use domain::custody::exception::subjects;
use domain::custody::sign_in::{ChainEnd, EpochOpened, OpenCause};
use domain::custody::{Fact, admit, evolve};
use domain::event::{ActorRef, Body, Envelope, Sealed, SignedEvent, event_hash};
use domain::id::{ActorId, Epoch, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::message::{Outcome, QuarantineReason};
use domain::time::Day;

use super::customer;
use crate::clock;
use crate::keys::ServerKeys;
use crate::keys::random;
use crate::log::customer::customer_row;
use crate::log::event::{ChainKey, NewEvent};
use crate::log::meta::Identity;
use crate::log::{Failed, Log};

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

/// The writer's hands.
pub struct Work {
    log: Log,
    keys: Arc<ServerKeys>,
    identity: Identity,
    ledger: Ledger,
    chain: Chain,
    opened: Instant,
    head: Position,
    now: i64,
    directory_changed: bool,
    retry_short: bool,
}

impl Work {
    pub(super) fn begin(
        log: Log,
        keys: Arc<ServerKeys>,
        identity: Identity,
    ) -> Result<Self, Failed> {
        let ledger = log.load_ledger()?;
        let head = log.head()?;
        let epoch = Epoch(random::event_id().0);
        let chain = Chain::new(identity.store, identity.server, epoch);
        Ok(Self {
            log,
            keys,
            identity,
            ledger,
            chain,
            opened: Instant::now(),
            head,
            now: clock::now_ms(),
            directory_changed: false,
            retry_short: false,
        })
    }

    /// The state as it is now.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The file.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
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
        clock::day_at(zone, self.now)
    }

    pub(super) fn start(&mut self) -> Result<(), Failed> {
        self.now = clock::now_ms();
        self.log.begin()
    }

    pub(super) fn finish(&mut self) -> Result<(), Failed> {
        self.log.commit()
    }

    /// Goes back to what the file says. That may be more than before the transaction: a commit that failed can
    /// have lasted all the same.
    pub(super) fn give_up(&mut self) {
        self.log.rollback();
        self.directory_changed = true;
        self.retry_short = false;
        if let Err(failed) = self.reload() {
            // Going on from a ledger that is not the file's would record lies.
            tracing::error!(%failed, "the file can no longer be read; the writer stops");
            panic!("the shop's file can no longer be read");
        }
    }

    fn reload(&mut self) -> Result<(), Failed> {
        self.ledger = self.log.load_ledger()?;
        self.head = self.log.head()?;
        let epoch = self.chain.epoch();
        let end = self.log.chain_head(ChainKey {
            device: self.identity.server,
            epoch,
        })?;
        let Identity { store, server, .. } = self.identity;
        self.chain = Chain::resumed(store, server, epoch, end.next, end.hash);
        Ok(())
    }

    pub(super) fn take_directory_changed(&mut self) -> bool {
        std::mem::take(&mut self.directory_changed)
    }

    /// Asks for another try at orders nobody could fill, at the end of the job.
    pub(super) fn retry_short_orders(&mut self) {
        self.retry_short = true;
    }

    pub(super) fn take_retry_short(&mut self) -> bool {
        std::mem::take(&mut self.retry_short)
    }

    /// Records a fact of the server's own and what follows from it, save for [`Work::settle`].
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn record(&mut self, fact: ServerFact) -> Result<Position, Failed> {
        if self.chain.next() == 0 {
            let opened = self.epoch_opened()?;
            self.record_one(&opened.into(), None)?;
        }
        let pii = match &fact.customer {
            Some(data) => Some(customer::keep(self, data)?),
            None => None,
        };
        let position = self.record_one(&fact.body, pii)?;
        if let Some(data) = &fact.customer {
            customer::show(self, data, position)?;
        }
        self.react(&fact.body)?;
        Ok(position)
    }

    fn epoch_opened(&self) -> Result<EpochOpened, Failed> {
        let before = self.log.last_chain(self.identity.server)?;
        Ok(EpochOpened {
            generation: 1,
            before: before.map(|(epoch, seq, hash)| ChainEnd { epoch, seq, hash }),
            cause: OpenCause::Start,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 0,
            time_zone: "UTC".to_owned(),
            clock_offset: Some(0),
        })
    }

    pub(super) fn record_one(
        &mut self,
        body: &Body,
        pii: Option<Sealed>,
    ) -> Result<Position, Failed> {
        let position = self.head.next();
        let around = Circumstances {
            id: random::event_id(),
            wall: self.now,
            mono: u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX),
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
            signature: self.keys.sign(&hash),
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
    ) -> Result<(Position, Outcome), Failed> {
        let position = self.head.next();
        let fact = Fact {
            envelope,
            body,
            position,
        };
        let ledger = &mut self.ledger;
        let Ok(exceptions) = catch_unwind(AssertUnwindSafe(|| admit(ledger, &fact))) else {
            // No event, however malformed, stops the events behind it: this one is kept and does nothing.
            tracing::error!(?position, "an event could not be applied");
            self.ledger = self.log.load_ledger()?;
            let outcome = Outcome::Quarantined(QuarantineReason::Unreadable);
            let label = Some((envelope.id, envelope.kind.kind, envelope.kind.version));
            self.append(
                event,
                hash,
                chain_of(envelope),
                envelope.seq,
                label,
                &outcome,
            )?;
            return Ok((position, outcome));
        };
        let outcome = if exceptions.is_empty() {
            Outcome::Applied
        } else {
            Outcome::AppliedWithExceptions(exceptions)
        };
        self.keep(event, hash, envelope, body, position, &outcome)?;
        Ok((position, outcome))
    }

    /// Gives an event its place that cannot be applied. Returns its place in the log.
    pub(super) fn set_aside(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        chain: ChainKey,
        seq: u64,
        label: Option<&Envelope>,
        outcome: &Outcome,
    ) -> Result<Position, Failed> {
        let label = label.map(|envelope| (envelope.id, envelope.kind.kind, envelope.kind.version));
        self.append(event, hash, chain, seq, label, outcome)
    }

    fn keep(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        envelope: &Envelope,
        body: &Body,
        position: Position,
        outcome: &Outcome,
    ) -> Result<(), Failed> {
        let label = Some((envelope.id, envelope.kind.kind, envelope.kind.version));
        self.append(
            event,
            hash,
            chain_of(envelope),
            envelope.seq,
            label,
            outcome,
        )?;
        let (orders, tags) = subjects(body);
        self.log.note_subjects(position, &orders, &tags)?;
        self.keep_touched(position)
    }

    fn append(
        &mut self,
        event: &SignedEvent,
        hash: Hash,
        chain: ChainKey,
        seq: u64,
        label: Option<(domain::id::EventId, u16, u16)>,
        outcome: &Outcome,
    ) -> Result<Position, Failed> {
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
        self.head = position;
        Ok(position)
    }

    fn keep_touched(&mut self, position: Position) -> Result<(), Failed> {
        for key in self.ledger.take_touched() {
            let bytes = self.ledger.bytes(&key);
            self.log.put_entity(&key, position, bytes.as_deref())?;
            match key.kind {
                EntityKind::Store | EntityKind::Actor | EntityKind::Device => {
                    self.directory_changed = true;
                }
                EntityKind::Order => self.hide_customer(&key, position)?,
                EntityKind::Package => debug_assert!(
                    minicbor::decode::<PackageTag>(&key.id)
                        .ok()
                        .and_then(|tag| self.ledger.packages.get(&tag))
                        .is_none_or(domain::stock::Package::is_conserved),
                    "a unit was made or lost"
                ),
                EntityKind::Item
                | EntityKind::Location
                | EntityKind::Slot
                | EntityKind::Lease
                | EntityKind::Exception
                | EntityKind::Customer => {}
            }
        }
        Ok(())
    }

    /// Devices see an order's customer only while the order is open.
    fn hide_customer(&mut self, key: &EntityKey, position: Position) -> Result<(), Failed> {
        let Ok(order) = minicbor::decode::<OrderId>(&key.id) else {
            return Ok(());
        };
        let closed = |order: &domain::order::Order| order.status.is_closed();
        if self.ledger.orders.get(&order).is_some_and(closed) {
            self.log.bury_entity(&customer_row(order), position)?;
        }
        Ok(())
    }
}

fn chain_of(envelope: &Envelope) -> ChainKey {
    ChainKey {
        device: envelope.device,
        epoch: envelope.epoch,
    }
}
