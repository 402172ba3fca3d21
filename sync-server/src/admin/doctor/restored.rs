//! A backup that was put in the shop's place: what was taken away after it was made is back.
//!
//! In: a directory and the time. Out: a finding for a week, and then none. Must not: guess what that was; nobody here knows.

use super::Finding;
use crate::admin::restore::Origin;
use crate::clock::utc_text;
use crate::config::DataDir;
use crate::ingest::database_of;

/// So long it is said, in milliseconds.
const SAID: i64 = 7 * 86_400_000;

/// Whether a backup was put in the shop's place lately.
pub(super) fn restored(dir: &DataDir, now: i64) -> Option<Finding> {
    const CHECK: &str = "restore";
    let log = database_of(dir).ok()?.open_reader().ok()?;
    let origin = log.meta(Origin::NAME).ok()??;
    let origin: Origin = minicbor::decode(&origin).ok()?;
    if now.saturating_sub(origin.restored_at) > SAID {
        return None;
    }
    let said = format!(
        "a backup of {} was put in place at {}; what was taken away between the two is back",
        utc_text(origin.backup.made_at),
        utc_text(origin.restored_at)
    );
    let next = "see that devices that were revoked then are revoked (`custody device list --data DIR`), that people who left \
        are out, that whoever got another PIN gets one again, and that customers are erased again; this is said for a week";
    Some(Finding::warn(CHECK, said, next))
}
