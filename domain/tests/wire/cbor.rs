//! CBOR, read and written by another hand than the program's: strict about the deterministic form.

use std::fmt::Write as _;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number from 0.
    Positive(u64),
    /// -1 less so many.
    Negative(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Bool(bool),
    Null,
}

/// Reads a value that must be in the deterministic form and fill the bytes.
#[track_caller]
pub fn read(bytes: &[u8]) -> Value {
    let mut rest = bytes;
    let value = item(&mut rest);
    assert!(rest.is_empty(), "bytes behind the value");
    value
}

fn take<'a>(rest: &mut &'a [u8], count: u64) -> &'a [u8] {
    let (taken, left) = rest.split_at(usize::try_from(count).unwrap());
    *rest = left;
    taken
}

#[track_caller]
fn item(rest: &mut &[u8]) -> Value {
    let first = take(rest, 1)[0];
    let (major, info) = (first >> 5, first & 0x1f);
    if major == 7 {
        return match info {
            20 => Value::Bool(false),
            21 => Value::Bool(true),
            22 => Value::Null,
            other => panic!("{other}: no such value is ever sent"),
        };
    }
    let number = argument(rest, info);
    match major {
        0 => Value::Positive(number),
        1 => Value::Negative(number),
        2 => Value::Bytes(take(rest, number).to_vec()),
        3 => Value::Text(String::from_utf8(take(rest, number).to_vec()).unwrap()),
        4 => Value::Array((0..number).map(|_| item(rest)).collect()),
        5 => Value::Map(entries(rest, number)),
        other => panic!("{other}: nothing is ever tagged"),
    }
}

#[track_caller]
fn argument(rest: &mut &[u8], info: u8) -> u64 {
    let (length, least) = match info {
        0..=23 => return u64::from(info),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        _ => panic!("a length that is not told beforehand"),
    };
    let bytes = take(rest, length);
    let number = bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    assert!(number >= least, "{number} could be written shorter");
    number
}

#[track_caller]
fn entries(rest: &mut &[u8], count: u64) -> Vec<(Value, Value)> {
    let mut entries: Vec<(Value, Value)> = Vec::new();
    for _ in 0..count {
        let (key, value) = (item(rest), item(rest));
        if let Some((before, _)) = entries.last() {
            let (before, key) = (write(before), write(&key));
            assert!(before < key, "keys out of order");
        }
        entries.push((key, value));
    }
    entries
}

/// Writes a value in the deterministic form.
pub fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(value, &mut bytes);
    bytes
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Positive(number) => head(0, *number, out),
        Value::Negative(number) => head(1, *number, out),
        Value::Bytes(bytes) => {
            head(2, length(bytes.len()), out);
            out.extend(bytes);
        }
        Value::Text(text) => {
            head(3, length(text.len()), out);
            out.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, length(items.len()), out);
            items.iter().for_each(|item| put(item, out));
        }
        Value::Map(entries) => {
            head(5, length(entries.len()), out);
            for (key, value) in entries {
                put(key, out);
                put(value, out);
            }
        }
        Value::Bool(is) => out.push(if *is { 0xf5 } else { 0xf4 }),
        Value::Null => out.push(0xf6),
    }
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}

fn head(major: u8, number: u64, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    let (info, skipped) = match number {
        0..24 => {
            out.push(major << 5 | bytes[7]);
            return;
        }
        24..0x100 => (24, 7),
        0x100..0x1_0000 => (25, 6),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 0),
    };
    out.push(major << 5 | info);
    out.extend(&bytes[skipped..]);
}

/// The value with something more in every map, as a later version might send it.
pub fn with_news(value: &Value, news: &Value) -> Value {
    match value {
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| with_news(item, news)).collect())
        }
        Value::Map(entries) => {
            let known = entries.iter();
            let mut all: Vec<_> = known
                .map(|(key, value)| (key.clone(), with_news(value, news)))
                .collect();
            all.push((Value::Positive(1_000), news.clone()));
            Value::Map(all)
        }
        other => other.clone(),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap())
        .collect();
    let pairs = digits.chunks(2);
    pairs.map(|pair| pair[0] << 4 | pair[1]).collect()
}
