//! A hole in a chain passes where the log declares it, and nowhere else.

use domain::audit::bundle::Scope;
use domain::audit::verify::{Depth, Flaw};
use domain::audit::{Fault, links};
use domain::custody::alarm::AlarmRaised;
use domain::custody::exception::Rule;
use domain::id::{Epoch, Hash, OrderId};
use domain::sync::message::{OrderChain, Outcome, Recorded};

use super::history::{History, PHONE, SERVER, TABLET, arrives, leaves};
use super::workshop::{broken, bundle, bundle_of, check};

/// The tablet's chain loses three numbers; somebody declares what `change` makes of the truth.
fn torn(by: usize, change: impl FnOnce(&mut AlarmRaised)) -> History {
    let mut history = History::new();
    history.sets_up();
    for writer in [TABLET, PHONE] {
        history.opens(writer);
        history.does(writer, arrives(), Outcome::Applied);
    }
    for _ in 0..3 {
        history.envelope(TABLET, leaves());
    }
    let tablet = &history.writers[TABLET];
    let mut alarm = AlarmRaised {
        epoch: Some(tablet.chain.epoch()),
        seq: Some(tablet.chain.next() - 3),
        hash: Some(tablet.chain.head()),
        until: Some(tablet.chain.next()),
        ..AlarmRaised::about(Rule::ChainGap, tablet.device.id)
    };
    change(&mut alarm);
    history.does(by, alarm, Outcome::Applied);
    history.does(TABLET, arrives(), Outcome::Applied);
    history.does(TABLET, leaves(), Outcome::Applied);
    history.co_signs(&[]);
    history
}

#[test]
fn a_hole_the_log_declares_passes_and_is_counted() {
    let history = torn(SERVER, |_| {});
    for depth in [Depth::EveryEvent, Depth::Runs] {
        let report = check(depth, &bundle(&history));
        assert_eq!((report.first_bad, report.holes), (None, 1));
    }
    let file = bundle_of(&history, Scope::Chosen, &history.entries);
    assert_eq!(check(Depth::Runs, &file).first_bad, None);
}

#[test]
fn a_hole_nobody_or_the_wrong_one_declares_is_found() {
    let missing = Flaw::Event(Fault::Missing);
    type Change = fn(&mut AlarmRaised);
    let wrong: [(usize, Change, Flaw); 7] = [
        (SERVER, |alarm| alarm.until = None, missing),
        (SERVER, |alarm| alarm.rule = Rule::DeviceRollback, missing),
        (SERVER, |alarm| alarm.seq = Some(0), missing),
        (
            SERVER,
            |alarm| alarm.until = alarm.until.map(|at| at + 1),
            missing,
        ),
        (SERVER, |alarm| alarm.epoch = Some(Epoch([1; 16])), missing),
        (
            SERVER,
            |alarm| alarm.hash = Some(Hash([1; 32])),
            Flaw::Event(Fault::BrokenLink),
        ),
        (PHONE, |_| {}, missing),
    ];
    for (number, (by, change, flaw)) in wrong.into_iter().enumerate() {
        let history = torn(by, change);
        let at = u64::try_from(history.entries.len()).unwrap() - 1;
        for depth in [Depth::EveryEvent, Depth::Runs] {
            let found = broken(depth, &bundle(&history));
            assert_eq!(found, Some((Some(at), flaw)), "{number}");
        }
    }
}

#[test]
fn behind_a_hole_no_signature_vouches_for_what_was_before() {
    let mut history = torn(SERVER, |_| {});
    // The last event before the hole is signed by nobody.
    let tablet = history.writers[TABLET].device.id;
    let before = history.entries.iter().rposition(|entry| {
        let envelope = domain::event::Envelope::parse(&entry.event.bytes).unwrap();
        envelope.device == tablet && envelope.seq == 1
    });
    history.entries[before.unwrap()].event.signature = vec![0; 64];
    let found = broken(Depth::Runs, &bundle(&history));
    let at = u64::try_from(before.unwrap()).unwrap() + 1;
    assert_eq!(found, Some((Some(at), Flaw::Event(Fault::Signature))));
}

fn chain_of(history: &History) -> OrderChain {
    let recorded = history.entries.iter().map(|entry| Recorded {
        position: entry.position,
        recorded_at: entry.recorded_at,
        event: entry.event.clone(),
        outcome: entry.outcome.clone(),
        subject: true,
    });
    OrderChain {
        order: OrderId([1; 16]),
        events: recorded.collect(),
    }
}

#[test]
fn an_orders_chain_shows_the_hole_and_who_declared_it() {
    let whole = links(&chain_of(&torn(SERVER, |_| {}))).unwrap();
    let declared: Vec<_> = whole
        .iter()
        .filter(|link| link.declares().is_some())
        .collect();
    assert_eq!(declared.len(), 1);
    let undeclared = chain_of(&torn(SERVER, |alarm| alarm.until = None));
    assert_eq!(links(&undeclared).unwrap_err().fault, Fault::Missing);
    let elsewhere = chain_of(&torn(SERVER, |alarm| alarm.hash = Some(Hash([1; 32]))));
    assert_eq!(links(&elsewhere).unwrap_err().fault, Fault::BrokenLink);
}
