//! `custody backup` and `custody restore`: the shop in one file, and back.
//!
//! In: a file and a directory. Out: what was done, and how far it is while it lasts. Must not: write how far it
//! is to standard output; the report stands there.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use sync_server::admin::backup::Step;
use sync_server::admin::{self, Report};
use sync_server::config::DataDir;
use sync_server::ingest::is_set_up;
use sync_server::telemetry;

use super::no_store;

/// Between two words about how far a long work is.
const WORD: Duration = Duration::from_secs(2);
const MEGABYTE: u64 = 1_000_000;

#[derive(Debug, Args)]
pub(super) struct BackUp {
    #[command(flatten)]
    data: super::Data,
    /// Where the backup goes: outside the shop's directory, best on another disk
    file: PathBuf,
    /// Write over an earlier backup, once the new one is complete
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    data: super::Data,
    /// The backup; the key it needs has to be in the shop's directory
    file: PathBuf,
    /// Restore also over a shop that is newer, another or unreadable; it is kept in a folder beside
    #[arg(long)]
    force: bool,
}

/// Copies the shop.
pub(super) fn back_up(arguments: &BackUp) -> anyhow::Result<Report> {
    telemetry::start();
    let dir = arguments.data.dir();
    if !is_set_up(&dir) {
        anyhow::bail!("{}", no_store(dir.path()));
    }
    refuse_server(&dir)?;
    let words = Words::new();
    let tell = |step| words.say(step);
    admin::backup::make(&dir, &arguments.file, arguments.force, &tell)
        .context("there is no new backup")
}

/// Puts a backup in place.
pub(super) fn restore(arguments: &Restore) -> anyhow::Result<Report> {
    telemetry::start();
    let dir = arguments.data.dir();
    refuse_server(&dir)?;
    let words = Words::new();
    let tell = |step| words.say(step);
    admin::restore::restore(&dir, &arguments.file, arguments.force, &tell)
        .context("nothing was restored")
}

/// A server has its own tools, which also know of the other shops on it.
fn refuse_server(dir: &DataDir) -> anyhow::Result<()> {
    if dir.server().is_some() || dir.store_file().exists() {
        anyhow::bail!(
            "this shop's log is on a PostgreSQL server: back that up with its own tools, and \
             server.key and store.id beside it"
        );
    }
    Ok(())
}

/// Words about how far it is, not too many.
struct Words(Mutex<Instant>);

impl Words {
    fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    fn say(&self, step: Step) {
        let Ok(mut last) = self.0.lock() else {
            return;
        };
        if last.elapsed() < WORD {
            return;
        }
        *last = Instant::now();
        match step {
            Step::Copying(done, of) => eprintln!(
                "copying: {} of about {} MB",
                done / MEGABYTE,
                of.div_ceil(MEGABYTE)
            ),
            Step::Checking(rows) => eprintln!("checking: {rows} rows"),
        }
    }
}
