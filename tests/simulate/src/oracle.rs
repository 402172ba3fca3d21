//! What must hold, checked against the world from outside.
//!
//! In: what people were told, the log, the devices. Out: the first thing that is wrong. Must not: use the code it
//! judges where a few lines of its own can say the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::merkle::{Frontier, Leaf, Tree};
use domain::custody::exception::Rule;
use domain::event::{Body, Envelope};
use domain::id::{DeviceId, Epoch, Hash, OrderId, Position};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::quantity::Quantity;
use domain::sync::device::OutboxEntry;
use domain::sync::message::{Incarnation, Outcome, PushAnswer};
use domain::sync::page::Sum;
use domain::sync::server::log::{ChainKey, Kept, Log as _};

use crate::disk::Name;
use crate::memory::{Content, Entry};
use crate::runs::Telling;
use crate::shop::{self, SERVER, STORE};
use crate::world::World;

/// The alarms a log calls for.
mod alarms;
/// What carriers were given.
mod carried;
/// Views that come as snapshots.
mod arrival;
/// Devices that do the same again and again.
mod circles;
/// What the server answers.
pub(crate) mod answers;
/// What a fact may do.
mod judge;
/// The exceptions of each fact, recounted.
mod recount;
/// What was too new when it came.
mod newer;
/// The log, told again from its beginning.
mod replay;
/// Leases, promises and spares.
mod rights;
/// What a device shows and lets people do.
pub(crate) mod screen;
/// What witnesses know.
mod seen;
/// What drivers' phones get.
mod trip;
/// What was done after permits were over.
mod permits;
/// Two ledgers that should be one.
mod difference;

pub(crate) type FullName = (DeviceId, Epoch, u64);

/// A receipt somebody was given.
#[derive(Clone, Copy, Debug)]
struct Given {
    life: Incarnation,
    position: Position,
    hash: Hash,
}

/// What people were told, and what is excused.
#[derive(Debug, Default)]
pub struct Oracle {
    saved: BTreeMap<FullName, Hash>,
    destroyed: BTreeSet<FullName>,
    receipts: BTreeMap<FullName, Given>,
    forged: BTreeSet<Hash>,
    came_back: BTreeSet<(DeviceId, Incarnation)>,
    /// What each carrier said it has.
    promised: BTreeMap<(usize, FullName), Hash>,
    /// In which life of the log carriers were given receipts.
    carrier_receipts: BTreeMap<FullName, Incarnation>,
    /// Snapshots whose manifest leaves a chunk out, by their sum and number of chunks.
    pub(crate) cut_short: BTreeSet<(Sum, usize)>,
    /// Heads each device has kept at some time.
    pub(crate) witnessed: BTreeSet<(DeviceId, Incarnation, u64)>,
}

impl Oracle {
    /// The screen said "Saved".
    pub fn saved(&mut self, device: DeviceId, entry: &OutboxEntry) {
        let name = (device, entry.epoch, entry.seq);
        self.saved.insert(name, entry.event.hash());
    }

    /// A fault took these from the device's storage.
    pub fn destroyed(&mut self, device: DeviceId, names: Vec<Name>) {
        let full = names.into_iter().map(|(epoch, seq)| (device, epoch, seq));
        self.destroyed.extend(full);
    }

    /// A device believed this answer.
    pub fn acknowledged(&mut self, answer: &PushAnswer) {
        for chain in &answer.chains {
            for receipt in &chain.receipts {
                let name = (chain.device, chain.epoch, receipt.seq);
                let given = Given {
                    life: answer.incarnation,
                    position: receipt.position,
                    hash: receipt.hash,
                };
                self.receipts.insert(name, given);
            }
        }
    }

    /// Somebody made this; it must never count.
    pub fn forged(&mut self, hash: Hash) {
        self.forged.insert(hash);
    }

    /// The server answered a device that came with a cursor of another life of the log.
    pub fn came_back(&mut self, device: DeviceId, life: Incarnation) {
        self.came_back.insert((device, life));
    }

    /// Whether a fault took anything from a device's storage.
    #[must_use]
    pub fn has_lost(&self, device: DeviceId) -> bool {
        self.destroyed.iter().any(|name| name.0 == device)
    }

    /// How many events people were told are saved.
    #[must_use]
    pub fn saved_count(&self) -> usize {
        self.saved.len()
    }

    /// How many of them a fault took from the device before they were known to be at the server.
    #[must_use]
    pub fn destroyed_count(&self) -> usize {
        self.destroyed.len()
    }

