//! What another system gave the shop to prove itself to it is kept, replaced or forgotten: told in the log that nobody
//! changes.
//!
//! In: the server's word, once it was done. Out: a fact for whoever reads the log. Must not: carry a secret, or anything by
//! which one could be tried out; nor decide anything.

use minicbor::{Decode, Encode};

use crate::event::words_that_grow;

/// What became of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretChange {
    /// It is kept; there was none of its name.
    Kept,
    /// It is kept in place of another of its name.
    Replaced,
    /// It is kept no longer.
    Forgotten,
    /// A change this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    SecretChange:
    Kept = 0
    Replaced = 1
    Forgotten = 2
}

/// A secret of an outside system changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SecretChanged {
    /// Its name, such as `metrc/ca/user-key`.
    #[n(0)]
    pub name: String,
    /// What became of it.
    #[n(1)]
    pub change: SecretChange,
    /// Who did it: the account on the server's machine whose command it was, as that machine names it. `None`: it names
    /// none.
    #[n(2)]
    pub operator: Option<String>,
}
