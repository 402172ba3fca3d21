//! Makes each worker two files that a browser may keep for ever.
//!
//! In: the bundled folder, where Trunk left `worker-NAME.js` and `worker-NAME_bg.wasm`. Out: both under names with
//! their contents in them, the script with its own start, and the page told of the script's address.
//! Must not let a page of one build start the worker of another.

use super::digest::Digest;
use crate::failure::Failure;
use std::fs;
use std::io;
use std::path::Path;

const PREFIX: &str = "worker-";
const PAGE: &str = "index.html";
const MODULE: &str = "__MODULE__";

/// Names the workers, and fills the names in where they are needed.
pub(super) fn write(dist: &Path, start: &Path) -> Result<(), Failure> {
    let start = text(start)?;
    let mut page = text(&dist.join(PAGE))?;
    for name in names(dist)? {
        let (script, module) = (format!("{name}.js"), format!("{name}_bg.wasm"));
        let glue = text(&dist.join(&script))?;
        let path = dist.join(&module);
        let bytes = fs::read(&path).map_err(|error| Failure::of_file("reading", &path, &error))?;
        let mut digest = Digest::new();
        for part in [glue.as_bytes(), start.as_bytes(), &bytes] {
            digest.add(part);
        }
        let named = format!("{name}-{digest}");
        let module_named = format!("{named}_bg.wasm");
        let whole = join(&glue, &start, &module_named).map_err(|what| unfinished(&what))?;
        page = tell(&page, &script, &format!("{named}.js")).map_err(|what| unfinished(&what))?;
        rename(dist, &module, &module_named)?;
        rename(dist, &script, &format!("{named}.js"))?;
        put(&dist.join(format!("{named}.js")), &whole)?;
    }
    put(&dist.join(PAGE), &page)
}

/// `worker-verify` and its like, by their scripts.
fn names(dist: &Path) -> Result<Vec<String>, Failure> {
    let reading = |error: io::Error| Failure::of_file("reading", dist, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(dist).map_err(reading)? {
        let name = entry.map_err(reading)?.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".js"));
        found.extend(
            name.filter(|name| name.starts_with(PREFIX))
                .map(str::to_owned),
        );
    }
    found.sort();
    Ok(found)
}

fn join(glue: &str, start: &str, module: &str) -> Result<String, String> {
    if !start.contains(MODULE) {
        return Err(format!("the workers' start has no `{MODULE}` to fill in"));
    }
    let start = start.replace(MODULE, &format!("/{module}"));
    Ok(format!("{glue}\n{start}"))
}

/// The page names the script as Trunk calls it; from now on by its own name.
fn tell(page: &str, script: &str, named: &str) -> Result<String, String> {
    let (asked, answer) = (format!("\"/{script}\""), format!("\"/{named}\""));
    if page.contains(&asked) {
        Ok(page.replace(&asked, &answer))
    } else {
        Err(format!("{PAGE} has no {asked} to fill in"))
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::of_file("reading", path, &error))
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::of_file("writing", path, &error))
}

fn rename(dist: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let path = dist.join(from);
    fs::rename(&path, dist.join(to)).map_err(|error| Failure::of_file("renaming", &path, &error))
}

fn unfinished(what: &str) -> Failure {
    Failure::new(
        what,
        "Your sources are untouched; a server built before still has its own app inside.",
        "Let app/index.html name every worker's script, and the workers' start name its module.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_starts_the_module_it_was_built_with() {
        assert_eq!(
            join(
                "let wasm_bindgen;",
                "wasm_bindgen(\"__MODULE__\");",
                "worker-a-00ff_bg.wasm"
            ),
            Ok("let wasm_bindgen;\nwasm_bindgen(\"/worker-a-00ff_bg.wasm\");".to_owned())
        );
        assert!(join("", "wasm_bindgen();", "worker-a-00ff_bg.wasm").is_err());
    }

    #[test]
    fn a_page_that_names_no_worker_stops_the_build() {
        let page = "<meta name=\"worker-a\" content=\"/worker-a.js\">";
        assert_eq!(
            tell(page, "worker-a.js", "worker-a-00ff.js"),
            Ok("<meta name=\"worker-a\" content=\"/worker-a-00ff.js\">".to_owned())
        );
        let problem = tell(page, "worker-b.js", "worker-b-00ff.js").unwrap_err();
        assert!(problem.contains("worker-b.js"), "{problem}");
    }
}
