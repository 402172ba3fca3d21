//! Somebody reports by hand what no rule can see.
//!
//! In: a person's word. Out: an exception like any other. Must not: let a person accuse a device or the
//! server of what only signatures and chains can show.

use minicbor::{Decode, Encode};

use crate::custody::Situation;
use crate::custody::exception::Rule;
use crate::facility::Right;
use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::verdict::{Reason, Refusal, Verdict};

/// Characters of a note kept at most.
pub const NOTE_CHARS_MAX: usize = 500;

/// Somebody reported what is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExceptionRaised {
    /// The rule that seems broken.
    #[n(0)]
    pub rule: Rule,
    /// The order, when it is about one.
    #[n(1)]
    pub order: Option<OrderId>,
    /// The package, when it is about one.
    #[n(2)]
    pub tag: Option<PackageTag>,
    /// What was seen, in the person's words. Never about a customer.
    #[n(3)]
    pub note: String,
}

/// Whether a person can see a breach of this rule; the others are the server's to find.
#[must_use]
pub fn is_for_people(rule: Rule) -> bool {
    match rule {
        Rule::DoublePick
        | Rule::Overdraw
        | Rule::LineFilledTwice
        | Rule::CancelledOrderPick
        | Rule::HeldOrRecalled
        | Rule::LimitExceeded
        | Rule::ActorInvalid => true,
        Rule::LeaseBrokenPick
        | Rule::UnleasedPick
        | Rule::UnknownReference
        | Rule::ChainGap
        | Rule::DeviceRollback
        | Rule::ServerRollback
        | Rule::Fork
        | Rule::BadSignature
        | Rule::LateFromClosedDevice
        | Rule::SchemaUnknown
        | Rule::ClockSuspect
        | Rule::PermitOver
        | Rule::CountDiffers
        | Rule::NeverThere
        | Rule::Newer(_) => false,
    }
}

/// The rule a report opens an exception for.
pub(crate) fn reported(done: &ExceptionRaised) -> Option<Rule> {
    is_for_people(done.rule).then_some(done.rule)
}

/// May this person report this?
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    rule: Rule,
    about: (Option<OrderId>, Option<&PackageTag>),
    note: &str,
) -> Verdict {
    if let Err(refusal) = situation.require(ledger, Right::Report) {
        return Verdict::Refused(refusal);
    }
    let (order, tag) = about;
    let is_known = order.is_none_or(|order| ledger.orders.contains_key(&order))
        && tag.is_none_or(|tag| ledger.packages.contains_key(tag));
    if !is_known || !is_for_people(rule) || (order.is_none() && tag.is_none()) {
        return Verdict::Refused(Refusal {
            scanned: tag.cloned(),
            ..Refusal::because(Reason::Unknown)
        });
    }
    let done = ExceptionRaised {
        rule,
        order,
        tag: tag.cloned(),
        note: note.trim().chars().take(NOTE_CHARS_MAX).collect(),
    };
    Verdict::Accepted(done.into())
}
