//! The check as the page sees it: a file in, words out.

use std::cell::RefCell;

use domain::audit::verify::{Flaw, Report};
use domain::id::Position;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A bundle that was handed out once, with keys of both kinds in it.
const RELEASED: &str = include_str!("../../../domain/tests/audit/bundle-1.hex");
const EVENTS: u64 = 15;

fn released() -> Vec<u8> {
    let digits: String = RELEASED.split_whitespace().collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn file(bytes: &[u8]) -> Blob {
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&parts).unwrap()
}

/// Everything that is told of a file. What is told has been through bytes, as on the way to the page.
async fn told(bytes: &[u8], depth: Depth) -> Vec<Told> {
    let heard = RefCell::new(Vec::new());
    check(&file(bytes), depth, 0.0, |told| {
        heard
            .borrow_mut()
            .push(Told::parse(&told.to_bytes()).unwrap());
    })
    .await;
    heard.into_inner()
}

async fn report(bytes: &[u8], depth: Depth) -> Report {
    match told(bytes, depth).await.pop() {
        Some(Told::Done(report)) => *report,
        other => panic!("no report at the end: {other:?}"),
    }
}

#[wasm_bindgen_test]
async fn a_bundle_in_order_is_found_in_order_with_every_signature_checked() {
    let every = report(&released(), Depth::EveryEvent).await;
    assert_eq!((every.first_bad, every.events), (None, EVENTS));
    let runs = report(&released(), Depth::Runs).await;
    assert_eq!((runs.first_bad, runs.events), (None, EVENTS));
    assert!(every.signatures > runs.signatures);
}

#[wasm_bindgen_test]
async fn a_byte_changed_anywhere_is_told_where_the_whole_file_in_memory_tells_it() {
    let good = released();
    let mut named = 0;
    for at in (0..good.len()).step_by(97) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        let mut verifier = Verifier::new(Depth::EveryEvent, verifies);
        verifier.push(&bytes);
        let expected = verifier.finish();
        let found = report(&bytes, Depth::EveryEvent).await;
        assert_eq!(found, expected, "byte {at}");
        let bad = found.first_bad.unwrap();
        named += usize::from(bad.position.is_some_and(|at| at > Position(0)));
    }
    assert!(named > 10, "most bytes belong to an event: {named}");
}

#[wasm_bindgen_test]
async fn a_file_of_many_pieces_is_read_to_its_end_and_no_further_than_the_flaw() {
    let mut bytes = released();
    let end = bytes.len();
    bytes.resize(end + 3 * 1024 * 1024, 0);
    let bad = report(&bytes, Depth::EveryEvent).await.first_bad.unwrap();
    assert_eq!(
        (bad.flaw, bad.byte),
        (Flaw::Trailing, u64::try_from(end).unwrap())
    );
}

#[wasm_bindgen_test]
async fn nothing_and_something_else_are_no_bundle() {
    for bytes in [&b""[..], b"custody", &[0; 5000]] {
        let bad = report(bytes, Depth::EveryEvent).await.first_bad.unwrap();
        assert_eq!(bad.flaw, Flaw::NotABundle);
    }
}

#[wasm_bindgen_test]
async fn a_file_that_ends_early_says_so() {
    let good = released();
    let bad = report(&good[..good.len() / 2], Depth::EveryEvent).await;
    assert_eq!(bad.first_bad.unwrap().flaw, Flaw::Truncated);
}

#[wasm_bindgen_test]
async fn whoever_waits_hears_of_every_step_and_last_of_the_end() {
    let good = released();
    let all = told(&good, Depth::EveryEvent).await;
    let steps = good.len().div_ceil(STEP_BYTES);
    assert_eq!(all.len(), steps + 1);
    assert!(matches!(all.last(), Some(Told::Done(_))), "{all:?}");
    let mut before = 0;
    for word in &all[..steps] {
        let Told::Progress { bytes, .. } = word else {
            panic!("{word:?} before the end");
        };
        assert!(*bytes > before);
        before = *bytes;
    }
}
