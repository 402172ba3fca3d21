//! Facts: envelopes, and bodies of every kind.
//!
//! In: the number of a kind and a body, or a number that no kind has and an envelope. Must not: take what is written again
//! for another fact than what was read, or find a kind by its place among all: a kind that is added would give every input
//! that was kept to another one.

use domain::event::{Body, ENVELOPE_BYTES_MAX, Envelope, Kind, KindVersion, SignedEvent, encode};

pub(crate) fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let number = u16::from(*first);
    match Kind::ALL.iter().any(|kind| kind.number() == number) {
        true => body(number, rest),
        false => envelope(rest),
    }
}

fn envelope(bytes: &[u8]) {
    if let Ok(read) = Envelope::parse(bytes) {
        assert!(bytes.len() <= ENVELOPE_BYTES_MAX);
        assert_eq!(Envelope::parse(&read.to_bytes()).as_ref(), Ok(&read));
        body(read.kind.kind, &read.body);
    }
    if let Ok(read) = minicbor::decode::<SignedEvent>(bytes) {
        let again: SignedEvent =
            minicbor::decode(&encode(&read)).expect("what was written is read");
        assert_eq!(again.hash(), read.hash());
    }
}

fn body(kind: u16, bytes: &[u8]) {
    let kind = KindVersion { kind, version: 1 };
    if let Ok(read) = Body::parse(kind, bytes) {
        assert_eq!(read.kind_version(), kind);
        assert_eq!(Body::parse(kind, &read.to_bytes()).as_ref(), Ok(&read));
    }
}
