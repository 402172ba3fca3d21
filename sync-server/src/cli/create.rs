//! `custody store create`: a new shop.
//!
//! In: what the licence says. Out: a directory with a shop in it. Must not: touch one that is there.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use sync_server::admin::Report;
use sync_server::admin::lock::DirLock;
use sync_server::clock::is_time_zone;
use sync_server::ingest::Shop;
use sync_server::ingest::set_up::{NewStore, usual_slots};
use sync_server::rules;

#[derive(Debug, Args)]
pub(super) struct NewShop {
    #[command(flatten)]
    data: super::Data,
    /// The business, as its label names it
    #[arg(long)]
    business: String,
    /// The shop's own name
    #[arg(long)]
    name: String,
    /// The state's licence number
    #[arg(long)]
    license: String,
    /// Its time zone, such as America/Los_Angeles
    #[arg(long)]
    time_zone: String,
    /// The state's rules as a JSON file; California's when left out
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

/// Makes a shop.
pub(super) fn run(new: NewShop) -> anyhow::Result<Report> {
    if !is_time_zone(&new.time_zone) {
        anyhow::bail!(
            "{} is no time zone; one is called America/Los_Angeles",
            new.time_zone
        );
    }
    let rules = match &new.rules {
        None => rules::california(),
        Some(file) => {
            let json = std::fs::read(file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            rules::parse(&json)?
        }
    };
    let dir = new.data.dir();
    let Some(_lock) = DirLock::take(&dir)? else {
        anyhow::bail!("another process has this directory open");
    };
    let shop = Shop::create(
        &dir,
        NewStore {
            id: None,
            business: new.business,
            name: new.name,
            license: new.license,
            time_zone: new.time_zone,
            rules,
            locations: Vec::new(),
            slots: usual_slots(),
        },
    )?;
    let store = shop.identity().store;
    shop.close();
    let folder = dir.path().display();
    Ok(Report {
        is_done: true,
        lines: vec![
            format!("The shop is in {folder}. Its identifier is {store}."),
            format!(
                "Keep {} safe and apart from backups.",
                dir.key_file().display()
            ),
            "Next: custody store import-packages, custody user add, custody serve.".to_owned(),
        ],
    })
}
