//! The form of everything that leaves a device or a server, byte for byte.
//!
//! `wire/*.hex` are the released forms. A file there is never edited and never deleted: what was signed once must
//! be read for ever. A new form is a new file; a missing one is written by the test, to be looked at and kept.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
mod wire {
    //! Samples, and how to read them without the program's own eyes.

    /// CBOR read and written by another hand.
    pub mod cbor;
    /// One fact of every kind.
    pub mod events;
    /// What events stand in.
    pub mod envelopes;
    /// What was added later.
    pub mod later;
    /// One fact of every kind of trouble.
    pub mod trouble;
    /// What a manager asks about devices and people.
    pub mod managing;
    /// One message of every kind.
    pub mod messages;
    /// One message of every kind about passkeys.
    pub mod proof;
    /// One row of every kind.
    pub mod rows;
    /// What was added to a shop's row later.
    pub mod shops;
    /// Files of samples.
    pub mod shelf;

    mod broken;
    mod known;
    mod newer;
    mod numbers;
}
