//! What the world does at each moment: people act, storage works, the server serves.

use domain::custody::health::ClockObserved;
use domain::custody::sign_in::OpenCause;
use domain::event::{Body, encode};
use domain::id::{ActorId, DeviceId, Epoch, EventId};
use domain::sync::device::{Effect, Input};
use domain::sync::message::{ChainAnswer, ChainPart, ClaimAsk, Push, PushAnswer};

use crate::faults::Fault;
use crate::memory::NextCommit;
use crate::people::{self, Wish};
use crate::server::Mishap;
use crate::shop;
use crate::tablet::{Keeping, Tablet};
use crate::world::{Happening, Request, World};

/// Messages that are listened to and kept.
const OVERHEARD_MAX: usize = 6;

/// What a push holds, for whoever looks for a fault.
fn push_in_words(push: &Push) -> String {
    let part = |part: &ChainPart| {
        let (epoch, from, count) = (part.epoch, part.from, part.events.len());
        format!("{}@{from}+{count}", &epoch.to_string()[8..20])
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
        format!(
            "{} next {} [{}]",
            &epoch[8..20],
            chain.next,
            outcomes.join(", ")
        )
    };
    answer.chains.iter().map(part).collect::<Vec<_>>().join(" ")
}

impl World {
    fn device_now(&self) -> i64 {
        i64::try_from(self.now).unwrap_or(0)
    }

    /// The app starts, and somebody signs in.
    pub(crate) fn start(&mut self, index: usize, cause: OpenCause) {
        for input in self.tablets[index].start() {
            self.step(index, input);
        }
        self.open(index, cause);
    }

    fn open(&mut self, index: usize, cause: OpenCause) {
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
    }

