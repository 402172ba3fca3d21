//! Transactions that fail.

use domain::audit::merkle::Node;
use domain::event::encode;
use domain::id::{ActorId, OrderId, Position};
use domain::ledger::EntityKind;
use domain::sync::message::QuarantineReason;
use domain::sync::server::log::{Aside, ChainHead, Log};

use super::{Bench, CHAIN, Mishap, NO_ROOM, append, chain, event, key, record, try_append};

const ORDER: OrderId = OrderId([9; 16]);

/// One of everything a transaction can write.
fn write_one_of_each<L: Log<Failed: core::fmt::Debug> + ?Sized>(log: &L, seq: u64) {
    let stray = event("stray");
    let aside = Aside {
        chain: chain(5, 5),
        seq: 5,
        event: &stray,
        hash: stray.hash(),
        reason: QuarantineReason::Fork,
        recorded_at: 3,
    };
    assert!(log.keep_aside(&aside).unwrap(), "it is new");
    let position = append(log, CHAIN, seq, &format!("one of each {seq}"));
    log.note_subjects(position, &[ORDER], &[]).unwrap();
    let actor = key(EntityKind::Actor, &encode(&ActorId(3)));
    log.put_entity(&actor, position, Some(b"x")).unwrap();
    let node = Node {
        level: 0,
        index: position.0 - 1,
        hash: stray.hash(),
    };
    log.put_node(&node).unwrap();
}

/// Nobody sees anything but the first event, and its successor gets the second place.
fn only_the_first_is_there<B: Bench>(bench: &B, log: &B::Log) {
    let reader = bench.open_reader();
    for log in [log, &*reader] {
        assert_eq!(log.head().unwrap(), Position(1));
        assert_eq!(log.chain_head(CHAIN).unwrap().next, 1);
        assert_eq!(log.receipt(CHAIN, 1).unwrap(), None);
        assert!(log.rows_after(Position(0), 9).unwrap().rows.is_empty());
        assert!(log.logged_after(Position(1), 9).unwrap().is_empty());
        assert_eq!(log.node(0, 1).unwrap(), None);
    }
}

pub fn a_transaction_that_is_rolled_back_leaves_nothing<B: Bench>(bench: &B) {
    let log = bench.open();
    record(&*log, CHAIN, 0, "kept");
    for _ in 0..2 {
        log.begin().unwrap();
        write_one_of_each(&*log, 1);
        log.rollback();
        // Once more does no harm.
        log.rollback();
        only_the_first_is_there(bench, &*log);
    }
    assert_eq!(record(&*log, CHAIN, 1, "next"), Position(2));
}

pub fn a_place_that_is_taken_is_not_given_again<B: Bench>(bench: &B) {
    let log = bench.open();
    record(&*log, CHAIN, 0, "kept");
    log.begin().unwrap();
    // The number in the chain is taken. Some logs say so when they write, some at the end.
    let again = try_append(&*log, CHAIN, 0, "another");
    let ended = again.and_then(|_| log.commit());
    assert!(ended.is_err());
    log.rollback();
    only_the_first_is_there(bench, &*log);
    let kept = log.logged_after(Position(0), 9).unwrap();
    assert_eq!(kept[0].recorded.event, event("kept"));
    assert_eq!(record(&*log, CHAIN, 1, "next"), Position(2));
}

pub fn a_write_that_fails_in_the_middle_leaves_nothing_of_what_came_before_it<B: Bench>(bench: &B) {
    let log = bench.open();
    record(&*log, CHAIN, 0, "kept");
    for _ in 0..2 {
        bench.break_it(Mishap::NoRoom);
        log.begin().unwrap();
        write_one_of_each(&*log, 1);
        // Whatever has been put off is written now.
        assert_eq!(log.chain_head(CHAIN).unwrap().next, 2);
        assert!(log.receipt(CHAIN, 1).unwrap().is_some());
        let failed = try_append(&*log, CHAIN, 2, NO_ROOM).and_then(|_| log.commit());
        assert!(failed.is_err());
        log.rollback();
        bench.mend(Mishap::NoRoom);
        only_the_first_is_there(bench, &*log);
    }
    assert_eq!(record(&*log, CHAIN, 1, "next"), Position(2));
}

pub fn a_commit_that_fails_leaves_nothing_and_the_next_one_lasts<B: Bench>(bench: &B) {
    let log = bench.open();
    record(&*log, CHAIN, 0, "kept");
    for _ in 0..2 {
        bench.break_it(Mishap::CommitFails);
        log.begin().unwrap();
        write_one_of_each(&*log, 1);
        assert!(log.commit().is_err());
        log.rollback();
        bench.mend(Mishap::CommitFails);
        only_the_first_is_there(bench, &*log);
    }
    let hash = event("next").hash();
    assert_eq!(record(&*log, CHAIN, 1, "next"), Position(2));
    let head = ChainHead { next: 2, hash };
    assert_eq!(bench.open_reader().chain_head(CHAIN).unwrap(), head);
}

pub fn a_commit_that_is_lost_leaves_all_or_nothing<B: Bench>(bench: &B) {
    let log = bench.open();
    record(&*log, CHAIN, 0, "kept");
    let mut next = 1;
    for _ in 0..3 {
        bench.break_it(Mishap::LostInCommit);
        log.begin().unwrap();
        append(&*log, CHAIN, next, &format!("first of {next}"));
        append(&*log, CHAIN, next + 1, &format!("second of {next}"));
        assert!(log.commit().is_err(), "nobody knows whether it lasts");
        log.rollback();
        bench.mend(Mishap::LostInCommit);
        // Whoever looks sees both or none, and everybody the same.
        let head = log.head().unwrap();
        assert!([next, next + 2].contains(&head.0), "{head:?} after {next}");
        assert_eq!(bench.open_reader().head().unwrap(), head);
        assert_eq!(log.chain_head(CHAIN).unwrap().next, head.0);
        let is_there = log.receipt(CHAIN, next).unwrap().is_some();
        assert_eq!(is_there, head.0 > next);
        next = head.0;
        assert_eq!(record(&*log, CHAIN, next, "after"), head.next());
        next += 1;
    }
}
