//! Names of things: sixteen-byte identifiers, package tags, hashes.
//!
//! In: bytes and text from outside. Out: checked values that order and print the same everywhere.
//! Must not: make identifiers (randomness arrives as an argument).

use core::fmt;

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// Why a piece of text is not the identifier it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError {
    /// What was expected, in words for a log line.
    pub expected: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl core::error::Error for IdError {}

fn from_hex<const N: usize>(text: &str, expected: &'static str) -> Result<[u8; N], IdError> {
    let mut digits = text
        .chars()
        .filter(|character| *character != '-')
        .map(|character| character.to_digit(16));
    let mut digit = || {
        let digit = digits.next()??;
        u8::try_from(digit).ok()
    };
    let mut bytes = [0; N];
    for byte in &mut bytes {
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err(IdError { expected });
        };
        *byte = high << 4 | low;
    }
    if digits.next().is_some() {
        return Err(IdError { expected });
    }
    Ok(bytes)
}

/// Thousands a second are written, in heads of the log above all: a formatter for each byte would be felt.
fn write_hex<const N: usize>(f: &mut fmt::Formatter<'_>, bytes: &[u8; N]) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [[0; 2]; N];
    for (pair, byte) in text.iter_mut().zip(bytes) {
        *pair = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
    }
    let text = core::str::from_utf8(text.as_flattened()).map_err(|_| fmt::Error)?;
    f.write_str(text)
}

macro_rules! sixteen_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; 16]);

        impl $name {
            /// Reads 32 hexadecimal digits, hyphens allowed.
            ///
            /// # Errors
            /// When the text has another length or other characters.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                from_hex(text, "32 hexadecimal digits").map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

sixteen_bytes! {
    /// One shop with its own licence, stock and log.
    StoreId
}
sixteen_bytes! {
    /// One tablet, phone, browser or server that signs events.
    DeviceId
}
sixteen_bytes! {
    /// One start of a writer on a device; with the device it names a chain.
    Epoch
}
sixteen_bytes! {
    /// The idempotency key of an event, made once on the device (UUID version 7).
    EventId
}
sixteen_bytes! {
    /// The right to work some orders' packages, granted by the server.
    LeaseId
}
sixteen_bytes! {
    /// One order, whatever the outside system calls it.
    OrderId
}
sixteen_bytes! {
    /// One product of the catalogue.
    ItemId
}

/// A person, by the number the store gave when the person was added. 0 is the server itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ActorId(#[n(0)] pub u32);

impl ActorId {
    /// The server, when nobody acted: an order that arrived, a file that was imported.
    pub const SERVER: Self = Self(0);
}

/// Place of an event in one store's log; the first is 1, and 0 means "before anything".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Position(#[n(0)] pub u64);

impl Position {
    /// The position after this one. Behind the largest, which only a liar would name, there is none.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// SHA-256 of something.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Hash(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

impl Hash {
    /// Hashes the parts one behind the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The state's identifier of one tagged package: METRC's 24 hexadecimal characters in upper case, or
/// BioTrack's 16 digits.
///
/// Having this form proves nothing about stock: a GS1 string of 24 digits has it too. `code` decides
/// what a reading is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct PackageTag(#[n(0)] String);

impl PackageTag {
    /// Reads a tag; lower case is turned to upper case, nothing else is repaired.
    ///
    /// # Errors
    /// When the text is neither 24 hexadecimal characters nor 16 digits.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let metrc = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let biotrack = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit());
        if metrc || biotrack {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(IdError {
                expected: "24 hexadecimal characters or 16 digits",
            })
        }
    }

    /// The characters as printed on the tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last five characters, the part people read.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - 5..]
    }
}

impl fmt::Display for PackageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PackageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_printing_and_reading() {
        let id = OrderId([0xa7; 16]);
        assert_eq!(OrderId::parse(&id.to_string()), Ok(id));
        assert!(OrderId::parse("a7").is_err());
        assert!(OrderId::parse(&"g".repeat(32)).is_err());
    }

    #[test]
    fn a_tag_is_24_hexadecimal_characters_or_16_digits() {
        let tag = PackageTag::parse("1a4ff0300000c57000000101").unwrap();
        assert_eq!(tag.as_str(), "1A4FF0300000C57000000101");
        assert_eq!(tag.tail(), "00101");
        assert!(PackageTag::parse("1234567890123456").is_ok());
        for wrong in [
            "",
            "1A4FF0300000C5700000010",
            "1A4FF0300000C5700000010G",
            "12345678901234567",
        ] {
            assert!(PackageTag::parse(wrong).is_err(), "{wrong}");
        }
    }
}
