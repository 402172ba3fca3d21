//! Drivers' phones, and whoever loads them.
//!
//! In: the seed, the state. Out: a phone in some worlds; orders that join its trip and leave it again. Must not: throw the
//! world's dice; worlds without a phone are what they would be without this.

use domain::custody::claim::{LeaseGranted, LeaseReturned};
use domain::custody::{Situation, hand_off};
use domain::event::Body;
use domain::id::{ActorId, DeviceId, LeaseId};
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::sync::message::ClaimAsk;
use domain::time::Day;

use crate::dice::Dice;
use crate::happening::Happening;
use crate::server::Mishap;
use crate::shop::{self, SERVER};
use crate::world::{HEAL, World};

/// Worlds of a thousand in which there is a driver's phone.
const PHONES: u64 = 400;
/// How often its trip is looked at.
const LOOKS: u64 = 12;

/// The dice of whoever loads phones, in worlds that have one.
pub(crate) fn dice(seed: u64) -> Option<Dice> {
    let mut dice = Dice::new(seed ^ 0x7219);
    dice.per_mille(PHONES).then_some(dice)
}

/// A lease under which a phone is to hand over what may go to its customer.
fn granted(ledger: &Ledger, phone: DeviceId, id: LeaseId) -> Option<Body> {
    let is_staged = |order: &&Order| order.status == Status::Staged;
    let order = ledger.orders.values().find(is_staged)?.id;
    let situation = Situation {
        actor: ActorId(4),
        device: phone,
        today: Day(0),
        connected: true,
        may_decide: true,
    };
    let (lease, _) = hand_off::grant(ledger, &situation, id, &[order]);
    Some(LeaseGranted { lease: lease? }.into())
}

/// One of a phone's orders, given back for it.
fn unloaded(ledger: &Ledger, phone: DeviceId, dice: &mut Dice) -> Option<Body> {
    let claims = ledger.orders.values().filter_map(|order| {
        let claim = order.claim.as_ref().filter(|claim| claim.device == phone)?;
        Some((order.id, claim.lease?))
    });
    let all: Vec<_> = claims.collect();
    let (order, lease) = *all.get(dice.index(all.len()))?;
    Some(LeaseReturned { lease, order }.into())
}

impl World {
    /// Adds a driver's phone to a world that has one, and plans its trips.
    pub(crate) fn add_phone(&mut self) {
        let Some(mut dice) = self.dispatcher.clone() else {
            return;
        };
        let id = shop::phone(DeviceId(dice.id()));
        self.enrol(id);
        for _ in 0..LOOKS {
            let at = dice.below(HEAL);
            self.plan(at, 0, Happening::Dispatch);
        }
        self.dispatcher = Some(dice);
    }

    /// Adds a device in the place of one that is gone.
    pub(crate) fn add_successor(&mut self, of: DeviceId) -> usize {
        match (shop::is_phone(of), &mut self.dispatcher) {
            (true, Some(dice)) => {
                let id = shop::phone(DeviceId(dice.id()));
                self.enrol(id)
            }
            (_, _) => self.add_tablet(),
        }
    }

    /// Somebody in the shop loads a driver's phone, or takes an order off it.
    pub(crate) fn dispatch(&mut self) {
        let Some(mut dice) = self.dispatcher.clone() else {
            return;
        };
        let mut phones = self.tablets.iter().filter(|tablet| !tablet.is_gone);
        let Some(phone) = phones.find(|tablet| shop::is_phone(tablet.id)) else {
            return;
        };
        let phone = phone.id;
        let ledger = self.server.ledger();
        let fact = match dice.below(4) {
            0 => unloaded(&ledger, phone, &mut dice),
            1 => granted(&ledger, phone, LeaseId(dice.id())),
            _ => None,
        };
        match fact {
            Some(fact) => {
                self.server.record(0, vec![fact]);
            }
            None => self.load(phone, &ledger, &mut dice),
        }
        self.dispatcher = Some(dice);
    }

    fn load(&mut self, phone: DeviceId, ledger: &Ledger, dice: &mut Dice) {
        let is_free = |order: &&Order| order.status == Status::Ready && order.claim.is_none();
        let free: Vec<&Order> = ledger.orders.values().filter(is_free).collect();
        let Some(order) = free.get(dice.index(free.len())) else {
            return;
        };
        let ask = ClaimAsk {
            actor: shop::PEOPLE[dice.index(3)].0,
            orders: vec![order.id],
            device: Some(phone),
        };
        self.server.claim(1, SERVER, &ask, Mishap::None);
    }
}
