//! What a printer is told.

use domain::label::{LabelRules, Mark, Media, compose, zpl};
use proptest::prelude::*;

use super::made::{HOSTILE, face, facts, strict};
use super::tokens::{Token, data, picture, tokens};

/// The names of a label's commands. Nothing that is printed can add to them.
fn template(bars: usize) -> Vec<&'static str> {
    let mut names = vec!["^XA", "^CI", "^PW", "^LL", "^LH", "^FO", "^GF", "^FS"];
    for _ in 0..bars {
        names.extend(["^FO", "^BY", "^BC", "^FH", "^FD", "^FS"]);
    }
    names.extend(["^PQ", "^XZ"]);
    names
}

/// Every label is told by the template's commands, in the dots of the preview, with the code as data.
fn told(name: &str, media: Media) {
    let face = face();
    let facts = facts(&[name], name);
    for page in compose(&face, &strict(), &facts, media) {
        let text = zpl::encode(&page, &face);
        let found = tokens(text.as_bytes());
        let is_bars = |mark: &&Mark| matches!(mark, Mark::Bars { .. });
        let bars = page.marks.iter().filter(is_bars).count();
        let names: Vec<&str> = found.iter().map(|token| token.name.as_str()).collect();
        assert_eq!(names, template(bars), "{name}");
        let all = |wanted: &str| {
            found
                .iter()
                .filter(|token| token.name == wanted)
                .collect::<Vec<&Token>>()
        };
        for said in all("^FD") {
            assert_eq!(data(&said.rest), facts.code.as_bytes());
        }
        let mut shown = page.clone();
        shown
            .marks
            .retain(|mark| !matches!(mark, Mark::Bars { .. }));
        let rows: Vec<Vec<u8>> = shown.drawn(&face).rows().map(<[u8]>::to_vec).collect();
        assert_eq!(picture(&all("^GF")[0].rest), rows, "{name}");
    }
}

#[test]
fn no_name_is_a_command() {
    for (number, name) in HOSTILE.into_iter().enumerate() {
        for media in Media::all().skip(number % 3).step_by(3) {
            told(name, media);
        }
    }
}

#[test]
fn the_other_reading_sees_a_command_that_a_careless_encoder_lets_through() {
    let careless = "^XA^FO0,0^FD^XZ~JR^FS^XZ";
    let found = tokens(careless.as_bytes());
    let names: Vec<&str> = found.iter().map(|token| token.name.as_str()).collect();
    assert_eq!(names, ["^XA", "^FO", "^FD", "^XZ", "~JR", "^FS", "^XZ"]);
}

#[test]
fn data_is_escaped_byte_by_byte() {
    let face = face();
    let mut facts = facts(&["Gummies"], "Jordan P.");
    facts.code = "A^XZ~JR_>B".into();
    let pages = compose(&face, &LabelRules::default(), &facts, Media::default());
    let text = zpl::encode(&pages[0], &face);
    assert!(text.contains("^FDA_5EXZ_7EJR_5F_3E0B^FS"), "{text}");
}

/// A few in every run; as many as a hunt wants.
fn names_to_try() -> u32 {
    let wanted = std::env::var("CUSTODY_LABELS").ok();
    wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(names_to_try()))]

    #[test]
    fn whatever_goods_and_customers_are_called_the_commands_are_the_templates(
        name in "[\\^~_A-Z0-9\\PC\u{0}-\u{1f}]{0,60}",
        media in 0..10_usize,
    ) {
        told(&name, Media::all().nth(media).unwrap());
    }
}
