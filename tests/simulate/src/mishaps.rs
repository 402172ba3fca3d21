//! What happens to devices: they die, freeze, lose their storage, are copied, and their clocks go wrong.

use domain::custody::sign_in::OpenCause;
use domain::id::ActorId;
use domain::sync::device::store::NotedChain;

use crate::faults::Fault;
use crate::happening::Happening;
use crate::shop;
use crate::tablet::Tablet;
use crate::world::World;

impl World {
    /// Whether something happened to the device instead of an act.
    pub(crate) fn device_fault(&mut self, index: usize) -> bool {
        self.clock_fault(index);
        if self.strikes(Fault::PersonChanged) {
            let person = shop::somebody(&mut self.dice, index);
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
        if self.strikes(Fault::Carried) && !self.save_lifeboat(index) {
            self.take_back(Fault::Carried);
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

    pub(crate) fn change_person(&mut self, index: usize, person: ActorId) {
        self.tablets[index].actor = person;
        self.tablets[index].doubt();
        self.open(index, OpenCause::Start);
    }

    pub(crate) fn lose_power(&mut self, index: usize) {
        let loses_view = self.strikes(Fault::ViewRolledBack);
        let lost = self.tablets[index].lose_power(loses_view);
        let device = self.tablets[index].id;
        self.oracle.destroyed(device, lost);
        let at = self.now + 5_000 + self.dice.below(60_000);
        self.plan(at, index, Happening::Start);
    }

    pub(crate) fn clock_fault(&mut self, index: usize) {
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
    pub(crate) fn storage_fault(&mut self, index: usize) -> bool {
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
            copy.release = original.release;
            copy.heads = original.heads.clone();
            copy.view_was_lost = original.view_was_lost;
            copy.view_was_evicted = original.view_was_evicted;
            self.tablets.push(copy);
            let clone = self.tablets.len() - 1;
            self.plan(self.now + 1, clone, Happening::Start);
            self.somebody_looks(clone);
            for _ in 0..10 {
                let at = self.before_it_heals();
                self.plan(at, clone, Happening::Act);
            }
            return false;
        }
        if self.strikes(Fault::Pruned) {
            let tablet = &mut self.tablets[index];
            tablet.view_was_lost = true;
            let current = tablet.epoch();
            let (id, names) = (tablet.id, tablet.disk.prune(current));
            self.oracle.destroyed(id, names);
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
    pub(crate) fn replace(&mut self, index: usize) {
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
        let successor = self.add_successor(id);
        self.tablets[successor].actor = actor;
        self.plan(self.now + 1_000, successor, Happening::Start);
        for _ in 0..15 {
            let at = self.before_it_heals();
            self.plan(at, successor, Happening::Act);
        }
    }

    /// The storage is set back: the later half of the last chain, or all of it, was never there.
    pub(crate) fn set_back(&mut self, index: usize) {
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
        // An image taken while the device was off has whole chains.
        let is_whole = names[0].0 != last && self.dice.per_mille(500);
        let keep = if is_whole { 0 } else { of_last.len() / 2 };
        let lost: Vec<_> = of_last.into_iter().skip(keep).copied().collect();
        for name in &lost {
            tablet.disk.events.remove(name);
        }
        tablet.disk.set_back_receipts(last, keep);
        // Of an earlier day is also what it knows of having told.
        for (_, is_told) in &mut tablet.disk.proofs {
            *is_told = false;
        }
        let id = tablet.id;
        let left = tablet.disk.events.keys().last();
        tablet.disk.noted = left.map(|(epoch, _)| NotedChain {
            epoch: *epoch,
            after: None,
        });
        self.oracle.destroyed(id, lost);
    }
}
