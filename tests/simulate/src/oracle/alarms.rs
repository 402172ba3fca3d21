//! The alarms a log calls for, found again by hand: none missing, none twice, none for nothing.
//!
//! In: the log, entry by entry. Out: what was not told. Must not: look at the world; whoever has the log can see
//! all of it.

use std::collections::BTreeMap;

use domain::custody::Fact;
use domain::custody::exception::Rule;
use domain::custody::sign_in::EpochOpened;
use domain::event::{Body, Envelope};
use domain::facility::Device;
use domain::id::{DeviceId, Epoch, LeaseId};
use domain::ledger::Ledger;
use domain::sync::message::{Outcome, QuarantineReason};

use crate::memory::{Content, Entry};
use crate::shop::SERVER;

/// Uncertainty of a clock from which it is worth an alarm, in milliseconds.
const SUSPECT_ABOVE: u64 = 30_000;

/// What was called for so far.
#[derive(Default)]
pub(super) struct Called {
    chains: BTreeMap<(DeviceId, Epoch), u64>,
    /// The chain each chain says it follows.
    follows: BTreeMap<(DeviceId, Epoch), Epoch>,
    /// The two chains each device wrote to last, the newest first.
    newest: BTreeMap<DeviceId, (Epoch, Option<Epoch>)>,
    alarms: Vec<(Rule, DeviceId)>,
    recounts: Vec<LeaseId>,
}

impl Called {
    /// Takes an entry's place in its chain in.
    pub(super) fn follow(&mut self, entry: &Entry) {
        let chain = (entry.chain.device, entry.chain.epoch);
        self.chains.insert(chain, entry.seq + 1);
        let envelope = Envelope::parse(&entry.event.bytes).ok();
        let body = envelope.and_then(|one| Body::parse(one.kind, &one.body).ok());
        if let Some(Body::EpochOpened(EpochOpened {
            before: Some(end), ..
        })) = body
        {
            self.follows.insert(chain, end.epoch);
        }
        let (device, epoch) = chain;
        let (newest, _) = self.newest.get(&device).copied().unzip();
        if newest != Some(epoch) {
            self.newest.insert(device, (epoch, newest));
        }
        if entry.outcome == Outcome::Quarantined(QuarantineReason::UnknownKind) {
            self.alarms.push((Rule::SchemaUnknown, entry.chain.device));
        }
    }

    /// Looks at a fact before it is applied.
    pub(super) fn look(&mut self, before: &Ledger, fact: &Fact<'_>) -> Result<(), String> {
        let device = fact.envelope.device;
        match fact.body {
            Body::EpochOpened(opened) if device != SERVER => self.link(fact, opened),
            Body::ClockObserved(observed) if observed.error > SUSPECT_ABOVE => {
                self.alarms.push((Rule::ClockSuspect, device));
            }
            Body::AlarmRaised(alarm) => {
                let mut open = before.exceptions.values().filter(|one| !one.resolved);
                let is_one_of_many = alarm.rule == Rule::SchemaUnknown || alarm.until.is_some();
                if !is_one_of_many
                    && open.any(|one| one.rule == alarm.rule && one.device == alarm.device)
                {
                    return Err(format!("{:?} is raised again while it is open", alarm.rule));
                }
                let is_about_chain = matches!(alarm.rule, Rule::ChainGap | Rule::DeviceRollback)
                    && alarm.until.is_none();
                if is_about_chain && !self.alarms.contains(&(alarm.rule, alarm.device)) {
                    return Err(format!("{:?} is raised for nothing", alarm.rule));
                }
            }
            Body::DeviceEnrolled(done) => self.enrolled(before, &done.device),
            _ => {}
        }
        Ok(())
    }

    fn link(&mut self, fact: &Fact<'_>, opened: &EpochOpened) {
        let device = fact.envelope.device;
        let Some(before) = opened.before else {
            let mut chains = self.chains.keys();
            if chains.any(|(of, epoch)| *of == device && *epoch != fact.envelope.epoch) {
                self.alarms.push((Rule::DeviceRollback, device));
            }
            return;
        };
        let next = self.chains.get(&(device, before.epoch)).copied();
        let next = next.unwrap_or(0);
        if next <= before.seq {
            self.alarms.push((Rule::ChainGap, device));
        } else if next > before.seq + 1 || self.is_forgotten(device, before.epoch, fact) {
            self.alarms.push((Rule::DeviceRollback, device));
        }
    }

    /// Whether the device's newest chain goes back to one that went on where this one does.
    fn is_forgotten(&self, device: DeviceId, before: Epoch, fact: &Fact<'_>) -> bool {
        let new = fact.envelope.epoch;
        let follows = |epoch: &Epoch| self.follows.get(&(device, *epoch)).copied();
        let newest = match self.newest.get(&device).copied() {
            Some((newest, earlier)) if newest == new => earlier,
            other => other.map(|(newest, _)| newest),
        };
        let line = std::iter::successors(newest, follows);
        let mut line = line.take_while(|epoch| *epoch != new && *epoch != before);
        line.any(|epoch| follows(&epoch) == Some(before))
    }

    /// What an enrolment that is over may have taken has to be counted.
    fn enrolled(&mut self, before: &Ledger, device: &Device) {
        let leases = before.leases.values().filter(|lease| {
            let is_over = !device.active || lease.generation != device.generation;
            let rights = lease.packages.iter().chain(&lease.spares);
            let unused: u32 = rights
                .map(|right| right.units.saturating_sub(right.spent.unwrap_or(0)))
                .sum();
            lease.device == device.id && is_over && !lease.orders.is_empty() && unused > 0
        });
        self.recounts.extend(leases.map(|lease| lease.id));
    }

    /// Whether all that was called for is in the state at the end.
    pub(super) fn check(mut self, content: &Content, ledger: &Ledger) -> Result<(), String> {
        for ((chain, _, _), reason) in &content.aside {
            match reason {
                QuarantineReason::Fork => self.alarms.push((Rule::Fork, chain.device)),
                QuarantineReason::BadSignature => {
                    self.alarms.push((Rule::BadSignature, chain.device));
                }
                _ => {}
            }
        }
        for (rule, device) in self.alarms {
            let mut all = ledger.exceptions.values();
            if !all.any(|one| one.rule == rule && one.device == device) {
                return Err(format!("nobody is told of {rule:?}: {device:?}"));
            }
        }
        let is_counted = |lease: &LeaseId| {
            let lease = ledger.leases.get(lease);
            lease.is_some_and(|lease| lease.recount.is_some())
        };
        match self.recounts.iter().all(is_counted) {
            true => Ok(()),
            false => Err("what a lost device may have taken is not counted".to_owned()),
        }
    }
}
