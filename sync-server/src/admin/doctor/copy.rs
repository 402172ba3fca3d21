//! The last copy of the shop: how old is it, and how much has happened since?
//!
//! In: a directory and the time. Out: a finding. Must not: look at the copy itself; it may be anywhere.

use super::Finding;
use crate::admin::backup::last;
use crate::clock::utc_text;
use crate::config::DataDir;

/// A shop that is copied every day is late after this many milliseconds.
const LATE: i64 = 26 * 3_600_000;
/// Tablets keep what they sent for a while; after this much of a broken disk is lost for good.
const TOO_LATE: i64 = 7 * 86_400_000;

const CHECK: &str = "backup";
const NEXT: &str = "`custody backup FILE --data DIR`, best every day and onto another disk; keep server.key elsewhere";

/// There is a copy that is not too old.
pub(super) fn backup(dir: &DataDir, now: i64) -> Finding {
    if dir.store_file().exists() {
        return Finding::ok(
            CHECK,
            "the log is on a PostgreSQL server; see to its backups there",
        );
    }
    let Some(last) = last(dir) else {
        return Finding::warn(CHECK, "none was made from this directory", NEXT);
    };
    let said = format!(
        "{} was made at {}, up to position {}",
        last.file,
        utc_text(last.made_at),
        last.head
    );
    match now.saturating_sub(last.made_at) {
        age if age > TOO_LATE => Finding::bad(CHECK, said, NEXT),
        age if age > LATE => Finding::warn(CHECK, said, NEXT),
        _ => Finding::ok(CHECK, said),
    }
}
