//! What a check that runs elsewhere, such as in a browser's worker, tells whoever waits for it.
//!
//! In: what the check came to so far. Out: bytes for the other side, which is of the same build. Must not: be kept.

use minicbor::{Decode, Encode};

use super::Report;
use crate::event::{decode, encode};

/// One word of the check.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Told {
    /// It goes on.
    #[n(0)]
    Progress {
        /// Bytes of the file looked at.
        #[n(0)]
        bytes: u64,
        /// Good events so far.
        #[n(1)]
        events: u64,
    },
    /// The file cannot be read: it is a folder, is gone or was changed meanwhile.
    #[n(1)]
    Unreadable,
    /// It has ended.
    #[n(2)]
    Done(#[n(0)] Box<Report>),
}

impl Told {
    /// For the other side.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// From the other side.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        decode(bytes).ok()
    }
}
