//! Tells the service worker which files make up this build.
//!
//! In: the bundled folder. Out: its `sw.js` with the list and the build's name filled in.
//! Must not finish quietly when there is no place to fill in: the app would not work offline.

use super::digest::Digest;
use crate::failure::Failure;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const WORKER: &str = "sw.js";
const LIST: &str = "__PRECACHE__";
const NAME: &str = "__BUILD__";
/// Trunk's workbench, left behind only by a build that was interrupted.
const STAGE: &str = ".stage";

/// Fills in the service worker and returns the build's name.
pub(super) fn write(dist: &Path) -> Result<String, Failure> {
    let reading = |error: io::Error| Failure::of_file("reading", dist, &error);
    let mut digest = Digest::new();
    let mut urls = Vec::new();
    for file in files(dist).map_err(reading)? {
        digest.add(file.as_os_str().as_encoded_bytes());
        digest.add(&fs::read(dist.join(&file)).map_err(reading)?);
        if file != Path::new(WORKER) {
            urls.push(url(&file).ok_or_else(|| unfit(&file))?);
        }
    }
    let build_id = digest.to_string();
    let path = dist.join(WORKER);
    let worker = fs::read_to_string(&path)
        .map_err(|error| unfinished(&format!("{WORKER} is not in the build: {error}")))?;
    let filled = fill(&worker, &urls, &build_id).map_err(|error| unfinished(&error))?;
    fs::write(&path, filled).map_err(|error| Failure::of_file("writing", &path, &error))?;
    Ok(build_id)
}

/// All files below a folder, relative to it, in the order of their names.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, below: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let relative = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != STAGE {
                collect(folder, &relative, found)?;
            }
        } else {
            found.push(relative);
        }
    }
    Ok(())
}

/// The address of a file, if its name needs no escaping anywhere.
fn url(file: &Path) -> Option<String> {
    let mut url = String::new();
    for part in file {
        let part = part.to_str()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !part.chars().all(plain) {
            return None;
        }
        url.push('/');
        url.push_str(part);
    }
    Some(url)
}

fn fill(worker: &str, urls: &[String], build_id: &str) -> Result<String, String> {
    for wanted in [LIST, NAME] {
        if !worker.contains(wanted) {
            return Err(format!("{WORKER} has no `{wanted}` to fill in"));
        }
    }
    let quoted: Vec<String> = urls.iter().map(|url| format!("\"{url}\"")).collect();
    let list = format!("[{}]", quoted.join(","));
    Ok(worker.replace(LIST, &list).replace(NAME, build_id))
}

fn unfit(file: &Path) -> Failure {
    Failure::new(
        format!(
            "the build has a file that cannot be an address as it is: {}",
            file.display()
        ),
        "Your sources are untouched.",
        "Name it with letters, digits, `.`, `_` and `-` only, then build again.",
    )
}

fn unfinished(what: &str) -> Failure {
    Failure::new(
        what,
        "Your sources are untouched; a server built before still has its own app inside.",
        format!("Let the page copy a {WORKER} that has `{LIST}` (a list) and `{NAME}` (a text)."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_learns_every_file_and_the_name_of_the_build() {
        let worker = "const FILES = __PRECACHE__;\nconst BUILD = \"__BUILD__\";\n";
        let urls = ["/app.wasm".to_owned(), "/index.html".to_owned()];
        assert_eq!(
            fill(worker, &urls, "00ff"),
            Ok("const FILES = [\"/app.wasm\",\"/index.html\"];\nconst BUILD = \"00ff\";\n".into())
        );
    }

    #[test]
    fn a_worker_without_a_place_for_the_list_stops_the_build() {
        let problem = fill("const BUILD = \"__BUILD__\";", &[], "00ff").unwrap_err();
        assert!(problem.contains(LIST), "{problem}");
    }

    #[test]
    fn a_file_name_that_needs_escaping_is_no_address() {
        assert_eq!(
            url(Path::new("icons/a-1.png")),
            Some("/icons/a-1.png".to_owned())
        );
        assert_eq!(url(Path::new("icons/a b.png")), None);
    }
}
