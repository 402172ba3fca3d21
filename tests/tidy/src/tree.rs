//! The files of the repository, and how a broken rule is reported.
//!
//! In: the working tree. Out: text files with their paths; a failing test with one line per finding.
//! Must not look into what a build leaves behind.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not ours: build output, packages, git itself.
const NOT_OURS: [&str; 6] = [
    "target",
    "dist",
    "node_modules",
    ".git",
    "test-results",
    "playwright-report",
];

/// A text file of the repository.
pub(crate) struct Source {
    /// From the repository root, with `/` on every system.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = self
            .path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        extensions.contains(&extension)
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.has_extension(&["rs"])
    }

    pub(crate) fn is_script(&self) -> bool {
        self.has_extension(&["js", "mjs", "ts"])
    }

    /// Whether some folder on the way to the file has this name.
    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.path
            .rsplit_once('/')
            .is_some_and(|(way, _)| way.split('/').any(|part| part == folder))
    }
}

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

/// Fails with every finding, so that one run is enough to mend them all.
#[track_caller]
pub(crate) fn assert_none(findings: &[Finding], mend: &str) {
    let mut report = String::new();
    for Finding { path, line, what } in findings {
        writeln!(report, "  {path}:{line}: {what}").unwrap();
    }
    assert!(findings.is_empty(), "\n{report}To mend: {mend}\n");
}

pub(crate) fn root() -> PathBuf {
    // The running test's own package, not that of another clone which shares the build output.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .ancestors()
        .nth(2)
        .expect("BUG: this package is two folders deep")
        .to_path_buf()
}

/// All text files, in the order of their paths.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a: &Source, b: &Source| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no files below {}", root.display());
    found
}

/// The folders a person sees first.
pub(crate) fn top_level_folders() -> Vec<String> {
    let mut folders: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()))
        .collect();
    folders.sort();
    folders
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            let name = entry.file_name();
            if !NOT_OURS.iter().any(|not_ours| name == *not_ours) {
                collect(root, &path, found);
            }
        } else if kind.is_file() {
            // Someone may be editing: a file that is gone by now, or is no text, has no rules.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let parts = path.strip_prefix(root).unwrap().iter();
            let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            found.push(Source {
                path: parts.join("/"),
                text,
            });
        }
    }
}
