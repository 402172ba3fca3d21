//! Files of samples: what was released, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use domain::event::{Body, Envelope, KindVersion, SignedEvent, encode};
use domain::ledger::{EntityKey, EntityKind, Ledger};
use minicbor::{Decode, Encode};

use super::cbor::{from_hex, hex};
use super::{events, later, messages, rows};

/// How bytes are read and written again; `None` when they cannot be read.
pub type Again = Box<dyn Fn(&[u8]) -> Option<Vec<u8>>>;

/// Something with a form.
pub struct Sample {
    /// Name of its file.
    pub name: String,
    /// Its bytes as this program writes them.
    pub bytes: Vec<u8>,
    /// Reads and writes it.
    pub again: Again,
    /// What follows its end is refused.
    pub is_strict: bool,
}

/// Everything that has a form.
pub fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (number, body) in events::all().into_iter().enumerate() {
        let kind = body.kind_version();
        samples.push(Sample {
            name: format!("event-{:03}-{}", kind.kind, event_name(&body, number)),
            bytes: body.to_bytes(),
            again: Box::new(move |bytes| read_body(kind, bytes)),
            is_strict: true,
        });
    }
    for (name, envelope) in [("full", events::full()), ("bare", events::bare())] {
        samples.push(Sample {
            name: format!("envelope-{name}"),
            bytes: envelope.to_bytes(),
            again: Box::new(|bytes| Some(Envelope::parse(bytes).ok()?.to_bytes())),
            is_strict: true,
        });
    }
    samples.push(plain("signed-event", &events::signed()));
    samples.extend(messages::all());
    let mut named: BTreeMap<EntityKind, u32> = BTreeMap::new();
    for (key, bytes) in rows::all() {
        let before = named.entry(key.kind).or_default();
        *before += 1;
        let later = match *before {
            1 => String::new(),
            2 => "-later".to_owned(),
            number => format!("-later-{number}"),
        };
        samples.push(Sample {
            name: format!("row-{:02}-{:?}{later}", key.kind.number(), key.kind),
            bytes,
            again: Box::new(move |bytes| read_row(&key, bytes)),
            is_strict: false,
        });
    }
    samples
}

/// The second sample of one kind, without what may be left out, has a name of its own, and so has what came later.
fn event_name(body: &Body, number: usize) -> String {
    let before = events::all();
    let first_later = before.len() - later::ones().len();
    if number >= first_later {
        let same = before[first_later..number].iter();
        let same = same.filter(|one| one.kind() == body.kind()).count();
        let times = if same == 0 {
            String::new()
        } else {
            format!("-{}", same + 1)
        };
        return format!("{:?}-later{times}", body.kind());
    }
    let is_second = before[..number].iter().any(|one| one.kind() == body.kind());
    let rest = if is_second { "-bare" } else { "" };
    format!("{:?}{rest}", body.kind())
}

fn read_body(kind: KindVersion, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(Body::parse(kind, bytes).ok()?.to_bytes())
}

fn read_row(key: &EntityKey, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut ledger = Ledger::default();
    ledger.put(key, bytes).ok()?;
    ledger.bytes(key)
}

/// A sample of a type that is encoded as it is.
pub fn plain<T>(name: &str, value: &T) -> Sample
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    Sample {
        name: name.to_owned(),
        bytes: encode(value),
        again: Box::new(|bytes| Some(encode(&minicbor::decode::<T>(bytes).ok()?))),
        is_strict: false,
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/wire")
}

/// The released forms by name.
pub fn released() -> BTreeMap<String, Vec<u8>> {
    let mut released = BTreeMap::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "hex") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            released.insert(name, from_hex(&fs::read_to_string(path).unwrap()));
        }
    }
    released
}

/// Puts a new form on the shelf. What is there is never written over.
pub fn release(sample: &Sample) {
    let path = folder().join(format!("{}.hex", sample.name));
    assert!(!path.exists());
    let digits = hex(&sample.bytes);
    let lines = digits.as_bytes().chunks(64);
    let text: Vec<&str> = lines
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    fs::write(path, text.join("\n") + "\n").unwrap();
}

/// The event inside a signed one.
pub fn inside(event: &SignedEvent) -> Envelope {
    Envelope::parse(&event.bytes).unwrap()
}
