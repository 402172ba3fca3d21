//! What comes from npm, pinned.
//!
//! In: Node. Out: `wasm-opt` in the cache; the tests' packages beside the tests.
//! Must not let a package fetch a browser of its own: the tests drive the one set-up installed.

use super::apt;
use crate::build::digest::Digest;
use crate::failure::Failure;
use crate::place::Place;
use crate::toolchain::Toolchain;
use crate::{process, progress};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The npm version whose `wasm-opt` calls itself `version_132`, as `Trunk.toml` wants it.
const BINARYEN: &str = "132.0.0";
const LIMIT: Duration = Duration::from_secs(10 * 60);
/// Written into `node_modules` after a complete install; holds what the lock file was.
const STAMP: &str = "node_modules/.custody-lock";

pub(super) fn node_is_ready(_: &Place) -> bool {
    process::find_program("node").is_some() && process::find_program("npm").is_some()
}

pub(super) fn install_node(place: &Place, _: Toolchain) -> Result<(), Failure> {
    apt::install(
        place,
        "Node",
        &["nodejs", "npm"],
        "install Node 20 or later from nodejs.org",
    )
}

pub(super) fn wasm_opt_is_ready(place: &Place) -> bool {
    let package = place.npm().join("node_modules/binaryen/package.json");
    let named = format!("\"version\": \"{BINARYEN}\"");
    fs::read_to_string(package).is_ok_and(|text| text.contains(&named))
        && place.npm().join("node_modules/.bin/wasm-opt").exists()
}

pub(super) fn install_wasm_opt(place: &Place, _: Toolchain) -> Result<(), Failure> {
    let folder = place.npm();
    fs::create_dir_all(&folder).map_err(|error| Failure::of_file("making", &folder, &error))?;
    let mut npm = npm(&folder);
    npm.args(["install", "--save-exact", "--prefix"])
        .arg(&folder)
        .arg(format!("binaryen@{BINARYEN}"));
    progress::watch(place, "wasm-opt", LIMIT, &mut npm).map_err(|error| explain("wasm-opt", &error))
}

pub(super) fn e2e_is_ready(place: &Place) -> bool {
    packages_are_ready(&place.e2e())
}

pub(super) fn install_e2e(place: &Place, _: Toolchain) -> Result<(), Failure> {
    install_packages(place, &place.e2e(), "npm-e2e")
}

pub(super) fn bench_is_ready(place: &Place) -> bool {
    packages_are_ready(&place.bench())
}

pub(super) fn install_bench(place: &Place, _: Toolchain) -> Result<(), Failure> {
    install_packages(place, &place.bench(), "npm-bench")
}

fn packages_are_ready(folder: &Path) -> bool {
    if !folder.join("package.json").exists() {
        return true;
    }
    lock_of(folder).is_some_and(|lock| {
        fs::read_to_string(folder.join(STAMP)).is_ok_and(|installed| installed == lock)
    })
}

fn lock_of(folder: &Path) -> Option<String> {
    let bytes = fs::read(folder.join("package-lock.json")).ok()?;
    let mut digest = Digest::new();
    digest.add(&bytes);
    Some(digest.to_string())
}

fn install_packages(place: &Place, folder: &Path, label: &str) -> Result<(), Failure> {
    let Some(lock) = lock_of(folder) else {
        return Err(Failure::new(
            format!(
                "{} has a package.json without a package-lock.json",
                folder.display()
            ),
            "Nothing was changed.",
            "Run `npm install` there and commit the lock file: versions are pinned.",
        ));
    };
    let mut npm = npm(folder);
    npm.arg("ci");
    progress::watch(place, label, LIMIT, &mut npm).map_err(|error| explain(label, &error))?;
    // A package without dependencies leaves no folder behind.
    let stamp = folder.join(STAMP);
    fs::create_dir_all(folder.join("node_modules"))
        .and_then(|()| fs::write(&stamp, lock))
        .map_err(|error| Failure::of_file("writing", &stamp, &error))
}

fn npm(folder: &Path) -> std::process::Command {
    let mut npm = process::command("npm");
    npm.current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .args(["--no-audit", "--no-fund"]);
    npm
}

fn explain(what: &str, error: &str) -> Failure {
    Failure::new(
        format!("installing {what} from npm: {error}"),
        "Only the folder it installs into was changed; the repository is as it was.",
        "Usually it is the network: run the same command again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundler_wants_the_wasm_opt_that_set_up_installs() {
        let place = Place::find().expect("the repository is where this test was built");
        let trunk = fs::read_to_string(place.root.join("Trunk.toml")).unwrap();
        let major = BINARYEN.split('.').next().unwrap();
        assert!(trunk.contains(&format!("wasm_opt = \"version_{major}\"")));
    }
}
