//! Bytes as letters.
//!
//! In: bytes, and what a symbol says of them. Out: text. Must not: show letters of a set it does not know.

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Latin1,
    Utf8,
    /// Nothing was said: the newer of both when it can be.
    Unsaid,
}

impl Charset {
    /// By the number that stands for it in a symbol.
    pub(crate) fn of(number: u32) -> Option<Self> {
        match number {
            1 | 3 => Some(Self::Latin1),
            26 | 27 => Some(Self::Utf8),
            _ => None,
        }
    }

    pub(crate) fn text(self, bytes: &[u8]) -> Option<String> {
        let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
        match (self, core::str::from_utf8(bytes)) {
            (Self::Latin1, _) | (Self::Unsaid, Err(_)) => Some(latin()),
            (_, Ok(text)) => Some(text.to_owned()),
            (Self::Utf8, Err(_)) => None,
        }
    }
}
