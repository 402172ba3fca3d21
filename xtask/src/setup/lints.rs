//! The formatter and the lints.
//!
//! In: the compilers there are. Out: one of them with both. Must not fetch a compiler: lints of another one
//! than builds Custody would speak of other sources.

use super::apt;
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::toolchain::{Toolchain, has_rustup};

/// They go with Debian's `rustc-web` and `cargo-web`.
const DEBIAN: [&str; 2] = ["rustfmt-web", "rust-web-clippy"];
const COMPONENTS: [&str; 2] = ["rustfmt", "clippy"];

pub(super) fn are_ready(place: &Place) -> bool {
    Toolchain::for_lints(place).is_some()
}

pub(super) fn install(place: &Place, _: Toolchain) -> Result<(), Failure> {
    let has_added = has_rustup() && {
        let mut rustup = process::command("rustup");
        rustup.args(["component", "add"]).args(COMPONENTS);
        process::succeeds(&mut rustup)
    };
    if has_added {
        return Ok(());
    }
    apt::install(
        place,
        "rustfmt and clippy",
        &DEBIAN,
        "rustup component add rustfmt clippy",
    )
}
