//! What became of managers' passkeys is counted for whoever checks a log.

use domain::audit::bundle::Scope;
use domain::audit::verify::Depth;
use domain::custody::passkeys::{PasskeyChange, PasskeysChanged, passkey_hash};
use domain::id::ActorId;
use domain::sync::message::{Outcome, QuarantineReason};

use super::history::{History, SERVER, TABLET};
use super::workshop::{bundle, bundle_of, check};

fn changed(change: PasskeyChange) -> PasskeysChanged {
    PasskeysChanged {
        actor: ActorId(5),
        change,
        device: None,
        passkey: Some(passkey_hash(b"number")),
        vouched: Vec::new(),
        by_code: None,
    }
}

#[test]
fn changes_of_passkeys_and_ways_back_are_counted_and_what_a_device_says_of_them_is_not() {
    let mut history = History::new();
    history.sets_up();
    history.opens(TABLET);
    for change in [
        PasskeyChange::Made,
        PasskeyChange::MadeAnew,
        PasskeyChange::Removed,
        PasskeyChange::Newer(9),
    ] {
        history.does(SERVER, changed(change), Outcome::Applied);
    }
    let aside = Outcome::Quarantined(QuarantineReason::NotTheServers);
    history.does(TABLET, changed(PasskeyChange::MadeAnew), aside);
    history.co_signs(&[]);
    let files = [
        bundle(&history),
        bundle_of(&history, Scope::Chosen, &history.entries),
    ];
    for file in files {
        for depth in [Depth::EveryEvent, Depth::Runs] {
            let report = check(depth, &file);
            let counted = (report.passkeys, report.ways_back, report.aside);
            assert_eq!((report.first_bad, counted), (None, (4, 1, 1)));
        }
    }
}
