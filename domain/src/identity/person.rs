//! Names, whole or in pieces.
//!
//! In: a card's elements. Out: family name, given names, suffix. Must not: correct a letter.

use super::frame::Elements;

/// What follows a family name and belongs to nobody's given names.
const SUFFIXES: [&str; 8] = ["JR", "SR", "I", "II", "III", "IV", "V", "VI"];
/// Parts of a name in one field with commas: family, given, middle, suffix.
const PARTS_MAX: usize = 4;

/// A name.
pub(super) struct Name {
    pub(super) family: String,
    pub(super) given: Vec<String>,
    pub(super) suffix: Option<String>,
    pub(super) is_guessed: bool,
}

/// The name in a card's elements.
pub(super) fn read(elements: &Elements<'_>) -> Option<Name> {
    let in_pieces = elements
        .value("DCS")
        .or_else(|| elements.value("DAB"))
        .map(|family| Name {
            family: family.to_owned(),
            given: given(elements),
            suffix: elements.value("DCU").map(str::to_owned),
            is_guessed: false,
        });
    in_pieces.or_else(|| whole(elements.value("DAA")?))
}

fn given(elements: &Elements<'_>) -> Vec<String> {
    let fields: &[&str] = if elements.value("DCT").is_some() {
        &["DCT"]
    } else {
        &["DAC", "DAD"]
    };
    let values = fields.iter().filter_map(|field| elements.value(field));
    values.flat_map(words).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split([' ', ','])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.trim_end_matches('.'))
}

/// A name in one field: with commas the family name comes first, without them it comes last.
fn whole(field: &str) -> Option<Name> {
    if field.contains(',') {
        let mut parts: Vec<&str> = field.splitn(PARTS_MAX, ',').map(str::trim).collect();
        let suffix = parts
            .pop_if(|last| is_suffix(last))
            .map(|last| last.to_owned());
        let (family, others) = parts.split_first()?;
        return (!family.is_empty()).then(|| Name {
            family: (*family).to_owned(),
            given: others.iter().flat_map(|part| words(part)).collect(),
            suffix,
            is_guessed: false,
        });
    }
    let mut names: Vec<String> = words(field).collect();
    let suffix = if names.len() > 2 {
        names.pop_if(|last| is_suffix(last))
    } else {
        None
    };
    let family = names.pop()?;
    Some(Name {
        family,
        given: names,
        suffix,
        is_guessed: true,
    })
}
