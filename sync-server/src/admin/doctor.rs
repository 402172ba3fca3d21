//! `custody doctor`: is everything as it should be around a shop?
//!
//! In: a shop's directory, the time, the room on the disk. Out: a finding for each thing that was looked at, and what to
//! do. Must not: change anything, need a server that runs or one that does not, or read the whole log unasked.

use serde::Serialize;

use crate::clock;
use crate::config::DataDir;

/// Files and who may read them.
mod files;
/// The log, the database and the clock.
mod log;
/// What devices are shown, against the log.
mod state;
/// What tablets trust.
mod certificate;
/// The last copy.
mod copy;
/// Whether a backup was put in its place lately.
mod restored;
/// Whether somebody answers.
mod serving;

/// How good something is, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It will become bad unless somebody does something.
    Warn,
    /// Something is lost or open to others, or soon will be.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub check: &'static str,
    /// How good it is.
    pub verdict: Verdict,
    /// How it is.
    pub said: String,
    /// What to do; empty when nothing has to be done.
    pub next: String,
}

impl Finding {
    fn ok(check: &'static str, said: impl Into<String>) -> Self {
        Self {
            check,
            verdict: Verdict::Ok,
            said: said.into(),
            next: String::new(),
        }
    }

    fn warn(check: &'static str, said: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            check,
            verdict: Verdict::Warn,
            said: said.into(),
            next: next.into(),
        }
    }

    fn bad(check: &'static str, said: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Bad,
            ..Self::warn(check, said, next)
        }
    }
}

/// What the machine says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    /// The time, in milliseconds since 1970.
    pub now: i64,
    /// Bytes free where the shop is; `None` where the system does not say.
    pub free: Option<u64>,
}

impl Around {
    /// The machine as it is.
    #[must_use]
    pub fn here(dir: &DataDir) -> Self {
        Self {
            now: clock::now_ms(),
            free: fs4::available_space(dir.path()).ok(),
        }
    }
}

/// Looks at everything around a shop.
#[must_use]
pub fn examine(dir: &DataDir, around: Around) -> Vec<Finding> {
    let mut found = vec![files::configuration(dir), files::directory(dir)];
    found.extend(files::keys(dir));
    found.push(log::database(dir));
    found.extend(log::log(dir, around.now));
    found.push(certificate::certificate(dir, around.now));
    found.push(files::room(around.free));
    found.push(copy::backup(dir, around.now));
    found.extend(restored::restored(dir, around.now));
    found.push(serving::server(dir));
    found
}

/// Tells the whole log again and compares what devices are shown with it. Takes as long as the log is.
#[must_use]
pub fn whole(dir: &DataDir) -> Finding {
    state::state(dir)
}

/// The worst of them.
#[must_use]
pub fn worst(found: &[Finding]) -> Verdict {
    let verdicts = found.iter().map(|finding| finding.verdict);
    verdicts.max().unwrap_or(Verdict::Ok)
}
