//! What every log does, whichever database keeps it.

use domain::audit::merkle::Node;
use domain::event::{encode, event_hash};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, Hash, OrderId, PackageTag, Position};
use domain::ledger::{EntityKey, EntityKind, Insert as _, Ledger};
use domain::sync::message::{Outcome, QuarantineReason, Receipt};
use sync_server::log::{Aside, ChainHead, Log, NewEvent, Place};

use crate::home::{CHAIN, Home, append, chain, event, key, record};

const ORDER: OrderId = OrderId([9; 16]);

pub(crate) fn an_event_gets_its_place_its_receipt_and_moves_its_chain_on(home: &Home) {
    let log = home.open();
    assert_eq!(log.head().unwrap(), Position(0));
    assert_eq!(log.chain_head(CHAIN).unwrap(), ChainHead::default());
    assert_eq!(log.begin().unwrap(), Position(0));
    append(&*log, CHAIN, 0, "first");
    append(&*log, chain(2, 1), 0, "another's");
    append(&*log, CHAIN, 1, "second");
    assert_eq!(log.head().unwrap(), Position(3));
    log.commit().unwrap();
    assert_eq!(log.begin().unwrap(), Position(3));
    log.rollback();
    let hash = event_hash(b"second");
    assert_eq!(log.chain_head(CHAIN).unwrap(), ChainHead { next: 2, hash });
    let receipt = Receipt {
        seq: 1,
        position: Position(3),
        outcome: Outcome::AppliedWithExceptions(vec![7]),
        hash,
    };
    assert_eq!(log.receipt(CHAIN, 1).unwrap(), Some(receipt));
    assert_eq!(log.receipt(CHAIN, 2).unwrap(), None);
    let second = log.at(Position(3)).unwrap().unwrap();
    assert_eq!(second.event, event("second"));
    assert_eq!(second.recorded_at, 1_800_000_000_000);
    assert!(log.at(Position(4)).unwrap().is_none());
}

pub(crate) fn an_event_that_has_no_place_is_kept_once_however_often_it_comes(home: &Home) {
    let log = home.open();
    let stray = event("stray");
    let aside = |reason| Aside {
        chain: CHAIN,
        seq: 5,
        event: &stray,
        hash: event_hash(&stray.bytes),
        reason,
        recorded_at: 3,
    };
    log.begin().unwrap();
    assert!(log.keep_aside(&aside(QuarantineReason::Fork)).unwrap());
    assert!(!log.keep_aside(&aside(QuarantineReason::Fork)).unwrap());
    log.commit().unwrap();
    log.begin().unwrap();
    let again = log.keep_aside(&aside(QuarantineReason::BrokenChain));
    assert!(!again.unwrap());
    let other = Aside {
        hash: Hash([1; 32]),
        ..aside(QuarantineReason::Fork)
    };
    assert!(log.keep_aside(&other).unwrap());
    log.commit().unwrap();
    assert_eq!(log.aside().unwrap(), 2);
    assert_eq!(log.head().unwrap(), Position(0));
}

pub(crate) fn a_transaction_that_is_rolled_back_leaves_nothing(home: &Home) {
    let log = home.open();
    record(&*log, CHAIN, 0, "kept");
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 1, "undone");
    log.note_subjects(position, &[ORDER], &[]).unwrap();
    let actor = key(EntityKind::Actor, &encode(&ActorId(3)));
    log.put_entity(&actor, position, Some(b"x")).unwrap();
    log.set_meta("name", b"value").unwrap();
    log.put_api_token(Hash([4; 32]), "till", 0).unwrap();
    log.rollback();
    // Once more does no harm.
    log.rollback();
    assert_eq!(log.head().unwrap(), Position(1));
    assert_eq!(log.chain_head(CHAIN).unwrap().next, 1);
    assert_eq!(log.receipt(CHAIN, 1).unwrap(), None);
    assert!(log.events_about(ORDER, 10).unwrap().is_empty());
    assert!(log.rows_after(Position(0), 10).unwrap().rows.is_empty());
    assert_eq!(log.meta("name").unwrap(), None);
    assert_eq!(log.api_token(Hash([4; 32])).unwrap(), None);
    // The place is given to the next one.
    assert_eq!(record(&*log, CHAIN, 1, "next"), Position(2));
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

fn keep_all(log: &dyn Log, ledger: &mut Ledger) {
    log.begin().unwrap();
    let position = append(log, CHAIN, log.chain_head(CHAIN).unwrap().next, "a change");
    for key in ledger.take_touched() {
        let bytes = ledger.bytes(&key);
        log.put_entity(&key, position, bytes.as_deref()).unwrap();
    }
    log.commit().unwrap();
}

