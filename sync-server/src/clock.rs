//! The server's clock, and the shop's calendar.
//!
//! In: the machine's time, a zone's name. Out: milliseconds and days. Must not: decide what is legal; it
//! only says what day it is.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use domain::time::Day;

/// Milliseconds since 1970.
#[must_use]
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

/// The calendar day in a zone at an instant; in UTC when the zone is not known.
#[must_use]
pub fn day_at(time_zone: &str, ms: i64) -> Day {
    let zone: Tz = time_zone.parse().unwrap_or(Tz::UTC);
    let Some(instant) = DateTime::<Utc>::from_timestamp_millis(ms) else {
        return Day::default();
    };
    let date = instant.with_timezone(&zone).date_naive();
    let month = i32::try_from(date.month()).unwrap_or(1);
    let day = i32::try_from(date.day()).unwrap_or(1);
    Day::from_civil(date.year(), month, day).unwrap_or_default()
}

/// An instant as people who look after servers write it: `2026-11-25 07:30:00Z`.
#[must_use]
pub fn utc_text(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms)
        .map(|instant| instant.format("%Y-%m-%d %H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// Whether this is the name of a time zone.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_at_night_in_california_it_is_still_yesterday() {
        // 2026-11-25 07:30 UTC.
        let instant = 1_795_591_800_000;
        assert_eq!(day_at("UTC", instant).to_string(), "2026-11-25");
        assert_eq!(
            day_at("America/Los_Angeles", instant).to_string(),
            "2026-11-24"
        );
        assert!(is_time_zone("America/Los_Angeles") && !is_time_zone("America/Atlantis"));
    }
}
