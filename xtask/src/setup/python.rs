//! What makes requests up from the server's own description: a Python program in an environment of its own.
//!
//! In: Python. Out: the environment in the cache, every package pinned by its hash. Must not touch the machine's own
//! Python packages.

use super::apt;
use crate::failure::Failure;
use crate::place::Place;
use crate::toolchain::Toolchain;
use crate::{process, progress};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10 * 60);
/// Written after a complete install; holds what the list of packages was.
const STAMP: &str = ".custody-requirements";
/// Says whether a Python is recent enough and can make environments.
const IS_FIT: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

fn environment(place: &Place) -> PathBuf {
    place.tools().join("openapi")
}

/// The environment's own Python.
pub(crate) fn python(place: &Place) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    let name = crate::place::program_file("python");
    environment(place).join(programs).join(name)
}

fn requirements(place: &Place) -> PathBuf {
    place.openapi().join("requirements.txt")
}

pub(super) fn is_ready(place: &Place) -> bool {
    let wanted = fs::read_to_string(requirements(place)).ok();
    let stamp = fs::read_to_string(environment(place).join(STAMP)).ok();
    wanted.is_some()
        && wanted == stamp
        && process::succeeds(process::command(python(place)).args(["-c", "import schemathesis"]))
}

fn is_fit() -> bool {
    process::succeeds(process::command("python3").args(["-c", IS_FIT]))
}

pub(super) fn install(place: &Place, _: Toolchain) -> Result<(), Failure> {
    if !is_fit() {
        let packages = ["python3", "python3-venv"];
        let instead = "install Python 3.11 or later as `python3`, with its module `venv`";
        apt::install(place, "Python", &packages, instead)?;
    }
    let folder = environment(place);
    let mut venv = process::command("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    let made = progress::watch(place, "python-venv", LIMIT, &mut venv);
    let wanted = requirements(place);
    let mut pip = process::command(python(place));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check"])
        .args([
            "--only-binary",
            ":all:",
            "--require-hashes",
            "--requirement",
        ])
        .arg(&wanted);
    made.and_then(|()| progress::watch(place, "python-packages", LIMIT, &mut pip))
        .map_err(|error| {
            Failure::new(
                format!("installing Python packages: {error}"),
                "Nothing outside the cache was changed.",
                "Look at the end of the log above. Usually it is the network: run the same command again.",
            )
        })?;
    let stamp = folder.join(STAMP);
    fs::copy(&wanted, &stamp)
        .map(drop)
        .map_err(|error| Failure::of_file("writing", &stamp, &error))
}
