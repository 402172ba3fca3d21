//! A reading at the bench: units and ticket, label, second person, seal, slot.
//!
//! In: a scan and the order it is for. Out: the act that the order waits for, carried out. Must not: own a rule.

use domain::code::Reading;
use domain::code::own::OwnKind;
use domain::custody::pick::ScanTask;
use domain::custody::scan::{Evidence, Scan};
use domain::custody::{label, return_to_vault, seal, second, stage, verify, wrap};
use domain::id::OrderId;
use domain::order::{Order, Status};

use super::{closely, open};
use crate::device::{Outcome, device};

/// What an order on the bench waits for.
#[derive(Clone, Copy)]
enum Waits {
    Goods,
    Label,
    Bag,
    Second,
    Seal,
    Slot,
}

fn waits(id: OrderId) -> Waits {
    let situation = device().situation();
    device().ledger_now(|ledger| {
        let order = ledger.orders.get(&id);
        let is_read_back = |order: &Order| order.label.as_ref().is_some_and(|one| one.read_back);
        let is_alone = |order: &Order| {
            let situation = situation.as_ref();
            situation.is_some_and(|here| !second::missing(ledger, here, order).is_empty())
        };
        match order.map(|order| (order.status, order)) {
            Some((Status::Labelled, order)) if !is_read_back(order) => Waits::Label,
            Some((Status::Labelled, order)) if wrap::is_missing(ledger, order) => Waits::Bag,
            Some((Status::Labelled, order)) if is_alone(order) => Waits::Second,
            Some((Status::Labelled, _)) => Waits::Seal,
            Some((Status::Sealed | Status::Staged, _)) => Waits::Slot,
            Some(_) | None => Waits::Goods,
        }
    })
}

/// A reading for an order on the bench.
pub(super) async fn pack(order: OrderId, scan: &Scan, reading: &Reading) {
    let is_label = matches!(scan.evidence(), Evidence::Own(OwnKind::Label, _));
    let outcome = match waits(order) {
        // The label once more, on the closed bag: that is the seal.
        Waits::Seal if is_label => match read_back(order, scan).await {
            Outcome::Saved(_) => close(order).await,
            other => other,
        },
        Waits::Second if is_label => look_again(order, scan).await,
        Waits::Bag if !is_label => wrap_up(order, scan).await,
        Waits::Label | Waits::Bag | Waits::Second | Waits::Seal => read_back(order, scan).await,
        Waits::Slot => return stage(Some(order), scan, reading).await,
        Waits::Goods => {
            let task = Some((ScanTask::Verify, Some(order), scan));
            let decide = |ledger: &_, here: &_| verify::decide(ledger, here, order, scan);
            device().act(task, decide).await
        }
    };
    closely::shown(order, reading, outcome);
}

async fn read_back(order: OrderId, scan: &Scan) -> Outcome {
    let task = Some((ScanTask::Label, Some(order), scan));
    let decide = |ledger: &_, here: &_| label::decide_read_back(ledger, here, order, scan);
    device().act(task, decide).await
}

async fn wrap_up(order: OrderId, scan: &Scan) -> Outcome {
    let task = Some((ScanTask::Label, Some(order), scan));
    let decide = |ledger: &_, here: &_| wrap::decide(ledger, here, order, scan);
    device().act(task, decide).await
}

async fn look_again(order: OrderId, scan: &Scan) -> Outcome {
    let task = Some((ScanTask::Label, Some(order), scan));
    let decide = |ledger: &_, here: &_| second::decide(ledger, here, order, scan);
    device().act(task, decide).await
}

async fn close(order: OrderId) -> Outcome {
    let decide = |ledger: &_, here: &_| seal::decide(ledger, here, order);
    device().act(None, decide).await
}

/// A bag, then its slot.
pub(super) async fn stage(order: Option<OrderId>, scan: &Scan, reading: &Reading) {
    let is_label = matches!(scan.evidence(), Evidence::Own(OwnKind::Label, _));
    let Some(id) = order.filter(|_| !is_label) else {
        return open::what(order, scan, reading);
    };
    let task = Some((ScanTask::Stage, Some(id), scan));
    let decide = |ledger: &_, here: &_| stage::decide(ledger, here, id, scan);
    let outcome = device().act(task, decide).await;
    closely::shown(id, reading, outcome);
}

/// A bag that goes back to the vault.
pub(super) async fn evening(scan: &Scan, reading: &Reading) {
    let task = Some((ScanTask::Stage, None, scan));
    let decide = |ledger: &_, here: &_| return_to_vault::decide(ledger, here, scan);
    match device().act(task, decide).await {
        Outcome::Refused(refusal) => closely::refused(None, reading, refusal),
        other => super::came(other),
    }
}
