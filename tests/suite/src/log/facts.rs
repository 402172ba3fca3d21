//! Events, chains, the tree, the state.

use core::fmt::Debug;

use domain::audit::merkle::Node;
use domain::event::{encode, event_hash};
use domain::facility::{Actor, Role};
use domain::id::{ActorId, Hash, OrderId, Position};
use domain::ledger::{EntityKey, EntityKind, Insert as _, Ledger};
use domain::sync::message::{Outcome, QuarantineReason, Receipt};
use domain::sync::server::log::{Aside, ChainHead, Log, NewEvent};

use super::{Bench, CHAIN, append, chain, event, key, record};

const ORDER: OrderId = OrderId([9; 16]);

pub fn an_event_gets_its_place_its_receipt_and_moves_its_chain_on<B: Bench>(bench: &B) {
    let log = bench.open();
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
    let logged = log.logged_after(Position(1), 9).unwrap();
    assert_eq!(logged.len(), 2);
    assert_eq!((logged[1].chain, logged[1].seq), (CHAIN, 1));
    let second = &logged[1].recorded;
    assert_eq!(
        (&second.event, second.position),
        (&event("second"), Position(3))
    );
    assert_eq!(second.recorded_at, 1_800_000_000_000);
    assert_eq!(log.logged_after(Position(0), 1).unwrap().len(), 1);
    assert!(log.logged_after(Position(3), 9).unwrap().is_empty());
}

pub fn an_event_that_has_no_place_is_kept_once_however_often_it_comes<B: Bench>(bench: &B) {
    let log = bench.open();
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
    assert_eq!(log.head().unwrap(), Position(0));
}

fn keep_all<L: Log<Failed: Debug> + ?Sized>(log: &L, ledger: &mut Ledger) {
    log.begin().unwrap();
    let position = append(log, CHAIN, log.chain_head(CHAIN).unwrap().next, "a change");
    for key in ledger.take_touched() {
        let bytes = ledger.bytes(&key);
        log.put_entity(&key, position, bytes.as_deref()).unwrap();
    }
    log.commit().unwrap();
}

pub fn the_state_comes_back_as_it_was<B: Bench>(bench: &B) {
    let log = bench.open();
    let mut ledger = Ledger::default();
    for number in 1..=30_u32 {
        let actor = Actor {
            id: ActorId(number),
            name: format!("Person {number}, Zoë"),
            role: Role::Driver,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
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
    assert_eq!(bench.open_reader().load_ledger().unwrap(), ledger);
}

pub fn the_chain_a_device_wrote_to_last_is_found<B: Bench>(bench: &B) {
    let log = bench.open();
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

pub fn the_tree_over_the_log_is_kept<B: Bench>(bench: &B) {
    let log = bench.open();
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
    log.commit().unwrap();
    let reader = bench.open_reader();
    assert_eq!(reader.node(0, 1).unwrap(), Some(Hash([2; 32])));
    assert_eq!(reader.node(0, 2).unwrap(), None);
    assert_eq!(reader.node(2, 0).unwrap(), None);
}

pub fn what_was_permitted_is_kept_for_each_person_on_each_device<B: Bench>(bench: &B) {
    let log = bench.open();
    let ana = (CHAIN.device, ActorId(1));
    let ben = (CHAIN.device, ActorId(2));
    let elsewhere = (chain(2, 1).device, ActorId(1));
    log.begin().unwrap();
    assert_eq!(log.permitted(ana).unwrap(), None);
    log.put_permitted(ana, b"once").unwrap();
    log.put_permitted(ben, b"ben").unwrap();
    log.put_permitted(ana, b"again").unwrap();
    assert_eq!(log.permitted(ana).unwrap(), Some(b"again".to_vec()));
    log.commit().unwrap();
    let read = |whom| bench.open_reader().permitted(whom).unwrap();
    assert_eq!(read(ana), Some(b"again".to_vec()));
    assert_eq!((read(ben), read(elsewhere)), (Some(b"ben".to_vec()), None));
    log.begin().unwrap();
    log.put_permitted(ana, b"lost").unwrap();
    log.rollback();
    assert_eq!(read(ana), Some(b"again".to_vec()));
}

pub fn numbers_only_a_liar_would_send_do_no_harm<B: Bench>(bench: &B) {
    let log = bench.open();
    assert_eq!(log.receipt(CHAIN, u64::MAX).unwrap(), None);
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
    let kept = log.logged_after(Position(0), 9).unwrap().remove(0).recorded;
    assert_eq!((kept.recorded_at, kept.event), (i64::MIN, event));
    assert!(log.logged_after(Position(u64::MAX), 9).unwrap().is_empty());
}
