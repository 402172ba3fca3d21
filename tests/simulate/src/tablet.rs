//! A device: a storage that lasts, a memory that does not, and the protocol's machine between them.
//!
//! In: what a person did, what came back. Out: what to do next. Must not: say that an event is saved before the
//! storage said so.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::custody::Situation;
use domain::custody::sign_in::{ActorSignedIn, ChainEnd, EpochOpened, OpenCause};
use domain::event::{ActorRef, Body, Envelope, LeaseRef, SignedEvent, event_hash};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Hash};
use domain::ledger::Ledger;
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::device::store::{NotedChain, Store as _, StoreFailed, WriterId};
use domain::sync::device::{DeviceSync, Input, OutboxEntry};
use domain::sync::message::{Cursor, Incarnation, PushAnswer, Row};
use domain::sync::own::Receiving;
use domain::sync::relay::Carrier;
use domain::sync::replica::Replica;
use domain::sync::witness::Witnessing;
use domain::time::Day;

use crate::disk::connection::{Connection, NextWrite, at_once};
use crate::disk::{Disk, Name};
use crate::keys;
use crate::office::Wallet;
use crate::releases::{self, Release};
use crate::shop::{self, MORNING, OTHER_STORE, STORE};

/// Effects on the storage, carried out.
mod effects;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A device's clocks.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// What the wall clock is off, in milliseconds.
    pub offset: i64,
    /// Parts in a million it runs wrong.
    pub drift: i64,
    /// The moment it stands still at.
    pub stopped: Option<i64>,
}

impl Clock {
    /// What it shows at a moment of the world, in milliseconds since the morning.
    #[must_use]
    pub fn wall(&self, now: i64) -> i64 {
        let now = self.stopped.unwrap_or(now);
        MORNING + now + self.offset + now / 1_000_000 * self.drift
    }
}

/// What the memory holds.
#[derive(Debug)]
pub struct Memory {
    /// The machine.
    pub machine: DeviceSync,
    /// The machine for acts of others.
    pub carrier: Carrier,
    /// What is shown.
    pub replica: Replica,
    /// What is known of receipts.
    pub receiving: Receiving,
    /// What it has seen of the log.
    pub witnessing: Witnessing,
    chain: Option<Chain>,
    opened_at: i64,
    actor: ActorRef,
    /// How far the kept view goes.
    shown: Cursor,
    /// The end of the log in the last answer to a push.
    pub end: domain::id::Position,
    /// A beginning that is in memory and could not be kept: where it stands.
    pub unkept: Option<Cursor>,
    /// Rows that are shown and were not kept.
    late: Vec<Row>,
    /// Own events that were on top of the rows when the screen was last looked at.
    pub was_on_top: BTreeSet<(Epoch, u64)>,
}

/// A device.
#[derive(Debug)]
pub struct Tablet {
    /// Which.
    pub id: DeviceId,
    /// Its enrolment.
    pub generation: u32,
    /// The release of its app.
    pub release: Release,
    /// Its storage.
    pub disk: Disk,
    /// Its memory; none while it is off.
    pub memory: Option<Memory>,
    /// Its clocks.
    pub clock: Clock,
    /// Who works on it.
    pub actor: ActorId,
    /// Rises with every start: what was under way before belongs to nobody.
    pub boot: u64,
    /// The effect that will report back, by its number.
    pub under_way: Option<u64>,
    /// Chunks that are fetched or kept beside it, by the number under which each will report back.
    pub chunks_under_way: BTreeMap<u64, Hash>,
    /// The timer that is set, by its number.
    pub timer: Option<u64>,
    /// Frozen until then.
    pub frozen_until: u64,
    /// Rows are being kept just now.
    pub keeps_view: bool,
    /// It is out of the world: wiped, and another took its place.
    pub is_gone: bool,
    /// Everything of its view was evicted at some time: it began anew.
    pub view_was_evicted: bool,
    /// A part of its view was taken from it at some time, or it was put together from pages of several moments.
    pub view_was_lost: bool,
    /// What it pushed last, when, and how often it has at once pushed the same again.
    pub pushed_last: (Vec<(Epoch, u64, usize)>, u64, u32),
    /// Its clock is not the server's: what the last answer said.
    pub answered: bool,
    /// Acts of others, in a storage of their own.
    pub carried: BTreeMap<(DeviceId, Epoch, u64), SignedEvent>,
    /// The carrier's effect that will report back, by its number.
    pub carry_under_way: Option<u64>,
    /// The carrier's timer that is set, by its number.
    pub carry_timer: Option<u64>,
    /// What it keeps of permits.
    pub wallet: Wallet,
    /// Whoever works on it may decide over what others did, as far as it knows.
    pub may_decide: bool,
    /// Heads it has kept and not forgotten since: life, size, root.
    pub heads: Vec<(Incarnation, u64, Hash)>,
}

