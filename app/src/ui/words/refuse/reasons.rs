//! Which words a reason has.

use domain::verdict::Reason;

use super::Refused;

/// The words for a reason.
#[must_use]
pub(in crate::ui) fn words_of(reason: Reason) -> Refused {
    match reason {
        Reason::WrongBatch => Refused::WrongBatch,
        Reason::WrongProduct => Refused::WrongProduct,
        Reason::FoundAfterAll => Refused::FoundAfterAll,
        Reason::AlreadyScanned => Refused::AlreadyScanned,
        Reason::OnHold => Refused::OnHold,
        Reason::NotTested => Refused::NotTested,
        Reason::Expired => Refused::Expired,
        Reason::NotOnThisOrder => Refused::NotOnThisOrder,
        Reason::LineComplete => Refused::LineComplete,
        Reason::TagNotKnown | Reason::Unknown => Refused::TagNotKnown,
        Reason::ProductCodeOnly => Refused::ProductCodeOnly,
        Reason::NotACode => Refused::NotACode,
        Reason::NotYet => Refused::StepMissing,
        Reason::OldTicket => Refused::OldTicket,
        Reason::OtherOrder => Refused::WrongBag,
        Reason::WrongLabel => Refused::WrongLabel,
        Reason::WrongSlot => Refused::WrongSlot,
        Reason::WrongLocation => Refused::WrongLocation,
        Reason::ForAnotherStep => Refused::ForAnotherStep,
        Reason::SlotFull => Refused::SlotFull,
        Reason::SomebodyElses => Refused::NotYourOrder,
        Reason::NotYourRole => Refused::NotAllowed,
        Reason::OrderCancelled => Refused::OrderCancelled,
        Reason::WaitsForManager => Refused::WaitsForManager,
        Reason::NeedsServer => Refused::NotYetSent,
        Reason::UnderAge => Refused::UnderAge,
        Reason::IdExpired => Refused::IdExpired,
        Reason::IdUnclear => Refused::IdUnclear,
        Reason::OwnAct => Refused::OwnAct,
        Reason::PermitOver => Refused::PermitOver,
        Reason::OverLimit => Refused::OverLimit,
        Reason::LimitUnclear => Refused::LimitUnknown,
        Reason::WrongTote => Refused::WrongTote,
        Reason::ToteTaken => Refused::ToteTaken,
        Reason::ToteFirst => Refused::ToteFirst,
        Reason::NoToteYet => Refused::NoToteYet,
        Reason::NoCertificate => Refused::NoCertificate,
        Reason::NoSwap => Refused::NoSwap,
        Reason::StepsOpen => Refused::StepsOpen,
        Reason::BagNotFit => Refused::BagNotFit,
        Reason::BagMissing => Refused::BagMissing,
        Reason::LineMissing => Refused::LineMissing,
        Reason::LineTooMany => Refused::LineTooMany,
        Reason::SecondPersonNeeded => Refused::SecondPersonNeeded,
        Reason::SignatureNeeded => Refused::SignatureNeeded,
        Reason::SignatureNotKept => Refused::SignatureNotKept,
        Reason::PatientCardNeeded => Refused::PatientCardNeeded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::Lang;

    /// Whoever looks for a hold that is none looks in vain.
    #[test]
    fn what_no_laboratory_passed_is_not_called_held() {
        let untested = words_of(Reason::NotTested);
        assert_ne!(untested, words_of(Reason::OnHold));
        assert!(untested.what(Lang::En).contains("laboratory"));
    }
}
