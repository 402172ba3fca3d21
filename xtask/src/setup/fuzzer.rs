//! What makes inputs up.
//!
//! In: cargo, a C++ compiler. Out: `cargo fuzz` in the cache. Must not be asked for by anything but the hunt.

use super::{apt, cargo_tools};
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::toolchain::Toolchain;

const CARGO_FUZZ: &str = "0.13.2";

pub(super) fn is_ready(place: &Place) -> bool {
    cargo_tools::says(place, "cargo-fuzz").is_some_and(|text| text.ends_with(CARGO_FUZZ))
        && process::find_program("c++").is_some()
}

pub(super) fn install(place: &Place, toolchain: Toolchain) -> Result<(), Failure> {
    if process::find_program("c++").is_none() {
        let instead = "install a C++ compiler as `c++`";
        apt::install(place, "a C++ compiler", &["g++"], instead)?;
    }
    cargo_tools::install(place, toolchain, "cargo-fuzz", CARGO_FUZZ, &["--locked"])
}
