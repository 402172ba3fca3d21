//! What was released is read for ever, and written as it was.

use std::collections::BTreeSet;

use domain::event::{Body, Envelope, Kind, event_hash};
use domain::id::Hash;
use domain::ledger::EntityKind;

use super::cbor::{Value, hex, read, with_news, write};
use super::shelf::{Sample, inside, release, released, samples};
use super::{events, rows};

#[test]
fn every_form_is_on_the_shelf_and_is_still_written_so() {
    let shelf = released();
    let mut new = Vec::new();
    for sample in samples() {
        match shelf.get(&sample.name) {
            Some(bytes) => assert_eq!(hex(&sample.bytes), hex(bytes), "{}", sample.name),
            None => {
                release(&sample);
                new.push(sample.name);
            }
        }
    }
    assert!(
        new.is_empty(),
        "new forms, to be looked at and kept: {new:?}"
    );
}

#[test]
fn what_was_released_once_is_read_for_ever_and_written_again_as_it_was() {
    let samples = samples();
    for (name, bytes) in released() {
        let reader = samples.iter().find(|sample| sample.name == name);
        let reader = reader.unwrap_or_else(|| panic!("nobody reads {name} any more"));
        let again = (reader.again)(&bytes);
        let again = again.unwrap_or_else(|| panic!("{name} cannot be read any more"));
        assert_eq!(hex(&again), hex(&bytes), "{name}");
    }
}

#[test]
fn every_kind_of_event_and_row_has_a_sample() {
    let bodies = events::all();
    for kind in Kind::ALL {
        assert!(bodies.iter().any(|body| body.kind() == *kind), "{kind:?}");
    }
    let rows: BTreeSet<EntityKind> = rows::all().iter().map(|(key, _)| key.kind).collect();
    // Customers' cards are a message: they are never in the ledger.
    assert_eq!(rows.len(), EntityKind::ALL.len() - 1);
}

#[test]
fn everything_is_written_in_the_one_deterministic_form() {
    for Sample { name, bytes, .. } in samples() {
        assert_eq!(hex(&write(&read(&bytes))), hex(&bytes), "{name}");
    }
}

/// Things a later version might say.
fn news() -> Vec<Value> {
    let text = Value::Text("later".to_owned());
    let list = Value::Array(vec![Value::Negative(7), text.clone()]);
    let deep = (0..200).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    vec![
        Value::Positive(u64::MAX),
        Value::Bytes(vec![0xff; 300]),
        Value::Bool(true),
        Value::Map(vec![(text, list)]),
        deep,
    ]
}

#[test]
fn what_a_later_version_adds_is_skipped() {
    for sample in samples() {
        for news in news() {
            let bytes = write(&with_news(&read(&sample.bytes), &news));
            let again = (sample.again)(&bytes);
            let again = again.unwrap_or_else(|| panic!("{} chokes on {news:?}", sample.name));
            assert_eq!(hex(&again), hex(&sample.bytes), "{}", sample.name);
        }
    }
}

#[test]
fn an_event_says_what_it_is_without_its_kind_being_known() {
    let mut envelope = events::full();
    envelope.kind.kind = 999;
    let read = Envelope::parse(&envelope.to_bytes()).unwrap();
    assert_eq!(read, envelope);
    assert!(Body::parse(read.kind, &read.body).is_err());
}

#[test]
fn what_is_signed_is_the_hash_of_the_bytes_under_a_name_of_its_own() {
    let signed = events::signed();
    let bytes = inside(&signed).to_bytes();
    assert_eq!(signed.bytes, bytes);
    assert_eq!(signed.hash(), event_hash(&bytes));
    assert_ne!(signed.hash(), Hash::of(&[&bytes]));
    insta::assert_snapshot!(signed.hash(), @"a9de851b1153d1e3f10a376b9452d01bf599284c5b5afa164b023e008f9d82c6");
}
