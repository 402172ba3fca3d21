//! `custody audit` and `custody verify`: an auditor's bundle, and whether one is in order.
//!
//! In: a shop; a file. Out: the file; what is in it, or the event that breaks it. Must not: need a shop, or its
//! database, to check one.

use std::cell::Cell;
use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use domain::audit::checkpoint::Checkpoint;
use domain::audit::verify::{Depth, Flaw, Report as Found};
use sync_server::admin::{self, Report};
use sync_server::audit::{self, words};
use sync_server::ingest::is_set_up;

use super::no_store;

/// Time between two words on the progress of long work.
const PROGRESS: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct Bundle {
    /// The bundle
    file: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// Check one signature per run of linked events instead of every one: many times faster
    #[arg(long)]
    runs: bool,
    /// An earlier bundle of the same log, kept since: the log has to go on from where that one ended
    #[arg(long, value_name = "EARLIER")]
    since: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    data: super::Data,
    /// Where the bundle goes
    file: PathBuf,
    /// Write over an earlier bundle, once the new one is complete
    #[arg(long)]
    force: bool,
}

/// Writes a bundle.
pub(super) fn export(arguments: &Export) -> anyhow::Result<Report> {
    let dir = arguments.data.dir();
    if !is_set_up(&dir) {
        anyhow::bail!("{}", no_store(dir.path()));
    }
    let is_watched = std::io::stderr().is_terminal();
    let spoke = Cell::new(Instant::now());
    let tell = |position: u64| {
        if is_watched && spoke.get().elapsed() >= PROGRESS {
            eprintln!("position {position}");
            spoke.set(Instant::now());
        }
    };
    admin::bundle::make(&dir, &arguments.file, arguments.force, &tell)
        .context("there is no new bundle")
}

/// The file could not be looked at, which is something else than a bundle that is not in order.
#[derive(Debug)]
pub(super) struct NoBundle(PathBuf);

impl core::fmt::Display for NoBundle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} cannot be read as an audit bundle", self.0.display())
    }
}

impl core::error::Error for NoBundle {}

/// Checks a bundle.
pub(super) fn run(bundle: &Bundle) -> anyhow::Result<Report> {
    let depth = if bundle.runs {
        Depth::Runs
    } else {
        Depth::EveryEvent
    };
    let mut kept = None;
    if let Some(earlier) = &bundle.since {
        let found = check(earlier, depth, None)?;
        if found.first_bad.is_some() {
            let mut lines = words::lines(&found);
            lines.insert(0, format!("{}:", earlier.display()));
            lines.push(
                "The earlier bundle is not in order; the other was not looked at.".to_owned(),
            );
            return Ok(Report {
                is_done: false,
                lines,
            });
        }
        kept = found.heads.first().map(|head| head.checkpoint);
    }
    let found = check(&bundle.file, depth, kept)?;
    let mut lines = if bundle.json {
        vec![words::json(&found).to_string()]
    } else {
        words::lines(&found)
    };
    if let Some(kept) = kept.filter(|_| !bundle.json && found.first_bad.is_none()) {
        lines.push(format!(
            "The log goes on from the {} events of the earlier bundle.",
            kept.size
        ));
    }
    Ok(Report {
        is_done: found.first_bad.is_none(),
        lines,
    })
}

/// Reads a file as a bundle.
fn check(path: &Path, depth: Depth, kept: Option<Checkpoint>) -> anyhow::Result<Found> {
    let unread = || NoBundle(path.to_owned());
    let file = File::open(path).with_context(unread)?;
    let bytes = file.metadata().with_context(unread)?.len();
    let is_watched = std::io::stderr().is_terminal();
    let mut spoke = Instant::now();
    let found = audit::verify(file, depth, kept, |so_far| {
        if is_watched && spoke.elapsed() >= PROGRESS {
            let percent = so_far.bytes.saturating_mul(100) / bytes.max(1);
            eprintln!("{percent:>3} %, {} events", so_far.events);
            spoke = Instant::now();
        }
    });
    let found = found.with_context(unread)?;
    if found
        .first_bad
        .is_some_and(|bad| bad.flaw == Flaw::NotABundle)
    {
        return Err(anyhow::Error::msg(words::says(Flaw::NotABundle)).context(unread()));
    }
    Ok(found)
}
