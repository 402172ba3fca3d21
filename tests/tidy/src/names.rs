//! A name says what a thing is for.
//!
//! In: paths and sources. Out: names that could mean anything, and modules that do not introduce
//! themselves. Must not judge names inside texts and comments.

use crate::code;
use crate::tree::{self, Finding, Source};

/// Rooms for everything are rooms for nothing.
const EMPTY_NAMES: [&str; 10] = [
    "util", "utils", "common", "helper", "helpers", "manager", "managers", "service", "services",
    "misc",
];
const INTRODUCTION: &str = "//! ";

fn empty_names(sources: &[Source]) -> Vec<Finding> {
    let is_empty = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part);
        EMPTY_NAMES.contains(&stem.to_ascii_lowercase().as_str())
    };
    let named = sources
        .iter()
        .filter(|source| source.path.split('/').any(is_empty));
    named
        .map(|source| Finding::new(&source.path, 1, "this name could mean anything"))
        .collect()
}

fn mod_files(sources: &[Source]) -> Vec<Finding> {
    let files = sources
        .iter()
        .filter(|source| source.path.split('/').next_back() == Some("mod.rs"));
    files
        .map(|source| Finding::new(&source.path, 1, "a file called mod.rs"))
        .collect()
}

fn silent_modules(sources: &[Source]) -> Vec<Finding> {
    let modules = sources
        .iter()
        .filter(|source| source.is_rust() && source.is_below("src"));
    let silent = modules.filter(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        first
            .strip_prefix(INTRODUCTION)
            .is_none_or(|words| words.trim().is_empty())
    });
    silent
        .map(|source| Finding::new(&source.path, 1, "the first line is not `//! `"))
        .collect()
}

fn getters(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        for (index, line) in code::code_only(&source.text).lines().enumerate() {
            if line.contains("fn get_") {
                found.push(Finding::new(
                    &source.path,
                    index + 1,
                    "a name that begins with `get_`",
                ));
            }
        }
    }
    found
}

#[test]
fn no_file_or_folder_has_a_name_that_could_mean_anything() {
    let mend =
        "name it after the thing it knows; if there is none, move each part to where it is used.";
    tree::assert_none(&empty_names(&tree::sources()), mend);
}

#[test]
fn a_module_is_a_file_named_after_itself() {
    tree::assert_none(
        &mod_files(&tree::sources()),
        "rename `foo/mod.rs` to `foo.rs` beside `foo/`.",
    );
}

#[test]
fn every_module_opens_by_saying_what_it_is_for() {
    let mend =
        "open with `//! ` and the purpose; then what goes in, what comes out, what it must not do.";
    tree::assert_none(&silent_modules(&tree::sources()), mend);
}

#[test]
fn a_thing_is_named_not_got() {
    tree::assert_none(
        &getters(&tree::sources()),
        "drop `get_`: name what is returned.",
    );
}

#[test]
fn empty_names_are_found_in_files_and_folders_but_not_in_longer_words() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        file("app/src/utils.rs", "//! x"),
        file("app/src/Common/x.rs", "//! x"),
        file("app/src/service_worker.rs", "//! x"),
    ];
    let paths: Vec<String> = empty_names(&sources)
        .into_iter()
        .map(|found| found.path)
        .collect();
    assert_eq!(paths, ["app/src/utils.rs", "app/src/Common/x.rs"]);
}

#[test]
fn a_module_with_an_empty_introduction_is_silent() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        file("a/src/x.rs", "//!\n"),
        file("a/src/y.rs", "//! Yes.\n"),
        file("a/tests/z.rs", "use x;\n"),
        file("a/src/get.rs", "//! Yes.\nfn get_x() {}\n// fn get_y\n"),
    ];
    assert_eq!(silent_modules(&sources).len(), 1);
    assert_eq!(
        getters(&sources),
        [Finding::new(
            "a/src/get.rs",
            2,
            "a name that begins with `get_`"
        )]
    );
}
