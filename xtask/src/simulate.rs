//! The simulator: worlds by seed, or the breaks made by hand that it must find.
//!
//! In: which worlds. Out: the simulator's own verdict.
//! Must not decide what a world is: the words go to the simulator as they are.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup;
use std::path::PathBuf;

/// What the simulator is told to do that needs the breaks in it.
const OF_BREAKS: [&str; 2] = ["--mutants", "--mutant"];

/// Builds the simulator and runs it.
pub(crate) fn simulate(place: &Place, words: &[String]) -> Result<(), Failure> {
    let has_breaks = words.iter().any(|word| OF_BREAKS.contains(&word.as_str()));
    let program = build(place, has_breaks)?;
    process::show(process::command(program).args(words)).map_err(|error| {
        Failure::new(
            format!("the simulator found something: {error}"),
            "The same seed is the same world on every machine.",
            "Read the first failure above; the command below it tells what happened in that world.",
        )
    })
}

/// The simulator, with the breaks in it or without. Each has its own folder, so that neither makes the other anew.
fn build(place: &Place, has_breaks: bool) -> Result<PathBuf, Failure> {
    let toolchain = setup::prepare_compiler(place)?;
    let mut cargo = toolchain.cargo(place);
    cargo.args(["build", "--package", "simulate", "--profile", "simulate"]);
    let target = if has_breaks {
        cargo.args(["--features", "mutants"]);
        place.target.join("mutants")
    } else {
        place.target.clone()
    };
    cargo.env("CARGO_TARGET_DIR", &target);
    process::show(&mut cargo).map_err(|error| {
        Failure::new(
            error,
            "No world was run.",
            "Mend what the compiler says above.",
        )
    })?;
    let program = crate::place::program_file("simulate");
    Ok(target.join("simulate").join(program))
}