/// What came of keeping an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The storage says it is safe.
    Safe,
    /// It says so and lies.
    Lie,
    /// It says no: the storage is full.
    Full,
    /// It says nothing; the event is there.
    UnknownKept,
    /// It says nothing, and does not open for whoever looks; the event is not there.
    UnknownNotKept,
}

impl Tablet {
    /// A device that was just enrolled.
    #[must_use]
    pub fn new(id: DeviceId, actor: ActorId) -> Self {
        Self {
            id,
            generation: 1,
            release: releases::ONE_AGE,
            disk: Disk::default(),
            memory: None,
            clock: Clock::default(),
            actor,
            boot: 0,
            under_way: None,
            chunks_under_way: BTreeMap::new(),
            timer: None,
            frozen_until: 0,
            keeps_view: false,
            is_gone: false,
            view_was_evicted: false,
            view_was_lost: false,
            pushed_last: (Vec::new(), 0, 0),
            answered: false,
            carried: BTreeMap::new(),
            carry_under_way: None,
            carry_timer: None,
            wallet: Wallet::default(),
            may_decide: true,
            heads: Vec::new(),
        }
    }

    /// The process is gone.
    pub fn stop(&mut self) {
        self.boot += 1;
        self.memory = None;
        self.under_way = None;
        self.chunks_under_way.clear();
        self.timer = None;
        self.carry_under_way = None;
        self.carry_timer = None;
        self.keeps_view = false;
        self.answered = false;
    }

    /// Starts: the storage is read, the machine is told.
    pub fn start(&mut self) -> Vec<Input> {
        self.stop();
        let writer = self.writer();
        let taken = self.at_disk(async |disk| disk.take_over(writer).await);
        debug_assert_eq!(taken, Ok(()), "no later program is simulated");
        let cursor = self.disk.view.cursor;
        let mut replica = Replica::default();
        let entries = self.disk.entries();
        replica.load(cursor, &entries);
        replica.load_customers(&entries);
        let mut receiving = Receiving::default();
        let found = receiving.start(&mut replica, cursor, self.disk.chains(cursor));
        let mut witnessing =
            Witnessing::new(STORE, &shop::device_of(self.id, self.generation, true));
        let seen = self.disk.witnessed.values().cloned().collect();
        let proofs: Vec<_> = self
            .disk
            .proofs
            .iter()
            .map(|(found, _)| found.clone())
            .collect();
        witnessing.load(seen, &proofs, cursor.incarnation);
        self.memory = Some(Memory {
            witnessing,
            machine: DeviceSync::new(self.id, "simulated".to_owned()),
            carrier: Carrier::new(self.id, "simulated".to_owned()),
            replica,
            receiving,
            chain: None,
            opened_at: 0,
            actor: ActorRef {
                actor: self.actor,
                session: 0,
            },
            shown: cursor,
            end: domain::id::Position::default(),
            unkept: None,
            late: Vec::new(),
            was_on_top: BTreeSet::new(),
        });
        let outbox = found.outbox;
        vec![
            Input::Acknowledged(found.acknowledged),
            Input::Loaded { outbox, cursor },
        ]
    }

