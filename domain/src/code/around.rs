//! What a scanner puts around every code.
//!
//! In: what it typed for a code that is known. Out: what to take off from all of its readings. Must not: take for its own
//! what may be part of a code: letters, digits and the signs that codes are written with.

use super::Settings;
use super::sheet::Sample;

/// Signs that no code of any scheme begins or ends with.
const SIGNS: &str = "*~#!$^|;";
/// Longest that is taken off on one side.
const LENGTH_MAX: usize = 8;
/// Between both sides where they are kept.
const BETWEEN: char = '\u{1f}';

/// What a scanner puts before and behind each code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    before: String,
    behind: String,
}

impl Around {
    /// What stands around a code of the test sheet. `None`: nothing, or something that may not be taken off.
    #[must_use]
    pub fn told(text: &str, sample: Sample) -> Option<Self> {
        let (before, behind) = text.split_once(sample.text())?;
        Self::of(without_aim(before), behind).filter(|around| *around != Self::default())
    }

    /// What a device kept; what could not have been learnt is nothing.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        let sides = text.split_once(BETWEEN);
        sides
            .and_then(|(before, behind)| Self::of(before, behind))
            .unwrap_or_default()
    }

    /// As a device keeps it.
    #[must_use]
    pub fn to_kept(&self) -> String {
        format!("{}{BETWEEN}{}", self.before, self.behind)
    }

    /// As people are shown it, around a place for the code.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}…{}", self.before, self.behind)
    }

    /// A reading without it.
    #[must_use]
    pub fn taken_off<'a>(&self, text: &'a str) -> &'a str {
        let text = text.strip_prefix(&self.before).unwrap_or(text);
        text.strip_suffix(&self.behind).unwrap_or(text)
    }

    /// The settings of a scanner that does so.
    #[must_use]
    pub fn settings(&self, settings: Settings) -> Settings {
        Settings {
            prefix: self.before.clone(),
            suffix: self.behind.clone(),
            ..settings
        }
    }

    fn of(before: &str, behind: &str) -> Option<Self> {
        let is_plain = |side: &str| {
            side.len() <= LENGTH_MAX && side.chars().all(|letter| SIGNS.contains(letter))
        };
        (is_plain(before) && is_plain(behind)).then(|| Self {
            before: before.to_owned(),
            behind: behind.to_owned(),
        })
    }
}

/// What stands before a symbol's identifier: that differs from one kind of symbol to the next.
fn without_aim(before: &str) -> &str {
    match before.rsplit_once(']') {
        Some((rest, aim)) if aim.len() == 2 => rest,
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Channel, Code, Reading, TrackingSystem, content, parse};
    use super::*;

    fn reading(text: &str) -> Reading {
        Reading {
            text: text.to_owned(),
            symbology: None,
            aim: None,
            channel: Channel::Wedge,
        }
    }

    #[test]
    fn what_a_scanner_puts_around_a_code_of_the_sheet_is_taken_off_every_other() {
        for (text, shown) in [
            ("*1A4FF0000TEST00000000000#", "*…#"),
            ("~~]C01A4FF0000TEST00000000000", "~~…"),
            ("1A4FF0000TEST00000000000$$", "…$$"),
        ] {
            let around = Around::told(text, Sample::Tag).expect("signs");
            assert_eq!(around.shown(), shown);
            assert_eq!(Around::kept(&around.to_kept()), around);
            let settings = around.settings(Settings::new(TrackingSystem::Metrc));
            let tag = "1A4FF03000C0DE5000047218";
            let read = reading(&text.replace("1A4FF0000TEST00000000000", tag));
            assert!(
                matches!(parse(&read, &settings), Code::Package(_)),
                "{text}"
            );
            // Another scanner on the same device puts nothing around it.
            assert_eq!(content(&reading(tag), &settings), tag);
            assert!(matches!(parse(&reading(tag), &settings), Code::Package(_)));
            // The sheet's own code is then all that is left, and says what symbol it is where it said so.
            let left = around.taken_off(text);
            assert!(
                left.ends_with(Sample::Tag.text()) && left.len() <= 3 + Sample::Tag.text().len()
            );
        }
    }

    #[test]
    fn what_may_belong_to_a_code_is_never_taken_off() {
        for text in [
            "1A4FF0000TEST00000000000",
            "]C01A4FF0000TEST00000000000",
            "j1A4FF0000TEST00000000000",
            "1A4FF0000TEST000000000000",
            "(1A4FF0000TEST00000000000)",
            "%1A4FF0000TEST00000000000",
            "*********1A4FF0000TEST00000000000",
            "]C01A4FF0000TES",
        ] {
            assert_eq!(Around::told(text, Sample::Tag), None, "{text}");
        }
        for kept in ["", "*", "1\u{1f}", "*\u{1f}0", "*\u{1f}#\u{1f}#"] {
            assert_eq!(Around::kept(kept), Around::default(), "{kept:?}");
        }
    }
}
