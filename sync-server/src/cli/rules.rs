//! `custody rules`: whether packs are in order, what is different, what orders come to under one, which one is in use.
//!
//! In: packs, and files of orders. Out: lines. Must not: change anything but which pack a shop judges by.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::time::Day;
use sync_server::admin::{Command, Report};
use sync_server::log::postgres::Address;
use sync_server::rules::diff;
use sync_server::rules::pack::Pack;
use sync_server::rules::past::{self, Asked};
use sync_server::rules::shelf::{self, NoPack, PACKS};

use super::limits::Zone;
use super::{Data, command, read_file};

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
    /// Judge purchases in a shop by a pack's limits; devices have them at their next contact
    Use {
        #[command(flatten)]
        data: Data,
        /// The rule pack: a state, a name or a file
        pack: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Judge {
    /// The rule pack: a state, a name or a file
    #[arg(long, value_name = "PACK")]
    pack: String,
    /// The orders, a JSON file
    #[arg(long, value_name = "FILE", required_unless_present = "data")]
    orders: Option<PathBuf>,
    /// What was handed over in the shop of this directory, instead of a file
    #[arg(long, value_name = "DIR", conflicts_with = "orders")]
    data: Option<PathBuf>,
    /// The shop's log is on a PostgreSQL server
    #[arg(long, value_name = "URL", env = "CUSTODY_DATABASE", hide_env_values = true, value_parser = Address::parse)]
    database: Option<Address>,
    /// First day, such as 2026-10-01, in the shop's zone
    #[arg(long, visible_alias = "since", value_name = "DAY", value_parser = day)]
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
        Rules::Use { data, pack } => {
            let (name, text) = shelf::text(pack)?;
            command(data, Command::UseRules { name }, &text)
        }
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
    // No orders at all would read as if none had broken anything.
    if let (Some(from), Some(to)) = (judge.from, judge.to)
        && to < from
    {
        anyhow::bail!("the first day, {from}, is after the last, {to}");
    }
    let asked = Asked {
        from: judge.from,
        to: judge.to,
        rules_of: judge.rules_of,
    };
    let Some(orders) = &judge.orders else {
        return judged_in_shop(judge, asked);
    };
    let pack = shelf::open(&judge.pack)?;
    let bytes = read_file(orders)?;
    let orders = past::read(&bytes, judge.zone.of(&pack)).map_err(anyhow::Error::msg)?;
    let found = past::judged(&pack.book, orders, asked).map_err(anyhow::Error::msg)?;
    let found = found.into_iter().map(|(order, verdict)| past::Judged {
        id: order.id,
        day: order.when.day,
        verdict,
        goods: Vec::new(),
    });
    let found: Vec<past::Judged> = found.collect();
    Ok(Report {
        is_done: true,
        lines: past::lines(&pack, &found, judge.json),
    })
}

/// What was handed over in a shop, by its own log.
fn judged_in_shop(judge: &Judge, asked: Asked) -> anyhow::Result<Report> {
    let (Some(data), None) = (&judge.data, &judge.zone.time_zone) else {
        anyhow::bail!("a shop has its own time zone; leave --time-zone out");
    };
    let data = Data {
        data: data.clone(),
        database: judge.database.clone(),
    };
    let (name, text) = shelf::text(&judge.pack)?;
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let judged = Command::JudgeOrders {
        name,
        from: day(asked.from),
        to: day(asked.to),
        rules_of: day(asked.rules_of),
        json: judge.json,
    };
    command(&data, judged, &text)
}
