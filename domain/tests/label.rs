//! What holds of every label, whatever the shop's goods and customers are called.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

/// Labels to look at.
#[path = "label/made.rs"]
mod made;
/// Another reading of the printer's language.
#[path = "label/tokens.rs"]
mod tokens;
/// What is on paper.
#[path = "label/paper.rs"]
mod paper;
/// What a printer is told.
#[path = "label/printer.rs"]
mod printer;
