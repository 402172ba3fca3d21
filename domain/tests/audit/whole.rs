//! An honest bundle passes, whichever part of the log it holds, and says what is in it.

use domain::audit::bundle::{Entry, Scope};
use domain::audit::verify::{Depth, Verifier};
use domain::id::{DeviceId, Position};

use super::history::{History, TABLET, arrives, verifies};
use super::workshop::{bundle, bundle_of, check};
use domain::sync::message::Outcome;

#[test]
fn the_bundle_of_an_honest_morning_is_in_order() {
    let history = History::morning();
    let file = bundle(&history);
    for depth in [Depth::EveryEvent, Depth::Runs] {
        let report = check(depth, &file);
        assert_eq!(report.first_bad, None);
        assert_eq!(report.events, 15);
        assert_eq!(report.positions, Some((Position(1), Position(15))));
        assert_eq!(
            (report.aside, report.exceptions, report.open_exceptions),
            (1, 1, 1)
        );
        let tablet = DeviceId([0x0a; 16]);
        let phone = DeviceId([0x0b; 16]);
        assert_eq!(report.devices.get(&tablet), Some(&6));
        assert_eq!(report.devices.len(), 3);
        let sizes: Vec<u64> = report
            .heads
            .iter()
            .map(|head| head.checkpoint.size)
            .collect();
        assert_eq!(sizes, [15, 14, 9]);
        let seen: Vec<&[DeviceId]> = report
            .heads
            .iter()
            .map(|head| &head.witnesses[..])
            .collect();
        assert_eq!(seen, [&[][..], &[phone], &[tablet, phone]]);
        assert_eq!(report.bytes, u64::try_from(file.len()).unwrap());
        assert_eq!(report.facts.unwrap().actors[0].name, "Ana R.");
    }
}

#[test]
fn the_same_log_makes_the_same_bundle_byte_for_byte() {
    assert_eq!(bundle(&History::morning()), bundle(&History::morning()));
}

#[test]
fn the_pieces_in_which_a_file_is_read_do_not_matter() {
    let file = bundle(&History::morning());
    let whole = check(Depth::Runs, &file);
    for size in [1, 7, 100, 4_096] {
        let mut verifier = Verifier::new(Depth::Runs, verifies);
        for piece in file.chunks(size) {
            assert!(verifier.push(piece));
        }
        assert_eq!(verifier.finish(), whole);
    }
}

#[test]
fn a_stretch_of_the_log_is_proved_event_by_event() {
    let history = History::morning();
    for (first, last) in [(1, 15), (4, 11), (9, 9), (15, 15)] {
        let (first, last) = (Position(first), Position(last));
        let held = |entry: &&Entry| (first..=last).contains(&entry.position);
        let scope = Scope::Range(first, last);
        let file = bundle_of(&history, scope, history.entries.iter().filter(held));
        let report = check(Depth::EveryEvent, &file);
        assert_eq!(report.first_bad, None, "{scope:?}");
        assert_eq!(report.positions, Some((first, last)));
    }
}

#[test]
fn one_devices_events_are_proved_without_those_of_others() {
    let history = History::morning();
    let tablet = history.writers[TABLET].device.id;
    let is_tablets = |entry: &&Entry| {
        let envelope = domain::event::Envelope::parse(&entry.event.bytes);
        let device = envelope.map_or_else(|_| entry.under.unwrap().device, |of| of.device);
        device == tablet
    };
    let chosen: Vec<&Entry> = history.entries.iter().filter(is_tablets).collect();
    let report = check(
        Depth::EveryEvent,
        &bundle_of(&history, Scope::Chosen, chosen.iter().copied()),
    );
    assert_eq!((report.first_bad, report.events), (None, 6));
    // A chain may begin late, but nothing in it may be missing.
    let late = bundle_of(&history, Scope::Chosen, chosen[1..].iter().copied());
    assert_eq!(check(Depth::Runs, &late).first_bad, None);
    let gap = [chosen[0], chosen[2]];
    let gap = bundle_of(&history, Scope::Chosen, gap);
    assert!(check(Depth::Runs, &gap).first_bad.is_some());
}

#[test]
fn logs_around_the_size_of_a_tile_are_in_order_too() {
    let mut history = History::new();
    history.sets_up();
    history.opens(TABLET);
    for size in [255, 256, 257, 511, 512, 513, 600] {
        while history.entries.len() < size {
            history.does(TABLET, arrives(), Outcome::Applied);
        }
        history.co_signs(&[]);
        let report = check(Depth::Runs, &bundle(&history));
        assert_eq!(report.first_bad, None, "{size}");
        assert_eq!(report.events, u64::try_from(size).unwrap());
    }
}

#[test]
fn a_log_without_events_is_in_order() {
    let mut history = History::new();
    history.co_signs(&[]);
    let report = check(Depth::EveryEvent, &bundle(&history));
    assert_eq!((report.first_bad, report.events), (None, 0));
}
