//! What the server does because of a fact: finds packages for orders, refills leases, has things counted.
//!
//! In: a fact just recorded. Out: facts of the server's own in the same transaction. Must not: touch what
//! somebody has in hand.

use std::collections::BTreeSet;

use crate::custody::tell::{self, MessageSent, Word};
use crate::custody::{allocate, escrow, hold, recount, swap};
use crate::event::Body;
use crate::facility::Device;
use crate::id::{DeviceId, LeaseId, OrderId};
use crate::mutated;
use crate::order::{Order, Status};
use crate::sync::server::Outside;
use crate::sync::server::log::Log;
use crate::sync::server::writer::Writer;

impl<L: Log, O: Outside> Writer<L, O> {
    /// Does at once what a noted fact calls for.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn follow(&mut self, body: &Body) -> Result<(), L::Failed> {
        self.retry_short |= frees_stock(body);
        if let Body::OrderArrived(done) = body {
            self.take_in_orphans(done.order)?;
            self.allocate(done.order)
        } else if let Body::OrderChanged(done) = body {
            self.allocate(done.order)
        } else if let Body::Substituted(done) = body {
            self.allocate(done.order)
        } else if let Body::ShortWithdrawn(done) = body {
            self.allocate(done.order)
        } else if let Body::StockHeld(_) | Body::LabelCompared(_) = body {
            self.allocate_lacking()
        } else if let Body::PickVoided(done) = body {
            // What went back may be held, and then its line needs a unit of another package.
            match hold::holds(self.ledger()).is_empty() {
                true => Ok(()),
                false => self.allocate(done.order),
            }
        } else if let Body::ShortPicked(done) = body {
            if !mutated("react_leaves_a_short_order_short") {
                self.allocate(done.order)?;
            }
            self.refill_due.insert(done.order);
            if let Some(missed) = &mut self.missed {
                missed.insert(done.order);
            }
            Ok(())
        } else if let Body::PackagePicked(done) = body {
            self.refill_due.insert(done.order);
            Ok(())
        } else if let Body::LinesAllocated(done) = body {
            self.refill_due.insert(done.order);
            Ok(())
        } else if let Body::ExceptionResolved(done) = body {
            done.order.map_or(Ok(()), |order| self.allocate(order))
        } else if let Body::DeviceEnrolled(done) = body {
            self.count_after(&done.device)
        } else if let Body::EventTakenIn(done) = body {
            match done.read() {
                Some((envelope, body)) => {
                    self.follow(&body)?;
                    self.look_into_late(&envelope, &body)
                }
                None => Ok(()),
            }
        } else {
            Ok(())
        }
    }

    /// Does at the end of a job what needs doing only once: looks again at orders nobody could fill, those
    /// due first before the others, and then at leases that were taken from.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn settle(&mut self) -> Result<(), L::Failed> {
        if std::mem::take(&mut self.retry_short) {
            self.allocate_waiting()?;
        }
        self.ask_customers()?;
        let orders = std::mem::take(&mut self.refill_due);
        let claims = orders.iter().filter_map(|order| {
            let order = self.ledger().orders.get(order)?;
            order.claim.as_ref()
        });
        let leases: BTreeSet<LeaseId> = claims.filter_map(|claim| claim.lease).collect();
        leases.into_iter().try_for_each(|lease| self.refill(lease))
    }

    /// Has the customers asked whose missing goods another package could have given, until somebody else had it. Whoever
    /// misses the last says so where it is missed.
    fn ask_customers(&mut self) -> Result<(), L::Failed> {
        let (ledger, today) = (self.ledger(), self.today());
        let known = tell::not_asked(ledger, self.missed.as_ref());
        let is_due = |order: &OrderId| {
            let order = ledger.orders.get(order);
            order.is_some_and(|order| swap::to_ask(ledger, order, today).next().is_some())
        };
        let due: Vec<OrderId> = known.iter().copied().filter(is_due).collect();
        self.missed = Some(known);
        let word = Word::ItemShort;
        due.into_iter().try_for_each(|order| {
            let said = MessageSent::of(order, word);
            self.record(said, None).map(drop)
        })
    }

    fn allocate_waiting(&mut self) -> Result<(), L::Failed> {
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

    /// Looks for other packages for the orders that lost some of theirs, those due first before the others.
    fn allocate_lacking(&mut self) -> Result<(), L::Failed> {
        let orders = self.ledger().orders.values();
        let lacks = |order: &&Order| {
            let mut lines = order.lines.iter();
            !order.status.is_closed() && lines.any(|line| line.unallocated() > line.short)
        };
        let mut lacking: Vec<_> = orders
            .filter(lacks)
            .map(|order| (order.promise_end, order.id))
            .collect();
        lacking.sort_unstable();
        for (_, order) in lacking {
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

    /// Gives a lease more to take from, when little is left of it.
    fn refill(&mut self, lease: LeaseId) -> Result<(), L::Failed> {
        let today = self.today();
        match escrow::refill_for(self.ledger(), lease, today) {
            Some(refill) => self.record(refill, None).map(drop),
            None => Ok(()),
        }
    }

    /// Has counted what a device may have taken in an enrolment that is over.
    fn count_after(&mut self, device: &Device) -> Result<(), L::Failed> {
        let is_of_before = |generation: u32| !device.active || generation != device.generation;
        let leases = self.ledger().leases.values();
        let mut of_device = leases.filter(|lease| lease.device == device.id);
        if of_device.any(|lease| is_of_before(lease.generation)) {
            self.have_counted(device.id)?;
        }
        Ok(())
    }

    /// Has counted all that a device may have taken and can no longer say.
    pub(super) fn have_counted(&mut self, device: DeviceId) -> Result<(), L::Failed> {
        if mutated("react_has_nothing_counted") {
            return Ok(());
        }
        for opened in recount::due(self.ledger(), device) {
            self.record(opened, None)?;
        }
        Ok(())
    }
}

/// Whether there may be something to give afterwards that was not there before.
fn frees_stock(body: &Body) -> bool {
    matches!(
        body,
        Body::OrderChanged(_)
            | Body::OrderCancelled(_)
            | Body::StockImported(_)
            | Body::LeaseReturned(_)
            | Body::LeaseBroken(_)
            | Body::PickVoided(_)
            | Body::ShortWithdrawn(_)
            | Body::BagSealed(_)
            | Body::OrderHandedOff(_)
            | Body::CountObserved(_)
            | Body::StockReleased(_)
            | Body::ExceptionResolved(_)
    )
}
