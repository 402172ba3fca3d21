//! The proof that nobody changed the record: the tree, its heads and their witnesses, the auditor's file.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
mod audit {
    //! One file per part of the proof.

    /// A morning in a shop, signed by everybody in it.
    pub mod history;
    /// Bundles of it, taken apart and put together again.
    pub mod workshop;

    mod tree;
    mod frontier;
    mod sheet;
    mod witness;
    mod whole;
    mod flips;
    mod forged;
    mod runs;
    mod hostile;
    mod holes;
    mod passkeys;
    mod sample;
    mod told;
}
