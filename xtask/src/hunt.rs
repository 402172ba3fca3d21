//! One hunt: a test that looks for a rare fault by trying again and again, in browsers or at the server.
//!
//! In: its name and how often. Out: the tests' own verdict.
//! Must not decide what a hunt does: the test reads `HUNT_TIMES` or `CUSTODY_KILLS` itself.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup::{self, Purpose};
use crate::test::stages;

/// A hunt that asks a program of ours itself, without a browser.
struct ServerHunt {
    name: &'static str,
    /// The crate, and whether it is built as fast as it goes.
    package: (&'static str, bool),
    /// The tests' program, and the tests in it.
    tests: [&'static str; 2],
    /// What tells it how often, and how often when nobody says so.
    times: (&'static str, Option<u32>),
    again: &'static str,
}

const SERVER_HUNTS: [ServerHunt; 5] = [
    ServerHunt {
        name: "server-kill",
        package: ("sync-server", false),
        tests: ["drill", "kill::"],
        times: ("CUSTODY_KILLS", None),
        again: "CUSTODY_KILL_SEED with the seed above plans the same moments; the machine's own timing is not replayed.",
    },
    ServerHunt {
        name: "requests",
        package: ("sync-server", false),
        tests: ["api", "flood::any_number"],
        times: ("CUSTODY_REQUESTS", Some(1_000_000)),
        again: "The same requests come in the same order; the machine's own timing is not replayed.",
    },
    ServerHunt {
        name: "labels",
        package: ("domain", true),
        tests: ["label", "printer::whatever"],
        times: ("CUSTODY_LABELS", Some(1_000_000)),
        again: "The name above is tried first from now on: it stands in domain/tests/label.proptest-regressions.",
    },
    ServerHunt {
        name: "pictures",
        package: ("decode", true),
        tests: ["pictures", "pictures_without_a_code"],
        times: ("CUSTODY_PICTURES", Some(10_000)),
        again: "The seed above draws the same picture everywhere.",
    },
    ServerHunt {
        name: "tampering",
        package: ("sync-server", false),
        tests: ["api", "tampering::"],
        times: ("CUSTODY_TAMPERINGS", Some(100_000)),
        again: "CUSTODY_TAMPERING with a number above tries that one again; what it is done to is made anew each time.",
    },
];

pub(crate) fn hunt(place: &Place, name: &str, times: Option<u32>) -> Result<(), Failure> {
    if let Some(hunt) = SERVER_HUNTS.iter().find(|hunt| hunt.name == name) {
        return ask_server(place, hunt, times);
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

fn ask_server(place: &Place, hunt: &ServerHunt, times: Option<u32>) -> Result<(), Failure> {
    let toolchain = setup::prepare_compiler(place)?;
    let mut cargo = toolchain.cargo(place);
    let [program, tests] = hunt.tests;
    let (package, is_fast) = hunt.package;
    cargo.args(["test", "--package", package, "--test", program, tests]);
    if is_fast {
        cargo.arg("--release");
    }
    let (variable, usual) = hunt.times;
    if let Some(times) = times.or(usual) {
        cargo.env(variable, times.to_string());
    }
    process::show(&mut cargo).map_err(|error| found(hunt.name, &error, hunt.again))
}

fn found(name: &str, error: &str, again: &str) -> Failure {
    Failure::new(
        format!("the hunt `{name}` found something: {error}"),
        again,
        "Read the first failure above, and keep its seed with the fix.",
    )
}