    /// The bodies a writer begins with.
    #[must_use]
    pub fn opening(&self, cause: OpenCause) -> [Body; 2] {
        let before = self.disk.last().map(|last| ChainEnd {
            epoch: last.epoch,
            seq: last.seq,
            hash: last.event.hash(),
        });
        let opened = EpochOpened {
            generation: self.generation,
            before,
            cause,
            build: "simulated".to_owned(),
            durability: "strict".to_owned(),
            persisted: true,
            quota: 0,
            time_zone: "UTC".to_owned(),
            clock_offset: None,
        };
        let signed_in = ActorSignedIn {
            actor: self.actor,
            online: false,
        };
        [opened.into(), signed_in.into()]
    }

    /// Begins a new chain in memory.
    pub fn open_chain(&mut self, epoch: Epoch, now: i64) {
        let id = self.id;
        let actor = self.actor;
        if let Some(memory) = &mut self.memory {
            memory.chain = Some(Chain::new(STORE, id, epoch));
            memory.opened_at = now;
            memory.actor = ActorRef { actor, session: 1 };
            let after = self.disk.last().map(|last| last.epoch);
            let noted = NotedChain { epoch, after };
            let noted = self.at_disk(async |disk| disk.note_chain(noted).await);
            debug_assert_eq!(noted, Ok(()), "nothing but events and receipts fails here");
        }
    }

    /// This start of the writer, as the storage knows it.
    fn writer(&self) -> WriterId {
        WriterId(u128::from(self.boot).to_be_bytes())
    }

    /// Does something with the storage over the connection of this start.
    fn at_disk<T>(&mut self, act: impl AsyncFnOnce(&Connection) -> T) -> T {
        let disk = Rc::new(RefCell::new(std::mem::take(&mut self.disk)));
        let connection = Connection::new(&disk, Some(self.writer()));
        let output = at_once(act(&connection));
        self.disk = disk.take();
        output
    }

    /// Whether it has a chain to write to.
    #[must_use]
    pub fn has_chain(&self) -> bool {
        let memory = self.memory.as_ref();
        memory.is_some_and(|memory| memory.chain.is_some())
    }

    /// The epoch it writes to.
    #[must_use]
    pub fn epoch(&self) -> Option<Epoch> {
        Some(self.memory.as_ref()?.chain.as_ref()?.epoch())
    }

    /// Gives the chain up: its end is in doubt.
    pub fn doubt(&mut self) {
        if let Some(memory) = &mut self.memory {
            memory.chain = None;
        }
    }

    /// Signs an event. It is not kept yet. `change` may make it what no honest app of today would write.
    pub fn sign(
        &mut self,
        id: EventId,
        body: &Body,
        lease: Option<LeaseRef>,
        now: i64,
        change: impl FnOnce(Envelope) -> Vec<u8>,
    ) -> Option<OutboxEntry> {
        let wall = self.clock.wall(now);
        let public = keys::public(self.id.0);
        let memory = self.memory.as_mut()?;
        let around = Circumstances {
            id,
            wall,
            mono: u64::try_from(now - memory.opened_at).unwrap_or(0),
            actor: memory.actor,
            basis: memory.replica.cursor().position,
            lease,
            pii: None,
        };
        let envelope = memory.chain.as_mut()?.append(body, around);
        let (epoch, seq) = (envelope.epoch, envelope.seq);
        let bytes = change(releases::envelope_of(self.release, &envelope));
        if bytes != envelope.to_bytes() {
            // What follows must point back to what was really signed.
            let chain = memory.chain.as_mut()?;
            chain.go_back_to(seq + 1, event_hash(&bytes));
        }
        let signature = keys::sign(&public, &event_hash(&bytes));
        let event = SignedEvent { bytes, signature };
        Some(OutboxEntry { epoch, seq, event })
    }

