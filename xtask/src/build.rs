//! The web app, and the server with the app inside it.
//!
//! In: sources and a compiler. Out: the app's folder, and one program to run.
//! Must not bundle the app again when nothing it is made of has changed.

pub(crate) mod digest;
mod precache;
mod stamp;
mod workers;

use crate::failure::Failure;
use crate::place::{Place, program_file};
use crate::process;
use crate::toolchain::Toolchain;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Instant;

/// How much work goes into the app's module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Quick to build, large and slow to load.
    Dev,
    /// What a shop gets.
    Release,
}

/// What a build leaves behind.
pub(crate) struct Built {
    pub(crate) custody: PathBuf,
    pub(crate) web_dist: PathBuf,
}

pub(crate) fn build(
    place: &Place,
    toolchain: Toolchain,
    flavour: Flavour,
) -> Result<Built, Failure> {
    // Two builds at once would bundle into the same folder. Held until this function returns.
    let _lock = lock(place)?;
    let build_id = build_web(place, toolchain, flavour)?;
    build_server(place, toolchain, &build_id)?;
    let custody = place.target.join("release").join(program_file("custody"));
    Ok(Built {
        custody,
        web_dist: place.web_dist(),
    })
}

fn lock(place: &Place) -> Result<File, Failure> {
    let path = place.target.join("web-dist.lock");
    let locked = fs::create_dir_all(&place.target).and_then(|()| {
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    });
    locked.map_err(|error| Failure::of_file("locking", &path, &error))
}

/// Returns the hash that names this build of the app.
fn build_web(place: &Place, toolchain: Toolchain, flavour: Flavour) -> Result<String, Failure> {
    let dist = place.web_dist();
    let inputs = stamp::of_inputs(place, toolchain, flavour)?;
    if let Some(build_id) = stamp::still_true(place, &inputs) {
        println!("The web app is up to date ({build_id}).");
        return Ok(build_id);
    }
    stamp::forget(place)?;
    println!("Bundling the web app.");
    let started = Instant::now();
    let mut trunk = process::command(place.tool("trunk"));
    toolchain.equip(place, &mut trunk);
    // Trunk reads this variable as one of its own flags and stops at most of its usual values.
    trunk
        .env_remove("NO_COLOR")
        .args(["--config", "Trunk.toml", "build", "--dist"])
        .arg(&dist);
    if flavour == Flavour::Release {
        trunk.args(["--release", "--cargo-profile", "web"]);
    }
    process::show(&mut trunk).map_err(|error| {
        Failure::new(
            format!("the web app did not build: {error}"),
            "Your sources are untouched, and a server built before still has its app inside.",
            "Mend what the compiler says above, then run the same command again.",
        )
    })?;
    workers::write(&dist, &place.root.join("app/worker/start.js"))?;
    let build_id = precache::write(&dist)?;
    stamp::remember(place, &inputs, &build_id)?;
    println!(
        "The web app is built ({build_id}) in {} s.",
        started.elapsed().as_secs()
    );
    Ok(build_id)
}

fn build_server(place: &Place, toolchain: Toolchain, build_id: &str) -> Result<(), Failure> {
    println!("Building the server.");
    let mut cargo = toolchain.cargo(place);
    cargo
        .args([
            "build",
            "--release",
            "--package",
            "sync-server",
            "--bin",
            "custody",
        ])
        .env("CUSTODY_WEB_DIST", place.web_dist())
        // The folder's name never changes; this does, so that cargo sees a new app.
        .env("CUSTODY_WEB_BUILD", build_id);
    process::show(&mut cargo).map_err(|error| {
        Failure::new(
            format!("the server did not build: {error}"),
            "The web app is built and kept.",
            "Mend what the compiler says above, then run the same command again.",
        )
    })
}
