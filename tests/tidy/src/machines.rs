//! Nothing in the repository belongs to one person's machine.
//!
//! In: every text file. Out: lines that name a folder which exists on one machine only.
//! Must not forbid paths that a program puts together when it runs.

use crate::tree::{self, Finding, Source};

/// Top folders of developers' and build machines.
const FOLDERS: [&str; 4] = ["home", "root", "tmp", "work"];

fn machine_paths(source: &Source) -> Vec<Finding> {
    let wanted = FOLDERS.map(|folder| format!("/{folder}/"));
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        for path in &wanted {
            if line
                .match_indices(path.as_str())
                .any(|(at, _)| starts_a_path(&line[..at]))
            {
                found.push(Finding::new(
                    &source.path,
                    index + 1,
                    format!("names `{path}`"),
                ));
            }
        }
    }
    found
}

/// `https://example.com/home/` and `./root/` have something before them; a machine's path has not.
fn starts_a_path(before: &str) -> bool {
    let goes_on =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '}' | ')' | '~');
    !before.chars().next_back().is_some_and(goes_on)
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let sources = tree::sources();
    let found: Vec<Finding> = sources.iter().flat_map(machine_paths).collect();
    let mend = "write the path from the repository root, or build it when the program runs.";
    tree::assert_none(&found, mend);
}

#[test]
fn an_address_on_the_web_is_not_a_folder_of_a_machine() {
    let path = format!("/{}/", FOLDERS[0]);
    let text = format!("see https://example.com{path}x\ncd {path}me\n\"{path}me\"\n");
    let found = machine_paths(&Source {
        path: "a.md".into(),
        text,
    });
    let lines: Vec<usize> = found.into_iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [2, 3]);
}
