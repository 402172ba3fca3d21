//! The auditor's bundle, in pieces.
//!
//! In: a way to cut it up, and a file, or edits of a true one. Must not: judge a file by the pieces it came in, or pass
//! over a change that the seal covers.
//!
//! Every signature counts as good here, so that a change behind the first one is met at all.

use arbitrary::{Result, Unstructured};
use domain::audit::verify::{Depth, Report, Verifier};
use domain::facility::KeyKind;
use domain::id::Hash;
use simulate::dice::Dice;

/// A bundle as it was once released.
const TRUE_BUNDLE: &str = include_str!("../../../domain/tests/audit/bundle-1.hex");
const MAGIC_BYTES: usize = 23;
const EDITS_MAX: usize = 4;

pub(crate) fn run(input: &[u8]) {
    let [how, cut, rest @ ..] = input else {
        return;
    };
    let depth = match how & 1 {
        0 => Depth::EveryEvent,
        _ => Depth::Runs,
    };
    let file = match how & 2 {
        0 => rest.to_vec(),
        _ => edited(&mut Unstructured::new(rest)),
    };
    let whole = judged(depth, std::iter::once(file.as_slice()));
    let mut dice = Dice::new(u64::from(*cut));
    let mut left = file.as_slice();
    let pieces = std::iter::from_fn(|| {
        let size = 1 + dice.index(1 << (cut % 12));
        let (piece, behind) = left.split_at(size.min(left.len()));
        left = behind;
        (!piece.is_empty()).then_some(piece)
    });
    assert_eq!(
        judged(depth, pieces),
        whole,
        "the pieces changed the verdict"
    );
    assert!(whole.bytes <= u64::try_from(file.len()).unwrap_or(u64::MAX));
    if whole.first_bad.is_none() {
        assert_eq!(whole.bytes, u64::try_from(file.len()).unwrap_or(u64::MAX));
    }
}

fn judged<'a>(depth: Depth, pieces: impl Iterator<Item = &'a [u8]>) -> Report {
    let good = |_: KeyKind, _: &[u8], _: &Hash, _: &[u8]| true;
    let mut verifier = Verifier::new(depth, good);
    for piece in pieces {
        if !verifier.push(piece) {
            break;
        }
    }
    verifier.finish()
}

/// The true bundle with some records changed, left out, doubled or moved. Each is framed again as it should be.
fn edited(input: &mut Unstructured<'_>) -> Vec<u8> {
    let file = unhexed(TRUE_BUNDLE);
    let mut decoder = minicbor::Decoder::new(&file[MAGIC_BYTES..]);
    let mut records = Vec::new();
    while let Ok(record) = decoder.bytes() {
        records.push(record.to_vec());
    }
    for _ in 0..EDITS_MAX {
        if input.is_empty() || edit(&mut records, input).is_err() {
            break;
        }
    }
    let mut out = file[..MAGIC_BYTES].to_vec();
    for record in records {
        let mut framed = Vec::new();
        minicbor::Encoder::new(&mut framed)
            .bytes(&record)
            .expect("memory takes it");
        out.extend(framed);
    }
    out
}

fn edit(records: &mut Vec<Vec<u8>>, input: &mut Unstructured<'_>) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let at = input.choose_index(records.len())?;
    match input.int_in_range(0..=5)? {
        0 => drop(records.remove(at)),
        1 => records.insert(at, records[at].clone()),
        2 => {
            let other = input.choose_index(records.len())?;
            records.swap(at, other);
        }
        3 => records[at] = input.arbitrary()?,
        4 => {
            let place = input.choose_index(records[at].len().max(1))?;
            let byte = input.arbitrary()?;
            if let Some(there) = records[at].get_mut(place) {
                *there = byte;
            }
        }
        _ => {
            let start = input.choose_index(records[at].len() + 1)?;
            let cut = input.int_in_range(0..=(records[at].len() - start).min(40))?;
            let new: Vec<u8> = input.arbitrary()?;
            records[at].splice(start..start + cut, new);
        }
    }
    Ok(())
}

fn unhexed(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).expect("two digits are a byte");
    digits.chunks_exact(2).map(byte).collect()
}
