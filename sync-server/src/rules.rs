//! The state's rules, and the shop's own for permits, from dated data files.
//!
//! In: JSON such as `rules/ca.json`, packs such as `rules/packs/us-ca.toml`. Out: what travels to devices like stock;
//! purchase limits to judge baskets by. Must not: hold a figure; every one stands in a file, with its source.

/// What is wrong with a pack.
pub mod flaw;
/// A table, field by field.
mod fields;
/// Where a figure stands.
pub mod source;
/// The words of packs.
mod words;
/// Limits and bars, in full.
mod caps;
/// Limits, a row each.
mod compact;
/// Everything beside limits.
mod duties;
/// What stands on labels.
mod labels;
/// What limits must be like together.
mod checks;
/// Every value by its place.
mod leaves;
/// What is seen to before the first order of a shift.
pub mod checklist;
/// What a shop asks of its pack stations.
pub mod bench;
/// One state's pack.
pub mod pack;
/// The packs that come with the program.
pub mod shelf;
/// Baskets from files.
pub mod basket;
/// What is different between two packs.
pub mod diff;
/// Orders of the past.
pub mod past;
/// A verdict for people and other programs.
pub mod verdict;

use core::fmt;

use domain::id::Hash;
use domain::permit::PermitRules;
use domain::rules::{ReportAt, RulePack};
use domain::time::Day;
use serde::Deserialize;

/// California's rules as they were last reviewed.
const CALIFORNIA: &str = include_str!("../rules/ca.json");

/// How long permits last.
const PERMITS: &str = include_str!("../rules/permits.json");

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Why a file of rules is not taken.
#[derive(Debug)]
pub enum RulesRefused {
    /// Not the JSON expected.
    Unreadable(serde_json::Error),
    /// A field holds what it may not.
    Field(&'static str),
}

impl fmt::Display for RulesRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the rules cannot be read: {error}"),
            Self::Field(name) => write!(f, "the rules' field {name} is not what it must be"),
        }
    }
}

impl core::error::Error for RulesRefused {}

#[derive(Deserialize)]
struct Pack {
    state: String,
    effective: String,
    age_min: u32,
    report_at: String,
    label_sentences: Vec<String>,
    citations: Vec<String>,
}

/// Reads a file of rules.
///
/// # Errors
/// When it is none, or a figure has no source.
pub fn parse(json: &[u8]) -> Result<RulePack, RulesRefused> {
    let pack: Pack = serde_json::from_slice(json).map_err(RulesRefused::Unreadable)?;
    let effective = Day::parse(&pack.effective).ok_or(RulesRefused::Field("effective"))?;
    let report_at = match pack.report_at.as_str() {
        "hand_off" => ReportAt::HandOff,
        "departure" => ReportAt::Departure,
        _ => return Err(RulesRefused::Field("report_at")),
    };
    check_sources(
        &["age_min", "report_at", "label_sentences"],
        &pack.citations,
    )?;
    let limits = shelf::of_state(&pack.state).map(|limits| limits.travelling());
    Ok(RulePack {
        state: pack.state,
        effective,
        age_min: pack.age_min,
        report_at,
        label_sentences: pack.label_sentences,
        citations: pack.citations,
        limits: limits.map(Box::new),
    })
}

/// Refuses a figure without a source.
fn check_sources(fields: &[&str], citations: &[String]) -> Result<(), RulesRefused> {
    let has_source = |field: &&str| {
        citations
            .iter()
            .any(|source| source.starts_with(&format!("{field}: ")))
    };
    match fields.iter().all(has_source) {
        true => Ok(()),
        false => Err(RulesRefused::Field("citations")),
    }
}

#[derive(Deserialize)]
struct Lasting {
    effective: String,
    decisions_hours: u32,
    customers_hours: u32,
    capture_days: u32,
    citations: Vec<String>,
}

/// Reads how long permits last.
///
/// # Errors
/// When the file is none, a figure has no source, or one of them would give no time at all.
pub fn parse_permits(json: &[u8]) -> Result<PermitRules, RulesRefused> {
    let lasting: Lasting = serde_json::from_slice(json).map_err(RulesRefused::Unreadable)?;
    let effective = Day::parse(&lasting.effective).ok_or(RulesRefused::Field("effective"))?;
    check_sources(
        &["decisions_hours", "customers_hours", "capture_days"],
        &lasting.citations,
    )?;
    let lasts = |name: &'static str, figure: u32, unit: i64| match figure {
        0 => Err(RulesRefused::Field(name)),
        figure => Ok(i64::from(figure) * unit),
    };
    Ok(PermitRules {
        effective,
        file: Hash::of(&[json]),
        decisions_ms: lasts("decisions_hours", lasting.decisions_hours, HOUR_MS)?,
        customers_ms: lasts("customers_hours", lasting.customers_hours, HOUR_MS)?,
        capture_ms: lasts("capture_days", lasting.capture_days, DAY_MS)?,
    })
}

/// How long permits last.
#[must_use]
pub fn permits() -> PermitRules {
    parse_permits(PERMITS.as_bytes()).expect("BUG: the embedded rules are read in a test")
}

/// California's rules.
#[must_use]
pub fn california() -> RulePack {
    parse(CALIFORNIA.as_bytes()).expect("BUG: the embedded rules are read in a test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_california_name_an_age_and_where_it_stands() {
        let rules = california();
        assert_eq!((rules.state.as_str(), rules.age_min), ("CA", 21));
        assert!(
            rules
                .citations
                .iter()
                .any(|source| source.contains("4 CCR 15404"))
        );
    }

    #[test]
    fn a_shop_begins_with_the_limits_of_its_state_or_with_none() {
        let limits = california().limits.unwrap();
        assert_eq!(limits.id, "us-ca");
        let elsewhere = CALIFORNIA.replace("\"CA\"", "\"TX\"");
        assert_eq!(parse(elsewhere.as_bytes()).unwrap().limits, None);
    }

    #[test]
    fn permits_last_longest_for_capture_and_shortest_for_decisions() {
        let rules = permits();
        assert!(0 < rules.decisions_ms && rules.decisions_ms < rules.customers_ms);
        assert!(rules.customers_ms < rules.capture_ms);
        assert_eq!(rules.file, Hash::of(&[PERMITS.as_bytes()]));
    }

    #[test]
    fn a_permit_that_would_never_last_or_whose_figures_have_no_source_is_refused() {
        let no_time = PERMITS.replace("\"customers_hours\": 24", "\"customers_hours\": 0");
        let field = |json: &str| match parse_permits(json.as_bytes()) {
            Err(RulesRefused::Field(name)) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&no_time), "customers_hours");
        let no_source = PERMITS.replace("\"capture_days: ", "\"capture: ");
        assert_eq!(field(&no_source), "citations");
    }

    #[test]
    fn a_figure_without_a_source_is_refused() {
        let bare = br#"{"state": "CA", "effective": "2022-11-07", "age_min": 21,
            "report_at": "hand_off", "label_sentences": [], "citations": []}"#;
        assert!(matches!(parse(bare), Err(RulesRefused::Field("citations"))));
    }
}
