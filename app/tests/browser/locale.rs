//! Days and times in the shop's zone.

use app::platform::locale::{day, exact_time, own_zone, short_day, stamp, time};
use domain::time::{Day, Millis};
use wasm_bindgen_test::wasm_bindgen_test;

const LOS_ANGELES: &str = "America/Los_Angeles";

/// The instant of a text such as `2026-11-24T22:20:00Z`.
fn at(text: &str) -> Millis {
    let (date, clock) = text.trim_end_matches('Z').split_once('T').unwrap();
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3_600 + parts[1] * 60 + parts[2];
    let days = i64::from(Day::parse(date).unwrap().0);
    Millis((days * 86_400 + seconds) * 1_000)
}

fn day_text(zone: &str, instant: &str) -> String {
    day(zone, at(instant)).unwrap().to_string()
}

#[wasm_bindgen_test]
fn the_day_begins_at_the_shops_own_midnight() {
    assert_eq!(day_text(LOS_ANGELES, "2026-11-25T07:59:59Z"), "2026-11-24");
    assert_eq!(day_text(LOS_ANGELES, "2026-11-25T08:00:00Z"), "2026-11-25");
    assert_eq!(
        day_text("America/New_York", "2026-11-25T04:59:59Z"),
        "2026-11-24"
    );
    assert_eq!(
        day_text("Pacific/Honolulu", "2026-11-25T09:59:59Z"),
        "2026-11-24"
    );
    assert_eq!(
        day_text("Asia/Kolkata", "2026-11-24T18:30:00Z"),
        "2026-11-25"
    );
    assert_eq!(day_text("UTC", "2028-02-29T23:59:59Z"), "2028-02-29");
}

#[wasm_bindgen_test]
fn the_days_on_which_clocks_change_have_23_and_25_hours() {
    assert_eq!(day_text(LOS_ANGELES, "2026-03-08T07:59:59Z"), "2026-03-07");
    assert_eq!(day_text(LOS_ANGELES, "2026-03-08T08:00:00Z"), "2026-03-08");
    assert_eq!(day_text(LOS_ANGELES, "2026-03-09T06:59:59Z"), "2026-03-08");
    assert_eq!(day_text(LOS_ANGELES, "2026-03-09T07:00:00Z"), "2026-03-09");
    assert_eq!(day_text(LOS_ANGELES, "2026-11-01T06:59:59Z"), "2026-10-31");
    assert_eq!(day_text(LOS_ANGELES, "2026-11-01T07:00:00Z"), "2026-11-01");
    assert_eq!(day_text(LOS_ANGELES, "2026-11-02T07:59:59Z"), "2026-11-01");
    assert_eq!(day_text(LOS_ANGELES, "2026-11-02T08:00:00Z"), "2026-11-02");
}

#[wasm_bindgen_test]
fn half_past_one_comes_twice_in_the_night_the_clocks_go_back() {
    let time = |instant| time("en-US", LOS_ANGELES, at(instant));
    assert_eq!(time("2026-11-01T08:30:00Z"), "1:30 am");
    assert_eq!(time("2026-11-01T09:30:00Z"), "1:30 am");
    assert_eq!(time("2026-11-01T10:30:00Z"), "2:30 am");
    assert_eq!(time("2026-03-08T09:59:00Z"), "1:59 am");
    assert_eq!(time("2026-03-08T10:00:00Z"), "3:00 am");
}

#[wasm_bindgen_test]
fn a_state_without_summer_time_has_none() {
    assert_eq!(
        time("en-US", "America/Phoenix", at("2026-07-01T19:00:00Z")),
        "12:00 pm"
    );
    assert_eq!(
        time("en-US", "America/Phoenix", at("2026-12-01T19:00:00Z")),
        "12:00 pm"
    );
}

#[wasm_bindgen_test]
fn times_are_said_the_way_the_screens_say_them() {
    let noon = at("2026-11-24T22:20:07Z");
    assert_eq!(time("en-US", LOS_ANGELES, noon), "2:20 pm");
    assert_eq!(exact_time("en-US", LOS_ANGELES, noon), "2:20:07 pm");
    assert_eq!(stamp(LOS_ANGELES, noon), "11/24/2026 2:20 pm");
    assert_eq!(short_day("en-US", LOS_ANGELES, noon), "Nov 24");
    assert_eq!(
        time("en-US", LOS_ANGELES, at("2026-11-24T08:00:00Z")),
        "12:00 am"
    );
    assert!(time("es-US", LOS_ANGELES, noon).starts_with("2:20"));
}

#[wasm_bindgen_test]
fn a_zone_that_does_not_exist_has_no_day_rather_than_a_wrong_one() {
    assert_eq!(day("America/Atlantis", at("2026-11-24T22:20:00Z")), None);
}

#[wasm_bindgen_test]
fn the_device_knows_its_own_zone() {
    assert!(day(&own_zone(), at("2026-11-24T22:20:00Z")).is_some());
}
