//! What is seen to at a station before the first order of a shift, from a data file.
//!
//! In: JSON such as `rules/checklist.json`. Out: steps that travel with the shop. Must not: take a step that says nothing in
//! one of the languages, or a number twice.

use domain::custody::shift::{STEP_CHARS_MAX, STEPS_MAX};
use domain::facility::StationStep;
use serde::Deserialize;

use super::{RulesRefused, check_sources};

/// The list a shop begins with.
const USUAL: &str = include_str!("../../rules/checklist.json");

#[derive(Deserialize)]
struct List {
    steps: Vec<Step>,
    citations: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    number: u16,
    english: String,
    spanish: String,
}

/// Reads a checklist.
///
/// # Errors
/// When the file is none, says nothing of where it comes from, or a step lacks its words or has another's number.
pub fn parse(json: &[u8]) -> Result<Vec<StationStep>, RulesRefused> {
    let list: List = serde_json::from_slice(json).map_err(RulesRefused::Unreadable)?;
    check_sources(&["steps"], &list.citations)?;
    let mut steps: Vec<StationStep> = list.steps.into_iter().map(step).collect();
    steps.sort_by_key(|step| step.number);
    let is_said = |text: &str| !text.is_empty() && text.chars().count() <= STEP_CHARS_MAX;
    let is_whole = |step: &StationStep| is_said(&step.english) && is_said(&step.spanish);
    let is_twice = steps.windows(2).any(|two| two[0].number == two[1].number);
    match !is_twice && steps.len() <= STEPS_MAX && steps.iter().all(is_whole) {
        true => Ok(steps),
        false => Err(RulesRefused::Field("steps")),
    }
}

fn step(step: Step) -> StationStep {
    StationStep {
        number: step.number,
        english: step.english.trim().to_owned(),
        spanish: step.spanish.trim().to_owned(),
    }
}

/// The list a shop begins with.
#[must_use]
pub fn usual() -> Vec<StationStep> {
    parse(USUAL.as_bytes()).expect("BUG: the embedded list is read in a test")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(list: &str) -> String {
        parse(list.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_usual_list_asks_for_labels_and_the_scanner() {
        let steps = usual();
        assert!(steps[0].english.contains("Labels") && steps[1].english.contains("Scanner"));
    }

    #[test]
    fn a_step_without_words_or_with_the_number_of_another_is_refused() {
        let silent = USUAL.replace("Escáner cargado", " ");
        assert!(refused(&silent).contains("steps"));
        let twice = USUAL.replace("\"number\": 2", "\"number\": 1");
        assert!(refused(&twice).contains("steps"));
        let long = USUAL.replace("Scanner charged", &"x".repeat(STEP_CHARS_MAX + 1));
        assert!(refused(&long).contains("steps"));
        let bare = USUAL.replace("steps: assumed", "assumed");
        assert!(refused(&bare).contains("citations"));
        assert!(parse(b"[]").is_err());
    }
}
