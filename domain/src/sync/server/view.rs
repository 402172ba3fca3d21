//! State, page by page: what changed since a reader last looked.
//!
//! In: a reader's scope and cursor, pages it wants whole. Out: rows, the next cursor, sums, or the word that a snapshot
//! is the better beginning. Must not: skip a change, sum up another moment than the rows are of, or show a reader what is
//! not in its scope.
//!
//! A driver's phone is not told of each thing that left its trip: the name of what it may not have is itself something it
//! may not have, and which rows belonged to its trip at an earlier moment nothing says any more. Its cursor carries a hash
//! of what it has instead. While that stays the same, it gets what changed; when it is another, it gets its whole trip,
//! which is small.

use crate::id::Position;
use crate::ledger::EntityKind;
use crate::mutated;
use crate::sync::message::{
    Cursor, Incarnation, PULL_PAGES_MAX, PULL_ROWS_MAX, PullAnswer, PullAsk, Row, SumsAnswer,
    VIEW_SCHEMA,
};
use crate::sync::page::{PageName, Sums};
use crate::sync::scope::{Scope, Seen, Trip};
use crate::sync::server::log::Log;
use crate::sync::server::snapshot::Limits;
use crate::sync::snapshot::Gone;

/// What a reader gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A page.
    Page(Box<PullAnswer>),
    /// What it has is of no use, and the view is large: it begins with a snapshot.
    Gone(Gone),
}

/// The next page behind a cursor, of one moment of the log. A trip is always one page.
///
/// # Errors
/// When the log cannot be read.
pub fn page<L: Log + ?Sized>(
    log: &L,
    incarnation: Incarnation,
    scope: &Scope,
    ask: PullAsk,
    limits: Limits,
    now: i64,
) -> Result<Read, L::Failed> {
    match scope {
        Scope::Everything => page_of_all(log, incarnation, ask, limits, now),
        Scope::Trip(trip) => {
            let page = page_of_trip(log, incarnation, trip, ask, now)?;
            Ok(Read::Page(Box::new(page)))
        }
    }
}

fn page_of_all<L: Log + ?Sized>(
    log: &L,
    incarnation: Incarnation,
    ask: PullAsk,
    limits: Limits,
    now: i64,
) -> Result<Read, L::Failed> {
    let from = ask.cursor;
    let head = log.head()?;
    let is_this_life = from.incarnation == incarnation || mutated("view_serves_another_life");
    // Before the floor, what is gone can no longer be told; a reader that began after it was there has not missed it.
    let told = from.position.max(ask.began.unwrap_or_default());
    let is_told_all = told >= log.floor()? || mutated("view_forgets_its_floor");
    let is_of_today = from.schema == VIEW_SCHEMA && from.position <= head;
    // What was a driver's phone until now has next to nothing.
    let knows_us = is_this_life && is_of_today && is_told_all && from.scope.is_none();
    if !knows_us && ask.snapshots && is_large(log, limits)? {
        return Ok(Read::Gone(Gone { incarnation }));
    }
    let after = if knows_us { from.position } else { Position(0) };
    let page = log.rows_after(after, PULL_ROWS_MAX)?;
    let reached = match page.rows.last() {
        Some(last) if page.more && !mutated("view_skips_rows") => last.changed,
        Some(_) | None => head,
    };
    let mut answer = PullAnswer {
        from,
        next: at(incarnation, reached),
        more: page.more,
        reset: !knows_us && !mutated("view_says_no_reset"),
        rows: page.rows,
        server_wall: now,
        head: None,
        proof: None,
        sum: None,
        whole: Vec::new(),
        began: None,
    };
    if answer.more {
        answer.began = if knows_us { ask.began } else { Some(head) };
    }
    // Where there is more, the reader does not have the view of this moment yet.
    if !answer.more {
        answer.sum = Some(log.sums()?.whole());
        answer.whole = ask.whole;
        answer.whole.truncate(PULL_PAGES_MAX);
        answer.rows.extend(rows_in(log, &answer.whole)?);
    }
    Ok(Read::Page(Box::new(answer)))
}

