//! The server: one or two nodes over one log, backups of it, and a clock.
//!
//! In: requests. Out: answers, or none. Must not: answer what has not lasted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::audit::checkpoint::{Checkpoint, KeyRef, Origin};
use domain::audit::merkle::Frontier;
use domain::event::{Body, encode};
use domain::facility::KeyKind;
use domain::id::{DeviceId, EventId, Hash, Position};
use domain::sync::message::{
    ChainAnswer, ClaimAnswer, ClaimAsk, Cursor, Incarnation, PullAsk, Push, PushAnswer, SumsAnswer,
};
use domain::sync::scope::Scope;
use domain::sync::server::check::check;
use domain::sync::server::head::{self, Reader};
use domain::sync::server::log::{ChainKey, Kept, Log as _};
use domain::sync::server::snapshot::Limits;
use domain::sync::server::writer::{Signatory, Writer, customer_row};
use domain::sync::server::{Outside, view};
use domain::time::Day;

use crate::dice::Dice;
use crate::keys;
use crate::memory::{Content, Failed, Falsified, MemoryLog, NextCommit};
use crate::office::Office;
use crate::releases::{self, Release};
use crate::shop::{self, MORNING, SERVER, STORE};
use crate::snapshots::{self, Shelf};

/// What is on record.
mod state;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// Places in the log per transaction that is retraced before its commit, as after a panic.
const RETRACED_EVERY: u64 = 8;
/// Nodes that serve the shop.
const NODES: usize = 2;

/// What a node knows of the world.
#[derive(Clone, Debug)]
pub struct Around {
    now: Rc<Cell<i64>>,
    mono: Rc<Cell<u64>>,
    dice: Rc<RefCell<Dice>>,
}

impl Outside for Around {
    fn now(&self) -> i64 {
        self.now.get()
    }

    fn mono(&self) -> u64 {
        self.mono.get()
    }

    fn day(&self, _: &str, now: i64) -> Day {
        Day(i32::try_from(now.div_euclid(DAY_MS)).unwrap_or(i32::MAX))
    }

    fn event_id(&self) -> EventId {
        EventId(self.random_id())
    }

    fn random_id(&self) -> [u8; 16] {
        self.dice.borrow_mut().id()
    }

    fn sign(&self, hash: &Hash) -> Vec<u8> {
        keys::sign(&keys::public(SERVER.0), hash)
    }
}

/// What happens to a node while it works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing.
    #[default]
    None,
    /// It dies before the commit.
    DiesBefore,
    /// It dies after the commit, before the answer.
    DiesAfter,
    /// The commit does not do what it should.
    Commit(NextCommit),
}

/// What a page is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The log as it is.
    Fresh,
    /// An earlier moment of it.
    Stale,
    /// The log with this event dated otherwise.
    Lied(usize),
}

/// A moment of the log that was kept.
#[derive(Clone, Debug)]
pub struct Backup {
    content: Content,
}

/// The server.
#[derive(Debug)]
pub struct Server {
    /// The log.
    pub log: MemoryLog,
    nodes: Vec<Option<Writer<MemoryLog, Around>>>,
    releases: [Release; NODES],
    around: Around,
    life: u8,
    backups: Vec<Backup>,
    /// Where the log ended when a transaction was last retraced.
    retraced_at: Option<Position>,
    shelves: [Shelf; NODES],
    pub(crate) limits: Limits,
    /// Where permits are given, in worlds that have them.
    pub(crate) office: Option<Office>,
}