    /// Signs and keeps a fact. `None` when it was not kept.
    fn record(&mut self, index: usize, body: &Body) -> Option<()> {
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
        if self.told {
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

    fn kill(&mut self, index: usize) {
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
        let tablet = &self.tablets[index];
        let situation = tablet.situation(now);
        let Some(ledger) = tablet.ledger() else {
            return;
        };
        let wish = people::next(ledger, &situation, &mut self.dice);
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

    /// Whether something happened to the device instead of an act.
    fn device_fault(&mut self, index: usize) -> bool {
        self.clock_fault(index);
        if self.strikes(Fault::PersonChanged) {
            let person = shop::PEOPLE[self.dice.index(shop::PEOPLE.len())].0;
            self.change_person(index, person);
            return true;
        }
        if self.strikes(Fault::ViewEvicted) {
            if self.tablets[index].keeps_view {
                self.take_back(Fault::ViewEvicted);
            } else {
                let input = self.tablets[index].evict_view();
                self.step(index, input);
            }
        }
        if self.strikes(Fault::Killed) {
            self.kill(index);
            return true;
        }
        if self.strikes(Fault::PowerLost) {
            self.lose_power(index);
            return true;
        }
        if self.strikes(Fault::RebootLoop) {
            for _ in 0..3 {
                self.start(index, OpenCause::Start);
            }
            return true;
        }
        if self.strikes(Fault::Frozen) {
            let until = self.now + self.dice.below(300_000);
            self.tablets[index].frozen_until = until.min(crate::world::HEAL);
            return true;
        }
        if self.strikes(Fault::LockTaken) {
            self.start(index, OpenCause::LockTaken);
            return true;
        }
        self.storage_fault(index)
    }

    fn change_person(&mut self, index: usize, person: ActorId) {
        self.tablets[index].actor = person;
        self.tablets[index].doubt();
        self.open(index, OpenCause::Start);
    }

    fn lose_power(&mut self, index: usize) {
        let loses_view = self.strikes(Fault::ViewRolledBack);
        let lost = self.tablets[index].lose_power(loses_view);
        let device = self.tablets[index].id;
        self.oracle.destroyed(device, lost);
        let at = self.now + 5_000 + self.dice.below(60_000);
        self.plan(at, index, Happening::Start);
    }

    fn clock_fault(&mut self, index: usize) {
        const TEN_YEARS_MS: u64 = 315_576_000_000;
        if self.strikes(Fault::ClockJumped) {
            let jump = i64::try_from(self.dice.below(2 * TEN_YEARS_MS)).unwrap_or(0);
            let ten_years = i64::try_from(TEN_YEARS_MS).unwrap_or(0);
            self.tablets[index].clock.offset = jump - ten_years;
        }
        if self.strikes(Fault::ClockDrifts) {
            let drift = i64::try_from(self.dice.below(1_000)).unwrap_or(0);
            self.tablets[index].clock.drift = drift - 500;
        }
        if self.strikes(Fault::ClockStopped) {
            self.tablets[index].clock.stopped = Some(self.device_now());
        }
    }

    /// Whether the storage went in a way that ends this run of the app.
    fn storage_fault(&mut self, index: usize) -> bool {
        if self.strikes(Fault::Wiped) || self.strikes(Fault::CoreCorrupt) {
            self.replace(index);
            return true;
        }
        if self.strikes(Fault::DeviceRestored) {
            self.set_back(index);
            return true;
        }
        if self.strikes(Fault::Cloned) {
            let original = &self.tablets[index];
            let mut copy = Tablet::new(original.id, original.actor);
            copy.disk = original.disk.clone();
            copy.generation = original.generation;
            self.tablets.push(copy);
            let clone = self.tablets.len() - 1;
            self.plan(self.now + 1, clone, Happening::Start);
            for _ in 0..10 {
                let at = self.before_it_heals();
                self.plan(at, clone, Happening::Act);
            }
            return false;
        }
        if self.strikes(Fault::EnrolledAgain) {
            let tablet = &mut self.tablets[index];
            tablet.generation += 1;
            let fact = shop::device(tablet.id, tablet.generation, true);
            self.server.record(0, vec![fact]);
            self.start(index, OpenCause::Enrolled);
            return true;
        }
        false
    }

    /// Everything on the device is gone; it is enrolled as another one, and a manager revokes what it was.
    fn replace(&mut self, index: usize) {
        let tablet = &mut self.tablets[index];
        tablet.stop();
        tablet.is_gone = true;
        let (id, generation, actor) = (tablet.id, tablet.generation, tablet.actor);
        let mut lost: Vec<_> = tablet.disk.events.keys().copied().collect();
        for twin in self
            .tablets
            .iter()
            .filter(|twin| twin.id == id && !twin.is_gone)
        {
            lost.retain(|name| !twin.disk.events.contains_key(name));
        }
        self.oracle.destroyed(id, lost);
        self.server
            .record(1, vec![shop::device(id, generation, false)]);
        let successor = self.add_tablet();
        self.tablets[successor].actor = actor;
        self.plan(self.now + 1_000, successor, Happening::Start);
        for _ in 0..15 {
            let at = self.before_it_heals();
            self.plan(at, successor, Happening::Act);
        }
    }

    /// The storage is set back: the later half of the own events was never there.
    fn set_back(&mut self, index: usize) {
        let tablet = &mut self.tablets[index];
        tablet.stop();
        let names: Vec<_> = tablet.disk.events.keys().copied().collect();
        // What is set back is the end of every chain, as an image of an earlier day has it.
        self.plan(self.now + 2_000, index, Happening::Start);
        let tablet = &mut self.tablets[index];
        let Some((last, _)) = names.last().copied() else {
            return;
        };
        let of_last: Vec<_> = names.iter().filter(|(epoch, _)| *epoch == last).collect();
        let keep = of_last.len() / 2;
        let lost: Vec<_> = of_last.into_iter().skip(keep).copied().collect();
        for name in &lost {
            tablet.disk.events.remove(name);
        }
        tablet.disk.set_back_receipts(last, keep);
        let id = tablet.id;
        tablet.disk.last_epoch = tablet.disk.events.keys().last().map(|(epoch, _)| *epoch);
        self.oracle.destroyed(id, lost);
    }

    /// The storage does what it was told, or fails.
    pub(crate) fn storage(&mut self, index: usize, effect: Effect) -> Option<Input> {
        let fails = match &effect {
            Effect::KeepReceipts(_) => self.strikes(Fault::ReceiptsNotKept),
            Effect::KeepView(_) => self.strikes(Fault::RowsNotKept),
            Effect::Reread { .. }
            | Effect::Push(_)
            | Effect::Pull(_)
            | Effect::SetTimer(_)
            | Effect::Report(_) => false,
        };
        if self.told {
            let name = format!("{effect:?}");
            let end = name.find(['(', ' ']).unwrap_or(name.len());
            self.tell(&format!("device {index} {} fails {fails}", &name[..end]));
        }
        if fails {
            return None;
        }
        self.tablets[index].perform(effect)
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
        let answer = match asked {
            Request::Push(_) if !self.server.knows(device) => {
                // Nothing is refused for good: the device keeps what it has until it is let in again.
                Some(Input::Failed)
            }
            Request::Push(push) => {
                self.overhear(&push);
                let mishap = self.mishap();
                self.note(&encode(&push));
                if self.told {
                    self.tell(&format!("device {index} asks: {}", push_in_words(&push)));
                }
                let answer = self.server.push(node, push, mishap);
                if let Some(answer) = answer.as_ref().filter(|_| self.told) {
                    self.tell(&format!("the server answers: {}", answer_in_words(answer)));
                }
                self.after_a_change()?;
                answer.map(|answer| {
                    self.note(&encode(&answer));
                    Input::Pushed(answer)
                })
            }
            Request::Pull(cursor) => {
                let is_stale = self.strikes(Fault::StaleReader);
                let page = self.server.pull(cursor, is_stale);
                if let Some(page) = page.as_ref().filter(|_| self.told) {
                    let (from, next) = (page.from.position.0, page.next.position.0);
                    let (reset, more) = (page.reset, page.more);
                    self.tell(&format!(
                        "device {index} pulls {from}..{next} reset {reset} more {more}"
                    ));
                }
                page.map(Input::Pulled)
            }
            Request::Claim(actor, order) => {
                let ask = ClaimAsk {
                    actor,
                    orders: vec![order],
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
            self.answer(index, boot, request, answer);
        }
        Ok(())
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
        self.server_fault();
        let ledger = self.server.ledger();
        if self.strikes(Fault::OrderCancelled)
            && let Some(order) = people::some_order(&ledger, &mut self.dice)
        {
            let cancelled = domain::custody::arrive::OrderCancelled { order };
            self.server.record(0, vec![cancelled.into()]);
        }
        if self.strikes(Fault::OrderChanged)
            && let Some(order) = people::some_order(&ledger, &mut self.dice)
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
        self.new_order();
        self.server.back_up();
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
            if !self.server.restore(&mut self.dice) {
                self.take_back(Fault::ServerRestored);
            }
        }
    }
}
