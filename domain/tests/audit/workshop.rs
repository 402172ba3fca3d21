//! Bundles of a morning, taken apart and put together again, by somebody with or without the log's key.

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::audit::bundle::{Entry, MAGIC, Record, Scope, Seal, Writer, seal_hash};
use domain::audit::verify::{Depth, FirstBad, Flaw, Report, Verifier};
use domain::facility::KeyKind;
use domain::id::Hash;

use super::history::{History, SERVER, verifies};

type Question = (KeyKind, Vec<u8>, Hash, Vec<u8>);

/// Remembers signatures, so that a thousand checks of nearly the same file take one check's time.
#[derive(Default)]
pub struct Memory {
    known: RefCell<BTreeMap<Question, bool>>,
}

impl Memory {
    pub fn verifies(&self, kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
        let question = (kind, key.to_vec(), *hash, signature.to_vec());
        if let Some(known) = self.known.borrow().get(&question) {
            return *known;
        }
        let answer = verifies(kind, key, hash, signature);
        self.known.borrow_mut().insert(question, answer);
        answer
    }

    pub fn check(&self, depth: Depth, file: &[u8]) -> Report {
        let mut verifier =
            Verifier::new(depth, |kind, key: &[u8], hash: &Hash, signature: &[u8]| {
                self.verifies(kind, key, hash, signature)
            });
        verifier.push(file);
        verifier.finish()
    }
}

pub fn check(depth: Depth, file: &[u8]) -> Report {
    Memory::default().check(depth, file)
}

/// What breaks the file, and the event it breaks at.
pub fn broken(depth: Depth, file: &[u8]) -> Option<(Option<u64>, Flaw)> {
    let report = check(depth, file);
    report.first_bad.map(|bad| {
        let FirstBad { position, flaw, .. } = bad;
        (position.map(|position| position.0), flaw)
    })
}

/// The bundle of a part of a log, its exceptions as far as these events opened them.
pub fn bundle_of<'a>(
    history: &History,
    scope: Scope,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Vec<u8> {
    let mut writer = Writer::begin(history.facts(scope), history.heads(), &history.tree).unwrap();
    let mut file = Vec::new();
    let mut held = Vec::new();
    for entry in entries {
        writer.entry(entry.clone()).unwrap();
        held.push(entry.position);
        file.extend(writer.take());
    }
    for exception in &history.exceptions {
        if held.contains(&exception.position) {
            writer.exception(exception.clone());
        }
    }
    file.extend(writer.finish(|hash| history.writers[SERVER].secret.sign(hash)));
    file
}

/// The bundle of a whole log.
pub fn bundle(history: &History) -> Vec<u8> {
    bundle_of(history, Scope::Whole, &history.entries)
}

/// A record and where its bytes are.
pub type Piece = (Record, std::ops::Range<usize>);

/// Takes a bundle apart.
pub fn pieces(file: &[u8]) -> Vec<Piece> {
    let mut decoder = minicbor::Decoder::new(&file[MAGIC.len()..]);
    let mut pieces = Vec::new();
    let mut start = MAGIC.len();
    while start < file.len() {
        let record = minicbor::decode(decoder.bytes().unwrap()).unwrap();
        let end = MAGIC.len() + decoder.position();
        pieces.push((record, start..end));
        start = end;
    }
    pieces
}

pub fn records(file: &[u8]) -> Vec<Record> {
    pieces(file).into_iter().map(|(record, _)| record).collect()
}

/// Puts records together. The seal is made anew by the log's key, as only the server could.
pub fn sealed(history: &History, records: &[Record]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    let (mut events, mut exceptions) = (0, 0);
    for record in records {
        events += u64::from(matches!(record, Record::Entry(_)));
        exceptions += u64::from(matches!(record, Record::Exception(_)));
        if !matches!(record, Record::Seal(_)) {
            file.extend(record.to_bytes());
        }
    }
    reseal(history, file, events, exceptions)
}

/// Adds a seal to everything before it.
pub fn reseal(history: &History, mut file: Vec<u8>, events: u64, exceptions: u64) -> Vec<u8> {
    let claim = seal_hash(&Hash::of(&[&file]), events, exceptions);
    let signature = history.writers[SERVER].secret.sign(&claim);
    let seal = Seal {
        events,
        exceptions,
        signature,
    };
    file.extend(Record::Seal(seal).to_bytes());
    file
}

/// The entry at a position, to be tampered with.
pub fn entry_at(records: &mut [Record], position: u64) -> &mut Entry {
    let entries = records.iter_mut().filter_map(|record| match record {
        Record::Entry(entry) => Some(entry.as_mut()),
        _ => None,
    });
    entries
        .into_iter()
        .find(|entry| entry.position.0 == position)
        .unwrap()
}
