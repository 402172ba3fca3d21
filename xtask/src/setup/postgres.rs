//! The database a chain of shops keeps its logs in.
//!
//! In: the search path, and where Debian keeps what is not in it. Out: whether a server can be started for a
//! test. Must not start one: tests start their own and throw it away.

use super::apt;
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::toolchain::Toolchain;
use std::path::Path;

/// Debian keeps each version's programs in a folder of its own, outside the search path.
const DEBIAN: &str = "/usr/lib/postgresql";
/// What the tests start.
const PROGRAMS: [&str; 2] = ["initdb", "pg_ctl"];

pub(super) fn is_ready(_: &Place) -> bool {
    PROGRAMS
        .iter()
        .all(|name| process::find_program(name).is_some())
        || is_in_a_version_of(Path::new(DEBIAN))
}

fn is_in_a_version_of(folder: &Path) -> bool {
    let Ok(versions) = std::fs::read_dir(folder) else {
        return false;
    };
    let has_all = |programs: &Path| PROGRAMS.iter().all(|name| programs.join(name).is_file());
    versions
        .flatten()
        .any(|version| has_all(&version.path().join("bin")))
}

pub(super) fn install(place: &Place, _: Toolchain) -> Result<(), Failure> {
    apt::install(
        place,
        "PostgreSQL",
        &["postgresql"],
        "install PostgreSQL 15 or later, with initdb and pg_ctl in the search path",
    )
}
