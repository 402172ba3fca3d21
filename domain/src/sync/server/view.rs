//! State, page by page: what changed since a reader last looked.
//!
//! In: a cursor. Out: rows and the next cursor. Must not: skip a change.

use crate::id::Position;
use crate::mutated;
use crate::sync::message::{Cursor, Incarnation, PULL_ROWS_MAX, PullAnswer, VIEW_SCHEMA};
use crate::sync::server::log::Log;

/// The next page behind a cursor, of one moment of the log.
///
/// # Errors
/// When the log cannot be read.
pub fn page<L: Log + ?Sized>(
    log: &L,
    incarnation: Incarnation,
    from: Cursor,
    now: i64,
) -> Result<PullAnswer, L::Failed> {
    let head = log.head()?;
    let is_this_life = from.incarnation == incarnation || mutated("view_serves_another_life");
    let knows_us = is_this_life && from.schema == VIEW_SCHEMA && from.position <= head;
    let after = if knows_us { from.position } else { Position(0) };
    let page = log.rows_after(after, PULL_ROWS_MAX)?;
    let reached = match page.rows.last() {
        Some(last) if page.more && !mutated("view_skips_rows") => last.changed,
        Some(_) | None => head,
    };
    Ok(PullAnswer {
        from,
        next: Cursor {
            incarnation,
            position: reached,
            schema: VIEW_SCHEMA,
        },
        more: page.more,
        reset: !knows_us && !mutated("view_says_no_reset"),
        rows: page.rows,
        server_wall: now,
        head: None,
        proof: None,
    })
}
