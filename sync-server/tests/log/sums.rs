//! Sums over the pages of the view.

use domain::id::Position;
use domain::ledger::{EntityKey, EntityKind};
use domain::sync::page::{PageName, Sums};
use sync_server::log::Log;

use crate::home::{CHAIN, Home, append, key};

const KINDS: [EntityKind; 3] = [EntityKind::Item, EntityKind::Order, EntityKind::Customer];

/// The sums counted from the rows themselves.
fn counted(log: &dyn Log) -> Sums {
    let mut sums = Sums::default();
    for kind in EntityKind::ALL {
        for row in log.rows_of(*kind, &|_| true).unwrap() {
            sums.change(&row.key, None, row.bytes.as_deref());
        }
    }
    sums
}

fn begin(log: &dyn Log, seq: u64) -> Position {
    log.begin().unwrap();
    append(log, CHAIN, seq, "a change")
}

fn row(number: u8) -> EntityKey {
    key(KINDS[usize::from(number) % KINDS.len()], &[number])
}

pub(crate) fn the_sums_follow_every_change_and_none_that_was_rolled_back(home: &Home) {
    let log = home.open();
    let first = begin(&*log, 0);
    for number in 0..90 {
        log.put_entity(&row(number), first, Some(&[number]))
            .unwrap();
    }
    // In the midst of a turn, and twice in one.
    assert_eq!(log.sums().unwrap(), counted(&*log));
    log.put_entity(&row(3), first, Some(b"twice")).unwrap();
    log.commit().unwrap();
    let all = log.sums().unwrap();
    assert_eq!(all, counted(&*log));
    assert!(all.list().all(|sum| sum.page.kind != EntityKind::Customer));
    assert!(all.list().count() > 20);

    let second = begin(&*log, 1);
    log.bury_entity(&row(3), second).unwrap();
    log.bury_entity(&row(3), second).unwrap();
    log.put_entity(&row(4), second, None).unwrap();
    log.put_entity(&row(6), second, Some(b"other")).unwrap();
    log.put_entity(&row(6), second, Some(b"another")).unwrap();
    log.bury_entity(&key(EntityKind::Item, b"never"), second)
        .unwrap();
    log.commit().unwrap();
    let fewer = log.sums().unwrap();
    assert_eq!(fewer, counted(&*log));
    let mut changed = [3, 4, 6].map(|number| PageName::of(&row(number)));
    changed.sort_unstable();
    assert_eq!(all.differing(&fewer), changed);

    let third = begin(&*log, 2);
    log.put_entity(&row(7), third, Some(b"undone")).unwrap();
    assert_ne!(log.sums().unwrap(), fewer);
    log.rollback();
    assert_eq!(log.sums().unwrap(), fewer);
    assert_eq!(home.open().sums().unwrap(), fewer);
}

pub(crate) fn sums_can_be_put_in_the_place_of_others(home: &Home) {
    let log = home.open();
    let first = begin(&*log, 0);
    log.put_entity(&row(0), first, Some(b"x")).unwrap();
    log.put_entity(&row(1), first, Some(b"x")).unwrap();
    let right = log.sums().unwrap();
    let mut others = Sums::default();
    others.change(&row(1), None, Some(b"y"));
    log.put_sums(&others).unwrap();
    assert_eq!(log.sums().unwrap(), others);
    log.put_sums(&right).unwrap();
    log.commit().unwrap();
    assert_eq!(log.sums().unwrap(), right);
}

pub(crate) fn the_rows_of_some_pages_are_found_without_what_is_gone(home: &Home) {
    let log = home.open();
    let first = begin(&*log, 0);
    for number in 0..30 {
        log.put_entity(&row(number), first, Some(&[number]))
            .unwrap();
    }
    log.bury_entity(&row(3), first).unwrap();
    log.commit().unwrap();
    let is_small = |key: &EntityKey| key.id[0] < 9;
    let rows = log.rows_of(EntityKind::Item, &is_small).unwrap();
    let numbers: Vec<u8> = rows.iter().map(|row| row.key.id[0]).collect();
    assert_eq!(numbers, [0, 6]);
    assert!(rows.iter().all(|row| row.changed == first));
}
