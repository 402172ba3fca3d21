//! Orders to devices.
//!
//! In: who wants which. Out: a lease as a fact, and who has the rest. Must not: give an order to two.

use std::collections::BTreeSet;

use crate::custody::Situation;
use crate::custody::claim::{LeaseGranted, lease_for};
use crate::id::{DeviceId, LeaseId, OrderId};
use crate::sync::message::{ClaimAnswer, ClaimAsk, ClaimRefused};
use crate::sync::server::Outside;
use crate::sync::server::log::Log;
use crate::sync::server::writer::Writer;

/// Orders in one lease at most; nobody walks for more at once.
const ORDERS_MAX: usize = 50;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Grants what can be had.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn grant(&mut self, device: DeviceId, ask: &ClaimAsk) -> Result<ClaimAnswer, L::Failed> {
        let situation = Situation {
            actor: ask.actor,
            device,
            today: self.today(),
            connected: true,
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
}
