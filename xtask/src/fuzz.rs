//! Inputs made up by libFuzzer for everything that reads bytes from outside.
//!
//! In: a target or none for all, and minutes for each. Out: the fuzzer's own verdict, and what it came to. Must not: change
//! the kept inputs unasked.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup;
use std::path::PathBuf;
use std::process::Command;

/// Memory of one run; a message of any kind needs a thousandth of it.
const MEMORY_MB_MAX: u32 = 2_048;
/// Seconds of one input. All but a few take less than a millisecond.
const INPUT_SECONDS_MAX: u32 = 10;

/// Which inputs to make up, and what to do with those worth keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fuzzing {
    /// One target, or all of them.
    pub(crate) target: Option<String>,
    /// For each.
    pub(crate) minutes: u32,
    /// Adds those that reach something new to the ones every test run replays.
    pub(crate) keep: bool,
}

pub(crate) fn fuzz(place: &Place, fuzzing: &Fuzzing) -> Result<(), Failure> {
    let known = targets(place)?;
    let chosen = match &fuzzing.target {
        None => known,
        Some(name) if known.contains(name) => vec![name.clone()],
        Some(name) => {
            return Err(Failure::new(
                format!("there is no target `{name}`"),
                "Nothing was run.",
                format!("Name one of: {}", known.join(", ")),
            ));
        }
    };
    let toolchain = setup::prepare_fuzzer(place)?;
    for name in chosen {
        let made_up = place.cache.join("fuzz").join(&name);
        let kept = corpus(place).join(&name);
        std::fs::create_dir_all(&made_up)
            .map_err(|error| Failure::of_file("creating", &made_up, &error))?;
        println!("\n{name}: {} minutes", fuzzing.minutes);
        let mut run = cargo_fuzz(place, toolchain.cargo(place));
        run.arg(&name)
            .arg(&made_up)
            .arg(&kept)
            .arg("--")
            .arg(format!("-max_total_time={}", fuzzing.minutes * 60))
            .arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"))
            .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
            .arg("-print_final_stats=1");
        process::show(&mut run).map_err(|error| found(&name, &error))?;
        if fuzzing.keep {
            let mut merge = cargo_fuzz(place, toolchain.cargo(place));
            merge.arg(&name).arg(&kept).arg(&made_up);
            // The fewest that reach every edge: they are in every clone.
            merge.args(["--", "-set_cover_merge=1", "-use_counters=0"]);
            process::show(&mut merge).map_err(|error| found(&name, &error))?;
        }
    }
    Ok(())
}

/// `RUSTC_BOOTSTRAP`: the sanitizer is an unstable option of the stable compiler.
fn cargo_fuzz(place: &Place, mut cargo: Command) -> Command {
    cargo
        .current_dir(place.root.join("tests/fuzz/libfuzzer"))
        .env("CARGO_TARGET_DIR", place.target.join("fuzz"))
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["fuzz", "run", "--fuzz-dir", "."]);
    cargo
}

/// The folders of kept inputs, one for each target.
fn targets(place: &Place) -> Result<Vec<String>, Failure> {
    let folder = corpus(place);
    let entries =
        std::fs::read_dir(&folder).map_err(|error| Failure::of_file("reading", &folder, &error))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

fn corpus(place: &Place) -> PathBuf {
    place.root.join("tests/fuzz/corpus")
}

fn found(name: &str, error: &str) -> Failure {
    Failure::new(
        format!("the target `{name}` found something: {error}"),
        "The input is in tests/fuzz/libfuzzer/artifacts, named above.",
        format!(
            "Mend it, and move the input to tests/fuzz/corpus/{name}: every test run then tries it."
        ),
    )
}