pub(crate) fn the_state_comes_back_as_it_was(home: &Home) {
    let log = home.open();
    let mut ledger = Ledger::default();
    for number in 1..=30_u32 {
        let actor = Actor {
            id: ActorId(number),
            name: format!("Person {number}, Zoë"),
            role: Role::Driver,
            active: true,
        };
        ledger.insert(ActorId(number), actor);
    }
    keep_all(&*log, &mut ledger);
    ledger.actor_mut(&ActorId(7)).unwrap().active = false;
    keep_all(&*log, &mut ledger);
    let gone = EntityKey {
        kind: EntityKind::Actor,
        id: encode(&ActorId(8)),
    };
    ledger.remove(&gone);
    log.begin().unwrap();
    let position = append(&*log, CHAIN, 2, "gone");
    log.bury_entity(&gone, position).unwrap();
    // A customer's card is a row of the view, not of the state.
    let card = key(EntityKind::Customer, &encode(&ORDER));
    log.put_entity(&card, position, Some(b"sealed")).unwrap();
    log.commit().unwrap();
    assert_eq!(log.load_ledger().unwrap(), ledger);
    assert_eq!(home.open_reader().load_ledger().unwrap(), ledger);
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

pub(crate) fn the_chain_a_device_wrote_to_last_is_found(home: &Home) {
    let log = home.open();
    let device = CHAIN.device;
    assert_eq!(log.last_chain(device, None).unwrap(), None);
    record(&*log, chain(1, 9), 0, "a");
    record(&*log, chain(1, 3), 0, "b");
    record(&*log, chain(2, 5), 0, "c");
    let last = log.last_chain(device, None).unwrap();
    assert_eq!(last, Some((chain(1, 3).epoch, 0, event_hash(b"b"))));
    record(&*log, chain(1, 9), 1, "d");
    let last = log.last_chain(device, None).unwrap();
    assert_eq!(last, Some((chain(1, 9).epoch, 1, event_hash(b"d"))));
    let save = Some(chain(1, 9).epoch);
    let before = log.last_chain(device, save).unwrap();
    assert_eq!(before, Some((chain(1, 3).epoch, 0, event_hash(b"b"))));
    let only = chain(2, 5);
    let save = Some(only.epoch);
    assert_eq!(log.last_chain(only.device, save).unwrap(), None);
}

pub(crate) fn the_tree_over_the_log_and_its_signed_heads_are_kept(home: &Home) {
    let log = home.open();
    let node = |level, index, mark| Node {
        level,
        index,
        hash: Hash([mark; 32]),
    };
    log.begin().unwrap();
    append(&*log, CHAIN, 0, "first");
    log.put_node(&node(0, 0, 1)).unwrap();
    append(&*log, CHAIN, 1, "second");
    log.put_node(&node(0, 1, 2)).unwrap();
    log.put_node(&node(1, 0, 3)).unwrap();
    assert_eq!(log.node(1, 0).unwrap(), Some(Hash([3; 32])));
    log.put_tree_head(1, "one").unwrap();
    log.put_tree_head(2, "two").unwrap();
    log.put_tree_head(2, "two, seen").unwrap();
    log.commit().unwrap();
    assert_eq!(log.node(0, 1).unwrap(), Some(Hash([2; 32])));
    assert_eq!(log.node(0, 2).unwrap(), None);
    let heads = log.tree_heads(3, 9).unwrap();
    let expected = [(2, "two, seen".to_owned()), (1, "one".to_owned())];
    assert_eq!(heads, expected);
    assert_eq!(log.tree_heads(2, 9).unwrap(), expected[1..]);
    assert_eq!(log.tree_heads(3, 1).unwrap(), expected[..1]);
    let logged = log.logged_after(Position(1), 9).unwrap();
    assert_eq!(logged.len(), 1);
    assert_eq!((logged[0].chain, logged[0].seq), (CHAIN, 1));
    assert_eq!(logged[0].recorded, log.at(Position(2)).unwrap().unwrap());
    assert_eq!(log.logged_after(Position(0), 1).unwrap().len(), 1);
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

pub(crate) fn numbers_only_a_liar_would_send_do_no_harm(home: &Home) {
    let log = home.open();
    assert_eq!(log.receipt(CHAIN, u64::MAX).unwrap(), None);
    assert!(
        log.stretch(CHAIN, 0, u64::MAX, usize::MAX)
            .unwrap()
            .is_empty()
    );
    assert!(
        log.rows_after(Position(u64::MAX), 10)
            .unwrap()
            .rows
            .is_empty()
    );
    let event = event("no envelope");
    log.begin().unwrap();
    log.append(&NewEvent {
        position: Position(1),
        chain: CHAIN,
        seq: 0,
        label: None,
        recorded_at: i64::MIN,
        event: &event,
        hash: event_hash(&event.bytes),
        outcome: &Outcome::Quarantined(QuarantineReason::Unreadable),
    })
    .unwrap();
    log.commit().unwrap();
    let kept = log.at(Position(1)).unwrap().unwrap();
    assert_eq!((kept.recorded_at, kept.event), (i64::MIN, event));
}
