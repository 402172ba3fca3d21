//! Builds the web app's files into the program.
//!
//! In: the folder that `CUSTODY_WEB_DIST` names. Out: a table of files with type, tag and compressed bytes,
//! and the policy that lets a browser run exactly the scripts that are in it. Without the variable the table
//! holds one page that says how to build the app.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

const NO_APP: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <title>Custody</title>\n<h1>Custody</h1>\n\
    <p>The server is running, but was built without the app.</p>\n\
    <p>Run <code>cargo xtask run</code>, which builds both.</p>\n";

/// Smallest file worth compressing, in bytes.
const COMPRESS_BYTES_MIN: usize = 512;
/// Hexadecimal digits of a build tool's hash in a file's name.
const HASH_DIGITS_MIN: usize = 8;

fn main() {
    println!("cargo::rerun-if-env-changed=CUSTODY_WEB_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo names the folder"));
    let files = match std::env::var("CUSTODY_WEB_DIST") {
        Ok(dist) if !dist.is_empty() => {
            println!("cargo::rerun-if-changed={dist}");
            read_folder(Path::new(&dist))
        }
        Ok(_) | Err(_) => vec![("index.html".to_owned(), NO_APP.as_bytes().to_vec())],
    };
    let mut table = String::from("static FILES: &[File] = &[\n");
    let mut scripts = Vec::new();
    for (number, (path, bytes)) in files.iter().enumerate() {
        if path == "index.html" {
            scripts = inline_scripts(&String::from_utf8_lossy(bytes));
        }
        write_entry(&mut table, &out, number, path, bytes);
    }
    table.push_str("];\n");
    let policy = policy(&scripts);
    writeln!(table, "const CONTENT_SECURITY_POLICY: &str = {policy:?};").expect("memory");
    fs::write(out.join("web_files.rs"), table).expect("the table can be written");
}

fn read_folder(dist: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![dist.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("CUSTODY_WEB_DIST {}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                println!("cargo::rerun-if-changed={}", path.display());
                folders.push(path);
            } else {
                println!("cargo::rerun-if-changed={}", path.display());
                let name = path.strip_prefix(dist).expect("inside the folder");
                let name = name.to_string_lossy().replace('\\', "/");
                files.push((name, fs::read(&path).expect("a file that can be read")));
            }
        }
    }
    files.sort();
    files
}

fn write_entry(table: &mut String, out: &Path, number: usize, path: &str, bytes: &[u8]) {
    let identity = out.join(format!("web_{number}"));
    fs::write(&identity, bytes).expect("a copy can be written");
    let compressed = compress(path, bytes);
    let brotli = match compressed {
        Some(compressed) => {
            let file = out.join(format!("web_{number}.br"));
            fs::write(&file, compressed).expect("a copy can be written");
            format!("Some(include_bytes!({:?}))", file.display().to_string())
        }
        None => "None".to_owned(),
    };
    let digest = Sha256::digest(bytes);
    let etag: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    writeln!(
        table,
        "File {{ path: {path:?}, content_type: {:?}, etag: {:?}, is_immutable: {}, \
         identity: include_bytes!({:?}), brotli: {brotli} }},",
        content_type(path),
        format!("\"{etag}\""),
        has_hash(path),
        identity.display().to_string(),
    )
    .expect("memory");
}

/// Brotli at its best, when that makes the file smaller.
fn compress(path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let is_packed = [".png", ".woff2", ".webp", ".jpg"]
        .iter()
        .any(|ending| path.ends_with(ending));
    if is_packed || bytes.len() < COMPRESS_BYTES_MIN {
        return None;
    }
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4_096, 11, 22);
    writer.write_all(bytes).expect("memory");
    let compressed = writer.into_inner();
    (compressed.len() < bytes.len()).then_some(compressed)
}

/// Whether a build tool put a hash of the content into the name, as in `app-4f3c2b1a9e8d7c6b.js`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['-', '.', '_']).skip(1).any(|part| {
        part.len() >= HASH_DIGITS_MIN && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The hashes of the scripts that stand in a page itself.
fn inline_scripts(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start..];
        let Some(head_end) = rest.find('>') else {
            break;
        };
        let head = &rest[..head_end];
        rest = &rest[head_end + 1..];
        let Some(end) = rest.find("</script>") else {
            break;
        };
        if !head.contains(" src=") {
            let digest = Sha256::digest(&rest.as_bytes()[..end]);
            hashes.push(base64::engine::general_purpose::STANDARD.encode(digest));
        }
        rest = &rest[end..];
    }
    hashes
}

fn policy(scripts: &[String]) -> String {
    let hashes: String = scripts
        .iter()
        .map(|hash| format!(" 'sha256-{hash}'"))
        .collect();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}
