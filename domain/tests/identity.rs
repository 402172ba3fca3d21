//! Driving licences and identity cards: twenty invented ones with real oddities, and texts that are none.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

use domain::identity::{
    AgeRule, Card, Country, Document, Expiry, LeapBirthday, Likeness, Oddity, Refused,
    RefusedReason, compare,
};
use domain::time::Day;
use serde_json::Value;

const TWENTY_ONE: AgeRule = AgeRule {
    age_min: 21,
    leap: LeapBirthday::DayAfter,
};
const EIGHTEEN: AgeRule = AgeRule {
    age_min: 18,
    leap: LeapBirthday::DayAfter,
};

fn text(name: &str) -> String {
    let path = format!(
        "{}/../tests/fixtures/aamva/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    String::from_utf8(std::fs::read(path).unwrap()).unwrap()
}

fn card(name: &str) -> Card {
    Card::read(&text(name)).unwrap()
}

fn refused(text: &str) -> RefusedReason {
    Card::read(text).unwrap_err().reason
}

fn day(value: &Value) -> Option<Day> {
    Day::parse(value.as_str()?)
}

fn oddity(word: &str) -> Oddity {
    match word {
        "header_repaired" => Oddity::HeaderRepaired,
        "offset_repaired" => Oddity::OffsetRepaired,
        "name_order_guessed" => Oddity::NameOrderGuessed,
        "date_order_repaired" => Oddity::DateOrderRepaired,
        "subfile_prefix_missing" => Oddity::SubfilePrefixMissing,
        "noise_removed" => Oddity::NoiseRemoved,
        other => panic!("unknown: {other}"),
    }
}

fn agrees(card: &Card, expected: &Value) {
    let texts = |name: &str| -> Vec<String> {
        let values = expected[name].as_array().unwrap().iter();
        values
            .map(|value| value.as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        card.issuer.map(|issuer| issuer.code),
        expected["issuer"].as_str()
    );
    assert_eq!(
        &card.issuer_number[..],
        expected["iin"].as_str().unwrap().as_bytes()
    );
    assert_eq!(u64::from(card.version), expected["version"]);
    assert_eq!(card.family, expected["family"].as_str().unwrap());
    assert_eq!(card.given, texts("given"));
    assert_eq!(card.suffix.as_deref(), expected["suffix"].as_str());
    assert_eq!(card.number.as_deref(), expected["number"].as_str());
    assert_eq!(Some(card.birth), day(&expected["birth"]));
    assert_eq!(card.expiry, day(&expected["expiry"]));
    assert_eq!(card.family_truncated, expected["family_truncated"]);
    assert_eq!(card.given_truncated, expected["given_truncated"]);
    assert_eq!(card.under_18_until, day(&expected["under_18_until"]));
    assert_eq!(card.under_19_until, day(&expected["under_19_until"]));
    assert_eq!(card.under_21_until, day(&expected["under_21_until"]));
    let country = match expected["country"].as_str() {
        Some("CAN") => Some(Country::Canada),
        _ => Some(Country::UnitedStates),
    };
    assert_eq!(card.country, country);
    let document = match expected["document"].as_str() {
        Some("identity card") => Document::IdentityCard,
        _ => Document::DrivingLicence,
    };
    assert_eq!(card.document, document);
    let mut oddities = card.oddities.clone();
    let mut wanted: Vec<_> = texts("warnings").iter().map(|word| oddity(word)).collect();
    oddities.sort();
    wanted.sort();
    assert_eq!(oddities, wanted);
    for verdict in expected["verdicts"].as_array().unwrap() {
        let on = day(&verdict["on"]).unwrap();
        let judged = card.judge(on, TWENTY_ONE);
        assert_eq!(judged.age.map(u64::from), verdict["age"].as_u64());
        assert_eq!(judged.is_of_age, verdict["at_least_21"]);
        assert_eq!(card.judge(on, EIGHTEEN).is_of_age, verdict["at_least_18"]);
        assert_eq!(judged.expiry == Expiry::Expired, verdict["expired"]);
    }
}

#[test]
fn every_card_of_the_collection_says_what_it_says() {
    let expected: Value = serde_json::from_str(&text("expected.json")).unwrap();
    let cards = expected["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 20);
    for entry in cards {
        let name = entry["file"].as_str().unwrap();
        let expected = &entry["expect"];
        println!("{name}");
        match Card::read(&text(name)) {
            Ok(card) => agrees(&card, expected),
            Err(Refused { reason, issuer }) => {
                assert_eq!(expected["outcome"], "refused");
                assert_eq!(expected["reason"], "birth_date");
                assert_eq!(reason, RefusedReason::BirthDate);
                assert_eq!(
                    issuer.map(|issuer| issuer.code),
                    expected["issuer"].as_str()
                );
            }
        }
    }
}

#[test]
fn what_is_no_card_is_refused_with_its_reason() {
    assert_eq!(refused(""), RefusedReason::NotACard);
    assert_eq!(refused("1A4FF0300000C57000000101"), RefusedReason::NotACard);
    assert_eq!(refused("@\n\u{1e}\rANSI 63602"), RefusedReason::NotACard);
    assert_eq!(
        refused("@\n\u{1e}\rANSI 636026XX01"),
        RefusedReason::NotACard
    );
    assert_eq!(
        refused("@\n\u{1e}\rANSI 6360260101"),
        RefusedReason::NotACard
    );
    assert_eq!(refused("ANSI 636026ÄÖÜ€𝄞ÄÖÜ€𝄞"), RefusedReason::NotACard);
    assert_eq!(
        refused("%CADENVER^SMITH$JO^1 MAIN ST^?;6360201234=2812?"),
        RefusedReason::MagneticStripe
    );
    assert_eq!(refused(&"@".repeat(5_000)), RefusedReason::TooLong);
    let no_separators = text("01-v01-az.txt").replace('\n', "");
    assert_eq!(refused(&no_separators), RefusedReason::SeparatorsLost);
}

#[test]
fn a_missing_or_impossible_date_is_never_repaired() {
    let good = text("10-v05-ky.txt");
    let with = |birth: &str| good.replace("DBB05091973", birth);
    for birth in [
        "DBB",
        "DBBNONE",
        "DBB00000000",
        "DBB13131973",
        "DBB0509197",
        "DBB050919731",
        "DBBO5091973",
    ] {
        assert_eq!(refused(&with(birth)), RefusedReason::BirthDate, "{birth}");
    }
    let no_expiry = Card::read(&good.replace("DBA05092031", "DBA")).unwrap();
    let judged = no_expiry.judge(Day::parse("2026-11-22").unwrap(), TWENTY_ONE);
    assert_eq!(judged.expiry, Expiry::Unknown);
    assert!(no_expiry.oddities.contains(&Oddity::NoExpiry));
    assert_eq!(
        refused(&good.replace("DBA05092031", "DBA02302031")),
        RefusedReason::ExpiryDate
    );
    // Letters behind a date are New Hampshire's habit.
    let lettered = Card::read(&with("DBB05091973M")).unwrap();
    assert_eq!(Some(lettered.birth), Day::parse("1973-05-09"));
}

#[test]
fn every_cut_of_every_card_is_read_or_refused_without_a_crash() {
    for number in 1..=20 {
        let names = std::fs::read_dir(format!(
            "{}/../tests/fixtures/aamva",
            env!("CARGO_MANIFEST_DIR")
        ));
        let prefix = format!("{number:02}-");
        let found = names
            .unwrap()
            .flatten()
            .find(|file| file.file_name().to_string_lossy().starts_with(&prefix));
        let whole = text(&found.unwrap().file_name().to_string_lossy());
        for (at, _) in whole.char_indices() {
            let _ = Card::read(&whole[..at]);
            let _ = Card::read(&whole[at..]);
            let _ = Card::read(&format!("{}é{}", &whole[..at], &whole[at..]));
        }
    }
}

#[test]
fn lost_and_changed_separators_are_found_by_the_elements_own_names() {
    let state = text("17-v10-va-leap-day.txt");
    // The end of the first segment was lost: the next one still begins with its own type.
    let joined = Card::read(&state.replace("DDK1\rZVZVA01", "DAQF1ZVZVA01")).unwrap();
    assert_eq!(joined.number.as_deref(), Some("F725962644"));
    let piped = Card::read(&state.replace('\n', "|")).unwrap();
    assert_eq!(piped.family, "DUNMARSH");
    let doubled = Card::read(&state.replace('\n', "\r\n")).unwrap();
    assert_eq!(doubled.given, ["VESPER"]);
    let newer = Card::read(&state.replacen("6360001001", "6360001201", 1)).unwrap();
    assert!(newer.oddities.contains(&Oddity::NewerThanKnown));
    let stranger = Card::read(&state.replacen("636000", "699999", 1)).unwrap();
    assert!(stranger.issuer.is_none() && stranger.oddities.contains(&Oddity::UnknownIssuer));
}

#[test]
fn under_age_dates_that_do_not_fit_the_birth_are_named() {
    let young = text("12-v07-ut-under21.txt");
    let on = Day::parse("2026-11-22").unwrap();
    assert!(
        Card::read(&young)
            .unwrap()
            .judge(on, TWENTY_ONE)
            .is_under_21_format
    );
    let odd = Card::read(&young.replace("DDJ05092028", "DDJ05092026")).unwrap();
    assert!(odd.oddities.contains(&Oddity::UnderAgeDatesDisagree));
    // The birth date decides all the same.
    assert!(!odd.judge(on, TWENTY_ONE).is_of_age);
}

#[test]
fn a_card_from_the_future_makes_nobody_of_age() {
    let card = card("13-v08-ca-birthday.txt");
    let judged = card.judge(Day::parse("2001-01-01").unwrap(), EIGHTEEN);
    assert_eq!((judged.age, judged.is_of_age), (None, false));
}

#[test]
fn nothing_of_a_card_can_be_printed_by_mistake() {
    let card = card("10-v05-ky.txt");
    let printed = format!("{card:?}");
    for secret in ["STARLINGTON", "FARREN", "D229955987", "1973"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn a_commitment_names_one_card_under_one_key() {
    let one = card("10-v05-ky.txt").commitment(&[1; 32]);
    assert_eq!(one, card("10-v05-ky.txt").commitment(&[1; 32]));
    assert_ne!(one, card("10-v05-ky.txt").commitment(&[2; 32]));
    assert_ne!(one, card("11-v06-nc.txt").commitment(&[1; 32]));
    let moved = text("10-v05-ky.txt").replacen("636046", "636047", 1);
    assert_ne!(one, Card::read(&moved).unwrap().commitment(&[1; 32]));
}

#[test]
fn names_are_the_same_in_any_order_case_and_accent() {
    let card = card("05-v03-va.txt");
    for name in [
        "Halden Oswin Thistledown",
        "THISTLEDOWN, HALDEN OSWIN",
        "hálden thistledown",
        "Halden T.",
        "H. Thistledown",
        "Halden O Thistledown Jr.",
    ] {
        assert!(
            matches!(compare(&card, name), Some(Likeness::Same(_))),
            "{name}: {:?}",
            compare(&card, name)
        );
    }
}

#[test]
fn a_slip_is_alike_and_another_name_is_different() {
    let card = card("05-v03-va.txt");
    for name in ["Haldn Thistledwon", "Halden Thisledon"] {
        assert!(
            matches!(
                compare(&card, name),
                Some(Likeness::Alike(_) | Likeness::Same(_))
            ),
            "{name}"
        );
    }
    for name in [
        "Oswald Fenwickle",
        "Halden",
        "Thistledown",
        "Ana Ruiz",
        "Halden Fenwickle",
        "Мария Иванова",
    ] {
        assert!(
            matches!(compare(&card, name), Some(Likeness::Different(_))),
            "{name}: {:?}",
            compare(&card, name)
        );
    }
    assert_eq!(compare(&card, " ,.- "), None);
}

#[test]
fn a_name_cut_short_is_compared_by_its_beginning_only_when_the_card_says_so() {
    let cut = text("18-v10-ny-truncated.txt");
    let name = "Zephyr Vanterpoole-Quillfeather-Oakhurston-Zellweger";
    let likeness = |text: &str| compare(&Card::read(text).unwrap(), name);
    assert!(matches!(likeness(&cut), Some(Likeness::Same(_))));
    let silent = likeness(&cut.replace("DDET", "DDEN"));
    assert!(matches!(silent, Some(Likeness::Alike(_))), "{silent:?}");
}
