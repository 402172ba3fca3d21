//! What the server does because of a fact: finds packages for orders.
//!
//! In: a fact just recorded. Out: allocations, as facts of the server's own in the same transaction.
//! Must not: touch what somebody has in hand.

use domain::custody::allocate;
use domain::event::Body;
use domain::id::OrderId;
use domain::order::Status;

use super::{ServerFact, Work};
use crate::log::Failed;

impl Work {
    /// Does at once what a fact calls for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn react(&mut self, body: &Body) -> Result<(), Failed> {
        match body {
            Body::OrderArrived(done) => self.allocate(done.order)?,
            Body::OrderChanged(done) => {
                self.allocate(done.order)?;
                self.retry_short_orders();
            }
            Body::ShortPicked(done) => self.allocate(done.order)?,
            Body::OrderCancelled(_) | Body::StockImported(_) => self.retry_short_orders(),
            _ => {}
        }
        Ok(())
    }

    /// Does at the end of a job what needs doing only once: looks again at orders nobody could fill, those
    /// due first before the others.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn settle(&mut self) -> Result<(), Failed> {
        if !self.take_retry_short() {
            return Ok(());
        }
        let mut waiting: Vec<_> = self
            .ledger()
            .orders
            .values()
            .filter(|order| matches!(order.status, Status::New | Status::Short))
            .map(|order| (order.promise_end, order.id))
            .collect();
        waiting.sort_unstable();
        for (_, order) in waiting {
            self.allocate(order)?;
        }
        Ok(())
    }

    fn allocate(&mut self, order: OrderId) -> Result<(), Failed> {
        let today = self.today();
        let Some(order) = self.ledger().orders.get(&order) else {
            return Ok(());
        };
        if order.status.is_closed() {
            return Ok(());
        }
        let done = allocate::plan(self.ledger(), order, today);
        let gives = done.lines.iter().any(|line| !line.packages.is_empty());
        // A new order is told also that there is nothing: that is how it becomes short.
        if gives || order.status == Status::New {
            self.record(ServerFact::plain(done))?;
        }
        Ok(())
    }
}
