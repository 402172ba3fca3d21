//! What a shop asks of its pack stations, from a data file.
//!
//! In: JSON such as `rules/bench.json`. Out: figures that travel with the shop. Must not: take a figure that cannot be meant, or
//! a name it does not know.

use domain::code::gtin::Gtin;
use domain::custody::second::{BenchRules, NEW_STARTER_BAGS_MAX, SecondPerson};
use domain::custody::wrap::BagStock;
use domain::limits::BagNeeds;
use serde::Deserialize;

use super::{RulesRefused, check_sources};

/// Kinds of bags at most.
const BAGS_MAX: usize = 64;
/// Characters of a bag's name at most.
const NAME_CHARS_MAX: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bench {
    #[serde(rename = "reviewed_on")]
    _reviewed_on: Option<String>,
    second_person: Option<Second>,
    bag_stock: Option<Vec<Bag>>,
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
    passed_over: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bag {
    code: String,
    name: String,
    opaque: bool,
    child_resistant: bool,
    resealable: bool,
}

/// Reads what a shop asks of its pack stations.
///
/// # Errors
/// When the file is none, says nothing of where it comes from, names what nobody knows, or has a figure that cannot be meant.
pub fn parse(json: &[u8]) -> Result<BenchRules, RulesRefused> {
    let bench: Bench = serde_json::from_slice(json).map_err(RulesRefused::Unreadable)?;
    let sourced = [
        bench.second_person.as_ref().map(|_| "second_person"),
        bench.bag_stock.as_ref().map(|_| "bag_stock"),
    ];
    let sourced: Vec<&str> = sourced.into_iter().flatten().collect();
    check_sources(&sourced, &bench.citations)?;
    let second = bench.second_person.map(second).transpose()?;
    let bags = bench.bag_stock.map(bags).transpose()?;
    Ok(BenchRules {
        second,
        begun: Vec::new(),
        bags,
    })
}

fn bags(listed: Vec<Bag>) -> Result<Vec<BagStock>, RulesRefused> {
    if listed.len() > BAGS_MAX {
        return Err(RulesRefused::Field("bag_stock"));
    }
    let mut bags: Vec<BagStock> = Vec::new();
    for bag in listed {
        let gtin = Gtin::parse(&bag.code).ok_or(RulesRefused::Field("code"))?;
        let name = bag.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(RulesRefused::Field("name"));
        }
        if bags.iter().any(|other| other.gtin == gtin) {
            return Err(RulesRefused::Field("code"));
        }
        let is = BagNeeds {
            opaque: bag.opaque,
            child_resistant: bag.child_resistant,
            resealable: bag.resealable,
        };
        bags.push(BagStock { gtin, name, is });
    }
    Ok(bags)
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
                passed_over: second.passed_over,
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
        assert_eq!(second.passed_over, Some(true));
        assert_eq!(parse(USUAL.as_bytes()).unwrap().bags, None);
    }

    #[test]
    fn a_bag_has_a_makers_number_a_name_and_no_twin() {
        let list = |bags: &str| {
            format!("{{\"bag_stock\": [{bags}], \"citations\": [\"bag_stock: the shop's own\"]}}")
        };
        let bag = |code: &str, name: &str| {
            format!(
                r#"{{"code": "{code}", "name": "{name}", "opaque": true, "child_resistant": false, "resealable": true}}"#
            )
        };
        let good = bag("012345678905", "Black pouch");
        let bags = parse(list(&good).as_bytes()).unwrap().bags.unwrap();
        assert!(bags[0].is.opaque && !bags[0].is.child_resistant && bags[0].is.resealable);
        assert!(refused(&list(&bag("012345678904", "Pouch"))).contains("code"));
        assert!(refused(&list(&bag("012345678905", " "))).contains("name"));
        assert!(refused(&list(&format!("{good}, {good}"))).contains("code"));
        assert!(refused(&list(&good.replace("opaque", "opaq"))).contains("opaq"));
        assert!(refused(&list(&good).replace("bag_stock: the", "the")).contains("citations"));
    }

    #[test]
    fn a_figure_that_cannot_be_meant_is_refused_by_its_name() {
        for (figure, wrong) in [
            ("\"sample_permille\": 50", "\"sample_permille\": 1001"),
            ("\"near_limit_percent\": 90", "\"near_limit_percent\": 0"),
            ("\"value_cents\": 30000", "\"value_cents\": -1"),
            ("\"new_starter_bags\": 20", "\"new_starter_bags\": 201"),
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
