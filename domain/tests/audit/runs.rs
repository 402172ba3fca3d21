//! One signature can stand for many events, and still names the one it does not stand for.

use domain::audit::Fault;
use domain::audit::verify::{Depth, Flaw};
use domain::sync::message::Outcome;

use super::history::{History, PHONE, Secret, TABLET, arrives, leaves};
use super::workshop::{Memory, bundle, check, entry_at, records, sealed};

fn long_day() -> History {
    let mut history = History::new();
    history.sets_up();
    history.opens(TABLET);
    history.opens(PHONE);
    for _ in 0..250 {
        history.does(PHONE, arrives(), Outcome::Applied);
        history.does(TABLET, leaves(), Outcome::Applied);
        history.does(PHONE, leaves(), Outcome::Applied);
    }
    history.co_signs(&[]);
    history
}

#[test]
fn runs_need_a_fraction_of_the_signatures() {
    let file = bundle(&long_day());
    let memory = Memory::default();
    let every = memory.check(Depth::EveryEvent, &file);
    let runs = memory.check(Depth::Runs, &file);
    assert_eq!((every.first_bad, runs.first_bad), (None, None));
    assert_eq!(every.events, 758);
    // One per event, one for the head, one for the seal.
    assert_eq!(every.signatures, 760);
    assert!(runs.signatures < 760 / 25, "{}", runs.signatures);
}

#[test]
fn an_event_inside_a_run_whose_own_signature_is_bad_is_vouched_for_by_the_next() {
    let history = long_day();
    let mut records = records(&bundle(&history));
    entry_at(&mut records, 300).event.signature = vec![0; 64];
    let file = sealed(&history, &records);
    assert_eq!(check(Depth::Runs, &file).first_bad, None);
    let found = check(Depth::EveryEvent, &file).first_bad.unwrap();
    assert_eq!(found.position.map(|position| position.0), Some(300));
    assert_eq!(found.flaw, Flaw::Event(Fault::Signature));
}

#[test]
fn a_device_whose_key_was_lost_to_a_stranger_is_found_at_the_first_event_of_the_stranger() {
    let mut history = long_day();
    let first = history.next();
    history.writers[TABLET].secret = Secret::p256(88);
    for _ in 0..40 {
        history.does(TABLET, leaves(), Outcome::Applied);
        history.does(PHONE, leaves(), Outcome::Applied);
    }
    history.co_signs(&[]);
    let file = bundle(&history);
    for depth in [Depth::EveryEvent, Depth::Runs] {
        let found = check(depth, &file).first_bad.unwrap();
        assert_eq!(found.position, Some(first), "{depth:?}");
        assert_eq!(found.device, Some(history.writers[TABLET].device.id));
        assert_eq!(found.flaw, Flaw::Event(Fault::Signature));
    }
}
