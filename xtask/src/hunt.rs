//! One hunt: a test that looks for a rare fault by trying again and again, in browsers or at the server.
//!
//! In: its name and how often. Out: the tests' own verdict.
//! Must not decide what a hunt does: the test reads `HUNT_TIMES` or `CUSTODY_KILLS` itself.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup::{self, Purpose};
use crate::test::stages;

/// The hunt that kills the server instead of a browser.
const SERVER_KILL: &str = "server-kill";

pub(crate) fn hunt(place: &Place, name: &str, times: Option<u32>) -> Result<(), Failure> {
    if name == SERVER_KILL {
        return kill_server(place, times);
    }
    if !place.e2e().join("package.json").is_file() {
        return Err(Failure::new(
            "there are no browser tests: tests/e2e/package.json is missing",
            "Nothing was run.",
            "Run this from a complete clone.",
        ));
    }
    let built = stages::built(place, Purpose::Test)?;
    let mut playwright = stages::playwright(place, &built);
    playwright.args(["--grep", name]);
    if let Some(times) = times {
        playwright.env("HUNT_TIMES", times.to_string());
    }
    process::show(&mut playwright)
        .map_err(|error| found(name, &error, "The seed above replays it exactly."))
}

fn kill_server(place: &Place, times: Option<u32>) -> Result<(), Failure> {
    let toolchain = setup::prepare_compiler(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo.args([
        "test",
        "--package",
        "sync-server",
        "--test",
        "drill",
        "kill::",
    ]);
    if let Some(times) = times {
        cargo.env("CUSTODY_KILLS", times.to_string());
    }
    let again = "CUSTODY_KILL_SEED with the seed above plans the same moments; the machine's own timing is not replayed.";
    process::show(&mut cargo).map_err(|error| found(SERVER_KILL, &error, again))
}

fn found(name: &str, error: &str, again: &str) -> Failure {
    Failure::new(
        format!("the hunt `{name}` found something: {error}"),
        again,
        "Read the first failure above, and keep its seed with the fix.",
    )
}
