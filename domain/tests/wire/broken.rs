//! Bytes that are no event break nothing: they are said to be unreadable.

use domain::event::{Body, ENVELOPE_BYTES_MAX, Envelope, Kind, KindVersion, Unreadable};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use proptest::prelude::*;

use super::events;
use super::shelf::samples;

fn all_kinds() -> impl Iterator<Item = KindVersion> {
    Kind::ALL.iter().map(|kind| KindVersion {
        kind: kind.number(),
        version: 1,
    })
}

#[test]
fn what_was_cut_off_is_unreadable_wherever_it_was_cut() {
    for sample in samples() {
        for length in 0..sample.bytes.len() {
            let read = (sample.again)(&sample.bytes[..length]);
            assert_eq!(read, None, "{} cut at {length}", sample.name);
        }
    }
}

#[test]
fn nothing_rides_along_behind_a_signed_fact() {
    for sample in samples().into_iter().filter(|sample| sample.is_strict) {
        for more in [0x00, 0xf6, 0xff] {
            let mut bytes = sample.bytes.clone();
            bytes.push(more);
            assert_eq!((sample.again)(&bytes), None, "{}", sample.name);
        }
    }
}

#[test]
fn a_bit_that_fell_over_breaks_nothing() {
    for sample in samples() {
        for bit in 0..sample.bytes.len() * 8 {
            let mut bytes = sample.bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // It may well be something else that can be read; only the signature tells then.
            let _ = (sample.again)(&bytes);
        }
    }
}

#[test]
fn an_envelope_larger_than_any_event_is_not_even_looked_at() {
    let too_large = vec![0xa0; ENVELOPE_BYTES_MAX + 1];
    assert_eq!(Envelope::parse(&too_large), Err(Unreadable::TooLarge));
    let large = vec![0xa0; ENVELOPE_BYTES_MAX];
    assert_eq!(Envelope::parse(&large), Err(Unreadable::Malformed));
    let mut envelope = events::full();
    envelope.body = vec![0; ENVELOPE_BYTES_MAX];
    let bytes = envelope.to_bytes();
    assert_eq!(Envelope::parse(&bytes), Err(Unreadable::TooLarge));
}

#[test]
fn a_kind_or_version_nobody_has_made_yet_is_unknown_and_not_malformed() {
    for body in events::all() {
        let known = body.kind_version();
        for version in [0, 2, u16::MAX] {
            let kind = KindVersion { version, ..known };
            assert_eq!(
                Body::parse(kind, &body.to_bytes()),
                Err(Unreadable::UnknownKind)
            );
        }
    }
    for kind in [0, 8, 999, u16::MAX] {
        let kind = KindVersion { kind, version: 1 };
        assert_eq!(Body::parse(kind, &[0xa0]), Err(Unreadable::UnknownKind));
    }
}

#[test]
fn a_body_of_another_kind_is_malformed() {
    let picked = events::all()
        .into_iter()
        .find(|body| body.kind() == Kind::PackagePicked);
    let bytes = picked.unwrap().to_bytes();
    let kind = KindVersion {
        kind: Kind::StockImported.number(),
        version: 1,
    };
    assert_eq!(Body::parse(kind, &bytes), Err(Unreadable::Malformed));
}

#[test]
fn a_length_nobody_could_send_takes_no_memory() {
    // A list, a text, some bytes and a map that claim to have 2^62 parts.
    for first in [0x9b, 0x7b, 0x5b, 0xbb] {
        let mut bytes = vec![0xa1, 0x00, first, 0x40];
        bytes.extend([0; 7]);
        for kind in all_kinds() {
            assert_eq!(Body::parse(kind, &bytes), Err(Unreadable::Malformed));
        }
        assert_eq!(Envelope::parse(&bytes), Err(Unreadable::Malformed));
    }
}

#[test]
fn lists_inside_lists_inside_lists_break_nothing() {
    // A field nobody knows, as deep as an envelope has bytes.
    let mut bytes = vec![0xa1, 0x18, 0x63];
    bytes.resize(ENVELOPE_BYTES_MAX, 0x81);
    assert_eq!(Envelope::parse(&bytes), Err(Unreadable::Malformed));
    for kind in all_kinds() {
        assert_eq!(Body::parse(kind, &bytes), Err(Unreadable::Malformed));
    }
}

#[test]
fn a_row_whose_name_or_bytes_are_of_another_kind_is_not_taken() {
    for kind in EntityKind::ALL {
        let key = EntityKey {
            kind: *kind,
            id: vec![0xff],
        };
        let mut ledger = Ledger::default();
        // Customers' cards are kept beside the ledger and never in it.
        let taken = ledger.put(&key, &[0xa0]).is_ok();
        assert_eq!(taken, *kind == EntityKind::Customer);
        ledger.remove(&key);
        assert_eq!(ledger.bytes(&key), None);
        assert!(ledger == Ledger::default());
    }
}

proptest! {
    #[test]
    fn any_bytes_at_all_break_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Envelope::parse(&bytes);
        for kind in all_kinds() {
            let _ = Body::parse(kind, &bytes);
        }
        for kind in EntityKind::ALL {
            let (kind, id) = (*kind, bytes.clone());
            let _ = Ledger::default().put(&EntityKey { kind, id }, &bytes);
        }
    }

    #[test]
    fn any_map_of_numbered_things_breaks_nothing(
        entries in prop::collection::vec((0_u8..20, prop::collection::vec(any::<u8>(), 0..20)), 0..20),
    ) {
        let mut bytes = vec![0xa0 | u8::try_from(entries.len()).unwrap()];
        for (key, value) in entries {
            bytes.push(key);
            bytes.extend(value);
        }
        let _ = Envelope::parse(&bytes);
        for kind in all_kinds() {
            let _ = Body::parse(kind, &bytes);
        }
        for sample in samples() {
            let _ = (sample.again)(&bytes);
        }
    }
}
