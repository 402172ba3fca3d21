//! The exit label: printed, stuck on, read back.
//!
//! In: a verified order. Out: which label the bag carries. Must not: let a bag close under a label that
//! says something else than what is in it.

use minicbor::{Decode, Encode};

use crate::code::own::{OwnCode, OwnKind};
use crate::custody::Situation;
use crate::custody::scan::{Evidence, Scan};
use crate::facility::Right;
use crate::id::{Hash, OrderId};
use crate::ledger::Ledger;
use crate::order::{Order, PrintedLabel, Status, short_hash};
use crate::stock::Potency;
use crate::verdict::{Reason, Refusal, Verdict};

/// An exit label was sent to a printer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabelPrinted {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The code on the label.
    #[n(1)]
    pub code: String,
    /// Hash of the goods the label names.
    #[n(2)]
    pub content: Hash,
    /// 1 for the first print.
    #[n(3)]
    pub copy: u32,
    /// Why it was printed again.
    #[n(4)]
    pub reason: Option<ReprintReason>,
}

/// Why a label was printed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ReprintReason {
    /// Nothing came out of the printer.
    #[n(0)]
    NothingCameOut,
    /// It could not be read.
    #[n(1)]
    Unreadable,
    /// It was damaged.
    #[n(2)]
    Damaged,
}

/// The label on the bag was read back, and is the right one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabelReadBack {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The code that was read.
    #[n(1)]
    pub code: String,
}

/// The hash of the goods a label names: every unit in the bag and its potency as printed.
#[must_use]
pub fn content_hash(ledger: &Ledger, order: &Order) -> Hash {
    let mut goods: Vec<String> = order
        .picks
        .iter()
        .map(|pick| {
            let package = ledger.packages.get(&pick.tag);
            let text = |potency: Option<Potency>| potency.map_or_else(String::new, Potency::text);
            let thc = text(package.and_then(|package| package.thc));
            let cbd = text(package.and_then(|package| package.cbd));
            format!("{} {} {thc} {cbd}\n", pick.line, pick.tag)
        })
        .collect();
    goods.sort_unstable();
    let head = format!("{}\n{}\n", order.id, order.version);
    Hash::of(&[
        b"custody-label-1\n",
        head.as_bytes(),
        goods.concat().as_bytes(),
    ])
}

/// The code an order's exit label carries.
#[must_use]
pub fn label_code(ledger: &Ledger, order: &Order) -> String {
    let id = format!(
        "{}{}",
        order.code_id(),
        short_hash(&content_hash(ledger, order))
    );
    OwnCode::make(OwnKind::Label, &id).unwrap_or_default()
}

/// May the label be printed, or printed again?
#[must_use]
pub fn decide_print(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    reason: Option<ReprintReason>,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    match order.status {
        Status::Verified | Status::Labelled => {}
        Status::Cancelled => return Reason::OrderCancelled.into(),
        Status::New
        | Status::Ready
        | Status::Claimed
        | Status::Picking
        | Status::Picked
        | Status::Verifying
        | Status::Sealed
        | Status::Staged
        | Status::Out
        | Status::HandedOver
        | Status::Returned
        | Status::Short
        | Status::Problem => return Reason::NotYet.into(),
    }
    let copies = order.label.as_ref().map_or(0, |label| label.copies);
    let done = LabelPrinted {
        order: order.id,
        code: label_code(ledger, order),
        content: content_hash(ledger, order),
        copy: copies.saturating_add(1),
        reason,
    };
    Verdict::Accepted(done.into())
}

/// Is this the label that belongs on the bag?
#[must_use]
pub fn decide_read_back(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    scan: &Scan,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Fulfil) {
        return Verdict::Refused(refusal);
    }
    let Some(order) = ledger.orders.get(&order) else {
        return Reason::Unknown.into();
    };
    let Some(label) = order
        .label
        .as_ref()
        .filter(|_| order.status == Status::Labelled)
    else {
        return Reason::NotYet.into();
    };
    match scan.evidence() {
        Evidence::Own(OwnKind::Label, id) => {
            let code = OwnCode::make(OwnKind::Label, &id).unwrap_or_default();
            if code == label.code && label.content == content_hash(ledger, order) {
                Verdict::Accepted(
                    LabelReadBack {
                        order: order.id,
                        code,
                    }
                    .into(),
                )
            } else if id.starts_with(&order.code_id()) {
                Reason::WrongLabel.into()
            } else {
                Reason::OtherOrder.into()
            }
        }
        Evidence::Package { .. } | Evidence::Product(_) | Evidence::Own(..) | Evidence::Nothing => {
            Verdict::Refused(Refusal::because(Reason::NotACode))
        }
    }
}

/// Takes a print in; what was read back before must be read back again. A closed bag is known by the label
/// it was closed under: paper printed after that changes nothing.
pub fn printed(ledger: &mut Ledger, done: &LabelPrinted) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if order.status >= Status::Sealed {
        return;
    }
    order.label = Some(PrintedLabel {
        code: done.code.clone(),
        content: done.content,
        copies: done.copy,
        read_back: false,
    });
    if order.status == Status::Verified {
        order.status = Status::Labelled;
    }
}

/// Takes a label that was read back in.
pub fn read_back(ledger: &mut Ledger, done: &LabelReadBack) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    if let Some(label) = order.label.as_mut().filter(|label| label.code == done.code) {
        label.read_back = true;
    }
}
