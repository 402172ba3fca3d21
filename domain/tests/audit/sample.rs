//! A bundle that was handed out once is in order for ever.

use domain::audit::verify::Depth;

use super::history::History;
use super::workshop::{bundle, check};

/// Never edited: a new form is a new file beside it, with a new first line.
const RELEASED: &str = include_str!("bundle-1.hex");

fn released() -> Vec<u8> {
    let digits: String = RELEASED.split_whitespace().collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

#[test]
fn the_released_bundle_is_in_order() {
    for depth in [Depth::EveryEvent, Depth::Runs] {
        let report = check(depth, &released());
        assert_eq!((report.first_bad, report.events), (None, 15));
    }
}

#[test]
fn the_same_morning_is_still_written_byte_for_byte_as_it_was() {
    assert_eq!(bundle(&History::morning()), released());
}
