//! Orders to devices.
//!
//! In: who wants which, for which device. Out: a lease as a fact, and who has the rest. Must not: give an order to two,
//! or to a driver's phone by its own word.

use std::collections::BTreeSet;

use crate::custody::Situation;
use crate::custody::claim::{LeaseGranted, lease_for};
use crate::facility::Device;
use crate::id::{DeviceId, LeaseId, OrderId};
use crate::sync::message::{ClaimAnswer, ClaimAsk, ClaimRefused};
use crate::sync::scope::Scope;
use crate::sync::server::Outside;
use crate::sync::server::log::Log;
use crate::sync::server::writer::Writer;
use crate::verdict::Reason;

/// Orders in one lease at most; nobody walks for more at once.
const ORDERS_MAX: usize = 50;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Grants what can be had, to the device that asks or to the driver's phone it loads. A lease is what opens an order to
    /// a phone: one that asked for itself would choose what it sees.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn grant(&mut self, device: DeviceId, ask: &ClaimAsk) -> Result<ClaimAnswer, L::Failed> {
        let Some(device) = self.worked_on(device, ask.device) else {
            return Ok(ClaimAnswer {
                granted: Vec::new(),
                refused: ask.orders.iter().copied().map(unknown).collect(),
                position: self.head(),
            });
        };
        let situation = Situation {
            actor: ask.actor,
            device,
            today: self.today(),
            connected: true,
            may_decide: true,
        };
        let mut seen = BTreeSet::new();
        let orders: Vec<OrderId> = ask
            .orders
            .iter()
            .copied()
            .filter(|order| seen.insert(*order))
            .take(ORDERS_MAX)
            .collect();
        let id = LeaseId(self.outside().random_id());
        let (lease, refused) = lease_for(self.ledger(), &situation, id, &orders);
        let refused = refused
            .into_iter()
            .map(|(order, refusal)| ClaimRefused {
                order,
                reason: refusal.reason,
                holder: refusal.holder,
            })
            .collect();
        let Some(lease) = lease else {
            return Ok(ClaimAnswer {
                granted: Vec::new(),
                refused,
                position: self.head(),
            });
        };
        let granted = lease.orders.iter().map(|leased| leased.order).collect();
        let position = self.record(LeaseGranted { lease }, None)?;
        Ok(ClaimAnswer {
            granted,
            refused,
            position,
        })
    }

    /// The device that is to have the orders: the one that asks, or the driver's phone it names. `None` when that is not for
    /// it to say.
    fn worked_on(&self, asking: DeviceId, loaded: Option<DeviceId>) -> Option<DeviceId> {
        let devices = &self.ledger().devices;
        let has_a_trip = |device: &Device| matches!(Scope::of(device), Scope::Trip(_));
        if devices.get(&asking).is_some_and(has_a_trip) {
            return None;
        }
        let is_phone = |loaded: &DeviceId| {
            let phone = devices.get(loaded).filter(|phone| phone.active);
            phone.is_some_and(has_a_trip)
        };
        match loaded {
            None => Some(asking),
            Some(loaded) => Some(loaded).filter(is_phone),
        }
    }
}

/// The answer to whoever may not even hear whether there is such an order.
fn unknown(order: OrderId) -> ClaimRefused {
    ClaimRefused {
        order,
        reason: Reason::Unknown,
        holder: None,
    }
}
