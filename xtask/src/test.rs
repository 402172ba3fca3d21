//! Every check, in the order in which mistakes are cheapest to find.
//!
//! In: names of stages, or none for all. Out: a verdict, its last line `N passed, M failed`.
//! Must not go on after a failure, and must not call a stage passed that did not run.

pub(crate) mod stages;

use crate::failure::Failure;
use crate::place::Place;
use std::process::ExitCode;
use std::time::Instant;

/// How a stage that did not fail ended.
pub(crate) enum Ending {
    Passed,
    /// There is nothing to run here; why.
    Skipped(String),
}

struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn(&Place, &[String]) -> Result<Ending, Failure>,
}

const STAGES: [Stage; 11] = [
    Stage {
        name: "fmt",
        about: "the sources are formatted",
        run: stages::fmt,
    },
    Stage {
        name: "clippy",
        about: "the lints are quiet",
        run: stages::clippy,
    },
    Stage {
        name: "tidy",
        about: "the house rules hold",
        run: stages::tidy,
    },
    Stage {
        name: "deny",
        about: "no crate comes in that may not: licences, sources, known holes",
        run: stages::deny,
    },
    Stage {
        name: "native",
        about: "rules and server, on this machine",
        run: stages::native,
    },
    Stage {
        name: "simulate",
        about: "whole shops with every fault there is, and the simulator itself",
        run: stages::simulate,
    },
    Stage {
        name: "wasm",
        about: "the app's parts, in Chromium",
        run: stages::wasm,
    },
    Stage {
        name: "build",
        about: "the app and the server, as a shop gets them",
        run: stages::build,
    },
    Stage {
        name: "openapi",
        about: "the server answers ten thousand made-up requests as it describes itself",
        run: stages::openapi,
    },
    Stage {
        name: "e2e",
        about: "devices against a real server, in Chromium",
        run: stages::e2e,
    },
    Stage {
        name: "webkit",
        about: "the engine of every iPad opens the app",
        run: stages::webkit,
    },
];

pub(crate) fn test(place: &Place, names: &[String], extra: &[String]) -> Result<ExitCode, Failure> {
    let chosen = choose(names)?;
    let (mut passed, mut skipped) = (0, 0);
    for stage in chosen {
        println!("\n{}: {}", stage.name, stage.about);
        let started = Instant::now();
        let ending = (stage.run)(place, extra);
        let seconds = started.elapsed().as_secs_f32();
        match ending {
            Ok(Ending::Passed) => {
                passed += 1;
                println!("{}: passed in {seconds:.1} s", stage.name);
            }
            Ok(Ending::Skipped(why)) => {
                skipped += 1;
                println!("{}: SKIPPED, {why}", stage.name);
            }
            Err(failure) => {
                println!("\n{failure}\n");
                println!(
                    "{}: FAILED after {seconds:.1} s. Stages after it did not run.",
                    stage.name
                );
                println!("Only this stage again: cargo xtask test {}", stage.name);
                println!("{}", tally(passed, 1, skipped));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("\n{}", tally(passed, 0, skipped));
    Ok(ExitCode::SUCCESS)
}

fn choose(names: &[String]) -> Result<Vec<&'static Stage>, Failure> {
    if names.is_empty() {
        return Ok(STAGES.iter().collect());
    }
    let mut chosen = Vec::new();
    for name in names {
        let stage = STAGES
            .iter()
            .find(|stage| stage.name == name)
            .ok_or_else(|| {
                let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
                Failure::new(
                    format!("there is no stage `{name}`"),
                    "Nothing was run.",
                    format!("Name one of: {}", known.join(", ")),
                )
            })?;
        chosen.push(stage);
    }
    Ok(chosen)
}

fn tally(passed: usize, failed: usize, skipped: usize) -> String {
    let skipped = if skipped == 0 {
        String::new()
    } else {
        format!(", {skipped} skipped")
    };
    format!("{passed} passed, {failed} failed{skipped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_stages_and_owns_up_to_the_skipped_ones() {
        assert_eq!(tally(8, 0, 0), "8 passed, 0 failed");
        assert_eq!(tally(3, 1, 2), "3 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn asking_for_an_unknown_stage_runs_nothing() {
        assert!(choose(&["fmt".into(), "fnt".into()]).is_err());
        let all: Vec<&str> = choose(&[])
            .expect("no name is no mistake")
            .iter()
            .map(|stage| stage.name)
            .collect();
        assert_eq!(all.len(), STAGES.len());
    }
}
