//! Whether a server runs.
//!
//! In: a directory. Out: a finding. Must not: take the shop's lock, or a server that starts meanwhile would not get it.

use super::Finding;
use crate::admin::channel::{Answers, answers};
use crate::config::DataDir;

/// Somebody answers.
pub(super) fn server(dir: &DataDir) -> Finding {
    const CHECK: &str = "server";
    const NEXT: &str = "start it with `custody serve`; tablets go on by themselves until then";
    match answers(dir) {
        Answers::Yes => Finding::ok(CHECK, "it runs and takes commands"),
        Answers::No => Finding::warn(CHECK, "none runs", NEXT),
        Answers::NoMore => Finding::warn(CHECK, "it ended without being asked to", NEXT),
    }
}
