//! The server said no to what was asked: the words for each reason.
//!
//! In: its code. Out: words. Must not: say "try again" where that never helps, or "the network" where the server answered.

use domain::sync::enrol::DenialCode;

use crate::ui::passkeys;
use crate::ui::words::Msg;

/// The words for a denial, whatever was asked.
pub(super) fn word(code: DenialCode) -> Msg {
    match code {
        DenialCode::UnknownDevice => Msg::NoLongerKnown,
        DenialCode::RevokedDevice => Msg::RevokedByManager,
        DenialCode::UnknownActor => Msg::ServerKnowsNobody,
        DenialCode::Unavailable => Msg::ServerBusy,
        DenialCode::Unreadable | DenialCode::TooLarge => Msg::NotReadByServer,
        DenialCode::Replayed => Msg::AskedTwice,
        DenialCode::NotFound => Msg::NotThereAnyMore,
        DenialCode::OutOfScope => Msg::OnlyForATrip,
        DenialCode::Locked => Msg::LockedOnThisTablet,
        DenialCode::WrongPin => Msg::ClaimProveFirst,
        DenialCode::WrongCode
        | DenialCode::PasskeyNeeded
        | DenialCode::WrongPasskey
        | DenialCode::NoPasskey
        | DenialCode::Nameless
        | DenialCode::NotApproved
        | DenialCode::Full => passkeys::denied_word(code).unwrap_or(Msg::ServerKnowsNobody),
    }
}

/// The words for a claim that was not granted: whoever asks has not proven to be here.
pub(super) fn claim_word(code: DenialCode) -> Msg {
    match code {
        DenialCode::UnknownActor => Msg::ClaimProveFirst,
        other => word(other),
    }
}

/// The words where something was to be shown: the page is only there for whoever may see it, so the proof is missing.
pub(super) fn sight_word(code: DenialCode) -> Msg {
    match code {
        DenialCode::UnknownActor => Msg::SignInToProve,
        other => word(other),
    }
}

/// The words for an enrolment that was not taken.
pub(super) fn enrol_word(code: DenialCode) -> Msg {
    match code {
        DenialCode::WrongCode => Msg::EnrolCodeOld,
        DenialCode::UnknownDevice => Msg::EnrolTurnedAway,
        other => word(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [DenialCode; 18] = [
        DenialCode::Unreadable,
        DenialCode::UnknownDevice,
        DenialCode::RevokedDevice,
        DenialCode::WrongCode,
        DenialCode::WrongPin,
        DenialCode::Locked,
        DenialCode::UnknownActor,
        DenialCode::TooLarge,
        DenialCode::Replayed,
        DenialCode::NotFound,
        DenialCode::Unavailable,
        DenialCode::OutOfScope,
        DenialCode::PasskeyNeeded,
        DenialCode::WrongPasskey,
        DenialCode::NoPasskey,
        DenialCode::Nameless,
        DenialCode::NotApproved,
        DenialCode::Full,
    ];

    #[test]
    fn a_no_of_the_server_never_sends_anybody_to_the_network() {
        use crate::ui::words::Lang;
        for code in ALL {
            for msg in [
                word(code),
                claim_word(code),
                sight_word(code),
                enrol_word(code),
            ] {
                let said = (msg.say(Lang::En), msg.say(Lang::Es));
                assert!(!said.0.contains("network"), "{code:?}: {said:?}");
                assert!(!said.1.contains("la red"), "{code:?}: {said:?}");
            }
        }
    }

    #[test]
    fn who_has_to_prove_it_first_is_not_told_that_an_order_is_gone_or_that_nobody_of_the_name_works_here()
     {
        assert_eq!(claim_word(DenialCode::UnknownActor), Msg::ClaimProveFirst);
        assert_eq!(word(DenialCode::UnknownActor), Msg::ServerKnowsNobody);
        assert_eq!(claim_word(DenialCode::RevokedDevice), Msg::RevokedByManager);
    }
}