impl Server {
    /// A shop on its first morning.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            log: MemoryLog::default(),
            nodes: (0..NODES).map(|_| None).collect(),
            releases: [releases::NEWEST; NODES],
            around: Around {
                now: Rc::new(Cell::new(MORNING)),
                mono: Rc::default(),
                dice: Rc::new(RefCell::new(Dice::new(seed ^ 0x5e7e))),
            },
            life: 1,
            backups: Vec::new(),
            retraced_at: None,
            shelves: Default::default(),
            limits: snapshots::limits(seed),
            office: Office::of(seed),
        }
    }

    /// Whether no backup was ever restored.
    #[must_use]
    pub fn is_in_its_first_life(&self) -> bool {
        self.life == 1
    }

    /// Which life the log lives.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        Incarnation([self.life; 16])
    }

    /// Whether no running node has made or lost a unit.
    #[must_use]
    pub fn is_conserved(&self) -> bool {
        let nodes = self.nodes.iter().flatten();
        nodes.into_iter().all(|node| node.ledger().is_conserved())
    }

    /// Sets the clock, and the one that never jumps.
    pub fn set_now(&self, now: i64, mono: u64) {
        self.around.mono.set(mono);
        self.around.now.set(now);
    }

    /// Starts every node anew.
    pub fn restart(&mut self) {
        self.nodes.iter_mut().for_each(|node| *node = None);
    }

    /// Keeps this moment.
    pub fn back_up(&mut self) {
        let content = self.log.backup();
        self.backups.push(Backup { content });
    }

    /// Puts programs of a release in the place of all nodes.
    pub fn install(&mut self, release: Release) {
        for index in 0..NODES {
            self.upgrade(index, release);
        }
    }

    /// Puts a program of a release in the place of a node; it takes in at once what was too new before.
    pub fn upgrade(&mut self, index: usize, release: Release) {
        self.nodes[index] = None;
        self.releases[index] = release;
        while self.node(index).is_some_and(|node| node.is_behind()) {
            if self.change(index, Mishap::None, |_| Ok(())).is_none() {
                return;
            }
        }
    }

    /// The release of a node.
    #[must_use]
    pub fn release_of(&self, index: usize) -> Release {
        self.releases[index]
    }

    /// Puts an earlier moment in the place of now, under whatever nodes are running. Returns whether there is one.
    pub fn set_back(&mut self, dice: &mut Dice) -> bool {
        if self.backups.is_empty() {
            return false;
        }
        let backup = self.backups[dice.index(self.backups.len())].clone();
        self.log.restore(backup.content);
        // Later moments are of the life that ended.
        let head = self.head();
        let is_earlier = |backup: &Backup| backup.content.events.len() as u64 <= head.0;
        self.backups.retain(is_earlier);
        self.life += 1;
        true
    }

    /// The writer of a node, started when it was not.
    fn node(&mut self, index: usize) -> Option<&mut Writer<MemoryLog, Around>> {
        let readable = releases::readable(self.releases[index % NODES]);
        let slot = &mut self.nodes[index % NODES];
        if slot.is_none() {
            let who = Signatory {
                store: STORE,
                server: SERVER,
            };
            let opened = Writer::open(self.log.clone(), self.around.clone(), who, "simulated");
            *slot = opened.ok().map(|node| node.reading(readable));
        }
        slot.as_mut()
    }

    pub(crate) fn shelf(&mut self, node: usize) -> &mut Shelf {
        &mut self.shelves[node % NODES]
    }

    /// The server's clock.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.around.now()
    }

    /// Does something in a transaction of a node.
    pub(crate) fn change<T>(
        &mut self,
        index: usize,
        mishap: Mishap,
        act: impl FnOnce(&mut Writer<MemoryLog, Around>) -> Result<T, Failed>,
    ) -> Option<T> {
        let log = self.log.clone();
        let life = self.incarnation();
        let retraced_at = self.retraced_at;
        let node = self.node(index)?;
        if node.start().is_err() {
            node.give_up().ok()?;
            return None;
        }
        let done = node
            .take_in()
            .and_then(|()| node.sign_head(life))
            .and_then(|()| act(node));
        let head = node.head();
        let is_due = head.0.is_multiple_of(RETRACED_EVERY) && retraced_at != Some(head);
        if done.is_ok() && is_due {
            let retraced = node.retraced();
            let is_same = retraced.is_ok_and(|ledger| ledger == *node.ledger());
            assert!(is_same, "a transaction retraced leads to another state");
            self.retraced_at = Some(head);
        }
        if mishap == Mishap::DiesBefore {
            log.rollback();
            self.nodes[index % NODES] = None;
            return None;
        }
        if let Mishap::Commit(next) = mishap {
            log.set_next_commit(next);
        }
        let node = self.nodes[index % NODES].as_mut()?;
        let outcome = done.and_then(|done| node.finish().map(|()| done));
        log.set_next_commit(NextCommit::Lasts);
        match outcome {
            Ok(_) if mishap == Mishap::DiesAfter => {
                self.nodes[index % NODES] = None;
                None
            }
            Ok(done) => Some(done),
            Err(_) => {
                node.give_up().ok()?;
                None
            }
        }
    }

    /// Records facts of the server's own. Whether they are on record.
    pub fn record(&mut self, index: usize, facts: Vec<Body>) -> bool {
        let recorded = self.change(index, Mishap::None, |node| {
            for fact in facts {
                let arrived = match &fact {
                    Body::OrderArrived(done) => Some(done.order),
                    _ => None,
                };
                let position = node.record(fact, None)?;
                if let Some(order) = arrived {
                    let card = encode(&shop::customer(order));
                    node.log()
                        .put_entity(&customer_row(order), position, Some(&card))?;
                }
            }
            node.settle()
        });
        recorded.is_some()
    }

    /// Takes events in, carried by a device that may come with a cursor of another life.
    pub fn push(
        &mut self,
        index: usize,
        carrier: Option<DeviceId>,
        push: Push,
        mishap: Mishap,
    ) -> Option<PushAnswer> {
        let of_another_life = carrier.filter(|_| self.is_of_another_life(push.cursor));
        let cursor = push.cursor;
        let reader = carrier.filter(|_| self.is_this_life(cursor.incarnation));
        let devices = &self.node(index)?.ledger().devices;
        let parts = push.chains.into_iter();
        let checked: Vec<_> = parts
            .map(|part| part.carried_by(carrier))
            .map(|part| check(devices, STORE, part, keys::verifies))
            .collect();
        let (chains, head) = self.change(index, mishap, |node| {
            if let Some(device) = of_another_life {
                node.saw_another_life(device)?;
            }
            if let Some(device) = reader {
                node.note_reader(device, cursor)?;
            }
            let mut answers = Vec::with_capacity(checked.len());
            for part in &checked {
                answers.push(node.push(part)?);
            }
            Ok((answers, node.head()))
        })?;
        Some(PushAnswer {
            store: STORE,
            incarnation: self.incarnation(),
            chains,
            head,
            server_wall: self.around.now(),
        })
    }

    /// The answer of a server that takes nothing just now.
    #[must_use]
    pub fn nothing_of(&self, push: &Push) -> PushAnswer {
        let chains = push.chains.iter().map(|part| {
            let (device, epoch) = (part.device, part.epoch);
            let head = self.log.chain_head(ChainKey { device, epoch });
            let head = head.unwrap_or_default();
            ChainAnswer {
                device,
                epoch,
                next: head.next,
                head: head.hash,
                receipts: Vec::new(),
                lacks: None,
            }
        });
        PushAnswer {
            store: STORE,
            incarnation: self.incarnation(),
            chains: chains.collect(),
            head: self.head(),
            server_wall: self.around.now(),
        }
    }

    /// Whether a reader has read another life of this log.
    #[must_use]
    pub fn is_of_another_life(&self, cursor: Cursor) -> bool {
        let life = cursor.incarnation;
        life != Incarnation::default() && life != self.incarnation()
    }

    /// Gives orders to a device.
    pub fn claim(
        &mut self,
        index: usize,
        device: DeviceId,
        ask: &ClaimAsk,
        mishap: Mishap,
    ) -> Option<ClaimAnswer> {
        self.change(index, mishap, |node| node.grant(device, ask))
    }

    /// What is read: the log of now or of an earlier moment of this life, or as an operator who lies about one event has
    /// it.
    pub(crate) fn moment(&self, reading: Reading) -> MemoryLog {
        match (reading, self.backups.last()) {
            (Reading::Stale, Some(backup)) => MemoryLog::of(backup.content.clone()),
            (Reading::Lied(at), _) => self.lied_log(at),
            (Reading::Stale | Reading::Fresh, _) => self.log.clone(),
        }
    }

    /// A page of a moment.
    pub fn pull(
        &mut self,
        index: usize,
        scope: Scope,
        ask: PullAsk,
        reader: Option<&Reader>,
        reading: Reading,
    ) -> Option<view::Read> {
        let log = self.moment(reading);
        let now = self.around.now();
        let life = self.incarnation();
        let read = view::page(&log, life, &scope, ask, self.limits, now).ok()?;
        let (mut answer, reader) = match (read, reader) {
            (view::Read::Page(answer), Some(reader)) => (answer, reader),
            (read, _) => return Some(read),
        };
        let is_due = head::show(&log, self.origin(), reader, &mut answer).ok()?;
        if is_due {
            self.change(index, Mishap::None, |node| {
                node.co_signed(life, reader, keys::verifies)
            });
        }
        Some(view::Read::Page(answer))
    }

    /// The log's name on its sheets.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            store: STORE,
            incarnation: self.incarnation(),
        }
    }

    /// The log with one event dated otherwise, under a head of its own.
    fn lied_log(&self, at: usize) -> MemoryLog {
        let mut content = self.log.backup();
        content.falsify(Falsified::Altered, at);
        let size = content.events.len() as u64;
        let log = MemoryLog::of(content.clone());
        let edge = Frontier::of(&Kept(&log), size).unwrap_or_default();
        let checkpoint = Checkpoint {
            origin: self.origin(),
            size,
            root: edge.root(),
        };
        let public = keys::public(SERVER.0);
        let key = KeyRef {
            kind: KeyKind::Ed25519,
            bytes: &public,
        };
        let note = checkpoint.signed(key, &keys::sign(&public, &checkpoint.log_claim()));
        content.heads.insert(size, note.render());
        log.restore(content);
        log
    }

    /// Whoever runs the server changes its history.
    pub fn falsify(&mut self, how: Falsified, at: usize) {
        let mut content = self.log.backup();
        content.falsify(how, at);
        self.log.restore(content);
        self.restart();
    }

    /// Puts an earlier moment in the place of now, as if nothing had been after it. Returns whether there is one.
    pub fn set_back_silently(&mut self, dice: &mut Dice) -> bool {
        self.restart();
        let is_set_back = self.set_back(dice);
        self.life -= u8::from(is_set_back);
        is_set_back
    }

    /// The sum of each page of what a device sees.
    #[must_use]
    pub fn sums(&self, scope: Scope) -> Option<SumsAnswer> {
        view::sums(&self.log, self.incarnation(), &scope).ok()
    }
}