fn page_of_trip<L: Log + ?Sized>(
    log: &L,
    incarnation: Incarnation,
    trip: &Trip,
    ask: PullAsk,
    now: i64,
) -> Result<PullAnswer, L::Failed> {
    let from = ask.cursor;
    let head = log.head()?;
    let seen = seen(log, trip)?;
    let hash = seen.hash;
    let is_of_today = from.schema == VIEW_SCHEMA && from.position <= head;
    let knows_us = from.incarnation == incarnation && is_of_today && from.scope.is_some();
    let is_same = from.scope == Some(hash) || mutated("scope_hash_ignored");
    let mut whole = ask.whole;
    whole.truncate(PULL_PAGES_MAX);
    if knows_us && !is_same && !mutated("scope_keeps_what_left") {
        let kinds = EntityKind::ALL.iter().copied();
        whole = kinds.flat_map(PageName::all_of).collect();
    }
    let after = if knows_us { from.position } else { Position(0) };
    let sum = match mutated("scope_sums_the_whole_view") {
        true => log.sums()?.whole(),
        false => seen.sums().whole(),
    };
    let is_whole = |row: &Row| {
        whole.contains(&PageName::of(&row.key)) && !mutated("scope_forgets_what_comes_along")
    };
    let is_told = |row: &Row| row.changed > after || is_whole(row);
    let mut rows: Vec<Row> = seen.rows.into_iter().filter(is_told).collect();
    rows.sort_by_key(|row| row.changed);
    Ok(PullAnswer {
        from,
        next: Cursor {
            scope: Some(hash),
            ..at(incarnation, head)
        },
        more: false,
        reset: !knows_us,
        rows,
        server_wall: now,
        head: None,
        proof: None,
        sum: Some(sum),
        whole,
        began: None,
    })
}

fn seen<L: Log + ?Sized>(log: &L, trip: &Trip) -> Result<Seen, L::Failed> {
    trip.seen(|kind, is_wanted| log.rows_of(kind, is_wanted))
}

fn is_large<L: Log + ?Sized>(log: &L, limits: Limits) -> Result<bool, L::Failed> {
    Ok(limits.rows != usize::MAX && log.rows_after(Position(0), limits.rows)?.more)
}

/// The sum of every page in a reader's scope, of one moment of the log.
///
/// # Errors
/// When the log cannot be read.
pub fn sums<L: Log + ?Sized>(
    log: &L,
    incarnation: Incarnation,
    scope: &Scope,
) -> Result<SumsAnswer, L::Failed> {
    let at = at(incarnation, log.head()?);
    let (scope, sums) = match scope {
        Scope::Everything => (None, log.sums()?),
        Scope::Trip(trip) => {
            let seen = seen(log, trip)?;
            (Some(seen.hash), seen.sums())
        }
    };
    Ok(SumsAnswer {
        at: Cursor { scope, ..at },
        pages: sums.list().collect(),
    })
}

/// Counts the view's sums anew where the log is older than them, or was written by a program that is.
pub(super) fn keep_sums<L: Log>(log: &L) -> Result<(), L::Failed> {
    if log.sums()? == recounted(log)? {
        return Ok(());
    }
    // Another node may have written between the two; only now nobody can.
    log.begin()?;
    log.put_sums(&recounted(log)?)?;
    log.commit()
}

/// The sums the log's rows amount to.
fn recounted<L: Log + ?Sized>(log: &L) -> Result<Sums, L::Failed> {
    let mut sums = Sums::default();
    for kind in EntityKind::ALL {
        for row in log.rows_of(*kind, &|_| true)? {
            sums.change(&row.key, None, row.bytes.as_deref());
        }
    }
    Ok(sums)
}

fn rows_in<L: Log + ?Sized>(log: &L, pages: &[PageName]) -> Result<Vec<Row>, L::Failed> {
    let mut rows = Vec::new();
    for kind in EntityKind::ALL {
        if pages.iter().any(|page| page.kind == *kind) {
            rows.extend(log.rows_of(*kind, &|key| pages.contains(&PageName::of(key)))?);
        }
    }
    Ok(rows)
}

fn at(incarnation: Incarnation, position: Position) -> Cursor {
    Cursor {
        incarnation,
        position,
        schema: VIEW_SCHEMA,
        scope: None,
    }
}
