//! Which core database this device works with.
//!
//! In: whether it opened, or was emptied. Out: its name. Must not: delete one that does not open. What is in it may be
//! read one day, and until then it may hold acts nobody else has; a new one is begun beside it, under the next number.
//!
//! The number lies in the browser's small storage, which goes when the databases go.

use crate::platform::choice;

/// Failed openings in a row after which a new database may be begun. A browser that was just restored, or a disk that
/// was full for a moment, often opens the second time.
pub const FAILURES_MAX: u32 = 3;

const NUMBER: &str = "core-number";
const FAILURES: &str = "core-failures";
const UNTOLD: &str = "core-untold";

fn number(name: &str) -> u32 {
    let text = choice::read(name);
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The database's name.
#[must_use]
pub fn core_name() -> String {
    match number(NUMBER) {
        0 | 1 => "custody-core".to_owned(),
        more => format!("custody-core-{more}"),
    }
}

/// Notes whether the database opened.
pub fn note(opened: bool) {
    let failures = if opened { 0 } else { number(FAILURES) + 1 };
    if failures != number(FAILURES) {
        choice::write(FAILURES, &failures.to_string());
    }
}

/// Whether a new database may be begun.
#[must_use]
pub fn may_begin() -> bool {
    number(FAILURES) >= FAILURES_MAX
}

/// Begins a new database; the page has to start again with it.
pub fn begin() {
    choice::write(NUMBER, &(number(NUMBER).max(1) + 1).to_string());
    choice::write(FAILURES, "0");
    choice::write(UNTOLD, "1");
}

/// Notes that the browser took its storage for damaged and emptied it.
pub fn note_emptied() {
    choice::write(UNTOLD, "2");
}

/// Whether the browser emptied the storage, and nobody was signed in since.
#[must_use]
pub fn was_emptied() -> bool {
    number(UNTOLD) == 2
}

/// Whether the log does not know yet that a database of this device does not open, or was emptied.
#[must_use]
pub fn is_untold() -> bool {
    number(UNTOLD) > 0
}

/// The log knows.
pub fn told() {
    choice::write(UNTOLD, "0");
}
