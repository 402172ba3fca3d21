//! A compiler that makes browser modules: rustup's when it can be had, else Debian's.
//!
//! In: a machine with some cargo. Out: the toolchain to build with.
//! Must not replace a compiler that works.

use super::{announce, apt};
use crate::failure::Failure;
use crate::place::Place;
use crate::toolchain::{self, DEBIAN_BIN, LINK_NAME, Toolchain, WASM};
use crate::{process, progress};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "lld-22",
];
const RUSTUP_LIMIT: Duration = Duration::from_secs(5 * 60);
const STD_LIMIT: Duration = Duration::from_secs(15 * 60);
/// The empty crate whose only purpose is to make cargo build the standard library.
const SEED: &str = "stdseed";
const SEED_MANIFEST: &str = "\
[package]
name = \"stdseed\"
version = \"0.0.0\"
edition = \"2021\"

[lib]
path = \"lib.rs\"

[profile.release]
panic = \"abort\"

[workspace]
";

pub(super) fn install(place: &Place) -> Result<Toolchain, Failure> {
    announce(
        "the browser target of the Rust compiler",
        "the app is a browser module",
        "1 minute",
    );
    if toolchain::has_rustup() {
        match add_with_rustup(place) {
            Ok(()) if Toolchain::Active.makes_wasm(place, &[]) => return Ok(Toolchain::Active),
            Ok(()) => println!("  rustup has the target, but it does not compile"),
            Err(error) => println!("  rustup cannot add it here:\n{error}"),
        }
    }
    install_from_debian(place)?;
    Toolchain::for_wasm(place).ok_or_else(|| {
        Failure::new(
            "Debian's compiler is installed but does not make browser modules",
            "No other compiler was touched.",
            format!(
                "Delete {} and run the same command again.",
                seed_folder(place).display()
            ),
        )
    })
}

fn add_with_rustup(place: &Place) -> Result<(), String> {
    let mut rustup = process::command("rustup");
    // Without a network every retry only makes the person wait; Debian is the next try.
    rustup
        .env("RUSTUP_MAX_RETRIES", "1")
        .current_dir(&place.root)
        .args(["target", "add", WASM]);
    progress::watch(place, "rustup", RUSTUP_LIMIT, &mut rustup)
}

fn install_from_debian(place: &Place) -> Result<(), Failure> {
    if !apt::may_install() {
        return Err(Failure::new(
            format!("no Rust compiler on this machine can build for {WASM}"),
            "Nothing was changed.",
            format!(
                "With rustup and a network: rustup target add {WASM}\n              \
                 On Debian: run this command as root once; it installs {}",
                PACKAGES.join(" ")
            ),
        ));
    }
    println!("  taking Debian's compiler and building its browser library once, about 2 minutes");
    apt::install(place, "Debian's Rust compiler", &PACKAGES, "install rustup")?;
    build_std(place).map_err(|error| {
        Failure::new(
            format!("building the browser's standard library: {error}"),
            "Debian's compiler is installed and works for this machine itself.",
            "Run the same command again; it starts this step from the beginning.",
        )
    })?;
    forget_old_modules(place)?;
    if toolchain::has_rustup() {
        link(place)?;
    }
    Ok(())
}

fn seed_folder(place: &Place) -> PathBuf {
    place.cache.join("std")
}

/// Debian ships the library's source only. Built once and laid beside the compiler, the target is
/// simply installed: no unstable flags anywhere else.
fn build_std(place: &Place) -> Result<(), String> {
    let folder = seed_folder(place);
    let built = folder.join("target");
    let in_words = |error: std::io::Error| error.to_string();
    // Leftovers of an older compiler would be copied along.
    if built.exists() {
        fs::remove_dir_all(&built).map_err(in_words)?;
    }
    fs::create_dir_all(&folder).map_err(in_words)?;
    fs::write(folder.join("Cargo.toml"), SEED_MANIFEST).map_err(in_words)?;
    fs::write(folder.join("lib.rs"), "#![no_std]\n").map_err(in_words)?;

    let rustc = Path::new(DEBIAN_BIN).join("rustc");
    let mut cargo = process::command(Path::new(DEBIAN_BIN).join("cargo"));
    cargo
        .current_dir(&folder)
        .env("RUSTC", &rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &built)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        // Without bitcode in the library, fat link-time optimisation of the app fails later.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args([
            "build",
            "-Zbuild-std=std,panic_abort,test",
            "--target",
            WASM,
            "--release",
        ]);
    progress::watch(place, "std", STD_LIMIT, &mut cargo)?;

    let sysroot = process::answer(process::command(&rustc).args(["--print", "sysroot"]))
        .ok_or("Debian's rustc does not say where its libraries are")?;
    let into = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(WASM)
        .join("lib");
    fs::create_dir_all(&into).map_err(in_words)?;
    for old in libraries(&into).map_err(in_words)? {
        fs::remove_file(old).map_err(in_words)?;
    }
    let from = built.join(WASM).join("release/deps");
    for library in libraries(&from).map_err(in_words)? {
        let name = library.file_name().unwrap_or_default();
        fs::copy(&library, into.join(name)).map_err(in_words)?;
    }
    Ok(())
}

fn libraries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".rlib") && !name.contains(SEED) {
            found.push(path);
        }
    }
    Ok(found)
}

/// A rebuilt library has new hashes; cargo does not see that and would fail to link.
fn forget_old_modules(place: &Place) -> Result<(), Failure> {
    let old = place.target.join(WASM);
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|error| Failure::of_file("removing", &old, &error))?;
    }
    // Absent when the app was never built.
    let _ = fs::remove_file(place.web_stamp());
    Ok(())
}

fn link(place: &Place) -> Result<(), Failure> {
    let prefix = Path::new(DEBIAN_BIN).parent().unwrap_or(Path::new("/"));
    let mut rustup = process::command("rustup");
    rustup.args(["toolchain", "link", LINK_NAME]).arg(prefix);
    progress::watch(place, "rustup-link", RUSTUP_LIMIT, &mut rustup).map_err(|error| {
        Failure::new(
            format!("linking Debian's compiler into rustup: {error}"),
            "Both compilers still work as before.",
            format!(
                "Try `rustup toolchain link {LINK_NAME} {}` by hand.",
                prefix.display()
            ),
        )
    })
}