    /// Goes back to before an event that was certainly not kept.
    fn unsign(&mut self, entry: &OutboxEntry) {
        let chain = self
            .memory
            .as_mut()
            .and_then(|memory| memory.chain.as_mut());
        match (chain, Envelope::parse(&entry.event.bytes)) {
            (Some(chain), Ok(envelope)) => chain.undo_last(&envelope),
            // What cannot be read back cannot be taken back: a new chain begins.
            (_, Err(_)) => self.doubt(),
            (None, Ok(_)) => {}
        }
    }

    /// Keeps a signed event. Returns whether the person is told that it is saved.
    pub fn keep(&mut self, entry: &OutboxEntry, keeping: Keeping) -> bool {
        self.disk.next_write = match keeping {
            Keeping::Safe => NextWrite::Lasts,
            Keeping::Lie => NextWrite::Lies,
            Keeping::Full => NextWrite::Full,
            Keeping::UnknownKept => NextWrite::LostAfter,
            Keeping::UnknownNotKept => NextWrite::LostAndShut,
        };
        match self.at_disk(async |disk| disk.append(entry).await) {
            Ok(()) => true,
            Err(StoreFailed::Full | StoreFailed::Aborted(_)) => {
                self.unsign(entry);
                false
            }
            Err(_) => {
                self.doubt();
                false
            }
        }
    }

    /// Shows a kept event on top of the view.
    pub fn show(&mut self, entry: &OutboxEntry) {
        if let Some(memory) = &mut self.memory {
            memory
                .replica
                .push_own(entry.epoch, entry.seq, &entry.event, None);
        }
    }

    /// What the server answered to a push.
    pub fn answered(&mut self, answer: &PushAnswer) {
        self.answered = true;
        if let Some(memory) = &mut self.memory {
            memory.receiving.answered(answer);
            memory.end = answer.head;
        }
    }

    /// What a decision on this device knows.
    #[must_use]
    pub fn situation(&self, now: i64) -> Situation {
        let wall = self.clock.wall(now);
        let connected = self.memory.as_ref().is_some_and(|memory| {
            self.answered && memory.machine.unsent() == 0 && memory.machine.cursor().position.0 > 0
        });
        Situation {
            actor: self.actor,
            device: self.id,
            today: Day(i32::try_from(wall.div_euclid(DAY_MS)).unwrap_or(i32::MAX)),
            connected,
            may_decide: self.may_decide,
        }
    }

    /// What the person sees.
    #[must_use]
    pub fn ledger(&self) -> Option<&Ledger> {
        self.memory.as_ref().map(|memory| memory.replica.ledger())
    }

    /// The lease under which an act on an order stands.
    #[must_use]
    pub fn lease_of(&self, body: &Body) -> Option<LeaseRef> {
        let (orders, _) = domain::custody::exception::subjects(body);
        let order = self.ledger()?.orders.get(orders.first()?)?;
        let claim = order.claim.as_ref()?;
        let lease = claim.lease.filter(|_| claim.device == self.id)?;
        Some(LeaseRef {
            lease,
            fence: claim.fence,
        })
    }

    /// The power goes. Returns own events that are gone.
    pub fn lose_power(&mut self, loses_view: bool) -> Vec<Name> {
        self.stop();
        self.view_was_lost |= loses_view;
        let lost = self.disk.lose_power(loses_view);
        let kept = &self.disk.witnessed;
        self.heads
            .retain(|(life, size, _)| kept.get(life).is_some_and(|witness| witness.size >= *size));
        lost
    }
}

/// An envelope as a newer app would write it: with a field this server does not know.
#[must_use]
pub fn with_newer_field(envelope: &Envelope) -> Vec<u8> {
    /// Field number, and a value of one byte.
    const FIELD: [u8; 2] = [0x18, 0x63];
    let mut bytes = envelope.to_bytes();
    // A map with one entry more; all of today's have fewer than 23, so its head is one byte.
    bytes[0] += 1;
    bytes.extend(FIELD);
    bytes.push(0x01);
    bytes
}

/// An envelope for another shop.
#[must_use]
pub fn for_other_store(mut envelope: Envelope) -> Vec<u8> {
    envelope.store = OTHER_STORE;
    envelope.to_bytes()
}
