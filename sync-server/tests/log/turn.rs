//! What is read in the turn in which it was written.

use domain::event::{encode, event_hash};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, OrderId, Position};
use domain::ledger::EntityKind;
use domain::sync::message::Row;
use sync_server::log::ChainHead;

use crate::home::{CHAIN, Home, append, chain, event, key, record};

const ORDER: OrderId = OrderId([9; 16]);

pub(crate) fn what_was_written_in_a_turn_is_read_in_it(home: &Home) {
    let log = home.open();
    record(&*log, CHAIN, 0, "before");
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 1, "now");
    log.note_subjects(position, &[ORDER], &[]).unwrap();
    let hash = event_hash(b"now");
    assert_eq!(log.chain_head(CHAIN).unwrap(), ChainHead { next: 2, hash });
    assert_eq!(log.receipt(CHAIN, 1).unwrap().unwrap().position, position);
    assert_eq!(
        log.receipt(CHAIN, 0).unwrap().unwrap().position,
        Position(1)
    );
    assert_eq!(log.chain_head(chain(2, 2)).unwrap(), ChainHead::default());
    let other = append(&*log, chain(1, 2), 0, "another chain");
    let last = log.last_chain(CHAIN.device, None).unwrap().unwrap();
    assert_eq!(last, (chain(1, 2).epoch, 0, event_hash(b"another chain")));
    append(&*log, CHAIN, 2, "and now");
    assert_eq!(
        log.at(Position(4)).unwrap().unwrap().event,
        event("and now")
    );
    assert_eq!(log.stretch(CHAIN, 0, 9, 9).unwrap().len(), 3);
    assert_eq!(log.events_about(ORDER, 9).unwrap().len(), 1);
    let ana = Actor {
        id: ActorId(1),
        name: "Ana R.".to_owned(),
        role: Role::Associate,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    let row = key(EntityKind::Actor, &encode(&ActorId(1)));
    log.put_entity(&row, other, Some(&encode(&ana))).unwrap();
    assert_eq!(log.load_ledger().unwrap().actors[&ActorId(1)], ana);
    log.bury_entity(&row, Position(4)).unwrap();
    assert!(log.load_ledger().unwrap().actors.is_empty());
    log.put_entity(&row, Position(4), Some(b"x")).unwrap();
    let page = log.rows_after(Position(1), 9).unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_eq!(log.head().unwrap(), Position(4));
    log.rollback();
    assert_eq!(log.head().unwrap(), Position(1));
    assert_eq!(log.chain_head(CHAIN).unwrap().next, 1);
    assert_eq!(record(&*log, CHAIN, 1, "after"), Position(2));
}

pub(crate) fn an_entity_that_changes_often_in_a_turn_is_kept_as_it_was_last(home: &Home) {
    let log = home.open();
    let (kept, gone, twice) = (b"kept", b"gone", b"twic");
    let named = |id: &[u8]| key(EntityKind::Item, id);
    log.begin().unwrap();
    for seq in 0..4 {
        let position = append(&*log, CHAIN, seq, &format!("change {seq}"));
        for id in [kept, gone, twice] {
            let bytes = seq.to_be_bytes();
            log.put_entity(&named(id), position, Some(&bytes)).unwrap();
        }
    }
    let position = append(&*log, CHAIN, 4, "the end of one");
    log.bury_entity(&named(gone), position).unwrap();
    log.put_entity(&named(twice), position, None).unwrap();
    let later = append(&*log, CHAIN, 5, "buried again");
    log.bury_entity(&named(gone), later).unwrap();
    log.bury_entity(&named(twice), later).unwrap();
    log.commit().unwrap();
    let row = |id: &[u8], changed, bytes: Option<u64>| Row {
        key: named(id),
        changed: Position(changed),
        bytes: bytes.map(|number| number.to_be_bytes().to_vec()),
    };
    record(&*log, chain(2, 2), 0, "before a reader began");
    let page = log.rows_after(Position(1), 9).unwrap();
    let expected = [
        row(kept, 4, Some(3)),
        row(gone, 5, None),
        row(twice, 5, None),
    ];
    assert_eq!(page.rows, expected);
}

pub(crate) fn a_turn_with_thousands_of_rows_lasts_whole(home: &Home) {
    const EVENTS: u64 = 3_500;
    let log = home.open();
    log.begin().unwrap();
    for seq in 0..EVENTS {
        let position = append(&*log, CHAIN, seq, &format!("event {seq}"));
        log.note_subjects(position, &[ORDER], &[]).unwrap();
        let row = key(EntityKind::Item, &seq.to_be_bytes());
        log.put_entity(&row, position, Some(b"x")).unwrap();
    }
    log.commit().unwrap();
    drop(log);
    let log = home.open();
    assert_eq!(log.head().unwrap(), Position(EVENTS));
    let all = usize::try_from(EVENTS).unwrap();
    assert_eq!(log.events_about(ORDER, all + 1).unwrap().len(), all);
    let page = log.rows_after(Position(0), all).unwrap();
    assert_eq!((page.rows.len(), page.more), (all, false));
    let last = log.at(Position(EVENTS)).unwrap().unwrap();
    assert_eq!(last.event, event(&format!("event {}", EVENTS - 1)));
}
