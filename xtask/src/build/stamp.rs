//! Whether the web app must be bundled again.
//!
//! In: everything the app is made of. Out: yes or no, by contents, never by dates.
//! Must not say no when the built folder was changed or half removed.

use super::Flavour;
use super::digest::Digest;
use super::precache;
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::toolchain::Toolchain;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders and files that go into the app. The last two decide what happens after bundling.
const INPUTS: [&str; 10] = [
    "app",
    "domain",
    "public",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    ".cargo",
    "xtask/src/build.rs",
    "xtask/src/build",
];
/// Tests are beside the sources but not in the app.
const NOT_INPUTS: [&str; 3] = ["tests", "target", "node_modules"];

/// One name for everything the app would be built from now.
pub(super) fn of_inputs(
    place: &Place,
    toolchain: Toolchain,
    flavour: Flavour,
) -> Result<String, Failure> {
    let mut digest = Digest::new();
    digest.add(format!("{flavour:?}").as_bytes());
    let compiler = process::answer(toolchain.rustc(place).arg("-vV")).unwrap_or_default();
    digest.add(compiler.as_bytes());
    digest.add(std::env::var("RUSTFLAGS").unwrap_or_default().as_bytes());
    for input in INPUTS {
        let path = place.root.join(input);
        add(&mut digest, &place.root, &path)
            .map_err(|error| Failure::of_file("reading", &path, &error))?;
    }
    Ok(digest.to_string())
}

/// The name of the built app, if it was built from `inputs` and is as it was then.
pub(super) fn still_true(place: &Place, inputs: &str) -> Option<String> {
    let text = fs::read_to_string(place.web_stamp()).ok()?;
    let mut lines = text.lines();
    let (built_from, build_id, came_out) = (lines.next()?, lines.next()?, lines.next()?);
    let is_now = of_folder(&place.web_dist()).ok()?;
    (built_from == inputs && came_out == is_now).then(|| build_id.to_owned())
}

pub(super) fn remember(place: &Place, inputs: &str, build_id: &str) -> Result<(), Failure> {
    let dist = place.web_dist();
    let came_out = of_folder(&dist).map_err(|error| Failure::of_file("reading", &dist, &error))?;
    let path = place.web_stamp();
    fs::write(&path, format!("{inputs}\n{build_id}\n{came_out}\n"))
        .map_err(|error| Failure::of_file("writing", &path, &error))
}

/// Before bundling: a build that is interrupted must not look finished.
pub(super) fn forget(place: &Place) -> Result<(), Failure> {
    let path = place.web_stamp();
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::of_file("removing", &path, &error))
        }
        _ => Ok(()),
    }
}

fn of_folder(folder: &Path) -> io::Result<String> {
    let mut digest = Digest::new();
    for file in precache::files(folder)? {
        digest.add(file.as_os_str().as_encoded_bytes());
        digest.add(&fs::read(folder.join(&file))?);
    }
    Ok(digest.to_string())
}

fn add(digest: &mut Digest, root: &Path, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(path)? {
            entries.push(entry?.path());
        }
        entries.sort();
        for entry in entries {
            if !NOT_INPUTS.iter().any(|name| entry.ends_with(name)) {
                add(digest, root, &entry)?;
            }
        }
    } else if path.is_file() {
        let name = path.strip_prefix(root).unwrap_or(path);
        digest.add(name.as_os_str().as_encoded_bytes());
        digest.add(&fs::read(path)?);
    }
    Ok(())
}
