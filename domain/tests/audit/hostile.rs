//! A file made by somebody who wants the check to end badly for us.

use domain::audit::bundle::{Head, Record, Scope};
use domain::audit::checkpoint::{Checkpoint, KeyRef};
use domain::audit::merkle::node_hash;
use domain::audit::verify::{Depth, Flaw, Verifier};
use domain::id::{Hash, Position};
use domain::sync::message::Outcome;
use proptest::prelude::*;

use super::history::{History, ORIGIN, PHONE, SERVER, arrives, verifies};
use super::workshop::{broken, bundle, check, pieces, records, sealed};

const BESIDE: Hash = Hash([0x33; 32]);

/// A head of as many events as can be counted, over one event at the very end.
fn endless(scope: Scope, repeated: usize) -> Vec<u8> {
    let mut history = History::morning();
    history.does(PHONE, arrives(), Outcome::Applied);
    let mut entry = history.entries.pop().unwrap();
    entry.position = Position(u64::MAX);
    // It is a left child first and alone on its level; from there on everything is to its left.
    entry.proof = vec![BESIDE; 63];
    let root = entry
        .proof
        .iter()
        .fold(entry.leaf().hash(), |hash, beside| node_hash(beside, &hash));
    let checkpoint = Checkpoint {
        origin: ORIGIN,
        size: u64::MAX,
        root,
    };
    let log = &history.writers[SERVER].secret;
    let public = log.public();
    let key = KeyRef {
        kind: log.kind(),
        bytes: &public,
    };
    let note = checkpoint.signed(key, &log.sign(&checkpoint.log_claim()));
    let head = Head {
        note: note.render(),
        proof: Vec::new(),
    };
    let mut records = vec![
        Record::Facts(Box::new(history.facts(scope))),
        Record::Head(head),
    ];
    records.extend(std::iter::repeat_n(
        Record::Entry(Box::new(entry)),
        repeated,
    ));
    sealed(&history, &records)
}

#[test]
fn numbers_at_the_end_of_their_range_break_nothing() {
    let last = Position(u64::MAX);
    for scope in [Scope::Range(last, last), Scope::Chosen] {
        let report = check(Depth::EveryEvent, &endless(scope, 1));
        assert_eq!((report.first_bad, report.events), (None, 1));
        let twice = broken(Depth::EveryEvent, &endless(scope, 2)).unwrap();
        assert_eq!(twice.0, Some(u64::MAX));
    }
    let whole = broken(Depth::Runs, &endless(Scope::Whole, 1));
    assert_eq!(whole, Some((None, Flaw::Unexpected)));
    for scope in [
        Scope::Range(Position(0), last),
        Scope::Range(last, Position(1)),
    ] {
        let malformed = broken(Depth::Runs, &endless(scope, 1));
        assert_eq!(malformed, Some((None, Flaw::Malformed)));
    }
}

#[test]
fn a_stretch_that_ends_behind_the_head_is_not_believed() {
    let history = History::morning();
    let mut records = records(&bundle(&history));
    records.retain(|record| !matches!(record, Record::Spine(_) | Record::Tile(_)));
    for record in &mut records {
        if let Record::Facts(facts) = record {
            facts.scope = Scope::Range(Position(1), Position(16));
        }
    }
    let file = sealed(&history, &records);
    assert_eq!(broken(Depth::Runs, &file), Some((None, Flaw::Head)));
}

#[test]
fn a_record_in_a_longer_form_than_it_needs_is_none() {
    let history = History::morning();
    let file = bundle(&history);
    for (_, range) in pieces(&file) {
        let record = &file[range.clone()];
        let (first, rest) = record.split_first().unwrap();
        // One byte more for the same length.
        let longer = match first {
            0x40..=0x57 => [&[0x58, first - 0x40], rest].concat(),
            0x58 => [&[0x59, 0], rest].concat(),
            _ => [&[0x5a, 0, 0], rest].concat(),
        };
        let changed = [&file[..range.start], &longer, &file[range.end..]].concat();
        let found = check(Depth::Runs, &changed).first_bad.unwrap();
        assert_eq!(found.flaw, Flaw::Malformed);
        assert_eq!(usize::try_from(found.byte).unwrap(), range.start);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rubbish_behind_the_first_line_is_never_in_order_and_never_the_end_of_us(
        rubbish in prop::collection::vec(any::<u8>(), 0..400),
        piece in 1_usize..64,
    ) {
        let file = [b"custody-audit-bundle-1\n", rubbish.as_slice()].concat();
        let mut verifier = Verifier::new(Depth::Runs, verifies);
        for piece in file.chunks(piece) {
            verifier.push(piece);
        }
        prop_assert!(verifier.finish().first_bad.is_some());
    }

    #[test]
    fn records_in_any_other_order_are_not_in_order(
        order in Just((0..22).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let history = History::morning();
        let records = records(&bundle(&history));
        let shuffled: Vec<Record> = order.iter().filter_map(|at| records.get(*at)).cloned().collect();
        prop_assume!(shuffled != records[..shuffled.len()]);
        prop_assert!(check(Depth::Runs, &sealed(&history, &shuffled)).first_bad.is_some());
    }
}
