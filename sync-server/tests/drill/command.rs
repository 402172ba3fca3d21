//! `custody`, as the person who looks after the server calls it.

use std::path::Path;
use std::process::{Command, Output};

use crate::server::Folder;

fn run(words: &[&str], file: &Path, folder: &Folder) -> Output {
    Command::new(env!("CARGO_BIN_EXE_custody"))
        .args(words)
        .arg(file)
        .arg("--data")
        .arg(folder.data().path())
        .output()
        .unwrap()
}

/// What it says when it does what it is told.
pub(crate) fn custody(words: &[&str], file: &Path, folder: &Folder) -> String {
    let output = run(words, file, folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{errors}");
    said.into_owned()
}

/// What it says when it does not.
pub(crate) fn refused(words: &[&str], file: &Path, folder: &Folder) -> String {
    let output = run(words, file, folder);
    assert!(!output.status.success());
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
