//! What a fact is about: the orders and packages whose chain of custody it belongs to.
//!
//! In: a fact. Out: orders and tags. Must not: look at the ledger.

use crate::event::Body;
use crate::id::{OrderId, PackageTag};

/// The orders and packages a fact is about: what its chain of custody is found by.
#[must_use]
pub fn subjects(body: &Body) -> (Vec<OrderId>, Vec<PackageTag>) {
    if let Body::EventTakenIn(done) = body {
        let inside = done.read().map(|(_, body)| subjects(&body));
        return inside.unwrap_or_default();
    }
    let mut orders: Vec<OrderId> = order_of(body).into_iter().collect();
    orders.extend(more_orders(body));
    orders.sort_unstable();
    orders.dedup();
    (orders, tags_of(body))
}

/// The orders a fact names besides the one it was done for.
fn more_orders(body: &Body) -> Vec<OrderId> {
    let mut orders = Vec::new();
    match body {
        Body::OrderArrived(done) => orders.push(done.order),
        Body::LeaseGranted(done) => {
            orders.extend(done.lease.orders.iter().map(|leased| leased.order));
            orders.extend(done.lease.hand_off.iter().flatten());
        }
        Body::AlarmRaised(done) => orders.extend(&done.orders),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ShiftStarted(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::MapDrawn(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::CountObserved(_)
        | Body::RecountOpened(_)
        | Body::StockHeld(_)
        | Body::StockReleased(_)
        | Body::ProcedureKept(_)
        | Body::StepSigned(_)
        | Body::TaskSigned(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::ChangeAcknowledged(_)
        | Body::LinesAllocated(_)
        | Body::LeaseReturned(_)
        | Body::OrderClaimed(_)
        | Body::LeaseBroken(_)
        | Body::LeaseRefilled(_)
        | Body::PackagePicked(_)
        | Body::PickVoided(_)
        | Body::ScanRefused(_)
        | Body::ShortPicked(_)
        | Body::ShortWithdrawn(_)
        | Body::ShortAgreed(_)
        | Body::Substituted(_)
        | Body::ToteRead(_)
        | Body::TicketRead(_)
        | Body::UnitVerified(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::SecondChecked(_)
        | Body::BagReturned(_)
        | Body::MessageSent(_)
        | Body::MessageSeen(_)
        | Body::BagChosen(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_)
        | Body::OrderHandedOff(_)
        | Body::ExceptionRaised(_)
        | Body::ExceptionResolved(_)
        | Body::LabelCompared(_)
        | Body::EventTakenIn(_) => {}
    }
    orders
}

/// The packages a fact names.
fn tags_of(body: &Body) -> Vec<PackageTag> {
    let one = |tag: &PackageTag| vec![tag.clone()];
    match body {
        Body::StockImported(done) => {
            let packages = done.packages.iter();
            packages.map(|listed| listed.tag.clone()).collect()
        }
        Body::LabResultsRecorded(done) => done.results.iter().map(|one| one.tag.clone()).collect(),
        Body::LinesAllocated(done) => {
            let packages = done.lines.iter().flat_map(|line| &line.packages);
            packages.map(|package| package.tag.clone()).collect()
        }
        Body::RecountOpened(done) => done.packages.iter().map(|one| one.tag.clone()).collect(),
        Body::CountObserved(done) => one(&done.tag),
        Body::StockHeld(done) => done.what.tag().cloned().into_iter().collect(),
        Body::StockReleased(done) => done.what.tag().cloned().into_iter().collect(),
        Body::PackagePicked(done) => one(&done.tag),
        Body::ShortPicked(done) => one(&done.tag),
        Body::ShortWithdrawn(done) => one(&done.tag),
        Body::UnitVerified(done) => one(&done.tag),
        Body::LabelCompared(done) => one(&done.tag),
        Body::ExceptionRaised(done) => done.tag.iter().cloned().collect(),
        Body::ExceptionResolved(done) => done.tag.iter().cloned().collect(),
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ShiftStarted(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::MapDrawn(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::OrderArrived(_)
        | Body::OrderChanged(_)
        | Body::OrderCancelled(_)
        | Body::ChangeAcknowledged(_)
        | Body::LeaseGranted(_)
        | Body::LeaseReturned(_)
        | Body::OrderClaimed(_)
        | Body::LeaseBroken(_)
        | Body::LeaseRefilled(_)
        | Body::PickVoided(_)
        | Body::ProcedureKept(_)
        | Body::StepSigned(_)
        | Body::TaskSigned(_)
        | Body::ScanRefused(_)
        | Body::ShortAgreed(_)
        | Body::Substituted(_)
        | Body::ToteRead(_)
        | Body::TicketRead(_)
        | Body::LabelPrinted(_)
        | Body::LabelReadBack(_)
        | Body::SecondChecked(_)
        | Body::BagReturned(_)
        | Body::MessageSent(_)
        | Body::MessageSeen(_)
        | Body::BagChosen(_)
        | Body::BagSealed(_)
        | Body::BagStaged(_)
        | Body::OrderHandedOff(_)
        | Body::AlarmRaised(_)
        | Body::EventTakenIn(_) => Vec::new(),
    }
}

/// The existing order an act refers to.
pub(super) fn order_of(body: &Body) -> Option<OrderId> {
    Some(match body {
        Body::OrderChanged(done) => done.order,
        Body::OrderCancelled(done) => done.order,
        Body::ChangeAcknowledged(done) => done.order,
        Body::LinesAllocated(done) => done.order,
        Body::LeaseReturned(done) => done.order,
        Body::OrderClaimed(done) => done.order,
        Body::LeaseBroken(done) => done.order,
        Body::PackagePicked(done) => done.order,
        Body::PickVoided(done) => done.order,
        Body::ScanRefused(done) => return done.order,
        Body::ShortPicked(done) => done.order,
        Body::ShortWithdrawn(done) => done.order,
        Body::ShortAgreed(done) => done.order,
        Body::Substituted(done) => done.order,
        Body::ToteRead(done) => done.order,
        Body::StepSigned(done) => done.order,
        Body::TaskSigned(done) => return done.order,
        Body::TicketRead(done) => done.order,
        Body::UnitVerified(done) => done.order,
        Body::LabelPrinted(done) => done.order,
        Body::LabelReadBack(done) => done.order,
        Body::SecondChecked(done) => done.order,
        Body::BagReturned(done) => done.order,
        Body::MessageSent(done) => done.order,
        Body::MessageSeen(done) => done.order,
        Body::BagChosen(done) => done.order,
        Body::BagSealed(done) => done.order,
        Body::BagStaged(done) => done.order,
        Body::OrderHandedOff(done) => done.order,
        Body::ExceptionRaised(done) => return done.order,
        Body::LabelCompared(done) => return done.order,
        Body::ExceptionResolved(done) => return done.order,
        Body::EpochOpened(_)
        | Body::ActorSignedIn(_)
        | Body::ActorSignedOut(_)
        | Body::ShiftStarted(_)
        | Body::ClockObserved(_)
        | Body::StorageAlarm(_)
        | Body::Rewritten(_)
        | Body::StoreConfigured(_)
        | Body::ActorAdded(_)
        | Body::DeviceEnrolled(_)
        | Body::MapDrawn(_)
        | Body::PasskeysChanged(_)
        | Body::SecretChanged(_)
        | Body::TokenChanged(_)
        | Body::DeviceWiped(_)
        | Body::StockImported(_)
        | Body::LabResultsRecorded(_)
        | Body::CountObserved(_)
        | Body::RecountOpened(_)
        | Body::StockHeld(_)
        | Body::StockReleased(_)
        | Body::ProcedureKept(_)
        | Body::OrderArrived(_)
        | Body::LeaseGranted(_)
        | Body::LeaseRefilled(_)
        | Body::AlarmRaised(_)
        | Body::EventTakenIn(_) => return None,
    })
}
