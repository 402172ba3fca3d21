//! The programs that turn Rust into a web app, and the one that judges its crates: built from source and pinned.
//!
//! In: cargo. Out: `wasm-bindgen`, `trunk` and `cargo-deny` in the cache.
//! Must not touch what the person has installed for other projects.

use crate::failure::Failure;
use crate::place::Place;
use crate::toolchain::Toolchain;
use crate::{process, progress};
use std::time::Duration;

/// Also in `Trunk.toml` and, for the crate, in `Cargo.lock`. They must be the same.
const WASM_BINDGEN: &str = "0.2.130";
/// 0.22 wants a newer compiler.
const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const LIMIT: Duration = Duration::from_secs(40 * 60);

pub(super) fn wasm_bindgen_is_ready(place: &Place) -> bool {
    let answers = |name| says(place, name).is_some_and(|text| text.ends_with(WASM_BINDGEN));
    answers("wasm-bindgen") && answers("wasm-bindgen-test-runner")
}

pub(super) fn trunk_is_ready(place: &Place) -> bool {
    says(place, "trunk").is_some_and(|text| text.ends_with(TRUNK))
}

pub(super) fn says(place: &Place, name: &str) -> Option<String> {
    process::answer(process::command(place.tool(name)).arg("--version"))
}

pub(super) fn install_wasm_bindgen(place: &Place, toolchain: Toolchain) -> Result<(), Failure> {
    // Not `--locked`: the lock file it ships names a crate that the registry does not serve.
    install(place, toolchain, "wasm-bindgen-cli", WASM_BINDGEN, &[])
}

pub(super) fn install_trunk(place: &Place, toolchain: Toolchain) -> Result<(), Failure> {
    // It only moves files and starts compilers: an unoptimised one takes half as long to build.
    let flags = ["--locked", "--no-default-features", "--debug"];
    install(place, toolchain, "trunk", TRUNK, &flags)
}

pub(super) fn deny_is_ready(place: &Place) -> bool {
    says(place, "cargo-deny").is_some_and(|text| text.ends_with(CARGO_DENY))
}

pub(super) fn install_deny(place: &Place, toolchain: Toolchain) -> Result<(), Failure> {
    // It reads a few hundred manifests: unoptimised, that takes three seconds.
    let flags = ["--locked", "--no-default-features", "--debug"];
    install(place, toolchain, "cargo-deny", CARGO_DENY, &flags)
}

pub(super) fn install(
    place: &Place,
    toolchain: Toolchain,
    name: &str,
    version: &str,
    flags: &[&str],
) -> Result<(), Failure> {
    // Kept until the step succeeds, so that an interrupted one goes on where it was.
    let scratch = place.cache.join("install");
    let mut cargo = toolchain.cargo(place);
    cargo
        // Outside the repository: its cargo configuration is not meant for these programs.
        .current_dir(&place.cache)
        .env("CARGO_TARGET_DIR", &scratch)
        .args(["install", name, "--version", version, "--force", "--root"])
        .arg(place.tools())
        .args(flags);
    progress::watch(place, name, LIMIT, &mut cargo).map_err(|error| {
        Failure::new(
            format!("building {name} {version}: {error}"),
            "What was compiled so far is kept; the next try goes on from there.",
            "Look at the end of the log above. Usually it is the network: run the same command again.",
        )
    })?;
    // Costs a gigabyte and is of no further use; a failure to delete it harms nothing.
    let _ = std::fs::remove_dir_all(&scratch);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundler_the_lock_file_and_set_up_agree_on_the_version_of_wasm_bindgen() {
        let place = Place::find().expect("the repository is where this test was built");
        let trunk = std::fs::read_to_string(place.root.join("Trunk.toml")).unwrap();
        assert!(
            trunk.contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")),
            "Trunk.toml"
        );
        let lock = std::fs::read_to_string(place.root.join("Cargo.lock")).unwrap();
        let entry = "name = \"wasm-bindgen\"\n";
        if let Some(at) = lock.find(entry) {
            let pinned = format!("version = \"{WASM_BINDGEN}\"");
            assert!(
                lock[at + entry.len()..].starts_with(&pinned),
                "Cargo.lock: run `cargo update -p wasm-bindgen --precise {WASM_BINDGEN}`"
            );
        }
    }
}
