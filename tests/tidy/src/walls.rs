//! The walls between the rooms.
//!
//! In: manifests, and the sources of `domain`. Out: dependencies and words that break through.
//! Must not trust a name: a crate may be renamed where it is used.

use crate::code;
use crate::manifest::{self, Dependency};
use crate::tree::{self, Finding, Source};

/// Crates that bring a clock, chance or the outside world with them.
const IMPURE_CRATES: [&str; 14] = [
    "tokio",
    "async-std",
    "smol",
    "rand",
    "getrandom",
    "fastrand",
    "reqwest",
    "hyper",
    "rusqlite",
    "sqlx",
    "postgres",
    "tokio-postgres",
    "web-sys",
    "js-sys",
];
/// Modules of the standard library that reach outside.
const IMPURE_MODULES: [&str; 7] = ["time", "fs", "net", "io", "env", "process", "thread"];
/// Clock, hash order, floats.
const IMPURE_WORDS: [&str; 6] = ["Instant", "SystemTime", "HashMap", "HashSet", "f32", "f64"];

fn between(sources: &[Source], from: &str, to: &str) -> Vec<Finding> {
    let manifest = manifest::of(sources, from);
    let dependencies = manifest::dependencies(&manifest.text);
    let through = dependencies.iter().filter(|dependency| dependency.is(to));
    through
        .map(|found| {
            Finding::new(
                &manifest.path,
                found.line,
                format!("`{from}` depends on `{to}`"),
            )
        })
        .collect()
}

fn impure_dependencies(manifest: &Source, workspace: &Source) -> Vec<Finding> {
    let shared = manifest::dependencies(&workspace.text);
    let mut found = Vec::new();
    for mut dependency in manifest::dependencies(&manifest.text) {
        if dependency.value.contains("workspace = true")
            && let Some(entry) = shared.iter().find(|entry| entry.name == dependency.name)
        {
            dependency.value = format!("{} {}", dependency.value, entry.value);
        }
        if let Some(what) = impurity(&dependency) {
            found.push(Finding::new(&manifest.path, dependency.line, what));
        }
    }
    found
}

fn impurity(dependency: &Dependency) -> Option<String> {
    let Dependency { name, value, .. } = dependency;
    if value.contains("path =") || value.contains("path=") {
        return Some(format!("`{name}` is another crate of this repository"));
    }
    if IMPURE_CRATES
        .iter()
        .any(|crate_name| dependency.is(crate_name))
    {
        return Some(format!("`{name}` reaches outside"));
    }
    let has_clock = !value.contains("default-features = false") || value.contains("\"clock\"");
    let has_now = value.contains("\"now\"");
    (dependency.is("chrono") && (has_clock || has_now))
        .then(|| "`chrono` with its clock".to_owned())
}

fn impure_words(source: &Source) -> Vec<Finding> {
    let code = code::code_only(&source.text);
    let mut found = Vec::new();
    let mut report = |line: usize, word: &str| {
        found.push(Finding::new(&source.path, line, format!("`{word}`")));
    };
    for word in IMPURE_WORDS {
        for line in code::lines_with_word(&code, word) {
            report(line, word);
        }
    }
    for module in IMPURE_MODULES {
        let word = format!("std::{module}");
        for line in code::lines_with_word(&code, &word) {
            report(line, &word);
        }
    }
    // `use std::{fs, net}` names the modules without their parent.
    for (at, opening) in code.match_indices("std::{") {
        let before = code[..at].matches('\n').count();
        for (line, names) in inside_braces(&code[at + opening.len()..])
            .lines()
            .enumerate()
        {
            for module in IMPURE_MODULES {
                if !code::lines_with_word(names, module).is_empty() {
                    report(before + line + 1, &format!("std::{module}"));
                }
            }
        }
    }
    found.sort_by_key(|finding| finding.line);
    found
}

fn inside_braces(after_opening: &str) -> &str {
    let mut depth = 1;
    for (at, c) in after_opening.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &after_opening[..at];
        }
    }
    after_opening
}

#[test]
fn the_app_and_the_server_know_each_other_only_through_the_domain() {
    let sources = tree::sources();
    let mut found = between(&sources, "app", "sync-server");
    found.extend(between(&sources, "sync-server", "app"));
    tree::assert_none(
        &found,
        "what both need belongs into `domain`; a test of both into `tests/e2e`.",
    );
}

#[test]
fn the_domain_depends_on_nothing_that_has_a_clock_chance_or_the_outside_world() {
    let sources = tree::sources();
    let found = impure_dependencies(manifest::of(&sources, "domain"), manifest::of(&sources, ""));
    let mend = "let the caller pass time, ids and key material as arguments; chrono without default features.";
    tree::assert_none(&found, mend);
}

#[test]
fn the_domain_has_no_clock_no_files_no_hash_order_and_no_floats() {
    let sources = tree::sources();
    let domain = sources
        .iter()
        .filter(|source| source.is_rust() && source.path.starts_with("domain/src/"));
    let found: Vec<Finding> = domain.flat_map(impure_words).collect();
    let mend = "take time as an argument, BTreeMap for order, whole numbers for quantities.";
    tree::assert_none(&found, mend);
}

#[test]
fn impure_words_are_found_in_code_and_not_in_comments() {
    let text = "//! No HashMap.\nuse std::{\n    collections::HashMap,\n    fs,\n};\n\
                fn a(x: f64) -> std::time::Duration {}\nstruct HashMapped;\n";
    let source = Source {
        path: "domain/src/a.rs".into(),
        text: text.into(),
    };
    let found: Vec<(usize, String)> = impure_words(&source)
        .into_iter()
        .map(|found| (found.line, found.what))
        .collect();
    let expected = [
        (3, "`HashMap`"),
        (4, "`std::fs`"),
        (6, "`f64`"),
        (6, "`std::time`"),
    ];
    assert_eq!(found, expected.map(|(line, what)| (line, what.to_owned())));
}

#[test]
fn a_clock_that_comes_in_by_default_is_found() {
    let file = |text: &str| Source {
        path: "Cargo.toml".into(),
        text: text.into(),
    };
    let shared = "[workspace.dependencies]\nchrono = \"0.4\"\nkit = { path = \"kit\" }\n";
    let own = "[dependencies]\nchrono.workspace = true\nkit.workspace = true\nrand = \"0.9\"\n\
               time-free = \"1\"\n";
    assert_eq!(impure_dependencies(&file(own), &file(shared)).len(), 3);
    let pure = "[dependencies]\nchrono = { version = \"0.4\", default-features = false }\n";
    assert_eq!(impure_dependencies(&file(pure), &file("")), []);
}
