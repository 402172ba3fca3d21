//! What the tables promise: nothing empty, both languages say the same, and buttons stay buttons.

use super::refuse::{Facts, Refused};
use super::*;

/// Name, kind of place, English, Spanish.
pub(super) type Row = (&'static str, &'static str, &'static str, &'static str);

/// A label this short fits the narrowest button of a tablet in two lines, whatever its English is.
const FITS_ANYWHERE: usize = 18;

/// The longest sentence the design itself uses, about the state's counting, has 15 words.
const WORDS_MAX: usize = 15;

fn messages() -> impl Iterator<Item = Row> {
    [
        shell::MESSAGES,
        enter::MESSAGES,
        denied::MESSAGES,
        queue::MESSAGES,
        pick::MESSAGES,
        pack::MESSAGES,
        desk::MESSAGES,
        devices::MESSAGES,
        vault::MESSAGES,
        passkeys::MESSAGES,
        audit::MESSAGES,
        settle::MESSAGES,
        permit::MESSAGES,
        rules::MESSAGES,
        report::MESSAGES,
        lifeboat::MESSAGES,
        camera::MESSAGES,
        identity::MESSAGES,
        scanner::MESSAGES,
        shift::MESSAGES,
        hold::MESSAGES,
        procedure::MESSAGES,
        time::MESSAGES,
        witness::MESSAGES,
        limits::MESSAGES,
        second::MESSAGES,
        messages::MESSAGES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn sentences() -> impl Iterator<Item = Row> {
    [
        shell::SENTENCES,
        enter::SENTENCES,
        queue::SENTENCES,
        pick::SENTENCES,
        pack::SENTENCES,
        desk::SENTENCES,
        devices::SENTENCES,
        vault::SENTENCES,
        passkeys::SENTENCES,
        audit::SENTENCES,
        settle::SENTENCES,
        acts::SENTENCES,
        lifeboat::SENTENCES,
        scanner::SENTENCES,
        shift::SENTENCES,
        hold::SENTENCES,
        procedure::SENTENCES,
        identity::SENTENCES,
        witness::SENTENCES,
        limits::SENTENCES,
        messages::SENTENCES,
        messages::COUNTED,
        shell::COUNTED,
        enter::COUNTED,
        queue::COUNTED,
        pick::COUNTED,
        pack::COUNTED,
        settle::COUNTED,
        vault::COUNTED,
        acts::COUNTED,
        lifeboat::COUNTED,
        shift::COUNTED,
        hold::COUNTED,
        witness::COUNTED,
    ]
    .into_iter()
    .flatten()
    .copied()
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn no_message_is_empty_or_padded() {
    for (name, _, en, es) in messages().chain(sentences()) {
        for text in [en, es] {
            assert!(!text.is_empty(), "{name} says nothing");
            assert_eq!(text, text.trim(), "{name} is padded");
            assert!(!text.contains("  "), "{name} has a doubled blank: {text}");
        }
    }
}

#[test]
fn both_languages_name_the_same_values() {
    for (name, _, en, es) in messages().chain(sentences()) {
        assert_eq!(placeholders(en), placeholders(es), "{name}");
    }
    for refused in Refused::ALL {
        let blank = Facts {
            tail: "\u{1}",
            slot: "\u{2}",
            name: "\u{3}",
        };
        let marks = |lang| {
            let mut marks: Vec<char> = refused
                .act(lang, blank)
                .chars()
                .filter(|c| *c < '\u{4}')
                .collect();
            marks.sort_unstable();
            marks.dedup();
            marks
        };
        assert_eq!(marks(Lang::En), marks(Lang::Es), "{refused:?}");
    }
}

#[test]
fn a_fixed_message_has_no_value_left_open() {
    for (name, _, en, es) in messages() {
        assert!(
            placeholders(en).is_empty() && placeholders(es).is_empty(),
            "{name}"
        );
    }
    for refused in Refused::ALL {
        for lang in [Lang::En, Lang::Es] {
            let act = refused.act(lang, Facts::default());
            for text in [
                refused.word(lang),
                refused.what(lang),
                refused.why(lang),
                act.as_str(),
            ] {
                assert!(!text.contains('{'), "{refused:?}: {text}");
                let holes = ["  ", " .", " ,", "… ", ": .", ", ."];
                // These two are said of a code that nearly is another, and always with its end.
                let has_all = matches!(refused, Refused::LookClosely | Refused::NearlyInStock);
                let is_whole = has_all || holes.iter().all(|hole| !text.contains(hole));
                assert!(is_whole, "a fact is missing from {refused:?}: {text}");
            }
        }
    }
}

#[test]
fn what_to_take_instead_is_not_said_where_nothing_is_left_to_take() {
    let foreign = Refused::NotOnThisOrder;
    assert_eq!(
        foreign.act(Lang::En, Facts::default()),
        "Put it back where it came from."
    );
    assert_eq!(
        foreign.act(Lang::Es, Facts::default()),
        "Devuélvalo a donde estaba."
    );
    let next = Facts {
        tail: "47218",
        slot: "B-04-2",
        name: "",
    };
    assert_eq!(
        foreign.act(Lang::En, next),
        "Put it back. Take …47218 from B-04-2."
    );
    let unknown = Refused::TagNotKnown.act(Lang::En, Facts::default());
    assert_eq!(unknown, "Set it aside and tell a manager.");
}

#[test]
fn spanish_fits_where_english_fits() {
    for (name, room, en, es) in messages() {
        let (en, es) = (en.chars().count(), es.chars().count());
        let fits = es <= FITS_ANYWHERE || es * 10 <= en * 16;
        assert!(room == "text" || fits, "{name} grows from {en} to {es}");
    }
}

#[test]
fn the_word_of_a_refusal_is_read_at_a_glance() {
    for refused in Refused::ALL {
        for lang in [Lang::En, Lang::Es] {
            let word = refused.word(lang);
            assert!(
                word.split(' ').count() <= 4 && word.chars().count() <= 24,
                "{word}"
            );
        }
    }
}

#[test]
fn sentences_are_short() {
    for refused in Refused::ALL {
        for text in [refused.what(Lang::En), refused.why(Lang::En)] {
            assert!(text.split_whitespace().count() <= WORDS_MAX, "{text}");
        }
    }
    for (name, _, en, _) in messages() {
        for sentence in en.split(['.', '?', ':']) {
            assert!(
                sentence.split_whitespace().count() <= WORDS_MAX,
                "{name}: {sentence}"
            );
        }
    }
}

#[test]
fn nobody_is_told_of_errors_or_told_off() {
    let never = [
        "error",
        "invalid",
        "please",
        "oops",
        "!",
        "offline",
        "sync",
        "payload",
        "queue depth",
    ];
    for (name, _, en, es) in messages().chain(sentences()) {
        for text in [en.to_lowercase(), es.to_lowercase()] {
            assert!(
                !never.iter().any(|word| text.contains(word)),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn spanish_opens_its_questions() {
    for (name, _, _, es) in messages().chain(sentences()) {
        assert_eq!(
            es.matches('?').count(),
            es.matches('¿').count(),
            "{name}: {es}"
        );
    }
}

#[test]
fn every_refusal_is_found_by_its_code_and_no_two_share_one() {
    for refused in Refused::ALL {
        assert_eq!(Refused::parse(refused.code()), Some(*refused));
    }
    assert_eq!(Refused::parse("no_such_rule"), None);
}

#[test]
fn a_wrong_batch_says_what_to_do_in_both_languages() {
    let facts = Facts {
        tail: "47218",
        slot: "B-04-2",
        name: "",
    };
    let at_the_bench = |refused: Refused, tail| {
        let facts = Facts {
            tail,
            ..Facts::default()
        };
        refused.act(Lang::En, facts)
    };
    assert_eq!(
        at_the_bench(Refused::NotOnThisOrder, ""),
        "Put it back where it came from."
    );
    assert_eq!(
        at_the_bench(Refused::WrongBatch, "47218"),
        "Set it aside. The right one ends in 47218."
    );
    let say = |lang| Refused::WrongBatch.aloud(lang, facts);
    assert_eq!(
        say(Lang::En),
        "Wrong batch. Put it back. Take …47218 from B-04-2."
    );
    assert_eq!(
        say(Lang::Es),
        "Otro lote. Devuélvalo. Tome …47218 de B-04-2."
    );
}

#[test]
fn one_is_one_and_the_rest_are_many() {
    assert_eq!(queue::units(Lang::En, 1), "1 unit");
    assert_eq!(queue::units(Lang::En, 0), "0 units");
    assert_eq!(queue::units(Lang::Es, 4), "4 unidades");
    assert_eq!(
        enter::wrong_pin(Lang::Es, 1),
        "PIN incorrecto. Queda 1 intento."
    );
    assert_eq!(
        acts::allocated(Lang::En, 2, "K7-482"),
        "2 units set aside for K7-482"
    );
}

#[test]
fn times_read_as_clocks_in_the_us_do() {
    assert_eq!(time::clock(14, 20), "2:20 pm");
    assert_eq!(time::clock(0, 5), "12:05 am");
    assert_eq!(time::clock(12, 0), "12:00 pm");
    assert_eq!(
        time::day_and_clock(Lang::En, 11, 20, 16, 12),
        "Nov 20, 4:12 pm"
    );
    assert_eq!(
        time::day_and_clock(Lang::Es, 11, 20, 16, 12),
        "20 nov, 4:12 pm"
    );
    assert_eq!(time::day(Lang::En, 13, 2), "2");
}

#[test]
fn ages_stay_short_as_they_grow() {
    assert_eq!(time::ago(Lang::En, 2), "2 min ago");
    assert_eq!(time::ago(Lang::Es, 2), "hace 2 min");
    assert_eq!(time::ago(Lang::En, 0), "now");
    assert_eq!(time::age(Lang::En, 250), "4 h 10");
    assert_eq!(time::age(Lang::En, 120), "2 h");
    assert_eq!(time::age(Lang::Es, 3 * 24 * 60), "3 días");
}

#[test]
fn the_reason_of_a_rank_says_when_how_long_and_how_much() {
    let promise = queue::promise_in(Lang::En, time::length(Lang::En, 14));
    let reason = time::rank_reason(Lang::En, &time::clock(14, 20), &promise, 3);
    assert_eq!(
        reason,
        "due 2:20 pm · Promise in 14 min · about 3 min of work"
    );
    assert_eq!(time::left(Lang::Es, 14), "faltan 14 min");
    assert_eq!(time::left(Lang::En, -5), "5 min late");
}

#[test]
fn a_browser_in_mexican_spanish_gets_spanish() {
    assert_eq!(Lang::parse("es-MX"), Some(Lang::Es));
    assert_eq!(Lang::parse("EN"), Some(Lang::En));
    assert_eq!(Lang::parse("fr"), None);
    assert_eq!(Lang::parse(Lang::Es.tag()), Some(Lang::Es));
    assert_eq!(Lang::En.other(), Lang::Es);
}
