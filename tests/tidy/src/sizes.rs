//! Nothing grows until nobody reads it.
//!
//! In: sources. Out: files that are too long; the median, so that a drift is seen early.
//! Must not count what tools generate: lock files have other extensions.

use crate::tree::{self, Finding, Source};
use std::io::Write;

const LINES_MAX: usize = 500;
const COUNTED: [&str; 5] = ["rs", "js", "mjs", "ts", "css"];

fn too_long(sources: &[Source]) -> Vec<Finding> {
    let counted = sources
        .iter()
        .filter(|source| source.has_extension(&COUNTED));
    let long = counted.filter(|source| source.text.lines().count() > LINES_MAX);
    long.map(|source| {
        let lines = source.text.lines().count();
        Finding::new(
            &source.path,
            LINES_MAX + 1,
            format!("the file has {lines} lines"),
        )
    })
    .collect()
}

fn median(mut lengths: Vec<usize>) -> usize {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let sources = tree::sources();
    let rust = sources.iter().filter(|source| source.is_rust());
    let median = median(rust.map(|source| source.text.lines().count()).collect());
    // Past the test's own capture: the figure is wanted when everything passes.
    let _ = writeln!(
        std::io::stderr(),
        "median length of a Rust file: {median} lines"
    );
    assert_none_is_long(&sources);
}

#[track_caller]
fn assert_none_is_long(sources: &[Source]) {
    tree::assert_none(
        &too_long(sources),
        "the file holds two nouns; give each its own file.",
    );
}

#[test]
fn a_long_file_is_found_and_a_full_one_is_not() {
    let file = |path: &str, lines| Source {
        path: path.into(),
        text: "x\n".repeat(lines),
    };
    let sources = [
        file("a.rs", 500),
        file("b.mjs", 501),
        file("package-lock.json", 9000),
    ];
    let found = too_long(&sources);
    assert_eq!(
        found,
        [Finding::new("b.mjs", 501, "the file has 501 lines")]
    );
    assert_eq!(median(vec![3, 1, 2]), 2);
}
