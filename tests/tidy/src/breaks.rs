//! The breaks the simulator must find are where their list says.
//!
//! In: the domain's sources. Out: breaks that are listed and nowhere, somewhere and not listed, or in two places.
//! Must not judge whether a break is found: the simulator does.

use crate::tree::{self, Finding, Source};

const LIST: &str = "domain/src/mutant.rs";
const CALL: &str = "mutated(\"";

/// The names in a list: `name: "what it does";`, one a line.
fn listed(list: &str) -> Vec<(usize, &str)> {
    let lines = list.lines().enumerate();
    let named = lines.filter(|(_, line)| line.ends_with("\";"));
    named
        .filter_map(|(index, line)| Some((index + 1, line.trim().split_once(": \"")?.0)))
        .collect()
}

/// The names that code asks for.
fn asked(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices(CALL).filter_map(|(at, _)| {
        let name = text[at + CALL.len()..].split('"').next()?;
        Some((text[..at].matches('\n').count() + 1, name))
    })
}

fn misplaced(sources: &[Source]) -> Vec<Finding> {
    let list = sources.iter().find(|source| source.path == LIST);
    let listed = list.map(|list| listed(&list.text)).unwrap_or_default();
    let mut found = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    let domain = sources
        .iter()
        .filter(|source| source.path.starts_with("domain/src/") && source.path != LIST);
    for source in domain {
        for (line, name) in asked(&source.text) {
            let mut report = |what: String| found.push(Finding::new(&source.path, line, what));
            if !listed.iter().any(|(_, listed)| *listed == name) {
                report(format!("the break `{name}` is not listed"));
            }
            if used.contains(&name) {
                report(format!("the break `{name}` is also elsewhere"));
            }
            used.push(name);
        }
    }
    for (line, name) in listed {
        if !used.contains(&name) {
            found.push(Finding::new(LIST, line, format!("`{name}` breaks nothing")));
        }
    }
    found
}

#[test]
fn every_listed_break_is_in_one_place_of_the_domain() {
    let mend = "list each break once in `domain/src/mutant.rs`, and ask for it in one place.";
    tree::assert_none(&misplaced(&tree::sources()), mend);
}

#[test]
fn a_break_that_is_nowhere_twice_or_not_listed_is_found() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let list = "breaks! {\n    one: \"One.\";\n    two: \"Two.\";\n}\n";
    let sources = [
        file(LIST, list),
        file("domain/src/a.rs", "mutated(\"one\")\nmutated(\"one\")\n"),
        file("domain/src/b.rs", "mutated(\"three\")\n"),
        file("app/src/b.rs", "mutated(\"four\")\n"),
    ];
    let found: Vec<(String, usize)> = misplaced(&sources)
        .into_iter()
        .map(|found| (found.path, found.line))
        .collect();
    let expected = [("domain/src/a.rs", 2), ("domain/src/b.rs", 1), (LIST, 3)];
    assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
}
