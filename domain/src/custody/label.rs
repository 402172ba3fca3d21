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
use crate::label::facts::allowed;
use crate::label::{Language, Media};
use crate::ledger::Ledger;
use crate::limits::LimitPack;
use crate::order::{Order, PrintedLabel, Status, short_hash};
use crate::stock::Potency;
use crate::verdict::{Instead, Reason, Refusal, Verdict};

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
    /// Names the rules it was printed by; `None` in a shop without a rule pack, and from an app of before that.
    #[n(5)]
    pub rules: Option<Hash>,
    /// The language of its captions; `None` from an app whose labels had English ones, and whose codes knew goods alone.
    #[n(6)]
    pub language: Option<Language>,
    /// The stock it was set for.
    #[n(7)]
    pub media: Option<Media>,
    /// The shop's printer that is to print it, by name; `None` when the browser does.
    #[n(8)]
    pub printer: Option<String>,
    /// Day and time of the sale as printed, in the shop's zone.
    #[n(9)]
    pub sold: Option<String>,
}

/// How a label is to be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printing {
    /// Why again; `None` for the first time.
    pub reason: Option<ReprintReason>,
    /// The language of its captions.
    pub language: Language,
    /// The stock.
    pub media: Media,
    /// The shop's printer, by name; `None`: the browser prints.
    pub printer: Option<String>,
    /// Day and time of the sale as printed, in the shop's zone.
    pub sold: String,
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
    /// It was lost.
    #[n(3)]
    Lost,
    /// What it says is no longer so: goods, rules or language.
    #[n(4)]
    Changed,
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

/// The rules that labels are printed by now; `None` in a shop without a rule pack.
#[must_use]
pub fn rules_in_force(ledger: &Ledger) -> Option<&LimitPack> {
    ledger.store()?.rules.limits.as_deref()
}

/// The code an order's exit label carries: the order's own, and six characters that stand for what is in the bag, for the rules
/// it was printed by, for its language and for which print of it this is. So none of these can change, and no earlier print can
/// come back, without the code being another.
#[must_use]
pub fn label_code(ledger: &Ledger, order: &Order, copy: u32, language: Language) -> String {
    let rules = rules_in_force(ledger).map_or_else(Hash::default, |pack| pack.hash);
    let language = match language {
        Language::English => 0_u8,
        Language::Spanish => 1,
    };
    let said = Hash::of(&[
        b"custody-label-code-2\n",
        &content_hash(ledger, order).0,
        &rules.0,
        &copy.to_be_bytes(),
        &[language],
    ]);
    let id = format!("{}{}", order.code_id(), short_hash(&said));
    OwnCode::make(OwnKind::Label, &id).unwrap_or_default()
}

/// Whether the label that was printed last still says what is so: the same goods, under the same rules.
#[must_use]
pub fn is_true(ledger: &Ledger, order: &Order, label: &PrintedLabel) -> bool {
    let is_same = label.content == content_hash(ledger, order);
    // Without a language it is of an app whose codes knew goods alone.
    let is_coded = |language| label.code == label_code(ledger, order, label.copies, language);
    is_same && label.language.is_none_or(is_coded)
}

/// May the label be printed, or printed again?
#[must_use]
pub fn decide_print(
    ledger: &Ledger,
    situation: &Situation,
    order: OrderId,
    printing: Printing,
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
    let copy = copies.saturating_add(1);
    let language = allowed(ledger, printing.language);
    // Whoever prints again says why.
    let again = printing.reason.unwrap_or(ReprintReason::Changed);
    let done = LabelPrinted {
        order: order.id,
        code: label_code(ledger, order, copy, language),
        content: content_hash(ledger, order),
        copy,
        reason: (copies > 0).then_some(again),
        rules: rules_in_force(ledger).map(|pack| pack.hash),
        language: Some(language),
        media: Some(printing.media),
        printer: printing.printer,
        sold: Some(printing.sold),
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
            if code == label.code && is_true(ledger, order, label) {
                Verdict::Accepted(
                    LabelReadBack {
                        order: order.id,
                        code,
                    }
                    .into(),
                )
            } else {
                Verdict::Refused(not_of(ledger, order, &id))
            }
        }
        Evidence::Package { .. } | Evidence::Product(_) | Evidence::Own(..) | Evidence::Nothing => {
            Verdict::Refused(Refusal::because(scan.unfit()))
        }
    }
}

