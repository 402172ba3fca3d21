//! The exceptions of each pick, recounted by hand: none missing, none too many.
//!
//! Only rules that a few lines can say: no lease, a revoked device, a disabled person, a held package, a cancelled
//! order, a unit that is off its shelf already.

use std::collections::{BTreeMap, BTreeSet};

use domain::custody::exception::Rule;
use domain::custody::hold::Held;
use domain::custody::pick::PackagePicked;
use domain::event::{Body, Envelope};
use domain::id::{ActorId, DeviceId, EventId, ItemId, LeaseId, OrderId, PackageTag};
use domain::sync::message::Outcome;

use super::name_of;
use super::newer::effective;
use crate::memory::{Content, Entry};

/// What has to be remembered of a log to judge its picks.
#[derive(Default)]
struct Known {
    closed_devices: BTreeSet<DeviceId>,
    generations: BTreeMap<DeviceId, u32>,
    leases: BTreeMap<LeaseId, (DeviceId, u32)>,
    disabled: BTreeSet<ActorId>,
    held: BTreeSet<PackageTag>,
    /// The shop's own holds in force, and the product of each package.
    own: BTreeMap<EventId, Held>,
    items: BTreeMap<PackageTag, ItemId>,
    listed: BTreeSet<PackageTag>,
    arrived: BTreeSet<OrderId>,
    cancelled: BTreeSet<OrderId>,
    /// Cancelled, then changed: wanted again, unless goods had left the shelf.
    changed: BTreeSet<OrderId>,
    handed_over: BTreeSet<OrderId>,
    picks: BTreeMap<EventId, (PackageTag, u64)>,
}

impl Known {
    fn learn(&mut self, envelope: &Envelope, body: &Body) {
        match body {
            Body::DeviceEnrolled(done) => {
                let device = &done.device;
                toggle(&mut self.closed_devices, device.id, !device.active);
                self.generations.insert(device.id, device.generation);
            }
            Body::ActorAdded(done) => {
                toggle(&mut self.disabled, done.actor.id, !done.actor.active);
            }
            Body::StockImported(done) => {
                for package in &done.packages {
                    toggle(&mut self.held, package.tag.clone(), package.hold);
                    self.listed.insert(package.tag.clone());
                    self.items
                        .entry(package.tag.clone())
                        .or_insert(package.item);
                }
            }
            Body::StockHeld(done) => {
                self.own.insert(envelope.id, done.what.clone());
            }
            Body::StockReleased(done) => {
                self.own.remove(&done.hold);
            }
            Body::LeaseGranted(done) => {
                let lease = &done.lease;
                self.leases
                    .insert(lease.id, (lease.device, lease.generation));
            }
            Body::OrderArrived(done) => {
                self.arrived.insert(done.order);
            }
            Body::OrderCancelled(done) if !self.handed_over.contains(&done.order) => {
                self.cancelled.insert(done.order);
            }
            Body::OrderChanged(done) => {
                let was_cancelled = self.cancelled.remove(&done.order);
                self.changed.extend(was_cancelled.then_some(done.order));
            }
            // One that took effect late may have closed an order that was cancelled meanwhile.
            Body::OrderHandedOff(done) => {
                self.handed_over.insert(done.order);
                let was_cancelled = self.cancelled.remove(&done.order);
                self.changed.extend(was_cancelled.then_some(done.order));
            }
            Body::PackagePicked(done) => {
                if let Some(unit) = done.unit {
                    self.picks.insert(envelope.id, (done.tag.clone(), unit));
                }
            }
            // A manager may have had units of the package put back.
            Body::ExceptionResolved(done) => {
                let tag = done.tag.as_ref();
                self.picks.retain(|_, (taken, _)| Some(&*taken) != tag);
            }
            Body::PickVoided(done) => {
                self.picks.remove(&done.pick);
            }
            _ => {}
        }
    }

    /// Whether the state holds a package, or the shop.
    fn is_held(&self, tag: &PackageTag) -> bool {
        let item = self.items.get(tag);
        let mut own = self.own.values();
        let covers = |what: &Held| match what {
            Held::Package(held) => held == tag,
            Held::Product(held) => Some(held) == item,
            Held::Batch(_) => false,
        };
        self.held.contains(tag) || own.any(covers)
    }

    /// Whether an event comes from an enrolment that is over.
    fn is_closed(&self, envelope: &Envelope) -> bool {
        let device = envelope.device;
        let lease = envelope
            .lease
            .and_then(|lease| self.leases.get(&lease.lease));
        let is_of_before = lease.is_some_and(|(holder, generation)| {
            *holder == device && self.generations.get(&device) != Some(generation)
        });
        is_of_before || self.closed_devices.contains(&device)
    }

    /// The rules a pick breaks, and for each whether it must or must not be among those found.
    fn expected(&self, envelope: &Envelope, done: &PackagePicked) -> Vec<(Rule, bool)> {
        let is_listed = self.listed.contains(&done.tag);
        let is_arrived = self.arrived.contains(&done.order);
        let mut rules = vec![
            (Rule::UnleasedPick, envelope.lease.is_none()),
            (Rule::LateFromClosedDevice, self.is_closed(envelope)),
            (Rule::HeldOrRecalled, is_listed && self.is_held(&done.tag)),
            (Rule::UnknownReference, !(is_listed && is_arrived)),
        ];
        let is_cancelled = self.cancelled.contains(&done.order);
        if is_cancelled || !self.changed.contains(&done.order) {
            rules.push((Rule::CancelledOrderPick, is_arrived && is_cancelled));
        }
        if self.disabled.contains(&envelope.actor.actor) {
            rules.push((Rule::ActorInvalid, true));
        }
        let unit = done.unit.map(|unit| (done.tag.clone(), unit));
        if unit.is_some_and(|unit| self.picks.values().any(|taken| *taken == unit)) {
            rules.push((Rule::DoublePick, true));
        }
        rules
    }
}

fn toggle<T: Ord>(set: &mut BTreeSet<T>, value: T, is_in: bool) {
    if is_in {
        set.insert(value);
    } else {
        set.remove(&value);
    }
}

/// Recounts.
pub(super) fn check(content: &Content) -> Result<(), String> {
    let mut known = Known::default();
    let found = content.exceptions();
    for entry in &content.events {
        let Some((envelope, body)) = effective(entry) else {
            continue;
        };
        if let Body::PackagePicked(done) = &body {
            let rules = rules_of(entry, &found);
            for (rule, is_broken) in known.expected(&envelope, done) {
                if rules.contains(&rule) != is_broken {
                    let what = if is_broken { "missing" } else { "too much" };
                    return Err(format!("{rule:?} is {what} on {:?}", name_of(entry)));
                }
            }
        }
        known.learn(&envelope, &body);
    }
    Ok(())
}

fn rules_of(entry: &Entry, found: &BTreeMap<u64, Rule>) -> BTreeSet<Rule> {
    match &entry.outcome {
        Outcome::AppliedWithExceptions(numbers) => numbers
            .iter()
            .filter_map(|number| found.get(number).copied())
            .collect(),
        Outcome::Applied | Outcome::Quarantined(_) => BTreeSet::new(),
    }
}
