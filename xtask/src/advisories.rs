//! Known holes in crates, held against `Cargo.lock`.
//!
//! In: `.ci/advisories.toml` and the lock file. Out: a failure for a crate with a known hole; a word when nobody has
//! looked for long. Must not fail because time has passed: what was fine yesterday builds today.

use crate::failure::Failure;
use crate::place::Place;
use std::fs;
use std::time::{Duration, SystemTime};

/// After so many days somebody should look again.
const DAYS_MAX: u64 = 90;
const DAY: Duration = Duration::from_secs(86_400);

/// One known hole.
#[derive(Debug, Default, PartialEq, Eq)]
struct Advisory {
    id: String,
    name: String,
    /// Versions from which on it is mended; none when it is not.
    patched: Option<Version>,
    /// Why it does not touch us.
    accepted: Option<String>,
}

type Version = (u64, u64, u64);

pub(crate) fn check(place: &Place) -> Result<(), Failure> {
    let file = place.root.join(".ci").join("advisories.toml");
    let lock = place.root.join("Cargo.lock");
    let read =
        |path| fs::read_to_string(path).map_err(|error| Failure::of_file("reading", path, &error));
    let (text, locked) = (read(&file)?, read(&lock)?);
    let (looked, advisories) = parse(&text).map_err(|line| {
        Failure::new(
            format!(".ci/advisories.toml: line {line} cannot be read"),
            "Nothing was compared.",
            "Write it as the lines around it are.",
        )
    })?;
    let found = found(&advisories, &crates(&locked));
    if !found.is_empty() {
        return Err(Failure::new(
            format!("crates with known holes: {}", found.join("; ")),
            "Nothing was built with them.",
            "Update the crate, or say in .ci/advisories.toml why it does not touch us.",
        ));
    }
    println!(
        "{} known holes, none of them in Cargo.lock",
        advisories.len()
    );
    let today = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let days = today.map_or(0, |since| since.as_secs() / DAY.as_secs());
    if days.saturating_sub(looked) > DAYS_MAX {
        println!(
            "WARNING: nobody has looked for new ones for {} days. How to: the head of .ci/advisories.toml.",
            days.saturating_sub(looked)
        );
    }
    Ok(())
}

/// The day somebody last looked, in days since 1970, and what was known then. The few words of TOML that the file needs.
fn parse(text: &str) -> Result<(u64, Vec<Advisory>), usize> {
    let (mut looked, mut advisories) = (None, Vec::<Advisory>::new());
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line == "[[advisory]]" {
            advisories.push(Advisory::default());
            continue;
        }
        let wrong = index + 1;
        let (key, value) = line.split_once(" = ").ok_or(wrong)?;
        let value = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let value = value.ok_or(wrong)?.to_owned();
        match (key, advisories.last_mut()) {
            ("looked", None) => looked = Some(day(&value).ok_or(wrong)?),
            ("id", Some(last)) => last.id = value,
            ("crate", Some(last)) => last.name = value,
            ("patched", Some(last)) => last.patched = Some(version(&value).ok_or(wrong)?),
            ("accepted", Some(last)) => last.accepted = Some(value),
            _ => return Err(wrong),
        }
    }
    Ok((looked.ok_or(1_usize)?, advisories))
}

/// Days since 1970 of a day such as `2026-11-29`.
fn day(text: &str) -> Option<u64> {
    let mut parts = text.split('-').map(str::parse::<u64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    // Years begin in March here, so that the leap day is the last.
    let year = if month < 3 {
        year.checked_sub(1)?
    } else {
        year
    };
    let month = (month + 9) % 12;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day;
    days.checked_sub(719_469)
}

/// The first three numbers; what stands behind them, such as `-rc.1`, makes no difference to a known hole.
fn version(text: &str) -> Option<Version> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let mut parts = text[..end].split('.').map(str::parse);
    Some((
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    ))
}

/// Every crate in a lock file, with its version.
fn crates(lock: &str) -> Vec<(&str, Version)> {
    fn value<'a>(line: Option<&'a str>, key: &str) -> Option<&'a str> {
        line?.strip_prefix(key)?.strip_suffix('"')
    }
    let blocks = lock.split("[[package]]\n").skip(1);
    blocks
        .filter_map(|block| {
            let name = value(block.lines().next(), "name = \"")?;
            let version = value(block.lines().nth(1), "version = \"")?;
            Some((name, self::version(version)?))
        })
        .collect()
}

fn found(advisories: &[Advisory], crates: &[(&str, Version)]) -> Vec<String> {
    let open = advisories.iter().filter(|one| one.accepted.is_none());
    open.filter_map(|one| {
        let is_in = |(name, version): &&(&str, Version)| {
            *name == one.name && one.patched.is_none_or(|patched| *version < patched)
        };
        let (name, (major, minor, patch)) = crates.iter().find(is_in)?;
        Some(format!("{name} {major}.{minor}.{patch} ({})", one.id))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Why.\nlooked = \"2026-11-29\"\n\n[[advisory]]\nid = \"A-1\"\ncrate = \"old\"\npatched = \"1.2.3\"\n\n[[advisory]]\nid = \"A-2\"\ncrate = \"left\"\n\n[[advisory]]\nid = \"A-3\"\ncrate = \"fine\"\naccepted = \"never called\"\n";

    fn lock(crates: &[(&str, &str)]) -> String {
        let package = |(name, version): &(&str, &str)| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"x\"\n\n")
        };
        crates.iter().map(package).collect()
    }

    #[test]
    fn a_crate_with_a_known_hole_is_found_and_one_that_was_mended_or_accepted_is_not() {
        let (_, advisories) = parse(FILE).unwrap();
        let found = |crates: &[(&str, &str)]| found(&advisories, &self::crates(&lock(crates)));
        assert_eq!(
            found(&[("old", "1.2.3"), ("fine", "0.1.0"), ("new", "0.0.1")]),
            [""; 0]
        );
        assert_eq!(found(&[("old", "1.2.2")]), ["old 1.2.2 (A-1)"]);
        assert_eq!(found(&[("left", "9.9.9-rc.1")]), ["left 9.9.9 (A-2)"]);
        assert_eq!(
            found(&[("old", "1.10.0"), ("old", "1.2.0")]),
            ["old 1.2.0 (A-1)"]
        );
    }

    #[test]
    fn a_line_that_is_misspelt_is_named() {
        assert_eq!(parse("looked = 2026"), Err(1));
        assert_eq!(parse("looked = \"2026-11-29\"\n\nid = \"A\""), Err(3));
        assert_eq!(parse(""), Err(1));
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2026-11-29"), Some(20_786));
        assert_eq!(day("2024-02-29"), Some(19_782));
    }

    #[test]
    fn our_own_file_can_be_read_and_nothing_in_it_is_in_the_lock_file() {
        let place = Place::find().unwrap();
        check(&place)
            .map_err(|failure| failure.to_string())
            .unwrap();
    }
}
