//! What each stage of the tests starts.
//!
//! In: the repository, and words for the program that the stage starts. Out: passed, skipped with a
//! reason, or failed. Must not install more than the stage needs.

use super::Ending;
use crate::build::{self, Built, Flavour};
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup::{self, Purpose};
use crate::toolchain::WASM;
use std::process::Command;

/// A browser on a busy machine starts late; this is a limit, not an expectation.
const WASM_TEST_SECONDS_MAX: &str = "120";

pub(super) fn fmt(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let mut cargo = setup::prepare_lints(place)?.cargo(place);
    cargo.args(["fmt", "--all", "--check"]).args(extra);
    carry_out(&mut cargo, "Format with `cargo fmt --all`.")
}

pub(super) fn clippy(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let toolchain = setup::prepare_lints(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo
        .args(["clippy", "--workspace", "--all-targets"])
        .args(extra);
    cargo.args(["--", "--deny", "warnings"]);
    // Artifacts of another compiler beside ours would make each run rebuild the other's.
    cargo.env("CARGO_TARGET_DIR", place.target.join("lint"));
    carry_out(
        &mut cargo,
        "Mend what the lints say, or suppress one with a reason.",
    )
}

pub(super) fn tidy(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let toolchain = setup::prepare_compiler(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo.args(["test", "--package", "tidy"]).args(extra);
    // A broken rule is a finding, not a crash: where the test panicked helps nobody.
    cargo.env("RUST_BACKTRACE", "0");
    carry_out(
        &mut cargo,
        "Each message above names the file, the line and how to mend it.",
    )
}

pub(super) fn deny(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let toolchain = setup::prepare_deny(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo
        .args([
            "deny",
            // Crates of other systems may have to be fetched to be judged; nothing else is.
            "--locked",
            "--log-level",
            "error",
            "--config",
            ".deny.toml",
        ])
        .args([
            "check",
            "--hide-inclusion-graph",
            "licenses",
            "bans",
            "sources",
        ])
        .args(extra);
    carry_out(
        &mut cargo,
        "Do without the crate, or let it in in .deny.toml with a reason.",
    )?;
    crate::advisories::check(place).map(|()| Ending::Passed)
}

pub(super) fn native(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let toolchain = setup::prepare_native(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo
        .args(["test", "--workspace", "--exclude", "tidy"])
        .args(extra);
    carry_out(&mut cargo, "Read the first failing test above.")
}

/// Worlds a day's work is tried in; each is run twice.
const SMALL_WORLDS: &str = "0..20000";
const LARGE_WORLDS: &str = "0..20";

pub(super) fn simulate(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let runs: [&[&str]; 3] = [
        &["--seeds", SMALL_WORLDS],
        &["--seeds", LARGE_WORLDS, "--world", "large"],
        &["--mutants"],
    ];
    for run in runs {
        let words = run.iter().map(|word| (*word).to_owned());
        let words: Vec<String> = words.chain(extra.iter().cloned()).collect();
        println!("$ simulate {}", words.join(" "));
        crate::simulate::simulate(place, &words)?;
    }
    Ok(Ending::Passed)
}

pub(super) fn wasm(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let tests = place.root.join("app/tests");
    if !tests.join("browser").is_dir() && !tests.join("browser.rs").is_file() {
        return Ok(Ending::Skipped("there is no app/tests/browser".to_owned()));
    }
    let toolchain = setup::prepare(place, Purpose::Test)?;
    let mut cargo = toolchain.cargo(place);
    cargo
        .args([
            "test",
            "--package",
            "app",
            "--package",
            "worker",
            "--package",
            "simulate",
        ])
        .args(["--tests", "--target", WASM])
        .args(extra)
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            place.tool("wasm-bindgen-test-runner"),
        )
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS_MAX);
    browsers(&mut cargo);
    carry_out(&mut cargo, "Read the first failing test above.")
}

pub(super) fn build(place: &Place, _: &[String]) -> Result<Ending, Failure> {
    let toolchain = setup::prepare(place, Purpose::Run)?;
    build::build(place, toolchain, Flavour::Release).map(|_| Ending::Passed)
}

pub(super) fn openapi(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let built = built(place, Purpose::Test)?;
    let mut python = process::command(setup::python(place));
    python
        .arg(place.openapi().join("run.py"))
        .arg(&built.custody)
        .args(extra);
    carry_out(
        &mut python,
        "Mend the server, or what sync-server/src/http/openapi.json says of it. The seed above asks the same again.",
    )
}

pub(super) fn e2e(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    if !place.e2e().join("package.json").is_file() {
        return Ok(Ending::Skipped(
            "there is no tests/e2e/package.json".to_owned(),
        ));
    }
    let built = built(place, Purpose::Test)?;
    let mut playwright = playwright(place, &built);
    playwright.args(extra);
    carry_out(
        &mut playwright,
        "The seed and the trace are named above; tests/e2e has the stories.",
    )
}

pub(super) fn webkit(place: &Place, extra: &[String]) -> Result<Ending, Failure> {
    let smoke = place.e2e().join("webkit").join("smoke.mjs");
    if !setup::HAS_WEBKIT {
        return Ok(Ending::Skipped("WebKitGTK exists on Linux only".to_owned()));
    }
    if !smoke.is_file() {
        return Ok(Ending::Skipped(
            "there is no tests/e2e/webkit/smoke.mjs".to_owned(),
        ));
    }
    let built = built(place, Purpose::Test)?;
    let mut xvfb = process::command("xvfb-run");
    xvfb.args(["--auto-servernum", "node"])
        .arg(&smoke)
        .args(extra);
    surroundings(place, &built, &mut xvfb);
    carry_out(&mut xvfb, "Read what WebKit answered above.")
}

/// Everything installed and built, as a shop gets it.
pub(crate) fn built(place: &Place, purpose: Purpose) -> Result<Built, Failure> {
    let toolchain = setup::prepare(place, purpose)?;
    build::build(place, toolchain, Flavour::Release)
}

/// Playwright as pinned in `tests/e2e`, never one from elsewhere.
pub(crate) fn playwright(place: &Place, built: &Built) -> Command {
    let mut command = process::command("npx");
    command.args(["--no-install", "playwright", "test"]);
    surroundings(place, built, &mut command);
    command
}

/// What a test or measurement outside cargo is told: where the server and the browsers are.
pub(crate) fn surroundings(place: &Place, built: &Built, command: &mut Command) {
    command
        .current_dir(place.e2e())
        .env("CUSTODY_BIN", &built.custody)
        .env("CUSTODY_WEB_DIST", &built.web_dist)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    browsers(command);
}

fn browsers(command: &mut Command) {
    if let Some(path) = setup::chromium() {
        command.env("CHROMIUM", path);
    }
    if let Some(path) = setup::chromedriver() {
        command.env("CHROMEDRIVER", path);
    }
}

fn carry_out(command: &mut Command, next: &str) -> Result<Ending, Failure> {
    println!("$ {}", process::line(command));
    process::show(command)
        .map(|()| Ending::Passed)
        .map_err(|error| {
            Failure::new(
                error,
                "Your sources are untouched; what was built is kept.",
                next,
            )
        })
}
