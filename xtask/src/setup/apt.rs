//! Debian's packages, when we may install them.
//!
//! In: package names. Out: installed packages, or the sentence that tells a person to do it.
//! Must not be tried without root: a password prompt in the middle helps nobody.

use crate::failure::Failure;
use crate::place::Place;
use crate::{process, progress};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(15 * 60);
/// Package lists are fetched once per run of this program, before the first package.
static LISTS_ARE_FRESH: AtomicBool = AtomicBool::new(false);

/// Whether this machine lets us install Debian's packages.
pub(crate) fn may_install() -> bool {
    process::find_program("apt-get").is_some()
        && process::answer(process::command("id").arg("-u")).is_some_and(|id| id == "0")
}

/// Installs packages. `instead` says what a person on another system can do.
pub(crate) fn install(
    place: &Place,
    what: &str,
    packages: &[&str],
    instead: &str,
) -> Result<(), Failure> {
    let list = packages.join(" ");
    if !may_install() {
        return Err(Failure::new(
            format!("{what} is missing, and installing it here needs Debian and root"),
            "Nothing was changed.",
            format!("On Debian: sudo apt-get install {list}\n              Elsewhere: {instead}"),
        ));
    }
    if !LISTS_ARE_FRESH.swap(true, Ordering::Relaxed) {
        let mut update = apt(&["update"]);
        progress::watch(place, "apt-update", LIMIT, &mut update)
            .map_err(|error| explain("the package lists", &error, "apt-get update"))?;
    }
    let mut words = vec!["install", "--yes", "--no-install-recommends"];
    words.extend_from_slice(packages);
    progress::watch(place, "apt-install", LIMIT, &mut apt(&words)).map_err(|error| {
        explain(
            what,
            &error,
            &format!("apt-get install --no-install-recommends {list}"),
        )
    })
}

fn apt(words: &[&str]) -> std::process::Command {
    let mut command = process::command("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Another package job, such as the nightly upgrade, is waited for instead of failing at once.
        .args(["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"])
        .args(words);
    command
}

fn explain(what: &str, error: &str, by_hand: &str) -> Failure {
    Failure::new(
        format!("installing {what}: {error}"),
        "apt leaves what was installed before as it was.",
        format!("Run `{by_hand}` to see why, then run the same command again."),
    )
}
