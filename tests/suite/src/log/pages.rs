//! Rows of the view, page by page.

use core::fmt::Debug;

use domain::id::Position;
use domain::ledger::EntityKind;
use domain::sync::message::Row;
use domain::sync::server::log::Log;

use super::{Bench, CHAIN, append, key};

/// Rows per change: small ones, large ones, one larger than any page.
const CHANGES: [u8; 9] = [1, 3, 1, 1, 12, 2, 5, 1, 4];

/// Writes each change as a transaction of its own, with rows that are named nowhere else.
fn fill<L: Log<Failed: Debug> + ?Sized>(log: &L) {
    for (number, rows) in (0_u8..).zip(CHANGES) {
        log.begin().unwrap();
        let position = append(log, CHAIN, u64::from(number), "a change");
        // The larger identifier first: pages are in order all the same.
        for row in (0..rows).rev() {
            let key = key(EntityKind::Item, &[number, row]);
            log.put_entity(&key, position, Some(&[row])).unwrap();
        }
        log.commit().unwrap();
    }
}

/// Everything behind a place, in as many pages as the log likes.
fn all<L: Log<Failed: Debug> + ?Sized>(log: &L, mut after: Position) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let page = log.rows_after(after, 1_000).unwrap();
        rows.extend(page.rows);
        if !page.more {
            return rows;
        }
        after = rows.last().unwrap().changed;
    }
}

pub fn a_page_never_splits_a_change_and_never_skips_one<B: Bench>(bench: &B) {
    let log = bench.open();
    fill(&*log);
    let whole = all(&*log, Position(0));
    let rows: usize = CHANGES.iter().map(|rows| usize::from(*rows)).sum();
    assert_eq!(whole.len(), rows);
    assert!(whole.is_sorted_by_key(|row| (row.changed, row.key.clone())));
    for limit in 1..=whole.len() + 1 {
        let mut read: Vec<Row> = Vec::new();
        loop {
            let after = read.last().map_or(Position(0), |row| row.changed);
            let page = log.rows_after(after, limit).unwrap();
            let changes = page
                .rows
                .chunk_by(|one, other| one.changed == other.changed);
            let is_one = changes.count() == 1;
            assert!(page.rows.len() <= limit || is_one, "limit {limit}");
            read.extend(page.rows);
            assert_eq!(page.more, read.len() < whole.len(), "limit {limit}");
            if !page.more {
                break;
            }
        }
        assert_eq!(read, whole, "limit {limit}");
    }
}

pub fn what_is_gone_is_told_only_to_those_who_may_have_seen_it<B: Bench>(bench: &B) {
    let log = bench.open();
    fill(&*log);
    let buried = key(EntityKind::Item, &[1, 1]);
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 9, "gone");
    log.bury_entity(&buried, position).unwrap();
    // What never was is not there afterwards either.
    log.bury_entity(&key(EntityKind::Item, b"never"), position)
        .unwrap();
    log.commit().unwrap();
    let tomb = Row {
        key: buried.clone(),
        changed: position,
        bytes: None,
    };
    let since = all(&*log, Position(1));
    assert_eq!(since.last(), Some(&tomb));
    assert_eq!(since.iter().filter(|row| row.key == buried).count(), 1);
    let first = log.rows_after(Position(0), 100).unwrap().rows;
    assert!(first.iter().all(|row| row.bytes.is_some()));
    // Buried again it keeps the place of its death; readers need not hear of it twice.
    log.begin().unwrap();
    let later = append(&*log, CHAIN, 10, "again");
    log.bury_entity(&buried, later).unwrap();
    log.commit().unwrap();
    assert!(all(&*log, position).is_empty());
    // And what comes back is told to everybody.
    log.begin().unwrap();
    let back = append(&*log, CHAIN, 11, "back");
    log.put_entity(&buried, back, Some(b"again")).unwrap();
    log.commit().unwrap();
    assert_eq!(all(&*log, position).len(), 1);
}