/// Why a label is no bag's: the order it is of carries another one, or nobody knows it.
pub(crate) fn dead(ledger: &Ledger, id: &str) -> Refusal {
    let Some(order) = ledger.order_of_paper(id) else {
        return Refusal::because(Reason::Unknown);
    };
    Refusal {
        order: Some(Box::new(order.id)),
        instead: Some(Box::new(Instead::PaperOf(order.id))),
        ..Refusal::because(Reason::WrongLabel)
    }
}

/// Why a label or a ticket is not the order's: it is of another one, or a label of before.
pub(crate) fn not_of(ledger: &Ledger, order: &Order, id: &str) -> Refusal {
    if id.starts_with(&order.code_id()) {
        return Refusal::because(Reason::WrongLabel);
    }
    Refusal {
        order: Some(Box::new(order.id)),
        instead: ledger
            .order_of_paper(id)
            .map(|of| Box::new(Instead::PaperOf(of.id))),
        ..Refusal::because(Reason::OtherOrder)
    }
}

/// Takes a print in; what was read back before must be read back again. A closed bag is known by the label
/// it was closed under: paper printed after that changes nothing. Nor does word of an earlier print that comes after a later
/// one, from a tablet that was without a network: what the later one killed stays dead.
pub fn printed(ledger: &mut Ledger, done: &LabelPrinted) {
    let Some(order) = ledger.order_mut(&done.order) else {
        return;
    };
    let is_before = |label: &PrintedLabel| done.copy < label.copies;
    if order.status >= Status::Sealed || order.label.as_ref().is_some_and(is_before) {
        return;
    }
    order.label = Some(PrintedLabel {
        code: done.code.clone(),
        content: done.content,
        copies: done.copy,
        read_back: false,
        language: done.language,
    });
    if order.status == Status::Verified {
        order.status = Status::Labelled;
    }
}

/// A bag is known by the label it was closed under, whatever another tablet has printed for it meanwhile: that paper is dead,
/// and on another bag it opens nothing.
pub(crate) fn closed_under(order: &mut Order, code: &str) {
    let is_own = is_label_of(order, code);
    let label = order.label.as_mut().filter(|label| label.code != code);
    if let Some(label) = label.filter(|_| is_own) {
        code.clone_into(&mut label.code);
        label.read_back = true;
        label.language = None;
    }
}

/// Whether this is the code of a label that says it is of this order.
fn is_label_of(order: &Order, code: &str) -> bool {
    let own = order.code_id();
    // What follows is six characters and one that checks them.
    let made = code.split_once(&own).and_then(|(_, rest)| {
        let said = rest.get(..rest.len().checked_sub(1)?)?;
        OwnCode::make(OwnKind::Label, &format!("{own}{said}"))
    });
    made.as_deref() == Some(code)
}

/// Refuses the paper of a closed bag that is not the one it was closed under.
///
/// # Errors
/// When the code is a label of before, or of another tablet.
pub fn require_living(ledger: &Ledger, scan: &Scan) -> Result<(), Refusal> {
    let Evidence::Own(OwnKind::Label, id) = scan.evidence() else {
        return Ok(());
    };
    let order = ledger.order_of_paper(&id).filter(|order| is_closed(order));
    let code = OwnCode::make(OwnKind::Label, &id);
    let is_other = |order: &Order| order.label.as_ref().map(|label| &label.code) != code.as_ref();
    if order.is_some_and(is_other) {
        Err(dead(ledger, &id))
    } else {
        Ok(())
    }
}

/// Whether its bag was closed and is still here.
fn is_closed(order: &Order) -> bool {
    matches!(order.status, Status::Sealed | Status::Staged)
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
