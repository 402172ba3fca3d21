//! Codes that lead to places: a ticket to its order, a label to its bag, NEXT to the next one.
//!
//! In: a scan. Out: the place, opened and said. Must not: record anything; to look is no act.

use std::cell::RefCell;

use domain::code::Reading;
use domain::code::own::OwnKind;
use domain::custody::scan::{Evidence, Scan};
use domain::custody::{label, tote};
use domain::id::OrderId;
use domain::ledger::Ledger;
use domain::order::{Order, Status};
use domain::verdict::{Reason, Refusal};

use super::{Feedback, First, closely, first, lit, show_refusal};
use crate::device::device;

thread_local! {
    static OPEN: RefCell<Option<fn(Open)>> = const { RefCell::new(None) };
}

/// A place a scanned code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Picking of an order.
    Pick(OrderId),
    /// The shelf of what is to be taken: it is here already.
    Shelf,
    /// The pack station with an order.
    Pack(OrderId),
    /// The pack station, with whatever waits there.
    Bench,
    /// Staging with an order's bag.
    Stage(OrderId),
    /// Handing over an order's bag.
    HandOver(OrderId),
    /// The printer, with a bag's label.
    Print(OrderId),
    /// The next order to work on.
    Next {
        /// The one in front.
        besides: Option<OrderId>,
    },
}

/// Says how codes open places.
pub fn open_with(open: fn(Open)) {
    OPEN.set(Some(open));
}

/// Opens what a scan leads to, or says why it leads nowhere.
pub(super) fn what(order: Option<OrderId>, scan: &Scan, reading: &Reading) {
    let living = device().ledger_now(|ledger| label::require_living(ledger, scan));
    match opens(scan) {
        Some(open) => match living {
            Ok(()) => go(open),
            Err(refusal) => show_refusal(refusal),
        },
        None if is_of_before(scan) => show_refusal(Refusal::because(Reason::OldTicket)),
        None if is_known(scan) => first(First::Order),
        None => closely::refused(order, reading, Refusal::because(Reason::NotACode)),
    }
}

/// Whether it is a ticket of an order that has changed since it was printed: its shelves and tags are no longer the right
/// ones, so it leads nowhere.
fn is_of_before(scan: &Scan) -> bool {
    let Evidence::Own(OwnKind::Ticket, id) = scan.evidence() else {
        return false;
    };
    let order = |ledger: &Ledger| ledger.order_of_paper(&id).map(|order| order.id);
    device().ledger_now(order).is_some()
}

/// Whether it is a code of this shop, be it one for another screen.
fn is_known(scan: &Scan) -> bool {
    match scan.evidence() {
        Evidence::Package { tag, .. } => {
            device().ledger_now(|ledger| ledger.packages.contains_key(&tag))
        }
        Evidence::Product(_) | Evidence::Own(..) => true,
        Evidence::Nothing => false,
    }
}

/// A ticket and a tote open their order wherever it stands, a label its bag.
pub(super) fn opens(scan: &Scan) -> Option<Open> {
    match scan.evidence() {
        Evidence::Own(OwnKind::Ticket, id) => device().ledger_now(|ledger| {
            let mut orders = ledger.orders.values();
            orders
                .find(|order| order.ticket_id() == id)
                .map(where_it_is)
        }),
        Evidence::Own(OwnKind::Tote, id) => {
            device().ledger_now(|ledger| tote::order_in(ledger, &id).map(where_it_is))
        }
        Evidence::Own(OwnKind::Label, id) => device().ledger_now(|ledger| {
            let order = ledger.order_of_paper(&id)?;
            Some(if order.status >= Status::Sealed {
                Open::Stage(order.id)
            } else {
                Open::Pack(order.id)
            })
        }),
        Evidence::Package { .. } | Evidence::Product(_) | Evidence::Own(..) | Evidence::Nothing => {
            None
        }
    }
}

/// Where an order is worked on: at the shelves until all of it is picked, then at the bench.
fn where_it_is(order: &Order) -> Open {
    match order.status {
        Status::Ready | Status::Claimed | Status::Picking => Open::Pick(order.id),
        _ => Open::Pack(order.id),
    }
}

/// Goes there, and says so on all channels at once.
pub(super) fn go(open: Open) {
    lit(Feedback::Led(open));
    if let Some(go) = OPEN.with_borrow(|go| *go) {
        go(open);
    }
}
