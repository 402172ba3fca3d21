//! What every log of a server does beside the suite of all logs, whichever database keeps it.

use domain::event::encode;
use domain::id::{ActorId, Hash, OrderId, PackageTag, Position};
use domain::ledger::EntityKind;
use domain::sync::message::QuarantineReason;
use sync_server::log::{Aside, Place};

use crate::home::{CHAIN, Home, append, chain, event, key, record};

const ORDER: OrderId = OrderId([9; 16]);

pub(crate) fn what_never_travels_is_rolled_back_with_the_rest(home: &Home) {
    let log = home.open();
    record(&*log, CHAIN, 0, "kept");
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 1, "undone");
    log.note_subjects(position, &[ORDER], &[]).unwrap();
    log.set_meta("name", b"value").unwrap();
    log.put_api_token(Hash([4; 32]), "till", 0).unwrap();
    let stray = event("stray");
    let aside = Aside {
        chain: CHAIN,
        seq: 5,
        event: &stray,
        hash: stray.hash(),
        reason: QuarantineReason::Fork,
        recorded_at: 3,
    };
    log.keep_aside(&aside).unwrap();
    assert_eq!(log.aside().unwrap(), 1);
    log.rollback();
    assert_eq!(log.aside().unwrap(), 0);
    assert!(log.events_about(ORDER, 10).unwrap().is_empty());
    assert_eq!(log.meta("name").unwrap(), None);
    assert_eq!(log.api_token(Hash([4; 32])).unwrap(), None);
}

pub(crate) fn what_was_committed_is_there_when_the_log_is_opened_again(home: &Home) {
    let log = home.open();
    let position = record(&*log, CHAIN, 0, "kept");
    log.begin().unwrap();
    append(&*log, CHAIN, 1, "unfinished");
    // Nobody says farewell: the process was killed.
    drop(log);
    let log = home.open();
    assert_eq!(log.head().unwrap(), position);
    assert_eq!(log.begin().unwrap(), position);
    log.rollback();
    let kept = log.at(position).unwrap().unwrap();
    assert_eq!(kept.event, event("kept"));
    assert_eq!(home.open_reader().head().unwrap(), position);
}

pub(crate) fn two_writers_at_once_leave_no_gap_and_take_no_place_twice(home: &Home) {
    const EACH: u64 = 40;
    drop(home.open());
    let write = |device: u8| {
        let log = home.open();
        for seq in 0..EACH {
            record(&*log, chain(device, 1), seq, &format!("{device} {seq}"));
        }
    };
    std::thread::scope(|scope| {
        for device in 1..=3 {
            scope.spawn(move || write(device));
        }
    });
    let log = home.open();
    assert_eq!(log.head().unwrap(), Position(3 * EACH));
    let mut texts = Vec::new();
    for position in 1..=3 * EACH {
        let event = log.at(Position(position)).unwrap().unwrap();
        texts.push(event.event.bytes);
    }
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), usize::try_from(3 * EACH).unwrap());
    for device in 1..=3 {
        assert_eq!(log.chain_head(chain(device, 1)).unwrap().next, EACH);
    }
}

pub(crate) fn a_reader_sees_one_moment_until_it_looks_again(home: &Home) {
    let log = home.open();
    record(&*log, CHAIN, 0, "before");
    let reader = home.open_reader();
    reader.begin_reading().unwrap();
    assert_eq!(reader.head().unwrap(), Position(1));
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 1, "meanwhile");
    let actor = key(EntityKind::Actor, &encode(&ActorId(3)));
    log.put_entity(&actor, position, Some(b"x")).unwrap();
    log.commit().unwrap();
    assert_eq!(reader.head().unwrap(), Position(1));
    assert!(reader.rows_after(Position(0), 10).unwrap().rows.is_empty());
    assert_eq!(reader.chain_head(CHAIN).unwrap().next, 1);
    reader.rollback();
    reader.begin_reading().unwrap();
    assert_eq!(reader.head().unwrap(), Position(2));
    assert_eq!(reader.rows_after(Position(0), 10).unwrap().rows.len(), 1);
    reader.rollback();
}

pub(crate) fn the_events_about_an_order_are_found_with_what_lies_between(home: &Home) {
    let log = home.open();
    let tags = [PackageTag::parse("1A4FF0300000C57000000101").unwrap()];
    log.begin().unwrap();
    for seq in 0..5 {
        let position = append(&*log, CHAIN, seq, &format!("event {seq}"));
        if seq % 2 == 1 {
            // The same subject twice is one.
            let orders = [ORDER, ORDER];
            log.note_subjects(position, &orders, &tags).unwrap();
        }
    }
    log.commit().unwrap();
    let place = |seq: u64| Place {
        position: Position(seq + 1),
        chain: CHAIN,
        seq,
    };
    assert_eq!(log.events_about(ORDER, 9).unwrap(), [place(1), place(3)]);
    assert_eq!(log.events_about(ORDER, 1).unwrap(), [place(1)]);
    let between = log.stretch(CHAIN, 1, 3, 9).unwrap();
    let texts: Vec<_> = between.iter().map(|event| &event.event.bytes[..]).collect();
    assert_eq!(texts, [&b"event 1"[..], b"event 2", b"event 3"]);
    assert_eq!(log.stretch(CHAIN, 1, 3, 2).unwrap(), between[..2]);
    assert!(log.stretch(chain(1, 9), 0, 9, 9).unwrap().is_empty());
}

pub(crate) fn the_signed_heads_of_the_tree_are_kept(home: &Home) {
    let log = home.open();
    log.begin().unwrap();
    append(&*log, CHAIN, 0, "first");
    append(&*log, CHAIN, 1, "second");
    log.put_tree_head(1, "one").unwrap();
    log.put_tree_head(2, "two").unwrap();
    log.put_tree_head(2, "two, seen").unwrap();
    log.commit().unwrap();
    let heads = log.tree_heads(3, 9).unwrap();
    let expected = [(2, "two, seen".to_owned()), (1, "one".to_owned())];
    assert_eq!(heads, expected);
    assert_eq!(log.tree_heads(2, 9).unwrap(), expected[1..]);
    assert_eq!(log.tree_heads(3, 1).unwrap(), expected[..1]);
    // Two ways to read an event say the same.
    let logged = log.logged_after(Position(1), 9).unwrap();
    assert_eq!(logged[0].recorded, log.at(Position(2)).unwrap().unwrap());
    assert!(log.at(Position(3)).unwrap().is_none());
}

pub(crate) fn of_signed_heads_the_newest_thousand_are_kept(home: &Home) {
    let log = home.open();
    log.begin().unwrap();
    for size in 1..=1_010 {
        log.put_tree_head(size, "a signed head").unwrap();
    }
    log.commit().unwrap();
    let kept = log.tree_heads(u64::MAX, 2_000).unwrap();
    let ends = (kept[0].0, kept.last().unwrap().0);
    assert_eq!((kept.len(), ends), (1_001, (1_010, 10)));
}
