//! When something was last tried on this device, and whether it went well. Kept like a choice: lost with the browser's data, and
//! then it has to be tried again.

use domain::time::Millis;

use crate::platform::choice::{read, write};
use crate::platform::clock;

/// A try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    pub(super) was_good: bool,
    pub(super) minutes: u32,
}

/// Notes a try.
pub(in crate::ui) fn note(what: &str, was_good: bool) {
    let word = if was_good { "good" } else { "bad" };
    write(
        &format!("tried-{what}"),
        &format!("{word} {}", clock::wall()),
    );
}

/// The last try. One that a wrong clock put into the future was made just now.
pub(super) fn tried(what: &str) -> Option<Tried> {
    let kept = read(&format!("tried-{what}"))?;
    let (word, at) = kept.split_once(' ')?;
    let passed = Millis(clock::wall()).since(Millis(at.parse().ok()?));
    Some(Tried {
        was_good: word == "good",
        minutes: u32::try_from(passed.max(0) / 60_000).unwrap_or(u32::MAX),
    })
}
