//! What the server does because of a fact: finds packages for orders.
//!
//! In: a fact just recorded. Out: allocations, as facts of the server's own in the same transaction.
//! Must not: touch what somebody has in hand.

use crate::custody::allocate;
use crate::event::Body;
use crate::id::OrderId;
use crate::order::Status;
use crate::sync::server::Outside;
use crate::sync::server::log::Log;
use crate::sync::server::writer::Writer;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Does at once what a noted fact calls for.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn follow(&mut self, body: &Body) -> Result<(), L::Failed> {
        if let Body::OrderArrived(done) = body {
            self.allocate(done.order)?;
        } else if let Body::OrderChanged(done) = body {
            self.allocate(done.order)?;
            self.retry_short = true;
        } else if let Body::ShortPicked(done) = body {
            self.allocate(done.order)?;
        } else if matches!(body, Body::OrderCancelled(_) | Body::StockImported(_)) {
            self.retry_short = true;
        }
        Ok(())
    }

    /// Does at the end of a job what needs doing only once: looks again at orders nobody could fill, those
    /// due first before the others.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn settle(&mut self) -> Result<(), L::Failed> {
        if !std::mem::take(&mut self.retry_short) {
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

    fn allocate(&mut self, order: OrderId) -> Result<(), L::Failed> {
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
            self.record(done, None)?;
        }
        Ok(())
    }
}