    /// What was saved is in the log, or its storage was destroyed first.
    fn check_saved(&self, content: &Content, life: Incarnation) -> Result<(), String> {
        let there: BTreeMap<FullName, (Hash, u64)> = (1..)
            .zip(&content.events)
            .map(|(position, entry)| (name_of(entry), (entry.hash, position)))
            .collect();
        for (name, hash) in &self.saved {
            let found = there.get(name).map(|(hash, _)| hash);
            if found == Some(hash) {
                continue;
            }
            let is_acknowledged = self
                .receipts
                .get(name)
                .is_some_and(|given| given.life == life);
            let (device, epoch, seq) = *name;
            let chain = ChainKey { device, epoch };
            // A copy of the device may have given its number up for good before the device itself brought it.
            let is_aside = content.aside.contains_key(&(chain, seq, *hash));
            if self.destroyed.contains(name) && (is_aside || !is_acknowledged) {
                continue;
            }
            return Err(format!("what was saved is not there: {name:?}"));
        }
        for (name, given) in &self.receipts {
            let placed = given.life == life && given.position > Position(0);
            let is_there = there.get(name) == Some(&(given.hash, given.position.0));
            if placed && !is_there {
                return Err(format!("a receipt is not true: {name:?} {given:?}"));
            }
        }
        Ok(())
    }

    fn check_forged(&self, content: &Content) -> Result<(), String> {
        for entry in &content.events {
            if self.forged.contains(&entry.hash) {
                return Err(format!("a forged event has a place: {:?}", name_of(entry)));
            }
        }
        Ok(())
    }
}

fn name_of(entry: &Entry) -> FullName {
    (entry.chain.device, entry.chain.epoch, entry.seq)
}

/// A declared hole: the chain, the numbers that are missing, what the next one points to.
type Hole = ((DeviceId, Epoch), (u64, u64), Hash);

/// What an entry of the server's declares.
fn declared(entry: &Entry) -> Option<Hole> {
    let Some((_, Body::AlarmRaised(alarm))) = applied(entry).filter(|_| is_servers(entry)) else {
        return None;
    };
    let chain = (alarm.device, alarm.epoch?);
    Some((chain, (alarm.seq?, alarm.until?), alarm.hash?))
}

fn is_servers(entry: &Entry) -> bool {
    entry.chain.device == SERVER
}

/// Each chain goes on without swaps or repetitions, without gaps but those declared right before, and each event points
/// to the one before.
fn check_chains(content: &Content) -> Result<(), String> {
    let mut hole = None;
    let mut ends: BTreeMap<(DeviceId, Epoch), (u64, Hash)> = BTreeMap::new();
    let mut clocks: BTreeMap<(DeviceId, Epoch), u64> = BTreeMap::new();
    for entry in &content.events {
        let chain = (entry.chain.device, entry.chain.epoch);
        let (mut next, mut head) = ends.get(&chain).copied().unwrap_or_default();
        if let Some((of, (first, until), link)) = hole.take() {
            if of != chain || first != next || until != entry.seq || until <= first {
                return Err(format!("a hole that is none: {:?}", name_of(entry)));
            }
            (next, head) = (until, link);
        }
        hole = declared(entry);
        if entry.seq != next {
            return Err(format!("a gap or a repetition: {:?}", name_of(entry)));
        }
        if let Ok(envelope) = Envelope::parse(&entry.event.bytes) {
            check_envelope(entry, &envelope)?;
            if envelope.prev != head {
                return Err(format!("a link is broken: {:?}", name_of(entry)));
            }
            let before = clocks.insert(chain, envelope.hlc);
            if before.is_some_and(|before| before >= envelope.hlc) {
                return Err(format!("a clock went back: {:?}", name_of(entry)));
            }
        }
        if entry.event.hash() != entry.hash {
            return Err(format!("the bytes are others: {:?}", name_of(entry)));
        }
        ends.insert(chain, (next + 1, entry.hash));
    }
    Ok(())
}

