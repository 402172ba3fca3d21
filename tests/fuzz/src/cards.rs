//! Driving licences and identity cards.
//!
//! In: a day, a name to compare with, and a card's text. Must not: fail, show a card, or hold anybody for younger the day
//! after.

use domain::identity::{AgeRule, Card, Issuer, LeapBirthday, compare};
use domain::time::Day;

/// Full likeness.
const SCORE_MAX: u32 = 1_000;
/// Days between two numbers of the first byte.
const STEP_DAYS: i32 = 211;

pub(crate) fn run(input: &[u8]) {
    let [day, bytes @ ..] = input else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    let (text, name) = text
        .split_once('\u{1}')
        .unwrap_or((&text, "Zoe Lanternwright"));
    let Ok(card) = Card::read(text) else {
        return;
    };
    let on = Day(card.birth.0.saturating_add(i32::from(*day) * STEP_DAYS));
    for leap in [LeapBirthday::DayBefore, LeapBirthday::DayAfter] {
        let rule = AgeRule { age_min: 21, leap };
        let today = card.judge(on, rule);
        let tomorrow = card.judge(Day(on.0.saturating_add(1)), rule);
        assert!(tomorrow.age >= today.age, "somebody grew younger");
        assert!(tomorrow.is_of_age || !today.is_of_age);
    }
    if let Some(likeness) = compare(&card, name) {
        assert!(likeness.score() <= SCORE_MAX);
    }
    assert_eq!(card.commitment(&[7; 32]), card.commitment(&[7; 32]));
    let issuer = Issuer::find(card.issuer_number).map(|issuer| issuer.code);
    assert_eq!(card.issuer.map(|issuer| issuer.code), issuer);
    let shown = format!("{card:?}");
    assert!(shown.len() < 100, "a card shows itself");
}
