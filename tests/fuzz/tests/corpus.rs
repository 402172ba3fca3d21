//! Every input that was kept, through the target it was kept for.

use std::fs;
use std::path::Path;

use domain::event::{Body, Kind, KindVersion};
use fuzz::TARGETS;

/// Bytes the corpus may have: it is in every clone.
const CORPUS_BYTES_MAX: u64 = 2 * 1024 * 1024;

#[test]
fn every_kept_input_is_taken_as_it_should_be() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut bytes = 0;
    for target in TARGETS {
        let kept = fs::read_dir(corpus.join(target.name)).expect("every target has a folder");
        let mut files: Vec<_> = kept
            .map(|entry| entry.expect("it can be listed").path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{} has no inputs", target.name);
        for file in files {
            let input = fs::read(&file).expect("it can be read");
            bytes += u64::try_from(input.len()).unwrap_or(u64::MAX);
            let taken = std::panic::catch_unwind(|| (target.run)(&input));
            assert!(
                taken.is_ok(),
                "{} fails with {}",
                target.name,
                file.display()
            );
        }
    }
    assert!(bytes <= CORPUS_BYTES_MAX, "the corpus has {bytes} bytes");
}

#[test]
fn a_fact_of_every_kind_is_kept_to_begin_with() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/facts");
    let kept = fs::read_dir(corpus).expect("there is one");
    let inputs: Vec<Vec<u8>> = kept
        .map(|entry| fs::read(entry.expect("it can be listed").path()).expect("it can be read"))
        .collect();
    for kind in Kind::ALL {
        let number = kind.number();
        let is_read = |input: &Vec<u8>| {
            let Some((first, body)) = input.split_first() else {
                return false;
            };
            let kind = KindVersion {
                kind: number,
                version: 1,
            };
            u16::from(*first) == number && Body::parse(kind, body).is_ok()
        };
        assert!(
            inputs.iter().any(is_read),
            "no input of {kind:?}: keep its byte {number} and what domain/tests/wire has of it"
        );
    }
}
