//! `custody rules`: whether packs are in order, what is different, what orders come to under one.
//!
//! In: packs, and files of orders. Out: lines. Must not: change anything.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::limits::Outcome;
use domain::time::Day;
use sync_server::admin::Report;
use sync_server::rules::pack::Pack;
use sync_server::rules::past::{self, Asked};
use sync_server::rules::shelf::{self, NoPack, PACKS};
use sync_server::rules::{diff, verdict};

use super::limits::Zone;
use super::read_file;

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// Whether packs are in order; ends with 1 when one is not
    Lint {
        /// States, names or files; without any, every pack that comes with the program
        packs: Vec<String>,
    },
    /// What is different between two packs
    Diff {
        /// The older: a state, a name or a file
        old: String,
        /// The newer
        new: String,
    },
    /// What orders of the past would have come to under a pack
    Judge(Judge),
}

#[derive(Debug, Args)]
pub(super) struct Judge {
    /// The rule pack: a state, a name or a file
    #[arg(long, value_name = "PACK")]
    pack: String,
    /// The orders, a JSON file
    #[arg(long, value_name = "FILE")]
    orders: PathBuf,
    /// First day, such as 2026-10-01, in the shop's zone
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<Day>,
    /// Last day
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<Day>,
    /// Judge by what is in force on this day instead of the orders' own: what would a coming rule have broken?
    #[arg(long, value_name = "DAY", value_parser = day)]
    rules_of: Option<Day>,
    /// A JSON object for each order
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    zone: Zone,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "is not a day such as 2026-10-01".to_owned())
}

/// Does one of them.
pub(super) fn run(rules: &Rules) -> anyhow::Result<Report> {
    match rules {
        Rules::Lint { packs } => lint(packs),
        Rules::Diff { old, new } => {
            let (old, new) = (shelf::open(old)?, shelf::open(new)?);
            let mut lines = diff::lines(&old, &new);
            if lines.is_empty() {
                lines.push("There is no difference.".to_owned());
            }
            Ok(Report {
                is_done: true,
                lines,
            })
        }
        Rules::Judge(judge) => judged(judge),
    }
}

fn lint(packs: &[String]) -> anyhow::Result<Report> {
    let ours = || PACKS.iter().map(|(id, _)| (*id).to_owned()).collect();
    let named: Vec<String> = if packs.is_empty() {
        ours()
    } else {
        packs.to_vec()
    };
    let mut report = Report {
        is_done: true,
        lines: Vec::new(),
    };
    for name in &named {
        match shelf::open(name) {
            Ok(pack) => report.lines.extend(in_order(&pack)),
            Err(NoPack::Refused(refused)) => {
                report.is_done = false;
                report.lines.extend(refused.lines());
            }
            Err(error @ NoPack::File(..)) => return Err(error.into()),
        }
    }
    Ok(report)
}

/// What a person should know of a pack that is in order.
fn in_order(pack: &Pack) -> Vec<String> {
    let mut lines = vec![format!(
        "{} {}: in order, {} limits, compared with its sources on {}, sha256 {}",
        pack.id,
        pack.version,
        pack.book.limits.len(),
        pack.reviewed_on,
        pack.hash
    )];
    for limit in &pack.book.limits {
        if limit.is_advisory {
            lines.push(format!(
                "  {}: not confirmed; a person decides about what exceeds it",
                limit.id
            ));
        }
        if limit.from.is_none() {
            lines.push(format!("  {}: since when it holds is not known", limit.id));
        }
        for bucket in &limit.buckets {
            if let Some(figure) = bucket.unconfirmed {
                let (id, cap, max) = (&limit.id, &bucket.id, bucket.max);
                lines.push(format!(
                    "  {id}, {cap}: {max} is used until {figure} is confirmed"
                ));
            }
        }
    }
    lines
}

fn judged(judge: &Judge) -> anyhow::Result<Report> {
    let pack = shelf::open(&judge.pack)?;
    let bytes = read_file(&judge.orders)?;
    let orders = past::read(&bytes, judge.zone.of(&pack)).map_err(anyhow::Error::msg)?;
    let asked = Asked {
        from: judge.from,
        to: judge.to,
        rules_of: judge.rules_of,
    };
    let found = past::judged(&pack.book, orders, asked).map_err(anyhow::Error::msg)?;
    let mut lines = Vec::new();
    for (order, found) in &found {
        if judge.json {
            let written = verdict::write(found);
            let line = serde_json::json!({"id": order.id, "day": order.when.day.to_string(), "judged": written});
            lines.push(line.to_string());
            continue;
        }
        for finding in found
            .findings
            .iter()
            .filter(|finding| finding.outcome != Outcome::Pass)
        {
            lines.push(format!(
                "{} of {}: {}: {}, {}: {} ({})",
                order.id,
                order.when.day,
                verdict::word(finding.outcome),
                finding.limit,
                finding.bucket,
                verdict::why(finding),
                finding.source
            ));
        }
    }
    if !judge.json {
        let count = |outcome| {
            found
                .iter()
                .filter(|(_, found)| found.outcome == outcome)
                .count()
        };
        lines.push(format!(
            "{} orders: {} pass, {} fail, {} unknown; by {} {}, sha256 {}",
            found.len(),
            count(Outcome::Pass),
            count(Outcome::Fail),
            count(Outcome::Unknown),
            pack.id,
            pack.version,
            pack.hash
        ));
    }
    Ok(Report {
        is_done: true,
        lines,
    })
}