/// What an event says of itself is where it stands; who may say it has said it.
fn check_envelope(entry: &Entry, envelope: &Envelope) -> Result<(), String> {
    let names = (
        envelope.store,
        envelope.device,
        envelope.epoch,
        envelope.seq,
    );
    if names != (STORE, entry.chain.device, entry.chain.epoch, entry.seq) {
        return Err(format!("an event stands elsewhere: {:?}", name_of(entry)));
    }
    let Some((_, body)) = applied(entry) else {
        return Ok(());
    };
    if entry.seq == 0 && !matches!(body, Body::EpochOpened(_)) {
        return Err(format!("a chain begins silently: {:?}", name_of(entry)));
    }
    let is_servers = matches!(body, Body::ActorAdded(_) | Body::DeviceEnrolled(_));
    if is_servers && entry.chain.device != SERVER {
        return Err(format!(
            "a device spoke for the server: {:?}",
            name_of(entry)
        ));
    }
    Ok(())
}

/// The chain of custody of an order and of a package finds each pick.
fn check_subjects(content: &Content) -> Result<(), String> {
    for (position, entry) in (1..).zip(&content.events) {
        if let Some((_, Body::PackagePicked(done))) = newer::effective(entry) {
            let found = content.subjects.get(&Position(position));
            let is_found = found.is_some_and(|subjects| {
                subjects.0.contains(&done.order) && subjects.1.contains(&done.tag)
            });
            if !is_found {
                return Err(format!("a pick cannot be found: {:?}", name_of(entry)));
            }
        }
    }
    Ok(())
}

/// What came in is what the shop got, and what is reserved is what orders wait for.
fn check_stock(ledger: &Ledger) -> Result<(), String> {
    for (number, package) in ledger.packages.values().enumerate() {
        if package.received_total != shop::received(number) {
            return Err(format!("units came from nowhere: {:?}", package.tag));
        }
        let orders = ledger.orders.values().flat_map(Order::to_pick);
        let wanted = orders.filter(|(_, tag, _)| **tag == package.tag);
        let wanted: u32 = wanted.map(|(_, _, units)| units).sum();
        if package.reserved != Quantity::units(wanted) {
            return Err(format!("reserved for nobody: {:?}", package.tag));
        }
    }
    Ok(())
}

impl World {
    /// Notes what is wrong; the world ends with it.
    pub(crate) fn blame(&mut self, checked: Result<(), String>) {
        if let Err(what) = checked
            && !self.operator.has_struck()
        {
            self.wrong.get_or_insert(what);
        }
    }

    /// A device's view is not what the server says it should be: only where a fault took something from it.
    pub(crate) fn differs(&mut self, index: usize) {
        if !self.tablets[index].view_was_lost {
            self.blame(Err(format!(
                "device {index} has another view for no reason"
            )));
        }
    }

    /// Tells the log, for whoever looks for a fault.
    pub fn tell_log(&self) {
        self.server.log.look(|content| {
            for (position, entry) in (1..).zip(&content.events) {
                let (seq, epoch) = (entry.seq, &entry.chain.epoch.to_string()[8..20]);
                let fact = applied(entry).map(|(_, body)| body);
                let outcome = &entry.outcome;
                self.tell(&format!("{position} {epoch}@{seq} {outcome:?} {fact:?}"));
            }
        });
    }

    /// Cheap things, after every step.
    pub(crate) fn check_every_step(&mut self) -> Result<(), String> {
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        for (index, tablet) in self.tablets.iter().enumerate() {
            let has_chunks = !tablet.chunks_under_way.is_empty();
            let lives = has_chunks || tablet.under_way.is_some() || tablet.timer.is_some();
            if tablet.memory.is_some() && !tablet.is_gone && !lives {
                return Err(format!("device {index} stopped trying"));
            }
            let carries = tablet
                .memory
                .as_ref()
                .map_or(0, |own| own.carrier.carries());
            let is_at_it = tablet.carry_under_way.is_some() || tablet.carry_timer.is_some();
            if carries > 0 && !tablet.is_gone && !is_at_it {
                return Err(format!("device {index} stopped carrying"));
            }
        }
        Ok(())
    }

    /// After the server took something in: no unit was made or lost.
    pub(crate) fn after_a_change(&self) -> Result<(), String> {
        let is_seen_to = self.telling == Telling::Trace || self.operator.has_struck();
        if is_seen_to || self.server.is_conserved() {
            Ok(())
        } else {
            Err("a unit was made or lost at the server".to_owned())
        }
    }

