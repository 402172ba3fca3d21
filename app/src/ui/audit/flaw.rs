//! What is wrong with a record, in words.
//!
//! In: a flaw. Out: what it is, what it means. Must not: say otherwise than the server's program about the same flaw.

use domain::audit::Fault;
use domain::audit::verify::Flaw;

use crate::ui::words::Msg;

/// What is wrong.
pub(in crate::ui) fn says(flaw: Flaw) -> Msg {
    match flaw {
        Flaw::NotABundle => Msg::FlawNotABundle,
        Flaw::Malformed => Msg::FlawMalformed,
        Flaw::Unexpected => Msg::FlawUnexpected,
        Flaw::Truncated => Msg::FlawTruncated,
        Flaw::Trailing => Msg::FlawTrailing,
        Flaw::Head => Msg::FlawHead,
        Flaw::HeadOfAnotherLog => Msg::FlawHeadOfAnotherLog,
        Flaw::HeadSignature => Msg::FlawHeadSignature,
        Flaw::CoSignature => Msg::FlawCoSignature,
        Flaw::HeadsDisagree => Msg::FlawHeadsDisagree,
        Flaw::Tree => Msg::FlawTree,
        Flaw::Leaf => Msg::FlawLeaf,
        Flaw::Event(Fault::Unreadable) => Msg::FlawUnreadable,
        Flaw::Event(Fault::BrokenLink) => Msg::FlawBrokenLink,
        Flaw::Event(Fault::Missing) => Msg::FlawMissing,
        Flaw::Event(Fault::OutOfOrder) => Msg::FlawOutOfOrder,
        Flaw::Event(Fault::Signature) => Msg::FlawSignature,
        Flaw::OtherStore => Msg::FlawOtherStore,
        Flaw::UnknownDevice => Msg::FlawUnknownDevice,
        Flaw::NotOpened => Msg::FlawNotOpened,
        Flaw::Shop => Msg::FlawShop,
        Flaw::Certificate => Msg::FlawCertificate,
        Flaw::Person => Msg::FlawPerson,
        Flaw::UnknownException => Msg::FlawUnknownException,
        Flaw::MissingException => Msg::FlawMissingException,
        Flaw::Seal => Msg::FlawSeal,
    }
}

/// What it means for whoever relies on the record.
pub(super) fn means(flaw: Flaw) -> Msg {
    match flaw {
        Flaw::NotABundle
        | Flaw::Malformed
        | Flaw::Unexpected
        | Flaw::Truncated
        | Flaw::Trailing
        | Flaw::Seal => Msg::MeansDamaged,
        Flaw::Tree
        | Flaw::Leaf
        | Flaw::Event(Fault::Unreadable | Fault::BrokenLink | Fault::Signature) => {
            Msg::MeansChanged
        }
        Flaw::Event(Fault::Missing | Fault::OutOfOrder)
        | Flaw::NotOpened
        | Flaw::UnknownException
        | Flaw::MissingException => Msg::MeansGap,
        Flaw::HeadOfAnotherLog | Flaw::OtherStore | Flaw::UnknownDevice => Msg::MeansStranger,
        Flaw::HeadsDisagree => Msg::MeansRewritten,
        Flaw::Head | Flaw::HeadSignature | Flaw::CoSignature => Msg::MeansUnvouched,
        Flaw::Shop | Flaw::Certificate | Flaw::Person => Msg::MeansNames,
    }
}
