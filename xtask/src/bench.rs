//! Measurements: each is a script in `tests/bench` that compares Custody with a peer in the same run.
//!
//! In: names, or none for all. Out: a table each, and raw figures under the build output.
//! Must not fail because a machine is slow: the script decides what it reports, not we.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup::Purpose;
use crate::test::stages;
use std::fs;
use std::path::Path;

/// `corpus` is where the pictures for `decode` are, when not beside the project.
pub(crate) fn bench(place: &Place, names: &[String], corpus: Option<&str>) -> Result<(), Failure> {
    let known = known(&place.bench());
    let chosen = if names.is_empty() { &known } else { names };
    if let Some(unknown) = chosen.iter().find(|name| !known.contains(name)) {
        return Err(no_bench(
            &format!("there is no measurement `{unknown}`"),
            &known,
        ));
    }
    if chosen.is_empty() {
        return Err(no_bench("there are no measurements yet", &known));
    }
    let built = stages::built(place, Purpose::Bench)?;
    let out = place.target.join("bench");
    // The scripts run in a folder of their own.
    let corpus = corpus.map(std::path::absolute).transpose();
    let corpus =
        corpus.map_err(|error| Failure::of_file("finding", Path::new("the corpus"), &error))?;
    fs::create_dir_all(&out).map_err(|error| Failure::of_file("making", &out, &error))?;
    for name in chosen {
        println!("\n{name}");
        let mut node = process::command("node");
        stages::surroundings(place, &built, &mut node);
        node.current_dir(place.bench())
            .arg(place.bench().join(format!("{name}.mjs")))
            .env("CUSTODY_BENCH_OUT", &out);
        if let Some(corpus) = &corpus {
            node.env("CUSTODY_SCAN_CORPUS", corpus);
        }
        process::show(&mut node).map_err(|error| {
            Failure::new(
                format!("the measurement {name}: {error}"),
                "Figures of the measurements before it are kept.",
                format!("Only this one again: cargo xtask bench {name}"),
            )
        })?;
    }
    println!("\nRaw figures: {}", out.display());
    Ok(())
}

fn known(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            entry
                .file_name()
                .to_str()?
                .strip_suffix(".mjs")
                .map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

fn no_bench(what: &str, known: &[String]) -> Failure {
    let names = if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    };
    Failure::new(
        what,
        "Nothing was run.",
        format!("tests/bench has: {names}"),
    )
}
