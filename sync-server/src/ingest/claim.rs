//! Orders to devices.
//!
//! In: who wants which. Out: a lease as a fact, and who has the rest. Must not: give an order to two.

use std::collections::BTreeSet;

use domain::custody::Situation;
use domain::custody::claim::{LeaseGranted, lease_for};
use domain::id::{DeviceId, LeaseId, OrderId};
use domain::sync::message::{ClaimAnswer, ClaimAsk, ClaimRefused};

use super::{ServerFact, Work};
use crate::keys::random;
use crate::log::Failed;

/// Orders in one lease at most; nobody walks for more at once.
const ORDERS_MAX: usize = 50;

/// Grants what can be had.
pub(super) fn grant(
    work: &mut Work,
    device: DeviceId,
    ask: &ClaimAsk,
) -> Result<ClaimAnswer, Failed> {
    let situation = Situation {
        actor: ask.actor,
        device,
        today: work.today(),
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
    let id = LeaseId(random::bytes());
    let (lease, refused) = lease_for(work.ledger(), &situation, id, &orders);
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
            position: work.head(),
        });
    };
    let granted = lease.orders.iter().map(|leased| leased.order).collect();
    let position = work.record(ServerFact::plain(LeaseGranted { lease }))?;
    Ok(ClaimAnswer {
        granted,
        refused,
        position,
    })
}
