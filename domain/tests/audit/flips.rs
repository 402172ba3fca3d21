//! Every byte of a bundle counts.

use domain::audit::bundle::Record;
use domain::audit::verify::{Depth, Flaw};

use super::history::History;
use super::workshop::{Memory, bundle, pieces, reseal};

/// One low bit, one high bit, the bit of upper and lower case, every bit.
const PATTERNS: [u8; 4] = [0x01, 0x80, 0x20, 0xff];

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let file = bundle(&History::morning());
    let memory = Memory::default();
    for depth in [Depth::EveryEvent, Depth::Runs] {
        assert_eq!(memory.check(depth, &file).first_bad, None);
        for at in 0..file.len() {
            for pattern in PATTERNS {
                let mut bad = file.clone();
                bad[at] ^= pattern;
                let found = memory.check(depth, &bad).first_bad;
                assert!(found.is_some(), "byte {at} of {}, {pattern:#x}", file.len());
            }
        }
    }
}

/// The server could seal a changed file anew. Events, heads and the tree do not need the seal to be safe.
#[test]
fn a_changed_byte_of_an_event_is_found_at_that_event_even_under_a_new_seal() {
    let history = History::morning();
    let file = bundle(&history);
    let memory = Memory::default();
    let pieces = pieces(&file);
    let seal = pieces.last().unwrap().1.start;
    let mut flips = 0;
    for (record, range) in &pieces {
        let position = match record {
            Record::Entry(entry) => Some(entry.position),
            Record::Head(_) | Record::Spine(_) | Record::Tile(_) => None,
            // What the server says of people and exceptions is its own word.
            _ => continue,
        };
        for at in range.clone() {
            for pattern in PATTERNS {
                let mut bad = file[..seal].to_vec();
                bad[at] ^= pattern;
                let found = memory.check(Depth::EveryEvent, &reseal(&history, bad, 15, 1));
                let found = found.first_bad;
                assert!(found.is_some(), "byte {at}, {pattern:#x}, {record:?}");
                if position.is_some() {
                    let named = found.and_then(|bad| bad.position);
                    assert_eq!(named, position, "byte {at}, {pattern:#x}: {found:?}");
                }
                flips += 1;
            }
        }
    }
    assert!(flips > 20_000, "{flips}");
}

#[test]
fn a_file_that_ends_early_or_goes_on_is_found() {
    let file = bundle(&History::morning());
    let memory = Memory::default();
    for end in 0..file.len() {
        let found = memory.check(Depth::Runs, &file[..end]).first_bad;
        assert!(found.is_some(), "{end}");
    }
    for more in [&[0][..], &[0x40], b"custody", &file] {
        let longer = [&file, more].concat();
        let found = memory.check(Depth::Runs, &longer).first_bad.unwrap();
        assert_eq!(found.flaw, Flaw::Trailing);
    }
}

#[test]
fn a_byte_that_is_left_out_or_put_in_is_found() {
    let file = bundle(&History::morning());
    let memory = Memory::default();
    for at in 0..file.len() {
        let mut short = file.clone();
        short.remove(at);
        assert!(
            memory.check(Depth::Runs, &short).first_bad.is_some(),
            "{at}"
        );
        let mut long = file.clone();
        long.insert(at, file[at]);
        assert!(memory.check(Depth::Runs, &long).first_bad.is_some(), "{at}");
    }
}

#[test]
fn any_other_file_is_not_taken_for_a_bundle() {
    let memory = Memory::default();
    for other in [
        &b""[..],
        b"custody",
        b"PK\x03\x04",
        b"custody-audit-bundle-2\n",
    ] {
        let found = memory.check(Depth::EveryEvent, other).first_bad.unwrap();
        assert_eq!(found.flaw, Flaw::NotABundle);
    }
    let huge = [
        b"custody-audit-bundle-1\n",
        &[0x5a, 0xff, 0xff, 0xff, 0xff][..],
    ]
    .concat();
    let found = memory.check(Depth::EveryEvent, &huge).first_bad.unwrap();
    assert_eq!(found.flaw, Flaw::Malformed);
}
