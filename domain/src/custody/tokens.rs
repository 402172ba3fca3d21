//! A token or a code is made or withdrawn, by which a program, a device or a person proves itself to the shop: told in the
//! log that nobody changes.
//!
//! In: the server's word, once it was done. Out: a fact for whoever reads the log. Must not: carry a token or a code, or
//! anything by which one could be tried out; nor decide anything.

use minicbor::{Decode, Encode};

use crate::event::words_that_grow;
use crate::id::ActorId;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenScope {
    /// Orders may be sent, and asked after.
    Orders,
    /// One device may enrol, within ten minutes.
    Device,
    /// One driver's phone may enrol, within ten minutes.
    DriversPhone,
    /// A manager may make a passkey anew, with another's approval.
    Recovery,
    /// Something this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    TokenScope:
    Orders = 0
    Device = 1
    DriversPhone = 2
    Recovery = 3
}

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenChange {
    /// It was made.
    Made,
    /// It opens nothing any more.
    Withdrawn,
    /// A change this program does not know yet.
    Newer(u32),
}

words_that_grow! {
    TokenChange:
    Made = 0
    Withdrawn = 1
}

/// A token or a code was made or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TokenChanged {
    /// What it is for, in the words of whoever made it; empty where nobody was asked for any.
    #[n(0)]
    pub name: String,
    /// What it opens.
    #[n(1)]
    pub scope: TokenScope,
    /// What became of it.
    #[n(2)]
    pub change: TokenChange,
    /// The account on the server's machine whose command it was, as that machine names it. `None`: it names none, the
    /// program did it by itself, or a person did it on a device.
    #[n(3)]
    pub operator: Option<String>,
    /// Who did it on a device.
    #[n(4)]
    pub actor: Option<ActorId>,
    /// Whom it lets in, where it is one person.
    #[n(5)]
    pub whose: Option<ActorId>,
}

impl TokenChanged {
    /// One was made, by nobody who is known yet.
    #[must_use]
    pub fn made(name: impl Into<String>, scope: TokenScope) -> Self {
        Self {
            name: name.into(),
            scope,
            change: TokenChange::Made,
            operator: None,
            actor: None,
            whose: None,
        }
    }
}
