//! What a transaction changed, as rows of the log.
//!
//! In: the entities its facts touched. Out: the latest version of each, written once, dated by its last change. Must not:
//! let a commit leave one out.

use super::Writer;
use crate::custody::{Fact, admit, evolve};
use crate::event::{Body, Envelope, encode};
use crate::id::{OrderId, Position};
use crate::ledger::{EntityKey, EntityKind, Ledger};
use crate::mutated;
use crate::stock::Package;
use crate::sync::message::{Outcome, Recorded};
use crate::sync::server::Outside;
use crate::sync::server::log::Log;

/// Events of a transaction that are read at once when it is retraced.
const RETRACED_AT_ONCE: usize = 1_000;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Notes what the fact at a place touched.
    pub(super) fn note_touched(&mut self, position: Position) {
        if mutated("writer_keeps_the_last_facts_rows_only") {
            self.unkept.clear();
        }
        for key in self.ledger.take_touched() {
            match key.kind {
                EntityKind::Store | EntityKind::Actor | EntityKind::Device => {
                    self.directory_changed = true;
                }
                EntityKind::Package => debug_assert!(
                    minicbor::decode(&key.id)
                        .ok()
                        .and_then(|tag| self.ledger.packages.get(&tag))
                        .is_none_or(Package::is_conserved),
                    "a unit was made or lost"
                ),
                EntityKind::Item
                | EntityKind::Location
                | EntityKind::Slot
                | EntityKind::Order
                | EntityKind::Lease
                | EntityKind::Exception
                | EntityKind::Customer => {}
            }
            self.unkept.insert(key, position);
        }
    }

    /// Writes the rows of everything that changed. A lease or an order that five hundred facts touched is one row.
    pub(super) fn keep_rows(&mut self) -> Result<(), L::Failed> {
        for (key, position) in std::mem::take(&mut self.unkept) {
            if key.kind == EntityKind::Lease && mutated("writer_keeps_no_leases") {
                continue;
            }
            let bytes = self.ledger.bytes(&key);
            let early = u64::from(mutated("writer_dates_a_row_too_early"));
            let changed = Position(position.0 - early);
            self.log.put_entity(&key, changed, bytes.as_deref())?;
            if key.kind == EntityKind::Order {
                self.hide_customer(&key, position)?;
            }
        }
        Ok(())
    }

    /// Devices see an order's customer only while the order is open.
    fn hide_customer(&self, key: &EntityKey, position: Position) -> Result<(), L::Failed> {
        let Ok(order) = minicbor::decode::<OrderId>(&key.id) else {
            return Ok(());
        };
        let is_closed = self
            .ledger
            .orders
            .get(&order)
            .is_some_and(|order| order.status.is_closed());
        if is_closed && !mutated("writer_shows_a_closed_orders_customer") {
            self.log.bury_entity(&customer_row(order), position)?;
        }
        Ok(())
    }

    /// The state made anew: as the rows have it, and then fact by fact what the transaction recorded so far. It is what
    /// [`Writer::ledger`] is, also after a panic has left that half changed.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn retraced(&self) -> Result<Ledger, L::Failed> {
        let mut ledger = self.log.load_ledger()?;
        let mut at = Position(self.lasting_edge.size());
        loop {
            let facts = self.log.logged_after(at, RETRACED_AT_ONCE)?;
            let Some(last) = facts.last() else {
                break;
            };
            at = last.recorded.position;
            for logged in &facts {
                let is_own = logged.chain.device == self.who.server;
                apply_again(&mut ledger, &logged.recorded, is_own);
            }
        }
        // Their rows are due already.
        ledger.take_touched();
        Ok(ledger)
    }
}

fn apply_again(ledger: &mut Ledger, recorded: &Recorded, is_own: bool) {
    if matches!(recorded.outcome, Outcome::Quarantined(_)) {
        return;
    }
    let envelope = Envelope::parse(&recorded.event.bytes);
    let envelope = envelope.expect("BUG: applied, and cannot be read");
    let body = Body::parse(envelope.kind, &envelope.body);
    let fact = Fact {
        envelope: &envelope,
        body: &body.expect("BUG: applied, and cannot be read"),
        position: recorded.position,
    };
    if is_own {
        evolve(ledger, &fact);
    } else {
        drop(admit(ledger, &fact));
    }
}

/// The row of a view that holds what devices show of an order's customer.
#[must_use]
pub fn customer_row(order: OrderId) -> EntityKey {
    EntityKey {
        kind: EntityKind::Customer,
        id: encode(&order),
    }
}
