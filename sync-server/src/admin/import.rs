//! Files that come in, and what is wrong with them, line by line.
//!
//! In: a file's bytes. Out: what was taken and every finding. Must not: take part of a file unless that was
//! asked for.

use super::{File, Report};
use crate::clock;
use crate::import::finding::{Finding, Severity};
use crate::import::{
    labs as lab_file, metrc_packages, orders as order_file, products as product_file,
};
use crate::ingest::orders::{Action, OrderError, Taking};
use crate::ingest::stock::{ImportSummary, name_key};
use crate::ingest::{Shop, Unavailable};

/// Differences from the state's figures that are listed one by one.
const DIFFERENCES_MAX: usize = 50;

/// Takes packages in.
pub(super) async fn packages(
    shop: &Shop,
    file: &File,
    bytes: &[u8],
) -> Result<Report, Unavailable> {
    let today = clock::day_at(shop.directory().time_zone(), clock::now_ms());
    let read = match metrc_packages::read(&file.name, bytes, today) {
        Ok(read) => read,
        Err(refused) => return Ok(Report::refused(format!("{}: {refused}", file.name))),
    };
    let mut report = findings(&read.findings, read.findings_left_out);
    let ours = shop
        .directory()
        .store
        .as_ref()
        .map(|store| store.license.clone());
    if let (Some(license), Some(ours)) = (&read.license, ours)
        && name_key(license) != name_key(&ours)
    {
        report.lines.push(format!(
            "The file is of licence {license}; this shop's is {ours}. Nothing was taken."
        ));
        report.is_done = false;
        return Ok(report);
    }
    if !may_go_on(&mut report, file, read.rows.len()) {
        return Ok(report);
    }
    let summary = shop.import_packages(file.name.clone(), read.rows).await?;
    report.lines.push(format!(
        "{} packages: {} new, {} renewed.",
        summary.new + summary.renewed,
        summary.new,
        summary.renewed
    ));
    list_differences(&mut report, &summary);
    Ok(report)
}

/// Takes laboratory figures in.
pub(super) async fn labs(shop: &Shop, file: &File, bytes: &[u8]) -> Result<Report, Unavailable> {
    let today = clock::day_at(shop.directory().time_zone(), clock::now_ms());
    let read = match lab_file::read(bytes, today) {
        Ok(read) => read,
        Err(refused) => return Ok(Report::refused(format!("{}: {refused}", file.name))),
    };
    let mut report = findings(&read.findings, read.findings_left_out);
    if !may_go_on(&mut report, file, read.rows.len()) {
        return Ok(report);
    }
    let summary = shop.import_labs(file.name.clone(), read.rows).await?;
    report
        .lines
        .push(format!("{} packages have their figures.", summary.renewed));
    if !summary.unknown.is_empty() {
        report.lines.push(format!(
            "{} rows are about packages that are not here: {}.",
            summary.unknown.len(),
            summary.unknown.join(", ")
        ));
    }
    Ok(report)
}

/// Takes in what the shop says of its products.
pub(super) async fn products(
    shop: &Shop,
    file: &File,
    bytes: &[u8],
) -> Result<Report, Unavailable> {
    let read = match product_file::read(bytes) {
        Ok(read) => read,
        Err(refused) => return Ok(Report::refused(format!("{}: {refused}", file.name))),
    };
    let mut report = findings(&read.findings, read.findings_left_out);
    if !may_go_on(&mut report, file, read.rows.len()) {
        return Ok(report);
    }
    let summary = shop
        .import_products(file.name.clone(), read.rows, file.keep_good)
        .await?;
    report.lines.extend(summary.refused.iter().map(line));
    report.is_done = summary.is_taken;
    let taken = summary.new + summary.changed + summary.same;
    if may_go_on(&mut report, file, taken) {
        report.lines.push(format!(
            "{taken} products: {} new, {} changed, {} as before.",
            summary.new, summary.changed, summary.same
        ));
    }
    Ok(report)
}

/// Takes orders in.
pub(super) async fn orders(
    shop: &Shop,
    file: &File,
    add_products: bool,
    bytes: &[u8],
) -> Result<Report, Unavailable> {
    let read = match order_file::read(bytes) {
        Ok(read) => read,
        Err(refused) => return Ok(Report::refused(format!("{}: {refused}", file.name))),
    };
    let taking = Taking {
        keep_good: file.keep_good,
        add_products,
    };
    let (outcomes, was_taken) = shop.accept_document(read, taking).await?;
    let mut report = Report {
        is_done: was_taken,
        lines: Vec::new(),
    };
    let mut counts = [0_usize; 5];
    for (number, outcome) in (1_usize..).zip(&outcomes) {
        let slot = match outcome {
            Ok(accepted) => match accepted.action {
                Action::Created => 0,
                Action::Same => 1,
                Action::Changed => 2,
                Action::Cancelled => 3,
            },
            Err(errors) => {
                let line = |error: &OrderError| {
                    order_line(number, error.id.as_deref(), &error.field, &error.reason)
                };
                report.lines.extend(errors.iter().map(line));
                4
            }
        };
        counts[slot] += 1;
    }
    let [created, same, changed, cancelled, refused] = counts;
    report.lines.push(if was_taken {
        format!(
            "{created} orders are new, {changed} changed, {cancelled} cancelled, {same} the same as \
             before, {refused} refused."
        )
    } else {
        format!("{refused} orders are refused. Nothing was taken; --keep-good takes the others.")
    });
    Ok(report)
}

fn order_line(number: usize, id: Option<&str>, field: &str, reason: &str) -> String {
    let id = id.unwrap_or("?");
    format!("order {number} ({id}), {field}: {reason}")
}

fn findings(findings: &[Finding], left_out: usize) -> Report {
    let mut report = Report {
        is_done: !findings
            .iter()
            .any(|finding| finding.severity == Severity::Refused),
        lines: findings.iter().map(line).collect(),
    };
    if left_out > 0 {
        report
            .lines
            .push(format!("{left_out} more findings are not listed."));
    }
    report
}

fn line(finding: &Finding) -> String {
    let weight = match finding.severity {
        Severity::Warning => "warning",
        Severity::Refused => "refused",
    };
    let field = finding.field.as_deref().unwrap_or("record");
    format!(
        "{weight}: record {}, line {}, {field}: {} [{}]",
        finding.record, finding.line, finding.reason, finding.kind
    )
}

/// Whether the rows are to be taken: none is refused, or the good ones are wanted all the same.
fn may_go_on(report: &mut Report, file: &File, good: usize) -> bool {
    if report.is_done {
        return true;
    }
    if !file.keep_good {
        report.lines.push(format!(
            "Some rows are refused. Nothing was taken; --keep-good takes the {good} good ones."
        ));
        return false;
    }
    report.is_done = true;
    true
}

fn list_differences(report: &mut Report, summary: &ImportSummary) {
    for difference in summary.differences.iter().take(DIFFERENCES_MAX) {
        report.lines.push(format!(
            "{}: the state says {}, here are {}.",
            difference.tag, difference.state, difference.ours
        ));
    }
    let more = summary.differences.len().saturating_sub(DIFFERENCES_MAX);
    if more > 0 {
        report.lines.push(format!("{more} more packages differ."));
    }
}
