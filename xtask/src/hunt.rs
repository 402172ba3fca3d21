//! One hunt: a browser test that looks for a rare fault by trying again and again.
//!
//! In: its name and how often. Out: the browser tests' own verdict.
//! Must not decide what a hunt does: the test reads `HUNT_TIMES` itself.

use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::setup::Purpose;
use crate::test::stages;

pub(crate) fn hunt(place: &Place, name: &str, times: Option<u32>) -> Result<(), Failure> {
    if !place.e2e().join("package.json").is_file() {
        return Err(Failure::new(
            "there are no browser tests: tests/e2e/package.json is missing",
            "Nothing was run.",
            "Run this from a complete clone.",
        ));
    }
    let built = stages::built(place, Purpose::Test)?;
    let mut playwright = stages::playwright(place, &built);
    playwright.args(["--grep", name]);
    if let Some(times) = times {
        playwright.env("HUNT_TIMES", times.to_string());
    }
    process::show(&mut playwright).map_err(|error| {
        Failure::new(
            format!("the hunt `{name}` found something: {error}"),
            "The seed above replays it exactly.",
            "Read the first failure above, and keep its seed with the fix.",
        )
    })
}
