//! The auditor's file: bytes, and whole records under a seal that is made anew with the server's key.

use domain::audit::bundle::{MAGIC, Record, Seal, seal_hash};
use domain::audit::checkpoint::Note;
use domain::id::Hash;

use super::dice::{Dice, SPOILT};
use super::{Evidence, Found};

pub(super) const WAYS: &[&str] = &[
    SPOILT[0],
    SPOILT[1],
    SPOILT[2],
    SPOILT[3],
    SPOILT[4],
    SPOILT[5],
    SPOILT[6],
    SPOILT[7],
    "two events exchanged",
    "an event left out",
    "an event doubled",
    "the last events left out",
    "an event recorded at another time",
    "what became of an event exchanged",
    "a byte of an event changed",
];

pub(super) fn tamper(evidence: &Evidence, dice: &mut Dice, way: &str) -> Found {
    if SPOILT.contains(&way) {
        let mut file = evidence.bundle.clone();
        dice.spoil(way, &mut file);
        return judge(evidence, &file);
    }
    let mut records = records(&evidence.bundle);
    let is_entry = |(_, record): &(usize, &Record)| matches!(record, Record::Entry(_));
    let places = records.iter().enumerate().filter(is_entry);
    let places: Vec<usize> = places.map(|(at, _)| at).collect();
    let (one, other) = (*dice.pick(&places), *dice.pick(&places));
    match way {
        "two events exchanged" => {
            records.swap(one, other);
            // Each under the other's number, so that only what it says is out of place.
            if dice.below(2) == 0 {
                let (first, second) = (
                    entry(&mut records[one]).position,
                    entry(&mut records[other]).position,
                );
                entry(&mut records[one]).position = second;
                entry(&mut records[other]).position = first;
            }
        }
        "an event left out" => drop(records.remove(one)),
        "an event doubled" => records.insert(other, records[one].clone()),
        "the last events left out" => {
            drop(records.drain(one..=*places.last().unwrap()));
        }
        "an event recorded at another time" => {
            entry(&mut records[one]).recorded_at ^= i64::from(dice.pattern());
        }
        "what became of an event exchanged" => {
            let outcome = entry(&mut records[other]).outcome.clone();
            entry(&mut records[one]).outcome = outcome;
        }
        "a byte of an event changed" => {
            let event = &mut entry(&mut records[one]).event;
            let bytes = match dice.below(4) {
                0 => &mut event.signature,
                _ => &mut event.bytes,
            };
            let at = dice.below(bytes.len());
            bytes[at] ^= dice.pattern();
        }
        other => unreachable!("{other}"),
    }
    judge(evidence, &sealed(evidence, &records))
}

fn judge(evidence: &Evidence, file: &[u8]) -> Found {
    match file == evidence.bundle {
        true => Found::Same,
        false => Found::when(evidence.known.check(file, None).first_bad.is_some()),
    }
}

fn entry(record: &mut Record) -> &mut domain::audit::bundle::Entry {
    match record {
        Record::Entry(entry) => entry,
        other => unreachable!("{other:?}"),
    }
}

fn records(file: &[u8]) -> Vec<Record> {
    let mut decoder = minicbor::Decoder::new(&file[MAGIC.len()..]);
    let mut records = Vec::new();
    while MAGIC.len() + decoder.position() < file.len() {
        records.push(minicbor::decode(decoder.bytes().unwrap()).unwrap());
    }
    records
}

/// The heads in a file.
pub(super) fn heads(file: &[u8]) -> Vec<Note> {
    let heads = records(file).into_iter().filter_map(|record| match record {
        Record::Head(head) => Some(Note::parse(&head.note).unwrap()),
        _ => None,
    });
    heads.collect()
}

/// Records under a seal by the server's key.
fn sealed(evidence: &Evidence, records: &[Record]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    let (mut events, mut exceptions) = (0, 0);
    for record in records {
        events += u64::from(matches!(record, Record::Entry(_)));
        exceptions += u64::from(matches!(record, Record::Exception(_)));
        if !matches!(record, Record::Seal(_)) {
            file.extend(record.to_bytes());
        }
    }
    let signature = evidence
        .keys
        .sign(&seal_hash(&Hash::of(&[&file]), events, exceptions));
    let seal = Seal {
        events,
        exceptions,
        signature,
    };
    file.extend(Record::Seal(seal).to_bytes());
    file
}
