//! `custody limits`: what a basket comes to under a state's purchase limits.
//!
//! In: a pack, a basket, the time it changes hands. Out: the verdict as JSON. Must not: need a shop.

use std::path::PathBuf;

use clap::Args;
use domain::limits::judge;
use sync_server::admin::Report;
use sync_server::clock::is_time_zone;
use sync_server::rules::pack::Pack;
use sync_server::rules::{basket, shelf, verdict};

use super::read_file;

#[derive(Debug, Args)]
pub(super) struct Limits {
    /// The rule pack: a state such as CA, a name such as us-ca, or a file
    #[arg(long, value_name = "PACK")]
    pack: String,
    /// The basket, a JSON file
    #[arg(long, value_name = "FILE")]
    basket: PathBuf,
    /// When the goods change hands, with its offset, such as 2026-11-01T10:00:00-08:00
    #[arg(long, value_name = "TIME")]
    at: String,
    #[command(flatten)]
    zone: Zone,
}

#[derive(Debug, Args)]
pub(super) struct Zone {
    /// The shop's time zone, when it is not that of most of the state
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(super) time_zone: Option<String>,
}

impl Zone {
    pub(super) fn of<'a>(&'a self, pack: &'a Pack) -> &'a str {
        self.time_zone.as_deref().unwrap_or(&pack.time_zone)
    }
}

fn zone(name: &str) -> Result<String, String> {
    if is_time_zone(name) {
        Ok(name.to_owned())
    } else {
        Err("is not the name of a time zone, such as America/Chicago".to_owned())
    }
}

/// Prints the verdict. Whatever it is, the program has done what it was asked.
pub(super) fn run(limits: &Limits) -> anyhow::Result<Report> {
    let pack = shelf::open(&limits.pack)?;
    let zone = limits.zone.of(&pack);
    let now = basket::moment(&limits.at, zone)
        .map_err(|what| anyhow::Error::msg(format!("--at {what}")))?;
    let bytes = read_file(&limits.basket)?;
    let basket = basket::read(&bytes, now, zone)?;
    let written = verdict::write(&judge(&pack.book, &basket, now), &[]);
    Ok(Report::done(serde_json::to_string(&written)?))
}
