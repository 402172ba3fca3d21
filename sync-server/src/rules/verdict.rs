//! A verdict for other programs, and why, in words for whoever called.
//!
//! In: what the domain found. Out: JSON. Must not: decide anything.
//!
//! ```json
//! {"verdict": "fail",
//!  "limits": [{"id": "ca.adult", "bucket": "flower", "used": 28501, "max": 28500, "margin": -1,
//!              "why": "28501 of 28500 mg: 1 mg over", "source": "4 CCR 15409"}]}
//! ```
//!
//! `used`, `max` and `margin` are in the measure of the cap: milligrams, micrograms, microlitres or things. `margin` is
//! null when it is not known; `max` is null where there is no figure. In a sum of shares `margin` says what may still be
//! added of this class, or has to go.

use domain::custody::limit::category_in;
use domain::limits::tally::{Gap, Spot};
use domain::limits::{Finding, Outcome, Verdict, Why};
use serde::Serialize;

/// A verdict as it is written.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    verdict: &'static str,
    limits: Vec<Row>,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    id: String,
    bucket: String,
    used: i64,
    max: Option<u64>,
    margin: Option<i64>,
    why: String,
    source: String,
}

/// The word for an outcome.
#[must_use]
pub fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Unknown => "unknown",
        Outcome::Fail => "fail",
    }
}

/// Writes a verdict. `goods` are the names of the basket's lines, where they have any.
#[must_use]
pub fn write(verdict: &Verdict, goods: &[String]) -> Written {
    let row = |finding: &Finding| Row {
        id: finding.limit.clone(),
        bucket: finding.bucket.clone(),
        used: i64::try_from(finding.used).unwrap_or(i64::MAX),
        max: finding.max,
        margin: finding.margin.map(at_most),
        why: why(finding, goods),
        source: finding.source.clone(),
    };
    Written {
        verdict: word(verdict.outcome),
        limits: verdict.findings.iter().map(row).collect(),
    }
}

/// The number, or the largest there is in that direction.
fn at_most(number: i128) -> i64 {
    let edge = if number < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(number).unwrap_or(edge)
}

/// Why, in one sentence. `goods` are the names of the basket's lines, where they have any.
#[must_use]
pub fn why(finding: &Finding, goods: &[String]) -> String {
    let mut sentence = reason(finding, goods);
    if let (Some(figure), Some(max)) = (finding.unconfirmed, finding.max) {
        sentence.push_str(&format!("; {max} is used until {figure} is confirmed"));
    }
    sentence
}

fn reason(finding: &Finding, goods: &[String]) -> String {
    let unit = unit(finding.measure.unwrap_or_default());
    let (used, max) = (finding.used, finding.max.unwrap_or(0));
    let margin = finding.margin.unwrap_or(0);
    let over = margin.unsigned_abs();
    match &finding.why {
        Why::Within => format!("{used} of {max}{unit}: {margin}{unit} left"),
        Why::Over => format!("{used} of {max}{unit}: {over}{unit} over"),
        Why::OverSum => {
            format!(
                "{used} of {max}{unit}, and the shares add up to more than one: {over}{unit} over"
            )
        }
        Why::Taxed => {
            format!("{used} of {max}{unit}: {over}{unit} over, which is taxed and not barred")
        }
        Why::OverUnconfirmed => {
            format!(
                "{used} of {max}{unit}: {over}{unit} over a figure that is not confirmed; a person decides"
            )
        }
        Why::Gap(Gap::Figure(spot, figure)) => {
            format!("{} has no {}", line(*spot, goods), figure.field())
        }
        Why::Gap(Gap::Equivalence(spot)) => {
            format!(
                "for how much flower {} counts is not in the pack",
                line(*spot, goods)
            )
        }
        Why::ClassNotListed(class) => not_listed(class),
        Why::NoLimit => "the pack has no limit of this program on that day".to_owned(),
        Why::CustomerNotKnown => {
            format!(
                "{used} of {max}{unit}: it depends on the customer's age or state, which is not known"
            )
        }
        Why::HistoryNotKnown => "what the customer took home before is not known".to_owned(),
        Why::HistoryOld(ms) => {
            let minutes = ms.div_euclid(60_000);
            format!(
                "what is known of earlier purchases is {minutes} minutes old, which decides nothing"
            )
        }
        Why::TooYoung => format!("{used} years old, {over} too young"),
        Why::CardHolder => "a holder of a patient's card may not buy in this program".to_owned(),
        Why::CardNotKnown => "whether the customer holds a patient's card is not known".to_owned(),
        Why::UnitOver => format!("one unit has {used} of {max}{unit}: {over}{unit} over"),
        Why::TooFine => "the caps cannot be added up exactly".to_owned(),
    }
}

/// A class, or the category of goods that the pack gives no class.
fn not_listed(class: &str) -> String {
    match category_in(class) {
        None => format!("no limit knows the class {class:?}"),
        Some("") => {
            "a product has no category: import its package again, with the category it has in the tracking system"
                .to_owned()
        }
        Some(category) => format!(
            "the pack gives the category {category:?} no class: write it into the pack's categories, with the class \
             whose cap counts it"
        ),
    }
}

fn line(spot: Spot, goods: &[String]) -> String {
    match spot.visit {
        None => {
            let name = goods.get(spot.line);
            let name = name.map_or_else(String::new, |name| format!(" ({name})"));
            format!("line {}{name}", spot.line + 1)
        }
        Some(visit) => format!("line {} of earlier visit {}", spot.line + 1, visit + 1),
    }
}

fn unit(measure: &str) -> &'static str {
    match measure {
        "net_mg" => " mg",
        "net_ug" => " µg",
        "concentrate_mg" => " mg of concentrate",
        "thc_mg" => " mg of THC",
        "thc_ug" => " µg of THC",
        "serving_thc_mg" => " mg of THC in a serving",
        "volume_ul" => " µL",
        "flower_eq_mg" => " mg of flower",
        _ => "",
    }
}
