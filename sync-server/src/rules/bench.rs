//! What a shop asks of its pack stations, from a data file.
//!
//! In: JSON such as `rules/bench.json`. Out: figures that travel with the shop. Must not: take a figure that cannot be meant, or
//! a name it does not know.

use domain::custody::second::{BenchRules, SecondPerson};
use serde::Deserialize;

use super::{RulesRefused, check_sources};

/// A shop's own rule asks somebody new for a second look at so many bags at most.
const NEW_STARTER_BAGS_MAX: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bench {
    #[serde(rename = "reviewed_on")]
    _reviewed_on: Option<String>,
    second_person: Option<Second>,
    citations: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Second {
    new_starter_bags: Option<u32>,
    value_cents: Option<i64>,
    near_limit_percent: Option<u32>,
    edited: Option<bool>,
    sample_permille: Option<u32>,
}

/// Reads what a shop asks of its pack stations.
///
/// # Errors
/// When the file is none, says nothing of where it comes from, names what nobody knows, or has a figure that cannot be meant.
pub fn parse(json: &[u8]) -> Result<BenchRules, RulesRefused> {
    let bench: Bench = serde_json::from_slice(json).map_err(RulesRefused::Unreadable)?;
    check_sources(&["second_person"], &bench.citations)?;
    let second = bench.second_person.map(second).transpose()?;
    Ok(BenchRules {
        second,
        begun: Vec::new(),
    })
}

fn second(second: Second) -> Result<SecondPerson, RulesRefused> {
    let is_above = |figure: Option<u32>, max: u32| figure.is_some_and(|figure| figure > max);
    let field = match &second {
        of if is_above(of.new_starter_bags, NEW_STARTER_BAGS_MAX) => "new_starter_bags",
        of if of.value_cents.is_some_and(|cents| cents < 0) => "value_cents",
        of if is_above(of.near_limit_percent, 100) || of.near_limit_percent == Some(0) => {
            "near_limit_percent"
        }
        of if is_above(of.sample_permille, 1_000) => "sample_permille",
        _ => {
            return Ok(SecondPerson {
                new_starter_bags: second.new_starter_bags,
                value_cents: second.value_cents,
                near_limit_percent: second.near_limit_percent,
                edited: second.edited,
                sample_permille: second.sample_permille,
            });
        }
    };
    Err(RulesRefused::Field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = include_str!("../../rules/bench.json");

    fn refused(list: &str) -> String {
        parse(list.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_file_that_comes_with_it_asks_for_a_second_person() {
        let second = parse(USUAL.as_bytes()).unwrap().second.unwrap();
        assert_eq!(second.new_starter_bags, Some(20));
        assert_eq!(second.sample_permille, Some(50));
    }

    #[test]
    fn a_figure_that_cannot_be_meant_is_refused_by_its_name() {
        for (figure, wrong) in [
            ("\"sample_permille\": 50", "\"sample_permille\": 1001"),
            ("\"near_limit_percent\": 90", "\"near_limit_percent\": 0"),
            ("\"value_cents\": 30000", "\"value_cents\": -1"),
            ("\"new_starter_bags\": 20", "\"new_starter_bags\": 10001"),
        ] {
            let name = figure.split('"').nth(1).unwrap();
            assert!(refused(&USUAL.replace(figure, wrong)).contains(name));
        }
    }

    #[test]
    fn a_name_nobody_knows_and_a_missing_source_are_refused() {
        assert!(refused(&USUAL.replace("sample_permille", "sample_percent")).contains("sample"));
        assert!(refused(&USUAL.replace("second_person: assumed", "assumed")).contains("citations"));
        assert!(parse(b"[]").is_err());
    }
}
