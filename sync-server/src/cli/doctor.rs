//! `custody doctor`: a line for each thing that was looked at.
//!
//! In: a directory. Out: lines or JSON, and a number for other programs. Must not: hide a good finding; a line that is
//! missing tells nobody that it was looked at.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use sync_server::admin::doctor::{Around, Finding, Verdict, examine, whole, worst};
use sync_server::sink::line::Line;

/// Look at everything around a shop, also while the server runs; ends with 0 when all is well, with 1 when something
/// should be done, with 2 when something is bad
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    data: super::Data,
    /// Also tell the whole log again and compare with it what devices are shown; a minute for some hundred thousand facts
    #[arg(long)]
    whole: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Looks, and says what it found.
pub(super) fn run(doctor: &Doctor) -> ExitCode {
    let dir = doctor.data.dir();
    let mut found = examine(&dir, Around::here(&dir));
    if doctor.whole {
        found.push(whole(&dir));
    }
    let worst = worst(&found);
    if doctor.json {
        let said = json!({"verdict": worst, "checks": found}).to_string();
        println!("{}", Line(&said));
    } else {
        for finding in &found {
            println!("{}", Line(&line(finding)));
        }
    }
    match worst {
        Verdict::Ok => ExitCode::SUCCESS,
        Verdict::Warn => ExitCode::from(1),
        Verdict::Bad => ExitCode::from(2),
    }
}

fn line(finding: &Finding) -> String {
    let word = match finding.verdict {
        Verdict::Ok => "ok",
        Verdict::Warn => "warn",
        Verdict::Bad => "bad",
    };
    let next = if finding.next.is_empty() {
        String::new()
    } else {
        format!(". Do: {}", finding.next)
    };
    format!("{word:<5} {:<16} {}{next}", finding.check, finding.said)
}