    /// Everything, once all is well again.
    pub(crate) fn check_the_end(&self) -> Result<(), String> {
        if self.telling == Telling::Trace {
            return Ok(());
        }
        self.check_witnesses()?;
        if self.operator.has_struck() {
            // The log is no longer what happened; that the witnesses know it is all there is to ask.
            return Ok(());
        }
        let life = self.server.incarnation();
        self.check_alarms()?;
        self.check_permits()?;
        self.check_tree()?;
        self.server.log.look(|content| {
            check_chains(content)?;
            newer::check_order(content, |device| self.oracle.has_lost(device))?;
            self.oracle.check_forged(content)?;
            self.oracle.check_saved(content, life)?;
            self.check_carried(content, life)?;
            check_subjects(content)?;
            recount::check(content)
        })?;
        let ledger = self
            .server
            .log
            .load_ledger()
            .map_err(|failed| format!("the state cannot be read: {failed:?}"))?;
        if !ledger.is_conserved() {
            return Err("a unit was made or lost".to_owned());
        }
        check_stock(&ledger)?;
        self.server.log.look(|content| {
            newer::check(content, &ledger)?;
            replay::check(content, &ledger)
        })?;
        self.check_views(&ledger)
    }

    /// The tree the log keeps is the one over its events.
    fn check_tree(&self) -> Result<(), String> {
        let log = &self.server.log;
        let all = log
            .logged_after(Position(0), usize::MAX)
            .unwrap_or_default();
        let leaves = all.iter().map(|logged| Leaf::of(&logged.recorded).hash());
        let tree: Tree = leaves.collect();
        let kept = Frontier::of(&Kept(log), self.server.head().0);
        if kept.as_ref() == Some(tree.frontier()) {
            Ok(())
        } else {
            Err("the tree is not the one over the log".to_owned())
        }
    }

    /// Nobody is said to have lost or forgotten what no fault took.
    fn check_alarms(&self) -> Result<(), String> {
        let ledger = self.server.ledger();
        let all = &ledger.exceptions;
        for exception in all.values() {
            let device = exception.device;
            let is_about_loss = matches!(exception.rule, Rule::ChainGap | Rule::DeviceRollback);
            let has_lost = self.oracle.destroyed.iter().any(|name| name.0 == device);
            let of_device = self.tablets.iter().filter(|tablet| tablet.id == device);
            if is_about_loss && !has_lost && of_device.count() < 2 {
                let rule = exception.rule;
                return Err(format!("{rule:?} without a reason: {device:?}"));
            }
        }
        let life = self.server.incarnation();
        let is_told = |device: DeviceId| {
            let mut of_device = all.values().filter(|one| one.device == device);
            of_device.any(|one| one.rule == Rule::ServerRollback)
        };
        let came_back = self.oracle.came_back.iter().filter(|(_, of)| *of == life);
        match came_back.into_iter().all(|(device, _)| is_told(*device)) {
            true => Ok(()),
            false => Err("nobody is told that the server was restored".to_owned()),
        }
    }

    /// Every queue is empty, and every view is the server's.
    fn check_views(&self, ledger: &Ledger) -> Result<(), String> {
        let theirs = self.server.customers();
        for (index, tablet) in self.tablets.iter().enumerate() {
            let Some(memory) = tablet.memory.as_ref().filter(|_| !tablet.is_gone) else {
                if tablet.is_gone {
                    continue;
                }
                return Err(format!("device {index} is still off"));
            };
            let left = memory.machine.unsent();
            if left > 0 {
                return Err(format!("device {index} has a queue of {left}"));
            }
            let trip = self.trip_of(tablet.id, ledger);
            let ledger = trip.as_ref().unwrap_or(ledger);
            let shown = |order: &OrderId| memory.replica.customer(*order).is_some();
            let customers: BTreeSet<OrderId> =
                ledger.orders.keys().copied().filter(shown).collect();
            let mut theirs = theirs.clone();
            theirs.retain(|order| ledger.orders.contains_key(order));
            if customers != theirs {
                let differ = customers.symmetric_difference(&theirs).next();
                return Err(format!("device {index} shows other customers: {differ:?}"));
            }
            let mut seen = memory.replica.ledger().clone();
            seen.take_touched();
            if seen != *ledger {
                let differs = difference::first_difference(&seen, ledger);
                return Err(format!(
                    "device {index} does not see what the server has: {differs}"
                ));
            }
        }
        Ok(())
    }
}

/// An entry's fact, when it was applied.
fn applied(entry: &Entry) -> Option<(Envelope, Body)> {
    if matches!(entry.outcome, Outcome::Quarantined(_)) {
        return None;
    }
    let envelope = Envelope::parse(&entry.event.bytes).ok()?;
    let body = Body::parse(envelope.kind, &envelope.body).ok()?;
    Some((envelope, body))
}
