//! What the world does at each moment: people act, storage works, the server serves.

use domain::custody::health::ClockObserved;
use domain::custody::sign_in::OpenCause;
use domain::event::{Body, encode};
use domain::id::{DeviceId, Epoch, EventId, Hash, OrderId};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use domain::sync::device::{Effect, Input};
use domain::sync::message::{ChainAnswer, ChainPart, ClaimAsk, PullAnswer, Push, PushAnswer, Row};
use domain::sync::snapshot::Chunk;

use crate::dice::Dice;
use crate::faults::Fault;
use crate::happening::{Happening, Request};
use crate::memory::NextCommit;
use crate::oracle::screen;
use crate::people::{self, Wish};
use crate::releases;
use crate::server::Mishap;
use crate::shop;
use crate::tablet::Keeping;
use crate::world::World;

/// Messages that are listened to and kept.
const OVERHEARD_MAX: usize = 6;

/// What a push holds, for whoever looks for a fault.
fn push_in_words(push: &Push) -> String {
    let part = |part: &ChainPart| {
        let (epoch, from, count) = (part.epoch, part.from, part.events.len());
        let lost = if part.lost == Some(true) { "!" } else { "" };
        let gone = part
            .gone
            .map_or_else(String::new, |first| format!("~{first}"));
        format!("{}@{from}+{count}{lost}{gone}", &epoch.to_string()[8..20])
    };
    push.chains.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn answer_in_words(answer: &PushAnswer) -> String {
    let part = |chain: &ChainAnswer| {
        let outcomes = chain.receipts.iter().map(|receipt| {
            let (seq, position) = (receipt.seq, receipt.position.0);
            format!("{seq}:{position}:{:?}", receipt.outcome)
        });
        let outcomes: Vec<_> = outcomes.collect();
        let epoch = chain.epoch.to_string();
        let lacks = chain.lacks.map(|lack| (lack.epoch.to_string(), lack.from));
        let lacks = lacks.map_or_else(String::new, |(epoch, from)| {
            format!(" lacks {}@{from}", &epoch[8..20])
        });
        format!(
            "{} next {} [{}]{lacks}",
            &epoch[8..20],
            chain.next,
            outcomes.join(", ")
        )
    };
    answer.chains.iter().map(part).collect::<Vec<_>>().join(" ")
}

impl World {
    pub(crate) fn device_now(&self) -> i64 {
        i64::try_from(self.now).unwrap_or(0)
    }

    /// The app starts, and somebody signs in.
    pub(crate) fn start(&mut self, index: usize, cause: OpenCause) {
        for input in self.tablets[index].start() {
            self.step(index, input);
        }
        self.check_screen(index);
        let carried = self.tablets[index].carried_acts();
        if !carried.is_empty() {
            self.carry(index, domain::sync::relay::Input::Kept(carried));
        }
        self.open(index, cause);
    }

    pub(crate) fn open(&mut self, index: usize, cause: OpenCause) {
        let opening = self.tablets[index].opening(cause);
        // An identifier that rises with time, as a version 7 UUID does.
        let mut epoch = self.dice.id();
        epoch[..8].copy_from_slice(&self.now.to_be_bytes());
        let now = self.device_now();
        self.tablets[index].open_chain(Epoch(epoch), now);
        for body in opening {
            if self.record(index, &body).is_none() {
                self.tablets[index].doubt();
                return;
            }
        }
        self.tell_of_proofs(index);
    }

    /// Signs and keeps a fact. `None` when it was not kept.
    pub(crate) fn record(&mut self, index: usize, body: &Body) -> Option<()> {
        if !releases::says(self.tablets[index].release, body) {
            return None;
        }
        self.record_as(index, body, |envelope| envelope.to_bytes())
    }

    pub(crate) fn record_as(
        &mut self,
        index: usize,
        body: &Body,
        change: impl FnOnce(domain::event::Envelope) -> Vec<u8>,
    ) -> Option<()> {
        let id = EventId(self.dice.id());
        let now = self.device_now();
        let lease = self.tablets[index].lease_of(body);
        let entry = self.tablets[index].sign(id, body, lease, now, change)?;
        if self.strikes(Fault::KilledBeforeKeeping) {
            self.kill(index);
            return None;
        }
        let keeping = self.keeping();
        let is_saved = self.tablets[index].keep(&entry, keeping);
        if !is_saved {
            return None;
        }
        if self.strikes(Fault::KilledAfterKeeping) {
            self.kill(index);
            return None;
        }
        // From here on the screen says "Saved".
        let tablet = &mut self.tablets[index];
        self.oracle.saved(tablet.id, &entry);
        tablet.show(&entry);
        if self.telling.of_steps() {
            let kind = body.kind();
            self.tell(&format!("device {index} saved {} {kind:?}", entry.seq));
        }
        self.step(index, Input::Kept(entry));
        Some(())
    }

    fn keeping(&mut self) -> Keeping {
        if self.strikes(Fault::QuotaExceeded) {
            Keeping::Full
        } else if self.strikes(Fault::UnknownKept) {
            Keeping::UnknownKept
        } else if self.strikes(Fault::UnknownNotKept) {
            Keeping::UnknownNotKept
        } else if self.strikes(Fault::FlushLied) {
            Keeping::Lie
        } else {
            Keeping::Safe
        }
    }

    pub(crate) fn kill(&mut self, index: usize) {
        self.tablets[index].stop();
        let at = self.now + 500 + self.dice.below(20_000);
        self.plan(at, index, Happening::Start);
    }

    /// A person does something, or something happens to the device.
    pub(crate) fn act(&mut self, index: usize) {
        if self.tablets[index].memory.is_none() {
            return;
        }
        if self.device_fault(index) || self.tablets[index].is_gone {
            return;
        }
        if !self.tablets[index].has_chain() {
            self.open(index, OpenCause::StorageDoubt);
        }
        if self.oddity(index) {
            return;
        }
        let now = self.device_now();
        if self.strikes(Fault::ClockUncertain) {
            let observed = ClockObserved {
                offset: self.tablets[index].clock.offset,
                error: self.dice.below(60_000),
                jump: 0,
            };
            self.record(index, &observed.into());
        }
        self.look_at_permits(index);
        let tablet = &self.tablets[index];
        let situation = tablet.situation(now);
        let Some(ledger) = tablet.ledger() else {
            return;
        };
        let wish = people::next(ledger, &situation, &mut self.dice);
        let checked = match &wish {
            Wish::Record(body) => screen::check_act(ledger, body, &situation),
            Wish::Claim(_) | Wish::Nothing => Ok(()),
        };
        self.blame(checked);
        match wish {
            Wish::Record(body) => {
                self.record(index, &body);
            }
            Wish::Claim(order) => {
                let actor = situation.actor;
                let number = self.number();
                self.put_on_the_way(index, number, Request::Claim(actor, order));
            }
            Wish::Nothing => {}
        }
    }

    /// Something foolish, or something an app of another age does.
    fn oddity(&mut self, index: usize) -> bool {
        if self.strikes(Fault::TakenWithoutLease) {
            let ledger = self.tablets[index].ledger().cloned();
            let body = ledger.and_then(|ledger| people::foolish(&ledger, &mut self.dice));
            return self.record_oddity(index, Fault::TakenWithoutLease, body);
        }
        if self.strikes(Fault::PickedTwice) {
            let ledger = self.tablets[index].ledger().cloned();
            let body = ledger.and_then(|ledger| people::again(&ledger, &mut self.dice));
            return self.record_oddity(index, Fault::PickedTwice, body);
        }
        if self.strikes(Fault::Overreached) {
            let ledger = self.tablets[index].ledger().cloned();
            let body = ledger.and_then(|ledger| people::overreach(&ledger, &mut self.dice));
            return self.record_oddity(index, Fault::Overreached, body);
        }
        self.of_another_age(index)
    }

    fn record_oddity(&mut self, index: usize, fault: Fault, body: Option<Body>) -> bool {
        match body {
            Some(body) => {
                self.record(index, &body);
                true
            }
            None => {
                self.take_back(fault);
                false
            }
        }
    }

    /// The storage does what it was told, or fails.
    pub(crate) fn storage(&mut self, index: usize, mut effect: Effect) -> Option<Input> {
        let fails = match &effect {
            Effect::KeepReceipts(_) => self.strikes(Fault::ReceiptsNotKept),
            Effect::KeepView(_) => self.strikes(Fault::RowsNotKept),
            Effect::KeepChunk(..) => self.strikes(Fault::ChunkNotKept),
            Effect::Reread { .. }
            | Effect::Push(_)
            | Effect::Pull(_)
            | Effect::AskSnapshot
            | Effect::FetchChunk(_)
            | Effect::LookAtChunks(_)
            | Effect::OpenSnapshot(..)
            | Effect::AskSums
            | Effect::Compare(_)
            | Effect::FindDifferences(_)
            | Effect::SetTimer(_)
            | Effect::Report(_) => false,
        };
        if self.telling.of_steps() {
            let name = format!("{effect:?}");
            let end = name.find(['(', '[']).unwrap_or(name.len());
            self.tell(&format!("device {index} {} fails {fails}", &name[..end]));
        }
        if fails {
            if let Effect::KeepView(answer) = effect
                && self.dice.per_mille(500)
            {
                self.tablets[index].take_without_keeping(answer);
            }
            return None;
        }
        let unwritten = match &mut effect {
            Effect::KeepView(answer) => self.lose_a_row(index, answer),
            _ => None,
        };
        if let Effect::OpenSnapshot(chunks, sum) = effect {
            return self.open_snapshot(index, chunks, sum);
        }
        if let Effect::KeepChunk(chunk, bytes) = &effect {
            let checked = match Hash::of(&[bytes.as_slice()]) == chunk.hash {
                true => Ok(()),
                false => Err(format!("device {index} keeps what is no chunk")),
            };
            self.blame(checked);
            if self.strikes(Fault::KilledWhileArriving) {
                self.tablets[index].perform(effect);
                self.kill(index);
                return None;
            }
        }
        let receipts = screen::receipts_in(&effect);
        let done = self.tablets[index].perform(effect);
        self.check_places(index, &receipts);
        if let Some(key) = unwritten {
            self.tablets[index].disk.drop_row(&key);
        }
        done
    }

    /// A row gets lost on its way into the view, or only into the storage; then its key is returned. Customers'
    /// rows are in no sum, and nobody would find out.
    fn lose_a_row(&mut self, index: usize, answer: &mut PullAnswer) -> Option<EntityKey> {
        let is_summed = |row: &Row| row.key.kind != EntityKind::Customer;
        let summed = answer.rows.iter().enumerate();
        let summed: Vec<usize> = summed
            .filter(|(_, row)| is_summed(row))
            .map(|(at, _)| at)
            .collect();
        if summed.is_empty() {
            return None;
        }
        if self.strikes(Fault::RowDropped) {
            self.tablets[index].view_was_lost = true;
            let at = summed[self.dice.index(summed.len())];
            answer.rows.remove(at);
        } else if self.strikes(Fault::RowNotWritten) {
            self.tablets[index].view_was_lost = true;
            let at = summed[self.dice.index(summed.len())];
            return Some(answer.rows[at].key.clone());
        }
        None
    }

    /// The server answers, also a request nobody waits for any more.
    pub(crate) fn serve(
        &mut self,
        index: usize,
        boot: u64,
        request: u64,
        device: DeviceId,
        asked: Request,
    ) -> Result<(), String> {
        let node = usize::from(self.strikes(Fault::NodeChanged));
        let is_carried = matches!(asked, Request::Carry(_));
        let answer = match asked {
            Request::Push(_) | Request::Carry(_) if !self.server.knows(device) => {
                // Nothing is refused for good: the device keeps what it has until it is let in again.
                Some(Input::Failed)
            }
            Request::Push(push) | Request::Carry(push) if self.takes_nothing() => {
                Some(Input::Pushed(self.server.nothing_of(&push)))
            }
            Request::Push(push) | Request::Carry(push) => {
                self.overhear(&push);
                self.tamper(&push);
                let mishap = self.mishap();
                self.note(&encode(&push));
                if self.telling.of_steps() {
                    self.tell(&format!("device {index} asks: {}", push_in_words(&push)));
                }
                let answer = self.push(node, Some(device), push, mishap);
                if let Some(answer) = answer.as_ref().filter(|_| self.telling.of_steps()) {
                    self.tell(&format!("the server answers: {}", answer_in_words(answer)));
                }
                self.after_a_change()?;
                answer.map(|answer| {
                    self.note(&encode(&answer));
                    Input::Pushed(answer)
                })
            }
            Request::Sums => {
                let scope = self.server.scope_of(device);
                self.server.sums(scope).map(Input::Sums)
            }
            Request::Snapshot => self.snapshot(node),
            Request::Chunk(chunk) => Some(self.chunk(node, chunk)),
            Request::Pull(ask, seen) => self.page(index, node, device, ask, seen),
            Request::Claim(actor, order) => {
                let ask = ClaimAsk {
                    actor,
                    orders: vec![order],
                    device: None,
                };
                let mishap = self.mishap();
                let claimed = self.server.claim(node, device, &ask, mishap);
                self.after_a_change()?;
                if claimed.is_some() && self.tablets[index].boot == boot {
                    self.plan(self.now + 50, index, Happening::Wake);
                }
                return Ok(());
            }
        };
        if let Some(answer) = answer {
            self.answer(index, boot, (request, is_carried), answer);
        }
        Ok(())
    }

    fn chunk(&mut self, node: usize, chunk: Chunk) -> Input {
        if self.strikes(Fault::SnapshotsCleared) {
            self.server.clear_shelves();
        }
        let Some(mut bytes) = self.server.chunk(node, chunk.hash) else {
            return Input::ChunkUnknown(chunk.hash);
        };
        if self.strikes(Fault::ChunkSpoilt) {
            let at = self.dice.index(bytes.len());
            bytes[at] ^= 1;
        }
        Input::Chunk(chunk.hash, bytes)
    }

    fn takes_nothing(&mut self) -> bool {
        if self.strikes(Fault::NothingTaken) {
            self.takes_nothing_until = self.now + 30_000;
        }
        !self.is_healed() && self.now < self.takes_nothing_until
    }

    fn overhear(&mut self, push: &Push) {
        if self.overheard.len() < OVERHEARD_MAX && !push.chains.is_empty() {
            self.overheard.push(push.clone());
        }
    }

    fn mishap(&mut self) -> Mishap {
        if self.strikes(Fault::ServerDiedBefore) {
            Mishap::DiesBefore
        } else if self.strikes(Fault::ServerDiedAfter) {
            Mishap::DiesAfter
        } else if self.strikes(Fault::CommitFailed) {
            Mishap::Commit(NextCommit::Fails)
        } else if self.strikes(Fault::CommitUncertain) {
            Mishap::Commit(NextCommit::Uncertain)
        } else {
            Mishap::None
        }
    }

    /// Something happens in the shop or to the server.
    pub(crate) fn in_the_shop(&mut self) {
        // What a server lost lately comes again only now: devices were quicker.
        self.sell_again();
        self.server_fault();
        self.operator_acts();
        if self.strikes(Fault::OrderCancelled)
            && let Some(order) = self.chosen(people::some_order)
        {
            let cancelled = domain::custody::arrive::OrderCancelled { order };
            self.server.record(0, vec![cancelled.into()]);
        }
        if self.strikes(Fault::OrderChanged)
            && let Some(order) = self.chosen(people::some_begun_order)
        {
            let now = self.server_now();
            let changed = shop::changed(&mut self.dice, order, now);
            self.server.record(0, vec![changed]);
        }
        if self.strikes(Fault::PackageHeld) {
            let number = self.dice.index(shop::package_count());
            let is_held = self.dice.per_mille(700);
            self.server.record(1, vec![shop::held(number, is_held)]);
        }
        if self.strikes(Fault::PersonDisabled) {
            let person = self.dice.index(3);
            let is_active = self.dice.per_mille(400);
            self.server.record(0, vec![shop::person(person, is_active)]);
        }
        if self.strikes(Fault::Revoked) {
            let index = self.dice.index(self.tablets.len());
            let tablet = &self.tablets[index];
            let fact = shop::device(tablet.id, tablet.generation, false);
            self.server.record(0, vec![fact]);
        }
        let mishap = self.mishap();
        self.sweep(mishap);
        self.new_order();
        self.server.back_up();
    }

    fn chosen(&mut self, choose: fn(&Ledger, &mut Dice) -> Option<OrderId>) -> Option<OrderId> {
        let log = &self.server.log;
        let dice = &mut self.dice;
        log.look_at_state(|ledger| choose(ledger, dice)).ok()?
    }

    fn server_fault(&mut self) {
        if self.strikes(Fault::ServerRestarted) {
            self.server.restart();
        }
        if self.strikes(Fault::ServerClockJumped) {
            self.server_clock =
                i64::try_from(self.dice.below(172_800_000)).unwrap_or(0) - 86_400_000;
        }
        if self.strikes(Fault::ServerDiskFull) {
            self.server.log.set_full(true);
            let at = (self.now + self.dice.below(60_000)).min(crate::world::HEAL);
            self.plan(at, 0, Happening::DiskFreed);
        }
        if self.strikes(Fault::ServerRestored) {
            self.server.restart();
            if !self.server.set_back(&mut self.dice) {
                self.take_back(Fault::ServerRestored);
            }
        }
        if self.strikes(Fault::FailedOver) && !self.server.set_back(&mut self.dice) {
            self.take_back(Fault::FailedOver);
        }
    }
}
